"""NumPy's .npy and .npz files: element against element, ulps in the array's own type, never unpickled."""

from __future__ import annotations

import contextlib
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from bitfast.check.formats.arrays import compared
from bitfast.check.formats.base import BLOCK, Broken, Format, Part, Settings, Spot
from bitfast.check.formats.raw import hidden, merged, stretches
from bitfast.words import FirstDifference


@dataclass(frozen=True)
class _Header:
    shape: tuple[int, ...]
    fortran_order: bool
    dtype: np.dtype[Any]


class NumpyArrays(Format):
    """Keys are (member, begin, end) of elements in the order of the file; a .npy file's member is ""."""

    name = "numpy"
    order = 10

    def recognizes(self, name: str, path: Path) -> bool:
        return name.lower().endswith((".npy", ".npz"))

    def compare(self, reference: Path, target: Path, settings: Settings) -> Iterator[Part]:
        try:
            yield from _members(reference, target, settings)
        except (ValueError, OSError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError) as error:
            raise Broken(f"not a NumPy file: {error}") from None


def _members(reference: Path, target: Path, settings: Settings) -> Iterator[Part]:
    if not zipfile.is_zipfile(reference) and not zipfile.is_zipfile(target):
        with reference.open("rb") as left, target.open("rb") as right:
            yield from _arrays("", left, right, settings)
        return
    with zipfile.ZipFile(reference) as ours, zipfile.ZipFile(target) as theirs:
        for name in dict.fromkeys([*ours.namelist(), *theirs.namelist()]):
            sides = ["present" if name in archive.namelist() else "missing" for archive in (ours, theirs)]
            member = name.removesuffix(".npy")
            if "missing" in sides:
                yield _mismatch(member, sides[0], sides[1], settings)
                continue
            with contextlib.ExitStack() as stack:
                streams = [stack.enter_context(archive.open(name)) for archive in (ours, theirs)]
                yield from _arrays(member, streams[0], streams[1], settings)


def _arrays(member: str, left: IO[bytes], right: IO[bytes], settings: Settings) -> Iterator[Part]:
    ours, theirs = _header(left), _header(right)
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        yield _mismatch(member, f"{ours.dtype}{list(ours.shape)}", f"{theirs.dtype}{list(theirs.shape)}", settings)
        return
    if ours.fortran_order != theirs.fortran_order:
        orders = ["column-major" if each.fortran_order else "row-major" for each in (ours, theirs)]
        yield _mismatch(member, orders[0], orders[1], settings)
        return
    masked = merged(frozenset((key[1], key[2]) for key in settings.masked if key[0] == member))
    note = ""
    if ours.dtype.kind in "fc" and ours.dtype.itemsize in (12, 16, 24, 32) and ours.dtype not in ("c16",):
        note = "long double: compared as bytes, its layout is another on every chip"
    size = max(1, ours.dtype.itemsize)
    count, begin, step = math.prod(ours.shape), 0, max(1, BLOCK // size)
    while begin < count:
        length = min(step, count - begin)
        blocks = [_read(stream, length, ours.dtype) for stream in (left, right)]
        yield _block(member, ours, blocks[0], blocks[1], begin, masked, settings, note)
        begin += length


def _block(
    member: str,
    header: _Header,
    ours: NDArray[Any],
    theirs: NDArray[Any],
    begin: int,
    masked: list[tuple[int, int]],
    settings: Settings,
    note: str,
) -> Part:
    cover = hidden(masked, begin, len(ours))
    found = compared(ours, theirs, settings.tolerance, cover)
    values = len(ours) if cover is None else len(ours) - int(np.count_nonzero(cover))
    count = int(np.count_nonzero(found.differs))
    if not count:
        return Part(values)
    at = int(np.argmax(found.differs))
    first = FirstDifference(
        path=_named(member, header, begin + at), reference=_written(ours[at]), target=_written(theirs[at])
    )
    spots = []
    for start, end in stretches(found.differs, 1):
        where = _named(member, header, begin + start)
        where += f" and {end - start - 1} after it" if end - start > 1 else ""
        key = (member, begin + start, begin + end)
        spots.append(Spot(key, where, _written(ours[start]), _written(theirs[start])))
    return Part(values, count, first, found.max_ulp, found.max_relative, tuple(spots), note)


def _mismatch(member: str, ours: str, theirs: str, settings: Settings) -> Part:
    """Arrays that cannot be laid beside each other."""
    if (member, 0, -1) in settings.masked:
        return Part(0)
    where = f"array {member}" if member else "the array"
    first = FirstDifference(path=where, reference=ours, target=theirs)
    spot = Spot((member, 0, -1), where, ours, theirs)
    return Part(1, 1, first, spots=(spot,), note=f"{where}: {ours} against {theirs}")


def _header(stream: IO[bytes]) -> _Header:
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        header = _Header(*np.lib.format.read_array_header_1_0(stream))
    elif version == (2, 0):
        header = _Header(*np.lib.format.read_array_header_2_0(stream))
    else:
        raise Broken(f"NumPy format version {version[0]}.{version[1]}")
    if header.dtype.hasobject:
        raise Broken("it holds pickled Python objects, which are never unpickled")
    return header


def _read(stream: IO[bytes], length: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    data = stream.read(length * dtype.itemsize)
    if len(data) != length * dtype.itemsize:
        raise Broken("the file ends within its array")
    return np.frombuffer(data, dtype) if dtype.itemsize else np.zeros(length, dtype)


def _named(member: str, header: _Header, place: int) -> str:
    """The element as one writes it in Python: name[1, 2]."""
    index = np.unravel_index(place, header.shape, order="F" if header.fortran_order else "C")
    return member + "[" + ", ".join(str(int(each)) for each in index) + "]"


def _written(value: Any) -> str:
    return str(value)
