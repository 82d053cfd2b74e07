"""Pictures for the tests, made by script: scikit-image's astronaut (a NASA portrait, public domain) and noise."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data

Pixels = NDArray[np.uint8]


def portrait() -> Pixels:
    """A woman's portrait, (512, 512, 3), her face about 110 pixels large at (225, 120)."""
    return np.ascontiguousarray(data.astronaut()[:, :, :3])


def head(side: int) -> Pixels:
    """Her head alone, in a square of `side` pixels."""
    return np.asarray(Image.fromarray(portrait()[0:256, 96:352]).resize((side, side), Image.Resampling.LANCZOS))


def crowd(rows: int, columns: int, side: int) -> Pixels:
    """The head again and again, in a grid, each a little different in brightness."""
    one = head(side).astype(np.int64)
    lines = [
        np.concatenate([one * (200 + (7 * (y * columns + x)) % 56) // 256 for x in range(columns)], axis=1)
        for y in range(rows)
    ]
    return np.concatenate(lines).astype(np.uint8)


def noise(height: int, width: int, seed: int = 1) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def encoded(pixels: NDArray[Any], kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()
