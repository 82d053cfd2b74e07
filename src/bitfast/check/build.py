"""Building a program for one side: a private copy of its tree, and the record of what the build did there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bitfast.check.calls import Build, read_build
from bitfast.check.private_copy import copy_tree
from bitfast.check.project import Project
from bitfast.check.tools import Tools
from bitfast.chips import compiler_version
from bitfast.process import run
from bitfast.words import BitfastError, Side


@dataclass(frozen=True)
class Built:
    """One side, built: its tools, with the project's own environment, what the build did, and how long it took."""

    tools: Tools
    build: Build
    seconds: float


def build(project: Project, tools: Tools, tree: Path) -> Built:
    """Copy the sources to `tree` and build them there. Raises BitfastError with the build's last lines if it fails."""
    copy_tree(project, tree)
    seconds = run_build(project, tools, tree)
    made = read_build(tools.log, tree)
    if used := dict.fromkeys(compiler_version(unit.compiler) for unit in made.units):
        tools = replace(tools, info=replace(tools.info, compiler=", ".join(used)))
    return Built(replace(tools, environment={**tools.environment, **project.environment}), made, seconds)


def run_build(project: Project, tools: Tools, tree: Path) -> float:
    """Run the build's commands in a tree; returns the seconds they took."""
    seconds = 0.0
    environment = {**tools.environment, **project.environment}
    for command in project.build:
        finished = run(
            ["/bin/sh", "-c", command],
            directory=tree,
            environment=environment,
            timeout_seconds=project.build_limit_seconds,
        )
        seconds += finished.seconds
        if finished.timed_out:
            raise BitfastError(
                f"the build for {tools.info.target} did not end within {project.build_limit_seconds:.0f} s: {command}",
                next_step="raise build-limit-seconds in bitfast.toml",
                exit_status=3,
            )
        if not finished.ok:
            raise BuildFailed(tools.side, tools.info.target, command, finished.status, finished.last_lines(15))
    return seconds


class BuildFailed(BitfastError):
    """A build command failed on one side."""

    def __init__(self, side: Side, target: str, command: str, status: int, said: str) -> None:
        which = "here, on the reference," if side is Side.REFERENCE else f"for {target}"
        step = (
            "make it build here first: run the same command in the tree"
            if side is Side.REFERENCE
            else "the report lists what hinders it; `bitfast scan` shows it without building"
        )
        super().__init__(f"the build {which} failed ({command}, exit {status}):\n{said}", next_step=step, exit_status=3)
        self.side = side
        self.said = said
