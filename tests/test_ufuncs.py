"""The ufuncs behave as NumPy's own do, and float16 is correctly rounded too."""

from __future__ import annotations

import builtins
import ctypes
import doctest
import os
import re
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import gmpy2
import numpy as np
import pytest

import bitfast as bf
from bitfast import _native, ufuncs
from tests.test_selftest import ORACLES, Format

# Ours, and NumPy's name for the function.
SAME = {
    "exp": "exp", "exp2": "exp2", "expm1": "expm1", "log": "log", "log2": "log2", "log10": "log10", "log1p": "log1p",
    "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "asin": "arcsin",
    "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh", "add": "add", "subtract": "subtract",
    "multiply": "multiply", "divide": "divide", "square": "square", "absolute": "absolute", "negative": "negative",
    "sign": "sign", "reciprocal": "reciprocal", "remainder": "remainder",
    "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "cbrt": "cbrt", "hypot": "hypot", "sqrt": "sqrt",
    "floor": "floor", "ceil": "ceil", "trunc": "trunc", "rint": "rint", "copysign": "copysign",
    "nextafter": "nextafter", "fmin": "fmin", "fmax": "fmax", "minimum": "minimum", "maximum": "maximum",
    "frexp": "frexp", "ldexp": "ldexp", "modf": "modf", "fmod": "fmod", "pow": "power",
}  # fmt: skip


def outcome(function: Any, *arguments: Any, **options: Any) -> tuple[list[str], Any]:
    """The kinds of the warnings that a call gives, and its result's dtype or its exception's type."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function(*arguments, **options)
        except Exception as error:
            return [], type(error)
    kinds = sorted(re.sub(r" encountered.*", "", str(warning.message)) for warning in caught)
    return kinds, [np.asarray(part).dtype for part in (result if isinstance(result, tuple) else (result,))]


@pytest.mark.parametrize("name", ufuncs.__all__)
def test_the_examples_run(name: str) -> None:
    example = doctest.DocTestParser().get_doctest(getattr(bf, name).__doc__ or "", {}, name, None, 0)
    assert doctest.DocTestRunner().run(example).failed == 0


def test_every_function_has_a_ufunc_a_stub_and_a_documentation() -> None:
    stub = Path(ufuncs.__file__).with_name("__init__.pyi").read_text()
    for name in ufuncs.__all__:
        assert name in dir(bf)
        assert re.search(rf"^{name}: |as {name}$", stub, re.MULTILINE), name
    assert set(ufuncs._NAMES) <= set(ufuncs._FUNCTIONS)


def test_the_commands_load_no_ufuncs() -> None:
    code = "import sys; from bitfast import cache; assert 'bitfast.ufuncs' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 1000.0, -1000.0, np.inf, -np.inf, np.nan]
SMALL = [1e-7, -2e-40, 1e-310, -5e-324]  # the second and third are subnormal in float32 and float64, or 0


@pytest.mark.parametrize("dtype", ["f4", "f8", "f2"])
@pytest.mark.parametrize("name", [name for name in SAME if getattr(ufuncs, name).nin == 1])
@pytest.mark.parametrize("x", [*EDGES, *SMALL])
def test_warnings_are_numpys(name: str, dtype: str, x: float) -> None:
    argument = np.array([x], dtype)
    with np.errstate(all="warn", under="warn" if x in EDGES else "ignore"):
        assert outcome(getattr(bf, name), argument) == outcome(getattr(np, SAME[name]), argument)


# Exact results, then inexact ones: no underflow is signalled for a subnormal result that is exact, whatever was before.
EXACT = [("exp2", [-1074.0]), ("exp2", [-1030.0]), ("pow", [5e-324, 1.0]), ("pow", [2.0, -1060.0]), ("sqrt", [5e-324]),
         ("ldexp", [1.0, -1074]), ("hypot", [1e-310, 0.0]), ("fmod", [1e-310, 1.0]), ("cbrt", [0.0])]  # fmt: skip
INEXACT = [("exp", [-745.0]), ("exp", [-1000.0]), ("exp2", [-1074.5]), ("pow", [1e-310, 1.01]), ("sin", [1e-310]),
           ("expm1", [-5e-324]), ("hypot", [3e-324, 5e-324]), ("ldexp", [1.5, -1074]), ("atan", [1e-310])]  # fmt: skip


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("n", [1, 9, 2**17])
def test_underflow_is_signalled_where_a_subnormal_result_is_inexact(n: int, threads: int) -> None:
    bf.set_num_threads(threads)
    try:
        for name, arguments in [*EXACT, *INEXACT, *EXACT]:
            arrays = [np.full(n, argument) for argument in arguments]
            with np.errstate(all="raise"):
                kinds, result = outcome(getattr(bf, name), *arrays)
            assert (result is FloatingPointError) == ((name, arguments) in INEXACT), (name, arguments, kinds)
    finally:
        bf.set_num_threads(None)


TYPES = ["?", "i1", "u1", "i2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", ">f8", ">f4", "g", "F", "O", "U3", "M8[s]"]


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", ["exp", "floor", "hypot", "minimum", "copysign", "frexp"])
def test_dtypes_are_numpys(name: str, dtype: str) -> None:
    ours, theirs = getattr(bf, name), getattr(np, SAME[name])
    x = np.ones(3, dtype)
    expected = outcome(theirs, *[x] * ours.nin)
    if dtype in ("g", "O", "M8[s]") or (dtype == "F" and name != "exp"):  # NumPy has loops for some of these
        expected = ([], TypeError)
    if isinstance(expected[1], type):
        assert issubclass(outcome(ours, *[x] * ours.nin)[1], TypeError) and issubclass(expected[1], TypeError)
    else:
        assert outcome(ours, *[x] * ours.nin) == expected


@pytest.mark.parametrize("name", [name for name, (arguments, _) in ORACLES.items() if arguments == 1])
def test_float16_is_correctly_rounded_for_every_argument(name: str) -> None:
    context = gmpy2.context(precision=11, emax=16, emin=-23, subnormalize=True)
    patterns = np.arange(2**16, dtype=np.uint16)
    with np.errstate(all="ignore"):
        got = getattr(bf, name)(patterns.view(np.float16)).view(np.uint16)
    with gmpy2.context(context) as active:
        exact = [float(ORACLES[name][1](active, gmpy2.mpfr(float(x)))) for x in patterns.view(np.float16)]
    expected = np.array(exact).astype(np.float16).view(np.uint16)
    expected[np.isnan(exact)] = 0x7E00
    assert np.flatnonzero(got != expected).tolist() == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pow", "atan2"])
def test_float16_of_two_arguments_is_rounded_once_too(name: str) -> None:
    """float64's result is the middle of two float16 numbers only where the exact one is: for all pairs of arguments."""
    positive = np.arange(1, 0x7C00, dtype=np.uint16).view(np.float16).astype(np.float64)
    function, context = getattr(bf, name), gmpy2.context(precision=300)
    for x in np.concatenate([positive, -positive]) if name == "atan2" else positive:
        if name == "pow":  # others are 0 or infinite
            limit = 26 / max(abs(np.log2(x)), 2.0**-11)
            exponents = positive[: np.searchsorted(positive, limit)]
            others = np.concatenate([exponents, -exponents])
            size = function(x, others)
        else:  # odd in y
            others = positive
            size = function(others, x)
        middle = size.view(np.uint64) & (2**42 - 1) == 2**41
        subnormal = np.flatnonzero(size < 2.0**-14)
        middle[subnormal] = size[subnormal] * 2.0**25 % 2 == 1
        for k in np.flatnonzero(middle):
            with gmpy2.context(context) as active:
                first, second = (others[k], x) if name == "atan2" else (x, others[k])
                exact = (active.atan2 if name == "atan2" else active.pow)(gmpy2.mpfr(first), gmpy2.mpfr(second))
                assert exact == size[k], (first, second)


def test_overlapping_and_strided_arrays_give_the_scalars_bits() -> None:
    memory = np.linspace(0.1, 2, 3000)
    for source, target in (
        (slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None)), (slice(None, None, -1), slice(None)),
        (slice(0, 1000), slice(0, 1000)), (slice(0, None, 3), slice(1, None, 3)), (slice(0, 2000, 2), slice(0, 1000)),
    ):  # fmt: skip
        whole = memory.copy()
        expected = bf.exp(whole[source].copy())
        bf.exp(whole[source], out=whole[target])
        assert whole[target].tobytes() == expected.tobytes()


@pytest.mark.parametrize("name", ["minimum", "maximum", "fmin", "fmax", "hypot"])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_reduce_and_accumulate_are_done_item_by_item(name: str, dtype: str) -> None:
    x = np.random.default_rng(1).normal(size=1001).astype(dtype)
    function, running = getattr(bf, name), [x[0]]
    for item in x[1:]:
        running.append(function(running[-1], item))
    assert function.accumulate(x).tobytes() == np.array(running, dtype).tobytes()
    assert function.reduce(x).tobytes() == running[-1].tobytes()
    assert function.reduce(np.stack([x, x]), axis=1).tobytes() == np.array([running[-1]] * 2).tobytes()


def test_another_thread_runs_during_a_call() -> None:
    x, inside, seen, over = np.full(1_000_000, 0.7), threading.Event(), threading.Event(), threading.Event()

    def look() -> None:
        while not over.is_set() and not seen.is_set():
            if inside.is_set():
                seen.set()
            time.sleep(0)

    before = sys.getswitchinterval()
    thread = threading.Thread(target=look)
    thread.start()
    # From here on a thread that runs Python keeps the lock until it lets go of it: only the call does.
    sys.setswitchinterval(1000)
    try:
        for _ in range(1000):
            inside.set()
            bf.exp(x, out=x)
            inside.clear()
            if seen.is_set():
                break
    finally:
        over.set()
        sys.setswitchinterval(before)
        thread.join()
    assert seen.is_set()


def remainder(x: int, y: int) -> int:
    """IEEE 754's, of integers; 0 for y = 0."""
    if y == 0:
        return 0
    quotient, rest = divmod(abs(x), abs(y))
    if 2 * rest > abs(y) or (2 * rest == abs(y) and quotient % 2):
        rest -= abs(y)
    return -rest if x < 0 else rest


@pytest.mark.parametrize("dtype", [letter + str(size) for letter in "iu" for size in (1, 2, 4, 8)])
def test_remainders_of_integers_are_exact(dtype: str) -> None:
    ends = np.iinfo(dtype)
    some = [
        ends.min,
        ends.min + 1,
        ends.max,
        ends.max - 1,
        ends.max // 2,
        ends.max // 2 + 1,
        ends.max // 3,
        7,
        3,
        2,
        1,
        0,
    ]
    if ends.min:
        some += [-1, -2, -7, ends.min // 2]
    x, y = np.meshgrid(np.array(some, dtype), np.array(some, dtype))
    with np.errstate(divide="ignore"):
        assert bf.fmod(x, y).tolist() == np.fmod(x, y).tolist() and bf.fmod(x, y).dtype == dtype
        rests = bf.ieee_remainder(x, y)
    assert rests.tolist() == [[remainder(a, b) for a in some] for b in some]
    assert rests.dtype == dtype.replace("u", "i")
    for function in (bf.fmod, bf.ieee_remainder):
        with np.errstate(divide="raise"), pytest.raises(FloatingPointError, match="divide by zero"):
            function(x, y)
        function(x[:, :1], 3)
    assert bf.fmod(2**60 + 1, 2**60) == bf.ieee_remainder(2**60 + 1, 2**60) == 1


@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", ">i4"])
@pytest.mark.parametrize("source", ["f2", "f4", "f8", ">f8", "i8", "u1"])
def test_casts_saturate_and_make_nan_zero(source: str, dtype: str) -> None:
    values = [0, 1, 127, 128, 255] if source == "u1" else [0, -1, 1, 127, 128, -129, 255, 256, 65504, -65504]
    if "f" in source:
        values = [*values, 1.9, -1.9, np.inf, -np.inf, np.nan]  # type: ignore[list-item]
    ends = np.iinfo(np.dtype(dtype))
    expected = [0 if x != x else ends.max if x == np.inf else ends.min if x == -np.inf else
                min(max(int(x), ends.min), ends.max) for x in values]  # fmt: skip
    with np.errstate(invalid="ignore"):
        result = bf.astype(np.array(values, source), dtype)
    assert result.dtype == np.dtype(dtype) and result.tolist() == expected


def test_masked_arrays_keep_their_mask_when_cast() -> None:
    x = np.ma.array([1.5, np.nan, 300.0, np.nan], mask=[False, True, False, False])
    with np.errstate(invalid="ignore"):
        for dtype, expected in (("i1", [1, 127, 0]), ("f4", [1.5, 300.0, np.nan])):
            cast = bf.astype(x, dtype)
            assert cast.mask.tolist() == [False, True, False, False]
            np.testing.assert_array_equal(cast.compressed(), np.array(expected, dtype))


def test_casts_to_floating_point_warn_of_overflow() -> None:
    with np.errstate(over="raise"), pytest.raises(FloatingPointError, match="overflow encountered in cast"):
        bf.astype([1e300], "f4")
    with np.errstate(all="raise", under="ignore"):
        patterns = bf.astype(np.array([0x7FF0000000000001, 0xFFF8000000000001], "u8").view("f8"), "f4").view("u4")
    assert patterns.tolist() == [0x7FC00000] * 2


def test_what_wraps_results_wraps_those_of_casts() -> None:
    class Series:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            return np.array([1.5, 2.5])

        def __array_wrap__(self, result: Any) -> Any:
            return "index", result.tolist()

    assert bf.astype(Series(), "i4") == ("index", [1, 2])


def test_warnings_of_casts_are_about_the_line_of_the_caller() -> None:
    for x, dtype, what in (([np.nan], "i4", "invalid value"), ([1e300], "f4", "overflow"), (1e10, "i8", "")):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            bf.astype(x, dtype)
        expected = [(__file__, f"{what} encountered in cast")] if what else []
        assert [(warning.filename, str(warning.message)) for warning in caught] == expected
    said: list[str] = []
    with np.errstate(invalid="call", over="warn", call=lambda kind, _: said.append(kind)):
        bf.astype([np.nan], "i4")
    assert said == ["invalid value"]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        bf.astype([1e300, np.nan], "f4")


def test_columns_of_one_array_and_results_in_place() -> None:
    table = np.random.default_rng(2).normal(size=(1000, 3))
    expected = bf.tanh(table[:, 0].copy())
    bf.tanh(table[:, 0], out=table[:, 1])
    assert table[:, 1].tobytes() == expected.tobytes()
    bf.tanh(table[::-1, 0], out=table[:, 2])
    assert table[:, 2].tobytes() == expected[::-1].tobytes()
    z = table[:, 0] + 1j * table[:, 1]
    expected = bf.sin(z.real.copy())
    bf.sin(z.real, out=z.imag)
    assert z.imag.tobytes() == expected.tobytes()
    x = 10 * table[:, 0]
    fraction, whole = bf.modf(x)
    for out in ((x.copy(), np.empty_like(x)), (np.empty_like(x), x.copy())):
        argument = next(part for part in out if part[0] == x[0])
        bf.modf(argument, out=out)
        assert out[0].tobytes() == fraction.tobytes() and out[1].tobytes() == whole.tobytes()


def test_star_import_brings_the_functions_and_numpys_names_are_explained() -> None:
    names: dict[str, Any] = {}
    exec("from bitfast import *", names)
    assert set(ufuncs.__all__) < set(bf.__all__) == set(names) - {"__builtins__"}
    assert set(names) & set(vars(builtins)) == {"pow"}  # sum, any, … stay Python's
    with pytest.raises(AttributeError, match="'power'; here it is called 'pow'"):
        _ = getattr(bf, "power")  # noqa: B009


def test_levels_and_threads_are_named() -> None:
    assert bf.level() in bf.levels()
    before = bf.get_num_threads()
    bf.set_num_threads(3)
    assert bf.get_num_threads() == 3
    bf.set_num_threads(10**6)
    assert bf.get_num_threads() == 64
    bf.set_num_threads(None)
    assert bf.get_num_threads() == before
    with pytest.raises(ValueError, match="at least 1"):
        bf.set_num_threads(0)


def test_another_level_can_be_used() -> None:
    before, x = bf.level(), np.linspace(-700, 700, 1000)
    try:
        answers = []
        for level in bf.levels():
            bf.use_level(level)
            assert bf.level() == level
            answers.append(bf.exp(x).tobytes())
        assert len(set(answers)) == 1
        with pytest.raises(ValueError, match="this CPU has no level 'z80'"):
            bf.use_level("z80")
        assert ctypes.CDLL(_native.__file__).bitfast_use_level(None) == -1 and bf.level() == level
    finally:
        bf.use_level(before)


@pytest.mark.parametrize(
    ("value", "threads", "said"),
    [("", None, ""), ("3", "3", ""), ("abc", None, "not a number"), ("3x", None, "not a number"),
     ("0", None, "not a number"), ("-3", None, "not a number"), ("1000", "64", "64 are used")],
)  # fmt: skip
def test_the_number_of_threads_in_the_environment_is_checked(value: str, threads: str | None, said: str) -> None:
    code = "import bitfast as bf; print(bf.get_num_threads()); bf.set_num_threads(None); print(bf.get_num_threads())"
    default, given = (
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BITFAST_NUM_THREADS": number},
            capture_output=True,
            text=True,
            check=True,
        )
        for number in ("", value)
    )
    assert given.stdout == (f"{threads}\n" * 2 if threads else default.stdout)
    assert given.stderr.count("BITFAST_NUM_THREADS") == (1 if said else 0) and said in given.stderr


def test_the_modules_names_are_its_own() -> None:
    assert {name for name in dir(bf) if not name.startswith("_")} >= set(ufuncs.__all__)
    assert not {"Any", "annotations", "find_spec", "import_module"} & set(dir(bf))


def test_the_oracles_formats_are_numpys() -> None:
    assert Format(64).pattern(1.0) == int(np.float64(1).view(np.uint64))
