"""Builds and runs a case of the zoo by hand, natively and for another chip, as it is or with known causes switched off.

The build finds compilers through a folder at the front of PATH: each is a small script that adds the options of the
experiment behind the build's own, and puts a launcher with QEMU in the place of every linked program.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.zoo.cases import ONLY_OURS, ZOO, Case, TruePlace

RUNNERS = {
    "aarch64-linux-gnu": "qemu-aarch64 -cpu neoverse-n1",
    "riscv64-linux-gnu": "qemu-riscv64",
    "s390x-linux-gnu": "qemu-s390x",
    "powerpc64le-linux-gnu": "qemu-ppc64le",
}
COMPILERS = {"cc": "gcc", "gcc": "gcc", "c++": "g++", "g++": "g++", "gfortran": "gfortran", "f95": "gfortran"}
TOOLS = ("ar", "ranlib", "nm", "strip", "ld", "objcopy", "gcc-ar", "gcc-ranlib")
BUILD_SECONDS = 180
RUN_SECONDS = 120
FORGOTTEN = ("CC", "CXX", "FC", "CFLAGS", "CXXFLAGS", "FFLAGS", "LDFLAGS", "MAKEFLAGS")
SCRATCH = ("CMakeFiles", "meson-private", "conftest")  # where build systems leave the programs of their own probes

COMPILER = """#!/bin/sh
# {real} with the options of the experiment; what it links becomes startable here.
link=yes shared= out=a.out previous=
for argument; do
    case $previous in -o) out=$argument ;; esac
    case $argument in
        -c|-S|-E|-M|-MM|-v|-V|-qversion|-print*|-dump*|--version|-Wl,--version) link= ;;
        -shared) shared=yes ;;
    esac
    previous=$argument
done
if [ -z "$link" ] || [ -n "$shared" ]; then exec {real} "$@" {flags}; fi
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
    """What is changed before a build: compiler options, one mathematical library, `fixed.patch`, rewritten lines."""

    flags: tuple[str, ...] = ()
    library: bool = False
    patch: bool = False
    lines: tuple[TruePlace, ...] = ()

    def __add__(self, other: Experiment) -> Experiment:
        return Experiment(
            self.flags + other.flags,
            self.library or other.library,
            self.patch or other.patch,
            self.lines + other.lines,
        )

    def __str__(self) -> str:
        lines = [f"{place.file}:{place.line} rewritten" for place in self.lines]
        said = [*self.flags, *["one libm"] * self.library, *["fixed.patch"] * self.patch, *lines]
        return ", ".join(said) or "as is"


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


def prefix(directory: Path, target: str, experiment: Experiment) -> Path:
    """A folder for the front of PATH with all compilers and tools of one side; `target` is empty for the reference."""
    directory.mkdir()
    real = f"{target}-" if target else ""
    objects = ""
    if experiment.library:
        objects = str(directory / "plain_libm.o")
        options = ["-O1", "-ffp-contract=off", "-fno-builtin", "-c"]
        subprocess.run([f"{real}gcc", *options, ZOO / "plain_libm.c", "-o", objects], check=True)
    for name, compiler in COMPILERS.items():
        text = COMPILER.format(
            real=shutil.which(real + compiler),
            flags=" ".join(experiment.flags),
            objects=objects,
            here=directory,
            launcher=f"{RUNNERS[target]} -L /usr/{target}" if target else "",
        )
        (directory / name).write_text(text)
        (directory / name).chmod(0o755)
    for name in TOOLS:
        if found := shutil.which(real + name):
            (directory / name).symlink_to(found)
    return directory


def listed(commands: str | Iterable[str]) -> list[str]:
    return [commands] if isinstance(commands, str) else list(commands)


def build_commands(tree: Path, path: str, said: Mapping[str, Any]) -> list[str]:
    """The case's own build: as its bitfast.toml says, or as its build system is called."""
    if "build" in said:
        return listed(said["build"])
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


def shell(command: str, tree: Path, environment: Mapping[str, str], seconds: float) -> tuple[int, bytes, bytes]:
    """Run a command in the tree: its exit status, what it printed, and what it said on standard error."""
    try:
        done = subprocess.run(
            command,
            shell=True,
            cwd=tree,
            env=environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"`{command}` was not done after {seconds:g} s") from None
    return done.returncode, done.stdout, done.stderr


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
        shutil.copytree(self.case.root, tree, ignore=ONLY_OURS)
        if experiment.patch:
            change = shlex.quote(str(self.case.folder / "fixed.patch"))
            self.step(f"patch -p1 --fuzz=0 < {change}", tree, os.environ)
        for place in experiment.lines:
            file = tree / place.file
            lines = file.read_text().split("\n")
            lines[place.line - 1] = str(place.fixed)
            file.write_text("\n".join(lines))
        settings = tree / "bitfast.toml"
        said: dict[str, Any] = tomllib.loads(settings.read_text()) if settings.exists() else {}
        tools = prefix(work / "tools", self.case.target if cross else "", experiment)
        environment = {key: value for key, value in os.environ.items() if key not in FORGOTTEN}
        environment["PATH"] = f"{tools}:{environment['PATH']}"
        for command in build_commands(tree, self.case.path, said):
            self.step(command, tree, environment)
        return self.run(tree, tools, environment, said)

    def step(self, command: str, tree: Path, environment: Mapping[str, str]) -> None:
        status, out, error = shell(command, tree, environment, BUILD_SECONDS)
        if status != 0:
            raise Failed(f"`{command}` failed:\n{(error or out).decode(errors='replace')[-600:]}")

    def run(self, tree: Path, tools: Path, environment: dict[str, str], said: Mapping[str, Any]) -> Answer:
        commands = listed(said.get("run") or self.program(tree, tools))
        status, outputs = 0, []
        for command in commands:
            ended, printed, _ = shell(command, tree, environment | said.get("environment", {}), RUN_SECONDS)
            status = status or ended
            outputs.append((command, printed))
        for pattern in listed(said.get("compare", [])):
            outputs += [(str(file.relative_to(tree)), file.read_bytes()) for file in sorted(tree.glob(pattern))]
        return Answer(status, tuple((name.replace(str(tree), ""), content) for name, content in outputs))

    def program(self, tree: Path, tools: Path) -> str:
        log = tools / "linked"
        linked = {Path(line) for line in log.read_text().splitlines()} if log.exists() else set()
        found = [file for file in linked if file.exists() and not any(mark in str(file) for mark in SCRATCH)]
        if len(found) != 1:
            names = sorted(str(file.relative_to(tree)) for file in found)
            raise Failed(f"expected one linked program, found {names}; say `run` in bitfast.toml")
        return str(found[0])

    def agrees(self, experiment: Experiment) -> bool:
        """Do the sides agree with `experiment` made on the target, and on the reference where the cure needs both?"""
        reference = self.answer(False, experiment if self.case.agree else Experiment())
        return reference == self.answer(True, experiment)
