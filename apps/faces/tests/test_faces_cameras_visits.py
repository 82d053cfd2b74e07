"""One event per visit: who, when, where, for how long; nobody twice, strangers unnamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bitfast_faces.cameras.config import Camera, Visits
from bitfast_faces.cameras.events import Event, Who
from bitfast_faces.cameras.recognise import Recogniser
from bitfast_faces.cameras.scene import Scene
from bitfast_faces.cameras.schedule import parse, time_zone
from bitfast_faces.cameras.zones import Line, Zone
from bitfast_faces.types import Face, Pixels
from faces_videos import BLURRED, GOOD, Names, ScriptedEngine, face_at, kinds

ADA, BEA = 1, 2
PEOPLE = {ADA: Who(7, "Ada", 1_050_000_000), BEA: Who(8, "Bea", 1_040_000_000)}
START = 1_000_000
CAMERA = Camera("door", "door.mp4")
Script = dict[int, Sequence[tuple[int, Face]]]


def run(
    script: Script,
    frames: int,
    camera: Camera = CAMERA,
    rules: Visits | None = None,
    people: Recogniser | None = None,
    step: int = 100,
) -> list[Event]:
    engine = ScriptedEngine(script)
    scene = Scene(camera, rules or Visits(), engine, people)
    events = [event for frame in engine.frames(frames, step) for event in scene.see(frame)]
    return events + scene.finish()


def standing(person: int, first: int, last: int, x: int = 100, y: int = 100) -> Script:
    return {number: [(person, face_at(x, y))] for number in range(first, last + 1)}


def both(*scripts: Script) -> Script:
    numbers = {number for script in scripts for number in script}
    return {number: [one for script in scripts for one in script.get(number, ())] for number in numbers}


def test_a_stranger_enters_and_leaves_and_nothing_else_is_said() -> None:
    enter, leave = run(standing(ADA, 5, 30), 60)
    assert enter == Event(kind="enter", at=START + 500, camera="door", count=1)
    assert leave == Event(kind="leave", at=START + 3000, camera="door", count=0, duration=2500)


def test_a_face_in_fewer_frames_than_stated_is_nobody() -> None:
    assert run(standing(ADA, 5, 6), 60) == []
    assert kinds(run(standing(ADA, 5, 7), 60)) == ["enter", "leave"]


def test_somebody_known_is_named_from_the_first_event_on() -> None:
    enter, leave = run(standing(ADA, 0, 30), 60, people=Names(PEOPLE))
    assert (enter.kind, enter.who, leave.kind, leave.who) == ("enter", PEOPLE[ADA], "leave", PEOPLE[ADA])


def test_one_look_that_names_somebody_is_not_enough() -> None:
    """The only sharp sighting is a single one: unknown, where two are asked for."""
    script = {n: [(ADA, face_at(100, 100, quality=replace(BLURRED, usable=n == 6)))] for n in range(30)}
    assert [event.who for event in run(script, 60, people=Names(PEOPLE))] == [None, None]
    named = run(script, 60, rules=Visits(agree=1), people=Names(PEOPLE))
    assert named[-1].who == PEOPLE[ADA]


def test_looks_that_name_two_people_alike_name_nobody() -> None:
    class Wavering(Names):
        def who(self, templates: object, camera: str = "") -> list[Who | None]:
            self.searches += 1
            return [PEOPLE[1 + self.searches % 2]]

    events = run(standing(ADA, 0, 40), 60, rules=Visits(looks=4), people=Wavering(PEOPLE))
    assert [event.who for event in events] == [None, None]


def test_somebody_recognised_late_gets_one_more_event() -> None:
    script = {n: [(ADA, face_at(100, 100, quality=replace(BLURRED, usable=n > 25)))] for n in range(50)}
    events = run(script, 60, people=Names(PEOPLE))
    assert kinds(events) == ["enter", "known", "leave"]
    assert [event.who for event in events] == [None, PEOPLE[ADA], PEOPLE[ADA]]


def test_a_visit_is_searched_a_few_times_and_not_every_frame() -> None:
    names = Names({})
    run(standing(ADA, 0, 99), 100, people=names)
    assert 2 <= names.searches <= Visits().looks


def test_a_visit_is_searched_so_often_at_most_although_each_sighting_is_better() -> None:
    names = Names({})
    script = {n: [(ADA, face_at(100, 100, quality=replace(GOOD, sharpness=2 + n * n // 8)))] for n in range(60)}
    run(script, 60, people=names, rules=Visits(pause=0))
    assert names.searches == Visits().looks


def test_a_better_sighting_is_one_that_is_a_quarter_better() -> None:
    def searches(last: int) -> int:
        names = Names({})
        script = {
            n: [(ADA, face_at(100, 100, quality=replace(GOOD, sharpness=100 if n < 20 else last)))] for n in range(25)
        }
        run(script, 30, people=names, rules=Visits(pause=100, looks=4))
        return names.searches

    assert (searches(124), searches(125)) == (3, 4)


def test_nobody_is_searched_where_no_purpose_is_given() -> None:
    engine = ScriptedEngine(standing(ADA, 0, 20))
    scene = Scene(CAMERA, Visits(), engine, None)
    for frame in engine.frames(30):
        scene.see(frame)
    assert engine.chips == []


def test_coming_back_within_the_gap_is_the_same_visit() -> None:
    """Away for 4 s: the track is lost, the person is not."""
    script = both(standing(ADA, 0, 20), standing(ADA, 60, 80, x=500))
    for people in (Names(PEOPLE), Names({})):
        events = run(script, 100, people=people)
        assert kinds(events) == ["enter", "leave"]
        assert events[-1].duration == 8000


def test_coming_back_after_the_gap_is_a_new_visit() -> None:
    script = both(standing(ADA, 0, 20), standing(ADA, 60, 80, x=500))
    events = run(script, 100, rules=Visits(gap=3000), people=Names(PEOPLE))
    assert kinds(events) == ["enter", "leave", "enter", "leave"]


def test_somebody_else_within_the_gap_is_somebody_else() -> None:
    script = both(standing(ADA, 0, 20), standing(BEA, 60, 80, x=500))
    events = run(script, 100, people=Names({}))
    assert kinds(events) == ["enter", "enter", "leave", "leave"]
    assert [event.count for event in events] == [1, 2, 1, 0]


def test_one_person_is_nobody_twice_at_the_same_time() -> None:
    """Two faces with the same template: the second is not given the name that the first one holds."""
    script = both(standing(ADA, 0, 30), standing(ADA, 12, 30, x=500))
    events = run(script, 40, people=Names(PEOPLE))
    assert kinds(events) == ["enter", "enter", "leave", "leave"]
    assert [event.who is not None for event in events[:2]] == [True, False]


LEFT = Zone("left", ((0, 0), (500, 0), (500, 1000), (0, 1000)))
RIGHT = Zone("right", ((500, 0), (1000, 0), (1000, 1000), (500, 1000)), recognise=False)


def test_a_visit_moves_from_zone_to_zone() -> None:
    script = both(standing(ADA, 0, 19, x=100), {n: [(ADA, face_at(100 + 20 * (n - 19), 100))] for n in range(20, 40)})
    events = run(script, 60, camera=replace(CAMERA, zones=(LEFT, RIGHT)), people=Names(PEOPLE))
    assert [(event.kind, event.zone) for event in events] == [
        ("enter", "left"), ("leave", "left"), ("enter", "right"), ("leave", "right"),
    ]  # fmt: skip
    assert events[1].at == events[2].at


def test_a_zone_that_does_not_recognise_names_nobody_and_computes_nothing() -> None:
    engine = ScriptedEngine(standing(ADA, 0, 30, x=500))
    names = Names(PEOPLE)
    scene = Scene(replace(CAMERA, zones=(LEFT, RIGHT)), Visits(), engine, names)
    events = [event for frame in engine.frames(60) for event in scene.see(frame)]
    assert [event.who for event in events] == [None, None]
    assert (engine.chips, names.searches) == ([], 0)


def test_a_name_is_not_carried_into_a_zone_that_does_not_recognise() -> None:
    script = both(standing(ADA, 0, 19), {n: [(ADA, face_at(100 + 20 * (n - 19), 100))] for n in range(20, 40)})
    events = run(script, 60, camera=replace(CAMERA, zones=(LEFT, RIGHT)), people=Names(PEOPLE))
    assert [(event.zone, event.who is not None) for event in events] == [
        ("left", True), ("left", True), ("right", False), ("right", False),
    ]  # fmt: skip


def test_outside_of_zones_and_hours_there_is_nobody() -> None:
    closed = replace(LEFT, hours=(parse("sat 00:00-00:01", time_zone("UTC", ""), ""),))
    for zone in (RIGHT, closed):
        assert run(standing(ADA, 0, 30), 60, camera=replace(CAMERA, zones=(zone,)), people=Names(PEOPLE)) == []


def test_swaying_on_a_border_is_no_move() -> None:
    script = {n: [(ADA, face_at(285 + 10 * (n % 2), 100))] for n in range(40)}
    assert kinds(run(script, 60, camera=replace(CAMERA, zones=(LEFT, RIGHT)))) == ["enter", "leave"]


def test_a_limit_is_told_when_it_is_passed_and_when_it_is_kept_again() -> None:
    script = both(standing(ADA, 0, 40), standing(BEA, 10, 20, x=400))
    events = run(script, 60, camera=replace(CAMERA, zones=(Zone("hall", limit=1),)))
    assert kinds(events) == ["enter", "enter", "limit", "leave", "limit", "leave"]
    assert [event.count for event in events if event.kind == "limit"] == [2, 1]


DOOR = Line("door", (500, 1000), (500, 0))


def test_a_line_counts_each_direction_and_names_nobody() -> None:
    there = {n: [(ADA, face_at(20 * n, 100))] for n in range(30)}
    back = {n: [(ADA, face_at(20 * (60 - n), 100))] for n in range(30, 60)}
    events = run(both(there, back), 90, camera=replace(CAMERA, lines=(DOOR,)), people=Names(PEOPLE))
    found = [(event.direction, event.count, event.who) for event in events if event.kind == "crossed"]
    assert found == [("in", 1, None), ("out", 1, None)]


def test_standing_on_a_line_is_not_crossing_it() -> None:
    script = {n: [(ADA, face_at(288 + 4 * (n % 2), 100))] for n in range(40)}
    assert "crossed" not in kinds(run(script, 60, camera=replace(CAMERA, lines=(DOOR,))))


@pytest.mark.parametrize(
    ("after", "told"),
    [(ADA, ["enter", "size", "leave"]), (BEA, ["enter", "size", "enter", "leave", "leave"])],
)
def test_after_a_change_of_the_frames_size_looks_tell_who_is_still_here(after: int, told: list[str]) -> None:
    """Places of two sizes cannot be compared: the same box may be somebody else."""
    engine = ScriptedEngine(both(standing(ADA, 0, 20), standing(after, 21, 40)))
    scene = Scene(CAMERA, Visits(), engine, Names({}))
    events: list[Event] = []
    for large, small in zip(engine.frames(60), engine.frames(60, size=(320, 180)), strict=True):
        events += scene.see(large if large.at <= START + 2000 else small)
    assert kinds([*events, *scene.finish()]) == told
    assert "640×360 to 320×180" in str(events[1].message)


@pytest.mark.parametrize("agreed", [True, False])
def test_a_picture_is_kept_only_of_known_people_who_agreed_to_it(agreed: bool) -> None:
    kept: list[tuple[Event, Pixels]] = []

    def keep(event: Event, pixels: Pixels) -> str:
        kept.append((event, pixels.copy()))
        return "picture.jpg"

    engine = ScriptedEngine(both(standing(ADA, 0, 30), standing(BEA, 0, 30, x=400)))
    scene = Scene(CAMERA, Visits(), engine, Names({ADA: PEOPLE[ADA]}, pictures=agreed), keep)
    events = [event for frame in engine.frames(60) for event in scene.see(frame)] + scene.finish()
    pictures = [event for event in events if event.picture is not None]
    assert [event.who for event in pictures] == ([PEOPLE[ADA]] if agreed else [])
    assert [event.who for event, _ in kept] == ([PEOPLE[ADA]] if agreed else [])
    assert all(pixels.shape == (60, 60, 3) for _, pixels in kept)


def test_the_same_frames_give_the_same_events_whatever_else_is_watched() -> None:
    script = both(standing(ADA, 0, 30), {n: [(BEA, face_at(20 * n, 200))] for n in range(10, 28)})
    alone = [event.json() for event in run(script, 60, people=Names(PEOPLE))]
    assert alone == [event.json() for event in run(script, 60, people=Names(PEOPLE))]
    assert len(alone) == 4
