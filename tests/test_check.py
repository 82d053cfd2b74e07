"""`bitfast check` from end to end by its command line: programs of the zoo, the JSON's schema, the exit statuses."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bitfast.chips import Target
from bitfast.process import Finished, run
from tests.benches import written
from tests.zoo.cases import load_all
from tests.zoo.run import run_case

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "report.schema.json").read_text())
HELLO = '#include <stdio.h>\nint main(void) { printf("hello\\n"); return 0; }\n'
PLAIN_CHAR = '#include <stdio.h>\nint main(void) { volatile char c = (char)200; printf("%d\\n", c); return 0; }\n'


@pytest.fixture(autouse=True)
def _aarch64(target_here: Callable[[str], Target]) -> None:
    target_here("aarch64-linux-gnu")


def check(folder: Path, files: Mapping[str, str], *options: str) -> tuple[Finished, dict[str, Any]]:
    """What the command says of these files, and its JSON, which keeps to the schema."""
    source = written(folder / "source", files)
    out = folder / "result.json"
    command = [sys.executable, "-m", "bitfast", "check", str(source), "--json", str(out), *options]
    ended = run(command, timeout_seconds=300)
    said: dict[str, Any] = json.loads(out.read_text()) if out.exists() else {}
    if said:
        jsonschema.validate(said, SCHEMA)
    return ended, said


CASES = [
    "fma-quadratic-c",
    "fma-template-cpp",
    "fma-static-library-c",
    "char-eof",
    "division-minimum",
    "two-fma-float-to-int-c",
    "same-long-double-rounded-c",
    "same-strcmp-sign-cpp",
]


@pytest.mark.parametrize("name", CASES)
def test_a_program_of_the_zoo_is_explained_and_cured(name: str) -> None:
    (case,) = load_all([name])
    score = run_case(case)
    assert score.wrong == ()
    assert score.verified == (case.verdict == "cured")


def test_equal_answers_end_with_0(tmp_path: Path) -> None:
    ended, said = check(tmp_path, {"a.c": HELLO})
    assert (ended.status, said["verdict"], said["causes"], said["cure"]) == (0, "same", [], None)


def test_a_verified_cure_ends_with_0_and_is_applied_on_request(tmp_path: Path) -> None:
    patch = tmp_path / "cure.patch"
    ended, said = check(tmp_path, {"a.c": PLAIN_CHAR}, "--patch", str(patch), "--fix")
    assert (ended.status, said["verdict"]) == (0, "cured")
    assert [(cause["cause"], cause["certainty"]) for cause in said["causes"]] == [("char-sign", "proved")]
    assert patch.read_text() == said["cure"]["patch"]
    assert "signed char" in (tmp_path / "source" / "a.c").read_text()
    again, repeated = check(tmp_path, {})
    assert (again.status, repeated["verdict"]) == (0, "same")


def test_different_answers_end_with_1(tmp_path: Path) -> None:
    ended, said = check(tmp_path, {"a.c": PLAIN_CHAR}, "--no-search")
    assert (ended.status, said["verdict"]) == (1, "differs")
    (difference,) = said["differences"]
    assert (difference["output"], difference["first"]["reference"], difference["first"]["target"]) == (
        "stdout",
        "-56",
        "200",
    )
    assert (tmp_path / "source" / "a.c").read_text() == PLAIN_CHAR


def test_a_wrong_call_ends_with_2(tmp_path: Path) -> None:
    for ended, _ in (
        check(tmp_path / "1", {"a.c": HELLO}, "--target", "vax"),
        check(tmp_path / "2", {"a.c": HELLO}, "--nonsense"),
        check(tmp_path / "3", {"notes": "no sources"}),
    ):
        assert ended.status == 2
        assert b"\n  \xe2\x86\x92 " in ended.stderr, "the next step is said"
        assert b"Traceback" not in ended.stderr


def test_a_reference_that_does_not_build_ends_with_3(tmp_path: Path) -> None:
    ended, said = check(tmp_path, {"a.c": "int main(void) { return x; }\n"})
    assert (ended.status, said) == (3, {})
    assert b"on the reference, failed" in ended.stderr


def test_a_target_that_does_not_build_ends_with_3_and_the_hindrance(tmp_path: Path) -> None:
    ended, said = check(tmp_path, {"a.c": f"#include <immintrin.h>\n{HELLO}"})
    assert (ended.status, said["verdict"]) == (3, "not-built")
    assert [one["cause"] for one in said["hindrances"]] == ["intrinsics"]


def test_a_program_that_does_not_repeat_itself_ends_with_4(tmp_path: Path) -> None:
    noise = '#include <stdio.h>\nint main(void) { printf("%llu\\n", __builtin_ia32_rdtsc()); return 0; }\n'
    ended, said = check(tmp_path, {"a.c": noise})
    assert (ended.status, said["verdict"]) == (4, "nondeterministic")


@pytest.mark.parametrize(
    ("makefile", "why"),
    [
        ("prog: a.c\n\tPATH=/usr/bin:/bin /usr/bin/gcc a.c -o prog\n", "prog"),
        ("prog:\n\tcp /bin/echo prog\n", "prog"),
        (
            "prog:\n\tprintf '#!/bin/sh\\necho hello\\n' > prog; chmod +x prog\n",
            "no program made for aarch64-linux-gnu was executed",
        ),
    ],
    ids=["compiler by its path", "program of this machine", "script"],
)
def test_this_machines_programs_compared_with_themselves_are_never_the_same(
    tmp_path: Path, makefile: str, why: str
) -> None:
    ended, said = check(tmp_path, {"a.c": HELLO, "Makefile": makefile}, "--run", "./prog hello")
    assert (ended.status, said["verdict"]) == (3, "not-built")
    assert any(why in note and "aarch64-linux-gnu" in note for note in said["notes"]), said["notes"]


def test_options_of_the_other_chip_are_translated_and_said(tmp_path: Path) -> None:
    makefile = "prog: a.c\n\t$(CC) -O2 -march=native -msse4.2 -m64 a.c -o prog\n"
    _, said = check(tmp_path, {"a.c": HELLO, "Makefile": makefile})
    assert said["verdict"] == "same"
    assert said["translated_flags"] == ["-march=native → -mcpu=neoverse-n1", "-msse4.2 dropped", "-m64 dropped"]


def test_nothing_is_written_into_the_tree(tmp_path: Path) -> None:
    makefile = "prog: a.c\n\t$(CC) a.c -o prog\n"
    check(tmp_path, {"a.c": PLAIN_CHAR, "Makefile": makefile})
    assert sorted(path.name for path in (tmp_path / "source").iterdir()) == ["Makefile", "a.c"]
