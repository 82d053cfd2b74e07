"""What a store does, over any transactional database: people who agreed, their templates, searches and deletions."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from bitfast_faces import matching
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import THRESHOLD
from bitfast_faces.store import audit
from bitfast_faces.store.answers import Allowed, answers, once_each, one_face, some_faces
from bitfast_faces.store.base import AuditEntry, Consent, Deletion, Match, Person
from bitfast_faces.store.cabinet import Cabinet, Removed
from bitfast_faces.store.index import Candidate, Index, candidates, rejected
from bitfast_faces.store.ledger import Database, Ledger, Scrub
from bitfast_faces.store.vault import Key, digest
from bitfast_faces.types import Templates


def today_utc() -> date:
    return datetime.now(UTC).date()


class Books:
    """A store (base.Store) in a database. Threads may share it; each call is one transaction.

    `space` is the engine's; where it is given, a store of templates of another space is refused at once.
    """

    def __init__(
        self, database: Database, key: Key, *, space: str | None = None, today: Callable[[], date] = today_utc
    ) -> None:
        self._database = database
        self._lock = threading.RLock()
        self._today = today
        self._ledger = Ledger(database, key)
        self._cabinet = Cabinet(database, self._ledger)
        self._ledger.require_space(space)
        self._index = Index.empty()
        self._deletions = 0
        if self._ledger.number("unverified"):  # a process ended between a deletion and its verification
            self._finish_deletion()

    def close(self) -> None:
        with self._lock:
            self._index = Index.empty()
            self._database.close()

    # People

    def enrol(self, name: str, templates: Templates, consent: Consent, *, space: str, source: str) -> int:
        rows = some_faces(templates, "Enrolling a person.")
        consent.check(self._today())
        if not name.strip():
            raise FacesError("Enrolling a person.", "The name is empty.", "Name the person.")
        with self._lock, self._ledger.writing():
            if self._ledger.value("space") != space:
                if self._database.rows("SELECT 1 FROM templates LIMIT 1"):
                    self._ledger.require_space(space)
                self._ledger.set("space", space)
            person = self._cabinet.put_person(name.strip())
            self._cabinet.put_consent(person, consent)
            self._placed(self._cabinet.put_templates(person, rows, source), rows)
            detail = {"person": person, "templates": len(rows), "purpose": consent.purpose, "space": space}
            self._ledger.log("enrol", {**detail, "expires": consent.expires.isoformat(), "minor": consent.minor})
        return person

    def add(self, person: int, templates: Templates, *, source: str, space: str | None = None) -> None:
        rows = some_faces(templates, f"Adding pictures of person {person}.")
        with self._lock, self._ledger.writing():
            self._ledger.require_space(space)
            if self._cabinet.person(person).expires < self._today():
                raise FacesError(
                    f"Adding pictures of person {person}.", "The person's consent has ended.", "Ask for a new consent."
                )
            self._placed(self._cabinet.put_templates(person, rows, source), rows)
            self._ledger.log("add", {"person": person, "templates": len(rows)})

    def consent(self, person: int, consent: Consent) -> None:
        consent.check(self._today())
        with self._lock, self._ledger.writing():
            self._cabinet.put_consent(person, consent)
            detail = {"person": person, "purpose": consent.purpose, "expires": consent.expires.isoformat()}
            self._ledger.log("consent", detail)

    def people(self) -> list[Person]:
        with self._lock:
            self._ledger.require_key()
            return self._cabinet.people(self._cabinet.numbers())

    def person(self, id: int) -> Person:
        with self._lock:
            self._ledger.require_key()
            return self._cabinet.person(id)

    # Decisions

    def search(
        self,
        templates: Templates,
        *,
        purpose: str,
        limit: int = 5,
        threshold: int = THRESHOLD,
        space: str | None = None,
    ) -> list[list[Match]]:
        queries = matching.checked(templates)
        with self._deciding(queries, purpose, threshold, space) as every:
            found = [row[:limit] for row in every]
            self._log_answers("search", purpose, threshold, found)
        return found

    def recognise(
        self, templates: Templates, *, purpose: str, threshold: int = THRESHOLD, space: str | None = None
    ) -> list[Match | None]:
        queries = matching.checked(templates)
        with self._deciding(queries, purpose, threshold, space) as every:
            chosen = once_each(every, threshold)
            self._log_answers("recognise", purpose, threshold, [[one] if one else [] for one in chosen])
        return chosen

    def verify(
        self,
        template: NDArray[np.int16],
        person: int,
        *,
        purpose: str,
        threshold: int = THRESHOLD,
        space: str | None = None,
    ) -> Match:
        query = one_face(template)
        with self._lock, self._ledger.writing():
            self._ledger.require_space(space)
            known = self._cabinet.person(person)
            if not any(consent.covers(purpose, self._today()) for consent in known.consents):
                raise FacesError(
                    f"Verifying person {person}.",
                    f"The person has not agreed to the purpose “{purpose}”, or not for today.",
                    "Ask for a consent, or use the purpose that the consent names.",
                )
            own = self._cabinet.templates_of(person)
            scores = matching.similarities(own.templates, query[np.newaxis])[0]
            best = int(scores.argmax())  # the first of equal ones
            nearest = Candidate(person, int(scores[best]), int(own.rows[best]))
            why_not = ""
            if nearest.score < threshold:
                why_not = "not alike enough"
            elif rejected(nearest, query, self._cabinet.corrections_of(person)):
                why_not = "somebody said of this face that it is not this person"
            detail = {"person": person, "score": nearest.score, "template": nearest.template, "same": not why_not}
            self._ledger.log("verify", {**detail, "purpose": purpose, "threshold": threshold})
        return Match(person, known.name, nearest.score, nearest.template, not why_not, why_not)

    def reject(self, template: NDArray[np.int16], person: int, *, space: str | None = None) -> None:
        query = one_face(template)
        with self._lock, self._ledger.writing():
            self._ledger.require_space(space)
            self._cabinet.put_correction(person, query)
            self._ledger.log("reject", {"person": person})

    @contextmanager
    def _deciding(
        self, queries: Templates, purpose: str, threshold: int, space: str | None
    ) -> Iterator[list[list[Match]]]:
        """Everybody each query may be, inside the transaction that the answer is logged in.

        Who was deleted after the templates were compared is not found in it any more.
        """
        with self._lock:
            self._ledger.require_space(space)
            nearest = self._candidates(queries, threshold)
            with self._ledger.writing():
                meant = {one.person for row in nearest for one in row}
                allowed = {}
                for person in self._cabinet.people(sorted(meant)):
                    if any(consent.covers(purpose, self._today()) for consent in person.consents):
                        allowed[person.id] = Allowed(person.name, self._cabinet.corrections_of(person.id))
                yield answers(nearest, queries, allowed)

    def _log_answers(self, action: str, purpose: str, threshold: int, found: Sequence[Sequence[Match]]) -> None:
        answers = [[[one.person, one.score, one.template] for one in row] for row in found]
        self._ledger.log(action, {"purpose": purpose, "faces": len(found), "threshold": threshold, "found": answers})

    # Deletion

    def delete(self, person: int) -> Deletion:
        with self._lock:
            self._cabinet.person(person)
            return self._delete([person], "asked")[0]

    def expire(self, today: date | None = None) -> list[Deletion]:
        day = today or self._today()
        with self._lock:
            return self._delete([one.id for one in self.people() if one.expires < day], "expired")

    def _delete(self, people: Sequence[int], reason: str) -> list[Deletion]:
        if not people:
            return []
        cells: list[bytes] = []
        done: list[tuple[AuditEntry, Removed]] = []
        for person in people:
            with self._ledger.writing():
                removed = self._cabinet.remove(person)
                self._ledger.set("deletions", self._ledger.number("deletions") + 1)
                self._ledger.set("unverified", 1)
                detail = {"person": person, **removed.counts, "reason": reason, "ciphertexts": digest(removed.cells)}
                done.append((self._ledger.log("delete", detail), removed))
            cells += removed.cells
        self._refresh()  # the templates leave this process's memory too
        scrub = self._database.scrub(cells)
        with self._ledger.writing():
            receipts = [self._receipt(entry, removed, scrub) for entry, removed in done]
            self._ledger.set("unverified", 0)
        return receipts

    def _receipt(self, entry: AuditEntry, removed: Removed, scrub: Scrub) -> Deletion:
        text = audit.canonical([entry.digest, scrub.verified, scrub.bytes_read])
        receipt = hashlib.sha256(text.encode()).hexdigest()
        detail = {"entry": entry.id, "verified": scrub.verified, "bytes_read": scrub.bytes_read, "receipt": receipt}
        told = self._ledger.log("deletion-verified", detail)
        person, reason = int(entry.detail["person"]), str(entry.detail["reason"])
        counts = removed.counts["templates"], removed.counts["corrections"]
        return Deletion(person, *counts, reason, scrub.verified, scrub.bytes_read, receipt, told.id)

    def _finish_deletion(self) -> None:
        self._database.compact()
        with self._ledger.writing():
            self._ledger.set("unverified", 0)
            self._ledger.log("compacted", {})

    # The log, the key, and the whole

    def audit(self, after: int = 0) -> list[AuditEntry]:
        with self._lock:
            return self._ledger.entries(after)

    def verify_audit(self) -> None:
        with self._lock:
            self._ledger.verify()

    def rotate(self, new: Key) -> None:
        """Puts a new key in the place of the old one, which opens nothing afterwards. Other processes must reopen."""
        with self._lock:
            with self._ledger.writing():
                self._rekeyed(new)
                old = self._cabinet.rewrap(new)
                self._ledger.rekey(new)
                self._ledger.log("key-rotated", {"people": len(old)})
                self._ledger.set("unverified", 1)
            self._ledger.rekeyed(new)
            self._database.scrub(old)
            with self._ledger.writing():
                self._ledger.set("unverified", 0)

    def check(self) -> int:
        with self._lock:
            self._database.check()
            self.verify_audit()
            self.people()
            for number in self._cabinet.numbers():
                self._cabinet.corrections_of(number)
            count = 0
            for some in self._cabinet.every_template():
                matching.checked(some.templates)
                count += len(some.rows)
            return count

    # How templates are found: here all of them in memory; another kind of database overrides these three.

    def _candidates(self, queries: Templates, threshold: int) -> list[list[Candidate]]:
        self._refresh()
        return candidates(self._index, queries, threshold)

    def _placed(self, rows: range, templates: Templates) -> None:
        """Templates were written; within the transaction."""

    def _rekeyed(self, new: Key) -> None:
        """The key is being changed; within the transaction."""

    def _refresh(self) -> None:
        """Reads what others have written: new templates have higher numbers, deletions are counted."""
        with self._database.reading():
            self._ledger.require_key()
            deletions = self._ledger.number("deletions")
            last = int(self._index.rows[-1]) if len(self._index.rows) else 0
            if deletions != self._deletions:
                rows = [number for (number,) in self._database.rows("SELECT id FROM templates ORDER BY id")]
                self._index, self._deletions = self._index.only(np.array(rows, np.int64)), deletions
            self._index = self._index.with_more(list(self._cabinet.every_template(last)))
