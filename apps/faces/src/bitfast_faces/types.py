"""What the stages hand on: frozen, and in integers wherever an answer depends on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNITS_PER_PIXEL = 64
DIMENSIONS = 128

Pixels = NDArray[np.uint8]
Templates = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the upright picture, in 1/64 pixel from its upper left corner."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in 1/64 pixel; right and bottom lie outside it. It may reach over the picture's edge."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def pixels(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in whole pixels, outwards."""
        unit = UNITS_PER_PIXEL
        return self.left // unit, self.top // unit, -(-self.right // unit), -(-self.bottom // unit)


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a face can be recognised: what was measured, and why it is not `usable`.

    `side` is the box's longer side in pixels, `sharpness` the aligned face's (`quality.sharpness`), `pose` how far the
    nose is from the middle between the eyes, in percent of half their distance.
    """

    side: int
    sharpness: int
    pose: int
    usable: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a picture: its box, six keypoints and what the detector gave it.

    The keypoints are the right eye, the left eye, the nose's tip, the mouth's middle, the right and the left ear, right
    and left being the person's own. `score` is the detector's logit in 1/1024: 0 is "as likely as not".
    """

    box: Box
    keypoints: tuple[Point, ...]
    score: int
    quality: Quality


@dataclass(frozen=True)
class Picture:
    """A decoded picture: RGB, upright, (height, width, 3); `digest` is the SHA-256 of the bytes it was decoded from."""

    pixels: Pixels
    digest: str
    name: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """A picture's faces, from the left to the right, and their templates, (faces, 128) int16."""

    picture: Picture
    faces: tuple[Face, ...]
    templates: Templates
