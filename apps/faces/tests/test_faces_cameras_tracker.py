"""Tracks: who is who from frame to frame, the same for the same boxes."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bitfast_faces.cameras.tracker import LONGEST_PREDICTION, Track, Tracks, advance, overlap
from bitfast_faces.types import Box

boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(-500, 40000),
    st.integers(-500, 20000),
    st.integers(1, 9000),
    st.integers(1, 9000),
)


def square(x: int, y: int = 0, side: int = 4000) -> Box:
    return Box(x, y, x + side, y + side)


def numbers_of(frames: list[list[Box]], step: int = 100, lost: int = 1000) -> list[list[int]]:
    tracks, told = Tracks(), []
    for index, frame in enumerate(frames):
        tracks, numbers = advance(tracks, frame, index * step, lost)
        told.append(numbers)
    return told


@given(boxes, boxes)
def test_overlap_is_symmetric_exact_and_one_for_the_same_box(a: Box, b: Box) -> None:
    assert overlap(a, b) == overlap(b, a)
    assert 0 <= overlap(a, b) <= 1
    assert overlap(a, a) == 1


def test_overlap_of_a_third() -> None:
    assert overlap(square(0), square(2000)) == Fraction(1, 3)


def test_a_face_that_walks_keeps_its_number() -> None:
    assert numbers_of([[square(x)] for x in range(0, 40000, 1000)]) == [[1]] * 40


def test_a_face_that_moves_by_more_than_its_size_keeps_its_number() -> None:
    assert numbers_of([[square(x)] for x in range(0, 60000, 6000)]) == [[1]] * 10


def test_two_who_pass_each_other_keep_their_numbers() -> None:
    """At constant velocity the prediction tells them apart even where both are nearly at the same place."""
    frames = [[square(x, 0), square(30000 - x, 300)] for x in range(0, 30001, 1500)]
    assert numbers_of(frames) == [[1, 2]] * len(frames)


def test_a_face_unseen_for_longer_than_stated_is_a_new_one() -> None:
    seen, gone = [square(0)], []
    assert numbers_of([seen, *[gone] * 9, seen], lost=1000)[-1] == [1]
    assert numbers_of([seen, *[gone] * 10, seen], lost=1000)[-1] == [2]


def test_a_face_of_another_size_far_away_is_a_new_one() -> None:
    assert numbers_of([[square(0)], [square(8000, side=12000)]]) == [[1], [2]]


def test_of_equal_claims_the_older_track_and_the_earlier_box_win() -> None:
    tracks, _ = advance(Tracks(), [square(0), square(4000)], 0, 1000)
    _, numbers = advance(tracks, [square(2000), square(2000)], 100, 1000)
    assert numbers == [1, 2]


def test_a_prediction_goes_no_further_than_stated() -> None:
    track = Track(1, square(1000), 100, square(0), 0, 2)
    assert track.predicted(200) == square(2000)
    assert track.predicted(100 + LONGEST_PREDICTION) == track.predicted(10**6)


@given(st.lists(st.lists(boxes, max_size=6), max_size=8))
def test_every_box_has_one_number_and_no_two_of_a_frame_share_it(frames: list[list[Box]]) -> None:
    highest = 0
    for frame, numbers in zip(frames, numbers_of(frames), strict=True):
        assert len(numbers) == len(frame)
        assert len(set(numbers)) == len(numbers)
        new = [number for number in numbers if number > highest]
        assert new == list(range(highest + 1, highest + 1 + len(new)))
        highest = max([highest, *numbers])


@given(st.lists(st.lists(boxes, max_size=5), max_size=6))
def test_the_same_boxes_give_the_same_tracks(frames: list[list[Box]]) -> None:
    assert numbers_of(frames) == numbers_of(frames)
