"""One check from end to end: project → build → run → compare → search → cure, as one `Result`."""

from __future__ import annotations

import contextlib
import os
import shlex
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bitfast import portable_libm
from bitfast.causes import cause_named
from bitfast.causes.libm import INEXACT_FUNCTIONS
from bitfast.check.build import BuildFailed, Built, build
from bitfast.check.compare import compare_answers, side_by_side
from bitfast.check.cure import Clinic
from bitfast.check.first_run import require_answer, said_of_both
from bitfast.check.indications import indicated
from bitfast.check.laboratory import Bench, Laboratory
from bitfast.check.leftovers import age_leftovers, strangers_told, told
from bitfast.check.masks import Masks
from bitfast.check.nondeterminism import Settled, repeats, settle
from bitfast.check.observe import gather
from bitfast.check.private_copy import copy_tree
from bitfast.check.progress import Progress
from bitfast.check.project import Project
from bitfast.check.remote import Host, host_at
from bitfast.check.report.wording import count
from bitfast.check.run import Outcome, does_not_start, find_run
from bitfast.check.search import Explanation, Search
from bitfast.check.steady import THREADS
from bitfast.check.surroundings import notes_on_dropped
from bitfast.check.toolbox import include_directories, site_plugin
from bitfast.check.tools import Tools, make_tools
from bitfast.check.variants import Rebuilder
from bitfast.check.workspace import Workspace
from bitfast.chips import Target, reference
from bitfast.hindrances import hindrances
from bitfast.targets import missing
from bitfast.words import (
    BitfastError,
    Certainty,
    Context,
    CureResult,
    Hindrance,
    NamedCause,
    Result,
    Side,
    Sides,
    Toggle,
    Verdict,
)


@dataclass(frozen=True)
class Options:
    """What the caller of `bitfast check` chose beyond the project."""

    target: Target
    cpu: str = ""
    agree: bool = False
    search: bool = True
    on: str = ""  # ssh://HOST that runs the target's programs
    called: str = ""  # how the user named the project


def check(project: Project, options: Options, progress: Progress) -> Result:
    """Check one project. Raises BitfastError where not even the reference builds or runs."""
    with contextlib.ExitStack() as stack:
        scratch = tempfile.TemporaryDirectory(prefix="bitfast-", ignore_cleanup_errors=True)
        directory = Path(stack.enter_context(scratch))
        host: Host | None = None
        if options.on:
            with progress.stage(f"connecting to {options.on}"):
                host = stack.enter_context(host_at(options.on, options.target, directory))
        return _Check(project, options, progress, directory, host).result()


class _Check:
    def __init__(
        self, project: Project, options: Options, progress: Progress, directory: Path, host: Host | None
    ) -> None:
        self.host = host
        self.project, self.options, self.progress = project, options, progress
        self.begin = time.monotonic()
        self.workspace = Workspace(directory, project.name)
        self.pristine = directory / "pristine"
        self.notes: list[str] = [host.note] if host is not None and host.note else []
        self.notes += notes_on_dropped(os.environ, project.environment)
        self.commands: tuple[str, ...] = ()

    def result(self) -> Result:
        _require_tools(self.options.target)
        copy_tree(self.project, self.pristine)
        if leftovers := age_leftovers(self.pristine):
            self.notes.append(told(leftovers))
        self.project = replace(self.project, source=self.pristine, added=())
        reference_tools = make_tools(Side.REFERENCE, reference(), self.workspace)
        target_tools = make_tools(
            Side.TARGET,
            self.options.target,
            self.workspace,
            cpu=self.options.cpu,
            packages=self.project.packages,
            host=self.host,
        )
        with self.progress.stage("building for the reference"):
            built = build(self.project, reference_tools, self.workspace.activate(Side.REFERENCE))
        self.commands = find_run(self.project, built, self.workspace.tree)
        bench = self._bench(Side.REFERENCE, built)
        with self.progress.stage("running the reference several times"):
            first, runs = self._first_run(bench), self.project.reference_runs
            settled = settle(bench, first, runs)
        self.notes += settled.notes
        self.project = bench.project = replace(self.project, held=settled.held)
        base = self._base(built.tools, target_tools, settled)
        if settled.masks.says_nothing:
            return replace(base, verdict=Verdict.NONDETERMINISTIC, seconds=self._seconds())
        try:
            with self.progress.stage(f"building for {self.options.target.triple}"):
                built_there = build(self.project, target_tools, self.workspace.activate(Side.TARGET))
        except BuildFailed as error:
            notes = (*self.notes, error.message)
            hindering = self._hindrances(error.said)
            return replace(base, verdict=Verdict.NOT_BUILT, hindrances=hindering, notes=notes, seconds=self._seconds())
        base = replace(base, target=built_there.tools.info, translated_flags=built_there.build.translated)
        there = self._bench(Side.TARGET, built_there)
        with self.progress.stage(f"running for {self.options.target.triple}"):
            executed, strangers = (self.workspace.scratch("executed") / name for name in ("programs", "strangers"))
            tree = self.workspace.tree.resolve()
            logs = {"BITFAST_EXECUTED": str(executed), "BITFAST_STRANGERS": str(strangers), "BITFAST_TREE": str(tree)}
            outcome = there.run(extra=logs)
        if said := does_not_start(outcome):
            notes = (*self.notes, f"the program does not start on {self.options.target.triple}: {said}")
            return replace(base, verdict=Verdict.NOT_RUN, notes=notes, seconds=self._seconds())
        if foreign := _paths_in(strangers):
            notes = (*self.notes, strangers_told(foreign, tree, self.options.target.triple))
            return replace(base, verdict=Verdict.NOT_BUILT, notes=notes, seconds=self._seconds())
        programs = _paths_in(executed)
        if not programs and self.host is None and not self.options.target.native:
            notes = (*self.notes, _nothing_of_the_target(self.options.target.triple))
            return replace(base, verdict=Verdict.NOT_BUILT, notes=notes, seconds=self._seconds())
        expected = settled.kept[0].answer
        self.notes += said_of_both(settled.kept[0], outcome)
        differences = compare_answers(expected, outcome.answer, settled.masks, self.project.tolerance)
        if differences:  # a date or a counter may have moved on since: look again before searching
            settled = settled.with_run(bench.run())
            base = replace(base, masked=settled.masks.listed)
            if settled.masks.says_nothing:
                return replace(base, verdict=Verdict.NONDETERMINISTIC, seconds=self._seconds())
            differences = compare_answers(expected, outcome.answer, settled.masks, self.project.tolerance)
        if (
            differences
            and THREADS.name in settled.held
            and not repeats(there, outcome, settled.masks, self.project.tolerance)
        ):
            self.notes.append("on the target the answer does not repeat even in one thread at a time")
            return replace(base, verdict=Verdict.NONDETERMINISTIC, notes=tuple(self.notes), seconds=self._seconds())
        if not differences:
            causes = (*base.causes, *indicated(self._context(bench, there), bench, unexplained=False))
            return replace(base, verdict=Verdict.SAME, causes=causes, notes=tuple(self.notes), seconds=self._seconds())
        base = replace(
            base,
            verdict=Verdict.DIFFERS,
            differences=differences,
            side_by_side=side_by_side(
                expected, outcome.answer, differences, settled.masks, tolerance=self.project.tolerance
            ),
            hindrances=self._hindrances(""),
        )
        if not self.options.search:
            return replace(base, notes=tuple(self.notes), seconds=self._seconds())
        for one in (bench, there):
            one.activate()
            one.rebuilder.only(programs)
        bench.remember([], expected)
        there.remember([], outcome.answer)
        bench.limit(settled.kept[0].seconds)
        there.limit(outcome.seconds)
        return self._explained(base, bench, there, settled.masks)

    def _explained(self, base: Result, bench: Bench, there: Bench, masks: Masks) -> Result:
        with self.progress.stage("searching") as stage:
            laboratory = Laboratory(
                bench, there, masks, lambda tried: stage.update(f"{len(laboratory.steps)} tried, now {tried}")
            )
            context = self._context(bench, there)
            headers = there.rebuilder.headers
            units = tuple(replace(unit, headers=tuple(sorted(headers(unit) - {unit.source}))) for unit in context.units)
            context = replace(context, units=units)
            without = self._not_tried(bench, there)
            search = Search(laboratory, context, lambda kinds: gather(bench, kinds), without)
            explanation = search.explain()
        base = replace(
            base,
            steps=tuple(laboratory.steps),
            causes=(*base.causes, *_named(explanation)),
            source_lines=self._source_lines(explanation),
        )
        rebuilders = (bench.rebuilder, there.rebuilder)
        self.notes.append(
            f"the search made {count(len(laboratory.steps), 'experiment')}:"
            f" {count(sum(one.compiled for one in rebuilders), 'unit')} compiled,"
            f" {count(sum(one.linked for one in rebuilders), 'link')}, {count(there.runs + bench.runs, 'run')}"
        )
        if explanation.spent:
            self.notes.append(
                f"the search ended after {explanation.experiments} experiments: switched off at all places named, the"
                " answer is restored, but not every one of them may be needed"
            )
        if not explanation.toggles:
            base = replace(base, causes=(*base.causes, *indicated(context, bench, unexplained=True)))
            self.notes.append(
                f"the program that ran is not one that can be rebuilt piece by piece: {', '.join(beyond[:8])}"
                if (beyond := there.rebuilder.beyond)
                else f"nothing that was switched off restores the answer; tried: {', '.join(explanation.tried)}"
            )
            return replace(base, notes=tuple(self.notes), seconds=self._seconds())
        if site_plugin(self.options.target.tools["gcc"]) is None:
            self.notes.append(
                "lines are not named for every cause: the compiler's plugin headers are missing (`bitfast targets`)"
            )
        both = any(toggle.sides is Sides.BOTH for toggle in explanation.toggles)
        cure: CureResult | None = None
        if both and not self.options.agree:
            self.notes.append("the cure must change the reference's answer too: allow it with --agree")
        else:
            with self.progress.stage("curing, verified by clean rebuilds"):
                clinic = Clinic(self.project, self.commands, self.workspace, laboratory)
                cure = clinic.cure(explanation, self.pristine)
            if cure is None:
                self.notes.append("no change of the sources was found that keeps the answer in a clean rebuild")
                names = dict.fromkeys(toggle.cause for toggle in explanation.toggles)
                self.notes += [f"{name}, by hand: {cause_named(name).advice}" for name in names]
                self.notes += [f"a candidate failed: {failure.splitlines()[0]}" for failure in clinic.failures]
        verdict = Verdict.CURED if cure is not None else Verdict.DIFFERS
        return replace(base, verdict=verdict, cure=cure, notes=tuple(self.notes), seconds=self._seconds())

    # -- parts --------------------------------------------------------------------------------------------------

    def _bench(self, side: Side, built: Built) -> Bench:
        scratch = self.workspace.scratch(f"variants-{side}")
        names = scratch / "names"
        names.write_text("".join(f"{name}\n" for name in sorted(INEXACT_FUNCTIONS & portable_libm.functions_here())))
        tree = self.workspace.activate(side)
        target = built.tools.target
        rebuilder = Rebuilder(built, tree, scratch, names, lambda: (str(portable_libm.portable_libm(target)), "-lm"))
        return Bench(side, self.project, self.commands, built, self.workspace, rebuilder)

    def _not_tried(self, *benches: Bench) -> frozenset[str]:
        """The causes that cannot be switched off here, each with a note."""
        try:
            for bench in benches:
                portable_libm.portable_libm(bench.built.tools.target)
        except BitfastError as error:
            self.notes.append(f"the cause libm was not tried: {error.message} ({error.next_step})")
            return frozenset({"libm"})
        called: set[str] = set()
        for bench in benches:
            bench.activate()
            called |= bench.rebuilder.undefined()
        if beyond := sorted(INEXACT_FUNCTIONS & called - portable_libm.functions_here()):
            command = f"bitfast targets --install {self.options.target.triple}"
            self.notes.append(f"calls of {', '.join(beyond)} were not tried: bitfast has none, `{command}` gets musl's")
        return frozenset()

    def _first_run(self, bench: Bench) -> Outcome:
        first = bench.run()
        require_answer(self.project, self.commands, first)
        if first.nothing:
            self.notes.append("the program wrote nothing: only its exit status was compared")
        return first

    def _base(self, here: Tools, there: Tools, settled: Settled) -> Result:
        called = shlex.quote(self.options.called or self.project.name)
        command = f"bitfast check {called} --target {self.options.target.triple}"
        if self.options.on:
            command += f" --on {shlex.quote(self.options.on)}"
        repeat = [
            *(f"export {name}={shlex.quote(value)}" for name, value in self.project.environment.items()),
            *(f"build: {line}" for line in self.project.build),
            *(f"run: {line}" for line in self.commands),
            command,
        ]
        return Result(
            project=self.project.name,
            verdict=Verdict.SAME,
            reference=here.info,
            target=there.info,
            masked=settled.masks.listed,
            causes=settled.causes,
            tolerance=self.project.tolerance,
            commands=tuple(repeat),
            notes=tuple(self.notes),
        )

    def _context(self, bench: Bench, there: Bench) -> Context:
        flags = {flag for unit in bench.rebuilder.units for flag in unit.arguments}
        fused = any(
            flag in flags
            for flag in ("-march=native", "-mfma", "-march=haswell", "-march=x86-64-v3", "-march=x86-64-v4")
        )
        return Context(
            root=self.workspace.tree,
            units=there.rebuilder.units,
            reference_units=bench.rebuilder.units,
            target=self.options.target.triple,
            include_directories={
                language: include_directories(tools["g++" if language == "c++" else "gcc"], language)
                for language in ("c", "c++")
                if (tools := self.options.target.tools).get("g++" if language == "c++" else "gcc")
            },
            reference_has_fma=fused,
        )

    def _hindrances(self, said: str) -> tuple[Hindrance, ...]:
        return hindrances(self.pristine, said, self.options.target.triple)

    def _source_lines(self, explanation: Explanation) -> dict[str, str]:
        found = {}
        for place in {toggle.place for toggle in explanation.toggles}:
            path = self.pristine / place.file
            if place.line and path.is_file():
                lines = path.read_text(errors="replace").splitlines()
                if place.line <= len(lines):
                    found[str(replace(place, function=""))] = lines[place.line - 1].rstrip()
        return found

    def _seconds(self) -> float:
        return round(time.monotonic() - self.begin, 2)


def _paths_in(log: Path) -> tuple[Path, ...]:
    """The paths that a log of the run names, each once."""
    said = log.read_text(errors="surrogateescape") if log.exists() else ""
    return tuple(dict.fromkeys(Path(line) for line in said.splitlines()))


def _nothing_of_the_target(triple: str) -> str:
    """Why nothing was compared: equal answers of this machine's programs would say nothing of the target's."""
    return (
        f"no program made for {triple} was executed, so nothing was compared: the build may call compilers by absolute"
        " paths (CC = /usr/bin/gcc) or use programs that were there before; let it call them by name"
        " (--build 'make CC=gcc') and let --run start what it links"
    )


def _require_tools(target: Target) -> None:
    lacking = [item for item in (*missing(reference()), *missing(target)) if item.required]
    if lacking:
        raise BitfastError(
            f"this machine lacks {', '.join(item.what for item in lacking)} for {target.triple}",
            next_step=f"`bitfast targets --install {target.triple}` gets it",
            exit_status=3,
        )


def _named(explanation: Explanation) -> tuple[NamedCause, ...]:
    by_cause: dict[str, list[Toggle]] = {}
    for toggle in explanation.toggles:
        by_cause.setdefault(toggle.cause, []).append(toggle)
    return tuple(
        NamedCause(
            name, Certainty.PROVED, tuple(sorted({toggle.place for toggle in toggles})), cause_named(name).summary
        )
        for name, toggles in by_cause.items()
    )
