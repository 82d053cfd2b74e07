"""Products of complex numbers are two roundings each, whatever instructions the compiler may use.

GCC 12 makes one instruction of products and alternating sums and differences although -ffp-contract=off forbids
it: vfmaddsub and vfmsubadd on x86-64, fcmla on aarch64. That other bits come out shows only in some builds.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bitfast import _native

NATIVE = Path(__file__).parents[1] / "native"
FUSED = re.compile(r"^.*\b(?:v?fm(?:addsub|subadd)\d*[ps][ds]|fcmla)\b.*$", re.MULTILINE)

# What computes with complex numbers and is compiled once, with whatever options a user adds; and per level.
ONCE = ["complex/elementary.c", "complex/arrays.c", "reduce/chains.c", "compat/blas/level1.c", "compat/blas/level2.c"]
LEVELS = ["elementary/complex.c", "blas/kernels/chains.c"]
COMPILERS = {
    "x86_64": ("gcc", "-march=x86-64-v3", "v3"),
    "aarch64": ("aarch64-linux-gnu-gcc", "-march=armv8.2-a+sve -msve-vector-bits=256", "sve256"),
}


def options() -> list[str]:
    """As native/CMakeLists.txt has them."""
    text = (NATIVE / "CMakeLists.txt").read_text()
    said = re.search(r"set\(BITFAST_OPTIONS ([^)]*)\)", text)
    assert said
    return said[1].split()


def assembly(compiler: str, *arguments: str | Path) -> str:
    command = [compiler, *options(), *map(str, arguments), "-S", "-o", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


@pytest.mark.skipif(platform.machine() != "x86_64" or shutil.which("objdump") is None, reason="x86-64's instructions")
def test_the_extension_has_no_such_instruction() -> None:
    command = ["objdump", "-d", "--no-show-raw-insn", str(_native.__file__)]
    code = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout
    assert "vfmadd" in code  # the levels are there
    assert FUSED.findall(code) == []


@pytest.mark.parametrize("machine", COMPILERS)
@pytest.mark.parametrize("source", ONCE + LEVELS)
def test_no_source_gives_such_an_instruction(source: str, machine: str) -> None:
    compiler, flags, level = COMPILERS[machine]
    if shutil.which(compiler) is None or (compiler == "gcc" and platform.machine() != "x86_64"):
        pytest.skip(f"needs {compiler} for {machine}")
    code = assembly(compiler, *flags.split(), f"-DBITFAST_LEVEL={level}", f"-I{NATIVE}/include", NATIVE / source)
    assert FUSED.findall(code) == []


@pytest.mark.skipif(platform.machine() != "x86_64" or shutil.which("gcc-12") is None, reason="needs GCC 12")
def test_such_an_instruction_is_seen(tmp_path: Path) -> None:
    source = tmp_path / "product.c"
    source.write_text("""
void product(const double *x, const double *y, double *r, long n)
{
    for (long i = 0; i < 2 * n; i += 2) {
        double a = x[i], b = x[i + 1], c = y[i], d = y[i + 1];
        r[i] = a * c - b * d;
        r[i + 1] = a * d + b * c;
    }
}
""")
    assert FUSED.findall(assembly("gcc-12", "-march=x86-64-v3", source))
