"""Finds faces with BlazeFace: in windows over the picture with the long-range network, then each once more, close up.

The networks give floating-point numbers; they become integers (1/64 pixel, 1/1024 logit) at once, and everything that
decides afterwards, overlap and mean included, is in integers.

BlazeFace (Bazarevsky et al., 2019, arXiv:1907.05047) has 896 anchors: two at each of 16 × 16 places and six at each of
8 × 8. An anchor gives a logit, a centre and a size, and six keypoints, all in pixels of the network's input from the
anchor's place. Overlapping answers are averaged, as the paper does in place of suppressing them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import bitfast as bf
from bitfast_faces import native
from bitfast_faces.runtime import Model
from bitfast_faces.types import UNITS_PER_PIXEL, Box, Pixels, Point

SCORE_UNIT = 1024
# The first look lets doubtful faces (probability 0.5 and more) through; the close look, where BlazeFace is at its best,
# decides (0.73 and more).
FIRST_SCORE, CLOSE_SCORE = 0, 1024
# The long-range network finds faces from 1/20 of its window on; smaller ones need a window of a third.
SMALLEST_SHARE, WINDOW_RATIO = 20, 3
# Windows share a fifth of their side, four times the smallest share: what one cuts, its neighbour has whole.
STEP_NUMERATOR, STEP_DENOMINATOR = 4, 5
# The close look is a square of 2.5 times the box's longer side.
CLOSE_NUMERATOR, CLOSE_DENOMINATOR = 5, 2
BORDER = (0, 0, 0)
FARTHEST = 1 << 28
"""No place is farther away, in 1/64 pixel: ten times an area of twice as much a side stays below 2^63."""


@dataclass(frozen=True, slots=True)
class Window:
    """A square of the picture, in 1/64 pixel."""

    left: int
    top: int
    side: int


@dataclass(frozen=True, slots=True)
class Detection:
    """What the detector says of one face; units as in `types.Face`."""

    score: int
    box: Box
    keypoints: tuple[Point, ...]


def _anchors() -> NDArray[np.float64]:
    """The 896 anchors' places, (896, 2), as shares of the window; sixteenths and their halves, exact."""
    places = []
    for cells, count in ((16, 2), (8, 6)):
        centres = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 2)
        places.append(np.repeat(grid, count, axis=0))
    return np.concatenate(places)


class Detector:
    """One of BlazeFace's two networks. `look` gives the anchors' answers in one window, as integers."""

    def __init__(self, model: Model, side: int) -> None:
        self._model, self._side, self._anchors = model, side, _anchors()

    def tensor(self, pixels: Pixels, window: Window) -> NDArray[np.float32]:
        """The network's input, (1, side, side, 3), from -1 to 1: each value one division and one subtraction."""
        box = Box(window.left, window.top, window.left + window.side, window.top + window.side)
        small = native.resize(pixels, box, self._side, self._side, border=BORDER)
        return (small.astype(np.float32) / np.float32(127.5) - np.float32(1))[None]

    def look(self, pixels: Pixels, window: Window, least: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Scores (n,) and places (n, 16) of the anchors that score at least `least`.

        A place is left, top, right, bottom and six keypoints' x and y, in 1/64 pixel of the picture."""
        outputs = self._model.run({self._model.inputs[0]: self.tensor(pixels, window)})
        logits = np.concatenate([outputs[0][0, :, 0], outputs[1][0, :, 0]]).astype(np.float64)
        scores = _whole(logits * SCORE_UNIT)
        chosen = np.flatnonzero(scores >= least)
        raw = np.concatenate([outputs[2][0], outputs[3][0]])[chosen].astype(np.float64)
        shares = raw.reshape(-1, 8, 2) / self._side
        size = np.abs(shares[:, 1].copy())
        shares += self._anchors[chosen][:, None]
        centre = shares[:, 0].copy()
        shares[:, 0] = centre - size / 2
        shares[:, 1] = centre + size / 2
        places = _whole(shares * window.side) + np.array([window.left, window.top])
        return scores[chosen], places.reshape(-1, 16)


def _whole(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """To the nearest integers; what is no number, or beyond any picture, becomes an end of the range."""
    return np.rint(np.clip(np.nan_to_num(values, nan=-FARTHEST), -FARTHEST, FARTHEST)).astype(np.int64)


def windows(width: int, height: int, smallest: int) -> Iterator[Window]:
    """Windows (sizes in pixels) such that every face of at least `smallest` pixels is large enough in one of them."""
    side = max(width, height) * UNITS_PER_PIXEL
    wide, high = width * UNITS_PER_PIXEL, height * UNITS_PER_PIXEL
    yield Window((wide - side) // 2, (high - side) // 2, side)
    while side > smallest * SMALLEST_SHARE * UNITS_PER_PIXEL:
        side //= WINDOW_RATIO
        for top in _starts(high, side):
            for left in _starts(wide, side):
                yield Window(left, top, side)


def _starts(length: int, side: int) -> list[int]:
    """Where windows of `side` begin so that they cover `length`, overlap as they should, and are centred on it."""
    if length <= side:
        return [(length - side) // 2]
    count = -(-(length - side) * STEP_DENOMINATOR // (side * STEP_NUMERATOR)) + 1
    return [(length - side) * i // (count - 1) for i in range(count)]


def overlaps(places: NDArray[np.int64], box: NDArray[np.int64], numerator: int, denominator: int) -> NDArray[np.bool_]:
    """Which of `places` (n, 4 or more) have an intersection over union with `box` of more than numerator/denominator.

    Exact for a denominator of at most 10."""
    width = np.minimum(places[:, 2], box[2]) - np.maximum(places[:, 0], box[0])
    height = np.minimum(places[:, 3], box[3]) - np.maximum(places[:, 1], box[1])
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    own = (places[:, 2] - places[:, 0]) * (places[:, 3] - places[:, 1])
    both = own + (box[2] - box[0]) * (box[3] - box[1]) - shared
    found: NDArray[np.bool_] = (shared > 0) & (shared * denominator > both * numerator)
    return found


def overlap_exceeds(a: NDArray[np.int64], b: NDArray[np.int64], numerator: int, denominator: int) -> bool:
    """The same of two boxes, in Python's integers: exact whatever the denominator."""
    width = int(min(a[2], b[2])) - int(max(a[0], b[0]))
    height = int(min(a[3], b[3])) - int(max(a[1], b[1]))
    if width <= 0 or height <= 0:
        return False
    shared = width * height
    both = int(a[2] - a[0]) * int(a[3] - a[1]) + int(b[2] - b[0]) * int(b[3] - b[1]) - shared
    return shared * denominator > both * numerator


def merged(scores: NDArray[np.int64], places: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64]]]:
    """One score and place for each group of overlapping answers, the best first.

    The best answer that is left takes all that overlap it by more than 3/10 with it; their mean, weighted by
    probability (in 1/1024, at least 1), rounded down, is the group's place, and the best score its score."""
    order = np.lexsort((*places.T[::-1], -scores))
    weights = np.maximum(1, np.rint(1024 / (1 + bf.exp(-scores / SCORE_UNIT))).astype(np.int64))
    groups = []
    while order.size:
        best = order[0]
        overlapping = overlaps(places[order], places[best], 3, 10)
        overlapping[0] = True
        near, order = order[overlapping], order[~overlapping]
        weight = weights[near]
        groups.append((int(scores[best]), (places[near] * weight[:, None]).sum(axis=0) // weight.sum()))
    return groups


def detect(far: Detector, near: Detector, pixels: Pixels, smallest: int) -> list[Detection]:
    """The faces of at least `smallest` pixels, from the left to the right."""
    height, width = pixels.shape[:2]
    looks = [far.look(pixels, window, FIRST_SCORE) for window in windows(width, height, smallest)]
    first = merged(np.concatenate([look[0] for look in looks]), np.concatenate([look[1] for look in looks]))
    scores, places = [], []
    for _, place in first:
        found = _close_look(near, pixels, place)
        if found is not None:
            scores.append(found[0])
            places.append(found[1])
    if not scores:
        return []
    close = merged(np.array(scores), np.array(places))
    return sorted((_detection(score, place) for score, place in close), key=lambda d: (d.box.left, d.box.top))


def _close_look(near: Detector, pixels: Pixels, place: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]] | None:
    """The same face in a window of its own, or None where the close look does not find it there."""
    size = int(max(place[2] - place[0], place[3] - place[1]))
    if size < 4 * UNITS_PER_PIXEL:
        return None
    side = size * CLOSE_NUMERATOR // CLOSE_DENOMINATOR
    centre_x, centre_y = int(place[0] + place[2]) // 2, int(place[1] + place[3]) // 2
    window = Window(centre_x - side // 2, centre_y - side // 2, side)
    for score, refined in merged(*near.look(pixels, window, CLOSE_SCORE)):
        if overlap_exceeds(refined, place, 3, 10):
            return score, refined
    return None


def _detection(score: int, place: NDArray[np.int64]) -> Detection:
    left, top, right, bottom, *rest = (int(value) for value in place)
    return Detection(
        score, Box(left, top, right, bottom), tuple(Point(*pair) for pair in zip(rest[::2], rest[1::2], strict=True))
    )
