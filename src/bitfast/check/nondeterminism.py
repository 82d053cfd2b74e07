"""Why a program does not repeat itself on one chip, found by experiments on the reference: each thing that may change
from run to run is held still alone (steady.py), and what repeats then followed it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bitfast.causes.lexer import Kind
from bitfast.causes.sourcefile import project_files
from bitfast.check.compare import same_answers
from bitfast.check.dates import Span, is_calendar
from bitfast.check.laboratory import Bench
from bitfast.check.masks import STOPWATCH_REPEATED, Masks, learn_masks
from bitfast.check.run import Outcome
from bitfast.check.steady import CONTROL, HOLDS, MOVED, MOVED_SECONDS, Hold, holds
from bitfast.words import Certainty, Context, Masked, NamedCause, Place, Tolerance

_LONGEST_SECONDS = 20.0
"""A program that runs longer is not run again and again to learn why it does not repeat."""
_LARGEST_BYTES = 64 << 20
"""Nor one that writes more: every run is kept."""
_QUICK_SECONDS = 0.5
"""Up to here even what is known by its looks (a date, a process id) is proved by experiments."""
_RUNS_TO_BE_SURE = 12
"""A throw of a coin repeats by luck in so many runs once in 2000 times; a race that loses rarely, more often."""
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
        reasons = {
            (part.output, part.where): part.reason for part in self.masks.listed if part.reason != STOPWATCH_REPEATED
        }
        kept = (*self.kept, outcome)
        return replace(self, kept=kept, masks=_with_reasons(_learned(kept), reasons))


def settle(bench: Bench, first: Outcome, runs: int) -> Settled:
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
    disturbed = bool(new or masks.listed) and _disturbs(bench, kept, base)
    if disturbed:
        new = []
    dates: dict[Part, str] = {}
    if new and all(_is_date(part, first, moved) for part in new):
        kept.append(moved)
        dates = {(part.output, part.where): "time" for part in new}
        masks = _with_reasons(_learned(kept), dates)
    else:
        following = {(part.output, part.where) for part in new}
    sure = _RUNS_TO_BE_SURE if first.seconds < _QUICK_SECONDS else _RUNS_TO_BE_SURE // 2
    size = sum(path.stat().st_size for path in first.answer.outputs.values())
    modest = first.seconds < _LONGEST_SECONDS and size < _LARGEST_BYTES
    if any(not part.reason for part in masks.listed) and modest:
        kept += [bench.run() for _ in range(sure - len(kept))]  # a throw of dice may repeat in two runs
        masks = _with_reasons(_learned(kept), dates)
    results = following | {(part.output, part.where) for part in masks.listed if not part.reason}
    if masks.says_nothing:
        results |= _parts(masks)
    varying = results | _parts(masks)
    if not varying or not (results or first.seconds < _QUICK_SECONDS):
        return Settled(tuple(kept), masks)
    if disturbed:
        note = (
            "why parts of the answer do not repeat was not looked for: the library that holds things still changes it"
        )
        return Settled(tuple(kept), masks, notes=(note,))
    if not modest:
        cost = f"{first.seconds:.0f} s and {size >> 20} MiB"
        note = f"why parts of the answer do not repeat was not looked for: a run takes {cost}"
        return Settled(tuple(kept), masks, notes=(note,))
    settled = _explained(_Experiments(bench, sure), kept, masks, varying, results)
    if following and not settled.held:
        settled = settled.with_run(moved)
    return settled


def repeats(bench: Bench, outcome: Outcome, masks: Masks, tolerance: Tolerance) -> bool:
    """Whether two more runs give the same answer as one did within the tolerance, but for what is masked."""
    return all(same_answers(outcome.answer, bench.run().answer, masks, tolerance) for _ in range(2))


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
    steady = tuple(experiments.runs(held, experiments.sure))
    words = " and ".join(hold.words for hold in holds(held))
    note = f"both sides were run with {words} held still, because the answer follows that"
    return Settled(steady, _learned(steady), held, causes, (note,))


def _nothing_found(experiments: _Experiments, results: Iterable[Part]) -> tuple[str, ...]:
    if not results:
        return ()
    tried = ", ".join(hold.words for hold in experiments.tried)
    return (f"parts of the answer do not repeat whatever is held still; tried, alone and together: {tried}",)


class _Experiments:
    """Runs of the reference with things held still, and what varies between them."""

    def __init__(self, bench: Bench, sure: int) -> None:
        self.bench, self.sure = bench, sure
        self.tried = HOLDS
        self._runs: dict[tuple[str, ...], list[Outcome]] = {}

    def runs(self, names: tuple[str, ...], least: int) -> list[Outcome]:
        """At least so many runs with these things held, every second one with the calendar moved: what follows the
        clock would otherwise repeat within a second. Fewer where one does not end."""
        runs = self._runs.setdefault(names, [])
        while len(runs) < least and not any(outcome.timed_out for outcome in runs):
            runs.append(self.bench.run(held=(*names, (MOVED if len(runs) % 2 else CONTROL).name)))
        return runs

    def varying(self, held: Sequence[Hold], least: int = 3) -> set[Part] | None:
        """What still varies with these held; None where the program does not end so."""
        runs = self.runs(tuple(hold.name for hold in held), least)
        return _parts(_learned(runs)) if len(runs) >= least else None

    def alone(self, parts: set[Part]) -> dict[Part, Hold]:
        """Each part with the one thing that makes it repeat; parts for which that is none or undecided are left out."""
        found: dict[Part, list[Hold]] = {}
        for part in sorted(parts):
            quickly = [hold for hold in self.tried if self._repeats(part, [hold])]
            found[part] = [hold for hold in quickly if self._repeats(part, [hold], self.sure)]
        return {part: several[0] for part, several in found.items() if len(several) == 1}

    def together(self, parts: set[Part]) -> tuple[tuple[Hold, ...], set[Part]]:
        """Few things that, held together, make as many of these parts repeat as all do, none of them superfluous; and
        the parts."""
        explained = {part for part in parts if self._repeats(part, self.tried)}
        kept: tuple[Hold, ...] = self.tried if explained else ()
        for hold in reversed(kept):
            rest = tuple(other for other in kept if other is not hold)
            if all(self._repeats(part, rest) for part in explained):
                kept = rest
        return kept, {part for part in explained if self._repeats(part, kept, self.sure)}

    def cause(self, held: Sequence[Hold]) -> NamedCause:
        """The cause that these things are, with the places where the sources ask for them."""
        places = tuple(dict.fromkeys(self._places(held)))[:_MOST_PLACES]
        words = " and ".join(hold.words for hold in held)
        why = f"the answer follows {words}, and repeats once that is held still"
        return NamedCause("nondeterminism", Certainty.PROVED, places, why)

    def _repeats(self, part: Part, held: Sequence[Hold], least: int = 3) -> bool:
        left = self.varying(held, least)
        return left is not None and not _known(part, left)

    def _places(self, held: Sequence[Hold]) -> Iterable[Place]:
        calls = {name for hold in held for name in hold.calls}
        root, rebuilder = self.bench.workspace.activate(self.bench.key), self.bench.rebuilder
        units = tuple(replace(unit, headers=tuple(sorted(rebuilder.headers(unit)))) for unit in rebuilder.units)
        context = Context(root, units, units, self.bench.built.tools.info.target)
        for file, _ in project_files(context):
            for token, after in pairwise(file.code):
                if token.kind is Kind.WORD and token.text.lower() in calls and _is_use(after.text, token.text):
                    yield file.place(token)


def _is_use(after: str, name: str) -> bool:
    """A call, or the name of a C++ clock or device with what is made of it behind."""
    made = after in ("::", "{", ">") or after.isidentifier()
    return after == "(" or (made and name.endswith(("_clock", "_device", "thread")))


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
    alike = [other for name, other in others if name == output]
    if where.startswith("the whole"):
        return bool(alike)
    return any(other.startswith("the whole") or _within(where, other) or _within(other, where) for other in alike)


def _within(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(f"{outer},")


def _with_reasons(masks: Masks, reasons: dict[Part, str]) -> Masks:
    """The masks with reasons that experiments gave; that a time is one of day or of CPU seconds, only looks tell."""
    listed = []
    for part in masks.listed:
        reason = reasons.get((part.output, part.where), "")
        keep = not reason or (part.reason and reason == "time")
        listed.append(part if keep else replace(part, reason=_REASONS.get(reason, reason)))
    return replace(masks, listed=tuple(listed))


_REASONS = {"process": "process id", "random": "random seed", "addresses": "address"}


def _disturbs(bench: Bench, kept: Sequence[Outcome], base: set[Part]) -> bool:
    """Whether the library that holds and moves things changes the answer by being there (some sanitizers must be
    loaded first)."""
    control = bench.run(held=(CONTROL.name,))
    statuses = [tuple(finished.status for finished in outcome.finished) for outcome in (*kept, control)]
    new = any(not _known(part, base) for part in _parts(_learned((kept[0], control))))
    return new or statuses[-1] not in statuses[:-1]


def _is_date(part: Masked, first: Outcome, moved: Outcome) -> bool:
    if len(part.examples) != 2:
        return False
    return is_calendar(part.examples[0], part.examples[1], _span(first), _span(moved, MOVED_SECONDS))


def _span(outcome: Outcome, moved_seconds: float = 0.0) -> Span:
    """When a run was, by its own calendar: until its status was written."""
    end = max(path.stat().st_mtime for name, path in outcome.answer.outputs.items() if name.startswith("exit status"))
    return end - outcome.seconds + moved_seconds, end + moved_seconds
