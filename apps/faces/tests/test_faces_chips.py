"""The networks' inputs, and what is decided of given templates, are the same on two real Pythons: here and aarch64."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bench.faces import answers, chips, foreign_python, given, lines
from bitfast_faces.engine import Engine
from bitfast_faces.weights.place import home
from faces_pictures import portrait


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


def test_the_networks_are_asked_about_every_picture_of_the_folder(engine: Engine, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    Image.fromarray(portrait()).resize((800, 800)).save(tmp_path / "more" / "anna.jpg")
    chips.lay_out_people(folder / "people", tmp_path / "more")
    found = answers.answers(home(), folder, 1, 16)
    assert len(found["templates crowd.png"]) == 5
    assert len(found["templates anna.png"]) == 1
    assert len(found[answers.SAME_PIXELS]) == 14


def test_a_picture_with_other_faces_on_the_other_chip_is_told_and_left_out() -> None:
    face, other = [32767, *[0] * 127], [32766, 1, *[0] * 126]
    one = {"keypoints a": [[1, 2]], "templates a": [face], "keypoints b": [[3, 4]], "templates b": [face]}
    two = {"keypoints a": [[1, 5]], "templates a": [other], "keypoints b": [], "templates b": []}
    said = chips.difference("aarch64", one, two)
    assert said.startswith("| aarch64 (others found in 1 pictures, left out) | 1 of 1 | 1.6 % | 1 |")
    assert said.endswith("| 3/64 pixel |")


@pytest.mark.network
@pytest.mark.slow
def test_aarch64_gives_the_lines_of_this_machine(printed: list[str], folder: Path) -> None:
    try:
        python = foreign_python.aarch64()
    except foreign_python.MissingError as error:
        pytest.skip(str(error))
    assert python.run(["-c", "import platform; print(platform.machine())"]) == "aarch64\n"
    assert python.run(["-m", "bench.faces.lines", folder, "2"]).splitlines() == printed
