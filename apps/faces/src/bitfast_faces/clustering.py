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

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bitfast_faces import native
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import THRESHOLD, checked
from bitfast_faces.types import Templates

MOST_FACES = 90_000
"""A sum of similarities of two groups stays below (90 000 / 2)² · 1.0741e9 < 2^63."""

_BLOCK = 256  # faces compared with all others at a time
_CLOSE = 2.0**-50  # quotients in float64 are within this of each other where the fractions may be equal


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
    found: list[tuple[int, ...]] = []
    for part in _connected(rows, threshold):
        found += _by_mean(rows, own, part, threshold)
    found.sort(key=lambda group: (-len(group), group))
    return tuple(tuple(order[face] for face in group) for group in found)


def _connected(templates: Templates, threshold: int) -> Iterator[list[int]]:
    """The parts of the graph of pairs at the threshold: a mean at the threshold needs a pair there, so none is left."""
    waiting = np.arange(len(templates))
    while len(waiting):
        part, edge, waiting = [waiting[:1]], waiting[:1], waiting[1:]
        while len(edge) and len(waiting):
            now, edge = edge[:_BLOCK], edge[_BLOCK:]
            scores = native.scores(np.ascontiguousarray(templates[waiting]), np.ascontiguousarray(templates[now]))
            reached = (scores >= threshold).any(axis=0)
            part.append(waiting[reached])
            edge = np.concatenate([edge, waiting[reached]])
            waiting = waiting[~reached]
        yield sorted(np.concatenate(part).tolist())


def _by_mean(templates: Templates, photos: Sequence[int], part: Sequence[int], threshold: int) -> list[tuple[int, ...]]:
    """The groups of one part, as tuples of rising indices."""
    sums = templates[part].astype(np.int64)
    members = [[face] for face in part]
    seen = [{photos[face]} for face in part]
    sizes = np.ones(len(part), np.int64)
    open_ones = np.ones(len(part), bool)
    chain: list[int] = []
    while open_ones.any():
        if not chain:
            chain.append(int(open_ones.argmax()))
        tip = chain[-1]
        nearest = _nearest(tip, chain[-2] if len(chain) > 1 else None, sums, sizes, open_ones, seen, threshold)
        if nearest is None:  # nobody is alike enough, nor will a larger group be
            open_ones[chain.pop()] = False
        elif len(chain) > 1 and nearest == chain[-2]:
            del chain[-2:]
            kept, gone = min(tip, nearest), max(tip, nearest)
            sums[kept] += sums[gone]
            sizes[kept] += sizes[gone]
            members[kept] += members[gone]
            seen[kept] |= seen[gone]
            open_ones[gone] = False
            members[gone] = []
        else:
            chain.append(nearest)
    return [tuple(sorted(group)) for group in members if group]


def _nearest(
    tip: int,
    before: int | None,
    sums: NDArray[np.int64],
    sizes: NDArray[np.int64],
    open_ones: NDArray[np.bool_],
    seen: Sequence[set[int]],
    threshold: int,
) -> int | None:
    """The group most alike in the mean that may join, of equal ones the one before in the chain, then the lowest."""
    others = np.flatnonzero(open_ones)
    others = others[others != tip]
    products = sums[others] @ sums[tip]
    means = products / sizes[others]
    while len(others):
        best = means.max()
        close = means >= best - abs(best) * _CLOSE
        ranked = sorted(
            (
                (Fraction(int(p), int(sizes[o])), int(o) == before, -int(o))
                for o, p in zip(others[close], products[close], strict=True)
            ),
            reverse=True,
        )
        for mean, _, other in ranked:
            if mean < threshold * int(sizes[tip]):
                return None
            if seen[tip].isdisjoint(seen[-other]):
                return -other
        others, products, means = others[~close], products[~close], means[~close]
    return None
