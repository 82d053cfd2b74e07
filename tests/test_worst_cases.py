"""The hardest cases (tests/worst_cases) against MPFR, at every level; and the search that found them is honest."""

from __future__ import annotations

import math
import struct
import subprocess
from pathlib import Path
from typing import Any

import gmpy2
import numpy as np
import pytest

from bitfast import _native
from derive.hard_cases import WORST_CASES, cases
from tests.hard_cases.__main__ import build, found, measured, published
from tests.hard_cases.ranges import FLOAT64, Range
from tests.test_selftest import ORACLES, Format

DTYPES = {64: np.float64, 32: np.float32}
FUNCTIONS = list(FLOAT64)
EVERYTHING = str(1 << 40)


def listed(function: str, bits: int) -> list[tuple[float, ...]]:
    text = (WORST_CASES / f"{function}.txt").read_text()
    return [tuple(numbers) for width, numbers in cases(text) if width == bits]


def wanted(function: str, bits: int) -> list[float]:
    oracle = ORACLES[function][1]
    with gmpy2.context(Format(bits).context) as context:
        return [float(oracle(context, *map(gmpy2.mpfr, given))) for given in listed(function, bits)]


@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_hardest_cases_are_rounded_right_at_every_level(function: str, bits: int) -> None:
    columns = np.array(listed(function, bits), dtype=DTYPES[bits]).T
    if not columns.size:
        pytest.skip("none of this width is known")
    want = np.array(wanted(function, bits), dtype=DTYPES[bits])
    ufunc: Any = _native.ufunc(function, "")
    before = _native.level()
    try:
        for level in _native.levels():
            _native.use_level(level)
            with np.errstate(all="raise", under="ignore"):  # the results are normal numbers: nothing else is signalled
                arrays = ufunc(*columns)
                scalars = np.array([ufunc(*given) for given in columns.T], dtype=DTYPES[bits])
            for got in (arrays, scalars):
                wrong = [
                    f"{[x.hex() for x in map(float, given)]}: got {float(g).hex()}, want {float(w).hex()}"
                    for given, g, w in zip(columns.T, got, want, strict=True)
                    if g.tobytes() != w.tobytes()
                ]
                assert not wrong, (level, wrong[:5])
    finally:
        _native.use_level(before)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_cases_are_as_hard_as_their_file_says(function: str) -> None:
    for line in (WORST_CASES / f"{function}.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        width, *numbers, _, kind, distance = line.partition(", ")[0].split()
        case = measured(function, tuple(map(float.fromhex, numbers)), int(width.removeprefix("float")), "")
        assert case is not None, line
        assert case.said == f"{kind} {distance}", line


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_hard_cases_of_both_kinds(function: str) -> None:
    text = (WORST_CASES / f"{function}.txt").read_text()
    for kind in ("tie", "double"):
        lines = [line for line in text.splitlines() if line.startswith("float64") and f"# {kind} " in line]
        assert len(lines) >= 20, kind


def bits_of(x: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", x))[0])


def double(pattern: int) -> float:
    return float(struct.unpack("<d", struct.pack("<q", pattern))[0])


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[float, Path]:
    """The search, built so that a distance below 2^KEY counts as near at first."""
    built = {}
    for near in (-12.0, -28.0):
        folder = tmp_path_factory.mktemp("search")
        try:
            built[near] = build("search", folder, f"-DNEAR_AT_FIRST=0x1p{near:.0f}")
        except (subprocess.CalledProcessError, FileNotFoundError):
            pytest.skip("needs gcc and MPFR's headers")
    return built


@pytest.mark.parametrize(
    ("function", "low", "fixed"),
    [
        ("exp", 1.3, None),
        ("log", math.e - 1e-11, None),  # log(x) changes its binade there
        ("pow", 3.3, ("first", "10")),
    ],
)
def test_the_search_finds_what_trying_every_argument_finds(
    function: str, low: float, fixed: tuple[str, str] | None, programs: dict[float, Path]
) -> None:
    count, near = 1 << 14, -12.0
    where = Range(low.hex(), double(bits_of(low) + count).hex(), fixed)
    arguments, covered = found(programs[near], function, where, 1000, EVERYTHING, "1")
    assert covered == count
    tried = [
        (x,) if fixed is None else (float(fixed[1]), x) for x in map(double, range(bits_of(low), bits_of(low) + count))
    ]
    measures = [case for given in tried if (case := measured(function, given, 64, "")) is not None]
    hard = {case.arguments for case in measures if case.distance < near - 1}
    assert hard
    assert hard <= set(arguments)


@pytest.mark.parametrize("function", ["exp2", "log", "sin", "tanh", "erf", "cbrt", "atan"])
def test_the_search_finds_published_cases_among_two_thousand_million(
    function: str, programs: dict[float, Path]
) -> None:
    tried = 0
    for given in published(function, 64):
        x = abs(given[0])
        case = measured(function, (x,), 64, "")
        low = bits_of(x) - 493828390
        if case is None or case.distance > -45 or not 2**-20 < x < 2**20 or low >> 52 != (low + 2**31) >> 52:
            continue
        where = Range(double(low).hex(), double(low + 2**31).hex())
        assert (x,) in found(programs[-28.0], function, where, 2, EVERYTHING, "1")[0]
        tried += 1
        if tried == 3:
            break
    assert tried
