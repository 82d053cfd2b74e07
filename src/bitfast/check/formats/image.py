"""Images: sample against sample, named by pixel and channel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bitfast.check.formats.arrays import compared
from bitfast.check.formats.base import Broken, Format, Part, Settings, Spot
from bitfast.check.formats.raw import hidden, merged, stretches
from bitfast.words import FirstDifference

Samples = tuple[str, NDArray[Any]]
"""Mode and samples[row, column, channel] of one frame."""

_SUFFIXES = (".png", ".pgm", ".ppm", ".pbm", ".pnm", ".bmp", ".gif", ".tif", ".tiff", ".jpg", ".jpeg", ".tga", ".webp")
_ROWS_AT_ONCE = 1 << 20  # samples


class Image(Format):
    """Whatever Pillow reads, every frame. Keys are (frame, begin, end) of samples, row by row, channels innermost."""

    name = "image"
    order = 10

    def recognizes(self, name: str, path: Path) -> bool:
        return name.lower().endswith(_SUFFIXES)

    def compare(self, reference: Path, target: Path, settings: Settings) -> Iterator[Part]:
        frame = 0
        for ours, theirs in zip(_frames(reference), _frames(target), strict=False):
            yield from _frame(frame, ours, theirs, settings)
            frame += 1
        counts = _count(reference), _count(target)
        if counts[0] != counts[1]:
            note = f"{counts[0]} frames against {counts[1]}"
            yield _mismatch(frame, f"{counts[0]} frames", f"{counts[1]} frames", note, settings)


def _frame(
    frame: int, ours: tuple[str, NDArray[Any]], theirs: tuple[str, NDArray[Any]], settings: Settings
) -> Iterator[Part]:
    (our_mode, left), (their_mode, right) = ours, theirs
    if left.shape != right.shape or our_mode != their_mode or left.dtype != right.dtype:
        sizes = [f"{array.shape[1]}×{array.shape[0]} {mode}" for mode, array in (ours, theirs)]
        yield _mismatch(frame, sizes[0], sizes[1], f"{sizes[0]} against {sizes[1]}", settings)
        return
    masked = merged(frozenset((key[1], key[2]) for key in settings.masked if key[0] == frame))
    _, width, channels = left.shape
    flat = left.reshape(-1), right.reshape(-1)
    names = our_mode if len(our_mode) == channels else ""
    most = 0.0
    for begin in range(0, len(flat[0]), _ROWS_AT_ONCE):
        blocks = [array[begin : begin + _ROWS_AT_ONCE] for array in flat]
        cover = hidden(masked, begin, len(blocks[0]))
        found = compared(blocks[0], blocks[1], settings.tolerance, cover)
        values = len(blocks[0]) - (0 if cover is None else int(np.count_nonzero(cover)))
        count = int(np.count_nonzero(found.differs))
        if not count:
            yield Part(values)
            continue
        wide = [block[found.differs].astype(np.float64) for block in blocks]
        most = max(most, float(np.nanmax(np.abs(wide[0] - wide[1]))))
        spots = []
        for start, end in stretches(found.differs, channels):
            place = begin + start
            channel = names[place % channels] if names else str(place % channels)
            where = f"frame {frame + 1}, " if frame else ""
            where += f"pixel {place // channels % width},{place // channels // width} channel {channel}"
            spots.append(Spot((frame, place, begin + end), where, str(blocks[0][start]), str(blocks[1][start])))
        first = FirstDifference(path=spots[0].where, reference=spots[0].reference, target=spots[0].target)
        yield Part(values, count, first, found.max_ulp, found.max_relative, tuple(spots))
    if most:
        yield Part(0, note=f"samples differ by {most:g} at most")


def _mismatch(frame: int, ours: str, theirs: str, note: str, settings: Settings) -> Part:
    if (frame, 0, -1) in settings.masked:
        return Part(0)
    first = FirstDifference(path="the image", reference=ours, target=theirs)
    return Part(1, 1, first, spots=(Spot((frame, 0, -1), "the image", ours, theirs),), note=note)


def _count(path: Path) -> int:
    return sum(1 for _ in _frames(path))


def _frames(path: Path) -> Iterator[Samples]:
    """Every frame of an image. Pillow is only loaded when there is an image."""
    try:
        from PIL import Image as pillow
        from PIL import ImageSequence
    except ImportError:
        raise Broken("Pillow is not installed (pip install pillow)") from None
    try:
        with pillow.open(path) as image:
            for frame in ImageSequence.Iterator(image):
                whole = frame.convert("RGBA") if frame.mode in ("P", "PA") else frame
                samples = np.asarray(whole)
                yield whole.mode, samples.reshape(*samples.shape[:2], -1)
    except Exception as error:  # Pillow's decoders raise whatever the bytes lead them to
        raise Broken(f"not a readable image: {error}") from None
