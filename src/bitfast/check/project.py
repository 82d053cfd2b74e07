"""What is to be checked: how a program is built, run and compared, found in its tree or said in `bitfast.toml`."""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bitfast.check.archives import ARCHIVES, unpack
from bitfast.words import EXACT, BitfastError, Tolerance

CONFIGURATION = "bitfast.toml"
SOURCE_SUFFIXES: Mapping[str, str] = {
    ".c": "c",
    ".cc": "c++",
    ".cpp": "c++",
    ".cxx": "c++",
    ".c++": "c++",
    ".C": "c++",
    ".f": "fortran",
    ".for": "fortran",
    ".f77": "fortran",
    ".f90": "fortran",
    ".f95": "fortran",
    ".f03": "fortran",
    ".f08": "fortran",
    ".F": "fortran",
    ".F90": "fortran",
    ".F95": "fortran",
}
NEVER_COPIED = (".git", ".hg", ".svn", "bitfast-build")


@dataclass(frozen=True)
class Project:
    """A program to check. `build` and `run` are shell commands, run at the tree's root; `run` is empty where the
    executable is to be found among what the build linked."""

    name: str
    source: Path
    system: str  # "cmake", "meson", "autotools", "make", "source file", "command"
    build: tuple[str, ...]
    run: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: Path | None = None
    tolerance: Tolerance = EXACT
    time_limit_seconds: float = 120.0
    build_limit_seconds: float = 3600.0
    memory_limit_bytes: int | None = None
    output_limit_bytes: int = 8 << 30
    reference_runs: int = 3
    target: str = ""
    packages: tuple[str, ...] = ()  # distribution packages with libraries that the program needs on the target
    held: tuple[str, ...] = ()  # what is held still while it runs, by the names of check/steady.py
    added: tuple[Path, ...] = ()  # files beside the configuration that lie at the root of the private copies


def _jobs() -> int:
    return max(1, len(os.sched_getaffinity(0)))


def build_commands(tree: Path) -> tuple[str, tuple[str, ...]]:
    """The build system found in a tree and the commands that build with it. Raises BitfastError where none is found."""
    jobs = _jobs()
    make = f"make -j{jobs}"
    if (tree / "CMakeLists.txt").exists():
        configure = "cmake -S . -B bitfast-build"
        listing = (tree / "CMakeLists.txt").read_text(errors="replace")
        if not re.search(r"set\s*\(\s*CMAKE_BUILD_TYPE", listing, flags=re.IGNORECASE):
            configure += " -DCMAKE_BUILD_TYPE=Release"
        return "cmake", (configure, f"cmake --build bitfast-build -j {jobs}")
    if (tree / "meson.build").exists():
        return "meson", ("meson setup bitfast-build", f"meson compile -C bitfast-build -j {jobs}")
    if (tree / "configure").exists():
        return "autotools", ("sh ./configure", make)
    if (tree / "configure.ac").exists() or (tree / "configure.in").exists():
        return "autotools", ("autoreconf -fi", "./configure", make)
    if any((tree / name).exists() for name in ("GNUmakefile", "makefile", "Makefile")):
        return "make", (make,)
    sources = sorted(path for path in tree.iterdir() if path.suffix in SOURCE_SUFFIXES and path.is_file())
    if len(sources) == 1:
        return "source file", (_compile_alone(sources[0].name),)
    raise BitfastError(
        f"no way to build {tree.name} was found: no CMakeLists.txt, meson.build, configure, configure.ac or Makefile",
        next_step='say how: --build "COMMAND", or build = "COMMAND" in bitfast.toml',
    )


def _compile_alone(name: str) -> str:
    compiler = {"c": "gcc", "c++": "g++", "fortran": "gfortran"}[SOURCE_SUFFIXES[Path(name).suffix]]
    quoted = "'" + ("./" + name if name.startswith("-") else name).replace("'", "'\\''") + "'"
    threads = " -pthread" if compiler != "gfortran" else ""
    return f"{compiler} -O2 {quoted} -o program{threads} -lm"


# Key in bitfast.toml → (types that it may have, what to say was expected).
_KEYS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "name": ((str,), "a string"),
    "build": ((str, list), "a shell command or a list of them"),
    "run": ((str, list), "a shell command or a list of them"),
    "compare": ((str, list), "a glob such as 'out/*.csv', or a list of them"),
    "environment": ((dict,), 'a table of strings, such as {OMP_NUM_THREADS = "1"}'),
    "stdin": ((str,), "the name of a file in the tree"),
    "tolerance": ((dict,), "a table with ulp (whole number), relative or absolute"),
    "time-limit-seconds": ((int, float), "a number of seconds"),
    "build-limit-seconds": ((int, float), "a number of seconds"),
    "memory-limit-mib": ((int,), "a whole number of MiB"),
    "output-limit-mib": ((int,), "a whole number of MiB"),
    "reference-runs": ((int,), "a whole number, 2 or more"),
    "target": ((str,), "a target's triple, such as 'aarch64-linux-gnu'"),
    "packages": ((list,), "a list of the distribution's package names, such as ['zlib1g-dev']"),
    "add": ((str, list), "a file beside the configuration, such as 'driver.c', or a list of them"),
}


def read_configuration(path: Path) -> dict[str, Any]:
    """The checked content of a bitfast.toml. Raises BitfastError that names the key and what was expected."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BitfastError(f"{path.name} is not valid TOML: {error}", next_step="mend that line") from None
    except OSError as error:
        raise BitfastError(f"cannot read {path}: {error.strerror}") from None
    for key, value in content.items():
        if key not in _KEYS:
            raise BitfastError(
                f"{path.name}: unknown key {key!r}", next_step=f"the keys are: {', '.join(sorted(_KEYS))}"
            )
        types, expected = _KEYS[key]
        if not isinstance(value, types) or isinstance(value, bool):
            raise BitfastError(f"{path.name}: {key} is {value!r}", next_step=f"{key} takes {expected}")
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            raise BitfastError(
                f"{path.name}: {key} holds something that is no string", next_step=f"{key} takes {expected}"
            )
        if isinstance(value, (str, list)) and (not value or any("\0" in item for item in _listed(value))):
            raise BitfastError(f"{path.name}: {key} is empty or holds a NUL", next_step=f"{key} takes {expected}")
    for name, value in content.get("environment", {}).items():
        if not isinstance(value, str) or not name or "=" in name or "\0" in name + value:
            raise BitfastError(f"{path.name}: environment.{name!r} = {value!r}", next_step=_KEYS["environment"][1])
    if content.get("reference-runs", 2) < 2:
        raise BitfastError(f"{path.name}: reference-runs is {content['reference-runs']}", next_step="2 is the least")
    for key in ("time-limit-seconds", "build-limit-seconds", "memory-limit-mib", "output-limit-mib"):
        if not 0 < content.get(key, 1) < math.inf:
            raise BitfastError(
                f"{path.name}: {key} is {content[key]}", next_step=f"{key} takes {_KEYS[key][1]}, more than zero"
            )
    return content


def tolerance_from(table: Mapping[str, Any], where: str) -> Tolerance:
    """A tolerance out of {ulp, relative, absolute}. Raises BitfastError for other keys and for negative numbers."""
    for key, value in table.items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf
        if key not in ("ulp", "relative", "absolute") or not number or (key == "ulp" and not isinstance(value, int)):
            raise BitfastError(f"{where}: tolerance.{key} = {value!r}", next_step=_KEYS["tolerance"][1])
    return Tolerance(table.get("ulp", 0), float(table.get("relative", 0)), float(table.get("absolute", 0)))


def _listed(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]


def find_project(
    path: Path, scratch: Path, config: Path | None = None, *, build: tuple[str, ...] = (), run: tuple[str, ...] = ()
) -> Project:
    """The project at `path`: a folder, a source file, or an archive, which is unpacked into `scratch`.

    `config` is a configuration that lies elsewhere than in the tree; `build` and `run` go before what it says. Raises
    BitfastError when nothing is there, when it cannot be built by any known way, or for a bad bitfast.toml.
    """
    if not path.exists():
        raise BitfastError(
            f"{path} does not exist", next_step="give a folder, a source file, an archive or debian:NAME"
        )
    if not path.is_file() and not path.is_dir():
        raise BitfastError(
            f"{path} is neither a file nor a folder", next_step="give a folder, a source file or an archive"
        )
    if path.is_file() and path.name.endswith(ARCHIVES):
        tree = unpack(path, scratch)
        project = find_project(tree, scratch, config, build=build, run=run)
        return replace(project, name=path.name.split(".")[0] if project.name == tree.name else project.name)
    if path.is_file() and path.suffix not in SOURCE_SUFFIXES:
        known = f"a source file ({' '.join(SOURCE_SUFFIXES)}), an archive ({' '.join(ARCHIVES)})"
        raise BitfastError(
            f"{path.name} is neither a C, C++ or Fortran source file nor an archive",
            next_step=f"give a folder, {known} or debian:NAME",
        )
    lone = path.is_file()
    file = config or path / CONFIGURATION
    configuration = read_configuration(file) if config is not None or (not lone and file.exists()) else {}
    if build or "build" in configuration:
        system, build = "command", build or _listed(configuration["build"])
    elif lone:
        system, build = "source file", (_compile_alone(path.name),)
    else:
        system, build = build_commands(path)
    added = _added(_listed(configuration.get("add", ())), file)
    stdin = configuration.get("stdin")
    if stdin is not None and stdin not in {one.name for one in added}:
        _require_inside(path.parent if lone else path, stdin)
    memory = configuration.get("memory-limit-mib")
    return Project(
        name=configuration.get("name", path.resolve().name),
        source=path,
        system=system,
        build=build,
        run=run or _listed(configuration.get("run", ())),
        compare=_listed(configuration.get("compare", ())),
        environment=configuration.get("environment", {}),
        stdin=Path(stdin) if stdin is not None else None,
        tolerance=tolerance_from(configuration.get("tolerance", {}), CONFIGURATION),
        time_limit_seconds=float(configuration.get("time-limit-seconds", 120)),
        build_limit_seconds=float(configuration.get("build-limit-seconds", 3600)),
        memory_limit_bytes=memory << 20 if memory else None,
        output_limit_bytes=configuration.get("output-limit-mib", 8 << 10) << 20,
        reference_runs=configuration.get("reference-runs", 3),
        target=configuration.get("target", ""),
        packages=tuple(configuration.get("packages", ())),
        added=added,
    )


def _require_inside(tree: Path, stdin: str) -> None:
    if not (tree / stdin).is_file() or not (tree / stdin).resolve().is_relative_to(tree.resolve()):
        raise BitfastError(
            f"{CONFIGURATION}: stdin names {stdin!r}, which is not in the tree",
            next_step=f"stdin takes {_KEYS['stdin'][1]}; `add` brings in a file from elsewhere",
        )


def _added(names: Sequence[str], file: Path) -> tuple[Path, ...]:
    """The files that a configuration adds to the private copies, named relative to itself."""
    found = tuple(file.parent / name for name in names)
    for path in found:
        if not path.is_file():
            raise BitfastError(
                f"{file.name}: add names {path.name!r}, which is not beside it",
                next_step=f"add takes {_KEYS['add'][1]}",
            )
    return found
