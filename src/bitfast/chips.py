"""The chips: for every target its compilers, its runner and its properties, and what this machine is itself."""

from __future__ import annotations

import platform
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bitfast.cache import cache_directory
from bitfast.process import run
from bitfast.words import BitfastError

DEFAULT_TARGET = "aarch64-linux-gnu"

_BINUTILS = ("ar", "as", "ld", "nm", "objcopy", "objdump", "ranlib", "readelf", "strip")
_COMPILERS = ("gcc", "g++", "gfortran", "cpp")


@dataclass(frozen=True)
class Cpu:
    """A processor that a target's programs can be tuned for: the compiler's flags and the CPU that QEMU plays."""

    name: str
    flags: tuple[str, ...]
    qemu: str


@dataclass(frozen=True)
class Target:
    """Chip, operating system and C library a program is built for, with the tools that do it.

    `tools` maps the plain names ("gcc", "g++", "gfortran", "ar", "ld", …) to the commands; a language without a
    compiler is absent. `qemu` is empty where the machine itself runs the programs.
    """

    triple: str
    machine: str  # as `uname -m` says it
    debian_architecture: str
    elf_machine: int  # e_machine of the ELF header
    char_is_signed: bool
    long_double: str  # "x87 80-bit", "IEEE binary128", "double-double"
    little_endian: bool
    cpus: tuple[Cpu, ...]
    sysroot: Path  # what QEMU's -L is given: the dynamic loader and the libraries
    tools: Mapping[str, str] = field(default_factory=dict, hash=False)
    qemu: str = ""

    @property
    def native(self) -> bool:
        """This machine runs the target's programs itself."""
        return not self.qemu

    @property
    def default_cpu(self) -> str:
        return self.cpus[0].name

    @property
    def cpu_choices(self) -> tuple[str, ...]:
        return tuple(cpu.name for cpu in self.cpus)

    def cpu(self, name: str = "") -> Cpu:
        """The CPU of that name, the default one for "". Raises BitfastError for an unknown one."""
        for cpu in self.cpus:
            if cpu.name == (name or self.default_cpu):
                return cpu
        raise BitfastError(
            f"{self.triple} has no CPU named {name!r} here", next_step=f"choose one of: {', '.join(self.cpu_choices)}"
        )


@dataclass(frozen=True)
class _Chip:
    """One row of the table from which targets are made."""

    machine: str
    debian_architecture: str
    elf_machine: int
    char_is_signed: bool
    long_double: str
    cpus: tuple[Cpu, ...]
    little_endian: bool = True
    qemu: str = ""

    @property
    def triple(self) -> str:
        return f"{self.machine}-linux-gnu"


def _tuned(name: str, flag: str, qemu: str = "") -> Cpu:
    return Cpu(name, (flag + name,), qemu or name)


# Base types: AAPCS64 §"Arithmetic types", RISC-V psABI §"C/C++ type representations", Power ELFv2 §2.1.2,
# s390x ELF ABI §1.1.2, System V x86-64 §3.1.2. QEMU 7.2 knows no tsv110 (Kunpeng 920); its neoverse-n1 has all of
# tsv110's instructions that GCC uses (Armv8.2-A, fp16, crypto).
_CHIPS: tuple[_Chip, ...] = (
    _Chip(
        "aarch64", "arm64", 183, False, "IEEE binary128",
        (
            _tuned("neoverse-n1", "-mcpu="),
            _tuned("tsv110", "-mcpu=", "neoverse-n1"),
            _tuned("cortex-a72", "-mcpu="),
            _tuned("a64fx", "-mcpu="),
        ),
    ),
    _Chip("riscv64", "riscv64", 243, False, "IEEE binary128", (Cpu("rv64gc", ("-march=rv64gc",), "rv64"),)),
    _Chip(
        "powerpc64le", "ppc64el", 21, False, "double-double",
        (_tuned("power9", "-mcpu="), _tuned("power8", "-mcpu=")),
        qemu="qemu-ppc64le",
    ),
    _Chip("s390x", "s390x", 22, False, "IEEE binary128", (Cpu("z13", ("-march=z13",), "qemu"),), little_endian=False),
    _Chip("x86_64", "amd64", 62, True, "x87 80-bit", (Cpu("x86-64-v2", ("-march=x86-64-v2",), "Nehalem"),)),
)  # fmt: skip

MUSL = "aarch64-linux-musl"


def triples() -> tuple[str, ...]:
    """The targets known, the default one first; this machine itself is not among them."""
    others = tuple(chip.triple for chip in _CHIPS if chip.machine not in (platform.machine(), "x86_64"))
    return (*others[:1], MUSL, *others[1:])


def target_named(name: str = DEFAULT_TARGET) -> Target:
    """The target of that triple, or short name such as "riscv64". Raises BitfastError, which lists the known ones."""
    if name == MUSL:
        return _musl_target()
    chip = next((chip for chip in _CHIPS if name in (chip.machine, chip.debian_architecture, chip.triple)), None)
    if chip is None:
        raise BitfastError(f"unknown target {name!r}", next_step=f"known targets: {', '.join(triples())}")
    return reference() if chip.machine == platform.machine() else _gnu_target(chip)


def reference() -> Target:
    """This machine: the one whose answers count. Raises BitfastError on a machine that bitfast does not know."""
    chip = next((chip for chip in _CHIPS if chip.machine == platform.machine()), None)
    if chip is None or platform.system() != "Linux":
        raise BitfastError(
            f"bitfast does not run on {platform.system()} {platform.machine()} yet",
            next_step="use a Linux machine: x86-64, aarch64, riscv64, powerpc64le or s390x",
        )
    tools = {name: name for name in (*_COMPILERS, *_BINUTILS)}
    return _target(chip, chip.triple, Path("/"), tools, qemu="")


def _gnu_target(chip: _Chip) -> Target:
    tools = {name: f"{chip.triple}-{name}" for name in (*_COMPILERS, *_BINUTILS)}
    return _target(chip, chip.triple, Path("/usr") / chip.triple, tools, chip.qemu or f"qemu-{chip.machine}")


def _musl_target() -> Target:
    """C only: the distribution has no C++ or Fortran run-time library over musl. See sysroots.install_musl."""
    chip = _CHIPS[0]
    native = platform.machine() == chip.machine
    home = cache_directory() / "toolchains" / f"{MUSL}-1"  # the number changes when sysroots.install_musl does
    tools = {name: name if native else f"{chip.machine}-linux-gnu-{name}" for name in _BINUTILS}
    tools["gcc"] = str(home / "bin" / f"{MUSL}-gcc")
    return _target(chip, MUSL, home / "root", tools, f"qemu-{chip.machine}")


def _target(chip: _Chip, triple: str, sysroot: Path, tools: Mapping[str, str], qemu: str) -> Target:
    return Target(
        triple, chip.machine, chip.debian_architecture, chip.elf_machine, chip.char_is_signed, chip.long_double,
        chip.little_endian, chip.cpus, sysroot, tools, qemu,
    )  # fmt: skip


def qemu_command(target: Target, cpu: str = "", libraries: Path | None = None) -> list[str]:
    """What to put before a program of the target to run it here; empty for this machine itself.

    Always names a CPU: QEMU's own default, "max", has features that no real chip has together and is slow.
    `libraries` is a sysroot from sysroots.add_packages whose shared libraries the program needs.
    """
    if target.native:
        return []
    command = [target.qemu, "-cpu", target.cpu(cpu).qemu, "-L", str(target.sysroot)]
    if libraries is not None:
        paths = ":".join(str(directory) for directory in library_directories(target, libraries))
        command += ["-E", f"LD_LIBRARY_PATH={paths}"]
    return command


def library_directories(target: Target, libraries: Path) -> tuple[Path, ...]:
    """Where a folder from sysroots.add_packages has its libraries."""
    return (libraries / "usr/lib" / target.triple, libraries / "lib" / target.triple, libraries / "usr/lib")


@cache
def compiler_version(command: str) -> str:
    """The name and version of a compiler, "gcc 12.2.0". Raises BitfastError when it cannot be started."""
    said = run([command, "--version"], timeout_seconds=30).text
    first = said.splitlines()[0] if said else ""
    version = re.search(r"\d+\.\d+(?:\.\d+)?", re.sub(r"\([^)]*\)", "", first))
    plain = re.sub(r"^.*-(?=(?:gcc|g\+\+|gfortran|clang)(?:-|$))", "", Path(command).name)
    return f"{plain} {version.group()}" if version else f"{plain} (unknown version)"


@cache
def libc_version(target: Target) -> str:
    """The C library that the target's programs run with: "glibc 2.36 (Debian GLIBC 2.36-8)", "musl 1.2.3"."""
    if target.triple == MUSL:
        version = target.sysroot.parent / "version"
        return f"musl {version.read_text().strip()}" if version.exists() else "musl (not installed)"
    found = run([target.tools["gcc"], "-print-file-name=libc.so.6"], timeout_seconds=30).text.strip()
    if not Path(found).is_file():
        return "glibc (unknown version)"
    banner = re.search(rb"GNU C Library \((.*?)\).*? version (\d+\.\d+)", Path(found).read_bytes())
    return f"glibc {banner.group(2).decode()} ({banner.group(1).decode()})" if banner else "glibc (unknown version)"


@cache
def runner_version(target: Target, cpu: str = "") -> str:
    """What runs the target's programs: "this machine", or "qemu-aarch64 7.2.22 -cpu neoverse-n1"."""
    if target.native:
        return "this machine"
    said = run([target.qemu, "--version"], timeout_seconds=30).text
    version = re.search(r"version (\S+)", said)
    return f"{target.qemu} {version.group(1) if version else ''} -cpu {target.cpu(cpu).qemu}"


def host_cpu() -> str:
    """This machine's processor and what decides its floating-point answers: "Intel(R) Xeon(R) (fma, avx512f)".

    glibc's libm takes other code paths, with other bits, where the processor has FMA.
    """
    return cpu_in(Path("/proc/cpuinfo").read_text(errors="replace"), platform.machine())


def cpu_in(text: str, machine: str) -> str:
    """The processor that a /proc/cpuinfo describes, as host_cpu says it; `machine` where it names none."""
    fields: dict[str, str] = dict(re.findall(r"^([^\t:]+?)\s*: *(.*)$", text, flags=re.MULTILINE))
    part = fields.get("CPU part")
    arm = f"Arm implementer {fields.get('CPU implementer')} part {part}" if part else ""
    model = fields.get("model name") or fields.get("cpu") or fields.get("uarch") or arm or machine
    features = (fields.get("flags") or fields.get("Features") or "").split()
    notable = [name for name in ("fma", "avx2", "avx512f", "sve") if name in features]
    return f"{model} ({', '.join(notable)})" if notable else model


def has(command: str) -> bool:
    """Whether the command can be started here."""
    return shutil.which(command) is not None
