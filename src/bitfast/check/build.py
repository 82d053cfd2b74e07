"""Building a program for one side: a private copy of its tree, compilers behind shims, and the record of what they did."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bitfast.check.calls import Build, read_build
from bitfast.check.project import Project, copy_tree
from bitfast.check.remote import TIME_FACTOR_REMOTE, Host
from bitfast.check.toolbox import preloaded, shim
from bitfast.chips import (
    Target,
    cache_directory,
    compiler_version,
    host_cpu,
    libc_version,
    qemu_command,
    reference,
    runner_version,
)
from bitfast.process import run
from bitfast.words import BitfastError, Side, SideInfo

# Options of x86 compilers that mean nothing, or an error, elsewhere (GCC manual, "x86 Options").
_X86_ONLY = (
    "-msse",
    "-mavx",
    "-mfma",
    "-mbmi",
    "-mpopcnt",
    "-mlzcnt",
    "-maes",
    "-mpclmul",
    "-mf16c",
    "-mmmx",
    "-mfpmath=",
    "-mno-sse",
    "-mno-avx",
    "-mno-fma",
    "-mprefer-vector-width",
    "-m3dnow",
    "-mcx16",
    "-mred-zone",
    "-mno-red-zone",
    "-mstackrealign",
)
TIME_FACTOR_EMULATED = 30.0
"""How much longer a program may take under QEMU (measured: 2 to 30 times native)."""

_BINUTILS = ("ar", "ranlib", "nm", "strip", "ld", "objcopy", "objdump", "readelf")
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "gcc": ("gcc", "cc", "c99", "c89"),
    "g++": ("g++", "c++", "CC"),
    "gfortran": ("gfortran", "f77", "f95", "fc"),
    "cpp": ("cpp",),
}


@dataclass(frozen=True)
class Tools:
    """One side's toolchain as the build sees it: a folder of shims and the environment that puts it in front."""

    side: Side
    target: Target
    cpu: str
    environment: Mapping[str, str]
    log: Path
    info: SideInfo
    host: Host | None = None  # the machine that runs the programs, where it is not this one

    @property
    def time_factor(self) -> float:
        """How much longer a program may take than here."""
        if self.host is not None:
            return TIME_FACTOR_REMOTE
        return 1.0 if self.target.native else TIME_FACTOR_EMULATED


@dataclass(frozen=True)
class Built:
    """One side, built: its tools, what the build did, and how long it took."""

    tools: Tools
    build: Build
    seconds: float


class Workspace:
    """The place on disk of one check. Both sides are built and run under the same path, so that no answer differs
    because a path does: the side that is not in use is parked beside it."""

    def __init__(self, directory: Path, name: str) -> None:
        self.directory = directory
        self.tree = directory / "tree" / (name.replace("/", "-") or "project")
        self.tree.parent.mkdir(parents=True, exist_ok=True)
        self._active: str | None = None

    def scratch(self, name: str) -> Path:
        """A folder for one stage's own files."""
        path = self.directory / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def activate(self, key: str) -> Path:
        """Put the copy of that key in its place and return the tree; the copy need not exist yet."""
        if self._active != key:
            if self._active is not None and self.tree.exists():
                os.rename(self.tree, self._parked(self._active))
            if self._parked(key).exists():
                os.rename(self._parked(key), self.tree)
            self._active = key
        return self.tree

    def discard(self, key: str) -> None:
        """Remove a copy that is not needed any more."""
        if self._active == key:
            shutil.rmtree(self.tree, ignore_errors=True)
            self._active = None
        shutil.rmtree(self._parked(key), ignore_errors=True)

    def _parked(self, key: str) -> Path:
        return self.directory / f"parked-{key}"

    @contextmanager
    def using(self, key: str) -> Iterator[Path]:
        """The copy of that key in its place while the block runs, what was there before afterwards."""
        before = self._active
        try:
            yield self.activate(key)
        finally:
            if before is not None:
                self.activate(before)


def make_tools(
    side: Side, target: Target, workspace: Workspace, *, cpu: str = "", key: str = "", last_link: Sequence[str] = (),
    host: Host | None = None,
) -> Tools:
    """The shims and the environment for one side. `cpu` is one of the target's choices; `last_link` are options put
    behind every link; `host` is the machine that runs the programs, where it is not this one."""
    folder = workspace.scratch(f"tools-{key or side}")
    bin_directory, log = folder / "bin", folder / "log"
    for path in (bin_directory, log):
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
    lines = [f"log\t{log}"]
    for plain, command in target.tools.items():
        real = shutil.which(command) or ""
        names = list(_ALIASES.get(plain, (plain,) if plain in _BINUTILS else ()))
        prefixes = {target.triple, reference().triple} if side is Side.TARGET else {target.triple}
        for name in [*names, *(f"{prefix}-{plain}" for prefix in prefixes if names)]:
            lines.append(f"tool\t{name}\t{real}")
            (bin_directory / name).symlink_to(shim())
    for plain in ("ar", "nm", "ranlib"):  # the forms that know GCC's intermediate code; meson prefers them
        real = shutil.which(target.tools.get("gcc", "gcc") + f"-{plain}") or shutil.which(target.tools.get(plain, "")) or ""
        lines.append(f"tool\tgcc-{plain}\t{real}")
        (bin_directory / f"gcc-{plain}").symlink_to(shim())
    for clang in ("clang", "clang++"):
        if real := shutil.which(clang):
            lines.append(f"tool\t{clang}\t{_clang_for(target, real, folder)}")
            (bin_directory / clang).symlink_to(shim())
    if side is Side.TARGET and not target.native:
        tuning = (target.cpu(cpu).flags or ("",))[0]
        for option in ("-march=", "-mcpu=", "-mtune="):
            lines.append(f"swap\t{option}native\t{tuning}")
        lines += [f"swap\t{option}\t" for option in ("-m64", "-m128bit-long-double", "-mno-80387", "-mpc64")]
        lines.append(f"swapprefix\t-march=x86-64\t{tuning}")
        lines += [f"swapprefix\t{prefix}\t" for prefix in _X86_ONLY]
        if cpu:
            lines.append(f"last\t{tuning}")
    lines += [f"lastlink\t{option}" for option in last_link]
    if ccache := shutil.which("ccache"):
        lines.append(f"prefix\t{ccache}")
    config = folder / "shim.conf"
    config.write_text("".join(line + "\n" for line in lines), encoding="utf-8", errors="surrogateescape")
    environment = dict(os.environ)
    for variable in ("CC", "CXX", "FC", "F77", "AR", "LD", "MAKEFLAGS", "MFLAGS", "LD_PRELOAD", "PYTHONPATH"):
        environment.pop(variable, None)
    environment |= {
        "PATH": f"{bin_directory}:{os.environ.get('PATH', '/usr/bin:/bin')}",
        "BITFAST_SHIM_CONFIG": str(config),
        "SOURCE_DATE_EPOCH": "315532800",
        "CCACHE_DIR": str(workspace_cache()),
        "CCACHE_NOHASHDIR": "1",
        "CCACHE_DISABLE": "1",
    }
    if not target.native:
        runner = qemu_command(target, cpu)
        runner[0] = shutil.which(runner[0]) or runner[0]
        environment |= {
            "LD_PRELOAD": preloaded("foreign_exec.c", target),
            "BITFAST_RUNNER": "\n".join(runner),
            "BITFAST_MACHINE": str(target.elf_machine),
            "BITFAST_UNAME": target.machine,
            "PKG_CONFIG_LIBDIR": f"/usr/lib/{target.triple}/pkgconfig:/usr/share/pkgconfig",
        }
    info = SideInfo(
        target=target.triple + (f" ({cpu})" if cpu else ""),
        compiler=compiler_version(target.tools["gcc"]),
        libc=libc_version(target),
        runner=runner_version(target, cpu),
        cpu=host_cpu() if target.native else target.cpu(cpu).qemu,
    )
    if host is not None:
        info = replace(info, libc=host.libc, runner=str(host), cpu=host.cpu)
    return Tools(side, target, cpu, environment, log, info, host)


def workspace_cache() -> Path:
    """Where ccache keeps objects between checks."""
    return cache_directory() / "ccache"


def _clang_for(target: Target, real: str, folder: Path) -> str:
    """clang that compiles for the target with the sysroot of its GCC."""
    if target.native:
        return real
    wrapper = folder / Path(real).name
    wrapper.write_text(f'#!/bin/sh\nexec {real} --target={target.triple} "$@"\n')
    wrapper.chmod(0o755)
    return str(wrapper)


def build(project: Project, tools: Tools, tree: Path) -> Built:
    """Copy the sources to `tree` and build them there. Raises BitfastError with the build's last lines if it fails."""
    copy_tree(project, tree)
    seconds = run_build(project, tools, tree)
    return Built(tools, read_build(tools.log, tree), seconds)


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
