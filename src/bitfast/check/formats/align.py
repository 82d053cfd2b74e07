"""Walks two sequences of records side by side and finds its way again where records were inserted, deleted or replaced.

The window is bounded and so is the memory; where everything differs, looking for the way back is tried ever more
rarely, so that the cost stays linear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

Record = TypeVar("Record")

WINDOW = 64
"""How many records may be missing in a row before the two sides are taken as different from there on."""
_SURE = 3  # records that must agree behind a gap before it is believed
_LONGEST_GALLOP = 8192
_LONGEST_WAIT = 4096


@dataclass(frozen=True)
class Step(Generic[Record]):
    """Equal stretches (`same`), one record against another, or records that only one side has."""

    reference: Sequence[Record]
    target: Sequence[Record]
    same: bool = False


class _Side(Generic[Record]):
    """What was read of one sequence and is not consumed yet."""

    def __init__(self, records: Iterable[Sequence[Record]]) -> None:
        self._batches = iter(records)
        self._read: list[Record] = []
        self._position = 0
        self.ended = False

    def ahead(self, count: int) -> list[Record]:
        """The next records, fewer where the sequence ends."""
        while len(self._read) - self._position < count and not self.ended:
            batch = next(self._batches, None)
            if batch is None:
                self.ended = True
            else:
                self._read = self._read[self._position :] + list(batch)
                self._position = 0
        return self._read[self._position : self._position + count]

    def at_hand(self, count: int) -> list[Record]:
        """The next records that take no reading, one at least unless the sequence ends: records may be large."""
        self.ahead(1)
        return self._read[self._position : self._position + count]

    def take(self, count: int) -> list[Record]:
        taken = self.at_hand(count) if count > WINDOW else self.ahead(count)
        self._position += len(taken)
        return taken


def align(
    reference: Iterable[Sequence[Record]],
    target: Iterable[Sequence[Record]],
    close: Callable[[int, Record, Record], bool],
    blank: Callable[[Record], bool],
) -> Iterator[Step[Record]]:
    """Steps through two sequences given in batches.

    `close(index, reference, target)` says whether two records are the same thing with slightly other values, `index`
    counting the reference's records from 0; `blank` whether a record is too common to recognise a place by.
    """
    left, right = _Side(reference), _Side(target)
    index, gallop, equal_run, skip, wait = 0, 1, 0, 0, 1
    while True:
        ours, theirs = left.at_hand(gallop), right.at_hand(gallop)
        count = min(len(ours), len(theirs))
        if count == 0:
            yield from _rest(left, right)
            return
        equal = count
        if ours[:count] != theirs[:count]:
            equal = next(place for place in range(count) if ours[place] != theirs[place])
        if equal:
            yield Step(left.take(equal), right.take(equal), same=True)
            index += equal
            equal_run += equal
            if equal == count:
                gallop = min(gallop * 2, _LONGEST_GALLOP)
                continue
        gallop = 1
        if equal_run > 2 * _SURE:
            skip, wait = 0, 1
        equal_run = 0
        move = (1, 1)
        if skip:
            skip -= 1
        else:
            found = _way_back(left, right, index, close, blank)
            skip, wait = (0, max(1, wait // 2)) if found else (wait, min(2 * wait, _LONGEST_WAIT))
            move = found or move
        for _ in range(min(move)):
            yield Step(left.take(1), right.take(1))
        missing, extra = move[0] - min(move), move[1] - min(move)
        if missing or extra:
            yield Step(left.take(missing), right.take(extra))
        index += move[0]


def _rest(left: _Side[Record], right: _Side[Record]) -> Iterator[Step[Record]]:
    while records := left.take(_LONGEST_GALLOP):
        yield Step(records, ())
    while records := right.take(_LONGEST_GALLOP):
        yield Step((), records)


def _way_back(
    left: _Side[Record],
    right: _Side[Record],
    index: int,
    close: Callable[[int, Record, Record], bool],
    blank: Callable[[Record], bool],
) -> tuple[int, int] | None:
    """How many records to pass on each side until the two agree again; (1, 1): one record against another."""
    ours, theirs = left.ahead(WINDOW + _SURE + 1), right.ahead(WINDOW + _SURE + 1)
    at_end = len(ours) <= WINDOW + _SURE and len(theirs) <= WINDOW + _SURE
    if close(index, ours[0], theirs[0]):
        return _shift(ours, theirs, blank) or (1, 1)
    for reach in range(1, min(WINDOW, max(len(ours), len(theirs))) + 1):
        for ours_passed, theirs_passed in _moves(reach):
            needed = 1 if ours_passed == theirs_passed else _SURE
            if ours_passed > len(ours) or theirs_passed > len(theirs):
                continue
            agreeing = 0
            behind = range(min(len(ours) - ours_passed, len(theirs) - theirs_passed))
            for place in behind:
                ours_place, theirs_place = ours_passed + place, theirs_passed + place
                if not close(index + ours_place, ours[ours_place], theirs[theirs_place]):
                    break
                agreeing += not blank(ours[ours_place])
                if agreeing == needed:
                    return ours_passed, theirs_passed
            else:  # both sides end together: fewer records are enough
                together = len(ours) - ours_passed == len(theirs) - theirs_passed
                if at_end and together and (agreeing or ours_passed == theirs_passed):
                    return ours_passed, theirs_passed
    return None


def _moves(reach: int) -> Iterator[tuple[int, int]]:
    yield reach, reach
    for other in reversed(range(reach)):
        yield reach, other
        yield other, reach


def _shift(ours: list[Record], theirs: list[Record], blank: Callable[[Record], bool]) -> tuple[int, int] | None:
    """A pure insertion or deletion right here between records so alike that each also resembles its neighbour."""
    if ours[1 : 1 + _SURE] == theirs[1 : 1 + _SURE]:
        return None
    for near, far, sign in ((ours, theirs, 1), (theirs, ours, -1)):
        if near[0] not in far or len(near) < _SURE:
            continue
        for passed in islice(range(1, len(far) - _SURE + 1), WINDOW):
            if far[passed : passed + _SURE] == near[:_SURE] and not all(map(blank, near[:_SURE])):
                return (0, passed) if sign == 1 else (passed, 0)
    return None
