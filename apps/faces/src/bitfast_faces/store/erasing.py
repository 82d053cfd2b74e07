"""Erasing: rows are taken out, their bytes are looked for in the database afterwards, and a receipt is given."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bitfast_faces.store import audit
from bitfast_faces.store.base import AuditEntry, Deletion
from bitfast_faces.store.cabinet import Cabinet, Removed
from bitfast_faces.store.ledger import Database, Ledger, Scrub
from bitfast_faces.store.vault import digest


@dataclass(frozen=True)
class Taking:
    """What is to go of a person: these rows of these tables, or with None all there is, and why."""

    person: int
    action: str
    reason: str
    rows: Mapping[str, Sequence[int]] | None = None


class Eraser:
    """Takes out rows and sees to it that nothing of them is left; one cut off in between is finished later."""

    def __init__(self, database: Database, ledger: Ledger, cabinet: Cabinet) -> None:
        self._database, self._ledger, self._cabinet = database, ledger, cabinet

    def erase(
        self, asked: Iterable[Callable[[], Taking | None]], by: str, forget: Callable[[Sequence[int]], None]
    ) -> list[Deletion]:
        """Each is asked, and done, in a transaction of its own; then all are verified together.

        `forget` is told who is gone before that, which may take long or fail.
        """
        cells: list[bytes] = []
        done: list[tuple[Taking, AuditEntry, Removed]] = []
        for one in asked:
            with self._ledger.writing():
                taking = one()
                if taking is None:
                    continue
                removed = self._take(taking)
                detail = {"person": taking.person, **removed.counts, "reason": taking.reason, "by": by}
                entry = self._ledger.log(taking.action, {**detail, "ciphertexts": digest(removed.cells)})
                self._ledger.mark_unverified(self._ledger.unverified() | {entry.id})
                done.append((taking, entry, removed))
            cells += removed.cells
        if not done:
            return []
        forget([taking.person for taking, _, _ in done if taking.rows is None])
        scrub = self._database.scrub(cells)
        with self._ledger.writing():
            receipts = [self._receipt(*one, scrub) for one in done]
            self._ledger.mark_unverified(self._ledger.unverified() - {entry.id for _, entry, _ in done})
        return receipts

    def finish(self) -> None:
        """Makes unreadable what processes deleted that ended before they could verify it."""
        if not (begun := self._ledger.unverified()):
            return
        self._database.compact()
        with self._ledger.writing():
            self._ledger.mark_unverified(self._ledger.unverified() - begun)
            self._ledger.log("compacted", {"entries": sorted(begun)})

    def _take(self, taking: Taking) -> Removed:
        if taking.rows is None or "templates" in taking.rows:  # every process reads anew which templates there are
            self._ledger.set("deletions", self._ledger.number("deletions") + 1)
        if taking.rows is not None:
            return self._cabinet.remove_rows(taking.person, taking.rows)
        return self._cabinet.remove(taking.person)

    def _receipt(self, taking: Taking, entry: AuditEntry, removed: Removed, scrub: Scrub) -> Deletion:
        text = audit.canonical([entry.digest, scrub.verified, scrub.bytes_read])
        receipt = hashlib.sha256(text.encode()).hexdigest()
        detail = {"entry": entry.id, "verified": scrub.verified, "bytes_read": scrub.bytes_read, "receipt": receipt}
        told = self._ledger.log("deletion-verified", detail)
        counts = removed.counts["templates"], removed.counts["corrections"]
        return Deletion(taking.person, *counts, taking.reason, scrub.verified, scrub.bytes_read, receipt, told.id)
