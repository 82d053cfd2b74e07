"""How well a face can be recognised: its size, sharpness and pose, in integers, and what is not enough."""

from __future__ import annotations

from bitfast_faces import native
from bitfast_faces.types import UNITS_PER_PIXEL, Box, Pixels, Point, Quality

# Below these a template says little: the aligned face has 150 pixels a side, of which a box of 36 fills a tenth of the
# area with detail; a blur of 4 pixels' radius there leaves a sharpness of about 10; at a pose
# of 120, about 45 degrees, an eye is nearly hidden.
LEAST_SIDE, LEAST_SHARPNESS, MOST_POSE = 36, 10, 120


def pose(keypoints: tuple[Point, ...]) -> int:
    """How far the face is turned: the nose's distance from the eyes' perpendicular bisector, in percent of half the
    eyes' distance, rounded down; 0 is straight ahead, 100 and more a profile."""
    right, left, nose = keypoints[:3]
    across = left.x - right.x, left.y - right.y
    length = across[0] ** 2 + across[1] ** 2
    if length == 0:
        return 1000
    # Twice the nose's place from the middle between the eyes, along the line through them.
    along = (2 * nose.x - right.x - left.x) * across[0] + (2 * nose.y - right.y - left.y) * across[1]
    return min(100 * abs(along) // length, 1000)


def assess(box: Box, keypoints: tuple[Point, ...], chip: Pixels) -> Quality:
    """The quality of a face with this box and these keypoints whose aligned picture is `chip` (150, 150, 3)."""
    side = max(box.width, box.height) // UNITS_PER_PIXEL
    sharp, turned = native.sharpness(native.gray(chip)), pose(keypoints)
    reasons = []
    if side < LEAST_SIDE:
        reasons.append(f"the face is only {side} pixels large; {LEAST_SIDE} are needed")
    if sharp < LEAST_SHARPNESS:
        reasons.append("the face is blurred")
    if turned > MOST_POSE:
        reasons.append("the face is turned away")
    return Quality(side, sharp, turned, not reasons, tuple(reasons))
