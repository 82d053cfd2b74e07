"""Reads the lines of a file of any size in bounded memory, also where the whole file is one line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from bitfast.check.formats.numbers import TOKEN

LINE_TOKENS = 16384
"""Values in a piece of a very long line. Both sides are cut behind the same number of values, however many digits
each has, so that pieces face each other."""
_BLOCK = 1 << 18
_LONGEST_PIECE = 1 << 20
_MAY_GROW = 2  # values at the end of an unfinished line that the next block may still change: "1.5", "e" → "1.5e-7"


def lines(path: Path) -> Iterator[list[bytes]]:
    """A file's lines with their ends in batches; very long lines in pieces of LINE_TOKENS values."""
    with path.open("rb") as stream:
        rest = b""
        while block := stream.read(_BLOCK):
            *whole, rest = (rest + block).split(b"\n")
            batch: list[bytes] = []
            for line in whole:
                batch += _pieces(line + b"\n", 0)
            *pieces, rest = _pieces(rest, _MAY_GROW)
            batch += pieces
            if batch:
                yield batch
        if rest:
            yield _pieces(rest, 0)


def decoded(line: bytes) -> str:
    """A line as text; bytes that are not UTF-8 are kept as surrogates and so still told apart."""
    return line.decode("utf-8", "surrogateescape")


def _pieces(line: bytes, may_grow: int) -> list[bytes]:
    """A line cut before every LINE_TOKENS-th value. Joined they are the line."""
    if len(line) < 2 * LINE_TOKENS:  # a value and what parts it from the next take two bytes at least
        return [line]
    starts = [each.start() for each in TOKEN.finditer(line.decode("latin-1"))]  # one character is one byte
    cuts = [0, *starts[: len(starts) - may_grow][LINE_TOKENS::LINE_TOKENS], len(line)]
    pieces = [line[begin:end] for begin, end in pairwise(cuts)]
    while len(pieces[-1]) > _LONGEST_PIECE:
        pieces[-1:] = [pieces[-1][:_LONGEST_PIECE], pieces[-1][_LONGEST_PIECE:]]
    return pieces
