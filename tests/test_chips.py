"""The table of chips says what is true of the compilers and of QEMU here."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast import chips
from bitfast.chips import Target
from bitfast.words import BitfastError

SHORT_NAMES = ("aarch64", "riscv64", "powerpc64le", "s390x")

# What the program below prints of a chip.
PROGRAM = r"""
#include <float.h>
#include <stdio.h>
int main(void)
{
    int one = 1;
    printf("%d %d %d\n", (char)-1 < 0, LDBL_MANT_DIG, *(char *)&one);
    return 0;
}
"""
MANTISSAS = {"x87 80-bit": 64, "IEEE binary128": 113, "double-double": 106}


@pytest.mark.parametrize("name", ["x86_64", *SHORT_NAMES])
def test_the_table_is_what_the_compiler_and_the_runner_say(
    name: str, target_here: Callable[[str], Target], tmp_path: Path
) -> None:
    target = target_here(name)
    (tmp_path / "p.c").write_text(PROGRAM)
    program = tmp_path / "p"
    subprocess.run([target.tools["gcc"], tmp_path / "p.c", "-o", program], check=True)
    said = subprocess.run([*chips.qemu_command(target), program], check=True, capture_output=True, text=True).stdout
    expected = (int(target.char_is_signed), MANTISSAS[target.long_double], int(target.little_endian))
    assert tuple(map(int, said.split())) == expected
    header = program.read_bytes()[:20]
    assert int.from_bytes(header[18:20], "little" if target.little_endian else "big") == target.elf_machine


@pytest.mark.parametrize("name", SHORT_NAMES)
def test_every_cpu_is_known_to_the_compiler_and_to_qemu(
    name: str, target_here: Callable[[str], Target], tmp_path: Path
) -> None:
    target = target_here(name)
    (tmp_path / "p.c").write_text("int main(void) { return 0; }")
    for cpu in target.cpus:
        command = [target.tools["gcc"], *cpu.flags, "-static", tmp_path / "p.c", "-o", tmp_path / "p"]
        subprocess.run(command, check=True)
        subprocess.run([*chips.qemu_command(target, cpu.name), tmp_path / "p"], check=True)


@pytest.mark.parametrize(
    ("name", "triple"),
    [("aarch64", "aarch64-linux-gnu"), ("arm64", "aarch64-linux-gnu"), ("s390x-linux-gnu", "s390x-linux-gnu"),
     ("ppc64el", "powerpc64le-linux-gnu"), ("aarch64-linux-musl", "aarch64-linux-musl")],
)  # fmt: skip
def test_a_target_answers_to_its_short_names(name: str, triple: str) -> None:
    assert chips.target_named(name).triple == triple


def test_an_unknown_target_is_told_the_known_ones() -> None:
    with pytest.raises(BitfastError) as error:
        chips.target_named("vax")
    assert error.value.exit_status == 2
    assert all(triple in error.value.next_step for triple in chips.triples())


def test_an_unknown_cpu_is_told_the_known_ones() -> None:
    with pytest.raises(BitfastError, match="z80") as error:
        chips.target_named("aarch64").cpu("z80")
    assert "tsv110" in error.value.next_step


def test_the_default_target_comes_first() -> None:
    assert chips.target_named().triple == chips.DEFAULT_TARGET
    assert chips.triples()[0] == chips.DEFAULT_TARGET or chips.reference().triple == chips.DEFAULT_TARGET


def test_qemu_is_always_given_a_cpu_and_this_machine_none() -> None:
    assert chips.qemu_command(chips.reference()) == []
    for triple in chips.triples():
        target = chips.target_named(triple)
        if not target.native:
            command = chips.qemu_command(target)
            assert command[:2] == [target.qemu, "-cpu"]
            assert command[3:5] == ["-L", str(target.sysroot)]


def test_the_target_libraries_are_searched_when_given() -> None:
    target = chips.target_named("s390x")
    assert "LD_LIBRARY_PATH=/x/usr/lib/s390x-linux-gnu:" in " ".join(chips.qemu_command(target, libraries=Path("/x")))


def test_on_an_arm_machine_arm_is_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    assert chips.reference() == chips.target_named("aarch64")
    assert chips.reference().native
    assert chips.reference().tools["gcc"] == "gcc"
    assert "aarch64-linux-gnu" not in chips.triples()


def test_versions_are_named() -> None:
    reference = chips.reference()
    assert re.fullmatch(r"gcc \d+\.\d+\.\d+", chips.compiler_version(reference.tools["gcc"]))
    assert re.fullmatch(r"(glibc|musl) \d+\.\d+.*", chips.libc_version(reference))
    assert chips.runner_version(reference) == "this machine"
    assert chips.host_cpu()


def test_the_runner_is_named_with_its_version_and_cpu(target_here: Callable[[str], Target]) -> None:
    target = target_here("aarch64")
    if not target.native:
        assert re.fullmatch(r"qemu-aarch64 \d+\.\d+\S* -cpu neoverse-n1", chips.runner_version(target, "tsv110"))


def test_glibc_tells_its_version_on_both_sides(target_here: Callable[[str], Target]) -> None:
    assert re.match(r"glibc \d\.\d+ \(", chips.libc_version(target_here("aarch64")))


@pytest.mark.parametrize(
    ("command", "name"), [("aarch64-linux-gnu-gfortran", "gfortran"), ("aarch64-linux-gnu-g++", "g++"), ("g++", "g++")]
)
def test_a_compiler_is_named_without_its_triple(command: str, name: str) -> None:
    if chips.has(command):
        assert chips.compiler_version(command).split()[0] == name
