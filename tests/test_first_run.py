"""A reference that gave nothing to compare is an error with a next step, before anything is built for the target."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest

from bitfast.check.answer import Answer
from bitfast.check.first_run import require_answer, said_of_both
from bitfast.check.project import Project
from bitfast.check.run import Outcome
from bitfast.process import Finished
from bitfast.words import BitfastError
from tests.benches import written

PROJECT = Project("p", Path(), "make", ("make",))


def outcome(folder: Path, status: int, stdout: str = "", files: Sequence[str] = (), **more: tuple[str, ...]) -> Outcome:
    written(folder, {"stdout1": stdout, "stderr1": "usage: p FILE\n", **dict.fromkeys(files, "1\n")})
    outputs = {"stdout": folder / "stdout1", **{name: folder / name for name in files}}
    return Outcome(Answer(outputs), (Finished(("p",), status, b"", b"", 0.1),), tuple(files), **more)


@pytest.mark.parametrize(
    ("status", "said"), [(1, "ended with exit 1"), (-11, "was killed by SIGSEGV"), (136, "was killed by SIGFPE")]
)
def test_a_reference_that_fails_and_writes_nothing_is_an_error(tmp_path: Path, status: int, said: str) -> None:
    with pytest.raises(BitfastError) as caught:
        require_answer(PROJECT, ("p",), outcome(tmp_path, status))
    assert f"on the reference the command {said} and wrote nothing" in caught.value.message
    assert "usage: p FILE" in caught.value.message
    assert "arguments" in caught.value.next_step
    assert caught.value.exit_status == 3


def test_a_reference_that_fails_after_an_answer_is_compared_and_said(tmp_path: Path) -> None:
    first = outcome(tmp_path, -8, "row 1\n")
    require_answer(PROJECT, ("p",), first)
    require_answer(PROJECT, ("p",), outcome(tmp_path, 1, files=["a.txt"]))
    require_answer(PROJECT, ("p",), outcome(tmp_path, 0))
    assert said_of_both(first, outcome(tmp_path, 136)) == ["the program is killed by SIGFPE on both sides"]
    assert said_of_both(outcome(tmp_path, 3), outcome(tmp_path, 3)) == ["the program ends with exit 3 on both sides"]
    assert said_of_both(first, outcome(tmp_path, 0)) == said_of_both(outcome(tmp_path, 0), outcome(tmp_path, 0)) == []


def test_a_pattern_that_matches_nothing_names_what_was_written(tmp_path: Path) -> None:
    first = outcome(tmp_path, 0, "x", ["a.csv", "b.txt"])
    require_answer(dataclasses.replace(PROJECT, compare=("*.csv",)), ("p",), first)
    with pytest.raises(BitfastError) as caught:
        require_answer(dataclasses.replace(PROJECT, compare=("*.csv", "out/*")), ("p",), first)
    assert caught.value.message == "compare: 'out/*' matched nothing; these files were written: a.csv, b.txt"
    assert caught.value.exit_status == 2


def test_files_that_are_no_answer_are_listed(tmp_path: Path) -> None:
    here, there = (outcome(tmp_path, 0, left_out=(name,)) for name in ("a.o (an object file)", "b (a core dump)"))
    assert said_of_both(here, there) == ["written, but not compared: a.o (an object file), b (a core dump)"]
