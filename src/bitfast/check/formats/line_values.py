"""Two lines of text compared value by value: which numbers and words differ, and where they stand."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bitfast.check.formats.base import EXACT
from bitfast.check.formats.numbers import TOKEN, parse, within
from bitfast.words import Tolerance

_SHORT = 1000  # characters


@dataclass(frozen=True)
class Value:
    """A value that differs within a line: which one, where it begins, and the two texts. Index -1: no value, but
    what stands between two."""

    index: int
    column: int
    reference: str
    target: str


def tokens(line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values of a line and the stretches around them, one more of these."""
    return _short_tokens(line) if len(line) < _SHORT else _tokens(line)


def _tokens(line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = list(TOKEN.finditer(line))
    ends = [0, *(each.end() for each in found)]
    starts = [*(each.start() for each in found), len(line)]
    return tuple(each.group() for each in found), tuple(line[a:b] for a, b in zip(ends, starts, strict=True))


_short_tokens = functools.lru_cache(maxsize=512)(_tokens)  # the search for inserted lines asks again and again


def same_value(reference: str, target: str, tolerance: Tolerance) -> bool:
    """Whether two values count as equal: numbers within the tolerance, everything else when it is the same text."""
    if reference == target:
        return True
    if tolerance.exact:
        return False
    left, right = parse(reference), parse(target)
    return left is not None and right is not None and within(left, right, tolerance)


def alike(reference: str, target: str, tolerance: Tolerance, masked: frozenset[int]) -> bool:
    """Whether two lines have the same words and, within the tolerance, the same numbers at all places not masked."""
    ours, theirs = tokens(reference)[0], tokens(target)[0]
    if not ours and not theirs:
        return reference.split() == target.split()
    return len(ours) == len(theirs) and all(
        index in masked or same_value(left, right, tolerance)
        for index, (left, right) in enumerate(zip(ours, theirs, strict=True))
    )


def line_differences(
    reference: str, target: str, tolerance: Tolerance = EXACT, masked: frozenset[int] = frozenset()
) -> list[Value]:
    """The values in which two lines differ. Space beside a masked or differing value, or beside any number where
    there is a tolerance, does not count: it depends on the number of digits."""
    ours, our_gaps = tokens(reference)
    theirs, their_gaps = tokens(target)
    if len(ours) != len(theirs):
        return _unequal(ours, our_gaps, theirs, tolerance, masked)
    differs = [
        index not in masked and not same_value(left, right, tolerance)
        for index, (left, right) in enumerate(zip(ours, theirs, strict=True))
    ]
    loose = [
        differs[index] or index in masked or (not tolerance.exact and parse(value) is not None)
        for index, value in enumerate(ours)
    ]
    found: list[Value] = []
    column = 1
    for index, (our_gap, their_gap) in enumerate(zip(our_gaps, their_gaps, strict=True)):
        if our_gap != their_gap:
            beside = index > 0 and loose[index - 1], index < len(ours) and loose[index]
            if _trimmed(our_gap, *beside) != _trimmed(their_gap, *beside):
                found.append(Value(-1, column, our_gap, their_gap))
        column += len(our_gap)
        if index < len(ours):
            if differs[index]:
                found.append(Value(index, column, ours[index], theirs[index]))
            column += len(ours[index])
    return found


def _trimmed(gap: str, left: bool, right: bool) -> str:
    gap = gap.lstrip() if left else gap
    return gap.rstrip() if right else gap


def _unequal(
    ours: Sequence[str], gaps: Sequence[str], theirs: Sequence[str], tolerance: Tolerance, masked: frozenset[int]
) -> list[Value]:
    """The differing values of two lines with unequal numbers of them: what is left between the ends that agree."""
    begin, end, count = 0, 0, min(len(ours), len(theirs))
    while begin < count and same_value(ours[begin], theirs[begin], tolerance):
        begin += 1
    while end < count - begin and same_value(ours[-1 - end], theirs[-1 - end], tolerance):
        end += 1
    column = 1 + sum(map(len, ours[:begin])) + sum(map(len, gaps[: begin + 1]))
    found = []
    pairs = zip_longest(ours[begin : len(ours) - end], theirs[begin : len(theirs) - end], fillvalue="")
    for index, (left, right) in enumerate(pairs, begin):
        if index not in masked and not same_value(left, right, tolerance):
            found.append(Value(index, column, left, right))
        column += len(left) + (len(gaps[index + 1]) if index + 1 < len(gaps) else 0)
    return found
