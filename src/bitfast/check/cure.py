"""The cure: the smallest change of the sources that keeps the answer, proved by building everything again from clean."""

from __future__ import annotations

import difflib
import itertools
import shutil
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bitfast.causes import cause_named
from bitfast.causes.base import merged
from bitfast.check.build import Built, Workspace, build, make_tools
from bitfast.check.buildfile import with_options
from bitfast.check.compare import Answer, compare_answers
from bitfast.check.laboratory import Laboratory
from bitfast.check.project import Project, copy_tree
from bitfast.check.run import Outcome, Snapshot, run_program
from bitfast.check.search import Explanation
from bitfast.check.toolbox import instruction_counter
from bitfast.chips import Target
from bitfast.edits import apply_for_patch
from bitfast.portable_libm import link_flags, portable_libm
from bitfast.words import BitfastError, CureResult, Flags, Side, Sides, SourceEdits, Toggle

MOST_CANDIDATES = 8


@dataclass(frozen=True)
class Candidate:
    """New texts for some files of the tree, and whether the link must change."""

    files: tuple[tuple[str, bytes], ...]
    one_libm: bool = False  # both sides link the portable mathematical library


def candidates(project: Project, explanation: Explanation, pristine: Path) -> Iterator[Candidate]:
    """Changes that should cure, the smallest first: every combination of what the causes offer."""
    by_cause: dict[str, list[Toggle]] = {}
    for toggle in explanation.toggles:
        by_cause.setdefault(toggle.cause, []).append(toggle)
    context = replace(explanation.context, root=pristine)
    offers: list[list[SourceEdits | Flags | None]] = []
    for name, toggles in by_cause.items():
        offered: list[SourceEdits | Flags | None] = list(cause_named(name).cures(toggles, context))
        switch = cause_named(name).switch
        flags = [toggle.action for toggle in toggles if isinstance(toggle.action, Flags)]
        if name != "libm" and (flags or switch is not None):
            offered.append(flags[0] if flags else switch)
        if name == "libm":
            offered.append(None)  # nothing in the sources: the link
        if not offered:
            return
        offers.append(offered)
    languages = tuple(dict.fromkeys(unit.language for unit in explanation.context.units))
    needs_link = "libm" in by_cause
    for combination in itertools.islice(itertools.product(*offers), MOST_CANDIDATES):
        edits = merged([offer for offer in combination if isinstance(offer, SourceEdits)])
        texts = _edited(pristine, edits)
        flags_wanted = tuple(
            dict.fromkeys(flag for offer in combination if isinstance(offer, Flags) for flag in offer.flags)
        )
        if flags_wanted:
            extended = with_options(pristine, _system(project), languages, flags_wanted)
            if extended is None:
                continue
            texts |= extended
        if texts or needs_link:
            yield Candidate(tuple(sorted(texts.items())), needs_link)


def _system(project: Project) -> str:
    if project.system != "command":
        return project.system
    text = " ".join(project.build)
    for word, system in (("cmake", "cmake"), ("meson", "meson"), ("configure", "autotools")):
        if word in text:
            return system
    return "command"


def _edited(pristine: Path, edits: SourceEdits) -> dict[str, bytes]:
    files = dict.fromkeys([*(edit.file for edit in edits.edits), *(file for file, _ in edits.preludes)])
    return {
        file: apply_for_patch(
            (pristine / file).read_bytes(),
            [edit for edit in edits.edits if edit.file == file],
            list(dict.fromkeys(text for name, text in edits.preludes if name == file)),
        )
        for file in files
        if (pristine / file).is_file()
    }


def unified_diff(pristine: Path, files: Sequence[tuple[str, bytes]]) -> str:
    """A patch for `patch -p1`. Bytes that are no UTF-8 come through unharmed with errors="surrogateescape"."""
    parts = []
    for name, new in files:
        old_lines = _lines((pristine / name).read_bytes())
        diff = list(difflib.unified_diff(old_lines, _lines(new), f"a/{name}", f"b/{name}"))
        for line in diff:
            parts.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(parts)


def _lines(text: bytes) -> list[str]:
    return (
        [line.decode(errors="surrogateescape") for line in text.splitlines(keepends=True)]
        if b"\r" not in text.replace(b"\r\n", b"")
        else [line.decode(errors="surrogateescape") + "\n" for line in text.split(b"\n")]
    )


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
            verified = self._verified(candidate, pristine, sides, number)
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
        self, candidate: Candidate, pristine: Path, sides: Sides, number: int
    ) -> tuple[float | None, float | None] | None:
        patched = self.workspace.scratch("patched") / str(number)
        copy_tree(replace(self.project, source=pristine), patched)
        for name, text in candidate.files:
            (patched / name).write_bytes(text)
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
                    last_link=_libm_flags(old.target) if candidate.one_libm else (),
                    host=old.host,
                )
                built[side] = build(project, tools, tree)
                outcomes[side] = self._run(built[side], key)
            answers = [outcomes[side].answer for side in (Side.REFERENCE, Side.TARGET)]
            if compare_answers(answers[0], answers[1], self.laboratory.masks, self.project.tolerance):
                return None
            if sides is Sides.TARGET and not self._reference_keeps(answers[0]):
                return None
            return self._time_ratio(built[Side.REFERENCE], keys[0]), self._instruction_ratio(
                built[Side.TARGET], keys[1]
            )
        except BitfastError as error:
            self.failures.append(error.message)
            return None
        finally:
            for key in keys:
                self.workspace.discard(key)
            shutil.rmtree(patched, ignore_errors=True)

    def _reference_keeps(self, answer: Answer) -> bool:
        """--keep-reference: the patched sources give the old answer on the reference."""
        before = self.laboratory.reference.answer([])
        return before is not None and not compare_answers(before, answer, self.laboratory.masks, self.project.tolerance)

    def _run(self, built: Built, key: str, extra: dict[str, str] | None = None) -> Outcome:
        tree = self.workspace.activate(key)
        snapshot = Snapshot(tree, self.workspace.scratch("spare") / key)
        number = len(list(self.workspace.scratch("answers").iterdir()))
        into = self.workspace.scratch("answers") / f"{key}-{number}"
        return run_program(self.project, self.commands, built, tree, into, snapshot, extra, built.tools.time_factor)

    def _time_ratio(self, cured: Built, key: str, rounds: int = 5) -> float | None:
        """Time with the cure over time without, natively: medians of interleaved runs."""
        with_cure, without = [], []
        for _ in range(rounds):
            without.append(self.laboratory.reference.run().seconds)
            with_cure.append(self._run(cured, key).seconds)
            if sum(without) + sum(with_cure) > 20:
                break
        return round(statistics.median(with_cure) / statistics.median(without), 3)

    def _instruction_ratio(self, cured: Built, key: str) -> float | None:
        """Instructions executed on the target with the cure over those without, counted by QEMU."""
        if cured.tools.target.native or cured.tools.host is not None:
            return None
        counts = []
        for number, run in enumerate(
            (lambda extra: self.laboratory.target.run((), extra), lambda extra: self._run(cured, key, extra))
        ):
            path = self.workspace.scratch("instructions") / f"{key}-{number}"
            runner = cured.tools.environment["BITFAST_RUNNER"].split("\n")
            extra = {
                "BITFAST_RUNNER": "\n".join([runner[0], "-plugin", str(instruction_counter()), *runner[1:]]),
                "BITFAST_INSTRUCTIONS": str(path),
            }
            run(extra)
            counts.append(sum(int(line) for line in path.read_text().split()) if path.exists() else 0)
        return round(counts[1] / counts[0], 4) if all(counts) else None
