"""Calls libfaces: pictures and templates in integers only. The definitions are in native/*.c and docs/bits.md.

Every call releases the interpreter's lock and shares nothing, so threads may call at the same time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import bitfast_faces
from bitfast_faces.errors import FacesError
from bitfast_faces.types import DIMENSIONS, Box, Pixels, Templates

MOST_PIXELS = 1 << 24  # a side of a picture
MOST_OUTPUT = 1 << 13  # a side of what resize and warp give
MOST_UNITS = 1 << 30  # a box's coordinate, in 1/64 pixel
MOST_STEP = 1 << 27  # a matrix's step, in 1/65536 pixel: 2048 pixels
MOST_OFFSET = 1 << 46


def resize(pixels: Pixels, box: Box, height: int, width: int, border: Sequence[int] = (0, 0, 0)) -> Pixels:
    """A box of a picture in another size: means of areas where it shrinks, linear where it grows.

    `pixels` (h, w, 3) uint8 → (height, width, 3) uint8. The box is in 1/64 pixel and may reach over the edge, where
    everything has the colour `border`. Defined in native/resize.c. ValueError for arguments out of range.
    """
    rows, columns = _picture(pixels)
    corners = (box.left, box.top, box.right, box.bottom)
    if not (box.left < box.right and box.top < box.bottom) or max(map(abs, corners)) > MOST_UNITS:
        raise ValueError(f"a box has left < right, top < bottom and coordinates within ±{MOST_UNITS}, not {box}")
    _output(height)
    _output(width)
    out = np.empty((height, width, 3), np.uint8)
    edges = (ctypes.c_int64 * 4)(*corners)
    _done(
        _library().faces_resize(
            pixels.ctypes.data, rows, columns, edges, _colour(border), height, width, out.ctypes.data
        ),
        "resize a picture",
    )
    return out


def warp(pixels: Pixels, matrix: NDArray[np.int64], side: int, border: Sequence[int] = (0, 0, 0)) -> Pixels:
    """A turned and scaled square of a picture; it may reach over the edge, where everything has the colour `border`.

    `pixels` (h, w, 3) uint8 → (side, side, 3) uint8. `matrix` (2, 3) int64 in 1/65536 pixel takes a place (x, y) of the
    output to one of the picture, both measured from the upper left corner: the first output pixel's centre is (½, ½).
    Defined in native/warp.c. ValueError for arguments out of range.
    """
    rows, columns = _picture(pixels)
    _output(side)
    if not isinstance(matrix, np.ndarray) or matrix.dtype != np.int64 or matrix.shape != (2, 3):
        raise ValueError("a matrix is (2, 3) int64")
    numbers = matrix.ravel().tolist()
    if any(abs(value) > (MOST_OFFSET if at % 3 == 2 else MOST_STEP) for at, value in enumerate(numbers)):
        raise ValueError(f"a matrix has steps within ±{MOST_STEP} and offsets within ±{MOST_OFFSET}")
    out = np.empty((side, side, 3), np.uint8)
    entries = (ctypes.c_int64 * 6)(*numbers)
    _done(
        _library().faces_warp(pixels.ctypes.data, rows, columns, entries, _colour(border), side, out.ctypes.data),
        "cut a face out of a picture",
    )
    return out


def gray(pixels: Pixels) -> NDArray[np.uint8]:
    """Brightness, (h, w, 3) uint8 → (h, w) uint8, by ITU-R BT.601's weights in 1/256, rounded half up."""
    rows, columns = _picture(pixels)
    out = np.empty((rows, columns), np.uint8)
    _library().faces_gray(pixels.ctypes.data, rows * columns, out.ctypes.data)
    return out


def sharpness(brightness: NDArray[np.uint8]) -> int:
    """The mean square of 4·pixel − its four neighbours, over all that have four, rounded down; (h, w) uint8."""
    _array(brightness, np.uint8, 2, "brightness")
    mean: int = _library().faces_sharpness(brightness.ctypes.data, *brightness.shape)
    return mean


def scores(templates: Templates, queries: Templates) -> NDArray[np.int32]:
    """Similarities: (n, 128) and (m, 128) int16 → (m, n) int32, exact for templates (`check_templates`)."""
    count, query_count = _templates(templates), _templates(queries, "queries")
    out = np.empty((query_count, count), np.int32)
    _library().faces_scores(templates.ctypes.data, count, queries.ctypes.data, query_count, out.ctypes.data)
    return out


def nearest(templates: Templates, query: Templates, k: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The k most similar templates, exactly: scores int32 and indices int64, descending, of equal ones the lower first.

    `templates` (n, 128) int16, C-contiguous; `query` (128,) gives two arrays of min(k, n) entries, (m, 128) gives
    (m, min(k, n)) for one pass over the templates. The queries are checked to be templates; do so once for
    `templates` with `check_templates`. ValueError for arguments out of range.
    """
    count = _templates(templates)
    many = query if query.ndim == 2 else query.reshape(1, -1)
    query_count = _templates(many, "a query")
    check_templates(many)
    if k < 0:
        raise ValueError(f"k is at least 0, not {k}")
    k = min(k, count)
    found = np.empty((query_count, k), np.int32)
    indices = np.empty((query_count, k), np.int64)
    if k > 0:
        pointers = found.ctypes.data, indices.ctypes.data
        _library().faces_nearest(templates.ctypes.data, count, many.ctypes.data, query_count, k, *pointers)
    return (found, indices) if query.ndim == 2 else (found[0], indices[0])


def check_templates(templates: Templates) -> None:
    """ValueError, naming the first row of (n, 128) int16 that is no template: −32768 in it, or squares of 2^31 or more.

    Then similarities fit an int32. What `Engine.embed` gives is well within: its squares add up to about 2^30.
    """
    first = _library().faces_first_invalid(templates.ctypes.data, _templates(templates))
    if first >= 0:
        raise ValueError(f"template {first} is none: it has −32768 in it, or its squares add up to 2^31 or more")


def _array(array: NDArray[np.generic], dtype: type[np.generic], dimensions: int, what: str) -> None:
    if not isinstance(array, np.ndarray) or array.dtype != dtype or array.ndim != dimensions:
        given = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
        raise ValueError(f"{what}: an array of {np.dtype(dtype).name} with {dimensions} dimensions, not {given}")
    if not (array.flags.c_contiguous and array.flags.aligned):
        raise ValueError(f"{what}: a C-contiguous, aligned array (numpy.require makes one)")


def _picture(pixels: Pixels) -> tuple[int, int]:
    _array(pixels, np.uint8, 3, "a picture")
    rows, columns, channels = pixels.shape
    if channels != 3 or not 0 < rows <= MOST_PIXELS or not 0 < columns <= MOST_PIXELS:
        raise ValueError(f"a picture is (h, w, 3), h and w from 1 to {MOST_PIXELS}, not {pixels.shape}")
    return rows, columns


def _templates(templates: Templates, what: str = "templates") -> int:
    _array(templates, np.int16, 2, what)
    if templates.shape[1] != DIMENSIONS:
        raise ValueError(f"{what}: {DIMENSIONS} numbers each, not {templates.shape[1]}")
    count: int = templates.shape[0]
    return count


def _output(side: int) -> None:
    if not 0 < side <= MOST_OUTPUT:
        raise ValueError(f"a side of the result is 1 to {MOST_OUTPUT} pixels, not {side}")


def _colour(border: Sequence[int]) -> ctypes.Array[ctypes.c_uint8]:
    if len(border) != 3 or not all(0 <= value <= 255 for value in border):
        raise ValueError(f"a colour is three numbers from 0 to 255, not {tuple(border)}")
    return (ctypes.c_uint8 * 3)(*border)


def _done(missing_memory: int, tried: str) -> None:
    if missing_memory:
        raise FacesError(f"Tried to {tried}.", "There was no memory for it.", "Close other programs and try again.")


@cache
def _library() -> ctypes.CDLL:
    """The library that was installed with the package; an editable installation has it in another folder than this."""
    places = [Path(folder) / "libfaces.so" for folder in bitfast_faces.__path__]
    path = next((place for place in places if place.exists()), None)
    if path is None:
        raise FacesError(
            "Tried to load libfaces.so, which computes on pictures and templates.",
            f"It is not in {' or '.join(str(place.parent) for place in places)}.",
            "Install the package: pip install ./apps/faces, or in a checkout make faces.",
        )
    library = ctypes.CDLL(str(path))
    pointer, number = ctypes.c_void_p, ctypes.c_int64
    picture = [pointer, number, number, pointer, pointer]
    for name, result, arguments in [
        ("faces_resize", ctypes.c_int, [*picture, number, number, pointer]),
        ("faces_warp", ctypes.c_int, [*picture, number, pointer]),
        ("faces_gray", None, [pointer, number, pointer]),
        ("faces_sharpness", number, [pointer, number, number]),
        ("faces_scores", None, [pointer, number, pointer, number, pointer]),
        ("faces_nearest", None, [pointer, number, pointer, number, number, pointer, pointer]),
        ("faces_first_invalid", number, [pointer, number]),
    ]:
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
