"""One side's toolchain as a build sees it: shims in front of the compilers, and the environment that names them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bitfast import sysroots
from bitfast.cache import cache_directory
from bitfast.check.remote import TIME_FACTOR_REMOTE, Host
from bitfast.check.surroundings import without_choices
from bitfast.check.toolbox import preloaded, shim
from bitfast.check.workspace import Workspace
from bitfast.chips import Target, compiler_version, host_cpu, libc_version, qemu_command, reference, runner_version
from bitfast.words import Side, SideInfo

# Options of x86 compilers that mean nothing, or an error, elsewhere (GCC manual, "x86 Options").
_X86_ONLY = (
    "-msse",
    "-mssse3",
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
    "-mno-ssse3",
    "-mno-avx",
    "-mno-fma",
    "-mprefer-vector-width",
    "-m3dnow",
    "-mcx16",
    "-mred-zone",
    "-mno-red-zone",
    "-mstackrealign",
    "-mpreferred-stack-boundary",
    "-mincoming-stack-boundary",
    "-malign-double",
    "-mrecip",
    "-mveclibabi",
    "-mcmodel=medium",
)
# How the names of x86 processors begin behind -march= and -mtune= (GCC manual, "x86 Options").
_X86_PROCESSORS = (
    "x86-64 i386 i486 i586 i686 pentium prescott nocona lakemont core2 corei7 core-avx nehalem westmere sandybridge"
    " ivybridge haswell broadwell skylake bonnell atom silvermont slm goldmont tremont sierraforest grandridge knl knm"
    " cannonlake icelake cascadelake cooperlake tigerlake sapphirerapids alderlake rocketlake graniterapids k6 k8"
    " opteron athlon barcelona amdfam10 bdver btver znver winchip c3 c7 eden nano geode intel"
).split()
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


def make_tools(
    side: Side,
    target: Target,
    workspace: Workspace,
    *,
    cpu: str = "",
    key: str = "",
    last_link: Sequence[str] = (),
    packages: Sequence[str] = (),
    host: Host | None = None,
) -> Tools:
    """The shims and the environment for one side. `cpu` is one of the target's choices; `last_link` are options put
    behind every link; `packages` hold libraries of the target; `host` runs the programs, where it is not this one."""
    folder = workspace.scratch(f"tools-{key or side}")
    bin_directory, log = folder / "bin", folder / "log"
    for path in (bin_directory, log):
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
    crossing = side is Side.TARGET and not target.native
    libraries = sysroots.add_packages(target, packages) if packages and crossing else None
    tools = dict(_shimmed(side, target, folder))
    for name in tools:
        (bin_directory / name).symlink_to(shim())
    lines = [f"log\t{log}", *(f"tool\t{name}\t{real}" for name, real in tools.items())]
    if crossing:
        lines += _translations((target.cpu(cpu).flags or ("",))[0], always=bool(cpu))
    if libraries is not None:
        lines += [f"last\t{flag}" for flag in sysroots.compile_flags(target, libraries)]
        lines += [f"lastlink\t{flag}" for flag in sysroots.link_flags(target, libraries)]
    lines += [f"lastlink\t{option}" for option in last_link]
    if ccache := shutil.which("ccache"):
        lines.append(f"prefix\t{ccache}")
    config = folder / "shim.conf"
    config.write_text("".join(line + "\n" for line in lines), encoding="utf-8", errors="surrogateescape")
    environment = _environment(target, cpu, bin_directory, config, libraries)
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


def _shimmed(side: Side, target: Target, folder: Path) -> Iterator[tuple[str, str]]:
    """The names under which a build may call a tool, and the real one; "" where it is not installed."""
    prefixes = {target.triple, reference().triple} if side is Side.TARGET else {target.triple}
    for plain, command in target.tools.items():
        names = _ALIASES.get(plain, (plain,) if plain in _BINUTILS else ())
        for name in [*names, *(f"{prefix}-{plain}" for prefix in sorted(prefixes) if names)]:
            yield name, shutil.which(command) or ""
    for plain in ("gcc", "g++", "gfortran"):  # by version, the same one where the target has it
        for path in sorted(Path("/usr/bin").glob(f"{plain}-[0-9]*")):
            version = path.name.removeprefix(plain)
            wanted = path.name if target.native else target.tools.get(plain, "") + version
            if version[1:].isdigit():
                versioned = shutil.which(wanted) or shutil.which(target.tools.get(plain, "")) or ""
                for name in (path.name, *(f"{prefix}-{path.name}" for prefix in sorted(prefixes))):
                    yield name, versioned
    for plain in ("ar", "nm", "ranlib"):  # the forms that know GCC's intermediate code; meson prefers them
        known = (target.tools.get("gcc", "gcc") + f"-{plain}", target.tools.get(plain, ""))
        yield f"gcc-{plain}", next((real for command in known if (real := shutil.which(command))), "")
    for clang in ("clang", "clang++"):
        if real := shutil.which(clang):
            yield clang, _clang_for(target, real, folder)


def _translations(tuning: str, *, always: bool) -> Iterator[str]:
    """The shim's rules for options that only x86 knows; `always` puts the tuning behind every call."""
    for option in ("-march=", "-mcpu=", "-mtune="):
        yield f"swap\t{option}native\t{tuning}"
    yield from (f"swap\t{option}\t" for option in ("-m64", "-m128bit-long-double", "-mno-80387", "-mpc64"))
    yield from (f"swapprefix\t-march={processor}\t{tuning}" for processor in _X86_PROCESSORS)
    yield from (f"swapprefix\t-mtune={processor}\t" for processor in _X86_PROCESSORS)
    yield from (f"swapprefix\t{prefix}\t" for prefix in _X86_ONLY)
    if always:
        yield f"last\t{tuning}"


def _environment(target: Target, cpu: str, bin_directory: Path, config: Path, libraries: Path | None) -> dict[str, str]:
    environment = without_choices(os.environ)
    environment |= {
        "PATH": f"{bin_directory}:{os.environ.get('PATH', '/usr/bin:/bin')}",
        "BITFAST_SHIM_CONFIG": str(config),
        "SOURCE_DATE_EPOCH": "315532800",
        "CCACHE_DIR": str(cache_directory() / "ccache"),
        "CCACHE_NOHASHDIR": "1",
        "CCACHE_DISABLE": "1",
    }
    if not target.native:
        runner = qemu_command(target, cpu, libraries)
        runner[0] = shutil.which(runner[0]) or runner[0]
        environment |= {
            "LD_PRELOAD": preloaded("foreign_exec.c", target),
            "BITFAST_RUNNER": "\n".join(runner),
            "BITFAST_MACHINE": str(target.elf_machine),
            "BITFAST_UNAME": target.machine,
            "PKG_CONFIG_LIBDIR": f"/usr/lib/{target.triple}/pkgconfig:/usr/share/pkgconfig",
        }
    if libraries is not None:
        environment |= sysroots.pkg_config_environment(target, libraries)
    return environment


def _clang_for(target: Target, real: str, folder: Path) -> str:
    """clang that compiles for the target with the sysroot of its GCC."""
    if target.native:
        return real
    wrapper = folder / Path(real).name
    wrapper.write_text(f'#!/bin/sh\nexec {real} --target={target.triple} "$@"\n')
    wrapper.chmod(0o755)
    return str(wrapper)
