"""The example in CONTRIBUTING.md is complete: it works as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast import chips
from bitfast.chips import Target

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


def block(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return str(found[0])


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
