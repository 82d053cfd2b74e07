"""The search: which causes, in which files, functions and lines, have to be switched off for the answers to agree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bitfast.causes import Cause, catalogue
from bitfast.check.laboratory import Laboratory
from bitfast.check.report.wording import count
from bitfast.check.subsets import smallest
from bitfast.words import Context, Evidence, Place, Side, Sides, SourceEdits, Toggle, Unit


@dataclass(frozen=True)
class Explanation:
    """What the search found: the smallest set of toggles that makes the sides agree; empty where none does."""

    toggles: tuple[Toggle, ...]
    context: Context
    tried: tuple[str, ...]  # the causes that were switched off, for the report when nothing helped
    experiments: int
    spent: bool = False  # ended after MOST_EXPERIMENTS: the toggles are enough, but not all may be needed


MOST_HALVINGS = 15
MOST_EXPERIMENTS = 150
"""After so many, what is left is taken apart no further: where hundreds of places matter (a chaotic simulation), every
one of them would cost log2(n) more builds and runs, and a patch that names them all helps nobody."""
GatherEvidence = Callable[[Sequence[str]], Evidence]


class Search:
    """One search. It goes from cheap to dear: compiler switches, then edits of the source, then what changes both
    sides; the first step at which the sides agree is then made as small as it can be."""

    def __init__(
        self, laboratory: Laboratory, context: Context, gather: GatherEvidence, without: Collection[str] = ()
    ) -> None:
        self.laboratory = laboratory
        self.context = context
        self.gather = gather
        self.causes = tuple(cause for cause in catalogue() if cause.name not in without)
        self._fine: dict[tuple[str, tuple[str, ...]], list[Toggle]] = {}
        self._before = 0  # experiments made before a set that is enough was made smaller

    def explain(self) -> Explanation:
        """Run it. Asks for evidence and syntax trees only when the compilers' switches are not enough."""
        enough = self._first_that_agrees()
        if enough is None:
            tried = dict.fromkeys(cause.reported_name for cause in self.causes)
            return Explanation((), self.context, tuple(tried), len(self.laboratory.steps))
        self._before = len(self.laboratory.steps)
        found = self._minimal(enough)
        return Explanation(tuple(found), self.context, (), len(self.laboratory.steps), self._spent())

    # -- from cheap to dear ---------------------------------------------------------------------------------------

    def _first_that_agrees(self) -> list[Toggle] | None:
        switches = {cause.name: self._coarse(cause) for cause in self.causes if cause.tier == 1 and cause.switch}
        for name, toggles in switches.items():
            if toggles and self.laboratory.agrees(toggles, f"{name} off everywhere"):
                return toggles
        together = [toggle for toggles in switches.values() for toggle in toggles]
        if len(switches) > 1 and self.laboratory.agrees(together, "all compiler switches"):
            return together
        kinds = sorted({kind for cause in self.causes for kind in cause.evidence})
        self.context = replace(self.context, evidence=self.gather(kinds))
        target_only = list(together)
        for cause in self.causes:
            if cause.tier == 1:
                continue
            own = self._buildable(
                cause, [t for t in self._fine_toggles(cause, self.context.units) if t.sides is Sides.TARGET], together
            )
            if own and self.laboratory.agrees([*together, *own], f"{cause.reported_name} and all compiler switches"):
                return [*together, *own]
            target_only = _compatible(target_only, own)
        if self.laboratory.agrees(target_only, "every cause that can be switched off on the target alone"):
            return target_only
        both = list(target_only)
        for cause in self.causes:
            own = [t for t in self._widened(cause) if t.sides is Sides.BOTH]
            own = self._buildable(cause, own, [])
            if not own:
                continue
            if self.laboratory.agrees(
                _compatible(own, together), f"{cause.reported_name} off on both sides, and all compiler switches"
            ):
                return _compatible(own, together)
            both = _compatible(own, both)
        if self.laboratory.agrees(both, "every cause, on both sides where the target alone cannot do it"):
            return both
        return None

    def _widened(self, cause: Cause) -> list[Toggle]:
        """The toggles of a cause that change both sides; its compiler switch where it has no finer ones."""
        fine = [t for t in self._fine_toggles(cause, self.context.units) if t.sides is Sides.BOTH]
        if fine or cause.switch is None:
            return fine
        return [replace(toggle, sides=Sides.BOTH) for toggle in self._coarse(cause)]

    def _coarse(self, cause: Cause) -> list[Toggle]:
        """A cause's compiler switch, one toggle per translation unit."""
        if cause.switch is None:
            return []
        sides = Sides.BOTH if cause.switch_sites == "fma" and self.context.reference_has_fma else Sides.TARGET
        languages = cause.languages
        return [
            Toggle(cause.name, Place(unit.source), cause.switch, sides, unit.source, why=cause.summary)
            for unit in self.context.units
            if unit.language in languages
        ]

    def _fine_toggles(self, cause: Cause, units: Sequence[Unit]) -> list[Toggle]:
        key = cause.name, tuple(unit.source for unit in units)
        if key not in self._fine:
            context = replace(self.context, units=tuple(units))
            if cause.switch_sites:
                sites = self.laboratory.sites(Side.TARGET, cause.switch_sites, units)
                if (
                    cause.switch_sites == "call"
                ):  # the reference's calls have the same keys; those only there matter too
                    names = {unit.source for unit in units}
                    there = [unit for unit in self.context.reference_units if unit.source in names]
                    sites += self.laboratory.sites(Side.REFERENCE, cause.switch_sites, there)
                context = replace(context, sites=tuple(dict.fromkeys(sites)))
            self.laboratory.target.activate()  # what was generated may read otherwise on the reference
            self._fine[key] = list(dict.fromkeys(cause.toggles(context)))
        return self._fine[key]

    def _buildable(self, cause: Cause, toggles: list[Toggle], others: list[Toggle]) -> list[Toggle]:
        """The toggles without those whose edits do not compile: halved until the bad ones are alone, a few times."""
        tried = f"{cause.reported_name} off everywhere"
        good: list[Toggle] = []
        groups = [toggles] if toggles else []
        for _ in range(MOST_HALVINGS):
            if not groups:
                break
            group = groups.pop(0)
            if self.laboratory.experiment(_compatible(group, others), tried) is not None:
                good += group
            elif len(group) > 1:
                groups += [group[: len(group) // 2], group[len(group) // 2 :]]
        return good

    # -- from much to little --------------------------------------------------------------------------------------

    def _minimal(self, toggles: list[Toggle]) -> list[Toggle]:
        """The smallest subset that still agrees: causes, then files, then functions, then single places."""
        kept = self._reduce(toggles, lambda toggle: (toggle.cause,), [])
        for name in sorted({toggle.cause for toggle in kept}, key=[cause.name for cause in self.causes].index):
            cause = next(cause for cause in self.causes if cause.name == name)
            own = [toggle for toggle in kept if toggle.cause == name]
            others = [toggle for toggle in kept if toggle.cause != name]
            own = self._reduce(own, lambda toggle: (toggle.place.file,), others)
            own = self._refined(cause, own, others)
            own = self._reduce(own, lambda toggle: (toggle.place.file,), others)
            own = self._reduce(own, lambda toggle: (toggle.place.file, toggle.place.function), others)
            own = self._reduce(
                own, lambda toggle: (toggle.place.file, toggle.place.function, toggle.place.line), others
            )
            own = self._reduce(own, lambda toggle: (toggle.place, repr(toggle.action)), others, thorough=True)
            kept = own + others
        return kept

    def _refined(self, cause: Cause, coarse: list[Toggle], others: list[Toggle]) -> list[Toggle]:
        """Finer toggles in place of compiler switches, where they do the same."""
        if self._spent() or not any(toggle.place.line == 0 for toggle in coarse):
            return coarse
        units = [unit for unit in self.context.units if unit.source in {toggle.unit for toggle in coarse}]
        sides = coarse[0].sides
        fine = [toggle for toggle in self._fine_toggles(cause, units) if toggle.sides is sides]
        where = f"{count(len(fine), 'place')} in {count(len(units), 'file')}"
        if fine and self.laboratory.agrees([*fine, *others], f"{cause.reported_name} off at {where}"):
            return fine
        return coarse

    def _reduce(
        self, toggles: list[Toggle], group: Callable[[Toggle], object], others: list[Toggle], *, thorough: bool = False
    ) -> list[Toggle]:
        ordered = sorted(toggles, key=lambda toggle: repr(group(toggle)))
        groups = [list(several) for _, several in groupby(ordered, key=lambda toggle: repr(group(toggle)))]
        if len(groups) <= 1:
            return toggles

        enough = toggles  # the fewest that were seen to agree

        def test(chosen: Sequence[list[Toggle]]) -> bool:
            nonlocal enough
            if self._spent():
                raise _Spent
            flat = [toggle for several in chosen for toggle in several]
            agrees = self.laboratory.agrees([*flat, *others], told(flat, len(toggles), others))
            if agrees and len(flat) < len(enough):
                enough = flat
            return agrees

        try:
            return [toggle for several in smallest(groups, test, thorough=thorough) for toggle in several]
        except _Spent:
            return enough

    def _spent(self) -> bool:
        return len(self.laboratory.steps) - self._before >= MOST_EXPERIMENTS


class _Spent(Exception):
    """No more experiments are to be made."""


def told(toggles: Sequence[Toggle], of: int, others: Sequence[Toggle]) -> str:
    """What an experiment switches off, in a few words; `others` are the causes that stay off beside it."""
    causes = ", ".join(dict.fromkeys(toggle.cause for toggle in toggles or others))
    if not toggles:
        return f"{causes} alone" if others else "nothing switched off"
    places = list(dict.fromkeys(str(toggle.place) for toggle in toggles))
    where = ", ".join(places) if len(places) <= 2 else f"{len(places)} places of {of}"
    return f"{causes} off at {where}"


def _compatible(first: Sequence[Toggle], second: Sequence[Toggle]) -> list[Toggle]:
    """Both, less those of the second whose edits fall on stretches that the first edits already."""
    taken = {
        (edit.file, edit.start, edit.end)
        for toggle in first
        if isinstance(toggle.action, SourceEdits)
        for edit in toggle.action.edits
    }
    result = list(first)
    for toggle in second:
        edits = toggle.action.edits if isinstance(toggle.action, SourceEdits) else ()
        if toggle not in result and not any((edit.file, edit.start, edit.end) in taken for edit in edits):
            result.append(toggle)
    return result
