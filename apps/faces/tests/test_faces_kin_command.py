"""`bitfast-faces kin`: photos in, a ranking out; what is wrong is told in three lines and with status 2."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from PIL import Image
from typer.testing import CliRunner

from bitfast_faces import commands_kin
from bitfast_faces.cli import app
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.images import load
from bitfast_faces.kin import STATEMENT, drawing
from bitfast_faces.kin.calibration import DEFAULT, text
from bitfast_faces.types import Analysis, Box, Face, Point, Quality
from faces_kin_people import template
from faces_pictures import encoded, head, noise, portrait

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "kin.schema.json").read_text())


PEOPLE = {"a": "anna", "m": "maria", "p": "peter"}


class Faked:
    """An engine that finds in a picture those whose initials its name has: `am1.png` shows anna and maria."""

    space = "0123456789abcdef"

    def analyse(self, source: Path) -> Analysis:
        spot = Point(64, 64)
        face = Face(Box(64, 64, 640, 640), (spot,) * 6, 0, Quality(9, 99, 0, True, ()))
        shown = [PEOPLE[letter] for letter in source.stem if letter in PEOPLE]
        lean: dict[str, Any] = {"anna": [("maria", 2), ("peter", 1)]}
        templates = [template(f"{name} {source.name}", (name, 6), *lean.get(name, [])) for name in shown]
        return Analysis(load(source), (face,) * len(shown), np.array(templates, np.int16).reshape(-1, 128))


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a folder for each of three people, and a party with all of them."""
    for number, name in enumerate(["anna/a1", "anna/a2", "maria/m1", "maria/m2", "peter/p1", "amp"]):
        path = tmp_path / "photos" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (16, 16), (number, 0, 0)).save(path)
    monkeypatch.setattr(Engine, "open", Faked)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "photos"


def kin(*arguments: object, answers: str | None = None) -> Any:
    return CliRunner().invoke(app, ["kin", *map(str, arguments)], input=answers)


def refused(*arguments: object) -> str:
    error = kin(*arguments).exception
    assert isinstance(error, FacesError), error
    assert len(str(error).splitlines()) == 3
    return str(error)


def test_a_folder_for_each_person_is_enough(photos: Path) -> None:
    done = kin(photos, "--child", "anna", "--yes", "--role", "maria=mother")
    assert done.exit_code == 0
    assert done.output.index("maria (mother)") < done.output.index("peter")
    assert " ".join(STATEMENT.split()) in " ".join(done.output.split())
    assert "Left out" not in done.output


def test_json_on_standard_output_is_nothing_but_the_document(photos: Path) -> None:
    done = kin(photos, "--child", "anna", "--yes", "--json", "-")
    document = json.loads(done.stdout)
    assert list(Draft202012Validator(SCHEMA).iter_errors(document)) == []
    assert [one["name"] for one in document["relatives"]] == ["maria", "peter"]
    assert len(document["child"]["photos"]) == 3
    assert str(photos) not in done.stdout


def test_photos_of_one_name_are_told_apart_by_their_folders(photos: Path) -> None:
    Image.new("RGB", (16, 16), (9, 9, 9)).save(photos / "anna" / "m1.png")
    done = kin(photos, "--child", "anna", "--yes", "--json", "-")
    document = json.loads(done.stdout)
    pictures = {photo["picture"] for one in (document["child"], *document["relatives"]) for photo in one["photos"]}
    assert pictures == {"a1.png", "a2.png", "anna/m1.png", "maria/m1.png", "m2.png", "p1.png", "amp.png"}
    assert "anna/m1.png and maria/m1.png" in done.stderr
    assert "look like one person" in done.stderr  # the engine of these tests knows people by their file's name
    (photos / "anna" / "m1.png").write_bytes(b"no picture")
    assert "anna/m1.png: It is" in kin(photos, "--child", "anna", "--yes").output
    assert "It is no picture" in refused(
        "--child", "anna", f"--person=anna={photos}/anna/m1.png", f"--person=maria={photos}/maria/m1.png"
    )


def test_a_role_of_somebody_who_is_not_there_is_refused(photos: Path) -> None:
    assert "There is no lisa among: anna, maria, peter." in refused(
        photos, "--child", "anna", "--yes", "--role", "lisa=mother"
    )


def test_a_role_of_somebody_who_is_not_there_is_said_at_a_terminal(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands_kin, "_at_terminal", lambda: True)
    done = kin(photos, "--child", "anna", "--role", "lisa=mother", answers="\n\n\n")
    assert done.exit_code == 0, done.output
    assert "There is no lisa among: anna, maria, peter." in done.output


def test_the_user_says_it_all_and_is_asked_nothing(photos: Path) -> None:
    people = [f"--person=anna={photos}/anna/a1.png", f"--person=mum={photos}/amp.png#2,{photos}/maria/m1.png"]
    done = kin("--child", "anna", *people, "--json", "-")
    document = json.loads(done.stdout)
    assert [one["name"] for one in document["relatives"]] == ["mum"]
    assert {(photo["picture"], photo["face"]) for photo in document["relatives"][0]["photos"]} == {
        ("amp.png", 2),
        ("m1.png", 1),
    }


def test_a_family_file_says_it_too(photos: Path) -> None:
    said = {"anna": {"photos": ["anna/a1.png"]}, "maria": {"role": "mother", "photos": ["maria/m1.png"]}}
    (photos / "family.json").write_text(json.dumps({"child": "anna", "people": said}))
    done = kin("--family", photos / "family.json", "--json", "-")
    assert json.loads(done.stdout)["relatives"][0]["role"] == "mother"


def test_guesses_are_confirmed_at_a_terminal(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands_kin, "_at_terminal", lambda: True)
    done = kin(photos, "--json", photos / "out.json", answers="Anna\n\n-\nAnna\nmother\n")
    assert done.exit_code == 0, done.output
    document = json.loads((photos / "out.json").read_text())
    assert document["child"]["name"] == "Anna"
    assert [(one["name"], one["role"]) for one in document["relatives"]] == [("maria", "mother")]
    ended = kin(photos, answers="")
    assert "answers ended" in str(ended.exception)


def test_the_picture_is_written_as_png(photos: Path) -> None:
    done = kin(photos, "--child", "anna", "--yes", "--picture", photos / "out.png")
    assert done.exit_code == 0, done.exception
    assert Image.open(io.BytesIO((photos / "out.png").read_bytes())).size[0] == 1080


def test_the_guessed_people_can_be_looked_at_with_their_numbers(photos: Path) -> None:
    assert "--person" in refused(
        photos, "--faces", photos / "faces.png"
    )  # the picture is there when the questions come
    with Image.open(photos / "faces.png") as image:
        width, height = image.size
    assert width == 1080
    assert height == 2 * drawing.MARGIN + 3 * drawing.ROW


def test_what_is_wrong_is_told_in_three_lines(photos: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(text(DEFAULT).replace('"space": ""', '"space": "feedfeedfeedfeed"'))
    assert "No photos were given" in refused("--child", "anna")
    assert "Check the path" in refused("--family", tmp_path / "none.toml")
    assert "--person" in refused(photos)
    assert "--child" in refused(photos, "--yes")
    assert "no olga" in refused(photos, "--yes", "--child", "olga")
    assert "nothing at" in refused(photos / "none")
    assert "nobody to compare" in refused("--person", f"anna={photos}/anna/a1.png", "--child", "anna")
    assert "another kind" in refused(photos, "--yes", "--child", "anna", "--calibration", other)
    assert "NAME=FILE" in refused("--person", "anna")
    assert "shows 3 faces" in refused("--person", f"anna={photos}/amp.png", "--child", "anna")
    assert "Writing" in refused(photos, "--yes", "--child", "anna", "--json", tmp_path / "none" / "x.json")


def test_a_broken_picture_is_told_and_the_others_count(photos: Path) -> None:
    (photos / "peter" / "p2.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    done = kin(photos, "--child", "anna", "--yes")
    assert done.exit_code == 0
    assert "p2.png: " in done.output


def test_brackets_in_names_are_no_markup(photos: Path) -> None:
    done = kin(photos, "--child", "anna", "--yes", "--role", "maria=[red]mother[/red]")
    assert "[red]mother[/red]" in done.output


def test_faces_of_real_pictures_are_ranked(engine: Engine, tmp_path: Path) -> None:
    mirrored = portrait()[:, ::-1]
    stretched = np.asarray(Image.fromarray(portrait()).resize((512, 680)))
    for name, pixels in [("child", portrait()), ("near", mirrored), ("far", stretched), ("nobody", noise(200, 200))]:
        (tmp_path / f"{name}.jpg").write_bytes(encoded(np.ascontiguousarray(pixels), "JPEG", quality=90))
    (tmp_path / "blurred.png").write_bytes(encoded(head(40), "PNG"))
    done = kin(tmp_path, "--child", "child", "--yes", "--json", "-")
    document = json.loads(done.stdout)
    assert document["relatives"][0]["name"] == "near"
    assert "far" in [one["name"] for one in document["relatives"]]
    assert "nobody.jpg: no face" in done.stderr
