"""How alike two templates are, and who is who in one picture: exact integers, so every chip decides alike.

A template is round(32767 · u) of a unit vector u of 128 numbers, as int16. Its norm is within √128 / 2 < 6 of 32767, so
by Cauchy–Schwarz the product of two is at most (32767 + 6)² < 1.0741e9 < 2^31: it fits int32 in any order of summation.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bitfast_faces import native
from bitfast_faces.errors import FacesError
from bitfast_faces.types import DIMENSIONS, Templates

UNIT = 32767
ONE = 1 << 30
"""What similarities are divided by for people: s / ONE is about the cosine."""

THRESHOLD = round(ONE * Fraction(93, 100))
"""Two templates are of one person at this similarity or above (docs/store.md says how it was set)."""

_SLACK = 6  # √128 · 1/2, rounded up: how far rounding can move a template's norm from 32767


def similarity(a: NDArray[np.int16], b: NDArray[np.int16]) -> int:
    """The exact product of two templates, each (128,) int16.

    >>> unit = np.zeros(128, np.int16); unit[0] = UNIT
    >>> similarity(unit, unit)
    1073676289
    """
    return int(similarities(a[np.newaxis], b[np.newaxis])[0, 0])


def similarities(templates: Templates, queries: Templates) -> NDArray[np.int32]:
    """The products of every query (m, 128) with every template (n, 128), both int16: (m, n) int32, exact.

    Computed by libfaces. Raises ValueError for rows whose products int32 may not hold (native.check_templates), which
    no templates are.
    """
    rows, asked = np.ascontiguousarray(templates), np.ascontiguousarray(queries)
    native.check_templates(rows)
    native.check_templates(asked)
    return native.scores(rows, asked)


def percent(score: int) -> str:
    """A similarity for people, in percent of ONE with one decimal, rounded half up.

    >>> percent(THRESHOLD)
    '93.0 %'
    """
    tenths = (2 * score * 1000 + ONE) // (2 * ONE)
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10} %"


def checked(templates: NDArray[np.int16]) -> Templates:
    """The same templates, (n, 128) int16, contiguous; one template (128,) becomes (1, 128).

    This is what a template is, and where templates come in from elsewhere it is asked. (native.check_templates asks
    less: what its sums need so as not to overflow.)

    Raises ValueError for another type or shape, FacesError for rows that are not rounded unit vectors: an all-zero or
    unnormalised row would match by its length instead of its direction.
    """
    rows = np.atleast_2d(np.asarray(templates))
    if rows.dtype != np.int16 or rows.ndim != 2 or rows.shape[1] != DIMENSIONS:
        raise ValueError(f"templates are (n, {DIMENSIONS}) int16, not {rows.shape} {rows.dtype}")
    wide = rows.astype(np.int64)
    squares = (wide * wide).sum(axis=1)
    wrong = np.flatnonzero((squares < (UNIT - _SLACK) ** 2) | (squares > (UNIT + _SLACK) ** 2))
    if wrong.size:
        raise FacesError(
            "Comparing face templates.",
            f"Row {wrong[0]} is not a template: its length is not that of a unit vector in 1/32767.",
            "Use templates as the engine gives them.",
        )
    return np.ascontiguousarray(rows)


def assign(scores: NDArray[np.integer] | Sequence[Sequence[int]], threshold: int = THRESHOLD) -> list[int | None]:
    """Who each face of one picture is, every person at most once: (faces, people) similarities → a column or None each.

    The pairs at `threshold` or above are taken by falling similarity, of equal ones the lower face first and then the
    lower person; a pair whose face or person is taken already is passed over. The total need not be the greatest
    possible: the surest pair is never given up for the sake of two less sure ones.

    >>> assign([[90, 80], [95, 10]], 50)
    [1, 0]
    >>> assign([[90, 40], [95, 10]], 50)
    [None, 0]
    """
    table = np.asarray(scores, np.int64)
    chosen: list[int | None] = [None] * len(table)
    if not table.size:
        return chosen
    faces, people = np.nonzero(table >= threshold)
    order = np.lexsort((people, faces, -table[faces, people]))
    taken: set[int] = set()
    for face, person in zip(faces[order].tolist(), people[order].tolist(), strict=True):
        if chosen[face] is None and person not in taken:
            chosen[face] = person
            taken.add(person)
    return chosen
