"""What a store must have by its log, and whether it has it: rows are sealed one by one, the log knows how many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bitfast_faces.errors import FacesError
from bitfast_faces.store.base import AuditEntry
from bitfast_faces.store.cabinet import SEALED_TABLES

Counts = Mapping[int, Mapping[str, int]]


def by_the_log(entries: Iterable[AuditEntry]) -> Counts:
    """How many consents, templates and corrections each person has if all that the log tells was done."""
    found: dict[int, dict[str, int]] = {}
    for entry in entries:
        detail, person = entry.detail, entry.detail.get("person", 0)
        match entry.action:
            case "enrol":
                found[person] = {"consents": 1, "templates": detail["templates"], "corrections": 0}
            case "add":
                found[person]["templates"] += detail["templates"]
            case "consent":
                found[person]["consents"] += 1
            case "reject":
                found[person]["corrections"] += detail["corrections"]
            case "withdraw" | "unreject" | "remove":
                for table in SEALED_TABLES:
                    found[person][table] -= detail[table]
            case "delete":
                del found[person]
    return found


def compare(there: Counts, expected: Counts) -> None:
    """FacesError naming the first person of whom there is more or less than the log says."""
    nothing = dict.fromkeys(SEALED_TABLES, 0)
    for person in sorted({*there, *expected}):
        for table in SEALED_TABLES:
            has, must = there.get(person, nothing)[table], expected.get(person, nothing)[table]
            if has != must:
                raise FacesError(
                    "Comparing the store with its log.",
                    f"Of it or by it something is missing: person {person} has {has} {table}, and by the log {must}.",
                    "Keep this store as evidence, and restore it from a backup.",
                )
