"""libfaces computes what its definitions say: a slow oracle in Python's integers beside it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bitfast_faces import native
from bitfast_faces.types import Box

Weights = dict[int, int]
Sample = tuple[int, int, int]


def picture(height: int, width: int, seed: int) -> NDArray[np.uint8]:
    """Noise, and in one of four pictures nothing but 0 and 255: the extremes of every sum."""
    noise = np.random.Generator(np.random.Philox(seed)).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return np.where(noise > 127, np.uint8(255), np.uint8(0)) if seed % 4 == 0 else noise


# --- the definitions of native/resize.c and native/warp.c, word for word


def axis_weights(start: int, extent: int, out_size: int, x: int) -> Weights:
    if extent >= 64 * out_size:
        pixel, begin = 64 * out_size, out_size * start + x * extent

        def before(end: int) -> int:
            return (2**15 * (min(max(end, begin), begin + extent) - begin) + extent) // (2 * extent)

        reached = range(begin // pixel, -(-(begin + extent) // pixel))
        return {i: before(pixel * (i + 1)) - before(pixel * i) for i in reached}
    pixel = 128 * out_size
    centre = 2 * out_size * start + (2 * x + 1) * extent - 64 * out_size
    i = centre // pixel
    fraction = (2**14 * (centre - pixel * i) + 64 * out_size) // pixel
    return {i: 2**14 - fraction, i + 1: fraction}


def resized(pixels: NDArray[np.uint8], box: Box, height: int, width: int, border: Sample) -> NDArray[np.uint8]:
    rows, columns, _ = pixels.shape

    def source(y: int, x: int, c: int) -> int:
        return int(pixels[y, x, c]) if 0 <= y < rows and 0 <= x < columns else border[c]

    out = np.empty((height, width, 3), np.uint8)
    for y, x, c in np.ndindex(out.shape):
        down = axis_weights(box.top, box.height, height, y)
        total = 0
        for i, weight in axis_weights(box.left, box.width, width, x).items():
            total += weight * ((sum(w * source(j, i, c) for j, w in down.items()) + 2**5) // 2**6)
        out[y, x, c] = (total + 2**21) // 2**22
    return out


def warped(pixels: NDArray[np.uint8], matrix: list[list[int]], side: int, border: Sample) -> NDArray[np.uint8]:
    rows, columns, _ = pixels.shape
    (a, b, _), (d, e, _) = matrix
    k = max([1, *(n for n in range(1, 3000) if n * n <= abs(a * e - b * d) // 2**32)])

    def source(y: int, x: int, c: int) -> int:
        return int(pixels[y, x, c]) if 0 <= y < rows and 0 <= x < columns else border[c]

    def mean(by: int, bx: int, c: int) -> int:
        touched = 0 <= by * k < rows and 0 <= bx * k < columns
        if not touched:
            return border[c]
        total = sum(source(by * k + j, bx * k + i, c) for j, i in product(range(k), repeat=2))
        return (total + k * k // 2) // (k * k)

    out = np.empty((side, side, 3), np.uint8)
    for y, x in np.ndindex(side, side):
        p, q = ((u * (2 * x + 1) + v * (2 * y + 1) + 2 * w - 65536 * k + 32 * k) // (64 * k) for u, v, w in matrix)
        column, row, right, low = p // 2048, q // 2048, p % 2048, q % 2048
        for c in range(3):
            total = sum(
                (right if i else 2048 - right) * (low if j else 2048 - low) * mean(row + j, column + i, c)
                for j, i in product(range(2), repeat=2)
            )
            out[y, x, c] = (total + 2**21) // 2**22
    return out


colours = st.tuples(*[st.integers(0, 255)] * 3)
sides = st.integers(1, 14)
seeds = st.integers(0, 2**32)


@st.composite
def boxes(draw: st.DrawFn, reach: int = 2000) -> Box:
    left, top = draw(st.integers(-reach, reach)), draw(st.integers(-reach, reach))
    return Box(left, top, left + draw(st.integers(1, reach)), top + draw(st.integers(1, reach)))


@settings(max_examples=150, deadline=None)
@given(sides, sides, seeds, boxes(), st.integers(1, 9), st.integers(1, 9), colours)
@example(1, 1, 0, Box(0, 0, 64, 64), 1, 1, (0, 0, 0))
@example(1, 1, 0, Box(-1, -1, 1, 1), 9, 9, (255, 255, 255))
@example(3, 5, 4, Box(-(2**30), -(2**30), 2**30, 2**30), 2, 3, (1, 2, 3))
def test_resize_is_its_definition(
    rows: int, columns: int, seed: int, box: Box, height: int, width: int, border: Sample
) -> None:
    pixels = picture(rows, columns, seed)
    expected = resized(pixels, box, height, width, border) if max(box.width, box.height) < 2**20 else None
    got = native.resize(pixels, box, height, width, border)
    if expected is None:  # a dot in a plane: as many pixels as that are beyond the oracle
        expected = np.full((height, width, 3), border, np.uint8)
    np.testing.assert_array_equal(got, expected)


def test_resize_is_its_definition_beyond_one_chunk_of_a_row() -> None:
    pixels = picture(3, 1100, 1)
    box = Box(-65, -7, 1100 * 64 + 129, 3 * 64)
    np.testing.assert_array_equal(native.resize(pixels, box, 2, 3), resized(pixels, box, 2, 3, (0, 0, 0)))


@given(st.integers(1, 40), st.integers(1, 40), colours, boxes(), st.integers(1, 40))
def test_a_picture_of_one_colour_keeps_it(rows: int, columns: int, colour: Sample, box: Box, side: int) -> None:
    pixels = np.full((rows, columns, 3), colour, np.uint8)
    assert (native.resize(pixels, box, side, side, colour) == colour).all()


@given(sides, sides, seeds)
def test_a_resize_to_its_own_size_changes_nothing(rows: int, columns: int, seed: int) -> None:
    pixels = picture(rows, columns, seed)
    np.testing.assert_array_equal(native.resize(pixels, Box(0, 0, 64 * columns, 64 * rows), rows, columns), pixels)


steps = st.integers(-(5 << 16), 5 << 16) | st.sampled_from([0, 1, 1 << 16, 2 << 16, -(2 << 16), 3 << 16])
offsets = st.integers(-(20 << 16), 20 << 16)


@settings(max_examples=150, deadline=None)
@given(sides, sides, seeds, st.tuples(steps, steps, offsets), st.tuples(steps, steps, offsets), sides, colours)
@example(1, 1, 0, (1 << 16, 0, 0), (0, 1 << 16, 0), 1, (0, 0, 0))
@example(9, 7, 1, (2 << 16, 0, 0), (0, 2 << 16, 0), 5, (9, 9, 9))
@example(9, 7, 1, (0, -(3 << 16), 9 << 16), (3 << 16, 0, -(3 << 16)), 4, (200, 0, 9))
@example(13, 13, 4, (4 << 16, 0, -(200 << 16)), (0, 4 << 16, 0), 4, (1, 2, 3))
def test_warp_is_its_definition(
    rows: int, columns: int, seed: int, across: Sample, down: Sample, side: int, border: Sample
) -> None:
    pixels = picture(rows, columns, seed)
    got = native.warp(pixels, np.array([across, down], np.int64), side, border)
    np.testing.assert_array_equal(got, warped(pixels, [list(across), list(down)], side, border))


@given(sides, seeds)
def test_the_identity_warps_to_the_picture(side: int, seed: int) -> None:
    pixels = picture(side, side, seed)
    identity = np.array([[1 << 16, 0, 0], [0, 1 << 16, 0]], np.int64)
    np.testing.assert_array_equal(native.warp(pixels, identity, side), pixels)


def test_the_greatest_matrix_does_not_overflow() -> None:
    step, k = 1 << 27, 2896  # k² ≤ |a·e − b·d| / 2^32 = 2^23 < (k + 1)²
    # The mean of the one block is exactly ½ and rounds to 1. All that is bright is far right: a smaller k reads less of
    # it, a greater one divides by more.
    pixels = np.zeros((k, k, 3), np.uint8)
    bright, rest = divmod(k * k // 2, 255)
    columns = pixels.transpose(1, 0, 2)[::-1]  # a view, from the right
    places = np.unravel_index(np.arange(bright + 1), (k, k))
    columns[places] = 255
    columns[places[0][-1], places[1][-1]] = rest
    centre = k << 15  # of the block, in 1/65536 pixel
    matrix = np.array([[step, step, centre - step], [-step, step, centre]], np.int64)
    assert (native.warp(pixels, matrix, 1) == 1).all()
    columns[places[0][-1], places[1][-1]] -= 1
    assert (native.warp(pixels, matrix, 1) == 0).all()
    far = np.array([[step, step, -(1 << 46)], [-step, step, 1 << 46]], np.int64)
    assert (native.warp(pixels, far, 8, (7, 8, 9)) == (7, 8, 9)).all()


@given(sides, sides, seeds)
def test_gray_and_sharpness_are_their_definitions(rows: int, columns: int, seed: int) -> None:
    pixels = picture(rows, columns, seed)
    wide = pixels.astype(np.int64)
    brightness = (77 * wide[..., 0] + 150 * wide[..., 1] + 29 * wide[..., 2] + 128) // 256
    got = native.gray(pixels)
    np.testing.assert_array_equal(got, brightness)
    b = brightness
    second = 4 * b[1:-1, 1:-1] - b[:-2, 1:-1] - b[2:, 1:-1] - b[1:-1, :-2] - b[1:-1, 2:]
    assert native.sharpness(got) == (int((second**2).sum()) // second.size if second.size else 0)


# --- search


def templates(count: int, seed: int, levels: int = 32767) -> NDArray[np.int16]:
    """Unit vectors times `levels`: with few levels most similarities are ties."""
    vectors = np.random.Generator(np.random.Philox(seed)).standard_normal((count, 128))
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.rint(units * levels), np.int16)


def ranked(database: NDArray[np.int16], query: NDArray[np.int16], k: int) -> list[tuple[int, int]]:
    exact = database.astype(np.int64) @ query.astype(np.int64)
    order = sorted(range(len(exact)), key=lambda i: (-int(exact[i]), i))
    return [(int(exact[i]), i) for i in order[:k]]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 700), st.integers(1, 4), st.integers(0, 800), st.sampled_from([4, 12, 32767]), seeds)
@example(0, 1, 5, 4, 0)
@example(3, 2, 0, 4, 0)
@example(129, 1, 200, 4, 0)
def test_the_nearest_are_the_greatest_exact_products_and_of_equal_ones_the_first(
    count: int, queries: int, k: int, levels: int, seed: int
) -> None:
    database, asked = templates(count, seed, levels), templates(queries, seed + 1, levels)
    found, indices = native.nearest(database, asked, k)
    assert found.dtype == np.int32 and indices.dtype == np.int64
    assert found.shape == indices.shape == (queries, min(k, count))
    for row in range(queries):
        got = list(zip(found[row].tolist(), indices[row].tolist(), strict=True))
        assert got == ranked(database, asked[row], k)
    single = native.nearest(database, asked[0], k)
    np.testing.assert_array_equal(single[0], found[0])
    np.testing.assert_array_equal(single[1], indices[0])


@given(st.integers(0, 300), st.integers(0, 5), seeds)
def test_scores_are_exact_products(count: int, queries: int, seed: int) -> None:
    database, asked = templates(count, seed), templates(queries, seed + 1)
    exact = asked.astype(np.int64) @ database.astype(np.int64).T
    np.testing.assert_array_equal(native.scores(database, asked), exact)


def test_the_extremes_of_a_template_are_exact() -> None:
    extreme = np.zeros((4, 128), np.int16)
    extreme[0, 0], extreme[1, 0], extreme[2, :2], extreme[3, -1] = 32767, -32767, 32767, 32767
    native.check_templates(extreme)
    exact = extreme.astype(np.int64) @ extreme.astype(np.int64).T
    assert abs(exact).max() == 2 * 32767**2
    np.testing.assert_array_equal(native.scores(extreme, extreme), exact)


@pytest.mark.parametrize(
    ("row", "valid"),
    [
        ([32767, 32767], True),
        ([32767, 32767, 362], True),  # 2·32767² + 362² = 2^31 − 26
        ([32767, 32767, 363], False),
        ([-32768], False),
        ([4096] * 127 + [4095], True),
        ([4096] * 128, False),  # 2^31 to the unit
        ([], True),
    ],
)
def test_what_could_overflow_is_no_template(row: list[int], valid: bool) -> None:
    several = templates(5, 0)
    several[3] = 0
    several[3, : len(row)] = row
    if valid:
        native.check_templates(several)
        native.nearest(several, several[3], 1)
    else:
        with pytest.raises(ValueError, match="template 3 is none"):
            native.check_templates(several)
        with pytest.raises(ValueError, match="template 0 is none"):
            native.nearest(several, several[3], 1)


# --- what changes nothing


def test_threads_and_places_in_memory_change_nothing() -> None:
    database, pixels = templates(3000, 5), picture(90, 70, 5)
    box, matrix = Box(-100, 50, 4000, 5000), np.array([[70000, 9000, -5], [-9000, 70000, 99]], np.int64)

    def answers(shift: int) -> list[Any]:
        moved = np.empty(database.size + shift, np.int16)[shift:].reshape(database.shape)
        moved[:] = database
        shifted = np.empty(pixels.size + shift, np.uint8)[shift:].reshape(pixels.shape)
        shifted[:] = pixels
        return [
            *(part.tobytes() for part in native.nearest(moved, moved[:7].copy(), 9)),
            native.resize(shifted, box, 31, 33).tobytes(),
            native.warp(shifted, matrix, 40).tobytes(),
            native.sharpness(native.gray(shifted)),
        ]

    expected = answers(0)
    for threads in range(1, 5):
        with ThreadPoolExecutor(threads) as pool:
            assert all(got == expected for got in pool.map(answers, range(1, 17)))


def test_the_order_of_templates_changes_only_indices() -> None:
    database = templates(500, 8)
    order = np.random.Generator(np.random.Philox(9)).permutation(500)
    scores, indices = native.nearest(database, database[3], 500)
    shuffled_scores, shuffled = native.nearest(np.ascontiguousarray(database[order]), database[3], 500)
    np.testing.assert_array_equal(shuffled_scores, scores)
    assert all(a > b for a, b in pairwise(scores.tolist()))  # no ties here
    np.testing.assert_array_equal(order[shuffled], indices)


# --- what is refused

PIXELS, SQUARE = np.zeros((4, 4, 3), np.uint8), Box(0, 0, 64, 64)
IDENTITY = np.array([[1 << 16, 0, 0], [0, 1 << 16, 0]], np.int64)
ONE = templates(2, 0)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (native.resize, (PIXELS.astype(np.int16), SQUARE, 1, 1), "array of uint8"),
        (native.resize, (PIXELS[..., 0], SQUARE, 1, 1), "3 dimensions"),
        (native.resize, (PIXELS[:, :, :2].copy(), SQUARE, 1, 1), r"\(h, w, 3\)"),
        (native.resize, (np.zeros((0, 4, 3), np.uint8), SQUARE, 1, 1), r"\(h, w, 3\)"),
        (native.resize, (PIXELS[:, ::2], SQUARE, 1, 1), "C-contiguous"),
        (native.resize, (PIXELS.tolist(), SQUARE, 1, 1), "not list"),
        (native.resize, (PIXELS, Box(5, 0, 5, 9), 1, 1), "left < right"),
        (native.resize, (PIXELS, Box(0, 0, 1, 2**31), 1, 1), "coordinates"),
        (native.resize, (PIXELS, SQUARE, 0, 1), "1 to 8192"),
        (native.resize, (PIXELS, SQUARE, 1, 8193), "1 to 8192"),
        (native.resize, (PIXELS, SQUARE, 1, 1, (0, 0, 256)), "a colour"),
        (native.resize, (PIXELS, SQUARE, 1, 1, (0, 0)), "a colour"),
        (native.warp, (PIXELS, IDENTITY.astype(float), 1), r"\(2, 3\) int64"),
        (native.warp, (PIXELS, IDENTITY[:, :2], 1), r"\(2, 3\) int64"),
        (native.warp, (PIXELS, IDENTITY << 12, 1), "steps within"),
        (native.warp, (PIXELS, IDENTITY + (1 << 47), 1), "steps within"),
        (native.warp, (PIXELS, np.full((2, 3), -(2**63)), 1), "steps within"),
        (native.warp, (PIXELS, IDENTITY, 0), "1 to 8192"),
        (native.sharpness, (PIXELS,), "2 dimensions"),
        (native.scores, (ONE.astype(np.int32), ONE), "array of int16"),
        (native.scores, (ONE.T.copy(), ONE), "128 numbers each, not 2"),
        (native.nearest, (ONE, ONE[0], -1), "at least 0"),
        (native.nearest, (ONE[::-1], ONE[0], 1), "C-contiguous"),
        (native.nearest, (ONE, ONE[0, :64], 1), "128 numbers each, not 64"),
    ],
)
def test_an_argument_that_does_not_fit_is_refused(function: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_numbers_at_odd_addresses_are_refused() -> None:
    odd = np.zeros(2 * 128 + 1, np.uint8)[1:].view(np.int16).reshape(1, 128)
    with pytest.raises(ValueError, match="aligned"):
        native.scores(odd, odd)
