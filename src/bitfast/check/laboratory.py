"""The search's experiments: run both sides with causes switched off, and say whether their answers agree."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bitfast.check.build import Built
from bitfast.check.compare import Answer, same_answers
from bitfast.check.health import still_works
from bitfast.check.masks import Masks
from bitfast.check.project import Project
from bitfast.check.run import Outcome, run_program
from bitfast.check.snapshot import Snapshot
from bitfast.check.variants import NotBuildable, Rebuilder, Switched
from bitfast.check.workspace import Workspace
from bitfast.words import Place, Side, Sides, Site, SourceEdits, Step, Toggle, Unit

_LEAST_SECONDS = 10.0  # what every variant may take
_SLOWER_BY_THEN_HUNG = 10.0
"""A variant that takes so many times what the program took is held for hung: compiling without optimisation costs
less. (Sanitizers and valgrind have factors of their own.)"""


class Bench:
    """One side of the laboratory: its tree, its rebuilder, and the answers of the variants run so far."""

    def __init__(
        self,
        key: str,
        project: Project,
        commands: tuple[str, ...],
        built: Built,
        workspace: Workspace,
        rebuilder: Rebuilder,
    ) -> None:
        self.key, self.project, self.commands = key, project, commands
        self.built, self.workspace, self.rebuilder = built, workspace, rebuilder
        self.runs = 0
        self.failures: list[str] = []
        self._snapshot: Snapshot | None = None
        self._answers: dict[str, Answer | None] = {}
        self._kept: set[str] = set()  # the variants whose answers stay on the disk
        self._number = itertools.count()

    def run(
        self,
        switches: Sequence[Switched] = (),
        extra: Mapping[str, str] | None = None,
        commands: tuple[str, ...] | None = None,
        slower: float = 1.0,
        held: tuple[str, ...] = (),
    ) -> Outcome:
        """Realise a variant and run it, with other commands where they are given, and with more things held still than
        the project's own (steady.py). Raises NotBuildable."""
        tree = self.workspace.activate(self.key)
        variables = dict(self.rebuilder.realise(switches))
        if self._snapshot is None:
            self._snapshot = Snapshot(tree, self.workspace.scratch("spare") / self.key)
        into = self.workspace.scratch("answers") / f"{self.key}-{next(self._number)}"
        self.runs += 1
        environment = {**variables, **(extra or {})}
        return run_program(
            replace(self.project, held=(*self.project.held, *held)),
            commands or self.commands,
            self.built,
            tree,
            into,
            self._snapshot,
            environment,
            self.built.tools.time_factor * slower,
        )

    def activate(self) -> Path:
        """Put this side's tree in its place."""
        return self.workspace.activate(self.key)

    def original(self, file: str) -> bytes | None:
        """A source file as this side's build saw it; None where it has none."""
        self.activate()
        try:
            return self.rebuilder.original(file)
        except OSError:
            return None

    def limit(self, seconds: float) -> None:
        """From now on no variant runs much longer than the program, which took so many seconds here."""
        enough = max(_LEAST_SECONDS, _SLOWER_BY_THEN_HUNG * seconds) / self.built.tools.time_factor
        self.project = replace(self.project, time_limit_seconds=min(self.project.time_limit_seconds, enough))

    def fingerprint(self, switches: Sequence[Switched]) -> str:
        """A name of the variant: equal for switches that make the same program. Raises NotBuildable."""
        self.activate()
        return self.rebuilder.fingerprint(switches)

    def forget(self) -> None:
        """Remove the answers of variants from the disk: all but the unchanged program's."""
        answers = self.workspace.scratch("answers")
        for fingerprint in [name for name in self._answers if name not in self._kept]:
            if (answer := self._answers[fingerprint]) is not None:
                path = next(iter(answer.outputs.values()))
                shutil.rmtree(answers / path.relative_to(answers).parts[0])
                del self._answers[fingerprint]

    def answer(self, switches: Sequence[Switched]) -> Answer | None:
        """The answer of a variant, run once; None for one that does not build."""
        try:
            fingerprint = self.fingerprint(switches)
            if not switches:
                self._kept.add(fingerprint)
            if fingerprint not in self._answers:
                self._answers[fingerprint] = self.run(switches).answer
            return self._answers[fingerprint]
        except NotBuildable as error:
            self.failures.append(error.message)
            return None

    def remember(self, switches: Sequence[Switched], answer: Answer) -> None:
        """An answer that is known already."""
        fingerprint = self.fingerprint(switches)
        self._answers[fingerprint] = answer
        self._kept.add(fingerprint)


class Laboratory:
    """Both sides, and the experiment that the search repeats."""

    def __init__(self, reference: Bench, target: Bench, masks: Masks, listen: Callable[[str], None]) -> None:
        self.reference, self.target, self.masks = reference, target, masks
        self.project = target.project
        self.steps: list[Step] = []
        self._listen = listen
        self._known: dict[frozenset[Toggle], bool | None] = {}
        self._compared: dict[tuple[str, str], bool] = {}  # by the names of both sides' variants

    def agrees(self, toggles: Iterable[Toggle], tried: str) -> bool:
        """Whether the two sides give the same answer with these toggles: those for one side act on the target alone,
        those for both on both."""
        return bool(self.experiment(toggles, tried))

    def experiment(self, toggles: Iterable[Toggle], tried: str) -> bool | None:
        """As `agrees`; None where a side does not build."""
        chosen = frozenset(toggles)
        if chosen in self._known:
            return self._known[chosen]
        self._listen(tried)
        begin = time.monotonic()
        target_switches = [Switched(toggle.action, toggle.unit) for toggle in sorted(chosen, key=_order)]
        reference_switches = [
            Switched(toggle.reference_action or toggle.action, toggle.unit)
            for toggle in sorted(chosen, key=_order)
            if toggle.sides is Sides.BOTH
        ]
        verdict = self._compare(reference_switches, target_switches) if self._same_texts(reference_switches) else None
        self._known[chosen] = verdict
        self.steps.append(Step(tried, verdict, time.monotonic() - begin))
        return verdict

    def _compare(self, here: Sequence[Switched], there: Sequence[Switched]) -> bool | None:
        """Whether these variants of the two sides agree; None where one does not build. No answer stays on the disk."""
        try:
            variants = self.reference.fingerprint(here), self.target.fingerprint(there)
        except NotBuildable as error:
            self.target.failures.append(error.message)
            return None
        if variants not in self._compared:
            expected = self.reference.answer(here)
            given = self.target.answer(there) if expected is not None else None
            if expected is None or given is None:
                return None
            self._compared[variants] = self._works(expected) and same_answers(
                expected, given, self.masks, self.project.tolerance
            )
            self.reference.forget()
            self.target.forget()
        return self._compared[variants]

    def _same_texts(self, switches: Sequence[Switched]) -> bool:
        """Whether edits, made for the target's sources, fit the reference's: a generated file may read otherwise."""
        actions = [switched.action for switched in switches]
        edited = [action for action in actions if isinstance(action, SourceEdits)]
        files = {edit.file for action in edited for edit in action.edits}
        files |= {file for action in edited for file, _ in action.preludes}
        for file in sorted(files):
            if self.reference.original(file) != self.target.original(file):
                self.reference.failures.append(f"{file} is not the same text on both sides")
                return False
        return True

    def _works(self, expected: Answer) -> bool:
        """What was changed on both sides must leave the reference working."""
        untouched = self.reference.answer([])
        return untouched is not None and still_works(untouched, expected)

    def sites(self, side: Side, kind: str, units: Sequence[Unit]) -> tuple[Site, ...]:
        """The sites of a kind in a side's units, with places relative to the tree."""
        bench = self.reference if side is Side.REFERENCE else self.target
        tree = bench.workspace.activate(bench.key)
        found = []
        for unit, key, function, detail in bench.rebuilder.listed_sites(kind, units):
            location = key.removesuffix(f":{detail}") if kind == "call" else key
            if (place := _place(location, unit, tree, function)) is not None:
                found.append(Site(kind, unit.source, key, place, detail))
        return tuple(dict.fromkeys(found))


def _order(toggle: Toggle) -> tuple[str, Place, str, str]:
    return toggle.cause, toggle.place, toggle.unit, repr(toggle.action)


def _place(location: str, unit: Unit, tree: Path, function: str) -> Place | None:
    """FILE:LINE:COLUMN as the compiler writes it, as a place in the tree; None for other files (system headers)."""
    file, _, rest = location.rpartition(":")[0].rpartition(":")
    column = location.rpartition(":")[2]
    path = (unit.directory / file).resolve()
    if not file or not path.is_relative_to(tree.resolve()):
        return None
    return Place(path.relative_to(tree.resolve()).as_posix(), int(rest), int(column), function)
