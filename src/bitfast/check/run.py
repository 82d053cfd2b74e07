"""Running a built program: its commands in its tree, bounded, and the answer it gave."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bitfast.check.build import Built
from bitfast.check.compare import Answer
from bitfast.check.project import Project
from bitfast.check.snapshot import Snapshot
from bitfast.check.steady import holding_command, holding_environment
from bitfast.process import Finished
from bitfast.process import run as run_process
from bitfast.words import BitfastError


@dataclass(frozen=True)
class Outcome:
    """One run: the answer, how the commands ended, which files were written, changed or removed, and which of these
    are no answer by their content."""

    answer: Answer
    finished: tuple[Finished, ...]
    written: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return sum(finished.seconds for finished in self.finished)

    @property
    def timed_out(self) -> bool:
        return any(finished.timed_out for finished in self.finished)

    @property
    def nothing(self) -> bool:
        """Nothing at all was said: no output, no file."""
        names = [name for name in self.answer.outputs if not name.startswith(("exit status", "stderr"))]
        return all(self.answer.outputs[name].stat().st_size == 0 for name in names)


def describe_status(status: int) -> str:
    """How a shell's or a program's status reads: "exit 0", "killed by SIGFPE". QEMU and shells report 128 + signal."""
    number = -status if status < 0 else status - 128 if status > 128 else 0
    if number:
        try:
            return f"killed by {signal.Signals(number).name}"
        except ValueError:
            pass
    return f"exit {status}"


def does_not_start(outcome: Outcome) -> str:
    """What the shell or the loader said of a program that could not even be started; "" where it was started."""
    folder = next(iter(outcome.answer.outputs.values())).parent
    for number, finished in enumerate(outcome.finished, 1):
        path = folder / f"stderr{number}"
        said = path.read_bytes()[-2000:].decode(errors="replace").strip() if path.exists() else ""
        unloadable = "error while loading shared libraries" in said or "Could not open '/lib" in said
        if finished.status in (126, 127) or (finished.status and unloadable):
            return said or f"exit {finished.status}"
    return ""


def find_run(project: Project, built: Built, tree: Path) -> tuple[str, ...]:
    """The commands that run the program: the project's own, or the one executable that was linked.

    Raises BitfastError when there is none, or a choice.
    """
    if project.run:
        return project.run
    programs = [path for path in built.build.executables() if path.is_relative_to(tree)]
    names = [path.relative_to(tree).as_posix() for path in dict.fromkeys(path.resolve() for path in programs)]
    if len(names) == 1:
        return (shlex.quote("./" + names[0]),)
    if not names:
        raise BitfastError(
            "the build linked no program, so there is nothing to run",
            next_step='say what to run: --run "COMMAND", or run = "COMMAND" in bitfast.toml',
        )
    raise BitfastError(
        f"the build linked {len(names)} programs: {', '.join(names[:8])}{', …' if len(names) > 8 else ''}",
        next_step=f'say which to run and how: --run "./{names[0]} ARGUMENTS", or run = "…" in bitfast.toml',
    )


def run_program(
    project: Project,
    commands: tuple[str, ...],
    built: Built,
    tree: Path,
    into: Path,
    snapshot: Snapshot,
    extra: Mapping[str, str] | None = None,
    time_factor: float = 1.0,
) -> Outcome:
    """Run the commands in the tree, one after the other, and gather the answer in `into`.

    `time_factor` stretches the time limit: emulation is slower.
    """
    into.mkdir(parents=True)
    binaries = dict.fromkeys(str(path.parent) for path in built.build.executables())
    environment = {**built.tools.environment, **project.environment, **(extra or {})}
    environment |= holding_environment(project.held, built.tools.target, environment)
    environment["PATH"] = ":".join([*binaries, environment["PATH"]])
    outputs: dict[str, Path] = {}
    ended: list[Finished] = []
    host, seconds = built.tools.host, project.time_limit_seconds * time_factor
    snapshot.begin(tree)
    if host is not None:
        host.prepare(project, commands, built.build, tree, extra or {})
    for number, command in enumerate(commands, 1):
        suffix = f" {number}" if len(commands) > 1 else ""
        stdout, stderr = into / f"stdout{number}", into / f"stderr{number}"
        if host is not None:
            finished = host.run(number, seconds, stdout, stderr, project.output_limit_bytes)
        else:
            finished = run_process(
                ["/bin/sh", "-c", holding_command(project.held, command)],
                directory=tree,
                environment=environment,
                stdin=tree / project.stdin if project.stdin else None,
                stdout=stdout,
                stderr=stderr,
                timeout_seconds=seconds,
                memory_bytes=project.memory_limit_bytes if built.tools.target.native else None,
                output_bytes=project.output_limit_bytes,
            )
        ended.append(finished)
        status = into / f"status{number}"
        status.write_text("did not end in time\n" if finished.timed_out else describe_status(finished.status) + "\n")
        outputs[f"stdout{suffix}"] = stdout
        outputs[f"exit status{suffix}"] = status
    if host is not None:
        host.fetch(tree)
    left = snapshot.collect(tree, into, project.compare)
    return Outcome(Answer(outputs | left.outputs), tuple(ended), left.written, left.left_out)
