"""`bitfast targets`: what this machine has for every target, what it lacks, and the command that gets it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bitfast import sysroots
from bitfast.chips import (
    MUSL,
    Target,
    compiler_version,
    has,
    libc_version,
    reference,
    runner_version,
    target_named,
    triples,
)
from bitfast.portable_libm import portable_libm
from bitfast.process import run
from bitfast.words import BitfastError


@dataclass(frozen=True)
class Missing:
    """Something a target lacks here: what it is, what it is for, and the distribution's packages that bring it.

    `required` means that no program can be built or run for the target without it.
    """

    what: str
    why: str
    packages: tuple[str, ...]
    required: bool = True


def missing(target: Target) -> tuple[Missing, ...]:
    """What this machine lacks for a target, the required things first."""
    gnu = target_named("aarch64-linux-gnu") if target.triple == MUSL else target
    lacking = list(_missing_c(gnu))
    if not target.native and not has(target.qemu):
        lacking.append(Missing(target.qemu, "runs the target's programs here", ("qemu-user",)))
    if target.triple == MUSL and not Path(target.tools["gcc"]).is_file():
        lacking.append(Missing("musl", "the target's C library; unpacked into bitfast's cache", ()))
    if target.triple != MUSL:
        lacking += _missing_languages(target)
    if target == reference():
        lacking += _missing_helpers()
    return tuple(sorted(lacking, key=lambda item: not item.required))


def install_command(target: Target) -> str:
    """The command that installs what the distribution has of what is missing; "" when nothing of that kind is."""
    packages = dict.fromkeys(package for item in missing(target) for package in item.packages)
    if not packages:
        return ""
    apt_get = "apt-get" if os.geteuid() == 0 else "sudo apt-get"
    return f"{apt_get} update && {apt_get} install --yes --no-install-recommends {' '.join(packages)}"


def install(target: Target, say: Callable[[str], None]) -> None:
    """Get everything the target needs: packages of the distribution, musl for its target, the portable math library.

    `say` is told every step before it is taken. Raises BitfastError when one fails; what was done stays.
    """
    if target != reference():
        install(reference(), say)
    command = install_command(target)
    if command:
        say(command)
        # Not process.run: sudo must be able to ask for the password on this terminal.
        done = subprocess.run(command, shell=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, check=False)
        if done.returncode != 0:
            raise BitfastError(
                f"this failed: {command}", next_step="run it by hand and see what it says", exit_status=3
            )
    if target.triple == MUSL:
        say(f"unpacking the distribution's musl for {target.debian_architecture} into {target.sysroot}")
        sysroots.install_musl(target)
    say(f"building the portable math library for {target.triple}: bitfast's functions, others from musl's source")
    portable_libm(target, fetch=True)
    compiler_version.cache_clear()
    libc_version.cache_clear()


@dataclass(frozen=True)
class Status:
    """What this machine has for one target; an empty string is what it has not."""

    target: str
    compiler: str
    libc: str
    runner: str
    cpus: tuple[str, ...]
    languages: tuple[str, ...]
    missing: tuple[Missing, ...]
    install: str


def status(target: Target) -> Status:
    """What this machine has for the target and what it lacks."""
    compiler = target.tools["gcc"]
    lacking = missing(target)
    return Status(
        target=target.triple,
        compiler=compiler_version(compiler) if has(compiler) else "",
        libc=libc_version(target) if has(compiler) else "",
        runner=runner_version(target) if target.native or has(target.qemu) else "",
        cpus=target.cpu_choices,
        languages=tuple(name for name, tool in _LANGUAGES if tool in target.tools and has(target.tools[tool])),
        missing=lacking,
        install=f"bitfast targets --install {target.triple}" if lacking else "",
    )


def targets_table() -> Group:
    """The targets and what they are built and run with; below, what is missing, what for, and the command that gets it.

    Triples and commands keep to one line each, so that they can be copied.
    """
    rows = [status(target) for target in _all()]
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("target", "compiler", "C library", "runner", "missing"):
        table.add_column(title, overflow="fold", no_wrap=title == "target")
    for row in rows:
        table.add_row(
            row.target,
            row.compiler or "–",
            row.libc.partition(" (")[0] or "–",
            row.runner.partition(" -cpu")[0] or "–",
            str(len(row.missing)) if row.missing else "nothing",
        )
    parts: list[RenderableType] = [table]
    for row in rows:
        if row.missing:
            parts.append(Text(f"\n{row.target} lacks:"))
            parts += [_lacking(item) for item in row.missing]
            parts.append(Text(f"  → {row.install}", no_wrap=True, overflow="ignore"))
    return Group(*parts)


def _lacking(item: Missing) -> Text:
    packages = f" [{', '.join(item.packages)}]" if item.packages else ""
    return Text(f"  {item.what}{packages}: {item.why}{'' if item.required else ' (optional)'}")


def targets_json() -> list[dict[str, Any]]:
    """The same as plain data, this machine first."""
    return [asdict(status(target)) for target in _all()]


def _all() -> tuple[Target, ...]:
    return (reference(), *(target_named(triple) for triple in triples()))


_LANGUAGES = (("c", "gcc"), ("c++", "g++"), ("fortran", "gfortran"))


def _missing_c(target: Target) -> list[Missing]:
    suffix = _package_suffix(target)
    lacking = []
    gcc = target.tools["gcc"]
    if not has(gcc):
        lacking.append(Missing(gcc, "compiles C for the target", (f"gcc{suffix}", *_libc_packages(target))))
    elif not _has_libc_headers(gcc):
        lacking.append(Missing("stdio.h", "headers of the target's C library", _libc_packages(target)))
    for tool in ("ar", "ld", "objcopy"):
        if has(gcc) and not has(target.tools[tool]):
            lacking.append(Missing(target.tools[tool], "links the target's programs", (f"binutils{suffix}",)))
    return lacking


def _missing_languages(target: Target) -> list[Missing]:
    suffix = _package_suffix(target)
    lacking = [
        Missing(target.tools[tool], why, (f"{tool}{suffix}",), required=False)
        for tool, why in (("g++", "compiles C++ for the target"), ("gfortran", "compiles Fortran for the target"))
        if not has(target.tools[tool])
    ]
    gcc = target.tools["gcc"]
    plugin = run([gcc, "-print-file-name=plugin"], timeout_seconds=30).text.strip() if has(gcc) else ""
    if not Path(plugin, "include/gcc-plugin.h").is_file():
        package = f"gcc-{_gcc_major(target)}-plugin-dev{suffix}"
        why = "names single operations within a line; without it places end at the line"
        lacking.append(Missing("headers for GCC's plugins", why, (package,), required=False))
    return lacking


def _missing_helpers() -> list[Missing]:
    helpers = (
        ("make", "builds projects with a Makefile", "make"),
        ("dpkg-source", "unpacks debian:NAME and the portable math library", "dpkg-dev"),
        ("valgrind", "finds uninitialised memory", "valgrind"),
    )
    return [Missing(command, why, (package,), required=False) for command, why, package in helpers if not has(command)]


def _package_suffix(target: Target) -> str:
    return "" if target.native else "-" + target.triple.replace("_", "-")


def _libc_packages(target: Target) -> tuple[str, ...]:
    return ("libc6-dev",) if target.native else (f"libc6-dev-{target.debian_architecture}-cross",)


def _has_libc_headers(gcc: str) -> bool:
    return run([gcc, "-E", "-include", "stdio.h", "-x", "c", "/dev/null"], timeout_seconds=30).ok


@cache
def _gcc_major(target: Target) -> str:
    """The major version of the target's GCC: as installed, or as the distribution would."""
    gcc = target.tools["gcc"]
    if has(gcc):
        return run([gcc, "-dumpversion"], timeout_seconds=30).text.split(".")[0].strip()
    if has("apt-cache"):
        said = run(["apt-cache", "depends", f"gcc{_package_suffix(target)}"], timeout_seconds=60).text
        if found := re.search(r"Depends: gcc-(\d+)", said):
            return found[1]
    return "12"
