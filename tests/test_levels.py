"""The same bits on every chip: the library built for each, its digests and tests run there, under QEMU where needed."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from bitfast import contract
from bitfast.chips import Target

ROOT = Path(__file__).parents[1]
NATIVE = ROOT / "native"
PROGRAMS = Path(__file__).parent / "native"
CLANG = next((name for name in ("clang-22", "clang-21", "clang-20", "clang-19") if shutil.which(name)), None)
VECTORS = "rv64,v=true,vext_spec=v1.0,vlen"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("cmake") is None, reason="needs cmake"),
]


@dataclass(frozen=True)
class Run:
    machine: str
    cpu: str  # for QEMU; "" where the library runs here
    level: str  # the level that this CPU must choose
    compiler: str = ""  # instead of the target's GCC

    def __str__(self) -> str:
        return "-".join(filter(None, (self.machine, self.level, self.compiler.partition("-")[0], self.cpu[-3:])))


# A vector length that no kernel is compiled for must choose NEON.
RUNS = [
    Run("aarch64", "neoverse-n1", "neon"),
    Run("aarch64", "max,sve128=on,sve-default-vector-length=16", "neon"),
    Run("aarch64", "max,sve256=on,sve-default-vector-length=32", "sve256"),
    Run("aarch64", "max,sve512=on,sve-default-vector-length=64", "sve512"),
    Run("riscv64", "rv64", "generic"),
    Run("riscv64", f"{VECTORS}=128", "rvv"),
    Run("riscv64", f"{VECTORS}=256", "rvv"),
    Run("powerpc64le", "power9", "generic"),
    Run("s390x", "qemu", "generic"),
    *(Run("x86_64", "", f"x86-64-v{n}", CLANG or "clang") for n in (2, 3, 4)),
]
BUILDS = dict.fromkeys((run.machine, run.compiler) for run in RUNS)


def done(*command: object, **environment: str) -> str:
    said = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )
    assert said.returncode == 0, f"{command}\n{said.stdout[-4000:]}\n{said.stderr[-4000:]}"
    return said.stdout


@cache
def built(target: Target, compiler: str) -> Path:
    """Where the library and selftest are; what has not changed since the last session is not compiled again."""
    folder = ROOT / "build" / "levels" / f"{target.machine}{compiler and '-' + compiler}"
    folder.mkdir(parents=True, exist_ok=True)
    configure = ["cmake", "-S", NATIVE, "-B", folder, f"-DCMAKE_C_COMPILER={compiler or target.tools['gcc']}"]
    configure += ["-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *(["-DCMAKE_C_FLAGS=-Werror"] if compiler else [])]
    if not target.native:
        configure += ["-DCMAKE_SYSTEM_NAME=Linux", f"-DCMAKE_SYSTEM_PROCESSOR={target.machine}"]
    if shutil.which("ccache"):
        configure += ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"]
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done(*configure)
        done("cmake", "--build", folder, "--parallel", 2, "--target", "bitfast_selftest")
    return folder


@pytest.fixture
def build(target_here: Callable[[str], Target]) -> Callable[[str, str], tuple[Target, Path]]:
    def for_machine(machine: str, compiler: str) -> tuple[Target, Path]:
        if compiler and (not shutil.which(compiler) or os.uname().machine != machine):
            pytest.skip(f"needs {compiler} on {machine}")
        target = target_here(machine)
        return target, built(target, compiler)

    return for_machine


def runner(target: Target, run: Run) -> list[str]:
    return [target.qemu, "-cpu", run.cpu, "-L", str(target.sysroot)] if run.cpu and not target.native else []


def skip_what_is_not_here(target: Target, folder: Path, run: Run) -> None:
    if run.level == "rvv" and not (folder / "rvv").is_dir():
        pytest.skip("needs Clang 19 or newer")
    try_level = [folder / "bitfast_selftest", "--level", run.level, "floor"]
    if target.native and subprocess.run(try_level, check=False).returncode:
        pytest.skip(f"this CPU has no level {run.level}")


@pytest.mark.parametrize("run", RUNS, ids=str)
def test_the_digests_are_the_contracts(build: Callable[[str, str], tuple[Target, Path]], run: Run) -> None:
    target, folder = build(run.machine, run.compiler)
    skip_what_is_not_here(target, folder, run)
    level = ["--level", run.level] if target.native else []
    chosen, *lines = done(*runner(target, run), folder / "bitfast_selftest", *level).splitlines()
    assert chosen == f"level {run.level}"
    digests = {tuple(line.split()[:3]): line.split()[3] for line in lines}
    expected = {key: digest for key, digest in contract.load().digests.items() if key[2] == "core"}
    assert digests.keys() == expected.keys()
    assert [key for key in expected if digests[key] != expected[key]] == []


# The programs try every level that the CPU has. x86-64 as GCC compiles it is tests/test_native_library.py's.
CHIPS = [
    run
    for run in RUNS
    if run.level in ("sve512", "rvv", "generic", "x86-64-v4") and run.cpu not in ("rv64", f"{VECTORS}=256")
]


@pytest.mark.parametrize("program", ["exact", "environment", "arrays", "products"])
@pytest.mark.parametrize("run", CHIPS, ids=lambda run: run.machine)
def test_arrays_exact_functions_and_flags(
    build: Callable[[str, str], tuple[Target, Path]], run: Run, program: str, tmp_path: Path
) -> None:
    target, folder = build(run.machine, run.compiler)
    options = {"exact": "-fno-builtin", "environment": "-frounding-math"}.get(program, "-O2")
    done(
        *(target.tools["gcc"], "-O2", "-w", "-ffp-contract=off", options, f"-I{NATIVE / 'include'}"),
        *(PROGRAMS / f"{program}.c", "-o", tmp_path / program, folder / "libbitfast.a", "-lm", "-pthread"),
    )
    count = {"exact": ["20000"], "products": ["40"]}.get(program, [])
    done(*runner(target, run), tmp_path / program, *count, WITHOUT_FORK="1", WITHOUT_BIG="1")


@pytest.mark.parametrize(("machine", "compiler"), BUILDS)
def test_no_function_of_libm_is_called(
    build: Callable[[str, str], tuple[Target, Path]], machine: str, compiler: str
) -> None:
    target, folder = build(machine, compiler)
    libm = done(target.tools["gcc"], "-print-file-name=libm.so.6").strip()
    names = set(re.findall(r" [TWi] (\w+)", done(target.tools["nm"], "-D", "--defined-only", libm)))
    assert {"sin", "fma", "sqrt", "feraiseexcept"} <= names
    undefined = set(re.findall(r" U (\w+)", done(target.tools["nm"], "-u", folder / "libbitfast.a")))
    assert undefined & (names | {"frexp", "ldexp", "modf", "copysign", "scalbn"}) == set()


@pytest.mark.parametrize(("machine", "compiler"), BUILDS)
def test_no_product_is_fused_with_a_sum(
    build: Callable[[str, str], tuple[Target, Path]], machine: str, compiler: str
) -> None:
    _, folder = build(machine, compiler)
    commands = (folder / "compile_commands.json").read_text().splitlines()
    assert [line for line in commands if '"command"' in line and "-ffp-contract=off" not in line] == []
