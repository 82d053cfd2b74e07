"""Two programs that fail alike agree, and prove nothing: a changed program must still work."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bitfast.check.answer import Answer
from bitfast.check.health import still_works
from bitfast.chips import qemu_command, target_named

# tgamma's last bits differ between the two sides' libraries. The self-test knows both and gives up on any other.
SELF_TESTED = """\
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    unsigned long hash = 0, bits;
    char text[32];
    for (int i = 1; i < 400; i++) {
        double value = tgamma(i * 0.0137);
        memcpy(&bits, &value, sizeof bits);
        hash = hash * 31 + bits;
    }
    snprintf(text, sizeof text, "%lx", hash);
    if (getenv("KNOWN") && !strstr(getenv("KNOWN"), text))
        abort();
    puts(text);
}
"""


def answer(folder: Path, **outputs: str) -> Answer:
    folder.mkdir()
    paths = {}
    for number, (name, text) in enumerate(outputs.items()):
        paths[name.replace("_", " ")] = folder / str(number)
        (folder / str(number)).write_text(text)
    return Answer(paths)


@pytest.mark.parametrize(
    ("before", "after", "works"),
    [
        ({"stdout": "1", "exit_status": "exit 0\n"}, {"stdout": "2", "exit_status": "exit 0\n"}, True),
        ({"stdout": "1", "exit_status": "exit 3\n"}, {"stdout": "2", "exit_status": "exit 3\n"}, True),
        ({"stdout": "1", "exit_status": "killed by SIGFPE\n"}, {"stdout": "2", "exit_status": "exit 0\n"}, True),
        ({"stdout": "1", "exit_status": "exit 0\n"}, {"stdout": "1", "exit_status": "killed by SIGABRT\n"}, False),
        ({"stdout": "1", "exit_status": "exit 0\n"}, {"stdout": "1", "exit_status": "did not end in time\n"}, False),
        ({"stdout": "1", "exit_status": "exit 0\n"}, {"stdout": "", "exit_status": "exit 0\n"}, False),
        ({"stdout": "1", "out.csv": "1"}, {"stdout": "1"}, False),
        ({"stdout": ""}, {"stdout": "", "more.csv": "1"}, True),
    ],
)
def test_a_program_works_when_nothing_got_worse(
    before: dict[str, str], after: dict[str, str], works: bool, tmp_path: Path
) -> None:
    assert still_works(answer(tmp_path / "before", **before), answer(tmp_path / "after", **after)) is works


def test_a_library_that_makes_both_sides_abort_is_no_cure(tmp_path: Path) -> None:
    tree = tmp_path / "gamma"
    tree.mkdir()
    (tree / "gamma.c").write_text(SELF_TESTED)
    known = []
    for compiler, runner in (("gcc", ()), ("aarch64-linux-gnu-gcc", tuple(qemu_command(target_named("aarch64"))))):
        subprocess.run([compiler, "-O2", "-o", tmp_path / "gamma.out", tree / "gamma.c", "-lm"], check=True)
        ran = subprocess.run([*runner, tmp_path / "gamma.out"], check=True, capture_output=True, text=True)
        known.append(ran.stdout.strip())
    assert known[0] != known[1]
    (tree / "bitfast.toml").write_text(
        f'build = "gcc -O2 gamma.c -o gamma -lm"\nenvironment = {{ KNOWN = "{" ".join(known)}" }}\n'
    )
    command = [sys.executable, "-m", "bitfast", "check", str(tree), "--agree", "--json", str(tmp_path / "r.json"), "-q"]
    finished = subprocess.run(command, check=False, timeout=300)
    said = json.loads((tmp_path / "r.json").read_text())
    assert finished.returncode == 1
    assert said["verdict"] == "differs"
    assert said["causes"] == []
