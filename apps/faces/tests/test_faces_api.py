"""The REST API: pictures, likeness; what each answers, and what it refuses."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bitfast_faces.types import Analysis
from bitfast_faces.web.config import WebConfig
from bitfast_faces.web.problems import Problem
from bitfast_faces.web.shelf import LONGEST, Room, Shelf
from faces_pictures import encoded
from faces_web import (
    BLACK,
    BLUE,
    GREEN,
    NEAR_RED,
    RED,
    YELLOW,
    Site,
    photo,
    photo_pixels,
    problem,
    site,
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as one:
        yield one


class TestPictures:
    def test_a_picture_is_answered_with_its_faces(self, here: Site) -> None:
        picture = here.send(RED, BLACK, GREEN, name="beach.png")
        assert picture["name"] == "beach.png" and (picture["width"], picture["height"]) == (192, 64)
        assert [face["box"] for face in picture["faces"]] == [[8, 8, 56, 56], [136, 8, 184, 56]]
        assert here.client.get("/api/v1/pictures").json() == [picture]
        assert here.client.get(f"/api/v1/pictures/{picture['id']}").json() == picture

    def test_no_answer_holds_a_template(self, here: Site) -> None:
        picture = here.send(RED)
        assert "template" not in str(picture)

    def test_a_face_is_shown_without_metadata(self, here: Site) -> None:
        (face,) = here.faces(RED)
        answer = here.client.get(f"/api/v1/faces/{face}/image")
        with Image.open(io.BytesIO(answer.content)) as image:
            assert image.format == "JPEG" and image.size == (320, 320) and not image.getexif()
            shown = image.getpixel((160, 160))
        assert isinstance(shown, tuple)
        assert all(abs(a - b) < 8 for a, b in zip(shown, RED, strict=True))

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("holiday%20%C3%BC.jpg", "holiday ü.jpg"),
            ("../../etc/passwd", "passwd"),
            ("..%2F..%2Fetc%2Fpasswd", "passwd"),
            ("C:%5CUsers%5Cme%5Canna.jpg", "anna.jpg"),
            ("%00%0A%1B[31m", "[31m"),
            ("..%2F", "picture"),
            ("", "picture"),
            ("x" * 500, "x" * 120),
        ],
    )
    def test_a_name_is_a_label_and_never_a_path(self, here: Site, sent: str, kept: str) -> None:
        assert here.send(RED, name=sent)["name"] == kept

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"GIF89a but no more", id="cut short"),
            pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="no picture"),
            pytest.param(photo(RED)[:-30], id="truncated"),
            pytest.param(encoded(np.zeros((9000, 9000), np.uint8), "PNG"), id="decompression bomb"),
        ],
    )
    def test_what_is_no_picture_is_a_problem_in_words(self, here: Site, content: bytes) -> None:
        problem(here.client.post("/api/v1/pictures", content=content), 422)
        assert here.client.get("/api/v1/pictures").json() == []

    def test_a_picture_without_a_face_has_none(self, here: Site) -> None:
        assert here.send(BLACK)["faces"] == []

    def test_a_forgotten_picture_is_gone_with_its_faces(self, here: Site) -> None:
        kept, gone = here.send(GREEN), here.send(RED)
        assert here.client.delete(f"/api/v1/pictures/{gone['id']}").json() == {"count": 1}
        problem(here.client.get(f"/api/v1/pictures/{gone['id']}/image"), 404)
        problem(here.client.get(f"/api/v1/faces/{gone['faces'][0]['id']}/image"), 404)
        assert here.client.get("/api/v1/pictures").json() == [kept]
        assert here.client.post("/api/v1/pictures/forget", json={}).json() == {"count": 1}
        assert here.client.get("/api/v1/pictures").json() == []

    def test_nobody_sees_or_forgets_another_ones_pictures(self, here: Site) -> None:
        picture = here.send(RED)
        other = here.with_scopes("analyse", "family", "search", "enrol")
        face = picture["faces"][0]["id"]
        assert other.get("/api/v1/pictures").json() == []
        problem(other.get(f"/api/v1/pictures/{picture['id']}"), 404)
        problem(other.get(f"/api/v1/faces/{face}/image"), 404)
        problem(other.delete(f"/api/v1/pictures/{picture['id']}"), 404)
        problem(other.post("/api/v1/search", json={"faces": [face], "purpose": "entrance"}), 404)
        problem(other.post("/api/v1/kin/groups", json={"faces": [face]}), 404)
        assert other.post("/api/v1/pictures/forget", json={"pictures": [picture["id"]]}).json() == {"count": 0}
        assert here.client.get("/api/v1/pictures").json() == [picture]

    def test_a_full_shelf_takes_no_more(self, tmp_path: Path) -> None:
        with site(tmp_path, WebConfig(pictures=2)) as here:
            here.send(RED)
            here.send(GREEN)
            problem(here.client.post("/api/v1/pictures", content=photo(BLUE)), 409)
            others = [here.with_scopes("analyse") for _ in range(4)]
            answers = [other.post("/api/v1/pictures", content=photo(BLUE)) for other in others for _ in range(2)]
            assert [answer.status_code for answer in answers] == [201] * 6 + [503] * 2

    def test_pictures_that_nobody_uses_are_forgotten(self) -> None:
        now = [0.0]
        shelf = Shelf(Room(10, 1 << 20), 60.0, clock=lambda: now[0])
        analysis: Analysis = _analysis()
        mine = shelf.put("me", analysis)
        shelf.put("you", analysis)
        now[0] = 50.0
        shelf.picture(mine.id, "me")
        now[0] = 100.0
        assert shelf.expire() == 1
        assert [kept.id for kept in shelf.all("me")] == [mine.id]
        assert shelf.all("you") == []
        now[0] = 161.0
        assert shelf.expire() == 1
        assert not shelf._pictures and not shelf._faces

    def test_a_picture_that_is_used_again_and_again_is_forgotten_too(self) -> None:
        now = [0.0]
        shelf = Shelf(Room(10, 1 << 20), 60.0, clock=lambda: now[0])
        shelf.put("me", _analysis())
        while now[0] < LONGEST * 60:
            now[0] += 30
            assert len(shelf.all("me")) == 1
        now[0] += 30
        assert shelf.all("me") == []

    def test_bytes_are_counted_with_every_face(self) -> None:
        one = Shelf(Room(10, 1 << 20), 60.0).put("me", _analysis()).size
        assert one > len(_analysis().templates[0]) * 2
        shelf = Shelf(Room(10, 2 * one), 60.0)
        for owner in ("me", "you", "she", "he"):
            shelf.put(owner, _analysis())
            shelf.put(owner, _analysis())
            with pytest.raises(Problem) as full:
                shelf.put(owner, _analysis())
            assert full.value.status == 409
        with pytest.raises(Problem) as full:
            shelf.put("they", _analysis())
        assert full.value.status == 503

    def test_two_faces_are_compared_without_looking_anybody_up(self, here: Site) -> None:
        (red,), (near,), (green,) = here.faces(RED), here.faces(NEAR_RED), here.faces(GREEN)
        compared = [
            here.client.post("/api/v1/compare", json={"face": red, "other": other}).json() for other in (near, green)
        ]
        assert [each["same"] for each in compared] == [True, False]
        assert compared[0]["score"] >= compared[0]["threshold"] > compared[1]["score"]
        assert all("compare" not in entry["action"] for entry in here.client.get("/api/v1/audit").json())


def _analysis() -> Analysis:
    from faces_web import ColourEngine

    return ColourEngine().analyse(photo(RED))


class TestLikeness:
    def test_faces_are_grouped_and_files_names_suggest_who_they_are(self, here: Site) -> None:
        (one,), (two,) = ([each["id"] for each in here.send(c, name="anna_1.jpg")["faces"]] for c in (RED, NEAR_RED))
        third, fourth = here.faces(RED, GREEN)
        groups = here.client.post("/api/v1/kin/groups", json={"faces": [one, two, third, fourth]}).json()
        assert [(group["name"], set(group["faces"])) for group in groups] == [
            ("anna", {one, two, third}),
            ("", {fourth}),
        ]

    def test_relatives_are_ranked_with_uncertainty_pairs_and_the_statement(self, here: Site) -> None:
        child, like, unlike = here.faces(RED), here.faces(NEAR_RED) + here.faces((210, 50, 50)), here.faces(BLUE)
        asked = {
            "child": {"name": "Ann", "faces": child},
            "relatives": [{"name": "Bea", "role": "Aunt", "faces": unlike}, {"name": "Cleo", "faces": like}],
        }
        answer = here.client.post("/api/v1/kin/rank", json=asked).json()
        first, second = answer["relatives"]
        assert (first["name"], first["rank"], second["name"], second["role"]) == ("Cleo", 1, "Bea", "Aunt")
        assert first["low"] <= first["likeness"] <= first["high"] and first["likeness"] > second["likeness"]
        assert {pair["relative"] for pair in first["pairs"]} == set(like) and first["pairs"][0]["child"] == child[0]
        assert "not kinship" in answer["statement"] and "four times in five" in answer["meaning"]

    def test_the_picture_to_share_is_a_png_without_metadata(self, here: Site) -> None:
        asked = {
            "child": {"name": "Ann", "faces": here.faces(RED)},
            "relatives": [{"name": "Bea", "faces": here.faces(BLUE)}],
        }
        answer = here.client.post("/api/v1/kin/picture", json=asked)
        with Image.open(io.BytesIO(answer.content)) as image:
            assert image.format == "PNG" and not image.info and not image.getexif()

    def test_two_of_one_name_are_a_problem_in_words(self, here: Site) -> None:
        asked = {
            "child": {"name": "Ann", "faces": here.faces(RED)},
            "relatives": [{"name": "Ann", "faces": here.faces(BLUE)}],
        }
        assert "Ann" in problem(here.client.post("/api/v1/kin/rank", json=asked), 422)["happened"]


def test_a_picture_of_a_hundred_faces_is_analysed(here: Site) -> None:
    rows = [photo_pixels(*[(60 + 10 * x, 255 - 10 * y, 99) for x in range(10)]) for y in range(10)]
    answer = here.client.post("/api/v1/pictures", content=encoded(np.concatenate(rows), "PNG"))
    assert len(answer.json()["faces"]) == 100


def test_an_animation_and_cmyk_are_read_with_a_note(here: Site) -> None:
    file = io.BytesIO()
    first, second = (Image.fromarray(photo_pixels(colour)) for colour in (RED, YELLOW))
    first.save(file, "GIF", save_all=True, append_images=[second])
    animated = here.client.post("/api/v1/pictures", content=file.getvalue()).json()
    file = io.BytesIO()
    first.convert("CMYK").save(file, "JPEG")
    printed = here.client.post("/api/v1/pictures", content=file.getvalue()).json()
    assert animated["notes"] and printed["notes"]
