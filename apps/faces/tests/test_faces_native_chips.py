"""libfaces gives the same digests on every chip, at every level of x86-64 and by every compiler at hand."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SOURCES = sorted((HERE.parent / "native").glob("*.c"))
FLAGS = ["-std=gnu17", "-O3", "-fwrapv", "-Wall", "-Wextra", "-Werror"]  # those of CMakeLists.txt, and no warning

# Compiler, further flags, and what runs the program.
CHIPS = {
    "x86-64 here": (["gcc"], []),
    "x86-64 by Clang": (["clang"], []),
    "x86-64 without vectors of 256 bits": (["gcc"], ["qemu-x86_64", "-cpu", "Nehalem"]),
    "x86-64 with AVX2": (["gcc"], ["qemu-x86_64", "-cpu", "Haswell"]),
    "x86-64 unoptimised, undefined behaviour ends it": (
        # Without -fwrapv, with which GCC does not report an overflow.
        ["gcc", "-O0", "-fno-wrapv", "-fsanitize=undefined,address", "-fno-sanitize-recover"],
        [],
    ),
    "aarch64": (["aarch64-linux-gnu-gcc"], ["qemu-aarch64", "-cpu", "neoverse-n1", "-L", "/usr/aarch64-linux-gnu"]),
    "riscv64": (["riscv64-linux-gnu-gcc"], ["qemu-riscv64", "-cpu", "rv64", "-L", "/usr/riscv64-linux-gnu"]),
    "s390x, big-endian": (["s390x-linux-gnu-gcc"], ["qemu-s390x", "-L", "/usr/s390x-linux-gnu"]),
    "ppc64le": (["powerpc64le-linux-gnu-gcc"], ["qemu-ppc64le", "-L", "/usr/powerpc64le-linux-gnu"]),
}


@pytest.mark.parametrize("chip", CHIPS)
def test_libfaces_gives_the_committed_digests_on(chip: str, tmp_path: Path) -> None:
    compiler, runner = CHIPS[chip]
    for tool in [compiler[0], *runner[:1]]:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    program = tmp_path / "digests"
    subprocess.run([compiler[0], *FLAGS, *compiler[1:], "-o", program, HERE / "native_digests.c", *SOURCES], check=True)
    done = subprocess.run([*runner, program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == (HERE / "native_digests.txt").read_text()


@pytest.mark.parametrize(
    ("compiler", "disassembler", "instructions"),
    [
        ("gcc", "objdump", [r"vpmaddwd .*zmm", r"vpmaddwd .*ymm", r"\tpmaddwd"]),  # a level each
        ("aarch64-linux-gnu-gcc", "aarch64-linux-gnu-objdump", [r"smlal\t", r"smlal2\t"]),
    ],
)
def test_the_search_multiplies_and_adds_in_vectors(
    compiler: str, disassembler: str, instructions: list[str], tmp_path: Path
) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed")
    search = tmp_path / "search.o"
    subprocess.run([compiler, *FLAGS, "-c", "-o", search, HERE.parent / "native" / "search.c"], check=True)
    code = subprocess.run([disassembler, "-d", search], capture_output=True, text=True, check=True).stdout
    if re.search(r"file format elf64-x86-64", code) is None and compiler == "gcc":
        pytest.skip("this machine is no x86-64")
    assert [found for found in instructions if re.search(found, code) is None] == []
