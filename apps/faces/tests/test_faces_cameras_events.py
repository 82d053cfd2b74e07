"""Events say no more of strangers than they may, and the bus loses none without counting it."""

from __future__ import annotations

import json
import threading

import pytest

from bitfast_faces.cameras.events import OF_CAMERAS, OF_PEOPLE, Event, EventBus, Who

ADA = Who(7, "Ada", 1_050_000_000)
ALLOWED = {"event", "time", "camera", "zone", "count", "duration_ms", "known"}


def entering(number: int = 0, who: Who | None = None) -> Event:
    return Event(kind="enter", at=number, camera="door", zone="mat", count=1, duration=5, who=who)


def test_an_event_of_a_stranger_has_only_time_camera_zone_count_and_duration() -> None:
    assert set(entering().record()) == ALLOWED


@pytest.mark.parametrize("more", [{"picture": "a.jpg"}, {"message": "tall"}, {"figures": {"score": 1}}])
@pytest.mark.parametrize("kind", ["enter", "leave"])
def test_more_cannot_be_said_of_a_stranger(kind: str, more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="stranger"):
        Event(kind=kind, at=0, camera="door", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["known", "best"])
def test_what_is_about_somebody_known_names_somebody(kind: str) -> None:
    with pytest.raises(ValueError, match="somebody known"):
        Event(kind=kind, at=0, camera="door")


@pytest.mark.parametrize("kind", OF_CAMERAS)
def test_an_event_of_a_camera_or_a_line_names_nobody(kind: str) -> None:
    with pytest.raises(ValueError, match="about nobody"):
        Event(kind=kind, at=0, camera="door", who=ADA)


def test_there_are_no_other_kinds() -> None:
    assert not set(OF_PEOPLE) & set(OF_CAMERAS)
    with pytest.raises(ValueError, match="watchlist"):
        Event(kind="watchlist", at=0, camera="door")


def test_an_event_is_one_line_of_json_with_its_time_in_utc() -> None:
    event = Event(kind="leave", at=1_700_000_000_007, camera="door", zone="Tür", count=0, duration=2500, who=ADA)
    assert "\n" not in event.json()
    assert json.loads(event.json()) == {
        "event": "leave", "time": "2023-11-14T22:13:20.007Z", "camera": "door", "zone": "Tür", "count": 0,
        "duration_ms": 2500, "known": True, "person": 7, "name": "Ada", "score": 1_050_000_000,
    }  # fmt: skip


def test_every_listener_hears_every_event_in_order() -> None:
    bus = EventBus()
    first, second = bus.subscribe(), bus.subscribe()
    for number in range(5):
        bus.publish(entering(number))
    for listener in (first, second):
        assert [listener.get(0) for _ in range(6)] == [*(entering(n) for n in range(5)), None]


def test_a_full_queue_loses_the_oldest_and_counts_it() -> None:
    bus = EventBus()
    listener = bus.subscribe(most=2)
    for number in range(5):
        bus.publish(entering(number))
    assert (listener.missed, listener.get(0), listener.get(0)) == (3, entering(3), entering(4))


def test_closing_the_bus_wakes_who_waits_and_leaves_what_is_queued() -> None:
    bus = EventBus()
    waiting, full = bus.subscribe(), bus.subscribe()
    got: list[Event | None] = []
    thread = threading.Thread(target=lambda: got.append(waiting.get(30)))
    thread.start()
    full.put(entering())
    bus.close()
    thread.join(5)
    assert got == [None]
    assert not full.closed
    assert (full.get(0), full.closed, bus.subscribe().closed) == (entering(), True, True)


def test_the_page_gets_records() -> None:
    bus = EventBus()
    records = bus.records()
    bus.publish(entering(who=ADA))
    record = records.get(1)
    assert record is not None and record["name"] == "Ada"
    assert records.get(0) is None
    records.close()
    bus.publish(entering())
    assert records.get(0) is None
