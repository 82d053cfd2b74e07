"""What a format is: how two files of one kind are compared, value by value, in bounded memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar

from bitfast.words import FirstDifference, Tolerance

Number = TypeVar("Number", int, float)
Key = tuple[int | str, ...]
"""A place in the reference's output as its format names it; what a mask matches."""

EXACT = Tolerance()

BLOCK = 1 << 20
"""Bytes read at a time."""
SHOWN = 240
"""Characters of an output that a message quotes at most."""


class Broken(Exception):
    """The file is not what its name says; it is compared as raw bytes then. The text says why."""


@dataclass(frozen=True)
class Settings:
    """What counts: places that are masked, and how far numbers may lie apart. Who only asks whether two outputs are
    the same sets `counting` to False: parts that are equal may then be passed over with no count of their values.
    With `written`, formats that can write one value in several ways compare how it is written, too."""

    tolerance: Tolerance = EXACT
    masked: frozenset[Key] = frozenset()
    counting: bool = True
    written: bool = False


@dataclass(frozen=True)
class Spot:
    """One place where two outputs differ."""

    key: Key
    where: str
    reference: str
    target: str
    lines: tuple[str, str] = ("", "")  # in text, the lines of both sides around it


@dataclass(frozen=True)
class Part:
    """What was found in one stretch of two outputs. A format yields parts; their sum is the difference."""

    values: int
    differing: int = 0
    first: FirstDifference | None = None
    max_ulp: int | None = None
    max_relative: float | None = None
    spots: tuple[Spot, ...] = ()
    note: str = ""


class Format(ABC):
    """One format, one file in this folder."""

    name: ClassVar[str]
    order: ClassVar[int] = 0
    """Formats with a smaller number are asked first whether they recognize an output."""

    @abstractmethod
    def recognizes(self, name: str, path: Path) -> bool:
        """Whether an output of this name with these bytes looks like this format."""

    @abstractmethod
    def compare(self, reference: Path, target: Path, settings: Settings) -> Iterator[Part]:
        """The parts of the comparison in the order of the file. Raises Broken when a file cannot be read as this
        format; what was yielded until then is void."""

    def says_something(self, path: Path, masked: frozenset[Key]) -> bool:
        """Whether anything that can be compared is left when these places are masked."""
        try:
            return any(part.values for part in self.compare(path, path, Settings(masked=masked)))
        except Broken:
            return path.stat().st_size > 0


def same_bytes(reference: Path, target: Path) -> bool:
    """Whether two files hold the same bytes; reads both once at most."""
    if reference.stat().st_size != target.stat().st_size:
        return False
    with reference.open("rb") as left, target.open("rb") as right:
        while block := left.read(BLOCK):
            if block != right.read(BLOCK):
                return False
    return True


def largest(numbers: Iterable[Number | None]) -> Number | None:
    """The largest of those that are known."""
    return max((number for number in numbers if number is not None), default=None)


def shown(text: str) -> str:
    """A stretch of an output as a message quotes it: printable, one line, not too long."""
    printable = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").rstrip("\r\n")
    return printable if len(printable) <= SHOWN else printable[: SHOWN - 1] + "…"
