"""Complex functions: within what docs/complex.md says of mpmath, the special values of C's Annex G, the same bits at
every level, for every stride and in any block of an array."""

from __future__ import annotations

import cmath
import itertools
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import numpy.typing as npt
import pytest

import bitfast as bf

Complex = npt.NDArray[np.complexfloating[Any, Any]]
INF, NAN, PI = float("inf"), float("nan"), float(np.pi)

# The function by mpmath, and the error in ulp of the larger part that docs/complex.md states.
ORACLES: dict[str, tuple[Callable[..., Any], float]] = {
    "exp": (mpmath.exp, 2), "expm1": (lambda z: mpmath.exp(z) - 1, 2.5), "log": (mpmath.log, 2),
    "log2": (lambda z: mpmath.log(z) / mpmath.log(2), 2), "log10": (lambda z: mpmath.log(z) / mpmath.log(10), 2),
    "log1p": (lambda z: mpmath.log(1 + z), 2), "sqrt": (mpmath.sqrt, 2), "sin": (mpmath.sin, 2), "cos": (mpmath.cos, 2),
    "tan": (mpmath.tan, 4), "sinh": (mpmath.sinh, 2), "cosh": (mpmath.cosh, 2), "tanh": (mpmath.tanh, 4),
    "asin": (mpmath.asin, 3), "acos": (mpmath.acos, 3), "atan": (mpmath.atan, 3), "asinh": (mpmath.asinh, 3),
    "acosh": (mpmath.acosh, 3), "atanh": (mpmath.atanh, 3), "square": (lambda z: z * z, 1.5),
    "reciprocal": (lambda z: 1 / z, 2), "sign": (lambda z: z / abs(z), 1.5), "multiply": (lambda z, w: z * w, 1.5),
    "divide": (lambda z, w: z / w, 2),
}  # fmt: skip
UNARY = [name for name in ORACLES if name not in ("multiply", "divide")]


def near_and_far(n: int, seed: int) -> Complex:
    """Around the origin, over many magnitudes, around the unit circle and its special points."""
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1, 1], (2, n))
    spread = (10.0 ** rng.uniform(-12, 12, n) * signs[0]) + 1j * (10.0 ** rng.uniform(-12, 12, n) * signs[1])
    circle = (1 + 10.0 ** rng.uniform(-16, -2, n)) * np.exp(1j * rng.uniform(-3, 3, n))
    points = rng.choice([1, -1, 1j, -1j], n) + 10.0 ** rng.uniform(-16, -2, n) * np.exp(1j * rng.uniform(-3, 3, n))
    return np.concatenate([rng.uniform(-20, 20, n) + 1j * rng.uniform(-20, 20, n), spread, circle, points])


def error(result: complex, exact: Any, dtype: type) -> float:
    """In ulp of the larger part."""
    size = max(abs(exact.real), abs(exact.imag))
    off = max(abs(exact.real - mpmath.mpf(result.real)), abs(exact.imag - mpmath.mpf(result.imag)))
    return float(off / mpmath.mpf(float(np.spacing(dtype(size)))))


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
@pytest.mark.parametrize("name", ORACLES)
def test_a_function_is_as_good_as_documented(name: str, dtype: type) -> None:
    oracle, bound = ORACLES[name]
    real = np.float64 if dtype is np.complex128 else np.float32
    arguments = [near_and_far(40, seed).astype(dtype) for seed in range(1 if name in UNARY else 2)]
    with np.errstate(all="ignore"):
        results = getattr(bf, name)(*arguments)
    assert results.dtype == dtype
    checked = 0
    with mpmath.workprec(300):
        for *given, result in zip(*arguments, results, strict=True):
            if not np.isfinite(result) or max(map(abs, given)) > 1e13:
                continue
            exact = mpmath.mpc(oracle(*(mpmath.mpc(complex(z)) for z in given)))
            assert error(complex(result), exact, real) <= bound, (given, result)
            checked += 1
    assert checked > 80


def test_powers_are_as_good_as_their_logarithm() -> None:
    z, w = near_and_far(40, 1), np.random.default_rng(2).uniform(-9, 9, 160) * (1 + 0.5j)
    with np.errstate(all="ignore"):
        results = bf.pow(z, w)
    with mpmath.workprec(300):
        for a, b, result in zip(z, w, results, strict=True):
            exponent = mpmath.mpc(complex(b)) * mpmath.log(mpmath.mpc(complex(a)))
            if abs(exponent.real) < 600:
                assert error(complex(result), mpmath.exp(exponent), np.float64) <= 2 + 2 * abs(exponent), (a, b)
    assert bf.pow(1j, 2) == -1 and bf.pow(2 + 1j, -1) == bf.reciprocal(2 + 1j) and bf.pow(0j, 0j) == 1
    assert bf.pow(2.5 + 0j, 0.3 + 0j) == bf.pow(2.5, 0.3)


SPECIAL = [0.0, -0.0, 1.0, -2.5, INF, -INF, NAN]


@pytest.mark.parametrize("name", ["exp", "log", "log10", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin",
                                  "acos", "atan", "asinh", "acosh", "atanh"])  # fmt: skip
def test_special_values_are_those_of_annex_g_as_python_has_them(name: str) -> None:
    """cmath's tables are C99's; a sign that Annex G leaves open is not looked at."""
    for x, y in itertools.product(SPECIAL, SPECIAL):
        z = complex(x, y)
        if np.isfinite(z) and x != 0 and y != 0:
            continue
        if name in ("tan", "tanh", "acosh") and 0 in (x, y) and not np.isfinite(z):
            continue  # C11 corrected these
        try:
            expected = getattr(cmath, name)(z)
        except ValueError:  # where C signals invalid or divide-by-zero
            continue
        with np.errstate(all="ignore"):
            result = getattr(bf, name)(z)
        for part, wanted in ((result.real, expected.real), (result.imag, expected.imag)):
            assert np.isnan(part) == np.isnan(wanted), (z, result, expected)
            if not np.isnan(wanted):
                assert np.isclose(abs(part), abs(wanted), rtol=1e-15, atol=0), (z, result, expected)
            if np.isfinite(z):
                assert np.isnan(wanted) or np.signbit(part) == np.signbit(wanted), (z, result, expected)


def test_what_c11_corrected_is_corrected() -> None:
    with np.errstate(invalid="ignore"):
        for y in (INF, NAN):
            tanh, tan = bf.tanh(complex(0, y)), bf.tan(complex(y, -0.0))
            assert tanh.real == 0 and np.isnan(tanh.imag) and tan.imag == 0 and np.signbit(tan.imag)
        acosh = bf.acosh(complex(0, NAN))
    assert np.isnan(acosh.real) and abs(acosh.imag) == PI / 2


def test_quotients_find_their_infinities() -> None:
    with np.errstate(all="ignore"):
        assert bf.divide(1 + 1j, 0j) == complex(INF, INF)
        assert bf.divide(complex(INF, NAN), 1 + 1j).real == INF
        assert bf.divide(1 + 1j, complex(INF, NAN)) == 0
        assert np.isnan(bf.divide(0j, 0j))
    assert bf.divide(1e308 + 1e308j, 1e308 + 1e308j) == 1
    assert bf.divide(5e-324 + 5e-324j, 5e-324 + 5e-324j) == 1
    assert bf.divide(1 + 2j, 3 + 0j) == complex(1 / 3, 2 / 3) and bf.divide(1 + 2j, 3j) == complex(2 / 3, -1 / 3)


def test_signals_name_the_cause() -> None:
    for call, kind in (
        (lambda: bf.log(0j), "divide"), (lambda: bf.atanh(1 + 0j), "divide"), (lambda: bf.exp(1000 + 1j), "overflow"),
        (lambda: bf.divide(1j, 0j), "divide"), (lambda: bf.multiply(1e200 + 0j, 1e200 + 0j), "overflow"),
        (lambda: bf.divide(1e300 + 0j, 1e-300 + 0j), "overflow"),
    ):  # fmt: skip
        with np.errstate(all="raise", under="ignore"), pytest.raises(FloatingPointError, match=kind):
            call()
    with np.errstate(all="raise"):
        bf.exp(1 + 1j)
        bf.divide(1 + 1j, 2 + 1j)


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
def test_bits_depend_on_nothing_but_the_arguments(dtype: type) -> None:
    some = np.array([complex(x, y) for x, y in itertools.product([*SPECIAL, 1e-300, 1e300, 0.3], repeat=2)])
    with np.errstate(all="ignore"):
        z = np.concatenate([near_and_far(200, 3), some]).astype(dtype)
    w = np.roll(z, 17)
    before = bf.level()
    names = [*UNARY, "absolute", "add", "subtract", "multiply", "divide", "pow"]
    try:
        with np.errstate(all="ignore"):
            for name in names:
                function = getattr(bf, name)
                arguments = (z,) if name in (*UNARY, "absolute") else (z, w)
                expected = function(*arguments).tobytes()
                for level in bf.levels():
                    bf.use_level(level)
                    assert function(*arguments).tobytes() == expected, (name, level)
                bf.use_level(before)
                wide = [np.zeros((len(z), 3), dtype) for _ in arguments]
                for place, argument in zip(wide, arguments, strict=True):
                    place[:, 1] = argument
                assert function(*(place[:, 1] for place in wide)).tobytes() == expected, name
                reverse = function(*(argument[::-1] for argument in arguments))[::-1]
                assert reverse.tobytes() == expected, name
                single = [function(*(argument[k] for argument in arguments)) for k in range(0, len(z), 41)]
                assert np.array(single, dtype=reverse.dtype).tobytes() == reverse[::41].tobytes(), name
                parts = np.frombuffer(expected, np.float64 if dtype is np.complex128 else np.float32)
                nan = parts[np.isnan(parts)]
                assert nan.tobytes() == np.full_like(nan, np.nan).tobytes(), name
    finally:
        bf.use_level(before)


def test_in_place_and_mixed_dtypes() -> None:
    z = near_and_far(300, 4)
    expected = bf.multiply(z, z)
    bf.multiply(z, z, out=z)
    assert z.tobytes() == expected.tobytes()
    assert bf.add(np.complex64(1j), 1.5).dtype == np.complex64
    assert bf.add(np.float64(1), np.complex64(1j)).dtype == np.complex128
    assert bf.absolute(np.complex64(3 + 4j)) == 5 and bf.absolute(np.complex64(3 + 4j)).dtype == np.float32
    assert bf.negative(1 + 2j) == -1 - 2j
