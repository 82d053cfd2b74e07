"""The accurate path of every function gives MPFR's answer, bit for bit, and signals what C23 asks."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FUNCTIONS = re.findall(r"^(?:UNARY|BINARY)\((\w+)\)", (ROOT / "native/functions.h").read_text(), re.MULTILINE)
COUNT = "4000"  # random arguments; special ones and landmarks come on top


COMPILER = ["gcc", "-O2", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-fno-math-errno"]
LIBRARIES = ["-lmpfr", "-lgmp", "-lm"]


def built(into: Path, root: Path = ROOT, files: str = "*.c") -> Path:
    """The oracle, with files of the accurate path linked in."""
    program = into / "accurate_against_mpfr"
    sources = [root / "tests/native/accurate_against_mpfr.c", *sorted((root / "native/accurate").glob(files))]
    subprocess.run([*COMPILER, *sources, "-o", program, *LIBRARIES], check=True)
    return program


def has_mpfr() -> bool:
    if not shutil.which("gcc"):
        return False
    probe = ["gcc", "-E", "-include", "mpfr.h", "-x", "c", "/dev/null", "-o", "/dev/null"]
    return subprocess.run(probe, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not has_mpfr():
        pytest.skip("no gcc or no MPFR (libmpfr-dev)")
    return built(tmp_path_factory.mktemp("oracle"))


@pytest.mark.parametrize("precision", ["f64", "f32"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_accurate_function_is_correctly_rounded(oracle: Path, name: str, precision: str) -> None:
    done = subprocess.run([oracle, name, precision, COUNT, "20"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# Where each function's error before rounding is measured: its file and the binary exponents of the arguments.
ERRORS = {
    "exp": ("exp.c", -120, 9),
    "exp2": ("exp.c", -120, 9),
    "exp10": ("exp.c", -120, 8),
    "expm1": ("exp.c", -1000, 9),
    "log": ("log.c", -1000, 1000),
    "log2": ("log.c", -1000, 1000),
    "log10": ("log.c", -1000, 1000),
    "log1p": ("log.c", -1000, 1000),
    "pow": ("pow.c", -4, 5),
    "sin": ("trig.c", -80, 1000),
    "cos": ("trig.c", -80, 1000),
    "tan": ("trig.c", -80, 1000),
    "sinh": ("hyperbolic.c", -110, 9),
    "cosh": ("hyperbolic.c", -110, 9),
    "tanh": ("hyperbolic.c", -110, 5),
    "asinh": ("area.c", -98, 1000),
    "acosh": ("area.c", 0, 1000),
    "atanh": ("area.c", -98, -1),
    "asin": ("inverse.c", -110, -1),
    "acos": ("inverse.c", -110, -1),
    "atan": ("inverse.c", -110, 110),
    "atan2": ("inverse.c", -40, 40),
    "cbrt": ("roots.c", -1000, 1000),
    "hypot": ("roots.c", -40, 40),
    "rsqrt": ("roots.c", -1000, 1000),
    "erf": ("erf.c", -100, 2),
}


@pytest.fixture(scope="module")
def objects(oracle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the accurate path's object files."""
    folder = tmp_path_factory.mktemp("objects")
    subprocess.run([*COMPILER, "-c", *(ROOT / "native/accurate").glob("*.c")], check=True, cwd=folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_error_before_rounding_is_below_what_rounding_relies_on(objects: Path, tmp_path: Path, name: str) -> None:
    done = error_measured(name, ROOT / "native/accurate", objects, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def error_measured(name: str, sources: Path, objects: Path, into: Path) -> subprocess.CompletedProcess[str]:
    file, low, high = ERRORS[name]
    binary = f"BINARY({name})" in (ROOT / "native/functions.h").read_text()
    definitions = [f'-DSOURCE="{sources / file}"', f"-DFUNCTION={name}", *(["-DTWO_ARGUMENTS"] if binary else [])]
    others = [path for path in objects.iterdir() if path.stem != Path(file).stem]
    program = into / "accurate_error"
    command = [*COMPILER, *definitions, ROOT / "tests/native/accurate_error.c", *others, "-o", program, *LIBRARIES]
    subprocess.run(command, check=True)
    return subprocess.run([program, "10000", str(low), str(high)], capture_output=True, text=True)


@pytest.mark.slow
def test_one_wrong_bit_in_a_table_is_measured(objects: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "native", tmp_path / "native")
    data = tmp_path / "native/accurate/exp_data.h"
    head, rows = data.read_text().split("POWERS_LOW[128] = {\n")
    first = rows.index("}},") + 1  # the first entry is e^0
    data.write_text(f"{head}POWERS_LOW[128] = {{\n{rows[:first]}{rows[first:].replace('4, 0x', '5, 0x')}")
    done = error_measured("exp", tmp_path / "native/accurate", objects, tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr


# What an answer hangs on: file, text, and the text that makes a few answers wrong.
BREAKS = {
    "sin": ("trig.c", "trig_data.h", "0xa2f9836e4e441529", "0xa2f9836e4e44152b"),
    "cos": ("trig.c", "trig.c", "{ TINY_EXPONENT = -60 }", "{ TINY_EXPONENT = -26 }"),
    "atan": ("inverse.c", "inverse.c", "z.rest = -1", "z.rest = 0"),
    "atan2": ("inverse.c", "inverse.c", "z.rest = -1", "z.rest = 0"),
    "cbrt": ("roots.c", "roots.c", "i < 4", "i < 1"),
    "hypot": ("roots.c", "roots.c", "b.exponent > 60", "b.exponent > 25"),
    "erf": ("erf.c", "erf.c", "n < TERMS", "n < 8"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BREAKS)
def test_the_oracle_sees_a_wrong_bit(oracle: Path, tmp_path: Path, name: str) -> None:
    file, broken, right, wrong = BREAKS[name]
    shutil.copytree(ROOT / "native", tmp_path / "native")
    shutil.copytree(ROOT / "tests/native", tmp_path / "tests/native")
    path = tmp_path / "native/accurate" / broken
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, wrong))
    done = subprocess.run([built(tmp_path, tmp_path, file), name, "f64", COUNT, "20"], capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("derivation", "headers"),
    [("accurate", ("exp_data.h", "log_data.h")), ("accurate_trig", ("trig_data.h", "inverse_data.h", "erf_data.h"))],
)
def test_the_tables_are_what_their_derivation_writes(derivation: str, headers: tuple[str, ...], tmp_path: Path) -> None:
    module = pytest.importorskip(f"derive.{derivation}", reason="derivations need mpmath", exc_type=ImportError)
    module.main(tmp_path)
    for name in headers:
        assert (tmp_path / name).read_text() == (ROOT / "native/accurate" / name).read_text()
