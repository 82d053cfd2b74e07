"""Numbers in text: found, read exactly, and measured against nextafter; tolerances as defined."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitfast.check.formats.arrays import ulp_distances
from bitfast.check.formats.numbers import TOKEN, parse, ulp_distance, within
from bitfast.words import Tolerance


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("x=-3.5e-7, y=1.5D+03", [-3.5e-7, 1500.0]),
        ("2024-01-02 12:34:56", [2024, 1, 2, 12, 34, 56]),
        ("1.5-2.5i (1,-2) +4", [1.5, -2.5, 1, -2, 4]),
        ("0x1.8p+1 0x7f -0x1p-1", [3.0, 127, -0.5]),
        ("0.123-300 10-200", [0.123e-300, 10, 200]),
        ("file1.txt sha256 3f9a0c v1 1.2.3 10x20", []),
        ("took 3. .5 7s 5% 1e5", [3.0, 0.5, 7, 5, 1e5]),
        ("inf -Infinity info nano", [math.inf, -math.inf]),
        ("9007199254740993", [9007199254740993]),
        ("1q2 1Q-2", [100.0, 0.01]),
        ("1e999 -1e999 0x1p9999", [math.inf, -math.inf, math.inf]),
    ],
)
def test_numbers_are_found_in_text_and_read(line: str, numbers: list[float]) -> None:
    assert [value for token in TOKEN.findall(line) if (value := parse(token)) is not None] == numbers


def test_nan_keeps_its_sign() -> None:
    signs = [math.copysign(1.0, parse(token) or 0.0) for token in ("nan", "-nan", "NaN", "nan(0x1)")]
    assert signs == [1.0, -1.0, 1.0, 1.0]


@given(st.floats(allow_nan=False), st.integers(0, 50))
def test_ulp_distance_counts_steps_of_nextafter(start: float, steps: int) -> None:
    end = start
    for _ in range(steps):
        end = math.nextafter(end, math.inf)
    if end != math.inf:  # the last steps are lost at the end of the line
        assert ulp_distance(start, end) == steps


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_ulp_distance_is_symmetric_and_adds_up(left: float, right: float) -> None:
    distance = ulp_distance(left, right)
    assert distance == ulp_distance(right, left)
    assert (distance == 0) == (left == right)
    low, middle, high = sorted([left, right, 0.0])
    parts = ulp_distance(low, middle), ulp_distance(middle, high)
    assert sum(part or 0 for part in parts) == ulp_distance(low, high)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_ulp_distances_of_arrays_count_steps_of_nextafter(kind: type[np.floating[Any]]) -> None:
    start = np.array([0.0, -0.0, 1.0, -1.0, 6e-8, -6e-8, 2.0, 1e4], kind)
    end = start.copy()
    for steps in range(1, 30):
        end = np.nextafter(end, kind(np.inf))
        assert list(ulp_distances(start, end)) == [steps] * len(start)
        assert list(ulp_distances(end, start)) == [steps] * len(start)


@given(st.lists(st.floats(), min_size=1), st.lists(st.floats(), min_size=1))
def test_array_ulps_agree_with_scalar_ulps(left: list[float], right: list[float]) -> None:
    pairs = [(a, b) for a, b in zip(left, right, strict=False) if a == a and b == b]
    ours, theirs = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    assert [int(each) for each in ulp_distances(ours, theirs)] == [ulp_distance(a, b) for a, b in pairs]


@given(st.floats() | st.integers(), st.floats() | st.integers(), st.floats(0, 1), st.floats(0, 1e9), st.integers(0, 9))
def test_tolerance_is_symmetric_and_as_defined(
    left: float, right: float, relative: float, absolute: float, ulp: int
) -> None:
    tolerance = Tolerance(ulp, relative, absolute)
    assert within(left, right, tolerance) == within(right, left, tolerance)
    assert within(left, left, tolerance)
    if math.isfinite(left) and math.isfinite(right) and isinstance(left, float) and isinstance(right, float):
        steps = ulp_distance(left, right)
        assert steps is not None
        if steps <= ulp or math.isclose(left, right, rel_tol=relative * 0.99, abs_tol=absolute * 0.99):
            assert within(left, right, tolerance)
        elif not math.isclose(left, right, rel_tol=min(1, relative * 1.01), abs_tol=absolute * 1.01):
            assert not within(left, right, tolerance) or relative > 0.98
    elif left != right and (math.isinf(left) or math.isinf(right)):
        assert not within(left, right, tolerance)
