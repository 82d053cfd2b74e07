"""Ranks a child's relatives by how much their photos are alike: integers only, and no order of photos changes a bit.

A relative's similarity is the mean over all pairs of a photo of the child and one of the relative. Its uncertainty is
two-way: photos of the child and of the relative are left out one at a time (the delete-one jackknife, Efron 1982),
and the two variances are added. Few photos say little about how much photos differ, so that each variance is shrunk
towards the calibration's as if PRIOR further photos had shown that one; with a single photo only that one remains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from bitfast_faces.errors import FacesError
from bitfast_faces.kin.calibration import DEFAULT, Calibration
from bitfast_faces.kin.records import (
    MEANING,
    ROUGH_MEANING,
    Likeness,
    Pair,
    Person,
    Photo,
    Relative,
    Resemblance,
    percent,
)
from bitfast_faces.matching import THRESHOLD

PRIOR = 4  # photos
# Four times in five the truth is within 1.2816 standard deviations (the normal distribution's 90 % point); squared.
REACH_SQUARED = (16424, 10000)
FINER = 16  # means are kept in 1/2^46 until they are shown, so that leaving out a photo is not lost in rounding
MOST_PHOTOS = 100  # of one person: pairs grow with the product, and more say nothing more


@dataclass(frozen=True)
class _Spread:
    """A relative's mean similarity, and the means with one photo of the child, of the relative left out (1/2^46)."""

    mean: int
    child_photos: tuple[int, ...]
    without_child: tuple[int, ...]
    without_relative: tuple[int, ...]


def rank(child: Person, relatives: Sequence[Person], calibration: Calibration = DEFAULT) -> Resemblance:
    """The relatives, the most alike first; equal ones in the order of their names.

    FacesError where somebody has no photo or far too many, two share a name or a face, or nobody is there to rank.
    """
    people = (child, *relatives)
    _check(people)
    child = _ordered(child)
    drafts = [_draft(child, _ordered(person), calibration) for person in relatives]
    drafts.sort(key=lambda draft: (-draft.spread.mean, draft.person.name))
    ranked = []
    for place, draft in enumerate(drafts):
        following = drafts[place + 1] if place + 1 < len(drafts) else None
        clear = following is None or _is_ahead(draft.spread, following.spread, calibration)
        ranked.append(_relative(place + 1, draft, clear, calibration))
    meaning = ROUGH_MEANING if calibration.rough else MEANING
    return Resemblance(child, tuple(ranked), calibration.source, _notes(people), meaning)


@dataclass(frozen=True)
class _Draft:
    person: Person
    spread: _Spread
    pairs: tuple[Pair, ...]
    notes: tuple[str, ...]


def _check(people: Sequence[Person]) -> None:
    tried = f"Ranking whom {people[0].name} resembles."
    if len(people) < 2:
        raise FacesError(tried, "There is nobody to compare with.", "Add photos of at least one relative.")
    names = [person.name for person in people]
    faces = [photo.key for person in people for photo in person.photos]
    for person in people:
        if not person.photos:
            raise FacesError(tried, f"{person.name} has no photo.", "Add a photo in which the face can be seen.")
        if len(person.photos) > MOST_PHOTOS:
            happened = f"{person.name} has {len(person.photos)} photos; {MOST_PHOTOS} is the most."
            raise FacesError(tried, happened, "Leave some out: ten good ones say as much.")
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise FacesError(tried, f"Two people are called {', '.join(twice)}.", "Give each person a name of their own.")
    if len(set(faces)) < len(faces):
        twice = sorted({photo.label for person in people for photo in person.photos if faces.count(photo.key) > 1})
        raise FacesError(
            tried, f"The same face was given twice: {'; '.join(twice)}.", "Give each face to one person, once."
        )


def _ordered(person: Person) -> Person:
    return Person(person.name, tuple(sorted(person.photos, key=lambda photo: photo.key)), person.role)


def similarities(first: Sequence[Photo], second: Sequence[Photo]) -> NDArray[np.int64]:
    """The exact similarity of each of `first` with each of `second`, in 1/2^30."""
    a = np.stack([photo.template for photo in first]).astype(np.int64)
    b = np.stack([photo.template for photo in second]).astype(np.int64)
    return a @ b.T


def _draft(child: Person, person: Person, calibration: Calibration) -> _Draft:
    scores = similarities(child.photos, person.photos)
    counts = np.array([[c.digest != r.digest for r in person.photos] for c in child.photos])
    notes = []
    if not counts.any():
        counts[:] = True
        notes.append(
            "Only pictures that show both: their light and colours are shared, which makes faces look more alike."
        )
    elif not counts.all():
        notes.append(f"{int((~counts).sum())} pairs from one and the same picture were left out.")
    pairs = [Pair(int(i), int(j), int(scores[i, j])) for i, j in np.argwhere(counts)]
    pairs.sort(key=lambda pair: (-pair.similarity, pair.child, pair.relative))
    notes += _one_person(child, person, pairs)
    return _Draft(person, _spread(scores, counts), tuple(pairs), tuple(notes))


def _one_person(child: Person, person: Person, pairs: Sequence[Pair]) -> list[str]:
    """A mistake, or twins, where a photo of each is recognised as the other; two faces of a picture are two people."""
    best, other = child.photos[pairs[0].child], person.photos[pairs[0].relative]
    if pairs[0].similarity < THRESHOLD or best.digest == other.digest:
        return []
    return [f"{best.label} and {other.label} look like one person: check who is who."]


def _spread(scores: NDArray[np.int64], counts: NDArray[np.bool_]) -> _Spread:
    kept = np.where(counts, scores, 0)
    total, number = int(kept.sum()), int(counts.sum())

    def without(axis: int) -> dict[int, int]:
        """By photo, the mean of the pairs that it is not in; nothing of a photo that is in all of them or in none."""
        sums, numbers = kept.sum(axis=axis).tolist(), counts.sum(axis=axis).tolist()
        parts = enumerate(zip(sums, numbers, strict=True))
        return {photo: ((total - s) << FINER) // (number - n) for photo, (s, n) in parts if number > n > 0}

    child, relative = without(1), without(0)
    return _Spread((total << FINER) // number, tuple(child), tuple(child.values()), tuple(relative.values()))


def _variance(without: Sequence[int], photo_deviation: int) -> int:
    """Of the mean over this side's photos, in (1/2^46)²; `without` are the means with one photo left out.

    (m − 1)²·Σ(θ₍ᵢ₎ − θ̄)² is Σ(xᵢ − x̄)² of the photos' own means; θ̄ is multiplied out, so that nothing is rounded before
    the only division.
    """
    m = max(1, len(without))
    squares = 0
    if m > 1:
        total = sum(without)
        squares = (m - 1) ** 2 * sum((m * value - total) ** 2 for value in without)  # in 1/m²
    prior = PRIOR * (photo_deviation << FINER) ** 2
    return (prior * m * m + squares) // (m * m * m * (PRIOR + m - 1))


def _is_ahead(first: _Spread, second: _Spread, calibration: Calibration) -> bool:
    """Whether the difference of two relatives is beyond what other photos would make of it; the child's are shared."""
    if first.child_photos == second.child_photos:
        child = tuple(a - b for a, b in zip(first.without_child, second.without_child, strict=True))
        shared = _variance(child, calibration.photo_deviation)
    else:
        shared = sum(_variance(spread.without_child, calibration.photo_deviation) for spread in (first, second))
    own = sum(_variance(spread.without_relative, calibration.photo_deviation) for spread in (first, second))
    difference = first.mean - second.mean
    return difference * difference * REACH_SQUARED[1] > REACH_SQUARED[0] * (shared + own)


def _relative(place: int, draft: _Draft, clear: bool, calibration: Calibration) -> Relative:
    spread = draft.spread
    sides = (spread.without_child, spread.without_relative)
    variance = sum(_variance(side, calibration.photo_deviation) for side in sides)
    half = isqrt(variance * REACH_SQUARED[0] // REACH_SQUARED[1]) >> FINER
    similarity = spread.mean >> FINER
    low, middle, high = (calibration.permille(similarity + away) for away in (-half, 0, half))
    deviation = isqrt(variance) >> FINER
    least, most = calibration.measured
    likeness = Likeness(middle, low, high, similarity - half < least, similarity + half > most)
    notes = (*draft.notes, *_beyond(likeness))
    return Relative(place, draft.person, likeness, similarity, deviation, clear, draft.pairs, notes)


def _beyond(likeness: Likeness) -> list[str]:
    notes = []
    if likeness.above:
        notes.append(f"The range has no upper end: {percent(likeness.high)} % is the most that this calibration says.")
    if likeness.below:
        notes.append(f"The range has no lower end: {percent(likeness.low)} % is the least that this calibration says.")
    return notes


def _notes(people: Sequence[Person]) -> tuple[str, ...]:
    poor = [
        f"{person.name}: {photo.label} ({', '.join(photo.reasons) or 'hardly usable'})"
        for person in people
        for photo in sorted(person.photos, key=lambda photo: photo.key)
        if not photo.usable
    ]
    few = [person.name for person in people if len(person.photos) < 3]
    notes = []
    if few:
        notes.append(f"Fewer than three photos of {', '.join(few)}: more of them make the answer steadier.")
    if poor:
        notes.append(f"Photos that say little: {'; '.join(poor)}.")
    return tuple(notes)
