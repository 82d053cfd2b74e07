"""Windows cover every face, groups are exact, and faces are found once each, however many there are."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bitfast_faces.detect import FARTHEST, SMALLEST_SHARE, merged, overlap_exceeds, overlaps, windows
from bitfast_faces.engine import Engine
from bitfast_faces.types import UNITS_PER_PIXEL
from faces_pictures import crowd, noise, portrait


@given(st.integers(20, 5000), st.integers(20, 5000), st.integers(8, 200), st.data())
def test_every_face_is_large_enough_and_whole_in_some_window(
    width: int, height: int, smallest: int, data: st.DataObject
) -> None:
    found = list(windows(width, height, smallest))
    face = data.draw(st.integers(smallest, 2 * smallest))
    # Where windows meet is where a face could be cut.
    seam = data.draw(st.sampled_from(found))
    unit = UNITS_PER_PIXEL
    left = (seam.left + data.draw(st.sampled_from([0, seam.side]))) // unit - data.draw(st.integers(0, face))
    top = (seam.top + data.draw(st.sampled_from([0, seam.side]))) // unit - data.draw(st.integers(0, face))
    if not (0 <= left <= width - face and 0 <= top <= height - face):
        return
    assert any(
        window.left <= left * unit
        and window.top <= top * unit
        and (left + face) * unit <= window.left + window.side
        and (top + face) * unit <= window.top + window.side
        and face * unit * SMALLEST_SHARE >= window.side - SMALLEST_SHARE * unit
        for window in found
    )


def test_overlap_is_exact_at_its_limit() -> None:
    # 3 of 10 units shared: exactly 3/10, which is not more than 3/10.
    a, b = np.array([0, 0, 10, 1]), np.array([7, 0, 10, 1])
    assert not overlap_exceeds(a, b, 3, 10)
    assert overlap_exceeds(a, b, 299, 1000)
    assert not overlap_exceeds(a, np.array([10, 0, 20, 1]), 0, 1)


ends = st.integers(-2 * FARTHEST, 2 * FARTHEST) | st.integers(-9, 9)
box_lists = st.lists(st.tuples(ends, ends, st.integers(0, 2 * FARTHEST) | st.integers(0, 9)), min_size=1, max_size=9)


@given(box_lists)
def test_overlaps_of_many_boxes_are_those_of_pairs(drawn: list[tuple[int, int, int]]) -> None:
    places = np.array([(x, y, x + size, y + size) for x, y, size in drawn], np.int64)
    many = overlaps(places, places[0], 3, 10).tolist()
    assert many == [overlap_exceeds(place, places[0], 3, 10) for place in places]


def test_overlapping_answers_become_their_weighted_mean() -> None:
    # Logits 0 and ln 3 (1125/1024): probabilities 1/2 and 3/4, weights 512 and 768.
    places = np.zeros((3, 16), np.int64)
    places[:, 2:4] = 1000
    places[1, 4] = 500
    places[2] += 5000
    (best, place), (other, far) = merged(np.array([0, 1125, -2000]), places)
    assert (best, other) == (1125, -2000)
    assert place[4] == 500 * 768 // (768 + 512)
    assert far.tolist() == places[2].tolist()


def test_the_face_in_a_portrait_is_found_where_it_is(engine: Engine) -> None:
    (face,) = engine.detect(portrait())
    left, top, right, bottom = face.box.pixels
    assert 165 < left < 190 and 60 < top < 90 and 255 < right < 290 and 150 < bottom < 180
    right_eye, left_eye, nose, mouth, _, _ = ((p.x / UNITS_PER_PIXEL, p.y / UNITS_PER_PIXEL) for p in face.keypoints)
    # By eye, from the picture; within 6 pixels.
    for found, seen in ((right_eye, (203, 107)), (left_eye, (245, 107)), (nose, (223, 128)), (mouth, (225, 145))):
        assert abs(found[0] - seen[0]) < 6 and abs(found[1] - seen[1]) < 6
    assert face.quality.usable


def test_a_hundred_faces_are_a_hundred_faces(engine: Engine) -> None:
    faces = engine.detect(crowd(10, 10, 128))
    assert len(faces) == 100
    cells = {(face.box.pixels[0] // 128, face.box.pixels[1] // 128) for face in faces}
    assert len(cells) == 100


def test_noise_and_an_even_wall_have_no_face(engine: Engine) -> None:
    assert engine.detect(noise(480, 640)) == ()
    assert engine.detect(np.full((300, 200, 3), 128, np.uint8)) == ()


@settings(deadline=None, max_examples=10)
@given(st.integers(1, 40), st.integers(1, 40))
def test_the_smallest_pictures_are_looked_at_too(engine: Engine, height: int, width: int) -> None:
    assert engine.detect(noise(height, width)) == ()


def test_threads_change_no_face(engine: Engine) -> None:
    assert Engine.open(threads=2).detect(portrait()) == engine.detect(portrait())
