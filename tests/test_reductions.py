"""Reductions: the exact value rounded once, whatever axes, strides, masks, levels and threads.

Oracles are Python's exact fractions, math.fsum and integer square roots; never the library itself.
"""

from __future__ import annotations

import math
import pickle
import tracemalloc
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import bitfast as bf
from bitfast.arrays import reductions as r
from bitfast.arrays.accumulator import Accumulator

Array = np.ndarray[Any, np.dtype[Any]]


def root(x: Fraction) -> float:
    """√x rounded once: from an integer root with many more bits than float64 has, and a sticky bit."""
    exact = Fraction(math.isqrt(x.numerator), math.isqrt(x.denominator))
    if exact * exact == x:
        return float(exact)  # it may be a tie
    shift = 2 * max(0, 200 - (x.numerator.bit_length() - x.denominator.bit_length()) // 2)
    whole = math.isqrt((x.numerator << shift) // x.denominator)
    return float(Fraction(2 * whole + 1, 2 << (shift // 2)))  # no tie: the odd last bit is far below


def rounded(x: Fraction | float, dtype: Any) -> Any:
    """Rounded once to the type."""
    if isinstance(x, float) or dtype == np.float64:
        return np.dtype(dtype).type(x)
    precision, least = {2: (11, -24), 4: (24, -149)}[np.dtype(dtype).itemsize]
    if x == 0:
        return np.dtype(dtype).type(0)
    exponent = x.numerator.bit_length() - x.denominator.bit_length()
    while abs(x) >= Fraction(2) ** exponent:
        exponent += 1
    unit = Fraction(2) ** max(exponent - precision, least)
    with np.errstate(over="ignore"):
        return np.dtype(dtype).type(float(round(x / unit) * unit))


def fractions(values: Array) -> list[Fraction]:
    return [Fraction(v) for v in values.ravel().tolist()]


def columns(x: Array, axis: int | tuple[int, ...] | None, where: Array | None = None) -> Iterator[Array]:
    """The elements of each result, in the results' order."""
    axes = tuple(range(x.ndim)) if axis is None else (axis,) if isinstance(axis, int) else axis
    kept = [k for k in range(x.ndim) if k not in axes]
    together = np.moveaxis(x, kept, range(len(kept))).reshape(*(x.shape[k] for k in kept), -1)
    mask = np.ones(x.shape, bool) if where is None else np.broadcast_to(where, x.shape)
    mask = np.moveaxis(mask, kept, range(len(kept))).reshape(together.shape)
    for index in np.ndindex(*together.shape[:-1]):
        yield together[index][mask[index]]


def variance(values: Array, ddof: int) -> Fraction:
    x = fractions(values)
    return (sum(v * v for v in x) - sum(x) ** 2 / Fraction(len(x))) / (len(x) - ddof)


ORACLES: dict[str, tuple[Callable[..., Any], Callable[[Array], Fraction], bool]] = {
    "sum": (r.sum, lambda v: sum(fractions(v), Fraction(0)), False),
    "mean": (r.mean, lambda v: sum(fractions(v)) / Fraction(len(v)), False),
    "squares": (r.sum_of_squares, lambda v: sum((x * x for x in fractions(v)), Fraction(0)), False),
    "norm": (r.vector_norm, lambda v: sum((x * x for x in fractions(v)), Fraction(0)), True),
    "absolute": (
        lambda x, **k: r.vector_norm(x, ord=1, **k),
        lambda v: sum(map(abs, fractions(v)), Fraction(0)),
        False,
    ),
    "var": (r.var, lambda v: variance(v, 0), False),
    "std": (r.std, lambda v: variance(v, 0), True),
}


def agree(got: Any, wanted: list[Any], dtype: Any) -> None:
    """Bit for bit, except that the oracles know no -0."""
    flat = np.asarray(got).ravel()
    assert flat.dtype == dtype
    expected = np.array(wanted, dtype)
    assert (flat + 0.0).tobytes() == (expected + 0.0).tobytes(), (flat[flat != expected], expected[flat != expected])


def check(name: str, x: Array, axis: Any, where: Array | None = None) -> None:
    function, oracle, is_root = ORACLES[name]
    options = {} if where is None else {"where": where}
    got = function(x, axis=axis, **options)
    values = [oracle(v) for v in columns(x, axis, where)]
    if not is_root:
        agree(got, [rounded(v, x.dtype) for v in values], x.dtype)
    elif x.dtype == np.float64:
        agree(got, [root(v) for v in values], x.dtype)
    else:  # √ of a fraction, with far more bits than float32 has
        wide = [Fraction(math.isqrt((v.numerator << 400) // v.denominator), 1 << 200) for v in values]
        agree(got, [rounded(w if w * w == v else w + Fraction(1, 1 << 201), x.dtype)
                    for w, v in zip(wide, values, strict=True)], x.dtype)  # fmt: skip


def nasty(random: np.random.Generator, shape: tuple[int, ...], dtype: Any, kind: int) -> Array:
    """Ordinary numbers, cancelling ones, short ones whose sums are ties, wide ranges."""
    x = random.standard_normal(shape)
    if kind == 1:
        x = np.round(x * 4) / 4
    elif kind == 2:
        x *= np.exp2(random.integers(-40, 40, shape))
    elif kind == 3 and x.size > 1:
        flat = x.reshape(-1)
        flat[: flat.size // 2] = -flat[flat.size // 2 : flat.size // 2 * 2]
        flat[0] = 1e-17
    elif kind == 4:
        x = 1e8 + np.round(x * 8) / 8
    return x.astype(dtype)


@pytest.fixture(params=bf.levels())
def level(request: pytest.FixtureRequest) -> Iterator[str]:
    before = bf.level()
    bf.use_level(request.param)
    yield request.param
    bf.use_level(before)


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_result_is_the_exact_value_rounded_once(name: str, dtype: Any, level: str) -> None:
    random = np.random.default_rng(len(name))
    for kind, (shape, axis) in enumerate([
        ((7, 33), 0), ((33, 7), 1), ((5, 80), 0), ((3, 4, 5), (0, 2)), ((3, 40, 5), 1), ((90,), None), ((70, 3), 0),
        ((2, 1500), 1), ((6, 17), 1), ((1, 1), 0), ((1300, 5), 0),
    ]):  # fmt: skip
        check(name, nasty(random, shape, dtype, kind % 5), axis)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_what_decides_a_tie_may_be_far_below(dtype: Any, level: str) -> None:
    """Beyond twice the precision: a bound of the error must have said that the kernels do not know."""
    half_ulp = 2.0**-53 if dtype == np.float64 else 2.0**-24
    for far in (-2.0, -60.0, -90.0):
        tiny = half_ulp * 2.0**far
        rows = [[1, half_ulp, sign * tiny, 0] for sign in (1, -1, 0)] * 7
        x = np.array(rows, dtype).T.copy()
        for name in ("sum", "mean", "absolute", "var", "norm", "squares"):
            check(name, x, 0)
            check(name, np.asfortranarray(x.T), 1)
        weights = np.ones_like(x)
        assert (r.average(x, axis=0, weights=weights) == r.mean(x, axis=0)).all()


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_any_strides_axes_and_masks(data: st.DataObject) -> None:
    shape = data.draw(hnp.array_shapes(max_dims=4, max_side=9))
    seed, kind = data.draw(st.integers(0, 10**6)), data.draw(st.integers(0, 4))
    dtype = data.draw(st.sampled_from([np.float64, np.float32]))
    random = np.random.default_rng(seed)
    x = nasty(random, tuple(2 * n for n in shape), dtype, kind)
    x = x[tuple(slice(None, None, data.draw(st.sampled_from([1, 2, -1, -2]))) for _ in shape)]
    x = x.transpose(data.draw(st.permutations(range(x.ndim))))
    if data.draw(st.booleans()):
        x = np.broadcast_to(x, (3, *x.shape))
    axis = data.draw(st.one_of(st.none(), st.integers(0, x.ndim - 1), st.sets(st.integers(0, x.ndim - 1)).map(tuple)))
    check(data.draw(st.sampled_from(["mean", "var", "norm"])), x, axis)
    check("sum", x, axis, random.random(x.shape) < 0.6)


def test_signed_zeros_specials_and_overflow() -> None:
    def bits(x: Any) -> bytes:
        return np.float64(x).tobytes()

    for n in (1, 3, 300, 5000):
        for axis, shape in ((0, (n, 20)), (1, (20, n))):
            zeros = np.full(shape, -0.0)
            assert bits(r.sum(zeros, axis=axis)[0]) == bits(-0.0) == bits(r.mean(zeros, axis=axis)[3])
            zeros.T.flat[0] = 0.0
            assert bits(r.sum(zeros, axis=axis)[0]) == bits(0.0)
            x = np.ones(shape)
            x[0, 0], x[-1, -1] = np.inf, np.nan
            got = r.sum(x, axis=axis)
            assert np.isinf(got[0]) and got[-1].tobytes() == bits(np.nan)
    assert r.sum([1.7e308, 1.7e308, -1.7e308]) == 1.7e308
    assert r.sum([1.7e308, 1.7e308]) == np.inf
    assert r.mean([1.7e308, 1.7e308]) == 1.7e308
    assert r.sum_of_squares([1e200]) == np.inf
    assert r.vector_norm([3e200, 4e200]) == root(Fraction(3e200) ** 2 + Fraction(4e200) ** 2)
    assert r.vector_norm([3e-320, 4e-320]) == root(Fraction(3e-320) ** 2 + Fraction(4e-320) ** 2)
    assert np.isnan(r.sum([np.inf, -np.inf])) and np.isnan(r.var([1.0, np.inf]))


@pytest.mark.parametrize("operation", ["sum", "mean", "var", "std", "prod", "cumulative_sum"])
def test_threads_levels_and_layouts_change_no_bit(operation: str) -> None:
    random = np.random.default_rng(3)
    shape = (150, 33, 30)  # enough for several threads
    x = random.standard_normal(shape) * np.exp2(random.integers(-20, 20, shape))
    function, before, threads = getattr(r, operation), bf.level(), bf.get_num_threads()
    seen = set()
    try:
        for level in bf.levels():
            bf.use_level(level)
            for n in (1, 4):
                bf.set_num_threads(n)
                for layout in (x, np.asfortranarray(x), x.transpose(1, 2, 0).copy().transpose(2, 0, 1)):
                    axes = (0, 1, 2) if operation == "cumulative_sum" else (None, 0, 1, 2, (0, 1), (1, 2))
                    parts = [function(layout, axis=axis) for axis in axes]
                    seen.add(b"".join(np.ascontiguousarray(part).tobytes() for part in parts))
    finally:
        bf.use_level(before)
        bf.set_num_threads(threads)
    assert len(seen) == 1


def test_averages_are_exact_quotients() -> None:
    random = np.random.default_rng(4)
    for shape, axis in (((40, 12), 0), ((12, 40), 1), ((3, 2000), 1)):
        x, w = random.standard_normal(shape), random.random(shape)
        x[:, 0] *= 1e30
        wanted = [
            float(sum(a * b for a, b in zip(fractions(v), fractions(u), strict=True)) / sum(fractions(u)))
            for v, u in zip(columns(x, axis), columns(w, axis), strict=True)
        ]
        agree(r.average(x, axis=axis, weights=w), wanted, np.float64)
    assert r.average([1, 2, 4], weights=[1, 1, 1]) == float(Fraction(7, 3))
    value, weight = r.average(np.eye(3), axis=1, weights=[1.0, 2.0, 3.0], returned=True)
    assert value.tolist() == [1 / 6, 1 / 3, 0.5] and weight.tolist() == [6, 6, 6]
    with pytest.raises(ZeroDivisionError, match="Weights sum to zero"):
        r.average([1.0, 2.0], weights=[1.0, -1.0])


def test_the_product_is_sixteen_chains_joined_in_pairs() -> None:
    random = np.random.default_rng(6)
    for n in (0, 1, 15, 16, 17, 700):
        for dtype in (np.float64, np.float32):
            x = (random.standard_normal((n, 5)) + 1).astype(dtype)
            for column, got in zip(x.T, r.prod(x, axis=0), strict=True):
                chain = [dtype(1)] * 16
                for k, v in enumerate(column):
                    chain[k % 16] = chain[k % 16] * v
                for half in (8, 4, 2, 1):
                    chain = [chain[k] * chain[k + half] for k in range(half)]
                assert got.tobytes() == chain[0].tobytes()
    assert r.prod([2.0, 3.0], initial=4.0) == 24 and r.prod(np.float32([2, 3]), where=[True, False]) == 2
    assert r.prod([2.0, 3.0], initial=None) == 6


Pair = tuple[Any, Any]


def complex_product(a: Pair, b: Pair) -> Pair:
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
def test_complex_products_round_every_operation(dtype: Any, level: str) -> None:
    random = np.random.default_rng(7)
    real = np.float64 if dtype is np.complex128 else np.float32
    for n in (0, 1, 4, 17, 90):
        z = (random.standard_normal((n, 3)) + 1j * random.standard_normal((n, 3))).astype(dtype)
        running = r.cumulative_prod(z, axis=0)
        for column, got, products in zip(z.T, r.prod(z, axis=0), running.T, strict=True):
            chain: list[Pair] = [(real(1), real(0))] * 16
            so_far: Pair | None = None
            for k, v in enumerate(column):
                factor = (v.real, v.imag)
                chain[k % 16] = complex_product(chain[k % 16], factor)
                so_far = factor if so_far is None else complex_product(so_far, factor)
                assert products[k].tobytes() == np.array(so_far).tobytes()
            for half in (8, 4, 2, 1):
                chain = [complex_product(chain[k], chain[k + half]) for k in range(half)]
            assert got.tobytes() == np.array(chain[0]).tobytes()


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_cumulative_products_are_one_chain(dtype: Any) -> None:
    x = (np.random.default_rng(8).standard_normal((3, 60)) + 1).astype(dtype)
    for axis in (0, 1):
        lines = np.moveaxis(x, axis, -1), np.moveaxis(r.cumulative_prod(x, axis=axis), axis, -1)
        for line, products in zip(
            lines[0].reshape(-1, x.shape[axis]), lines[1].reshape(-1, x.shape[axis]), strict=True
        ):
            so_far = dtype(1)
            for k, factor in enumerate(line):
                so_far = so_far * factor
                assert products[k].tobytes() == so_far.tobytes()
    minus_nan = np.array([1.0, -np.nan, 2.0], dtype)
    assert r.cumulative_prod(minus_nan)[1:].tobytes() == np.full(2, np.nan, dtype).tobytes()


@pytest.mark.parametrize("kind", range(5))
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_prefix_is_rounded_once(kind: int, dtype: Any) -> None:
    x = nasty(np.random.default_rng(kind), (3, 150), dtype, kind)
    got = r.cumulative_sum(x, axis=1)
    for line, sums in zip(x, got, strict=True):
        total, wanted = Fraction(0), []
        for value in fractions(line):
            total += value
            wanted.append(rounded(total, dtype))
        agree(sums, wanted, dtype)
    assert r.cumulative_sum(x, axis=0, include_initial=True).shape == (4, 150)
    assert r.cumulative_prod([2.0, 3.0], include_initial=True).tolist() == [1, 2, 6]


def test_integers_float16_complex_and_bool() -> None:
    assert r.mean(np.array([2**63 - 1, 1, 0], np.int64)) == float(Fraction(2**63, 3))
    big = np.array([2**62, 2**62 + 1, -(2**63)], np.int64)
    assert r.var(big) == float(variance(big.astype(object), 0))
    top = np.array([2**64 - 1, 2**64 - 3], np.uint64)
    assert r.var(top) == 1.0 and r.mean(top) == float(2**64 - 2)
    assert r.sum(np.array([200, 100], np.uint8)) == 300 and r.mean([True, False]) == 0.5
    odd = np.array([2**53 + 1, 2**53 + 1, 2**53 + 1], np.int64)
    assert r.sum(odd, dtype=np.float64) == float(3 * (2**53 + 1)) != 3.0 * 2**53
    assert r.sum(odd, dtype=np.float32, where=[True, True, False], initial=1) == rounded(
        Fraction(2**54 + 3), np.float32
    )
    assert r.sum(top, dtype=np.complex128) == float(2**65 - 4)
    with np.errstate(invalid="ignore"):  # cast as astype casts, not as the chip does
        assert r.sum([np.nan, 1e300, -1.5], dtype=np.int8) == 126 and r.prod([np.inf, 1.5], dtype=np.uint8) == 255
        assert r.cumulative_sum([np.nan, 300.0], dtype=np.uint8).tolist() == [0, 255]
    half = np.random.default_rng(1).standard_normal((40, 30)).astype(np.float16)
    agree(r.sum(half, axis=0), [rounded(sum(fractions(v)), np.float16) for v in columns(half, 0)], np.float16)
    agree(r.mean(half, axis=1), [rounded(sum(fractions(v)) / 30, np.float16) for v in columns(half, 1)], np.float16)
    z = np.array([1e300 + 1j, 1 - 1e16j, -1e300 + 1e16j])
    assert r.sum(z) == 1 + 1j and r.sum(z).dtype == np.complex128
    w = np.array([1 + 2j, 3 - 1j, 2j])
    assert r.var(w) == float(variance(w.real, 0) + variance(w.imag, 0))
    assert r.vector_norm(np.array([3 + 4j, 12j]).astype(np.complex64)) == np.float32(13)


def test_numpys_results_errors_and_warnings() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    for name in ("sum", "mean", "var", "std", "prod"):
        ours, numpys = getattr(r, name), getattr(np, name)
        for options in ({}, {"axis": 1}, {"axis": (0, -1)}, {"axis": -1, "keepdims": True}, {"axis": ()}):
            got, wanted = ours(x, **options), numpys(x, **options)
            assert type(got) is type(wanted) and got.shape == wanted.shape and np.allclose(got, wanted)
        out = np.empty((2, 4), np.float32)
        assert ours(x, axis=1, out=out, dtype=np.float64) is out and np.allclose(out, numpys(x, axis=1))
        for error, options in (
            (np.exceptions.AxisError, {"axis": 3}), (ValueError, {"axis": (0, 0)}), (ValueError, {"out": np.empty(7)}),
            (TypeError, {"where": np.ones(4)}),
        ):  # fmt: skip
            with pytest.raises(error) as ours_said:
                ours(x, **options)
            if error is not ValueError:
                with pytest.raises(error) as numpys_said:
                    numpys(x, **options)
                assert str(ours_said.value).split(" according")[0] == str(numpys_said.value).split(" according")[0]
        for odd in (np.array(["a"]), np.array([None]), np.array(1, "M8[s]")):
            with pytest.raises((TypeError, np.exceptions.DTypePromotionError)):
                ours(odd)
        with pytest.raises(TypeError, match="masked"):
            ours(np.ma.masked_array([1.0, 2.0], [True, False]))
    assert r.sum(np.empty((0, 3)), axis=0).tolist() == [0, 0, 0] and r.sum([], initial=2.5) == 2.5
    with pytest.warns(RuntimeWarning, match="Mean of empty slice"):
        assert np.isnan(r.mean([]))
    with pytest.warns(RuntimeWarning, match="Degrees of freedom"):
        assert np.isnan(r.var([1.0], ddof=1))
    with pytest.warns(RuntimeWarning) as said:
        bf.mean([])
        bf.std([1.0], ddof=1)
    assert [warning.filename for warning in said] == [__file__] * 2
    assert r.var([1.0, 2.0], correction=1) == 0.5
    assert r.sum(x, where=x > 20) == 21 + 22 + 23 and r.sum(x.astype(">f8"), axis=(0, 1)).tolist() == [60, 66, 72, 78]
    assert r.norm(x[0], "fro") == root(Fraction(506)) and r.norm(x[0], 1) == 21 and r.norm(x[0], np.inf) == 38


@pytest.mark.parametrize("operation", ["sum", "std", "prod", "vector_norm"])
def test_nothing_is_copied(operation: str) -> None:
    x = np.ones((2000, 1000))
    for view in (x, x.T, x[::2, ::-1]):
        for axis in (None, 0, 1):
            tracemalloc.start()
            getattr(r, operation)(view, axis=axis)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak < 200_000  # the result has up to 16 000 bytes, the array 16 000 000


def test_accumulators_are_exact_for_any_partition() -> None:
    random = np.random.default_rng(8)
    x = random.standard_normal(20_000) * np.exp2(random.integers(-500, 500, 20_000))
    whole = Accumulator(x)
    assert whole.value() == math.fsum(x)
    for pieces in (2, 7, 100):
        parts = [Accumulator(part) for part in np.array_split(random.permutation(x), pieces)]
        total = sum(parts[1:], start=parts[0])
        assert total == whole and total.to_bytes() == whole.to_bytes()
    assert pickle.loads(pickle.dumps(whole)) == whole and (whole - whole).value() == 0
    with pytest.raises(ValueError, match="version"):
        Accumulator.from_bytes(b"\x09" + whole.to_bytes()[1:])
    with pytest.raises(ValueError, match="no stored"):
        Accumulator.from_bytes(whole.to_bytes()[:-1])
    table = random.standard_normal((500, 7))
    rows = Accumulator(shape=(7,)).add(table[:123]).merge(Accumulator(shape=7).add(table[123:]))
    assert rows.value().tolist() == [math.fsum(column) for column in table.T]
    assert Accumulator().add_squares(table) == Accumulator().add_products(table, table)
    with pytest.raises(ValueError, match="broadcast"):
        rows.add(np.ones(6))
    with pytest.raises(TypeError, match="real numbers"):
        Accumulator(1j)
    for beyond in ([2**53 + 1], [-(2**53) - 1, 0], [-(2**63)]):
        assert Accumulator(beyond).value() == float(sum(beyond))
        for add in (Accumulator().add_absolute, Accumulator().add_squares):
            with pytest.raises(TypeError, match=r"beyond 2\^53"):
                add(beyond)
    assert Accumulator().add_absolute([-(2**53), 2**53 - 1, 1]).value() == 2.0**54
    assert Accumulator(shape=np.int64(2)).shape == (2,)
    assert Accumulator.from_bytes(bytearray(whole.to_bytes())) == whole


def test_sum_is_added_to_and_merged_by_several_threads_at_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    x = np.random.default_rng(9).standard_normal((64, 1000))
    total = Accumulator()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(total.add, x))
    assert total.value() == math.fsum(x.ravel())


def test_a_narrower_dtype_rounds_the_result_and_not_the_elements() -> None:
    assert bf.sum([1e40, -1e40], dtype="f4") == 0 and bf.mean([1e40, -1e40, 3.0], dtype="f4") == 1
    assert bf.sum([16777217.0, -16777216.0], dtype="f4") == 1 and bf.std([1e40, 1e40], dtype="f2") == 0
    assert bf.cumulative_sum([1e40, -1e40, 3.0], dtype="f4")[1:].tolist() == [0, 3]
    rng = np.random.default_rng(11)
    for wide, narrow in (("f8", "f4"), ("f8", "f2"), ("f4", "f2"), ("i8", "f4"), ("u8", "f2")):
        for shape in ((7, 3), (600, 2), (3, 1200)):
            if wide[0] == "f":
                x = (rng.normal(size=shape) * 2.0 ** rng.integers(-20, 20, shape)).astype(wide)
            else:
                x = rng.integers(0, 2**63, shape).astype(wide)
            for axis in (0, 1, None):
                lines = [fractions(c) for c in columns(x, axis)]
                with np.errstate(over="ignore"):
                    sums = [rounded(sum(line, Fraction(0)), narrow) for line in lines]
                    means = [rounded(sum(line, Fraction(0)) / len(line), narrow) for line in lines]
                    assert np.ravel(bf.sum(x, axis=axis, dtype=narrow)).tolist() == sums
                    assert np.ravel(bf.mean(x, axis=axis, dtype=narrow)).tolist() == means
    z = np.array([complex(1e40, 1), complex(-1e40, 2)])
    assert bf.sum(z, dtype="c8") == 3j


@pytest.mark.parametrize("kinds", [("i8", "i8"), ("u8", "f4"), ("f8", "i8"), ("i8", "u8"), ("i4", "i8"), ("c16", "i8")])
def test_averages_of_integers_are_exact(kinds: tuple[str, str]) -> None:
    rng = np.random.default_rng(12)

    def some(kind: str) -> Array:
        if kind in ("i8", "u8"):
            least, most = (-(2**63), 2**63) if kind == "i8" else (0, 2**64)
            dtype = {"i8": np.int64, "u8": np.uint64}[kind]
            x = rng.integers(least, most, (5, 40), dtype=dtype) >> rng.integers(0, 63, (5, 40), dtype=dtype)
            x[0, :4] = [0, 2**53, 2**53 + 1, 2**32]
            return x
        return (rng.normal(size=(5, 40)) * 100).astype(kind)

    x, w = some(kinds[0]), some(kinds[1])
    for axis in (0, 1, None):
        found, weight = bf.average(x, axis=axis, weights=w, returned=True)
        for part in ("real", "imag") if kinds[0] == "c16" else ("real",):
            expected = []
            for values, factors in zip(columns(getattr(x, part), axis), columns(w, axis), strict=True):
                a, b = fractions(values), fractions(factors)
                expected.append(float(sum(p * q for p, q in zip(a, b, strict=True)) / sum(b)))
            assert np.ravel(getattr(found, part)).tolist() == expected
        assert np.ravel(weight.real).tolist() == [float(sum(fractions(c))) for c in columns(w, axis)]
    assert bf.average(np.array([2**53 + 1, 2**53 + 2]), weights=[1, 1]) == 2**53 + 2
    assert bf.average(np.array([math.inf, 1.0]), weights=np.array([2**53 + 1, 3])) == math.inf
    assert bf.average(np.array([[2**53 + 1]]), weights=np.array([[3]]), axis=0, keepdims=True).shape == (1, 1)


def test_where_repeats_no_elements_and_arguments_of_no_use_are_named() -> None:
    for shape in ((2, 2), (2, 1, 2)):
        with pytest.raises(ValueError, match="does not broadcast"):
            bf.sum([1.0, 2.0], where=np.ones(shape, bool))
    assert bf.sum(np.ones((2, 2)), where=np.array([True, False])) == 2
    with pytest.raises(TypeError, match=r"axis is None, an integer or a tuple of integers, not 1\.5"):
        bf.sum([1.0], axis=1.5)
    with pytest.raises(TypeError, match="ddof, or correction, is a number, not 'a'"):
        bf.std([1.0, 2.0], ddof="a")


@pytest.mark.parametrize("decades", [60, 200, 300])
def test_terms_of_any_range_are_summed_exactly(decades: int) -> None:
    random = np.random.default_rng(decades)
    x = 10.0 ** random.uniform(-decades, decades, 5000) * random.choice([-1.0, 1.0], 5000)
    x = np.concatenate([x, -x[:4990]])
    random.shuffle(x)
    assert bf.sum(x) == math.fsum(x)
    assert bf.sum_of_squares(x[:300] * 10.0 ** (-decades / 2)) == float(
        sum(f * f for f in fractions(x[:300] * 10.0 ** (-decades / 2)))
    )


@pytest.mark.parametrize("rows", [3, 40, 70, 1500])
def test_accumulators_side_by_side_are_those_of_each_column(rows: int) -> None:
    random = np.random.default_rng(rows)
    x = random.normal(size=(rows, 131))
    x[:, 3] = 10.0 ** random.uniform(-300, 300, rows)
    x[:, 4], x[:, 5] = -0.0, 0.0
    x[: rows // 2 * 2, 6] = np.tile([1.0, -1.0], rows // 2)
    x[rows // 2 * 2 :, 6] = -0.0
    x[:2, 7], x[1, 8], x[2, 9] = np.finfo(float).max, np.inf, np.nan
    x[:, 10] = random.normal(size=rows) * 5e-324
    x[:2, 11] = np.inf, -np.inf
    with np.errstate(over="ignore", invalid="ignore"):
        narrow = x.astype("f")
    for array in (x, narrow, np.asfortranarray(x), x[::-1, ::-1]):
        for method in ("add", "add_absolute", "add_squares"):
            together = getattr(Accumulator(shape=131), method)(array)
            each = b"".join(getattr(Accumulator(), method)(column.copy()).to_bytes()[1:] for column in array.T)
            assert together.to_bytes()[1:] == each
            getattr(together, method)(array)  # to sums that are there already
            each = b"".join(
                getattr(getattr(Accumulator(), method)(c.copy()), method)(c.copy()).to_bytes()[1:] for c in array.T
            )
            assert together.to_bytes()[1:] == each


@pytest.mark.parametrize("dtype", ["i8", "u8"])
def test_moments_of_the_greatest_integers_are_exact(dtype: str) -> None:
    info = np.iinfo(dtype)
    x = np.random.default_rng(5).integers(info.max - 9, info.max, 1000, dtype=dtype)
    x[::3] = info.min
    exact = [Fraction(v) for v in x.tolist()]
    mean = sum(exact, Fraction()) / len(exact)
    assert bf.mean(x) == float(mean)
    assert bf.var(x) == float(sum((v - mean) ** 2 for v in exact) / len(exact))
    assert bf.mean(x, where=x > 0) == float(sum((v for v in exact if v > 0), Fraction()) / sum(v > 0 for v in exact))
