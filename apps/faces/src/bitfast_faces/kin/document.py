"""A resemblance as JSON: the document that `kin --json` writes. docs/kin.schema.json describes it."""

from __future__ import annotations

import json
from typing import Any

from bitfast_faces.kin.records import Person, Photo, Relative, Resemblance

FORMAT = "bitfast-faces kin 1"


def document(resemblance: Resemblance) -> dict[str, Any]:
    """The same answer gives the same document, whatever the order of the files and whatever folder they lie in."""
    return {
        "format": FORMAT,
        "statement": resemblance.statement,
        "meaning": resemblance.meaning,
        "calibration": resemblance.calibration,
        "child": _person(resemblance.child),
        "relatives": [_relative(relative) for relative in resemblance.relatives],
        "notes": list(resemblance.notes),
    }


def text(resemblance: Resemblance) -> str:
    return json.dumps(document(resemblance), indent=2, ensure_ascii=False) + "\n"


def _person(person: Person) -> dict[str, Any]:
    return {"name": person.name, "role": person.role, "photos": [_photo(photo) for photo in person.photos]}


def _photo(photo: Photo) -> dict[str, Any]:
    return {
        "picture": photo.picture,
        "sha256": photo.digest,
        "face": photo.face + 1,
        "faces": photo.faces,
        "usable": photo.usable,
        "reasons": list(photo.reasons),
    }


def _relative(relative: Relative) -> dict[str, Any]:
    likeness = relative.likeness
    return {
        "rank": relative.rank,
        **_person(relative.person),
        "likeness_permille": likeness.permille,
        "low_permille": likeness.low,
        "high_permille": likeness.high,
        "clearly_ahead_of_next": relative.clear,
        "similarity": relative.similarity,
        "deviation": relative.deviation,
        "pairs": [
            {"child_photo": pair.child + 1, "photo": pair.relative + 1, "similarity": pair.similarity}
            for pair in relative.pairs
        ],
        "notes": list(relative.notes),
    }
