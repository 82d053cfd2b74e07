"""The audit log's chain: each entry's digest covers the one before, so that none can be changed, taken out or put in.

digest = HMAC-SHA-256(log key, previous digest ‖ canonical JSON of [number, time, action, detail]). The log key is
sealed in the store: who has the file but not the key cannot write a chain that verifies. The last number and digest are
kept beside the log under a seal of the same key, so that entries cut off at the end are missed. Who kept an older end
with its seal can put that back, or the whole of an older file: against this only the head (`bitfast-faces audit
--head`), kept elsewhere, helps.

A change of the store's key changes the log key too. Its entry is the first by the new one and covers the entry before,
so the old log key changes nothing that was written, nor adds to it.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bitfast_faces.errors import FacesError
from bitfast_faces.store.base import AuditEntry

START = "0" * 64

LogKeys = Sequence[tuple[int, bytes]]
"""The number of the first entry that each key made, rising, and the key."""


def now() -> str:
    """The time in UTC, to the second, as the log has it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def canonical(value: Any) -> str:
    """One text for one value: sorted names, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry(key: bytes, previous: AuditEntry | None, at: str, action: str, detail: Mapping[str, Any]) -> AuditEntry:
    """The entry after `previous`."""
    number = previous.id + 1 if previous else 1
    before = previous.digest if previous else START
    return AuditEntry(number, at, action, detail, _digest(key, before, number, at, action, detail))


def seal_of_end(key: bytes, number: int, chained: str, space: str) -> str:
    """What is kept beside the log so that its end, and the space of the store's templates, cannot be changed."""
    return hmac.digest(key, canonical(["end", number, chained, space]).encode(), "sha256").hex()


def verify(keys: LogKeys, entries: Iterable[AuditEntry], head: tuple[int, str]) -> None:
    """Raises FacesError naming the first entry that is not as it was written, or that is missing."""
    number, before = 0, START
    for one in entries:
        number += 1
        if one.id != number:
            raise broken(f"entry {number} is missing")
        key = next(key for first, key in reversed(keys) if first <= number)
        if not hmac.compare_digest(one.digest, _digest(key, before, one.id, one.at, one.action, one.detail)):
            raise broken(f"entry {number} ({one.at}, {one.action}) is not as it was written")
        before = one.digest
    if (number, before) != head:
        raise broken(f"entry {number + 1} is missing" if number < head[0] else f"entry {head[0] + 1} was put in")


def _digest(key: bytes, previous: str, number: int, at: str, action: str, detail: Mapping[str, Any]) -> str:
    text = canonical([number, at, action, detail])
    return hmac.digest(key, bytes.fromhex(previous) + text.encode(), "sha256").hex()


def broken(happened: str) -> FacesError:
    """The error for a log that was changed."""
    return FacesError(
        "Verifying the audit log.",
        f"Its chain is broken: {happened}.",
        "Keep this store as evidence, and compare it with your backups.",
    )
