"""How well a face can be recognised: its size, sharpness and pose, in integers, and what is not enough."""

from __future__ import annotations

import numpy as np

from bitfast_faces import native
from bitfast_faces.types import UNITS_PER_PIXEL, Box, Pixels, Point, Quality

# Below these a template says little (`python -m bench.faces.quality` prints what blur and darkness do): faces in focus
# have a sharpness of 13 and more, a blur by 2 of 150 pixels leaves 1 to 8, and templates begin to move; their contrast,
# the brightness's variance, is 700 and more; at a pose of 120 the nose's tip is beyond an eye.
LEAST_SIDE, LEAST_SHARPNESS, LEAST_CONTRAST, MOST_POSE = 36, 3, 25, 120
SHARPNESS_UNIT = 1000


def pose(keypoints: tuple[Point, ...]) -> int:
    """How far the face is turned: the nose's distance from the eyes' perpendicular bisector, in percent of half the
    eyes' distance, rounded down; 0 is straight ahead, at 100 the nose's tip is level with an eye."""
    right, left, nose = keypoints[:3]
    across = left.x - right.x, left.y - right.y
    length = across[0] ** 2 + across[1] ** 2
    if length == 0:
        return 1000
    # Twice the nose's place from the middle between the eyes, along the line through them.
    along = (2 * nose.x - right.x - left.x) * across[0] + (2 * nose.y - right.y - left.y) * across[1]
    return min(100 * abs(along) // length, 1000)


def sharpness(chip: Pixels) -> tuple[int, int]:
    """Sharpness and contrast of an aligned face (150, 150, 3), both rounded down.

    Contrast is the variance of its brightness; sharpness the mean square of its second differences in thousandths of
    that, for light and exposure change both alike."""
    brightness = native.gray(chip)
    values = brightness.astype(np.int64)
    contrast = int(values.size * (values * values).sum() - values.sum() ** 2) // values.size**2
    return native.sharpness(brightness) * SHARPNESS_UNIT // max(contrast, 1), contrast


def assess(box: Box, keypoints: tuple[Point, ...], chip: Pixels) -> Quality:
    """The quality of a face with this box and these keypoints whose aligned picture is `chip` (150, 150, 3)."""
    side = max(box.width, box.height) // UNITS_PER_PIXEL
    (sharp, spread), turned = sharpness(chip), pose(keypoints)
    reasons = []
    if side < LEAST_SIDE:
        reasons.append(f"the face is only {side} pixels large; {LEAST_SIDE} are needed")
    if spread < LEAST_CONTRAST:
        reasons.append("the face has hardly any contrast")
    elif sharp < LEAST_SHARPNESS:
        reasons.append("the face is blurred")
    if turned > MOST_POSE:
        reasons.append("the face is turned away")
    return Quality(side, sharp, turned, not reasons, tuple(reasons))
