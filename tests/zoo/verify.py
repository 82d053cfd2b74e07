"""Proves that the zoo's `case.toml` files tell the truth, without bitfast: builds each program with its own build, natively
and with the cross compiler, runs both and switches the known causes off by hand.

    python tests/zoo/verify.py [CASE …]

The build finds compilers through a folder at the front of PATH: each is a small script that adds the options of the
experiment behind the build's own, and puts a launcher with QEMU in the place of every linked program.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from cases import ZOO, Case, TrueCause, TruePlace, load_all  # noqa: E402

TRIPLE = "aarch64-linux-gnu"
QEMU = f"qemu-aarch64 -cpu neoverse-n1 -L /usr/{TRIPLE}"
COMPILERS = {"cc": "gcc", "gcc": "gcc", "c++": "g++", "g++": "g++", "gfortran": "gfortran", "f95": "gfortran"}
TOOLS = ("ar", "ranlib", "nm", "strip", "ld", "objcopy", "gcc-ar", "gcc-ranlib")
BUILD_SECONDS = 180
SCRATCH = ("CMakeFiles", "meson-private", "conftest")  # where build systems leave the programs of their own probes

COMPILER = """#!/bin/sh
# {real} with the options of the experiment; what it links becomes startable here.
link=yes shared= out=a.out previous=
for argument; do
    case $previous in -o) out=$argument ;; esac
    case $argument in -c|-S|-E|-M|-MM|-v|-V|-qversion|-print*|-dump*|--version|-Wl,--version) link= ;; -shared) shared=yes ;; esac
    previous=$argument
done
if [ -z "$link" ]; then exec {real} "$@" {flags}; fi
if [ -n "$shared" ]; then exec {real} "$@" {flags}; fi
{real} "$@" {flags} {objects} || exit $?
[ -f "$out" ] || exit 0
realpath "$out" >> {here}/linked
[ -n "{launcher}" ] || exit 0
mv "$out" "$out.elf"
printf '#!/bin/sh\\nexec {launcher} "$(readlink -f "$0")".elf "$@"\\n' > "$out"
cat "$out.elf" >> "$out" # build systems look for marks inside
chmod +x "$out"
"""


@dataclass(frozen=True)
class Experiment:
    """What is changed before a build: compiler options, one mathematical library, rewritten lines."""

    flags: tuple[str, ...] = ()
    library: bool = False
    lines: tuple[TruePlace, ...] = ()

    def __add__(self, other: Experiment) -> Experiment:
        return Experiment(self.flags + other.flags, self.library or other.library, self.lines + other.lines)

    def __str__(self) -> str:
        lines = [f"{place.file}:{place.line} rewritten" for place in self.lines]
        return ", ".join([*self.flags, *(["one libm"] if self.library else []), *lines]) or "as is"


class Failed(Exception):
    """A build or a run did not come to its end."""


@dataclass(frozen=True)
class Answer:
    status: int
    outputs: tuple[tuple[str, bytes], ...]

    def masked(self, patterns: Sequence[str]) -> Answer:
        def cover(content: bytes) -> bytes:
            for pattern in patterns:
                content = re.sub(pattern.encode(), b"#", content)
            return content

        return replace(self, outputs=tuple((name, cover(content)) for name, content in self.outputs))


def prefix(directory: Path, cross: bool, experiment: Experiment) -> Path:
    """A folder for the front of PATH with all compilers and tools of one side."""
    directory.mkdir()
    real = f"{TRIPLE}-" if cross else ""
    objects = ""
    if experiment.library:
        objects = str(directory / "plain_libm.o")
        compiler = shutil.which(f"{real}gcc") or "gcc"
        subprocess.run([compiler, "-O1", "-ffp-contract=off", "-fno-builtin", "-c", ZOO / "plain_libm.c", "-o", objects], check=True)
    for name, compiler in COMPILERS.items():
        text = COMPILER.format(
            real=shutil.which(real + compiler),
            flags=" ".join(experiment.flags),
            objects=objects,
            here=directory,
            launcher=QEMU if cross else "",
        )
        (directory / name).write_text(text)
        (directory / name).chmod(0o755)
    for name in TOOLS:
        if found := shutil.which(real + name):
            (directory / name).symlink_to(found)
    return directory


def build_commands(tree: Path, path: str, said: dict[str, object]) -> list[str]:
    """The case's own build: as its bitfast.toml says, or as its build system is called."""
    if build := said.get("build"):
        return [build] if isinstance(build, str) else [str(command) for command in build]  # type: ignore[attr-defined]
    if path != ".":
        compiler = {".c": "gcc", ".f90": "gfortran", ".f": "gfortran"}.get(Path(path).suffix, "g++")
        return [f"{compiler} -O2 {path} -o program -lm"]
    for mark, commands in {
        "Makefile": ["make"],
        "CMakeLists.txt": ["cmake -B build .", "cmake --build build"],
        "meson.build": ["meson setup build", "ninja -C build"],
        "configure": ["./configure", "make"],
        "configure.ac": ["autoreconf -fi", "./configure", "make"],
    }.items():
        if (tree / mark).exists():
            return commands
    sources = [file.name for file in tree.iterdir() if file.suffix in (".c", ".cpp", ".cc", ".cxx", ".f90", ".f")]
    if len(sources) == 1:
        return build_commands(tree, sources[0], said)
    raise Failed("no build system found")


def shell(command: str, tree: Path, environment: dict[str, str], seconds: float) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            command, shell=True, cwd=tree, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"`{command}` was not done after {seconds:g} s") from None


class Bench:
    """Builds and runs one case; remembers answers, so that an experiment is done once for each side."""

    def __init__(self, case: Case, directory: Path) -> None:
        self.case = case
        self.directory = directory
        self.known: dict[tuple[bool, Experiment], Answer] = {}

    def answer(self, cross: bool, experiment: Experiment, repeat: bool = False) -> Answer:
        """One side's answer, masked. `repeat` builds and runs afresh."""
        key = (cross, experiment)
        if repeat or key not in self.known:
            self.known[key] = self.measured(cross, experiment).masked(self.case.masked)
        return self.known[key]

    def measured(self, cross: bool, experiment: Experiment) -> Answer:
        work = Path(tempfile.mkdtemp(dir=self.directory))
        tree = work / "tree"
        shutil.copytree(self.case.root, tree, ignore=shutil.ignore_patterns("case.toml"))
        for place in experiment.lines:
            file = tree / place.file
            lines = file.read_text().split("\n")
            lines[place.line - 1] = str(place.fixed)
            file.write_text("\n".join(lines))
        settings = tree / "bitfast.toml"
        said: dict[str, object] = tomllib.loads(settings.read_text()) if settings.exists() else {}
        tools = prefix(work / "tools", cross, experiment)
        environment = {key: value for key, value in os.environ.items() if key not in ("CC", "CXX", "FC", "CFLAGS", "MAKEFLAGS")}
        environment["PATH"] = f"{tools}:{environment['PATH']}"
        for command in build_commands(tree, self.case.path, said):
            done = shell(command, tree, environment, BUILD_SECONDS)
            if done.returncode != 0:
                end = (done.stderr or done.stdout).decode(errors="replace")[-600:]
                raise Failed(f"{'target' if cross else 'reference'}, {experiment}: `{command}` failed:\n{end}")
        return self.run(tree, tools, environment, said)

    def run(self, tree: Path, tools: Path, environment: dict[str, str], said: dict[str, object]) -> Answer:
        commands = said.get("run") or [self.program(tree, tools)]
        more = said.get("environment", {})
        assert isinstance(more, dict)
        status, outputs = 0, []
        for command in [commands] if isinstance(commands, str) else list(commands):  # type: ignore[call-overload]
            done = shell(command, tree, environment | more, 120)
            status = status or done.returncode
            outputs.append((command, done.stdout))
        for pattern in said.get("compare", []):  # type: ignore[attr-defined]
            outputs += [(str(file.relative_to(tree)), file.read_bytes()) for file in sorted(tree.glob(pattern))]
        return Answer(status, tuple((name.replace(str(tree), ""), content) for name, content in outputs))

    def program(self, tree: Path, tools: Path) -> str:
        log = tools / "linked"
        linked = {Path(line) for line in log.read_text().splitlines()} if log.exists() else set()
        found = [file for file in linked if file.exists() and not any(mark in str(file) for mark in SCRATCH)]
        if len(found) != 1:
            raise Failed(f"expected one linked program, found {[str(file.relative_to(tree)) for file in found]}; say `run` in bitfast.toml")
        return str(found[0])

    def agrees(self, experiment: Experiment) -> bool:
        """Do the two sides agree when `experiment` is made on the target, and on the reference where the cure needs both?"""
        reference = self.answer(False, experiment if self.case.agree else Experiment())
        return reference == self.answer(True, experiment)


def ways_off(cause: TrueCause) -> Iterator[Experiment]:
    """Each way in which a cause can be switched off by hand; each alone must do it."""
    if cause.off == "libm":
        yield Experiment(library=True)
    elif cause.off:
        yield Experiment(flags=tuple(cause.off.split()))
    fixed = tuple(place for place in cause.places if place.fixed is not None)
    if cause.any:
        yield from (Experiment(lines=(place,)) for place in fixed)
    elif fixed and len(fixed) == len(cause.places):
        yield Experiment(lines=fixed)


def problems(case: Case, directory: Path) -> Iterator[str]:
    """Everything in `case.toml` that is not so."""
    for place in (place for cause in case.causes for place in cause.places):
        lines = (case.root / place.file).read_text().splitlines()
        if not 0 < place.line <= len(lines) or not lines[place.line - 1].strip():
            yield f"{place.file} has no line {place.line}"
            return
    bench = Bench(case, directory)
    reference = bench.answer(False, Experiment())
    repeats = [bench.answer(False, Experiment(), repeat=True) for _ in range(2 if case.verdict == "nondeterministic" else 1)]
    if case.verdict == "nondeterministic":
        if reference in repeats:
            yield "the reference repeats itself"
        return
    if repeats != [reference]:
        yield "the reference does not repeat itself"
        return
    if not any(content for _, content in reference.outputs):
        yield "prints nothing"
    agrees = bench.agrees(Experiment())
    if case.verdict == "same":
        if not agrees:
            yield "the sides differ"
        return
    if agrees:
        yield "the sides agree as they are"
        return
    if case.verdict == "cured":
        yield from cure_problems(case, bench)


def cure_problems(case: Case, bench: Bench) -> Iterator[str]:
    ways = [list(ways_off(cause)) for cause in case.causes]
    for cause, found in zip(case.causes, ways, strict=True):
        if not found:
            yield f"{cause.name}: says no way to switch it off (`off`, or `fixed` at each place)"
            return
    for combination in itertools.product(*ways):
        experiment = sum(combination, Experiment())
        if not bench.agrees(experiment):
            yield f"still differs with {experiment}"
    if len(ways) > 1:
        for index, cause in enumerate(case.causes):
            rest = sum((found[0] for other, found in enumerate(ways) if other != index), Experiment())
            if bench.agrees(rest):
                yield f"{cause.name} need not be switched off"
    for index, cause in enumerate(case.causes):
        if cause.any or len(cause.places) < 2 or not ways[index][-1].lines:
            continue
        others = sum((found[0] for other, found in enumerate(ways) if other != index), Experiment())
        for place in cause.places:
            kept = tuple(other for other in cause.places if other != place)
            if bench.agrees(others + Experiment(lines=kept)):
                yield f"{place.file}:{place.line} need not be changed"


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n")[0])
    parser.add_argument("cases", nargs="*", metavar="CASE")
    wrong = 0
    for case in load_all(parser.parse_args().cases):
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="zoo-") as directory:
            try:
                found = list(problems(case, Path(directory)))
            except Failed as failure:
                found = [str(failure)]
        wrong += bool(found)
        print(f"{case.name:40} {case.verdict:16} {'; '.join(found) or 'true':8} {time.monotonic() - begin:5.1f} s", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
