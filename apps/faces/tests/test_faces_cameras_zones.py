"""Zones, lines and hours: decided exactly, to the pixel and the minute."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitfast_faces.cameras import schedule
from bitfast_faces.cameras.zones import PER_MILLE, Line, Zone, crossed, inside, middle, side, zone_at
from bitfast_faces.errors import FacesError
from bitfast_faces.types import Box, Point

SIZE = (640, 360)
BERLIN = ZoneInfo("Europe/Berlin")
corners = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=8)


def inside_by_fractions(x: Fraction, y: Fraction, polygon: list[tuple[int, int]]) -> bool:
    """The definition word for word: on an edge, or an odd number of edges to the right of it."""
    edges = list(zip(polygon, polygon[1:] + polygon[:1], strict=True))
    for (ax, ay), (bx, by) in edges:
        on = (bx - ax) * (y - ay) == (by - ay) * (x - ax)
        if on and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
    crossings = 0
    for (ax, ay), (bx, by) in edges:
        if min(ay, by) <= y < max(ay, by):
            crossings += ax + (y - ay) * Fraction(bx - ax, by - ay) > x
    return crossings % 2 == 1


@given(corners, st.integers(-64, 13 * 64), st.integers(-64, 13 * 64))
def test_inside_is_the_even_odd_rule_with_its_border(polygon: list[tuple[int, int]], x: int, y: int) -> None:
    expected = inside_by_fractions(Fraction(x, 64), Fraction(y, 64), polygon)
    assert inside(Point(x, y), polygon, (12, 12), (12, 12)) == expected


@given(corners, st.integers(0, 12 * 64), st.integers(0, 12 * 64), st.integers(1, 9))
def test_a_zone_means_the_same_for_every_frame_size(polygon: list[tuple[int, int]], x: int, y: int, times: int) -> None:
    small = inside(Point(x, y), polygon, (12, 12), (12, 12))
    assert inside(Point(x * times, y * times), polygon, (12, 12), (12 * times, 12 * times)) == small


def test_two_halves_of_a_frame_leave_no_place_out() -> None:
    left, right = ((0, 0), (333, 0), (333, 1000), (0, 1000)), ((333, 0), (1000, 0), (1000, 1000), (333, 1000))
    for x in range(0, 640 * 64, 61):
        place = Point(x, 99)
        assert inside(place, left, PER_MILLE, SIZE) or inside(place, right, PER_MILLE, SIZE)


def test_of_overlapping_zones_the_first_that_is_open_counts() -> None:
    never = schedule.parse("sat 00:00-00:01", BERLIN, "")
    zones = (Zone("closed", hours=(never,)), Zone("first"), Zone("second"))
    monday = int(datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp() * 1000)
    found = zone_at(zones, Point(100, 100), SIZE, monday)
    assert found is not None and found.name == "first"


DOWN = Line("door", (0, 500), (1000, 500))  # an arrow to the right: its right-hand side is below it


@pytest.mark.parametrize(
    ("line", "before", "after", "way"),
    [
        (DOWN, Point(320 * 64, 10 * 64), Point(320 * 64, 350 * 64), "in"),
        (DOWN, Point(320 * 64, 350 * 64), Point(320 * 64, 10 * 64), "out"),
        (Line("short", (0, 500), (100, 500)), Point(320 * 64, 10 * 64), Point(320 * 64, 350 * 64), None),
        (Line("up", (500, 1000), (500, 0)), Point(10 * 64, 64), Point(630 * 64, 64), "in"),
        (Line("pixels", (0, 180), (640, 180), SIZE), Point(64, 179 * 64), Point(64, 181 * 64), "in"),
    ],
)
def test_a_line_is_crossed_from_left_to_right_or_back(line: Line, before: Point, after: Point, way: str | None) -> None:
    sides = side(line, before, SIZE), side(line, after, SIZE)
    assert set(sides) == {-1, 1}
    assert crossed(line, before, after, SIZE) == (way is not None)
    if way:
        assert sides == ((-1, 1) if way == "in" else (1, -1))


@pytest.mark.parametrize(("distance", "found"), [(639, 0), (640, 1), (641, 1), (-639, 0), (-640, -1)])
def test_a_place_nearer_than_the_margin_is_on_no_side(distance: int, found: int) -> None:
    assert side(DOWN, Point(5000, 180 * 64 + distance), SIZE, margin=640) == found


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(-100, 41000), st.integers(-100, 24000))
def test_a_line_turned_round_has_its_sides_exchanged(start: int, end: int, x: int, y: int) -> None:
    line, back = Line("a", (start, 0), (end, 1000)), Line("a", (end, 1000), (start, 0))
    assert side(line, Point(x, y), SIZE, 100) == -side(back, Point(x, y), SIZE, 100)


def test_a_box_is_where_its_middle_is() -> None:
    assert middle(Box(-3, 0, 4, 64)) == Point(0, 32)


@pytest.mark.parametrize(
    ("text", "moment", "open_then"),
    [
        ("mon-fri 07:00-19:00", "2026-11-23T07:00", True),
        ("mon-fri 07:00-19:00", "2026-11-23T06:59", False),
        ("mon-fri 07:00-19:00", "2026-11-23T19:00", False),
        ("mon-fri 07:00-19:00", "2026-11-22T12:00", False),
        ("fri 22:00-06:00", "2026-11-27T23:00", True),
        ("fri 22:00-06:00", "2026-11-28T05:59", True),
        ("fri 22:00-06:00", "2026-11-28T06:00", False),
        ("fri 22:00-06:00", "2026-11-27T05:00", False),
        ("sun 22:00-06:00", "2026-11-23T01:00", True),
        ("daily 00:00-24:00", "2026-11-23T23:59", True),
        ("sat,sun 10:00-16:00", "2026-11-22T10:00", True),
        ("fri-mon 10:00-16:00", "2026-11-24T10:00", False),
        ("daily 02:00-03:00", "2026-10-25T02:30", True),  # the hour that comes twice
    ],
)
def test_hours_are_those_of_the_clock_on_the_wall(text: str, moment: str, open_then: bool) -> None:
    hours = schedule.parse(text, BERLIN, "")
    for fold in (0, 1):
        at = datetime.fromisoformat(moment).replace(tzinfo=BERLIN, fold=fold)
        assert hours.includes(int(at.timestamp()) * 1000 + 999) == open_then


@pytest.mark.parametrize(
    "text", ["", "mon", "mon 7:00-9:00", "xyz 07:00-09:00", "mon 07:00-25:00", "mon 07:60-09:00", "mon 08:00-08:00"]
)
def test_hours_that_cannot_be_read_are_named(text: str) -> None:
    with pytest.raises(FacesError, match="hours"):
        schedule.parse(text, BERLIN, "Reading.")


def test_an_unknown_time_zone_is_an_error_for_people() -> None:
    for name in ("Europe/Atlantis", "../etc/passwd", ""):
        with pytest.raises(FacesError, match="time zone"):
            schedule.time_zone(name, "Reading.")
