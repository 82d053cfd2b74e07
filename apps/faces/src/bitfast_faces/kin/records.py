"""Who is in the photos, and what ranking a child's relatives gives: frozen, and in integers."""

from __future__ import annotations

from dataclasses import dataclass

from bitfast_faces.types import Pixels, Templates

MEANING = (
    "Likeness: of 100 pairs of people who look this much alike, half of all being parent and child, how many are. "
    "50 % is a toss-up; the range is where a great many photos of the two would put it, four times in five."
)
ROUGH_MEANING = (
    "Likeness: by a model with rough spreads, not counted: of 100 pairs of people who look this much alike, half of "
    "all being parent and child, about how many would be. The order says more than the figure. "
    "50 % is a toss-up; the range is where a great many photos of the two would put it, four times in five."
)
STATEMENT = (
    "This compares looks. Likeness is not kinship: it can neither show nor rule out who anyone's parents are. "
    "Strangers may look alike, and parents and children often do not."
)


@dataclass(frozen=True, eq=False)
class Photo:
    """One face of one picture.

    `picture` is the name that people see (with folders only where two files share it), `digest` the SHA-256 of the
    picture's bytes, `face` the face's place from the left (0 is the first) among `faces`, `template` (128,) int16,
    `thumbnail` (side, side, 3) uint8.
    """

    picture: str
    digest: str
    face: int
    faces: int
    template: Templates
    usable: bool = True
    reasons: tuple[str, ...] = ()
    thumbnail: Pixels | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Names the face whatever its file is called, so that no order of files changes an answer."""
        return self.digest, self.face

    @property
    def label(self) -> str:
        return self.picture if self.faces == 1 else f"{self.picture}, face {self.face + 1} of {self.faces}"


@dataclass(frozen=True, eq=False)
class Person:
    """A person whom the user named; `role` is what the user said they are to the child, never guessed."""

    name: str
    photos: tuple[Photo, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Of 1000 pairs that look this much alike, half of all being parent and child: how many are, by the calibration.

    Between `low` and `high` a great many photos of the two would put it, four times in five. `below` and `above` say
    that it reaches beyond what was measured: on that side it has no end.
    """

    permille: int
    low: int
    high: int
    below: bool = False
    above: bool = False


def percent(permille: int) -> int:
    """Whole percent, halves up: more figures would claim more than was measured."""
    return (permille + 5) // 10


def span(likeness: Likeness) -> str:
    """The range in words; an end that lies beyond what was measured is none."""
    low, high = percent(likeness.low), percent(likeness.high)
    if likeness.above == likeness.below:
        return f"{low} to {high} %"
    return f"{low} % or more" if likeness.above else f"{high} % or less"


@dataclass(frozen=True, slots=True)
class Pair:
    """A child's photo beside a relative's: places in their `photos`, and the similarity in 1/2^30."""

    child: int
    relative: int
    similarity: int


@dataclass(frozen=True)
class Relative:
    """A relative's place for the child.

    `similarity` is the mean over the pairs that count, `deviation` its standard error, both in 1/2^30 and rounded
    down; `pairs` are those that count, the most alike first; `clear` says whether other photos would hardly put the
    next one ahead.
    """

    rank: int
    person: Person
    likeness: Likeness
    similarity: int
    deviation: int
    clear: bool
    pairs: tuple[Pair, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resemblance:
    """A child's relatives, the most alike first, and what a reader must know beside it.

    `meaning` says of the likeness figures whether they rest on measured spreads or on rough ones.
    """

    child: Person
    relatives: tuple[Relative, ...]
    calibration: str
    notes: tuple[str, ...] = ()
    meaning: str = MEANING
    statement: str = STATEMENT
