"""Which face of this frame is which of the last: integer boxes, the same tracks wherever the frames are the same.

Every track predicts its box at constant velocity. Pairs of a prediction and a box are taken in two rounds, the surest
first: by overlap (intersection over union of at least 3/10, compared as exact fractions), then, for what moved on by
more than its size between two frames, by distance (middles nearer than twice the larger side, sides alike within a
factor of two). Ties go to the older track, then to the earlier box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from bitfast_faces.types import Box

LEAST_OVERLAP = Fraction(3, 10)
FARTHEST = 2  # times the larger of the two sides
LONGEST_PREDICTION = 500  # ms: people turn round; a guess from long ago is worse than the place they were last seen


@dataclass(frozen=True, slots=True)
class Track:
    """One face over time: where it was in the last two frames that showed it, and in how many it was seen."""

    id: int
    box: Box
    at: int
    before: Box
    before_at: int
    sightings: int

    def predicted(self, at: int) -> Box:
        """Where the box would be at `at` (ms) had it gone on as between its last two sightings; rounded down."""
        lapse = self.at - self.before_at
        ahead = min(at - self.at, LONGEST_PREDICTION)
        if lapse <= 0 or ahead <= 0:
            return self.box
        x = (self.box.left + self.box.right - self.before.left - self.before.right) * ahead // (2 * lapse)
        y = (self.box.top + self.box.bottom - self.before.top - self.before.bottom) * ahead // (2 * lapse)
        return Box(self.box.left + x, self.box.top + y, self.box.right + x, self.box.bottom + y)


@dataclass(frozen=True, slots=True)
class Tracks:
    """The tracks that are followed, by falling age, and the number the next one gets."""

    live: tuple[Track, ...] = ()
    next: int = 1


def overlap(a: Box, b: Box) -> Fraction:
    """Intersection over union, exact."""
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    if width <= 0 or height <= 0:
        return Fraction(0)
    both = width * height
    return Fraction(both, a.width * a.height + b.width * b.height - both)


def advance(tracks: Tracks, boxes: Sequence[Box], at: int, lost_after: int) -> tuple[Tracks, list[int]]:
    """The tracks after a frame at `at` (ms) with these boxes, and each box's track number.

    A track that was not seen for more than `lost_after` ms is given up before the frame is looked at.
    """
    kept = [track for track in tracks.live if at - track.at <= lost_after]
    chosen = _pairs(kept, boxes, at)
    numbers: list[int] = []
    following = tracks.next
    new: list[Track] = []
    for index, box in enumerate(boxes):
        if index in chosen:
            numbers.append(kept[chosen[index]].id)
        else:
            new.append(Track(following, box, at, box, at, 1))
            numbers.append(following)
            following += 1
    seen = {position: boxes[index] for index, position in chosen.items()}
    moved = [_moved(track, seen.get(position), at) for position, track in enumerate(kept)]
    return Tracks((*moved, *new), following), numbers


def _moved(track: Track, box: Box | None, at: int) -> Track:
    if box is None:
        return track
    return replace(track, box=box, at=at, before=track.box, before_at=track.at, sightings=track.sightings + 1)


def _pairs(tracks: Sequence[Track], boxes: Sequence[Box], at: int) -> dict[int, int]:
    """Box → position of its track."""
    predicted = [track.predicted(at) for track in tracks]
    by_overlap = [
        (-share, position, index)
        for position, guess in enumerate(predicted)
        for index, box in enumerate(boxes)
        if (share := overlap(guess, box)) >= LEAST_OVERLAP
    ]
    chosen = _surest_first(by_overlap, {})
    by_distance = [
        (distance, position, index)
        for position, guess in enumerate(predicted)
        for index, box in enumerate(boxes)
        if index not in chosen and (distance := _distance(guess, box)) is not None
    ]
    return _surest_first(by_distance, chosen)


def _surest_first(pairs: Sequence[tuple[Fraction | int, int, int]], chosen: dict[int, int]) -> dict[int, int]:
    result = dict(chosen)
    taken = set(result.values())
    for _, position, index in sorted(pairs):
        if position not in taken and index not in result:
            result[index] = position
            taken.add(position)
    return result


def _distance(a: Box, b: Box) -> int | None:
    """Four times the squared distance of the middles; None where they are too far apart or too different in size."""
    small, large = sorted((max(a.width, a.height), max(b.width, b.height)))
    if large > 2 * small:
        return None
    x, y = a.left + a.right - b.left - b.right, a.top + a.bottom - b.top - b.bottom
    squared = x * x + y * y
    return squared if squared < (2 * FARTHEST * large) ** 2 else None
