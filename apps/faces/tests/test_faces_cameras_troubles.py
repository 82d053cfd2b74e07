"""A store or a disk that fails is told once and ends no watch: people are counted, strangers forgotten as ever."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av", reason="reads videos")

from bitfast_faces.cameras.config import Camera, Config, Visits
from bitfast_faces.cameras.events import Event, EventBus, Who
from bitfast_faces.cameras.recognise import Agreed
from bitfast_faces.cameras.scene import Scene
from bitfast_faces.cameras.shots import Keep
from bitfast_faces.cameras.watch import Watch
from bitfast_faces.errors import FacesError
from bitfast_faces.types import Pixels
from faces_videos import ColourEngine, Names, ScriptedEngine, face_at, kinds, record, walk

ADA, STRANGER = 1, 3
WHO = Who(7, "Ada", 1_050_000_000)
CAMERA = Camera("door", "door.mp4")
BUSY = FacesError("Using the store.", "Another program has been writing for 30 seconds.", "Wait for it.")


def full(event: Event, pixels: Pixels) -> str:
    raise FacesError("Keeping a picture.", "It cannot be written: No space left on device.", "Make room.")


@dataclass
class Failing(Names):
    """Fails the first `times` searches."""

    times: int = 0

    def __init__(self, times: int) -> None:
        super().__init__({ADA: WHO}, pictures=True)
        self.times = times

    def who(self, templates: np.ndarray, camera: str = "") -> list[Who | None]:
        found = super().who(templates)
        if self.searches <= self.times:
            raise BUSY
        return found


def seen(scene: Scene, engine: ScriptedEngine, frames: int, step: int = 100) -> list[Event]:
    return [event for frame in engine.frames(frames, step) for event in scene.see(frame)]


def test_a_store_that_is_busy_once_is_asked_again_and_names_her() -> None:
    engine = ScriptedEngine({n: [(ADA, face_at(100, 100))] for n in range(150)})
    events = seen(scene := Scene(CAMERA, Visits(), engine, Failing(1)), engine, 150) + scene.finish()
    assert kinds(events) == ["trouble", "enter", "restored", "known", "leave"]
    assert [event.who is not None for event in events if event.kind in ("enter", "known", "leave")] == [
        False, True, True,
    ]  # fmt: skip
    assert "not recognised for now. Another program" in str(events[0].message)


def test_a_store_that_stays_away_is_told_once_and_asked_every_ten_seconds() -> None:
    names = Failing(10**9)
    engine = ScriptedEngine({n: [(ADA, face_at(100, 100))] for n in range(200)})
    events = seen(scene := Scene(CAMERA, Visits(), engine, names), engine, 200, step=200) + scene.finish()
    assert kinds(events) == ["trouble", "enter", "leave"]
    assert names.searches == 4  # in 40 seconds
    assert not any(array.any() for array in (*engine.chips, *engine.templates))


def test_a_store_that_cannot_say_what_she_agreed_to_keeps_the_name_and_no_picture() -> None:
    class Silent(Names):
        def agreed(self, person: int, camera: str = "") -> Agreed:
            raise BUSY

    engine = ScriptedEngine({n: [(ADA, face_at(100, 100))] for n in range(20)})
    kept: list[Pixels] = []
    scene = Scene(CAMERA, Visits(), engine, Silent({ADA: WHO}), lambda event, pixels: kept.append(pixels) or "p.jpg")
    events = seen(scene, engine, 20) + scene.finish()
    assert kinds(events) == ["enter", "trouble", "leave"]
    assert (kept, events[-1].who) == ([], WHO)


@pytest.mark.parametrize("ending", ["finish", "wait"])
def test_a_full_disk_loses_the_picture_and_nothing_else(ending: str) -> None:
    engine = ScriptedEngine({n: [(ADA, face_at(100, 100)), (STRANGER, face_at(400, 100))] for n in range(30)})
    scene = Scene(CAMERA, Visits(), engine, Names({ADA: WHO}, pictures=True), full)
    events = seen(scene, engine, 30)
    looks = [look for visit in scene._book.visits for look in visit.looks]
    shots = [visit.shot for visit in scene._book.visits if visit.shot is not None]
    assert len(looks) >= 4 and len(shots) == 1
    events += scene.finish() if ending == "finish" else scene.wait(10**9)
    assert kinds(events) == ["enter", "enter", "leave", "leave", "trouble"]
    assert "No space left on device" in str(events[-1].message)
    assert scene._book.visits == []
    assert not any(array.any() for array in (*looks, *shots))


def watched(video: Path, names: Names, keep: Keep | None) -> tuple[Watch, list[Event], list[str]]:
    """The watch, its events, and what ended a thread."""
    uncaught: list[str] = []
    before, threading.excepthook = threading.excepthook, lambda hook: uncaught.append(str(hook.exc_value))
    bus = EventBus()
    heard = bus.subscribe()
    try:
        watch = Watch(Config((Camera("door", str(video)),)), ColourEngine(), bus, names, keep)
        watch.start()
        assert watch.wait(30)
    finally:
        threading.excepthook = before
    bus.close()
    return watch, [event for event in iter(lambda: heard.get(0), None) if event is not None], uncaught


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("video") / "hall.mp4", walk(("red", "green"), step=3), 25)


def test_a_watch_goes_on_to_its_end_although_no_picture_can_be_kept(video: Path) -> None:
    watch, events, uncaught = watched(video, Names({0: WHO}, pictures=True), full)
    (outcome,) = watch.outcomes
    assert (uncaught, outcome.error) == ([], None)
    assert "No space left on device" in outcome.trouble
    assert kinds(events) == ["connected", "enter", "enter", "leave", "leave", "trouble", "ended"]


def test_a_fault_at_the_very_end_is_the_cameras_error_and_leaves_no_visit(video: Path) -> None:
    class Faulty(Names):
        def agreed(self, person: int, camera: str = "") -> Agreed:
            raise RuntimeError("boom")

    watch, events, uncaught = watched(video, Faulty({0: WHO}), None)
    (outcome,) = watch.outcomes
    assert uncaught == []
    assert outcome.error is not None and "RuntimeError: boom" in outcome.error.happened
    assert kinds(events)[-1] == "failed"
    assert watch._watchers[0]._scene._book.visits == []
