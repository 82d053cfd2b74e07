"""The networks' inputs, and what is decided of given templates, are the same on two real Pythons: here and aarch64."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.faces import foreign_python, given, lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("chips") / "given"
    given.lay_out(place)
    return place


@pytest.fixture(scope="module")
def printed(folder: Path) -> list[str]:
    """What one thread gives here."""
    return [f"{lines.digest(value)} {name}" for name, value in lines.lines(folder)]


def test_the_lines_tell_pictures_and_decisions_apart(printed: list[str]) -> None:
    digests = [line.split(" ", 1)[0] for line in printed]
    # Alike are: pictures without loss and the faces cut from them, and a search whose queries come at once or alone.
    assert len(printed) >= 160 and len(set(digests)) >= 110


@pytest.mark.parametrize("threads", ["2", "4"])
def test_the_number_of_threads_changes_no_line(printed: list[str], folder: Path, threads: str) -> None:
    command = [sys.executable, "-m", "bench.faces.lines", folder, threads]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=120)
    assert done.stdout.splitlines() == printed


@pytest.mark.network
@pytest.mark.slow
def test_aarch64_gives_the_lines_of_this_machine(printed: list[str], folder: Path) -> None:
    try:
        python = foreign_python.aarch64()
    except foreign_python.MissingError as error:
        pytest.skip(str(error))
    assert python.run(["-c", "import platform; print(platform.machine())"]) == "aarch64\n"
    assert python.run(["-m", "bench.faces.lines", folder, "2"]).splitlines() == printed
