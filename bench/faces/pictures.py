"""From pictures of one person each to templates: the face nearest to the middle; pictures without one are counted."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bitfast_faces import images, native
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.types import UNITS_PER_PIXEL, Analysis, Box, Picture

SUFFIXES = frozenset(".jpg .jpeg .png .bmp .webp .tif .tiff".split())


@dataclass(frozen=True)
class Templates:
    """Templates (128,) int16 and twelve colour numbers by path; `missed` are pictures without a face or unreadable."""

    faces: dict[Path, NDArray[np.int16]]
    colours: dict[Path, NDArray[np.int64]]
    missed: tuple[Path, ...]


def templates(engine: Engine, paths: Iterable[Path]) -> Templates:
    """Analyses every picture once, and tells how far it is on standard error."""
    wanted = sorted(set(paths))
    faces: dict[Path, NDArray[np.int16]] = {}
    colours: dict[Path, NDArray[np.int64]] = {}
    missed = []
    for number, path in enumerate(wanted, 1):
        if number % 500 == 0:
            print(f"{number} of {len(wanted)} pictures", file=sys.stderr)
        try:
            picture = images.load(path)
        except FacesError as error:
            print(error.happened, path, file=sys.stderr)
            missed.append(path)
            continue
        colours[path] = twelve(picture)
        analysis = _found(engine, picture)
        if analysis is None:
            missed.append(path)
        else:
            faces[path] = analysis.templates[middle(analysis)]
    return Templates(faces, colours, tuple(missed))


def _found(engine: Engine, picture: Picture) -> Analysis | None:
    """The picture's faces; one cut so close that none is found is tried again with a border, enlarged."""
    analysis = engine.analyse(picture)
    if analysis.faces:
        return analysis
    height, width = picture.pixels.shape[:2]
    border = max(height, width) * UNITS_PER_PIXEL // 4
    box = Box(-border, -border, width * UNITS_PER_PIXEL + border, height * UNITS_PER_PIXEL + border)
    scale = 384 * UNITS_PER_PIXEL
    longest = max(box.width, box.height)
    size = (
        max(1, box.height * scale // longest // UNITS_PER_PIXEL),
        max(1, box.width * scale // longest // UNITS_PER_PIXEL),
    )
    analysis = engine.analyse(
        replace(picture, pixels=native.resize(picture.pixels, box, *size, border=(128, 128, 128)))
    )
    return analysis if analysis.faces else None


def middle(analysis: Analysis) -> int:
    """The face whose box's middle is nearest to the picture's, as data sets of one person a picture have it."""
    height, width = (side * UNITS_PER_PIXEL for side in analysis.picture.pixels.shape[:2])
    away = [
        (face.box.left + face.box.right - width) ** 2 + (face.box.top + face.box.bottom - height) ** 2
        for face in analysis.faces
    ]
    return away.index(min(away))


def twelve(picture: Picture) -> NDArray[np.int64]:
    """The mean red, green and blue of the picture's four quarters, rounded down: what light and camera give away."""
    pixels = picture.pixels
    rows, columns = max(1, pixels.shape[0] // 2), max(1, pixels.shape[1] // 2)
    quarters = (
        pixels[y : y + rows, x : x + columns]
        for y in (0, pixels.shape[0] - rows)
        for x in (0, pixels.shape[1] - columns)
    )
    return np.concatenate([part.reshape(-1, 3).sum(axis=0, dtype=np.int64) // (rows * columns) for part in quarters])
