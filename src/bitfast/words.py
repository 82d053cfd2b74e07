"""The words that the stages of `bitfast check` exchange: plain frozen data, no behaviour with side effects.

Each stage takes some of these and returns others; docs/how-check-works.md says which.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class BitfastError(Exception):
    """An error for the user: what was tried, what happened, what to do next.

    `exit_status` is what the command ends with: 2 the call or the configuration is wrong, 3 one side does not build
    or run, 4 the program does not repeat itself.
    """

    def __init__(self, message: str, *, next_step: str = "", exit_status: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.exit_status = exit_status


class Side(enum.StrEnum):
    REFERENCE = "reference"
    TARGET = "target"


class Certainty(enum.StrEnum):
    PROVED = "proved"
    """Switching the cause off at these places alone restores the answer."""
    INDICATED = "indicated"
    """Source, sanitizer or symbol table point there; no experiment was possible."""


@dataclass(frozen=True, order=True)
class Place:
    """Where a cause acts. `file` is relative to the project's root, with `/`; line and column count from 1, 0 means
    the whole."""

    file: str
    line: int = 0
    column: int = 0
    function: str = ""

    def __str__(self) -> str:
        where = self.file + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")
        return f"{where} ({self.function})" if self.function else where


@dataclass(frozen=True)
class Unit:
    """One translation unit as the build compiled it: one call of the compiler for one source file."""

    source: str  # relative to the root; absolute where the build compiles a file from elsewhere
    language: str  # "c", "c++" or "fortran"
    directory: Path  # where the compiler ran
    compiler: str  # the name that the build called: "gcc", "c++", "gfortran", …
    arguments: tuple[str, ...]  # the compiler's arguments without -c, -o OUTPUT and the source file
    output: Path  # the object it wrote
    headers: tuple[str, ...] = ()  # files of the project that it includes, relative to the root
    spelled: str = ""  # the source's name as the build gave it to the compiler, from `directory`


@dataclass(frozen=True)
class Edit:
    """A change of one stretch of a source file: bytes [start, end).

    Either the stretch is wrapped (`before` goes in at start, `after` at end, what lies between stays and may be edited
    by other edits), or, when `replacement` is not None, it is replaced. No edit adds or removes a line break, so that
    line numbers keep their meaning.
    """

    file: str
    start: int
    end: int
    before: str = ""
    after: str = ""
    replacement: str | None = None


@dataclass(frozen=True)
class SourceEdits:
    """Switches a cause off by changing the source. `preludes` maps a file to C text that its edits need above them
    (definitions of static inline functions that use no header); equal preludes are written once."""

    edits: tuple[Edit, ...]
    preludes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Flags:
    """Switches a cause off in whole translation units by compiler options, put behind the build's own."""

    flags: tuple[str, ...]


@dataclass(frozen=True)
class Sites:
    """Switches a cause off at sites that the compiler plugin knows: (`fma` or `call`, key of the site)."""

    kind: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Environment:
    """Switches a cause off when the program runs or is linked: environment variables and link options."""

    variables: tuple[tuple[str, str], ...] = ()
    link_flags: tuple[str, ...] = ()


Action = SourceEdits | Flags | Sites | Environment


class Sides(enum.StrEnum):
    TARGET = "target"
    """Acts on the target alone and moves it towards the reference's answer as it is (--keep-reference)."""
    BOTH = "both"
    """Acts on both sides and makes them agree on a common answer (--agree)."""


@dataclass(frozen=True)
class Toggle:
    """One cause at one place with what switches it off there. `unit` limits flags and sites to one translation unit
    (its `source`); edits reach every unit that includes the edited file. `reference_action` is what BOTH does to the
    reference when it is not the same as on the target."""

    cause: str
    place: Place
    action: Action
    sides: Sides = Sides.TARGET
    unit: str = ""
    reference_action: Action | None = None
    why: str = ""


@dataclass(frozen=True, order=True)
class Finding:
    """What the source or a tool says of a place, without an experiment."""

    cause: str
    place: Place
    why: str
    advice: str = ""


@dataclass(frozen=True)
class Evidence:
    """What sanitizers and tools saw when the reference ran: (kind, place, message). Kinds are the names of UBSan's
    checks ("float-cast-overflow", "shift", "integer-divide-by-zero", "builtin", …), "valgrind-uninitialised", "tsan".
    `complete` names the kinds that were really looked for; for others nothing follows from their absence."""

    events: tuple[tuple[str, Place, str], ...] = ()
    complete: frozenset[str] = frozenset()

    def places(self, kind: str) -> tuple[Place, ...]:
        return tuple(place for event, place, _ in self.events if event == kind)


@dataclass(frozen=True)
class Site:
    """A place in compiled code that the compiler's plugin can switch: see check/native/sites.cc."""

    kind: str  # "fma" or "call"
    unit: str  # the translation unit's source
    key: str
    place: Place
    detail: str  # "scalar" or "vector"; the name of the function that is called


@dataclass(frozen=True)
class SideInfo:
    """Which build and machine gave an answer."""

    target: str  # triple
    compiler: str  # "gcc 12.2.0"
    libc: str
    runner: str  # "this machine", "qemu-aarch64 7.2 -cpu neoverse-n1", "ssh://host"
    cpu: str


@dataclass(frozen=True)
class Context:
    """What a cause may look at: the sources as the target's build has them, both sides' units, the evidence."""

    root: Path  # the target's private copy of the tree, unedited
    units: tuple[Unit, ...]
    reference_units: tuple[Unit, ...]
    target: str
    include_directories: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # language → system include paths of the target
    evidence: Evidence = Evidence()
    sites: tuple[Site, ...] = ()
    reference_has_fma: bool = False  # the reference's own build fuses too (-march=native, -mfma)


@dataclass(frozen=True)
class FirstDifference:
    """The first place where two outputs part. Which of the fields are set depends on the format."""

    line: int | None = None
    column: int | None = None
    offset: int | None = None  # bytes from the start
    path: str = ""  # JSON pointer, CSV column, array index, pixel
    reference: str = ""
    target: str = ""


@dataclass(frozen=True)
class Difference:
    """How one output differs."""

    output: str  # "stdout", "exit status", or a file's name
    format: str  # "text", "csv", "json", "numpy", "image", "bytes"
    values: int  # values compared
    differing: int  # values that differ beyond the tolerance
    first: FirstDifference
    max_ulp: int | None = None  # largest distance among differing float64 values; None where nothing was numeric
    max_relative: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Tolerance:
    """The user's own choice of what counts as equal for numbers; zero everywhere means exact."""

    ulp: int = 0
    relative: float = 0.0
    absolute: float = 0.0

    @property
    def exact(self) -> bool:
        return self == Tolerance()


EXACT = Tolerance()


@dataclass(frozen=True)
class Masked:
    """A part of an output that does not repeat on one chip and is therefore not compared."""

    output: str
    where: str  # "line 3, value 2"
    examples: tuple[str, ...]  # what successive runs of the reference gave there
    reason: str = ""  # "time", "address", "process id", "random seed", "threads", where it could be found


@dataclass(frozen=True)
class NamedCause:
    cause: str
    certainty: Certainty
    places: tuple[Place, ...]
    why: str


@dataclass(frozen=True)
class Hindrance:
    cause: str
    places: tuple[Place, ...]
    advice: str


@dataclass(frozen=True)
class CureResult:
    patch: str  # unified diff, applies with `patch -p1` at the project's root
    places: int  # where causes act and are switched off: the patch may do several with one change
    verified: bool
    sides: Sides
    cost: float | None = None  # time with the cure / without, natively on the reference; None for runs too short
    instruction_cost: float | None = None  # the same for instructions executed on the target under QEMU
    description: str = ""


class Verdict(enum.StrEnum):
    SAME = "same"
    DIFFERS = "differs"
    CURED = "cured"
    NONDETERMINISTIC = "nondeterministic"
    NOT_BUILT = "not-built"
    NOT_RUN = "not-run"


EXIT_STATUS: Mapping[Verdict, int] = {
    Verdict.SAME: 0,
    Verdict.CURED: 0,
    Verdict.DIFFERS: 1,
    Verdict.NOT_BUILT: 3,
    Verdict.NOT_RUN: 3,
    Verdict.NONDETERMINISTIC: 4,
}


@dataclass(frozen=True)
class Step:
    """One thing the search tried: what was switched off, and whether the answer came back."""

    tried: str
    restored: bool | None  # None: it did not build or run
    seconds: float


@dataclass(frozen=True)
class Result:
    """All that a report says of one check."""

    project: str
    verdict: Verdict
    reference: SideInfo
    target: SideInfo
    differences: tuple[Difference, ...] = ()
    masked: tuple[Masked, ...] = ()
    causes: tuple[NamedCause, ...] = ()
    hindrances: tuple[Hindrance, ...] = ()
    cure: CureResult | None = None
    tolerance: Tolerance = Tolerance()
    translated_flags: tuple[str, ...] = ()  # "-march=native → -mcpu=neoverse-n1"
    steps: tuple[Step, ...] = ()
    commands: tuple[str, ...] = ()  # what repeats it by hand
    notes: tuple[str, ...] = ()
    source_lines: Mapping[str, str] = field(default_factory=dict)  # str(Place without function) → the source line
    side_by_side: tuple[
        tuple[str, str, str], ...
    ] = ()  # (where, reference's text, target's text) of the first differing lines
    seconds: float = 0.0
