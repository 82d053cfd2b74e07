"""Whether the reference's first run gave an answer that can be compared, and what the runs' ends say in a report."""

from __future__ import annotations

import fnmatch
import shlex

from bitfast.check.project import Project
from bitfast.check.run import Outcome, describe_status
from bitfast.words import BitfastError

_MOST_NAMES = 12
_LAST_CHARACTERS = 800  # of standard error, that a message quotes


def require_answer(project: Project, commands: tuple[str, ...], first: Outcome) -> None:
    """Raise BitfastError when the reference did not end, wrote too much, did not start, failed without an answer, or
    wrote nothing that a pattern of `compare` names."""
    called = shlex.join(commands)
    if first.timed_out:
        raise BitfastError(
            f"on the reference, {called} did not end within {project.time_limit_seconds:.0f} s",
            next_step='raise time-limit-seconds in bitfast.toml; if it waits for input, say: stdin = "FILE"',
            exit_status=3,
        )
    for finished in first.finished:
        if finished.output_limit_hit:
            raise BitfastError(
                f"the program writes more than {project.output_limit_bytes >> 20} MiB",
                next_step="raise output-limit-mib in bitfast.toml",
                exit_status=3,
            )
        if finished.status in (126, 127):
            raise BitfastError(
                f"the run command does not start: {called}\n{_stderr(first)}",
                next_step='commands run at the root of the built tree: check --run, or run = "…" in bitfast.toml',
                exit_status=3,
            )
    failed = [finished.status for finished in first.finished if not finished.ok]
    if failed and first.nothing and not first.written:
        said = _stderr(first).strip()
        ended = describe_status(failed[0])
        raise BitfastError(
            f"on the reference the command {'was' if ended.startswith('killed') else 'ended with'} {ended} and wrote"
            f" nothing: {called}{f'{chr(10)}{said}' if said else ''}",
            next_step='give its arguments: --run "PROGRAM ARGUMENTS", or run = "…" in bitfast.toml; its input: stdin',
            exit_status=3,
        )
    for pattern in project.compare:
        if not fnmatch.filter(first.written, pattern):
            names = ", ".join(first.written[:_MOST_NAMES]) + (", …" if len(first.written) > _MOST_NAMES else "")
            raise BitfastError(
                f"compare: {pattern!r} matched nothing; these files were written: {names or 'none'}",
                next_step="name files as they are called from the tree's root, such as 'out/*.csv'",
            )


def said_of_both(here: Outcome, there: Outcome) -> list[str]:
    """Notes on two runs that are to be compared: a failure on both sides, and files that are no answer."""
    notes = []
    for ours, theirs in zip(here.finished, there.finished, strict=True):
        ended = describe_status(ours.status)
        if not ours.ok and not ours.timed_out and ended == describe_status(theirs.status):
            notes.append(f"the program {'is' if ended.startswith('killed') else 'ends with'} {ended} on both sides")
    if left_out := dict.fromkeys((*here.left_out, *there.left_out)):
        notes.append(f"written, but not compared: {', '.join(left_out)}")
    return notes


def _stderr(outcome: Outcome) -> str:
    folder = next(iter(outcome.answer.outputs.values())).parent
    return "".join(path.read_text(errors="replace")[-_LAST_CHARACTERS:] for path in sorted(folder.glob("stderr*")))
