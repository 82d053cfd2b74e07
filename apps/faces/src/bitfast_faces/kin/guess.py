"""Guesses which faces are one person's: from names of files and folders, and from likeness. The user has the last word.

Faces are joined by average linkage: the two groups with the greatest mean similarity first, as long as it reaches the
threshold; so a chain of siblings, each like the next, does not become one person. Two faces of one picture are never
one person, nor are faces to which different names were given (clustering.py, for large folders, knows no names). All
in integers, ties to the lower face in the order of the pictures' digests: no order of files changes a guess. Who is
whose mother is never guessed, nor age or gender.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from bitfast_faces.errors import FacesError
from bitfast_faces.kin.ranking import similarities
from bitfast_faces.kin.records import Photo
from bitfast_faces.matching import THRESHOLD

MOST_FACES = 600
_APART = -(1 << 62)
# What cameras, phones and messengers call their files: words that name nobody.
_NOBODY = set(
    "img image images dsc dscn dscf pict pic picture pictures photo photos foto fotos bild bilder pxl mvi vid p scan "
    "screenshot whatsapp signal wa telegram export edited copy kopie crop cropped family familie group gruppe party "
    "untitled unnamed portrait face faces at jpg jpeg png of the and und mit with".split()
)


@dataclass(frozen=True)
class Guess:
    """Faces that may be one person's; `name` is empty where nothing suggests one; `reason` is for people."""

    name: str
    photos: tuple[Photo, ...]
    reason: str


def name_in(path: PurePath) -> str:
    """The name that a file name suggests: its letters without numbers, dates and camera words; empty if none is left.

    >>> name_in(PurePath("Anna-Maria_2019-05.jpg")), name_in(PurePath("IMG_2034.jpg"))
    ('Anna-Maria', '')
    """
    words = re.split(r"[^\w'-]|_|\d+", path.stem)
    parts = ([part for part in word.split("-") if part and part.lower() not in _NOBODY] for word in words)
    return " ".join("-".join(kept) for kept in parts if kept)


def guess(
    photos: Sequence[Photo], names: Mapping[tuple[str, int], str], threshold: int = THRESHOLD
) -> tuple[Guess, ...]:
    """Groups of faces, those with most faces first; `names` are suggestions by a face's `key`.

    Groups to which the same name was given are one guess. FacesError for more than MOST_FACES faces.
    """
    if len(photos) > MOST_FACES:
        raise too_many(len(photos))
    if not photos:
        return ()
    ordered = sorted(photos, key=lambda photo: photo.key)
    given = [names.get(photo.key, "") for photo in ordered]
    groups = _linked(similarities(ordered, ordered), _apart(ordered, given), threshold)
    by_name: dict[str, list[int]] = {}
    nameless = []
    for group in groups:
        named = next((given[face] for face in group if given[face]), "")
        if named:
            by_name.setdefault(named, []).extend(group)
        else:
            nameless.append(group)
    found = [_guess(name, sorted(group), ordered, given) for name, group in by_name.items()]
    found += [_guess("", group, ordered, given) for group in nameless]
    return tuple(sorted(found, key=lambda one: (-len(one.photos), one.name, one.photos[0].key)))


def too_many(faces: int) -> FacesError:
    happened = f"There are {faces} faces or more; {MOST_FACES} are the most."
    return FacesError("Guessing who is who.", happened, "Give fewer photos, or say who is who with --person.")


def _apart(photos: Sequence[Photo], given: Sequence[str]) -> NDArray[np.bool_]:
    pictures = np.array([photo.digest for photo in photos])
    names = np.array(given)
    named = names != ""
    different = (names[:, None] != names[None, :]) & named[:, None] & named[None, :]
    apart: NDArray[np.bool_] = (pictures[:, None] == pictures[None, :]) | different
    return apart


def _linked(scores: NDArray[np.int64], apart: NDArray[np.bool_], threshold: int) -> list[list[int]]:
    """Average linkage; a mean is the sum divided by the number of pairs, rounded down."""
    sums, forbidden = scores.copy(), apart.copy()
    np.fill_diagonal(forbidden, True)
    means = np.where(forbidden, _APART, sums)
    members: dict[int, list[int]] = {face: [face] for face in range(len(scores))}
    sizes = np.ones(len(scores), np.int64)
    while True:
        first, second = divmod(int(means.argmax()), len(scores))  # the first of equal ones, row by row: first < second
        if means[first, second] < threshold:
            return [sorted(group) for group in members.values()]
        members[first] += members.pop(second)
        sizes[first] += sizes[second]
        for table, joined in ((sums, sums[first] + sums[second]), (forbidden, forbidden[first] | forbidden[second])):
            table[first], table[:, first] = joined, joined
        forbidden[second], forbidden[:, second] = True, True
        means[second], means[:, second] = _APART, _APART
        fresh = np.where(forbidden[first], _APART, sums[first] // (sizes * sizes[first]))
        means[first], means[:, first] = fresh, fresh


def _guess(name: str, group: Sequence[int], photos: Sequence[Photo], given: Sequence[str]) -> Guess:
    faces = tuple(photos[face] for face in group)
    sources = Counter("name" if given[face] else "likeness" for face in group)
    reasons = []
    if sources["name"]:
        reasons.append("the name was given" if sources["name"] == 1 else f"the name was given {sources['name']} times")
    if sources["likeness"] and (len(group) > 1 or not sources["name"]):
        reasons.append("they look alike" if len(group) > 1 else "seen once, alike to nobody")
    return Guess(name, faces, "; ".join(reasons))
