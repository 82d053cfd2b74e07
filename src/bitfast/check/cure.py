"""The cure: the smallest change of the sources that keeps the answer, proved by building all again from clean."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bitfast.check.build import Built, build
from bitfast.check.candidates import Candidate, candidates, unified_diff
from bitfast.check.compare import Answer, same_answers
from bitfast.check.health import still_works
from bitfast.check.laboratory import Laboratory
from bitfast.check.private_copy import copy_tree
from bitfast.check.project import Project
from bitfast.check.run import Outcome, run_program
from bitfast.check.search import Explanation
from bitfast.check.snapshot import Snapshot
from bitfast.check.toolbox import instruction_counter
from bitfast.check.tools import make_tools
from bitfast.check.variants import NotBuildable, Switched
from bitfast.check.workspace import Workspace
from bitfast.chips import Target, host_cpu
from bitfast.patching import apply_patch
from bitfast.portable_libm import link_flags, portable_libm
from bitfast.words import BitfastError, CureResult, Flags, Side, Sides, Toggle

MOST_ROUNDS, ENOUGH_SECONDS = 9, 3.0
"""How often both sides of the cost are run, and the time after which no further round begins."""
SHORTEST_SECONDS = 0.1
"""Of a shorter run, starting the program is the larger part: the ratio would be noise."""


def _libm_flags(target: Target) -> tuple[str, ...]:
    return link_flags(portable_libm(target))


class Clinic:
    """Tries candidates by clean rebuilds of both sides and measures what the one that holds costs."""

    def __init__(
        self, project: Project, commands: tuple[str, ...], workspace: Workspace, laboratory: Laboratory
    ) -> None:
        self.project, self.commands = project, commands
        self.workspace, self.laboratory = workspace, laboratory
        self.failures: list[str] = []  # why candidates did not build

    def cure(self, explanation: Explanation, pristine: Path) -> CureResult | None:
        """The first candidate that makes both sides agree when all is built from clean; None if none does."""
        sides = Sides.BOTH if any(toggle.sides is Sides.BOTH for toggle in explanation.toggles) else Sides.TARGET
        for number, candidate in enumerate(candidates(self.project, explanation, pristine)):
            verified = self._verified(candidate, explanation, pristine, sides, number)
            if verified is None:
                continue
            cost, instructions = verified
            places = len({toggle.place for toggle in explanation.toggles})
            description = ""
            if candidate.one_libm:
                flags = [
                    " ".join(_libm_flags(bench.built.tools.target))
                    for bench in (self.laboratory.reference, self.laboratory.target)
                ]
                description = (
                    "link one mathematical library on both sides: behind the objects of every link,"
                    f" on the reference {flags[0]}, on the target {flags[1]}"
                )
            patch = unified_diff(pristine, candidate.files)
            return CureResult(patch, places, True, sides, cost, instructions, description)
        return None

    def _verified(
        self, candidate: Candidate, explanation: Explanation, pristine: Path, sides: Sides, number: int
    ) -> tuple[float | None, float | None] | None:
        patched = self.workspace.scratch("patched") / str(number)
        copy_tree(replace(self.project, source=pristine), patched)
        if patch := unified_diff(pristine, candidate.files):  # what is handed out is what is verified
            apply_patch(patch, patched)
        project = replace(self.project, source=patched)
        built: dict[str, Built] = {}
        outcomes: dict[str, Outcome] = {}
        keys: list[str] = []
        try:
            for side, bench in ((Side.REFERENCE, self.laboratory.reference), (Side.TARGET, self.laboratory.target)):
                key = f"cured-{side}-{number}"
                keys.append(key)
                tree = self.workspace.activate(key)
                old = bench.built.tools
                tools = make_tools(
                    side,
                    old.target,
                    self.workspace,
                    cpu=old.cpu,
                    key=key,
                    packages=self.project.packages,
                    last_link=_libm_flags(old.target) if candidate.one_libm else (),
                    host=old.host,
                )
                built[side] = build(project, tools, tree)
                outcomes[side] = self._run(built[side], key)
            answers = [outcomes[side].answer for side in (Side.REFERENCE, Side.TARGET)]
            if not same_answers(answers[0], answers[1], self.laboratory.masks, self.project.tolerance):
                return None
            if not self._reference_keeps(answers[0], sides):
                return None
            return self._time_ratio(explanation.toggles, built[Side.REFERENCE], keys[0]), self._instruction_ratio(
                built[Side.TARGET], keys[1]
            )
        except BitfastError as error:
            self.failures.append(error.message)
            return None
        finally:
            for key in keys:
                self.workspace.discard(key)
            shutil.rmtree(patched, ignore_errors=True)

    def _reference_keeps(self, answer: Answer, sides: Sides) -> bool:
        """The patched sources still work on the reference; with --keep-reference they give its old answer there."""
        before = self.laboratory.reference.answer([])
        if before is None or not still_works(before, answer):
            return False
        same = same_answers(before, answer, self.laboratory.masks, self.project.tolerance)
        return same or sides is Sides.BOTH

    def _run(self, built: Built, key: str, extra: dict[str, str] | None = None) -> Outcome:
        tree = self.workspace.activate(key)
        snapshot = Snapshot(tree, self.workspace.scratch("spare") / key)
        number = len(list(self.workspace.scratch("answers").iterdir()))
        into = self.workspace.scratch("answers") / f"{key}-{number}"
        return run_program(self.project, self.commands, built, tree, into, snapshot, extra, built.tools.time_factor)

    def _time_ratio(self, toggles: Sequence[Toggle], cured: Built, key: str) -> float | None:
        """Time with the cure over time without, natively: medians of interleaved runs; None for runs too short.

        A reference without fused multiply-adds cannot show what it costs to forbid them: where the processor has them,
        both sides of the ratio are compiled with them, and the same places switched.
        """
        reference = self.laboratory.reference

        def cured_run() -> Outcome:
            return self._run(cured, key)

        def plain_run() -> Outcome:
            return reference.run()

        runs = (plain_run, cured_run)
        if any(toggle.cause == "fused-multiply-add" for toggle in toggles) and "fma" in host_cpu():
            fusing = Switched(Flags(("-mfma",)))
            switched = [Switched(toggle.reference_action or toggle.action, toggle.unit) for toggle in toggles]
            try:
                reference.run([fusing, *switched])
                runs = (lambda: reference.run([fusing]), lambda: reference.run([fusing, *switched]))
            except NotBuildable:
                pass
        seconds: tuple[list[float], list[float]] = ([], [])
        for _ in range(MOST_ROUNDS):
            for run, taken in zip(runs, seconds, strict=True):
                taken.append(run().seconds)
            if seconds[0][0] < SHORTEST_SECONDS:
                return None
            if sum(seconds[0]) > ENOUGH_SECONDS:
                break
        return round(statistics.median(seconds[1]) / statistics.median(seconds[0]), 2)

    def _instruction_ratio(self, cured: Built, key: str) -> float | None:
        """Instructions executed on the target with the cure over those without, counted by QEMU."""
        if cured.tools.target.native or cured.tools.host is not None:
            return None
        target, counts = self.laboratory.target, []
        runner = cured.tools.environment["BITFAST_RUNNER"].split("\n")
        counting = "\n".join([runner[0], "-plugin", str(instruction_counter()), *runner[1:]])
        for number in range(2):
            path = self.workspace.scratch("instructions") / f"{key}-{number}"
            extra = {"BITFAST_RUNNER": counting, "BITFAST_INSTRUCTIONS": str(path)}
            if number == 0:
                target.run((), extra)
            else:
                self._run(cured, key, extra)
            counts.append(sum(int(line) for line in path.read_text().split()) if path.exists() else 0)
        return round(counts[1] / counts[0], 4) if all(counts) else None
