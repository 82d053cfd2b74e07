"""matmul, matvec, vecmat and vecdot: each element one chain of fma, dot products rounded once, integers exact; in any
layout, batch, level and number of threads; and everything else as NumPy has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from bitfast import _native
from bitfast.arrays import products

Array = np.ndarray[Any, Any]
FLOATS = "fdFD"
INTEGERS = "bBhHiIlLqQ"
fma = _native.ufunc("fma", "")


@pytest.fixture(params=_native.levels(), autouse=True)
def _level(request: pytest.FixtureRequest) -> Iterator[None]:
    before = _native.level()
    _native.use_level(request.param)
    yield
    _native.use_level(before)


def chain(a: Array, b: Array) -> Array:
    """The contract, clause 5: s = 0, then s = fma(a[i, p], b[p, j], s) for p in turn. Complex numbers as
    bitfast_arrays.h says it."""
    if a.dtype.kind != "c":
        s = np.zeros((a.shape[0], b.shape[1]), a.dtype)
        for p in range(a.shape[1]):
            s = fma(a[:, p : p + 1], b[p : p + 1], s)
        return s
    re = np.zeros((a.shape[0], b.shape[1]), a.real.dtype)
    im = re.copy()
    for p in range(a.shape[1]):
        x, y = a[:, p : p + 1], b[p : p + 1]
        re = fma(-x.imag, y.imag, fma(x.real, y.real, re))
        im = fma(x.imag, y.real, fma(x.real, y.imag, im))
    result = np.empty(re.shape, a.dtype)
    result.real, result.imag = re, im
    return result


def same_bits(x: Array, y: Array) -> bool:
    x, y = np.asarray(x), np.asarray(y)
    return x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes()


def numbers(random: np.random.Generator, shape: tuple[int, ...], letter: str) -> Array:
    if letter == "?":
        return np.asarray(random.random(shape) < 0.2)
    if letter in INTEGERS:
        info = np.iinfo(letter)
        return random.integers(info.min, info.max, shape, dtype=letter, endpoint=True)
    x = random.standard_normal(shape)
    if letter != "e":
        x = x * np.exp2(random.integers(-20, 20, shape))
    if letter in "FD":
        x = x + 1j * random.standard_normal(shape)
    return np.asarray(x).astype(letter)


def layouts(x: Array) -> list[Array]:
    """The same matrix in other places: Fortran order, steps, backwards, unaligned rows, a stride that is no multiple of
    a vector."""
    stepped = np.zeros((2 * x.shape[0], 3 * x.shape[1]), x.dtype)[::2, ::3]
    stepped[...] = x
    padded = np.zeros((x.shape[1], x.shape[0] + 5), x.dtype).T[2:-3]
    padded[...] = x
    backwards = np.ascontiguousarray(x[::-1, ::-1])[::-1, ::-1]
    return [x, np.asfortranarray(x), stepped, padded, backwards]


SHAPES = [(1, 1, 1), (2, 3, 4), (1, 9, 17), (9, 17, 1), (1, 300, 70), (70, 300, 1), (33, 5, 1), (4, 4, 4), (7, 8, 9),
          (16, 31, 17), (25, 24, 49), (64, 64, 64), (5, 300, 66), (130, 70, 90), (3, 2, 40)]  # fmt: skip


@pytest.mark.parametrize("letter", FLOATS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_element_is_one_chain_in_any_layout(letter: str, shape: tuple[int, int, int]) -> None:
    random = np.random.default_rng(1)
    m, k, n = shape
    a, b = numbers(random, (m, k), letter), numbers(random, (k, n), letter)
    want = chain(a, b)
    for x, y in zip(layouts(a) * 2, layouts(b) + layouts(b)[::-1], strict=True):
        assert same_bits(products.matmul(x, y), want), (x.strides, y.strides)
    out = np.empty((n, m), letter).T
    assert products.matmul(a, b, out=out) is out
    assert same_bits(out, want)


@pytest.mark.parametrize("letter", FLOATS)
def test_specials_are_ieee_s_with_the_canonical_nan(letter: str) -> None:
    random = np.random.default_rng(2)
    big = np.finfo(letter).max
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, big, -big, np.finfo(letter).smallest_subnormal]
    for m, k, n in [(5, 9, 6), (1, 40, 9), (20, 9, 1), (40, 33, 50)]:
        a, b = numbers(random, (m, k), letter), numbers(random, (k, n), letter)
        a.flat[random.integers(0, a.size, 6)] = random.choice(special, 6)
        b.flat[random.integers(0, b.size, 6)] = random.choice(special, 6)
        with np.errstate(all="ignore"):
            want = chain(a, b)
        with np.errstate(all="raise"):  # products signal nothing
            assert same_bits(products.matmul(a, b), want)


@pytest.mark.parametrize("letter", FLOATS)
@pytest.mark.parametrize("k, n", [(7, 5), (40, 33), (300, 70), (65, 1)])
def test_the_batch_size_changes_no_bit(letter: str, k: int, n: int) -> None:
    random = np.random.default_rng(3)
    a, b = numbers(random, (64, k), letter), numbers(random, (k, n), letter)
    whole = products.matmul(a, b)
    for m in range(1, 65, 1 if k < 300 else 7):
        assert same_bits(products.matmul(a[:m], b), whole[:m])
    each = products.matmul(a[:, np.newaxis, :], b)[:, 0]
    assert same_bits(each, whole)
    assert same_bits(np.stack([products.matmul(row, b) for row in a]), whole)


@pytest.mark.parametrize("letter", FLOATS)
def test_threads_change_no_bit(letter: str) -> None:
    random = np.random.default_rng(4)
    few = 4 if _native.level() == "x86-64-v2" else 1  # fma takes 50 times as long there
    a, b = numbers(random, (600 // few, 700), letter), numbers(random, (700, 90 // few), letter)
    batch, other = numbers(random, (300 // few, 16, 16), letter), numbers(random, (16, 16), letter).T
    calls: list[Callable[[], Array]] = [
        lambda: products.matmul(a, b), lambda: products.matmul(a, b[:, 3]), lambda: products.matmul(b[:, 3].T, a.T),
        lambda: products.matmul(np.asfortranarray(a), b[:, 0]), lambda: products.matmul(batch, batch[::-1]),
        lambda: products.matmul(batch, other),
    ]  # fmt: skip
    before = _native.get_num_threads()
    try:
        _native.set_num_threads(1)
        alone = [call() for call in calls]
        for threads in range(2, 9, few):
            _native.set_num_threads(threads)
            assert all(same_bits(call(), want) for call, want in zip(calls, alone, strict=True))
    finally:
        _native.set_num_threads(before)


@pytest.mark.parametrize("letter", "?" + INTEGERS)
@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 4, 5), (1, 70, 9), (9, 70, 1), (33, 300, 70), (5, 0, 3),
                                   (70, 9, 140)])  # fmt: skip
def test_integers_are_exact_or_modulo_their_range(letter: str, shape: tuple[int, int, int]) -> None:
    random = np.random.default_rng(5)
    m, k, n = shape
    a, b = numbers(random, (m, k), letter), numbers(random, (k, n), letter)
    want = np.matmul(a, b)
    for x, y in zip(layouts(a) * 2, layouts(b) + layouts(b)[::-1], strict=True):
        assert same_bits(products.matmul(x, y), want)
    assert same_bits(products.vecdot(a, b.T[:1]), np.vecdot(a, b.T[:1]))
    assert same_bits(products.vecmat(a[0], b), np.matmul(a[0], b))


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 4, 5), (2, 71, 9), (9, 70, 1), (1, 300, 33), (65, 1030, 70),
                                   (5, 0, 3), (16, 256, 64), (17, 259, 65)])  # fmt: skip
def test_int8_products_are_exact_in_int32(shape: tuple[int, int, int]) -> None:
    random = np.random.default_rng(6)
    m, k, n = shape
    for extreme in (False, True):
        a, b = numbers(random, (m, k), "b"), numbers(random, (k, n), "b")
        if extreme:  # the sums that saturating instructions would get wrong
            a[...], b[...] = -128, -128
            b[::2] = 127
        want = np.matmul(a.astype(np.int32), b.astype(np.int32))
        for x, y in zip(layouts(a) * 2, layouts(b) + layouts(b)[::-1], strict=True):
            assert same_bits(products.matmul(x, y, dtype=np.int32), want)


def test_float16_is_a_chain_of_float32_rounded_at_the_end() -> None:
    random = np.random.default_rng(7)
    a, b = numbers(random, (300, 40), "e"), numbers(random, (40, 270), "e")
    with np.errstate(over="ignore"):
        want = chain(a.astype("f"), b.astype("f")).astype("e")
        assert same_bits(products.matmul(a, b), want)
        assert same_bits(products.matmul(np.asfortranarray(a), b[:, 7]), want[:, 7])


def exact_dot(x: Array, y: Array) -> Fraction:
    return sum((Fraction(float(p)) * Fraction(float(q)) for p, q in zip(x, y, strict=True)), Fraction(0))


def rounded(value: Fraction, letter: str) -> Any:
    """Of the numbers around value the nearest one, of two the even one. Fractions are divided correctly rounded."""
    near = np.array(float(value)).astype(letter)
    below, above = np.nextafter(near, -np.array(np.inf, letter)), np.nextafter(near, np.array(np.inf, letter))
    word = f"u{near.dtype.itemsize}"
    return min((near, below, above), key=lambda c: (abs(Fraction(float(c)) - value), int(c.view(word)) & 1))[()]


@pytest.mark.parametrize("letter", "efdFD")
def test_dot_products_are_rounded_once(letter: str) -> None:
    random = np.random.default_rng(8)
    for n in [1, 2, 3, 10, 33, 200]:
        x, y = numbers(random, (n,), letter), numbers(random, (n,), letter)
        if letter == "e":
            x, y = np.clip(x, -100, 100), np.clip(y, -100, 100)
        if n > 3:
            x[n // 2 :], y[n // 2 :] = x[: n - n // 2][::-1], -y[: n - n // 2][::-1]  # cancels, nearly
            x[0] += x.dtype.type(0.25)
        if letter in "FD":
            real = x.real.dtype.char
            want = complex(
                rounded(exact_dot(x.real, y.real) + exact_dot(x.imag, y.imag), real),
                rounded(exact_dot(x.real, y.imag) - exact_dot(x.imag, y.real), real),
            )
        else:
            want = rounded(exact_dot(x, y), letter)
        stepped = np.repeat(x, 3)[::3]
        assert products.vecdot(x, y) == want
        assert products.vecdot(stepped, y[::-1].copy()[::-1]) == want
        assert products.vecdot(x, y).dtype == np.dtype(letter)


@pytest.mark.parametrize("letter", "efdFD" + INTEGERS + "?")
def test_shapes_and_types_are_numpy_s(letter: str) -> None:
    random = np.random.default_rng(9)
    for first, second in [((4,), (4,)), ((2, 3, 4), (4,)), ((4,), (5, 4, 2)), ((5, 1, 3, 4), (2, 4, 6)),
                          ((3, 0), (0, 2)), ((0, 3), (3, 2)), ((0,), (0,)), ((2, 0, 3, 4), (4, 5))]:  # fmt: skip
        a, b = numbers(random, first, letter), numbers(random, second, letter)
        with np.errstate(all="ignore"):
            want = np.matmul(a, b)
            got = products.matmul(a, b)
        assert type(got) is type(want)
        assert got.dtype == want.dtype and got.shape == want.shape
    a, b = numbers(random, (2, 3, 4), letter), numbers(random, (2, 4, 5), letter)
    want = products.matmul(a, b)
    got = products.matmul(a.transpose(2, 0, 1), b.transpose(1, 2, 0), axes=[(2, 0), (0, 1), (0, 2)])
    assert same_bits(np.ascontiguousarray(got.transpose(1, 0, 2)), want)
    assert same_bits(products.vecdot(a, a[:1], axis=1), np.stack([products.vecdot(a[:, :, i], a[0, :, i])
                                                                for i in range(4)], axis=1))  # fmt: skip


def test_mixed_types_are_promoted_as_numpy_does() -> None:
    for first in "?bBhHiIlLefdFD":
        for second in "?bBhHiIlLefdFD":
            a, b = np.ones((2, 3), first), np.ones((3, 2), second)
            assert products.matmul(a, b).dtype == np.matmul(a, b).dtype, (first, second)


WRONG: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((np.ones((2, 3)), np.ones((2, 3))), {}),
    ((np.ones(3), np.ones(4)), {}),
    ((np.float64(1), np.ones(4)), {}),
    ((np.ones((3, 2, 2)), np.ones((2, 2, 2))), {}),
    ((np.ones((2, 2)), np.ones((2, 2))), {"out": np.ones((3, 3))}),
    ((np.ones((2, 2)), np.ones((2, 2))), {"out": np.ones((2, 2), np.int32)}),
    ((np.ones((2, 2)), np.ones((2, 2))), {"axes": [(0, 1), (0, 1)]}),
    ((np.ones((2, 2)), np.ones((2, 2))), {"axis": 0}),
    ((np.ones((2, 2)), np.ones((2, 2))), {"dtype": np.int32}),
    ((np.ones((2, 2)),), {}),
]


@pytest.mark.parametrize("wrong", range(len(WRONG)))
@pytest.mark.parametrize("name", ["matmul", "vecdot", "matvec", "vecmat"])
def test_errors_are_numpy_s(name: str, wrong: int) -> None:
    arguments, options = WRONG[wrong]
    raised = []
    for ufunc in (getattr(np, name, None), getattr(products, name)):
        if ufunc is None:
            pytest.skip(f"NumPy {np.__version__} has no {name}")
        try:
            ufunc(*arguments, **options)
        except Exception as error:
            raised.append((type(error), str(error)))
        else:
            raised.append((type(None), ""))
    assert raised[0] == raised[1]


@pytest.mark.parametrize("letter", ["U1", "S1", "M8[s]", "V3"])
def test_types_without_numbers_are_type_errors(letter: str) -> None:
    for ufunc in (np.matmul, products.matmul):
        with pytest.raises(TypeError, match="matmul"):
            ufunc(np.zeros((2, 2), letter), np.zeros((2, 2), letter))


@pytest.mark.parametrize("letter", ["g", "G", "O"])
def test_types_that_differ_between_chips_are_refused(letter: str) -> None:
    with pytest.raises(TypeError, match="matmul"):
        products.matmul(np.ones((2, 2), letter), np.ones((2, 2), letter))


def test_fields_and_subclasses() -> None:
    class Named(np.ndarray[Any, Any]):
        pass

    random = np.random.default_rng(10)
    record = np.zeros((6, 5), [("value", "c16"), ("odd", "i8")])
    record["value"] = numbers(random, (6, 5), "D")
    packed = np.zeros((6, 5), np.dtype([("odd", "i1"), ("value", "f8")]))
    packed["value"] = numbers(random, (6, 5), "d")
    swapped = packed["value"].astype(">f8")
    for x in (record["value"], packed["value"], swapped):
        native = np.ascontiguousarray(x).astype(x.dtype.newbyteorder("="))
        assert same_bits(products.matmul(x.T, x), products.matmul(native.T.copy(), native))
    assert type(products.matmul(packed["value"].view(Named), packed["value"].T)) is Named


def test_results_may_lie_in_their_arguments() -> None:
    random = np.random.default_rng(11)
    for letter in "dl":
        a = numbers(random, (2, 20, 20), letter)
        want = products.matmul(a, a.copy())
        products.matmul(a, a, out=a)
        assert same_bits(a, want)


@pytest.mark.parametrize("letter", "fd")
@pytest.mark.parametrize("shape", [(16, 1), (70, 2), (33, 10), (20, 100)])
def test_many_short_dot_products_are_those_one_by_one(letter: str, shape: tuple[int, int]) -> None:
    random = np.random.default_rng(6)
    x, y = numbers(random, shape, letter), numbers(random, shape, letter)
    x[1], y[1] = -0.0, 1  # every product is -0
    x[2], y[2] = 0, 1
    x[3, 0], y[3, 0] = np.inf, 0
    x[4], y[4] = np.finfo(letter).smallest_subnormal, 0.5
    x[5], y[5] = np.finfo(letter).max, 2
    one_by_one = np.array([products.vecdot(a, b) for a, b in zip(x, y, strict=True)])
    assert same_bits(products.vecdot(x, y), one_by_one)
    assert same_bits(products.vecdot(x[:, ::-1], y[:, ::-1]), one_by_one)
    assert same_bits(products.vecdot(np.asfortranarray(x), y), one_by_one)
    finite = [k for k in range(shape[0]) if k not in (1, 2, 3, 5)]
    for k in finite:
        assert same_bits(one_by_one[k], rounded(exact_dot(x[k], y[k]), letter)), k
    assert same_bits(products.vecdot(x, y[6]), np.array([products.vecdot(a, y[6]) for a in x]))
