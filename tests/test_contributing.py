"""The examples in CONTRIBUTING.md are complete: they work as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast import chips
from bitfast.chips import Target
from tests import test_accurate

ROOT = Path(__file__).parent.parent

# In a process of its own, because every subclass of Cause is in the catalogue from then on.
SWITCH = """
import sys
from pathlib import Path
from bitfast.edits import apply_edits
from bitfast.words import Context, Unit
from machine_name import MachineName

root = Path(sys.argv[1])
unit = Unit("report.c", "c", root, "gcc", (), root / "report.o")
context = Context(root, (unit,), (unit,), "aarch64-linux-gnu")
[finding] = MachineName().scan(unit, context)
[toggle] = MachineName().toggles(context)
assert finding.place == toggle.place
print(toggle.place)
source = root / "report.c"
source.write_bytes(apply_edits(source.read_bytes(), toggle.action.edits))
"""


def section(title: str) -> str:
    return (ROOT / "CONTRIBUTING.md").read_text().split(f"\n## {title}\n")[1].split("\n## ")[0]


def blocks(language: str, title: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", section(title), re.MULTILINE | re.DOTALL)


def block(language: str) -> str:
    [found] = blocks(language, "Adding a cause")
    return found


def test_the_example_finds_and_switches_off_its_cause(target_here: Callable[[str], Target], tmp_path: Path) -> None:
    target = target_here("aarch64")
    if chips.reference().machine != "x86_64" or target.native:
        pytest.skip("the example is about x86-64 and another chip")
    (tmp_path / "report.c").write_text(block("c"))
    (tmp_path / "machine_name.py").write_text(block("python"))
    case = tomllib.loads(block("toml"))

    def answer(chip: Target) -> str:
        subprocess.run([chip.tools["gcc"], tmp_path / "report.c", "-o", tmp_path / "report"], check=True)
        command = [*chips.qemu_command(chip), tmp_path / "report"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    expected = answer(chips.reference())
    assert answer(target) != expected
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{tmp_path}"}
    done = subprocess.run(
        [sys.executable, "-c", SWITCH, tmp_path], env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    [place] = case["cause"][0]["place"]
    assert re.fullmatch(rf"{place['file']}:{place['line']}:\d+ \({place['function']}\)\n", done.stdout)
    assert (tmp_path / "report.c").read_text().splitlines()[place["line"] - 1] == place["fixed"]
    assert answer(target) == expected


def test_the_example_is_clean_code(tmp_path: Path) -> None:
    (tmp_path / "machine_name.py").write_text(block("python"))
    config = ["--config", str(ROOT / "pyproject.toml")]
    for command in (["check"], ["format", "--check"]):
        tool = [sys.executable, "-m", "ruff", *command, *config, "machine_name.py"]
        done = subprocess.run(tool, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_new_function_is_correctly_rounded(tmp_path: Path) -> None:
    if not test_accurate.has_mpfr():
        pytest.skip("no gcc or no MPFR (libmpfr-dev)")
    for folder in ("native", "tests/native"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    line, accurate, kernel = blocks("c", "Adding a function")
    table = tmp_path / "native/functions.h"
    table.write_text(table.read_text().replace("UNARY_EXACT(sqrt)", f"{line}UNARY_EXACT(sqrt)"))
    (tmp_path / "native/accurate/sech.c").write_text(accurate)
    (tmp_path / "native/elementary/sech.c").write_text(kernel)
    oracle = tmp_path / "tests/native/accurate_against_mpfr.c"
    oracle.write_text(oracle.read_text().replace('{"erf",', '{"sech", -110, 9}, {"erf",'))
    program = test_accurate.built(tmp_path, tmp_path, "[aels]*.c")
    for precision in ("f64", "f32"):
        done = subprocess.run([program, "sech", precision, "4000", "20"], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    level = ["-DBITFAST_LEVEL=generic", "-DBITFAST_GENERIC"]
    for form in ([], ["-DBITFAST_SCALAR"]):
        command = [*test_accurate.COMPILER, *level, *form, "-c", tmp_path / "native/elementary/sech.c"]
        subprocess.run([*command, "-o", tmp_path / "sech.o"], check=True)


def test_every_place_that_names_a_function_is_said() -> None:
    """rsqrt stands for all: what names it in the library must be named for whoever adds one."""
    said = section("Adding a function")
    for path in (path for folder in ("native", "src") for path in sorted((ROOT / folder).rglob("*"))):
        name = str(path.relative_to(ROOT))
        made_for_it = path.stem.startswith("rsqrt") or path.parent.name in ("accurate", "elementary", "__pycache__")
        if path.is_file() and not made_for_it and re.search(rb"\brsqrt\b", path.read_bytes()):
            assert f"`{name}`" in said
