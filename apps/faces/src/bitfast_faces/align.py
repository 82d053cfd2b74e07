"""Turns, scales and shifts a face so that its eyes, nose and mouth lie where the embedding network expects them.

The similarity transform with the least squared error (Umeyama, 1991, IEEE PAMI 13:376, without reflection) from the
four keypoints has a closed form in the complex plane; it is computed in exact integers and rounded once a coefficient.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bitfast_faces import native
from bitfast_faces.errors import FacesError
from bitfast_faces.types import UNITS_PER_PIXEL, Pixels, Point

SIDE = 150
MATRIX_UNIT = 65536
# Where dlib's own alignment (five landmarks, padding 1/4) puts the middle of each eye, the nose's tip and the middle of
# the mouth in a picture of 150 × 150, in 1/64 pixel: the eyes from its mean shape, nose and mouth as
# `bench/faces/alignment.py` measures them.
REFERENCE = (Point(3055, 3017), Point(6418, 3016), Point(4737, 5285), Point(4737, 6849))
BORDER = (0, 0, 0)


def transform(keypoints: tuple[Point, ...]) -> NDArray[np.int64]:
    """The matrix (2, 3), in 1/65536 pixel, that leads from the aligned face back to the picture.

    With q the reference and p the keypoints as complex numbers, p ≈ m·q + t, m = Σ (p - p̄)·conj(q - q̄) / Σ |q - q̄|²."""
    points, reference = keypoints[: len(REFERENCE)], REFERENCE
    count = len(reference)
    # Everything times `count`, so that the means are integers.
    q = [(count * r.x - sum(o.x for o in reference), count * r.y - sum(o.y for o in reference)) for r in reference]
    p = [(count * s.x - sum(o.x for o in points), count * s.y - sum(o.y for o in points)) for s in points]
    size = sum(x * x + y * y for x, y in q)
    real = sum(px * qx + py * qy for (px, py), (qx, qy) in zip(p, q, strict=True))
    imaginary = sum(py * qx - px * qy for (px, py), (qx, qy) in zip(p, q, strict=True))
    mean_q = sum(o.x for o in reference), sum(o.y for o in reference)
    mean_p = sum(o.x for o in points), sum(o.y for o in points)
    # t = p̄ - m·q̄, times count·size, in 1/64 pixel.
    shift_x = mean_p[0] * size - (real * mean_q[0] - imaginary * mean_q[1])
    shift_y = mean_p[1] * size - (imaginary * mean_q[0] + real * mean_q[1])
    a, b = _rounded(real * MATRIX_UNIT, size), _rounded(imaginary * MATRIX_UNIT, size)
    c = _rounded(shift_x * MATRIX_UNIT, size * count * UNITS_PER_PIXEL)
    f = _rounded(shift_y * MATRIX_UNIT, size * count * UNITS_PER_PIXEL)
    return np.array([[a, -b, c], [b, a, f]], np.int64)


def _rounded(numerator: int, denominator: int) -> int:
    """To the nearest integer, halves up; the denominator is positive."""
    return (2 * numerator + denominator) // (2 * denominator)


def aligned(pixels: Pixels, keypoints: tuple[Point, ...]) -> Pixels:
    """The face as the embedding network takes it, (150, 150, 3). Raises FacesError where its keypoints coincide."""
    matrix = transform(keypoints)
    if not matrix[:, 0].any():
        raise FacesError("Aligning a face.", "Its keypoints lie in one point.", "Leave this face out.")
    return native.warp(pixels, matrix, SIDE, border=BORDER)
