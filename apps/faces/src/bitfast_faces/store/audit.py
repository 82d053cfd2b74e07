"""The audit log's chain: each entry's digest covers the one before, so that none can be changed, taken out or put in.

digest = HMAC-SHA-256(log key, previous digest ‖ canonical JSON of [number, time, action, detail]). The log key is
sealed in the store: who has the file but not the key cannot write a chain that verifies. The store keeps the last
number and digest beside the log, so entries missing at the end are seen too. A whole store put back from an older copy
is not seen from within; for that, keep the head (`bitfast-faces audit --head`) elsewhere.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bitfast_faces.errors import FacesError
from bitfast_faces.store.base import AuditEntry

START = "0" * 64


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


def verify(key: bytes, entries: Iterable[AuditEntry], head: tuple[int, str]) -> None:
    """Raises FacesError naming the first entry that is not as it was written, or that is missing."""
    number, before = 0, START
    for one in entries:
        number += 1
        if one.id != number:
            raise _broken(f"entry {number} is missing")
        if not hmac.compare_digest(one.digest, _digest(key, before, one.id, one.at, one.action, one.detail)):
            raise _broken(f"entry {number} ({one.at}, {one.action}) is not as it was written")
        before = one.digest
    if (number, before) != head:
        raise _broken(f"entry {number + 1} is missing" if number < head[0] else f"entry {head[0] + 1} was put in")


def _digest(key: bytes, previous: str, number: int, at: str, action: str, detail: Mapping[str, Any]) -> str:
    text = canonical([number, at, action, detail])
    return hmac.digest(key, bytes.fromhex(previous) + text.encode(), "sha256").hex()


def _broken(happened: str) -> FacesError:
    return FacesError(
        "Verifying the audit log.",
        f"Its chain is broken: {happened}.",
        "Keep this store as evidence, and compare it with your backups.",
    )
