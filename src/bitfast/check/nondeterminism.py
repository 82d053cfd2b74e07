"""Why a program does not repeat itself on one chip, found by experiments on the reference: each thing that may change
from run to run is held still alone (steady.py), and what repeats then followed it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from bitfast.causes.lexer import Kind
from bitfast.causes.sourcefile import project_files
from bitfast.check.dates import Span, is_calendar
from bitfast.check.laboratory import Bench
from bitfast.check.masks import Masks, learn_masks
from bitfast.check.run import Outcome
from bitfast.check.steady import CONTROL, HOLDS, MOVED, MOVED_SECONDS, Hold, holds
from bitfast.words import Certainty, Context, Masked, NamedCause, Place

_LONGEST_SECONDS = 20.0
"""A program that runs longer is not run again and again to learn why it does not repeat."""
_QUICK_SECONDS = 0.5
"""Up to here even what is known by its looks (a date, a process id) is proved by experiments."""
_MORE_RUNS = 4
_MOST_PLACES = 20

Part = tuple[str, str]
"""An output and where in it."""


@dataclass(frozen=True)
class Settled:
    """What the reference's runs say together. `held` is what both sides are run with from here on; `kept` are all runs
    that the masks were learned from, the one to compare with first."""

    kept: tuple[Outcome, ...]
    masks: Masks
    held: tuple[str, ...] = ()
    causes: tuple[NamedCause, ...] = ()
    notes: tuple[str, ...] = ()

    def with_run(self, outcome: Outcome) -> Settled:
        """The same after one more run."""
        reasons = {(part.output, part.where): part.reason for part in self.masks.listed}
        kept = (*self.kept, outcome)
        return replace(self, kept=kept, masks=_with_reasons(_learned(kept), reasons))


def settle(bench: Bench, first: Outcome, runs: int, context: Context) -> Settled:
    """Run the reference until there are `runs` runs of it, the last with the calendar moved, mask what does not repeat,
    and find out why. Where what does not repeat would be worth comparing, and repeats when some things are held still,
    both sides are to be run with those held."""
    kept = [first]
    while len(kept) < max(2, runs - 1):
        kept.append(bench.run())
    masks = _learned(kept)
    base = _parts(masks)
    moved = bench.run(held=(MOVED.name,))
    new = [part for part in _learned((first, moved)).listed if not _known((part.output, part.where), base)]
    following: set[Part] = set()
    if new and _disturbs(bench, first, base):
        new = []
    elif new and all(_is_date(part, first, moved) for part in new):
        kept.append(moved)
        masks = _with_reasons(_learned(kept), {(part.output, part.where): "time" for part in new})
    else:
        following = {(part.output, part.where) for part in new}
    results = following | {(part.output, part.where) for part in masks.listed if not part.reason}
    if masks.says_nothing:
        results |= _parts(masks)
    varying = results | _parts(masks)
    if not varying or not (results or first.seconds < _QUICK_SECONDS):
        return Settled(tuple(kept), masks)
    if first.seconds > _LONGEST_SECONDS:
        note = f"why parts of the answer do not repeat was not looked for: a run takes {first.seconds:.0f} s"
        return Settled(tuple(kept), masks, notes=(note,))
    return _explained(_Experiments(bench, context), kept, masks, varying, results)


def _explained(
    experiments: _Experiments, kept: list[Outcome], masks: Masks, varying: set[Part], results: set[Part]
) -> Settled:
    """The same with reasons found by experiments, and with things held where that gives more to compare."""
    alone = experiments.alone(varying)
    together = experiments.together({part for part in varying if part not in alone})
    masks = _with_reasons(masks, {part: hold.name for part, hold in alone.items()})
    needed = {hold for part, hold in alone.items() if part in results}
    if any(part in results for part in together[1]):
        needed |= set(together[0])
    if not needed:
        return Settled(tuple(kept), masks, notes=_nothing_found(experiments, results))
    causes = (experiments.cause([hold for hold in HOLDS if hold in needed]),)
    held = tuple(hold.name for hold in HOLDS if hold in needed and hold.portable)
    if not held:
        return Settled(tuple(kept), masks, causes=causes)
    steady = tuple(experiments.run(held, moved) for moved in (False, True, False))
    words = " and ".join(hold.words for hold in holds(held))
    note = f"both sides were run with {words} held still: the answer follows {'it' if len(held) == 1 else 'them'}"
    return Settled(steady, _learned(steady), held, causes, (note,))


def _nothing_found(experiments: _Experiments, results: Iterable[Part]) -> tuple[str, ...]:
    if not results:
        return ()
    tried = ", ".join(hold.words for hold in experiments.tried)
    return (f"parts of the answer do not repeat whatever is held still; tried, alone and together: {tried}",)


class _Experiments:
    """Runs of the reference with things held still, and what varies between them."""

    def __init__(self, bench: Bench, context: Context) -> None:
        self.bench, self.context = bench, context
        self.tried = HOLDS
        self._runs: dict[tuple[str, ...], list[Outcome]] = {}

    def run(self, held: tuple[str, ...], moved: bool) -> Outcome:
        return self.bench.run(held=(*held, MOVED.name) if moved else held)

    def varying(self, held: Sequence[Hold], least: int = 3) -> set[Part] | None:
        """What still varies with these held, over at least so many runs, every second one with the calendar moved (it
        would otherwise repeat within a second); None where the program does not end so."""
        names = tuple(hold.name for hold in held)
        runs = self._runs.setdefault(names, [])
        while len(runs) < least:
            runs.append(self.run(names, moved=len(runs) % 2 == 1))
            if runs[-1].timed_out:
                return None
        return _parts(_learned(runs))

    def alone(self, parts: set[Part]) -> dict[Part, Hold]:
        """Each part with the one thing that makes it repeat; parts for which that is none or undecided are left out.

        What varies only now and then may repeat by luck: where several things seem to do it, all are tried for longer.
        """
        candidates = {part: [hold for hold in self.tried if self._repeats(part, [hold])] for part in parts}
        found = {}
        for part, several in candidates.items():
            if len(several) > 1:
                several = [hold for hold in several if self._repeats(part, [hold], 3 + _MORE_RUNS)]
            if len(several) == 1:
                found[part] = several[0]
        return found

    def together(self, parts: set[Part]) -> tuple[tuple[Hold, ...], set[Part]]:
        """The fewest things that, held together, make as many of these parts repeat as all of them do; and those parts."""
        explained = {part for part in parts if self._repeats(part, self.tried)}
        if not explained:
            return (), set()
        for count in range(2, len(self.tried)):
            for several in combinations(self.tried, count):
                if all(self._repeats(part, several) for part in explained):
                    return several, explained
        return self.tried, explained

    def cause(self, held: Sequence[Hold]) -> NamedCause:
        """The cause that these things are, with the places where the sources ask for them."""
        places = tuple(dict.fromkeys(self._places(held)))[:_MOST_PLACES]
        words = " and ".join(hold.words for hold in held)
        return NamedCause(
            "nondeterminism", Certainty.PROVED, places, f"the answer follows {words}: held still, it repeats"
        )

    def _repeats(self, part: Part, held: Sequence[Hold], least: int = 3) -> bool:
        left = self.varying(held, least)
        return left is not None and not _known(part, left)

    def _places(self, held: Sequence[Hold]) -> Iterable[Place]:
        calls = {name for hold in held for name in hold.calls}
        for file, _ in project_files(self.context):
            for token, after in zip(file.code, file.code[1:], strict=False):
                if token.kind is Kind.WORD and token.text.lower() in calls and _is_use(after.text, token.text):
                    yield file.place(token)


def _is_use(after: str, name: str) -> bool:
    """A call, or the name of a C++ clock or device with what is made of it behind."""
    return after == "(" or (after in ("::", "{") or after.isidentifier()) and name.endswith(("_clock", "_device"))


def _learned(outcomes: Sequence[Outcome]) -> Masks:
    return learn_masks([outcome.answer for outcome in outcomes])


def _parts(masks: Masks) -> set[Part]:
    """What varied; a stopwatch's reading that happened to repeat is masked all the same and counts too."""
    return {(part.output, part.where) for part in masks.listed if len(part.examples) != 1}


def _known(part: Part, others: Iterable[Part]) -> bool:
    """Whether a part is among others or within one, or one of them within it."""
    output, where = part
    if where in ("its name", "the whole file"):
        return any(other in ("its name", "the whole file") for _, other in others)
    return any(
        name == output
        and (
            other.startswith("the whole")
            or where.startswith("the whole")
            or _within(where, other)
            or _within(other, where)
        )
        for name, other in others
    )


def _within(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(f"{outer},")


def _with_reasons(masks: Masks, reasons: dict[Part, str]) -> Masks:
    """The masks with reasons that experiments gave in place of those from looks."""
    listed = tuple(
        replace(part, reason=_REASONS.get(reason, reason))
        if (reason := reasons.get((part.output, part.where)))
        else part
        for part in masks.listed
    )
    return replace(masks, listed=listed)


_REASONS = {"process": "process id", "random": "random seed", "addresses": "address"}


def _disturbs(bench: Bench, first: Outcome, base: set[Part]) -> bool:
    """Whether it is not the calendar but the library that moves it which changes the answer (it must be the first one
    loaded for some sanitizers)."""
    control = bench.run(held=(CONTROL.name,))
    return any(not _known(part, base) for part in _parts(_learned((first, control))))


def _is_date(part: Masked, first: Outcome, moved: Outcome) -> bool:
    if len(part.examples) != 2:
        return False
    return is_calendar(part.examples[0], part.examples[1], _span(first), _span(moved, MOVED_SECONDS))


def _span(outcome: Outcome, moved_seconds: float = 0.0) -> Span:
    """When a run was, by its own calendar: until its status was written."""
    end = max(path.stat().st_mtime for name, path in outcome.answer.outputs.items() if name.startswith("exit status"))
    return end - outcome.seconds + moved_seconds, end + moved_seconds
