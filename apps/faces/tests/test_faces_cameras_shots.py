"""A picture that is kept shows somebody who agreed to it then, and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitfast_faces.cameras.config import Camera, Visits
from bitfast_faces.cameras.events import Event, Who
from bitfast_faces.cameras.scene import Scene
from bitfast_faces.cameras.shots import alone, cut
from bitfast_faces.types import Face, Pixels
from faces_videos import GOOD, Names, ScriptedEngine, face_at, kinds

ADA, STRANGER = 1, 3
WHO = Who(7, "Ada", 1_050_000_000)
CAMERA = Camera("door", "door.mp4")
Script = dict[int, Sequence[tuple[int, Face]]]


class Kept(list[Pixels]):
    def __call__(self, event: Event, pixels: Pixels) -> str:
        assert event.who == WHO
        self.append(pixels.copy())
        return "picture.jpg"


def watched(
    script: Script, frames: int, names: Names | None = None, rules: Visits | None = None
) -> tuple[Kept, list[Event]]:
    """What is kept of a script whose people are painted, each with its number, hair and ears included."""
    engine, kept = ScriptedEngine(script), Kept()
    scene = Scene(CAMERA, rules or Visits(), engine, names or Names({ADA: WHO}, pictures=True), kept)
    events: list[Event] = []
    for number, frame in enumerate(engine.frames(frames)):
        for person, face in sorted(script.get(number, ()), key=lambda one: one[0]):
            paint(frame.pixels, face, person)
        frame.pixels[0, 0, 0] = number
        events += scene.see(frame)
    return kept, events + scene.finish()


def paint(pixels: Pixels, face: Face, person: int) -> None:
    left, top, right, bottom = face.box.pixels
    more = (right - left) // 4
    pixels[max(0, top - more) : bottom + more, max(0, left - more) : right + more] = person


def sharp(sharpness: int) -> Face:
    return face_at(200, 150, quality=replace(GOOD, sharpness=sharpness))


@pytest.mark.parametrize(
    ("place", "pictures"),
    [
        ((265, 150), 0),  # five pixels to the right
        ((230, 150), 0),
        ((200, 95), 0),
        ((150, 100), 0),
        ((420, 150), 1),
    ],
)
def test_somebody_beside_a_known_person_is_in_no_picture(place: tuple[int, int], pictures: int) -> None:
    kept, _ = watched({n: [(ADA, face_at(200, 150)), (STRANGER, face_at(*place))] for n in range(30)}, 40)
    assert len(kept) == pictures
    assert not any((picture == STRANGER).any() for picture in kept)


@given(st.integers(100, 320), st.integers(50, 260), st.integers(20, 120), st.integers(-12, 12))
def test_not_a_pixel_of_a_face_nearby_is_kept(x: int, y: int, side: int, step: int) -> None:
    """Wherever somebody stands or walks, with a head half as large again as the face."""
    script = {n: [(ADA, face_at(200, 150)), (STRANGER, face_at(x + n * step, y, side))] for n in range(8)}
    kept, _ = watched(script, 10)
    assert not any((picture == STRANGER).any() for picture in kept)


def test_a_picture_is_taken_once_the_other_has_gone() -> None:
    beside = {n: [(ADA, sharp(400)), (STRANGER, face_at(265, 150))] for n in range(15)}
    kept, events = watched({**beside, **{n: [(ADA, sharp(400))] for n in range(15, 30)}}, 40)
    assert [picture.shape for picture in kept] == [(60, 60, 3)]
    assert (kept[0] == ADA).all()
    assert [event.picture for event in events if event.kind == "best"] == ["picture.jpg"]


def test_a_track_that_slips_onto_a_stranger_shows_nobody_else() -> None:
    """Somebody steps in front of her: the same box, a far better sighting, another face."""
    script: Script = {n: [(ADA if n < 12 else STRANGER, sharp(100 if n < 12 else 400))] for n in range(40)}
    kept, _ = watched(script, 60)
    assert len(kept) == 1
    assert (kept[0] == ADA).all()


def test_the_best_of_the_sightings_that_were_searched_is_kept_and_searches_are_few() -> None:
    class Searched(Names):
        def who(self, templates: np.ndarray, camera: str = "") -> list[Who | None]:
            sizes.append(len(templates))
            return super().who(templates)

    sizes: list[int] = []
    names = Searched({ADA: WHO}, pictures=True)
    script: Script = {n: [(ADA, replace(sharp(40 + 6 * n), box=face_at(200, 150, 60 + n % 2).box))] for n in range(60)}
    kept, _ = watched(script, 80, names, Visits(looks=3))
    assert len(kept) == 1
    assert len(sizes) == 2 + 3  # two that agree, three for a better picture


@pytest.mark.parametrize(("left", "named"), [({}, False), ({ADA: WHO}, True)])
def test_a_consent_that_ends_during_the_visit_ends_the_picture_and_the_name(left: dict[int, Who], named: bool) -> None:
    names = Names({ADA: WHO}, pictures=True)
    engine, kept = ScriptedEngine({n: [(ADA, sharp(400))] for n in range(20)}), Kept()
    scene = Scene(CAMERA, Visits(), engine, names, kept)
    events = [event for frame in engine.frames(10) for event in scene.see(frame)]
    names.people, names.pictures = left, False
    shots = [visit.shot for visit in scene._book.visits]
    events += scene.finish()
    assert len(shots) == 1 and shots[0] is not None
    assert (kept, kinds(events)) == ([], ["enter", "leave"])
    assert [event.who is not None for event in events] == [True, named]
    assert not shots[0].any()


def test_a_face_at_the_frames_border_is_cut_there() -> None:
    pixels = np.ones((100, 100, 3), np.uint8)
    assert cut(pixels, face_at(-20, 70).box).shape == (30, 40, 3)
    assert cut(pixels, face_at(-80, 10).box).size == 0


def test_a_face_is_not_beside_itself() -> None:
    face = face_at(10, 10)
    assert alone(face, [face])
    assert not alone(face, [face, face_at(10, 10)])
