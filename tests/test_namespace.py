"""The array namespace: complete, of the sources that the table names, with the bits that it promises."""

from __future__ import annotations

import doctest
import json
import math
import os
import pickle
import subprocess
import sys
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bitfast as bf
from bitfast.arrays import document
from bitfast.arrays.table import LINALG, MISSING, NAMESPACE, Source
from tests.array_api import numpys

ROOT = Path(__file__).parents[1]

# The names of the standard, version 2025.12.
STANDARD = """
e inf nan newaxis pi bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128
astype can_cast finfo iinfo isdtype result_type __array_namespace_info__ __array_api_version__
arange asarray empty empty_like eye from_dlpack full full_like linspace meshgrid ones ones_like tril triu zeros
zeros_like
abs acos acosh add asin asinh atan atan2 atanh bitwise_and bitwise_left_shift bitwise_invert bitwise_or
bitwise_right_shift bitwise_xor ceil clip conj copysign cos cosh divide equal exp expm1 floor floor_divide greater
greater_equal hypot imag isfinite isinf isnan less less_equal log log1p log2 log10 logaddexp logical_and logical_not
logical_or logical_xor maximum minimum multiply negative nextafter not_equal positive pow real reciprocal remainder
round sign signbit sin sinh square sqrt subtract tan tanh trunc
take take_along_axis matmul matrix_transpose tensordot vecdot
broadcast_arrays broadcast_shapes broadcast_to concat expand_dims flip moveaxis permute_dims repeat reshape roll squeeze
stack tile unstack argmax argmin count_nonzero nonzero searchsorted where isin unique_all unique_counts unique_inverse
unique_values argsort sort cumulative_sum cumulative_prod max mean min prod std sum var all any diff
""".split()
STANDARD_LINALG = """
cholesky cross det diagonal eig eigh eigvals eigvalsh inv matmul matrix_norm matrix_power matrix_rank matrix_transpose
outer pinv qr slogdet solve svd svdvals tensordot trace vecdot vector_norm
""".split()


def test_every_name_of_the_standard_is_there_or_said_to_be_missing() -> None:
    assert set(NAMESPACE) == set(STANDARD)
    assert {*LINALG, *MISSING["linalg"]} == set(STANDARD_LINALG)
    for name in STANDARD:
        assert getattr(bf, name) is NAMESPACE[name].load() and name in dir(bf)
    for name in LINALG:
        assert getattr(bf.linalg, name) is LINALG[name].load()
    with pytest.raises(AttributeError, match="no factorisations yet"):
        _ = bf.linalg.svd
    assert not hasattr(bf, "fft") and bf.__array_api_version__ == "2025.12"


def test_what_is_numpys_is_numpys_own_object_with_a_reason() -> None:
    for entry in [*NAMESPACE.values(), *LINALG.values()]:
        assert entry.why
        if entry.source is Source.NUMPY:
            assert entry.load() is getattr(import_module(entry.module), entry.attribute)
        else:
            assert entry.module.startswith("bitfast.")
            if callable(entry.load()) and not isinstance(entry.load(), type):
                assert pickle.loads(pickle.dumps(entry.load())) is entry.load(), entry.name
        if entry.source is Source.UFUNC:
            assert isinstance(entry.load(), np.ufunc)


def test_numpys_own_functions_answer_the_same_with_and_without_vectors() -> None:
    arithmetic = [e.name for e in NAMESPACE.values() if e.source is Source.NUMPY and e.chapter not in numpys.LOOKS_ONLY]
    assert set(numpys.names()) == {*arithmetic} - {"from_dlpack", "broadcast_shapes"}
    committed = json.loads(numpys.COMMITTED.read_text())
    assert numpys.hashes(numpys.names()) == committed
    # The names that this NumPy has for what it chooses at run time: without them only its baseline is left.
    code = "from numpy._core._multiarray_umath import __cpu_dispatch__ as d; print(*d)"
    features = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    plain = {**os.environ, "NPY_DISABLE_CPU_FEATURES": features}
    run = subprocess.run([sys.executable, numpys.__file__], env=plain, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_page_about_the_namespace_is_the_table() -> None:
    assert (ROOT / "docs" / "namespace.md").read_text() == document.text()


@pytest.mark.parametrize(
    "module", ["array", "creation", "elementwise", "extremes", "info", "linalg", "sets", "sorting"]
)
def test_examples_run(module: str) -> None:
    failed, tried = doctest.testmod(import_module(f"bitfast.arrays.{module}"))
    assert tried and not failed


def test_the_package_is_imported_without_numpy() -> None:
    code = "import sys, bitfast, bitfast.arrays.table; print('numpy' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def bits(x: Any) -> list[int]:
    values = np.asarray(x)
    return np.atleast_1d(values).view(f"u{values.dtype.itemsize}").tolist()


def test_ranges_are_rounded_once() -> None:
    step, start = 0.1, -3.7
    expected = [float(Fraction(start) + i * Fraction(step)) for i in range(1000)]
    assert bits(bf.arange(start, start + 1000 * step - 0.05, step)) == bits(expected)
    gap = (7.3 - start) / 999
    expected = [float(Fraction(start) + i * Fraction(gap)) for i in range(999)] + [7.3]
    assert bits(bf.linspace(start, 7.3, 1000)) == bits(expected)
    assert bf.arange(5, 0, -2).tolist() == [5, 3, 1] and bf.arange(3).dtype == np.int64
    assert bf.arange(0, 1, 0.25, dtype=bf.float32).dtype == np.float32
    assert bf.linspace(0, 1j, 3).tolist() == [0, 0.5j, 1j] and bf.linspace(1, 2, 0).size == 0
    assert bf.linspace(2.0, 3.0, 1).tolist() == [2.0] and bf.linspace(0.0, 1.0, 4, endpoint=False)[-1] == 0.75


def test_casts_of_creation_saturate() -> None:
    with np.errstate(invalid="ignore"):
        assert bf.asarray(np.array([np.nan, 1e10, -1e10, 2.9]), dtype="int8").tolist() == [0, 127, -128, 2]
        assert bf.full(2, 1e10, dtype="int8").tolist() == [127, 127]
        assert bf.full_like(np.zeros(2, "u1"), -5.0).tolist() == [0, 0]
    x = np.arange(3.0)
    assert bf.asarray(x) is x and bf.asarray(x, copy=True) is not x
    with pytest.raises(ValueError, match="copy"):
        bf.asarray(x, dtype="int8", copy=False)
    assert bf.empty((2, 2)).tolist() == [[0, 0], [0, 0]] and bf.empty_like(x).tolist() == [0, 0, 0]


def test_complex_casts_go_by_parts() -> None:
    x = np.array([complex(math.nan, 1e40), 1 + 2j])
    with np.errstate(over="ignore"):
        single = bf.astype(x, "complex64")
    assert bits(single.view("f4")) == [0x7FC00000, 0x7F800000, *bits(np.array([1, 2], "f4"))]
    assert bf.astype([1, 2], "complex128").tolist() == [1, 2] and bf.astype(x, bool).all()
    with pytest.raises(TypeError, match="take the real part"):
        bf.astype(x, "float64")
    assert bf.astype(x, x.dtype, copy=False) is x and bf.astype(x, x.dtype) is not x


@pytest.mark.parametrize("dtype", ["f8", "f4", "i4"])
def test_sorting_keeps_the_order_of_equals(dtype: str) -> None:
    x = np.random.default_rng(1).integers(0, 5, (4, 300)).astype(dtype)
    for axis in (0, 1, -1):
        lines = np.moveaxis(x, axis, -1)
        lines = lines.reshape(-1, lines.shape[-1])
        for descending in (False, True):
            found = np.moveaxis(bf.argsort(x, axis=axis, descending=descending), axis, -1).reshape(lines.shape)
            for line, order in zip(lines, found, strict=True):
                sign = -1 if descending else 1
                assert order.tolist() == sorted(range(len(line)), key=lambda i, a=line, s=sign: (s * a[i], i))
    zeros = np.array([0.0, -0.0, 1.0, -0.0, np.nan])
    assert np.signbit(bf.sort(zeros))[:3].tolist() == [False, True, True]
    assert bits(bf.sort(zeros, descending=True)) == bits([np.nan, 1.0, 0.0, -0.0, -0.0])


def test_of_equals_the_first_one_is_kept() -> None:
    x = np.array([[-0.0, 0.0, 2.0], [2.0, np.nan, np.nan]])
    found = bf.unique_all(x)
    assert bits(found.values) == bits([-0.0, 2.0, np.nan, np.nan])
    assert found.indices.tolist() == [0, 2, 4, 5] and found.counts.tolist() == [2, 2, 1, 1]
    assert found.inverse_indices.tolist() == [[0, 0, 1], [1, 2, 3]]
    assert not np.signbit(bf.unique_values(-x)[1])


def test_extremes_are_ieee_754_2019() -> None:
    assert bits(bf.max([-0.0, 0.0])) == bits(0.0) and bits(bf.min([0.0, -0.0])) == bits(-0.0)
    assert np.isnan(bf.max([1.0, np.nan])) and bf.min(np.array([[3, 1], [2, 5]]), axis=0).tolist() == [2, 1]
    with pytest.raises(ValueError, match="zero-size array to reduction operation maximum which has no identity"):
        bf.max(np.zeros(0))


def test_composed_functions() -> None:
    inf = math.inf
    assert bits(bf.logaddexp([inf, -inf, inf, 0.0], [inf, -inf, -inf, 0.0])) == bits([inf, -inf, inf, math.log(2)])
    assert bits(bf.logaddexp(1.0, math.nan)) == [0x7FF8000000000000]
    assert bf.clip(np.array([1, 200], "u1"), -5, 300).tolist() == [1, 200]
    assert bf.clip([1.0, 2.0, 3.0], [0.0, 2.5, 0.0], 2.75).tolist() == [1.0, 2.5, 2.75]
    assert np.isnan(bf.clip(1.0, math.nan, 2.0)) and bits(bf.clip(-0.0, 0.0, 1.0)) == bits(0.0)
    assert bf.round(np.array([3, -3], "i2")).dtype == np.int16 and bf.round([2.5 + 1.5j]).tolist() == [2 + 2j]
    assert bf.abs([3 + 4j]).tolist() == [5.0] and bf.abs(np.array([3 + 4j], "c8")).dtype == np.float32
    assert bf.sign([3 + 4j, 0j]).tolist() == [0.6 + 0.8j, 0]
    assert bf.diff([1, 4, 9], n=2).tolist() == [2] and bf.diff([[1, 4], [2, 8]], axis=0, prepend=0).shape == (2, 2)
    with pytest.raises(ValueError, match="order must be non-negative"):
        bf.diff([1.0], n=-1)


def test_products_of_linalg() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 3, 4)), rng.normal(size=(4, 3, 5))
    flat = bf.matmul(x.transpose(0, 2, 1).reshape(2, 12), y.reshape(12, 5))
    assert bits(bf.tensordot(x, y, axes=((2, 1), (0, 1)))) == bits(flat)
    assert bits(bf.tensordot(x, y[:, 0], axes=1)) == bits(bf.matmul(x.reshape(6, 4), y[:, 0]).reshape(2, 3, 5))
    with pytest.raises(ValueError, match="shape-mismatch for sum"):
        bf.tensordot(x, y, axes=2)
    a, b = x[0, :, :3], y[0, :, :3]
    assert np.allclose(bf.linalg.cross(a, b), np.linalg.cross(a, b), rtol=1e-12)
    assert bits(bf.linalg.outer([0.1, 2], [3.0, 0.1])) == bits(np.linalg.outer([0.1, 2], [3.0, 0.1]))
    square = rng.normal(size=(3, 3))
    assert bits(bf.linalg.matrix_power(square, 3)) == bits(bf.matmul(square, bf.matmul(square, square)))
    assert bf.linalg.matrix_power(square, 0).tolist() == np.eye(3).tolist()
    with pytest.raises(NotImplementedError, match="inverse"):
        bf.linalg.matrix_power(square, -1)
    with pytest.raises(NotImplementedError, match="singular values"):
        bf.linalg.matrix_norm(square, ord="nuc")
    for order in (1, -1, math.inf, -math.inf, "fro"):
        expected = np.linalg.matrix_norm(x, ord=order, keepdims=True)
        assert np.allclose(bf.linalg.matrix_norm(x, ord=order, keepdims=True), expected, rtol=1e-14)
    for order in (0, 1, 2, 3, -2, 0.5, math.inf, -math.inf):
        for axis in (None, 0, (0, 2)):
            expected = np.linalg.vector_norm(x, ord=order, axis=axis)
            assert np.allclose(bf.linalg.vector_norm(x, ord=order, axis=axis), expected, rtol=1e-14)
    huge = np.array([1e16, 1.0, -1e16])
    assert bf.linalg.trace(np.diag(huge)) == 1.0 and bf.linalg.trace(np.eye(3), offset=1) == 0.0


@pytest.mark.parametrize("name", "add subtract multiply divide remainder floor_divide maximum pow".split())
def test_nothing_is_upcast_silently(name: str) -> None:
    function = getattr(bf, name)
    for dtype in ("f4", "f8"):
        x = np.ones(3, dtype)
        assert function(x, 2).dtype == function(x, 2.0).dtype == function(x, x).dtype == dtype
    assert function(np.ones(3, "f4"), np.ones(3, "f8")).dtype == "f8"
    if name != "divide":
        assert function(np.ones(3, "i2"), 2).dtype == "i2"


def test_an_array_computes_with_functions_of_ours() -> None:
    values = np.random.default_rng(3).normal(size=(5, 5))
    x = bf.Array(values)
    for ours, expected in (
        (x @ x, bf.matmul(values, values)), (x + 1, bf.add(values, 1)), (2 - x, bf.subtract(2, values)),
        (abs(x) ** 0.3, bf.pow(bf.abs(values), 0.3)), (-x, bf.negative(values)),
        (x // 0.3, bf.floor_divide(values, 0.3)),
        (values / x, bf.divide(values, values)), (np.exp(x), bf.exp(values)), (bf.sin(x), bf.sin(values)),
        (x.mT, values.T), (x[1:, 0], values[1:, 0]), (x.__array_namespace__().sum(x, axis=0), bf.sum(values, axis=0)),
    ):  # fmt: skip
        assert isinstance(ours, bf.Array) and bits(ours) == bits(expected)
    assert (bf.Array([math.inf]) // 2).__array__().tolist() == [math.inf]
    assert isinstance(x < 0, bf.Array) and bool(bf.Array(True)) and float(bf.Array(1.5)) == 1.5 and len(x) == 5
    y = bf.Array([1.0, 2.0])
    z = y
    y += 1
    assert y is z and np.asarray(y).tolist() == [2.0, 3.0]
    with pytest.raises(ValueError, match="non-broadcastable output operand"):
        y += np.ones((2, 2))
    with pytest.raises(TypeError):
        bf.Array([1]).__iadd__(bf.Array([0.5]))
    with pytest.raises(TypeError):
        np.spacing(x)
    with pytest.raises(TypeError, match=r"numpy\.median"):
        np.median(x)
    assert repr(bf.Array([1.0, 2.0])) == "Array([1., 2.])"
    assert bf.array_api.unique_counts(bf.Array([2, 1, 2])).counts[1] == 2
    with pytest.raises(ValueError, match="no version"):
        x.__array_namespace__(api_version="1999.12")


def test_functions_given_an_array_return_arrays() -> None:
    values = np.random.default_rng(4).normal(size=(4, 4)) * 2.0 ** np.arange(0, 112, 7).reshape(4, 4)
    x = bf.Array(values)
    for ours, expected in (
        (bf.sum(x), bf.sum(values)), (bf.average(values, weights=x), bf.average(values, weights=values)),
        (bf.max(x, axis=0), bf.max(values, axis=0)), (bf.reshape(x, (2, 8)), values.reshape(2, 8)),
        (bf.concat([x, values]), np.concatenate([values, values])), (bf.astype(x, "f4"), values.astype("f4")),
        (bf.astype(x, "f8", copy=False), values), (bf.linalg.trace(x), bf.linalg.trace(values)),
        (bf.where(x > 0, x, 0), np.where(values > 0, values, 0)), (bf.tensordot(x, x), bf.tensordot(values, values)),
        # NumPy's functions are ours
        (np.sum(x), bf.sum(values)), (np.mean(x, axis=1), bf.mean(values, axis=1)), (np.std(x), bf.std(values)),
        (np.cumsum(x, axis=0), bf.cumulative_sum(values, axis=0)), (np.linalg.norm(x), bf.norm(values)),
        (np.average(x, weights=x), bf.average(values, weights=values)), (np.sort(x), bf.sort(values)),
    ):  # fmt: skip
        assert isinstance(ours, bf.Array) and bits(ours) == bits(expected)
    out = bf.Array(np.empty(4))
    for function in (bf.sum, np.sum, np.mean):
        assert function(x, axis=0, out=out) is out and bits(out)[0] == bits(function(x, axis=0))[0]
    assert bf.exp(x[0, :4] / 1e3, out=out) is out and np.add(out, 1, out=out) is out
    assert np.shape(x) == (4, 4) and np.result_type(x, np.float32) == np.float64 and type(np.asarray(x)) is np.ndarray


def test_numpys_reductions_of_an_array_are_ours_or_refused() -> None:
    values = np.array([1e16, 1.0, -1e16])
    x = bf.Array(values)
    for found in (np.add.reduce(x), np.sum(x), np.add.reduce(x, axis=None), np.mean(x) * 3):
        assert isinstance(found, bf.Array) and float(found) == 1
    two = bf.Array(np.stack([values, values]))
    assert np.add.reduce(two, 1).__array__().tolist() == [1, 1]
    assert np.add.reduce(two).shape == (3,) and np.add.reduce(two, axis=1, keepdims=True).shape == (2, 1)
    factors = np.random.default_rng(3).normal(size=1000)
    product = np.multiply.reduce(bf.Array(factors))
    assert bits(product) == bits(bf.prod(factors)) and isinstance(product, bf.Array)
    assert bits(np.maximum.reduce(bf.Array([-np.nan]))) == bits(np.minimum.reduce(bf.Array([-np.nan]))) == bits(np.nan)
    assert bool(np.logical_or.reduce(x)) and np.subtract.outer(x, x).shape == (3, 3)
    out = bf.Array(np.zeros(2))
    assert np.add.reduce(two, axis=1, out=out) is out and out.__array__().tolist() == [1, 1]
    for refused, hint in (
        (lambda: np.add.accumulate(x), "bf.cumulative_sum"), (lambda: np.add.reduceat(x, [0]), "np.asarray"),
        (lambda: np.subtract.reduce(x), "np.asarray"), (lambda: np.multiply.accumulate(x), "bf.cumulative_prod"),
        (lambda: np.dot(x, x), "bf.vecdot"), (lambda: np.einsum("i,i", x, x), "bf.tensordot"),
        (lambda: np.linalg.inv(two), "np.asarray"), (lambda: np.median(x), "np.asarray"),
    ):  # fmt: skip
        with pytest.raises(TypeError, match=hint):
            refused()


def test_one_element_has_the_canonical_nan() -> None:
    odd = np.array([0xFFF8000000000000, 0x7FF8000000000005], "u8").view("f8")
    for function in (bf.max, bf.min):
        assert bits(function(odd[:1])) == bits(function(odd)) == bits(np.nan)
        assert bits(function(odd[:, None], axis=1)) == bits([np.nan, np.nan])
        assert bits(function(odd[None].astype("f4"), axis=0)) == [0x7FC00000] * 2
        assert function(np.array([True])) and function(np.array([7])) == 7


def test_a_line_between_numbers_far_apart() -> None:
    assert bf.linspace(-1e308, 1e308, 5).tolist() == [-1e308, -5e307, 0, 5e307, 1e308]
    assert bf.linspace(1e308, -1e308, 4, endpoint=False).tolist() == [1e308, 5e307, 0, -5e307]
    most = np.finfo(float).max
    assert bf.linspace(-most, most, 2).tolist() == [-most, most]


def test_masks_are_refused_or_kept() -> None:
    x = np.ma.array([1.0, 9.0], mask=[False, True])
    for function in (
        bf.max, bf.min, bf.sum, bf.average, bf.sort, bf.argsort, bf.unique_values, bf.unique_all, bf.unique_counts,
        bf.unique_inverse, bf.diff, bf.asarray, bf.Array, bf.linalg.vector_norm, bf.sign, bf.cumulative_prod,
    ):  # fmt: skip
        with pytest.raises(TypeError, match="of a masked array: pass "):
            function(x)
    for kept in (bf.clip(x), bf.clip(x, 0, 5), bf.abs(x), bf.round(x)):
        assert kept.mask.tolist() == [False, True]
    assert bf.argmax(x) == 0


def test_what_an_array_has_not_names_what_is_there() -> None:
    x = bf.Array([1.25, 2.0])
    for name, hint in (("sum", r"use bf\.sum\(x\)"), ("cumsum", r"use bf\.cumulative_sum\(x\)"),
                       ("item", r"use np\.asarray\(x\)\.item"), ("nonsense", "no attribute 'nonsense'$")):  # fmt: skip
        with pytest.raises(AttributeError, match=hint):
            getattr(x, name)
    with pytest.raises(ValueError, match=r"use bf\.any\(x\) or bf\.all\(x\)"):
        bool(x)
    assert round(x[0], 1) == 1.2 and round(x[1]) == 2 and f"{x[0]:.1f} {x[1]}" == "1.2 Array(2.)"
    with pytest.raises(TypeError, match=r"bf\.round"):
        round(x)
    assert pickle.loads(pickle.dumps(x)).__array__().tolist() == [1.25, 2.0]
    with pytest.raises(AttributeError, match="no factorisations yet"):
        _ = bf.array_api.linalg.svd
    with pytest.raises(ValueError, match="Invalid norm order 'fro' for vectors"):
        bf.linalg.vector_norm([3.0, 4.0], ord="fro")
