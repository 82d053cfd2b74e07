"""The shareable picture says what the result says, has the same pixels every time and tells nothing else."""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bitfast_faces.errors import FacesError
from bitfast_faces.kin import Calibration, Person, Resemblance, drawing, rank
from bitfast_faces.kin.calibration import ONE
from bitfast_faces.kin.drawing import WIDTH, draw, percent
from faces_kin_people import person

BY = Calibration(auc=0.64, mean=ONE // 3, deviation=ONE // 8, photo_deviation=ONE // 50, source="a test")


def result(*names: str, child: str = "Anna") -> Resemblance:
    relatives = [person(name, 2, (child, 1), role="somebody") for name in names]
    return rank(person(child, 2), relatives, BY)


def pixels(png: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image)


def chunks(png: bytes) -> list[str]:
    found, place = [], 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        found.append(png[place + 4 : place + 8].decode())
        place += length + 12
    return found


def written(monkeypatch: pytest.MonkeyPatch, given: Resemblance) -> list[str]:
    """The texts that are drawn."""
    texts: list[str] = []
    real = ImageDraw.ImageDraw.text

    def text(self: ImageDraw.ImageDraw, place: tuple[int, int], said: str, *rest: object) -> None:
        texts.append(said)
        real(self, place, said, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
    draw(given)
    return texts


def test_names_figures_and_that_likeness_is_no_kinship_are_in_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    given = result("Maria", "Peter")
    said = " ".join(written(monkeypatch, given))
    assert "Whom does Anna resemble?" in said
    assert given.statement in said
    assert given.meaning in said
    for relative in given.relatives:
        assert relative.person.name in said
        assert f"{percent(relative.likeness.permille)} %" in said
        assert f"{percent(relative.likeness.low)} to {percent(relative.likeness.high)} %" in said


def test_the_same_result_has_the_same_pixels_and_another_has_others() -> None:
    first, again, other = (pixels(draw(result(*names)).png) for names in (("a", "b"), ("a", "b"), ("a", "c")))
    assert first.shape[1:] == (WIDTH, 3)
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_the_file_has_no_metadata_and_no_path() -> None:
    given = result("a")
    child = Person("Anna", tuple(replace(one, picture="/home/me/secret.jpg") for one in given.child.photos))
    png = draw(replace(given, child=child)).png
    assert set(chunks(png)) == {"IHDR", "IDAT", "IEND"}
    assert b"secret" not in png


def test_the_bar_is_as_long_as_the_likeness_says() -> None:
    given = result("a")
    row = pixels(draw(given).png)[262 + 114]  # above the dark line, below the bar's upper edge
    teal = np.flatnonzero((row == drawing.BAR).all(axis=1))
    left, right = 422, WIDTH - drawing.MARGIN
    assert abs(int(teal.max()) - (left + (right - left) * given.relatives[0].likeness.permille // 1000)) <= 8


@pytest.mark.parametrize("mean", [-ONE, 0, ONE])
def test_the_ends_of_the_scale_are_drawn_too(mean: int) -> None:
    sharp = replace(BY, auc=0.999, mean=mean, deviation=1000, photo_deviation=1)
    given = rank(person("Anna", 1), [person("a", 1)], sharp)
    assert not 50 < given.relatives[0].likeness.permille < 950
    assert pixels(draw(given).png).shape[1] == WIDTH


def test_ten_relatives_are_shown_and_the_rest_is_told() -> None:
    many = result(*(f"relative {number}" for number in range(12)))
    assert draw(many).notes == ("The picture shows the first 10 of 12 relatives.",)
    assert pixels(draw(many).png).shape[0] < 2300


@pytest.mark.parametrize("name", ["x" * 400, "W" * 90, "a b " * 60])
def test_a_long_name_is_shortened_and_stays_in_the_picture(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = written(monkeypatch, result(name, child=name + "c"))
    assert any(text.endswith("...") for text in texts)
    edge = pixels(draw(result(name, child=name + "c")).png)[:, WIDTH - drawing.MARGIN + 1 :]
    assert np.array_equal(edge, np.broadcast_to(drawing.PAPER, edge.shape))


def test_letters_that_no_font_has_are_told_and_the_rest_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_system_fonts", list)
    drawn = draw(result("Zoë 李"))
    assert len(drawn.notes) == 1
    assert "李" in drawn.notes[0]
    texts = written(monkeypatch, result("Zoë 李"))
    assert "Zoe ?" in texts


def test_a_font_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "font.ttf").write_bytes(b"no font")
    for path in (tmp_path / "font.ttf", tmp_path / "none.ttf"):
        with pytest.raises(FacesError, match="Opening the font"):
            draw(result("a"), path)


def test_the_picture_is_these_pixels_where_pillow_draws_as_the_one_that_was_tried() -> None:
    from PIL import __version__

    if __version__ != "13.0.0":
        pytest.skip(f"the digest is of Pillow 13.0.0, here is {__version__}")
    assert hashlib.sha256(pixels(draw(result("a", "b")).png).tobytes()).hexdigest()[:16] == "398b8759e80c6147"
