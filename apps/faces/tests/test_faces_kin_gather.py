"""Files and folders become faces: who is alone in a picture is named by it, and what cannot be used is told."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from bitfast_faces.errors import FacesError
from bitfast_faces.kin.family import Family, faces, member
from bitfast_faces.kin.gather import Gathered, Source, gather, sources
from bitfast_faces.types import Analysis, Box, Face, Picture, Point, Quality
from faces_kin_people import template


def files(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def suggested(*paths: Path) -> list[tuple[str, str]]:
    return [(source.path.name, source.name) for source in sources(paths)]


def test_folders_name_those_who_are_alone_in_their_pictures(tmp_path: Path) -> None:
    files(tmp_path, "anna/1.jpg", "maria/IMG_2.PNG", "olga.jpg", "notes.txt", ".hidden/x.jpg")
    inner = [("1.jpg", "anna"), ("IMG_2.PNG", "maria")]
    assert suggested(tmp_path) == [*inner, ("olga.jpg", "olga")]
    assert suggested(tmp_path / "anna", tmp_path / "maria") == inner
    assert suggested(tmp_path / "anna") == [("1.jpg", "")]
    assert suggested(tmp_path / "olga.jpg", tmp_path / "olga.jpg") == [("olga.jpg", "olga")]
    with pytest.raises(FacesError, match="No photos were given"):
        sources([])


class Faked:
    """Finds as many faces in a file as its name has letters x; `broken` cannot be read."""

    def analyse(self, source: Path) -> Analysis:
        if "broken" in source.name:
            raise FacesError("Reading it.", "It is cut short.", "Save it again.")
        count = source.name.count("x")
        spot = Point(0, 0)
        face = Face(Box(0, 0, 640, 640), (spot,) * 6, 0, Quality(10, 0, 0, False, ("small",)))
        picture = Picture(np.zeros((20, 20, 3), np.uint8), source.read_bytes().hex(), source.name)
        return Analysis(
            picture, (face,) * count, np.stack([template(i) for i in range(count)] or [template(0)])[:count]
        )


def gathered(folder: Path, *names: str) -> Gathered:
    files(folder, *names)
    return gather(Faked(), [Source(folder / name, name.split(".")[0]) for name in names])


def test_a_picture_that_cannot_be_read_or_shows_nobody_is_a_problem_and_not_the_end(tmp_path: Path) -> None:
    found = gathered(tmp_path, "broken.jpg", "nobody.jpg", "x1.jpg", "xx.jpg")
    assert [one.label for one in found.photos] == ["x1.jpg", "xx.jpg, face 1 of 2", "xx.jpg, face 2 of 2"]
    assert list(found.names.values()) == ["x1"]
    assert found.problems == ("broken.jpg: It is cut short.", "nobody.jpg: no face was found in it.")
    assert found.photos[0].reasons == ("small",)


def test_the_same_picture_under_two_names_counts_once(tmp_path: Path) -> None:
    (tmp_path / "x1.jpg").write_bytes(b"same")
    (tmp_path / "x2.jpg").write_bytes(b"same")
    found = gather(Faked(), [Source(tmp_path / "x1.jpg", "x"), Source(tmp_path / "x2.jpg", "y")])
    assert len(found.photos) == 1
    assert found.by_path[(tmp_path / "x2.jpg").resolve()] == found.photos


def test_control_codes_in_a_file_name_reach_no_terminal(tmp_path: Path) -> None:
    found = gathered(tmp_path, "x\x1b[2J.jpg")
    assert found.photos[0].picture == "x?[2J.jpg"


def test_a_folder_whose_name_is_no_text_still_names_somebody(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"an\xff\x1b")
    folder.mkdir()
    (folder / "x.jpg").write_bytes(b"")
    assert suggested(tmp_path) == [("x.jpg", "an??")]


def test_photos_are_looked_at_together_and_answered_in_order(tmp_path: Path) -> None:
    together = Barrier(2)

    class Waiting(Faked):
        def analyse(self, source: Path) -> Analysis:
            together.wait(timeout=30)  # breaks where one photo waits for the other
            return super().analyse(source)

    files(tmp_path, "x1.jpg", "x2.jpg", "x3.jpg", "x4.jpg")
    given = [Source(tmp_path / f"x{number}.jpg", "") for number in (3, 1, 4, 2)]
    found = gather(Waiting(), given, workers=2)
    assert [one.picture for one in found.photos] == ["x3.jpg", "x1.jpg", "x4.jpg", "x2.jpg"]


def test_more_faces_than_can_be_sorted_end_the_looking(tmp_path: Path) -> None:
    looked = []

    class Counting(Faked):
        def analyse(self, source: Path) -> Analysis:
            looked.append(source)
            return super().analyse(source)

    names = [f"{number}{'x' * 100}.jpg" for number in range(60)]
    files(tmp_path, *names)
    with pytest.raises(FacesError, match="600 are the most"):
        gather(Counting(), [Source(tmp_path / name, "") for name in names], workers=2)
    assert len(looked) < 15  # the seventh is one too many; a few are looked at ahead


def test_the_user_says_which_face_of_a_picture_is_meant(tmp_path: Path) -> None:
    found = gathered(tmp_path, "xx.jpg", "x.jpg", "nobody.jpg", "broken.jpg")

    def said(*arguments: str) -> dict[tuple[str, int], str]:
        members = [member(argument.replace("@", f"{tmp_path}/")) for argument in arguments]
        return faces(Family(tuple(members)).members, found)

    both = said("maria=@xx.jpg#2", "anna=@x.jpg,@xx.jpg#1")
    assert sorted((face, name) for (_, face), name in both.items()) == [(0, "anna"), (0, "anna"), (1, "maria")]
    for arguments, message in [
        (("maria=@xx.jpg",), "shows 2 faces"),
        (("maria=@xx.jpg#3",), "no face 3"),
        (("maria=@nobody.jpg",), "no face was found"),
        (("maria=@broken.jpg",), "cut short"),
        (("maria=@missing.jpg",), "missing.jpg shows nobody"),
        (("maria=@x.jpg", "anna=@x.jpg"), "given to maria and to anna"),
    ]:
        with pytest.raises(FacesError, match=message):
            said(*arguments)
