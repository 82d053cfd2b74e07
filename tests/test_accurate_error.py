"""Before its one rounding, the accurate path is off by less than 2^-190, as its decision of exact cases needs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ACCURATE = ROOT / "native/accurate"
COUNT = "3000"


def functions() -> list[tuple[str, str, bool]]:
    """Names, the files they are in, and whether they have two arguments."""
    found = []
    for source in sorted(ACCURATE.glob("*.c")):
        for shape, name in re.findall(r"^ACCURATE_(UNARY|BINARY)\w*\((\w+)", source.read_text(), re.MULTILINE):
            found.append((name, source.name, shape == "BINARY"))
    return found


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """exp.o and log.o, which other files call."""
    folder = tmp_path_factory.mktemp("objects")
    if not shutil.which("gcc"):
        pytest.skip("no gcc")
    probe = ["gcc", "-E", "-include", "mpfr.h", "-x", "c", "/dev/null", "-o", "/dev/null"]
    if subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("no MPFR (libmpfr-dev)")
    for name in ("exp", "log"):
        built(["-c", ACCURATE / f"{name}.c", "-o", folder / f"{name}.o"])
    return folder


def built(arguments: list[str | Path]) -> None:
    flags = ["-O2", "-std=c17", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-fno-math-errno"]
    subprocess.run(["gcc", *flags, *arguments], check=True)


def run(name: str, source: Path, two: bool, objects: Path, into: Path) -> subprocess.CompletedProcess[str]:
    others = [objects / f"{other}.o" for other in ("exp", "log") if other != source.stem]
    program = into / "accurate_error"
    definitions = [f'-DSOURCE="{source}"', f"-DFUNCTION={name}", *(["-DTWO_ARGUMENTS"] if two else [])]
    test = ROOT / "tests/native/accurate_error.c"
    built([*definitions, test, *others, "-o", program, "-lmpfr", "-lgmp", "-lm"])
    return subprocess.run([program, COUNT, "1"], capture_output=True, text=True)


@pytest.mark.parametrize(("name", "source", "two"), functions())
def test_the_error_stays_below_what_rounding_needs(
    name: str, source: str, two: bool, objects: Path, tmp_path: Path
) -> None:
    done = run(name, ACCURATE / source, two, objects, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_one_wrong_bit_in_a_table_is_seen(objects: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "native", tmp_path / "native")
    data = tmp_path / "native/accurate/exp_data.h"
    head, rows = data.read_text().split("POWERS_LOW[128] = {\n")
    first = rows.index("}},") + 1  # the first entry is e^0
    data.write_text(f"{head}POWERS_LOW[128] = {{\n{rows[:first]}{rows[first:].replace('4, 0x', '5, 0x')}")
    done = run("exp", tmp_path / "native/accurate/exp.c", False, objects, tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr


def test_the_tables_of_exp_and_log_are_what_their_derivation_writes(tmp_path: Path) -> None:
    pytest.importorskip("mpmath")
    accurate = pytest.importorskip("derive.accurate")
    accurate.main(tmp_path)
    for name in ("exp_data.h", "log_data.h"):
        assert (tmp_path / name).read_bytes() == (ACCURATE / name).read_bytes()
