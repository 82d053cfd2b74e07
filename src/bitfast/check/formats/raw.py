"""Bytes of which nothing is known: how many differ, and from where on."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bitfast.check.formats.base import BLOCK, Format, Key, Part, Settings, Spot
from bitfast.words import FirstDifference

_JOINED = 8  # bytes of agreement between two differing stretches that still count as one place
_MOST_PLACES = 1024
_CONTEXT = 8


class Raw(Format):
    """Byte against byte. Keys are (begin, end) of a stretch; end -1 is the end of the file."""

    name = "bytes"
    order = 100

    def recognizes(self, name: str, path: Path) -> bool:
        return True

    def compare(self, reference: Path, target: Path, settings: Settings) -> Iterator[Part]:
        masked = merged(settings.masked)
        with reference.open("rb") as left, target.open("rb") as right:
            begin = 0
            while True:
                ours, theirs = left.read(BLOCK), right.read(BLOCK)
                length = min(len(ours), len(theirs))
                if length:
                    yield _block(ours[:length], theirs[:length], begin, masked)
                begin += length
                if len(ours) != len(theirs) or not ours:
                    break
        sizes = reference.stat().st_size, target.stat().st_size
        if sizes[0] != sizes[1] and not any(end < 0 for _, end in masked):
            extra = abs(sizes[0] - sizes[1])
            first = FirstDifference(offset=begin, reference=f"{sizes[0]} bytes", target=f"{sizes[1]} bytes")
            spot = Spot((begin, -1), f"bytes from {begin} on", first.reference, first.target)
            yield Part(extra, extra, first, spots=(spot,), note=f"{sizes[0]} bytes against {sizes[1]}")


def merged(masked: frozenset[Key]) -> list[tuple[int, int]]:
    """Stretches in order, those that touch joined."""
    stretches: list[tuple[int, int]] = []
    for begin, end in sorted((int(key[0]), int(key[1])) for key in masked):
        if stretches and (stretches[-1][1] < 0 or begin <= stretches[-1][1]):
            previous = stretches[-1]
            stretches[-1] = (previous[0], -1 if end < 0 or previous[1] < 0 else max(end, previous[1]))
        else:
            stretches.append((begin, end))
    return stretches


def hidden(masked: Sequence[tuple[int, int]], begin: int, length: int) -> NDArray[np.bool_] | None:
    """Which of the places begin … begin + length - 1 lie in a masked stretch; None for none."""
    first = max(0, bisect.bisect_left(masked, (begin, 0)) - 1)
    result = None
    for start, end in masked[first:]:
        if start >= begin + length:
            break
        if end >= 0 and end <= begin:
            continue
        result = np.zeros(length, dtype=np.bool_) if result is None else result
        result[max(0, start - begin) : length if end < 0 else end - begin] = True
    return result


def stretches(differs: NDArray[np.bool_], joined: int) -> list[tuple[int, int]]:
    """The stretches in which something differs, as (begin, end); those at most `joined` apart are one, and more than
    a thousand are."""
    places = np.flatnonzero(differs)
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > joined)
    if len(breaks) >= _MOST_PLACES:
        breaks = breaks[:0]
    begins, ends = places[np.r_[0, breaks + 1]], places[np.r_[breaks, len(places) - 1]] + 1
    return [(int(begin), int(end)) for begin, end in zip(begins, ends, strict=True)]


def _block(ours: bytes, theirs: bytes, begin: int, masked: Sequence[tuple[int, int]]) -> Part:
    cover = hidden(masked, begin, len(ours))
    values = len(ours) if cover is None else len(ours) - int(np.count_nonzero(cover))
    if ours == theirs:
        return Part(values)
    differs = np.frombuffer(ours, np.uint8) != np.frombuffer(theirs, np.uint8)
    if cover is not None:
        differs &= ~cover
    count = int(np.count_nonzero(differs))
    if not count:
        return Part(values)
    spots = []
    for start, end in stretches(differs, _JOINED):
        where = f"bytes {begin + start} to {begin + end - 1}"
        stop = min(end, start + _CONTEXT)
        spots.append(Spot((begin + start, begin + end), where, ours[start:stop].hex(" "), theirs[start:stop].hex(" ")))
    at = int(np.argmax(differs))
    first = FirstDifference(
        offset=begin + at, reference=ours[at : at + _CONTEXT].hex(" "), target=theirs[at : at + _CONTEXT].hex(" ")
    )
    return Part(values, count, first, spots=tuple(spots))
