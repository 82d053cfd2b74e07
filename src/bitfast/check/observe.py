"""Evidence: what sanitizers and valgrind see when the reference runs, gathered only when the search asks for it."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from bitfast.check.laboratory import Bench
from bitfast.check.variants import NotBuildable, Switched
from bitfast.evidence import UBSAN_KINDS, parse_tsan, parse_ubsan, parse_valgrind, together
from bitfast.words import Environment, Evidence, Flags

_UBSAN = (
    "-fsanitize=undefined,float-cast-overflow",
    "-fsanitize-recover=all",
    "-fno-sanitize=vptr,alignment,object-size,null,nonnull-attribute,returns-nonnull-attribute",
)
_LONGEST_SECONDS = 20.0
"""A program that takes longer by itself is not run under valgrind, which makes it 20 to 50 times slower."""


def gather(bench: Bench, kinds: Sequence[str]) -> Evidence:
    """Run the reference under the tools that look for these kinds; nothing from those with which it does not build."""
    found = []
    if UBSAN_KINDS & set(kinds):
        found.append(_undefined_behaviour(bench))
    if "valgrind-uninitialised" in kinds and shutil.which("valgrind"):
        found.append(_uninitialised(bench))
    if "tsan" in kinds and any(
        "pthread" in flag or "openmp" in flag for unit in bench.rebuilder.units for flag in unit.arguments
    ):
        found.append(_races(bench))
    return together(found)


def _undefined_behaviour(bench: Bench) -> Evidence:
    log = bench.workspace.scratch("ubsan") / "log"
    switches = [Switched(Flags((*_UBSAN, "-g"))), Switched(Environment(link_flags=("-fsanitize=undefined",)))]
    try:
        bench.run(switches, {"UBSAN_OPTIONS": f"log_path={log}:print_stacktrace=0"}, slower=5)
    except NotBuildable:
        return Evidence()
    # libubsan has no runtime for some programs (Fortran): what did not compile with checks in it was not looked at.
    looked_at = all(unit.language != "fortran" for unit in bench.rebuilder.units)
    complete = UBSAN_KINDS if looked_at else frozenset()
    return parse_ubsan(_said(log), *_where(bench), complete)


def _uninitialised(bench: Bench) -> Evidence:
    log = bench.workspace.scratch("valgrind") / "log"
    tool = f"valgrind -q --trace-children=yes --track-origins=yes --log-file={shlex.quote(str(log))}.%p"
    commands = tuple(f"{tool} /bin/sh -c {shlex.quote(command)}" for command in bench.commands)
    try:
        if bench.run([Switched(Flags(("-g",)))]).seconds > _LONGEST_SECONDS:
            return Evidence()
        outcome = bench.run([Switched(Flags(("-g",)))], commands=commands, slower=60)
    except NotBuildable:
        return Evidence()
    return Evidence() if outcome.timed_out else parse_valgrind(_said(log), *_where(bench))


def _races(bench: Bench) -> Evidence:
    log = bench.workspace.scratch("tsan") / "log"
    switches = [Switched(Flags(("-fsanitize=thread", "-g"))), Switched(Environment(link_flags=("-fsanitize=thread",)))]
    try:
        bench.run(switches, {"TSAN_OPTIONS": f"log_path={log}:exitcode=0"}, slower=20)
    except NotBuildable:
        return Evidence()
    return parse_tsan(_said(log), *_where(bench))


def _said(log: Path) -> str:
    return "\n".join(path.read_text(errors="surrogateescape") for path in sorted(log.parent.glob(f"{log.name}.*")))


def _where(bench: Bench) -> tuple[Path, list[Path]]:
    return bench.workspace.activate(bench.key), sorted({unit.directory for unit in bench.rebuilder.units})
