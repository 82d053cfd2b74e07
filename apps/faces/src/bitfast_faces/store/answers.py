"""From candidates to answers: whom a search may name, and nobody twice in one picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bitfast_faces import matching
from bitfast_faces.errors import FacesError
from bitfast_faces.store.base import Match
from bitfast_faces.store.index import Candidate, rejected
from bitfast_faces.types import Templates


@dataclass(frozen=True)
class Allowed:
    """Somebody whose consent covers a search: the name, and the faces that were said not to be this person."""

    name: str
    corrections: Templates


def answers(
    nearest: Sequence[Sequence[Candidate]], queries: Templates, allowed: Mapping[int, Allowed]
) -> list[list[Match]]:
    """The candidates that are allowed and not rejected, by the order that they came in."""
    return [
        [
            Match(one.person, allowed[one.person].name, one.score, one.template)
            for one in row
            if one.person in allowed and not rejected(one, query, allowed[one.person].corrections)
        ]
        for row, query in zip(nearest, queries, strict=True)
    ]


def once_each(found: Sequence[Sequence[Match]], threshold: int) -> list[Match | None]:
    """One person at most per face and one face at most per person, by matching.assign's rule."""
    people = sorted({one.person for row in found for one in row})
    column = {person: at for at, person in enumerate(people)}
    scores = np.full((len(found), len(people)), -(1 << 31), np.int64)
    for face, row in enumerate(found):
        for one in row:
            scores[face, column[one.person]] = one.score
    chosen = matching.assign(scores, threshold)
    return [
        next((one for one in row if at is not None and one.person == people[at]), None)
        for row, at in zip(found, chosen, strict=True)
    ]


def some_faces(templates: Templates, tried: str) -> Templates:
    """Templates, at least one."""
    rows = matching.checked(templates)
    if not len(rows):
        raise FacesError(tried, "There is no face.", "Give at least one picture that shows the face.")
    return rows


def one_face(template: NDArray[np.int16]) -> NDArray[np.int16]:
    """One template, (128,)."""
    rows = matching.checked(template)
    if len(rows) != 1:
        raise ValueError(f"this takes one template, not {len(rows)}")
    return np.ascontiguousarray(rows[0])
