"""Which faces are one person: groups of templates by their mean similarity, exact, whatever order they come in.

The rule. Every face begins alone. The two groups whose faces are most alike in the mean, over all pairs of a face of
one and a face of the other, become one, as long as that mean is at the threshold; never two groups that both have a
face from the same photo, for nobody is twice in a photo. The mean over all pairs keeps siblings and children apart,
whom a few alike pictures would chain together; faces from one photo keep apart those who are photographed together.

The sum of two groups' similarities is the product of their templates' sums, so all is integers; means are compared as
fractions. Found by chains of nearest neighbours, which give the same groups as searching for the best pair each time,
because the mean is reducible and stays so where pairs are forbidden (F. Murtagh, A survey of recent advances in
hierarchical clustering algorithms, The Computer Journal 26, 1983). Where means are exactly equal, the faces' order by
photo digest and template decides, never the order in which they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bitfast_faces import native
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import THRESHOLD, UNIT, checked
from bitfast_faces.types import Templates

MOST_FACES = 50_000
"""The table of alike pairs, one bit each, then has 313 MB, and all else about 130 MB; no sum comes near 2^63."""

_BLOCK = 256  # faces compared with all others at a time
_CLOSE = 2.0**-50  # quotients of integers in float64 are within this of each other where the fractions may be equal
_CLOSE_32 = 2.0**-15  # and means of similarities in float32: twice 131 · 2^-24 (Higham, §3.1: γ_n), rounded up


def groups(templates: Templates, photos: Sequence[str], threshold: int = THRESHOLD) -> tuple[tuple[int, ...], ...]:
    """Indices of the faces of each person: (n, 128) int16 and each face's photo (its digest) → groups.

    The largest first, then by the first face's photo and template; within a group likewise. Faces of nobody else are
    groups of one. The same faces in another order give the same groups. Raises FacesError for more than MOST_FACES.
    """
    rows = checked(templates) if len(templates) else np.zeros((0, 128), np.int16)
    if len(rows) > MOST_FACES:
        raise FacesError(
            "Sorting faces into people.",
            f"There are {len(rows)} faces; {MOST_FACES} can be sorted at once.",
            "Sort the folder in parts.",
        )
    names = [template.astype(">i2").tobytes() for template in rows]
    order = sorted(range(len(rows)), key=lambda face: (photos[face], names[face]))
    rows = np.ascontiguousarray(rows[order])
    numbers = {photo: number for number, photo in enumerate(sorted(set(photos)))}
    own = [numbers[photos[face]] for face in order]
    found = _Joining(rows, own, threshold).groups()
    found.sort(key=lambda group: (-len(group), group))
    return tuple(tuple(order[face] for face in group) for group in found)


class _Joining:
    """The groups while they are joined, each by the number of its first face.

    A mean at the threshold needs a pair of faces there, so a group is compared only with those that a bit of `_alike`
    leads to. Means in float32 tell which few may be the greatest; integers decide among them.
    """

    def __init__(self, templates: Templates, photos: Sequence[int], threshold: int) -> None:
        self._threshold = threshold
        self._alike = _alike(templates, threshold)
        self._sums = templates.astype(np.int64)
        self._means = (templates / UNIT).astype(np.float32)
        self._sizes = np.ones(len(templates), np.int64)
        self._group = np.arange(len(templates))  # of each face
        self._open = np.ones(len(templates), bool)
        self._members = [[face] for face in range(len(templates))]
        self._photos = [{photo} for photo in photos]

    def groups(self) -> list[tuple[int, ...]]:
        """Follows chains of nearest neighbours until nobody has one that is alike enough."""
        chain: list[int] = []
        for first in range(len(self._members)):
            while self._open[first] or chain:
                if not chain:
                    chain.append(first)
                before = chain[-2] if len(chain) > 1 else None
                nearest = self._nearest(chain[-1], before)
                if nearest is None:  # nobody is alike enough, nor will a larger group be
                    self._open[chain.pop()] = False
                elif nearest == before:
                    self._join(*sorted(chain[-2:]))
                    del chain[-2:]
                else:
                    chain.append(nearest)
        return [tuple(sorted(group)) for group in self._members if group]

    def _join(self, kept: int, gone: int) -> None:
        self._sums[kept] += self._sums[gone]
        self._sizes[kept] += self._sizes[gone]
        self._means[kept] = self._sums[kept] / (self._sizes[kept] * UNIT)
        self._alike[kept] |= self._alike[gone]
        self._group[self._members[gone]] = kept
        self._members[kept] += self._members[gone]
        self._photos[kept] |= self._photos[gone]
        self._members[gone] = []
        self._open[gone] = False

    def _nearest(self, tip: int, before: int | None) -> int | None:
        """The group most alike in the mean that may join, of equal ones the one before in the chain, then the first."""
        others = self._others(tip)
        means = self._rough_means(tip, others)
        while len(others) and means.max() >= self._threshold / (UNIT * UNIT) - _CLOSE_32:
            close = others[means >= means.max() - _CLOSE_32]  # the greatest mean is among these
            best = self._best(tip, before, close)
            if best is None or self._photos[tip].isdisjoint(self._photos[best]):
                return best
            others, means = others[others != best], means[others != best]
        return None

    def _others(self, tip: int) -> NDArray[np.intp]:
        """The open groups that have a face alike to one of this group."""
        faces = np.flatnonzero(np.unpackbits(self._alike[tip], count=len(self._group)))
        there = np.zeros(len(self._group), bool)
        there[self._group[faces]] = True
        there[tip] = False
        return np.flatnonzero(there & self._open)

    def _rough_means(self, tip: int, others: NDArray[np.intp]) -> NDArray[np.float32]:
        if 4 * len(others) > len(self._group):  # to copy the rows would take longer than to multiply all
            every: NDArray[np.float32] = self._means @ self._means[tip]
            return every[others]
        rough: NDArray[np.float32] = self._means[others] @ self._means[tip]
        return rough

    def _best(self, tip: int, before: int | None, others: NDArray[np.intp]) -> int | None:
        """The one with the greatest mean, if that is at the threshold: float64 finds the few, fractions decide."""
        products = self._sums[others] @ self._sums[tip]
        means = products / self._sizes[others]
        close = means >= means.max() - abs(means.max()) * _CLOSE
        mean, _, other = max(
            (Fraction(product, size), other == before, -other)
            for product, size, other in zip(
                products[close].tolist(), self._sizes[others[close]].tolist(), others[close].tolist(), strict=True
            )
        )
        return -other if mean >= self._threshold * int(self._sizes[tip]) else None


def _alike(templates: Templates, threshold: int) -> NDArray[np.uint8]:
    """A bit for each pair of faces at the threshold, (n, n / 8)."""
    count = len(templates)
    table = np.empty((count, -(-count // 8)), np.uint8)
    for start in range(0, count, _BLOCK):
        block = templates[start : start + _BLOCK]
        table[start : start + len(block)] = np.packbits(native.scores(templates, block) >= threshold, axis=1)
    return table
