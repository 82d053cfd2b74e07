"""Commands print names of files that are no text, or would move a terminal's cursor, without failing or obeying."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bitfast_faces import cli, commands_cluster, commands_look, commands_store
from bitfast_faces.errors import FacesError, printable
from bitfast_faces.types import Analysis
from faces_stores import WrittenFaces, write_photo

ODD = os.fsdecode(b"\xff\x1b[2J")


class Looked(WrittenFaces):
    """As the engine is asked by look."""

    def analyse(self, source: Path, smallest: int | None = None) -> Analysis:  # type: ignore[override]
        return super().analyse(source)


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    class Opened:
        open = Looked

    for module in (commands_look, commands_cluster):
        monkeypatch.setattr(module, "Engine", Opened)
    folder = tmp_path / "photos"
    for name, *faces in (("a", (1, 0)), ("b", (1, 1)), ("alone", (2, 0)), ("nobody",)):
        write_photo(folder / f"{name}{ODD}.jpg", *faces)
    (folder / f"broken{ODD}.jpg").write_text("broken")
    return folder


def run(*words: str | Path) -> Result:
    result = CliRunner().invoke(cli.app, list(map(str, words)))
    assert result.exit_code == 1, result.output  # for one photo is broken
    return result


@given(st.text())
def test_what_is_printable_is_one_line_that_can_be_encoded(text: str) -> None:
    said = printable(text)
    assert len(said) == len(text) and said.isprintable() and len(said.splitlines()) <= 1
    said.encode()
    if text.isprintable():
        assert said == text


@pytest.mark.parametrize("command", ["look", "cluster"])
def test_odd_names_are_printed_with_question_marks(photos: Path, command: str) -> None:
    result = run(command, photos)
    for name in ("a", "b", "alone", "nobody"):
        assert f"{name}??[2J.jpg" in result.stdout
    assert "broken??[2J.jpg" in result.stderr
    assert "\x1b" not in result.output


@pytest.mark.parametrize("command", ["look", "cluster"])
def test_json_has_the_very_names_so_that_the_files_can_be_found(photos: Path, command: str) -> None:
    said = run(command, photos, "--json").stdout
    assert said.isascii()
    documents = [json.loads(line) for line in said.splitlines()]
    if command == "look":
        names = {document["name"] for document in documents}
    else:
        names = {one["photo"] for group in documents[0]["groups"] for one in group}
        names |= {one["photo"] for one in documents[0]["alone"]} | set(documents[0]["unknown"])
    assert names == {f"{name}{ODD}.jpg" for name in ("a", "b", "alone", "nobody")}


def test_a_photo_that_is_not_there_does_not_end_the_others(photos: Path) -> None:
    result = run("look", photos / "missing.jpg", photos / f"a{ODD}.jpg", photos / "nor this")
    assert result.stdout.count(": 1 face") == 1
    for name in ("missing.jpg", "nor this"):
        assert f"{photos / name}.\nThere is no such file or folder." in result.stderr


def test_photos_of_one_name_have_their_folders_in_json(photos: Path) -> None:
    (photos / "b").mkdir()
    (photos / "b" / f"a{ODD}.jpg").write_bytes((photos / f"a{ODD}.jpg").read_bytes())
    names = {json.loads(line)["name"] for line in run("look", photos, "--json").stdout.splitlines()}
    assert {f"{photos.name}/a{ODD}.jpg", f"b/a{ODD}.jpg", f"b{ODD}.jpg"} <= names


def test_an_error_about_an_odd_name_is_printed_without_its_control_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing() -> None:
        raise FacesError(f"Reading {ODD}.", "It is not there.", "Check the path.")

    monkeypatch.setattr(cli, "app", failing)
    with pytest.raises(SystemExit, match="2"):
        cli.main()
    assert capsys.readouterr().err == "Reading ??[2J.\nIt is not there.\nCheck the path.\n"


def test_a_search_prints_odd_names_too(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands_store, "Engine", commands_look.Engine)
    where = ["--store", str(tmp_path / "store" / "faces.db"), "--key", str(tmp_path / "keys" / "key")]
    agreed = ["--purpose", "door", "--expires", str(date.today() + timedelta(days=2)), "--given-by", "herself"]
    for words in (
        ["enrol", "Anna", *map(str, sorted(photos.glob("[ab][!lr]*"))), *agreed, "--evidence", "binder 3", *where],
        ["search", str(photos / f"a{ODD}.jpg"), "--purpose", "door", *where],
    ):
        result = CliRunner().invoke(cli.app, words)
        assert result.exit_code == 0, result.exception
    assert "a??[2J.jpg:\n  1. at 0, 0: Anna" in result.stdout
