"""What tests of the check's inner stages share: small programs, built for both sides, ready for experiments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bitfast.causes.libm import INEXACT_FUNCTIONS
from bitfast.check.build import Built, build
from bitfast.check.laboratory import Bench, Laboratory
from bitfast.check.masks import learn_masks
from bitfast.check.private_copy import copy_tree
from bitfast.check.project import Project, find_project
from bitfast.check.run import find_run
from bitfast.check.toolbox import include_directories
from bitfast.check.tools import Tools, make_tools
from bitfast.check.variants import Rebuilder
from bitfast.check.workspace import Workspace
from bitfast.chips import Target, reference, target_named
from bitfast.portable_libm import portable_libm
from bitfast.process import Finished, run
from bitfast.words import Context, Side


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder with these files in it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def line_of(text: str, mark: str) -> int:
    """The number of the one line that holds the mark."""
    (number,) = [number for number, line in enumerate(text.splitlines(), 1) if mark in line]
    return number


def tools_for(folder: Path, target: Target | None = None, **options: object) -> tuple[Tools, Workspace]:
    """The shims for the target, or for this machine."""
    workspace = Workspace(folder / "work", "project")
    side = Side.REFERENCE if target is None else Side.TARGET
    return make_tools(side, target or reference(), workspace, **options), workspace  # type: ignore[arg-type]


def shell(tools: Tools, command: str, directory: Path, **extra: str) -> Finished:
    """A shell command as a build runs it."""
    environment = {**tools.environment, **extra}
    return run(["/bin/sh", "-c", command], directory=directory, environment=environment, timeout_seconds=120)


def bench_for(project: Project, target: Target | None, workspace: Workspace) -> Bench:
    """One side, built."""
    side = Side.REFERENCE if target is None else Side.TARGET
    tools = make_tools(side, target or reference(), workspace)
    built = build(project, tools, workspace.activate(side))
    return _bench(project, built, workspace, side)


def _bench(project: Project, built: Built, workspace: Workspace, side: Side) -> Bench:
    scratch = workspace.scratch(f"variants-{side}")
    names = scratch / "names"
    names.write_text("".join(f"{name}\n" for name in sorted(INEXACT_FUNCTIONS)))
    tree = workspace.activate(side)
    target = built.tools.target
    rebuilder = Rebuilder(built, tree, scratch, names, lambda: (str(portable_libm(target)), "-lm"))
    return Bench(side, project, find_run(project, built, tree), built, workspace, rebuilder)


def target_bench(
    folder: Path, files: Mapping[str, str | bytes], target: str = "aarch64-linux-gnu", **options: tuple[str, ...]
) -> Bench:
    """The files, built for the target; `build` and `run` as find_project takes them."""
    source = written(folder / "source", files)
    project = find_project(source, folder, **options)  # type: ignore[arg-type]
    return bench_for(project, target_named(target), Workspace(folder / "work", "project"))


def said(bench: Bench, *switches: object) -> str:
    """What the bench's one command prints in a variant."""
    return bench.run(switches).answer.outputs["stdout"].read_text()  # type: ignore[arg-type]


@dataclass(frozen=True)
class Pair:
    """Both sides of a project whose answers differ, and the laboratory over them."""

    project: Project
    pristine: Path
    laboratory: Laboratory
    context: Context


def pair(folder: Path, files: Mapping[str, str | bytes], **options: tuple[str, ...]) -> Pair:
    """The files, built and run on both sides, as the pipeline does before it searches."""
    source = written(folder / "source", files)
    workspace = Workspace(folder / "work", "project")
    project = find_project(source, folder, **options)  # type: ignore[arg-type]
    pristine = folder / "pristine"
    copy_tree(project, pristine)
    project = replace(project, source=pristine, added=())
    here, there = (bench_for(project, target, workspace) for target in (None, target_named()))
    masks = learn_masks([here.run().answer, here.run().answer])
    tools = there.built.tools.target.tools
    context = Context(
        root=workspace.tree,
        units=there.rebuilder.units,
        reference_units=here.rebuilder.units,
        target=there.built.tools.target.triple,
        include_directories={
            "c": include_directories(tools["gcc"], "c"),
            "c++": include_directories(tools["g++"], "c++"),
        },
    )
    return Pair(project, pristine, Laboratory(here, there, masks, lambda tried: None), context)
