"""The rule of a search, from templates in memory to candidates: exact integers, "not her" respected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bitfast_faces.matching import ONE, similarities
from bitfast_faces.native import nearest
from bitfast_faces.types import DIMENSIONS, Templates

NEAR = ONE - ONE // 64
"""A face this like a rejected one is taken to be the same picture of it."""

_FIRST = 64  # templates asked for at first: rarely are more of them at the threshold or above


@dataclass(frozen=True)
class Index:
    """Templates, (n, 128) int16 in one piece, with their rows' numbers, rising, and the people they belong to."""

    templates: Templates
    rows: NDArray[np.int64]
    owners: NDArray[np.int64]

    @classmethod
    def empty(cls) -> Index:
        none = np.zeros(0, np.int64)
        return cls(np.zeros((0, DIMENSIONS), np.int16), none, none)

    def with_more(self, more: Sequence[Index]) -> Index:
        """This index and, behind it, others whose rows have higher numbers."""
        if not more:
            return self
        every = (self, *more)
        return Index(
            np.concatenate([one.templates for one in every]),
            np.concatenate([one.rows for one in every]),
            np.concatenate([one.owners for one in every]),
        )

    def only(self, rows: NDArray[np.int64]) -> Index:
        """This index without the rows that are not among these."""
        kept = np.isin(self.rows, rows)
        return replace(self, templates=self.templates[kept], rows=self.rows[kept], owners=self.owners[kept])

    def without(self, people: Sequence[int]) -> Index:
        """This index without the templates of these people."""
        kept = ~np.isin(self.owners, np.array(people, np.int64))
        return replace(self, templates=self.templates[kept], rows=self.rows[kept], owners=self.owners[kept])


@dataclass(frozen=True)
class Candidate:
    """A person a face may be: the greatest similarity to the person's templates, and the template that gave it."""

    person: int
    score: int
    template: int


def candidates(index: Index, queries: Templates, threshold: int) -> list[list[Candidate]]:
    """For each query (m, 128) everybody with a template at `threshold` or above, by falling similarity, then by number.

    Exact: as long as a query's last of the k nearest is at the threshold, k grows for it.
    """
    found: list[list[Candidate]] = [[] for _ in queries]
    open_ones = np.arange(len(queries) if len(index.rows) else 0)
    count = _FIRST
    while len(open_ones):
        scores, places = nearest(index.templates, queries[open_ones], count)
        done = np.full(len(open_ones), True) if count >= len(index.rows) else scores[:, -1] < threshold
        for at in np.flatnonzero(done):
            found[open_ones[at]] = _best(index, scores[at], places[at], threshold)
        open_ones = open_ones[~done]
        count *= 8
    return found


def _best(index: Index, scores: NDArray[np.int32], places: NDArray[np.int64], threshold: int) -> list[Candidate]:
    hit = scores >= threshold
    scores, places = scores[hit], places[hit]
    owners, first = np.unique(index.owners[places], return_index=True)  # a person's nearest template comes first
    rows = index.rows[places[first]]
    found = [
        Candidate(person, score, row)
        for person, score, row in zip(owners.tolist(), scores[first].tolist(), rows.tolist(), strict=True)
    ]
    return sorted(found, key=lambda one: (-one.score, one.person))


def rejected(candidate: Candidate, query: NDArray[np.int16], corrections: Templates) -> bool:
    """Whether somebody has said that this face is not this person.

    With s(q, r) the similarity of the face q to a face r that was rejected for the person, and s(q, p) to the person's
    nearest template: yes where s(q, r) ≥ NEAR or s(q, r) ≥ s(q, p) for any r. A face is believed to be the one that was
    rejected if it is as much like that one as like the person.
    """
    return bool(len(rejecting(candidate, query, corrections)))


def rejecting(candidate: Candidate, query: NDArray[np.int16], corrections: Templates) -> NDArray[np.intp]:
    """Which of the corrections, by place, say so."""
    if not len(corrections):
        return np.zeros(0, np.intp)
    return np.flatnonzero(similarities(corrections, query[np.newaxis])[0] >= min(NEAR, candidate.score))
