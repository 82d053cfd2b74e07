"""Reductions over any axes: exact, then rounded once; and cumulative sums and products (contract, clauses 4 and 6).

Arguments are as NumPy and the array API standard both have them; float16, float32, float64 and complex arrays are read
where they lie, without a copy (but for the other byte order). Integers: sums and products are NumPy's own, exact modulo
2^bits; means, averages, variances, and sums in a floating-point dtype are of the exact rational numbers, rounded once.
Everything else takes 64-bit integers as float64 first, which rounds those beyond 2^53. Results are plain arrays, for
subclasses of ndarray too.
"""

from __future__ import annotations

import math
import operator
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from bitfast import _native
from bitfast.ufuncs import astype

__all__ = [
    "average", "cumulative_prod", "cumulative_sum", "dot_along", "mean", "norm", "prod", "std", "sum",
    "sum_of_squares", "var", "vector_norm",
]  # fmt: skip

Array = npt.NDArray[Any]
Axis = int | Sequence[int] | None
DType = npt.DTypeLike | None

# As in native/reduce/reductions.h.
SUM, ABSOLUTE, SQUARES, NORM, DOT, MEAN, VARIANCE, DEVIATION, AVERAGE, LARGEST, PRODUCT = range(11)

_OMITTED: Any = type("_Omitted", (), {"__repr__": lambda self: "<no value>"})()


def _array(x: npt.ArrayLike, function: str) -> Array:
    """x as an array of this chip's byte order, aligned or not. Refuses what has no exact sum."""
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError(f"{function} of a masked array: pass its data and where=~mask")
    array = np.asarray(x)
    if array.dtype.kind not in "biufc" or array.dtype.char in "gG":
        raise TypeError(f"{function} has no loop for arrays of type {array.dtype}")
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def _axes(axis: Axis, dimensions: int) -> tuple[int, ...]:
    if not (axis is None or hasattr(axis, "__index__") or isinstance(axis, Sequence)):
        raise TypeError(f"axis is None, an integer or a tuple of integers, not {axis!r}")
    return tuple(range(dimensions)) if axis is None else tuple(sorted(normalize_axis_tuple(axis, dimensions)))


def _real_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Of the real numbers in it: float64 for integers."""
    if dtype.kind == "c":
        return np.dtype(f"f{dtype.itemsize // 2}")
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


class _Reduction:
    """The arguments that all reductions share, and their result."""

    def __init__(
        self, function: str, x: npt.ArrayLike, axis: Axis, dtype: DType, out: Array | None, keepdims: bool,
        where: npt.ArrayLike,
    ) -> None:  # fmt: skip
        self.function = function
        self.x = _array(x, function)
        self.where = None if where is True else _where(where, self.x.shape)
        self.axes = _axes(axis, self.x.ndim)
        self.dtype = self._result_dtype(dtype)
        self.keepdims = keepdims
        self.shape = tuple(n for k, n in enumerate(self.x.shape) if k not in self.axes)
        self.out = self._checked(out)

    def _result_dtype(self, dtype: DType) -> np.dtype[Any]:
        if dtype is None:
            return self.x.dtype if self.x.dtype.kind in "fc" else np.dtype(np.float64)
        # The elements stay what they are, so that only the result is rounded.
        wanted = np.dtype(dtype)
        if wanted.kind not in "fc" or wanted.char in "gG":
            raise TypeError(f"{self.function} has no loop with results of type {wanted}")
        if wanted.kind == "f" and self.x.dtype.kind == "c":
            text = "Casting complex values to real discards the imaginary part"
            warnings.warn(text, np.exceptions.ComplexWarning, stacklevel=5)
            self.x = self.x.real
        return wanted

    def _checked(self, out: Array | None) -> Array | None:
        if out is None:
            return None
        if isinstance(out, tuple) and len(out) == 1:
            out = out[0]
        if not isinstance(out, np.ndarray):
            raise TypeError("output must be an array")
        wanted = self._kept_shape()
        if out.shape != wanted:
            what = f"output parameter for reduction operation {self.function}"
            raise ValueError(f"{what} has the wrong shape: {out.shape} for {wanted}")
        return out

    def _kept_shape(self) -> tuple[int, ...]:
        if not self.keepdims:
            return self.shape
        return tuple(1 if k in self.axes else n for k, n in enumerate(self.x.shape))

    def run(
        self, operation: int, x: Array, result: Array, *, y: Array | None = None, correction: float = 0.0,
        initial: float | None = None,
    ) -> tuple[bool, bool]:  # fmt: skip
        return _native.reduce(operation, x, y, self.where, result, self.axes, correction, initial, False)

    def finish(self, result: Array) -> Any:
        if self.keepdims:
            result = result.reshape(self._kept_shape())
        if self.out is not None:
            if not np.can_cast(result.dtype, self.out.dtype, "same_kind"):
                raise TypeError(
                    f"Cannot cast ufunc {self.function!r} output from {result.dtype!r} to {self.out.dtype!r} "
                    "with casting rule 'same_kind'"
                )
            self.out[...] = result
            return self.out
        return result if result.ndim else result[()]


def _where(where: npt.ArrayLike, shape: tuple[int, ...]) -> Array:
    mask = np.asarray(where)
    if mask.dtype != np.bool_:
        raise TypeError(f"Cannot cast array data from {mask.dtype!r} to dtype('bool') according to the rule 'safe'")
    if np.broadcast_shapes(mask.shape, shape) != shape:  # it would repeat elements
        raise ValueError(f"where, of shape {mask.shape}, does not broadcast to the array's shape {shape}")
    return np.broadcast_to(mask, shape)


def _in_parts(r: _Reduction, operation: int, initial: Any = None) -> Array:
    """A result whose real and imaginary parts are those of the arguments."""
    result = np.empty(r.shape, r.dtype)
    if r.dtype.kind != "c":
        r.run(operation, r.x, result, initial=None if initial is None else float(initial))
        return result
    start = None if initial is None else complex(initial)
    parts = (r.x.real, r.x.imag) if r.x.dtype.kind == "c" else (r.x, None)
    r.run(operation, parts[0], result.real, initial=None if start is None else start.real)
    if parts[1] is None:
        result.imag = 0.0 if start is None else start.imag
    else:
        r.run(operation, parts[1], result.imag, initial=None if start is None else start.imag)
    return result


def _is_integer_result(x: npt.ArrayLike, dtype: DType) -> bool:
    kind = np.asarray(x).dtype.kind
    return kind in "biufc" and (kind if dtype is None else np.dtype(dtype).kind) not in "fc"


def sum(
    x: npt.ArrayLike, /, axis: Axis = None, dtype: DType = None, out: Array | None = None,
    keepdims: bool = False, initial: Any = _OMITTED, where: npt.ArrayLike = True,
) -> Any:  # fmt: skip
    """The exact sum over `axis`, rounded once; complex numbers by parts.

    The sum of nothing is 0, that of nothing but -0 is -0. `initial` is added exactly. Integers and bools: NumPy's sum;
    with a floating-point dtype their exact sum, rounded once. Other numbers with an integer dtype are cast first, as
    bf.astype casts.

    >>> sum([1e300, 1.0, -1e300])
    np.float64(1.0)
    """
    _refuse_masked(x, "sum")
    start = None if initial is _OMITTED else initial
    if _is_integer_result(x, dtype):
        options = {} if initial is _OMITTED else {"initial": initial}
        whole = _integers(x, dtype)
        return np.sum(whole, axis=axis, dtype=dtype, out=out, keepdims=keepdims, where=where, **options)  # type: ignore
    r = _Reduction("add", x, axis, dtype, out, keepdims, where)
    return r.finish(_in_parts(r, SUM, start))


def _integers(x: npt.ArrayLike, dtype: DType) -> npt.ArrayLike:
    """What NumPy is given for a result of integers: its own cast of NaN and of large numbers is the chip's."""
    array = np.asarray(x)
    return x if array.dtype.kind in "biu" or dtype is None else np.asarray(astype(array, dtype))


def _refuse_masked(x: object, function: str) -> None:
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError(f"{function} of a masked array: pass its data and where=~mask")


def prod(
    x: npt.ArrayLike, /, axis: Axis = None, dtype: DType = None, out: Array | None = None,
    keepdims: bool = False, initial: Any = _OMITTED, where: npt.ArrayLike = True,
) -> Any:  # fmt: skip
    """The product over `axis`: sixteen chains of products rounded one by one, joined in pairs (docs/contract.md).

    Elements that `where` leaves out count as 1; the product of nothing is 1; `initial` is multiplied last. float16 is
    multiplied in float32. Integers and bools: NumPy's own product. Other numbers with an integer dtype are cast first,
    as bf.astype casts.

    >>> prod([2.0, 3.0, 4.0])
    np.float64(24.0)
    """
    _refuse_masked(x, "prod")
    if _is_integer_result(x, dtype):
        options = {} if initial is _OMITTED else {"initial": initial}
        whole = _integers(x, dtype)
        return np.prod(whole, axis=axis, dtype=dtype, out=out, keepdims=keepdims, where=where, **options)  # type: ignore
    r = _Reduction("multiply", x, axis, dtype, out, keepdims, where)
    if r.x.dtype != r.dtype:
        r.x = r.x.astype(r.dtype)
    result = np.empty(r.shape, r.dtype)
    if initial is None:
        initial = _OMITTED
    if r.dtype.kind == "c":
        r.run(PRODUCT, r.x.real, result.real, y=r.x.imag)
        if initial is not _OMITTED:
            result = _complex_product(np.asarray(initial, r.dtype), result)
    else:
        r.run(PRODUCT, r.x, result, initial=None if initial is _OMITTED else float(initial))
    return r.finish(result)


def _complex_product(a: Array, b: Array) -> Array:
    """Every operation rounded once, as in the chains."""
    result = np.empty(np.broadcast_shapes(a.shape, b.shape), b.dtype)
    result.real = a.real * b.real - a.imag * b.imag
    result.imag = a.real * b.imag + a.imag * b.real
    _make_canonical(result)
    return result


def _make_canonical(x: Array) -> None:
    """Every NaN, of parts too, becomes the canonical one."""
    for part in (x.real, x.imag) if x.dtype.kind == "c" else (x,):
        np.copyto(part, np.nan, where=np.isnan(part))


def mean(
    x: npt.ArrayLike, /, axis: Axis = None, dtype: DType = None, out: Array | None = None,
    keepdims: bool = False, *, where: npt.ArrayLike = True,
) -> Any:  # fmt: skip
    """The exact mean over `axis`, rounded once; complex numbers by parts, integers in float64.

    The mean of nothing is NaN, with a RuntimeWarning.

    >>> mean([1, 2, 4])
    np.float64(2.3333333333333335)
    """
    r = _Reduction("mean", x, axis, dtype, out, keepdims, where)
    _warn_if_empty(r, "Mean of empty slice.")
    return r.finish(_in_parts(r, MEAN))


def _count(r: _Reduction) -> Any:
    """How many elements a result is of: the least of all results."""
    if r.where is None:
        return math.prod(r.x.shape[k] for k in r.axes)
    counts = np.sum(r.where, axis=r.axes)
    return counts.min() if counts.size else 1


def _warn_if_empty(r: _Reduction, text: str) -> None:
    if math.prod(r.shape) and _count(r) == 0:
        warnings.warn(text, RuntimeWarning, stacklevel=4)  # these two, and on_both


def var(
    x: npt.ArrayLike, /, axis: Axis = None, dtype: DType = None, out: Array | None = None, ddof: float = 0,
    keepdims: bool = False, *, where: npt.ArrayLike = True, correction: float = _OMITTED,
) -> Any:  # fmt: skip
    """Σ|x - mean|²/(n - ddof) over `axis`: exact, rounded once; real for complex numbers, float64 for integers.

    n - ddof is rounded to float64. `correction` is ddof's name in the array API standard. Where n <= ddof the divisor
    is 0, with a RuntimeWarning.

    >>> var([1e8, 1e8 + 1, 1e8 + 2])
    np.float64(0.6666666666666666)
    """
    return _spread(VARIANCE, x, axis, dtype, out, ddof, keepdims, where, correction)


def std(
    x: npt.ArrayLike, /, axis: Axis = None, dtype: DType = None, out: Array | None = None, ddof: float = 0,
    keepdims: bool = False, *, where: npt.ArrayLike = True, correction: float = _OMITTED,
) -> Any:  # fmt: skip
    """The root of the exact variance over `axis`, rounded once; see `var`.

    >>> std([1, 2, 3, 4])
    np.float64(1.118033988749895)
    """
    return _spread(DEVIATION, x, axis, dtype, out, ddof, keepdims, where, correction)


def _spread(
    operation: int, x: npt.ArrayLike, axis: Axis, dtype: DType, out: Array | None, ddof: float, keepdims: bool,
    where: npt.ArrayLike, correction: float,
) -> Any:  # fmt: skip
    if correction is not _OMITTED:
        if ddof != 0:
            raise ValueError("ddof and correction can't be provided simultaneously.")
        ddof = correction
    if not (hasattr(ddof, "__float__") or hasattr(ddof, "__index__")):
        raise TypeError(f"ddof, or correction, is a number, not {ddof!r}")
    name = "var" if operation == VARIANCE else "std"
    r = _Reduction(name, x, axis, dtype, out, keepdims, where)
    if math.prod(r.shape) and _count(r) <= ddof:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=4)
    result = np.empty(r.shape, _real_dtype(r.dtype))
    parts = (r.x.real, r.x.imag) if r.x.dtype.kind == "c" else (r.x, None)
    r.run(operation, parts[0], result, y=parts[1], correction=float(ddof))
    return r.finish(result)


def sum_of_squares(
    x: npt.ArrayLike, /, axis: Axis = None, dtype: DType = None, out: Array | None = None,
    keepdims: bool = False, where: npt.ArrayLike = True,
) -> Any:  # fmt: skip
    """Σ|x|² over `axis`: exact, rounded once; real for complex numbers, float64 for integers.

    64-bit integers are taken as float64.

    >>> sum_of_squares([3.0, 4.0])
    np.float64(25.0)
    """
    return _of_magnitudes("sum_of_squares", SQUARES, x, axis, dtype, out, keepdims, where)


def _of_magnitudes(
    function: str, operation: int, x: npt.ArrayLike, axis: Axis, dtype: DType, out: Array | None,
    keepdims: bool, where: npt.ArrayLike,
) -> Any:  # fmt: skip
    r = _Reduction(function, x, axis, dtype, out, keepdims, where)
    if r.x.dtype.kind in "iu" and r.x.dtype.itemsize == 8:
        r.x = r.x.astype(np.float64)
    result = np.empty(r.shape, _real_dtype(r.dtype))
    if r.x.dtype.kind == "c":
        if operation in (SQUARES, NORM):  # over the parts too, as an axis of their own
            real = _real_dtype(r.x.dtype)
            parts = np.lib.stride_tricks.as_strided(
                r.x.real, (*r.x.shape, 2), (*r.x.strides, real.itemsize), writeable=False
            )
            where_parts = None if r.where is None else np.broadcast_to(r.where[..., None], parts.shape)
            _native.reduce(operation, parts, None, where_parts, result, (*r.axes, r.x.ndim), 0.0, None, False)
            return r.finish(result)
        from bitfast import ufuncs

        r.x = ufuncs.__dict__["hypot"](r.x.real, r.x.imag)
    r.run(operation, r.x, result)
    return r.finish(result)


def vector_norm(
    x: npt.ArrayLike, /, *, axis: Axis = None, keepdims: bool = False, ord: float = 2,
    dtype: DType = None,
) -> Any:  # fmt: skip
    """The norm of order 1, 2, inf, -inf or 0 over `axis`: √Σ|x|² and Σ|x| are exact and rounded once.

    |x| of a complex number is rounded once itself for orders 1 and ±inf. Other orders raise ValueError.

    >>> vector_norm([3.0, 4.0])
    np.float64(5.0)
    """
    if ord == 2:
        return _of_magnitudes("norm", NORM, x, axis, dtype, None, keepdims, True)
    if ord == 1:
        return _of_magnitudes("norm", ABSOLUTE, x, axis, dtype, None, keepdims, True)
    if ord == math.inf:
        r = _Reduction("norm", x, axis, dtype, None, keepdims, True)
        if math.prod(r.shape) and _count(r) == 0:
            raise ValueError("zero-size array to reduction operation maximum which has no identity")
        return _of_magnitudes("norm", LARGEST, x, axis, dtype, None, keepdims, True)
    array = _array(x, "norm")
    real = _real_dtype(array.dtype if dtype is None else np.dtype(dtype))
    axes = _axes(axis, array.ndim)
    if ord == -math.inf:
        from bitfast import ufuncs

        sizes = ufuncs.__dict__["hypot"](array.real, array.imag) if array.dtype.kind == "c" else np.abs(array)
        return np.min(sizes, axis=axes, keepdims=keepdims).astype(real)
    if ord == 0:
        return np.asarray(np.sum(array != 0, axis=axes, keepdims=keepdims)).astype(real)[()]
    raise ValueError(f"a norm of order {ord!r}: only 0, 1, 2, inf and -inf are rounded once")


def norm(x: npt.ArrayLike, /, ord: float | str | None = None, axis: Axis = None, keepdims: bool = False) -> Any:
    """As numpy.linalg.norm, for vectors and for the matrix norms 'fro', 1, inf and their negatives.

    >>> norm([[3.0, 4.0], [0.0, 12.0]])
    np.float64(13.0)
    """
    array = _array(x, "norm")
    if ord is None:
        return vector_norm(array, axis=axis, keepdims=keepdims)
    axes = _axes(axis, array.ndim) if axis is None else normalize_axis_tuple(axis, array.ndim)
    if len(axes) == 1:
        return vector_norm(array, axis=axes, keepdims=keepdims, ord=_number(ord))
    if len(axes) != 2:
        raise ValueError("Improper number of dimensions to norm.")
    if ord in ("fro", "f"):
        return vector_norm(array, axis=axes, keepdims=keepdims)
    if ord not in (1, -1, math.inf, -math.inf):
        raise ValueError(f"a matrix norm of order {ord!r}: only 'fro', 1, -1, inf and -inf are rounded once")
    along, over = axes if abs(_number(ord)) == 1 else axes[::-1]
    sums = vector_norm(array, axis=along, keepdims=True, ord=1)
    result = (np.max if _number(ord) > 0 else np.min)(sums, axis=over, keepdims=True)
    return result if keepdims else np.squeeze(result, axis=axes)[()]


def _number(ord: float | str) -> float:
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order {ord!r} for vectors")
    return ord


def average(
    x: npt.ArrayLike, /, axis: Axis = None, weights: npt.ArrayLike | None = None, returned: bool = False, *,
    keepdims: bool = False,
) -> Any:  # fmt: skip
    """Σwx/Σw over `axis`: the quotient of the exact sums, rounded once; complex numbers by parts.

    Weights are real, of x's shape or of that of the axes. With `returned`, the sum of the weights too. Raises
    ZeroDivisionError where weights sum to 0.

    >>> average([1.0, 2.0, 4.0], weights=[3, 2, 1])
    np.float64(1.8333333333333333)
    """
    if weights is None:
        result = mean(x, axis=axis, keepdims=keepdims)
        if not returned:
            return result
        array = np.asarray(x)
        count = math.prod(array.shape[k] for k in _axes(axis, array.ndim))
        return result, np.full_like(np.asarray(result), count)[()]
    array, scale = _array(x, "average"), _array(weights, "average")
    if scale.dtype.kind == "c":
        raise TypeError("average has no loop for complex weights")
    axes = None if axis is None else normalize_axis_tuple(axis, array.ndim)
    if scale.shape != array.shape:
        if axes is None:
            raise TypeError("Axis must be specified when shapes of a and weights differ.")
        if scale.shape != tuple(array.shape[k] for k in axes):
            raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        order = sorted(range(len(axes)), key=axes.__getitem__)
        scale = scale.transpose(order).reshape([n if k in axes else 1 for k, n in enumerate(array.shape)])
        scale = np.broadcast_to(scale, array.shape)
    dtype = np.result_type(array.dtype, scale.dtype)
    if array.dtype.kind in "biu":
        dtype = np.result_type(dtype, np.float64)
    r = _Reduction("average", array, axis, None, None, keepdims, True)
    values, factors = _in_pairs(r.x, scale)
    over = (*r.axes, *range(r.x.ndim, values.ndim))
    result = np.empty(r.shape, dtype)
    is_complex = values.dtype.kind == "c"
    parts = ((values.real, result.real), (values.imag, result.imag)) if is_complex else ((values, result),)
    for part, part_result in parts:
        _empty, no_weight = _native.reduce(AVERAGE, part, factors, None, part_result, over, 0.0, None, False)
        if no_weight:
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    if not returned:
        return r.finish(result)
    weight = np.empty(r.shape, _real_dtype(dtype))
    r.run(SUM, scale, weight)
    return r.finish(result), r.finish(weight.astype(dtype))


def _in_pairs(x: Array, weights: Array) -> tuple[Array, Array]:
    """Values and weights of the same average that are exact in float64, with one axis more where integers are not."""
    values, factors = _summands(x), _summands(weights)
    if len(values) == len(factors) == 1:
        return values[0], factors[0]
    # Of a value in two parts every weight counts twice, so its parts are doubled.
    values = values if len(values) == 1 else [2 * part for part in values]
    pairs = [(value, factor) for value in values for factor in factors]
    return np.stack([value for value, _ in pairs], -1), np.stack([factor for _, factor in pairs], -1)


def _summands(x: Array) -> list[Array]:
    """x itself, or the float64 numbers of which it is the sum. Two have one sign and are 0 together: infinity times one
    is then infinity times the other."""
    if x.dtype.kind not in "iu" or x.dtype.itemsize < 8:
        return [x]
    if x.size == 0 or (x.max() <= 2**53 and x.min() >= -(2**53)):
        return [x.astype(np.float64)]
    magnitude = x.astype(np.uint64)
    np.negative(magnitude, where=x < 0, out=magnitude)
    low = ((magnitude - np.uint64(1)) & np.uint64(2**32 - 1)) + np.uint64(1)
    half = magnitude.astype(np.float64) / 2
    is_large = magnitude > 2**53
    parts = np.where(is_large, low, half), np.where(is_large, magnitude - low, half)
    return [np.copysign(part, np.where(x < 0, -1.0, 1.0)) for part in parts]


def dot_along(
    x: npt.ArrayLike, y: npt.ArrayLike, /, axis: Axis = -1, dtype: DType = None, out: Array | None = None,
    keepdims: bool = False, where: npt.ArrayLike = True,
) -> Any:  # fmt: skip
    """Σxy over `axis` of two broadcast arrays of real numbers: exact, rounded once.

    Unlike the products of matrices, which are chains of fused multiply-adds. 64-bit integers are taken as float64.

    >>> dot_along([1e200, 1.0, 1e200], [1e100, 1.0, -1e100])
    np.float64(1.0)
    """
    first, second = np.broadcast_arrays(_array(x, "dot"), _array(y, "dot"))
    if "c" in first.dtype.kind + second.dtype.kind:
        raise TypeError("dot_along has no loop for complex arrays")
    common = np.result_type(first.dtype, second.dtype)
    wanted = np.dtype(dtype) if dtype is not None else common if common.kind == "f" else np.dtype(np.float64)
    first, second = (
        a.astype(np.float64) if a.dtype.kind in "iu" and a.dtype.itemsize == 8 else a for a in (first, second)
    )
    if not isinstance(where, bool):
        shape = np.broadcast_shapes(first.shape, np.shape(where))
        first, second = np.broadcast_to(first, shape), np.broadcast_to(second, shape)
    r = _Reduction("dot", first, axis, None, out, keepdims, where)
    result = np.empty(r.shape, wanted)
    r.run(DOT, first, result, y=second)
    return r.finish(result)


def _along(x: npt.ArrayLike, axis: int | None, function: str) -> tuple[Array, int]:
    _refuse_masked(x, function)
    array = np.asarray(x)
    if axis is None:
        if array.ndim > 1:
            raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
        axis = 0
        array = np.atleast_1d(array)
    return array, normalize_axis_index(operator.index(axis), array.ndim)


def cumulative_sum(
    x: npt.ArrayLike, /, *, axis: int | None = None, dtype: DType = None, out: Array | None = None,
    include_initial: bool = False,
) -> Array:  # fmt: skip
    """The sums of the first 1, 2, 3 … elements along `axis`, each exact and rounded once; complex numbers by parts.

    `include_initial` puts the sum of none, 0, before them. Integers and bools: NumPy's own, but with a floating-point
    dtype exact, rounded once, where 64-bit integers are taken as that first.

    >>> cumulative_sum([1e16, 1.0, -1e16])
    array([1.e+16, 1.e+16, 1.e+00])
    """
    array, along = _along(x, axis, "cumulative_sum")
    if _is_integer_result(array, dtype):
        return _of_integers(np.cumsum, np.asarray(_integers(array, dtype)), along, dtype, out, include_initial)
    r = _Reduction("add", array, along, dtype, None, False, True)
    if r.x.dtype.kind in "iu" and r.x.dtype.itemsize == 8:
        r.x = r.x.astype(r.dtype)
    result, sums = _with_initial(r, along, out, include_initial, 0)
    if r.dtype.kind == "c":
        _native.cumulative_sum(r.x.real, sums.real, along)
        if r.x.dtype.kind == "c":
            _native.cumulative_sum(r.x.imag, sums.imag, along)
        else:
            sums.imag = 0
    else:
        _native.cumulative_sum(r.x, sums, along)
    return _into(result, out)


def _of_integers(
    cumulative: Callable[..., Array], array: Array, along: int, dtype: DType, out: Array | None, include_initial: bool
) -> Array:
    """NumPy's own, with the result of none, which is 0 or 1, before them where it is wanted."""
    if not include_initial:
        return cumulative(array, axis=along, dtype=dtype, out=out)
    result = cumulative(array, axis=along, dtype=dtype)
    shape = [1 if k == along else n for k, n in enumerate(array.shape)]
    return _into(np.concatenate([np.full(shape, cumulative is np.cumprod, result.dtype), result], axis=along), out)


def _with_initial(
    r: _Reduction, along: int, out: Array | None, include_initial: bool, initial: int
) -> tuple[Array, Array]:
    """A result, and the part of it that is to be computed."""
    shape = list(r.x.shape)
    shape[along] += include_initial
    if out is not None and out.shape != tuple(shape):
        raise ValueError(f"provided out is the wrong size for the accumulation: {out.shape} for {tuple(shape)}")
    result = np.empty(shape, r.dtype)
    if not include_initial:
        return result, result
    at: list[Any] = [slice(None)] * len(shape)
    at[along] = slice(0, 1)
    result[tuple(at)] = initial
    at[along] = slice(1, None)
    return result, result[tuple(at)]


def _into(result: Array, out: Array | None) -> Array:
    if out is None:
        return result
    np.copyto(out, result, casting="same_kind")
    return out


def cumulative_prod(
    x: npt.ArrayLike, /, *, axis: int | None = None, dtype: DType = None, out: Array | None = None,
    include_initial: bool = False,
) -> Array:  # fmt: skip
    """The products of the first 1, 2, 3 … elements along `axis`: one chain, each product rounded once.

    `include_initial` puts the product of none, 1, before them. NaN results are canonical. float16 too is rounded at
    each step. A complex product is (ac - bd, ad + bc), every operation rounded once. Integers and bools: NumPy's own.

    >>> cumulative_prod([2.0, 3.0, 4.0])
    array([ 2.,  6., 24.])
    """
    array, along = _along(x, axis, "cumulative_prod")
    if _is_integer_result(array, dtype):
        return _of_integers(np.cumprod, np.asarray(_integers(array, dtype)), along, dtype, out, include_initial)
    r = _Reduction("multiply", array, along, dtype, None, False, True)
    result, products = _with_initial(r, along, out, include_initial, 1)
    with np.errstate(all="ignore"):
        if r.dtype.kind == "c":
            factors, chain = np.moveaxis(r.x.astype(r.dtype, copy=False), along, 0), np.moveaxis(products, along, 0)
            for k, factor in enumerate(factors):
                chain[k] = factor if k == 0 else _complex_product(chain[k - 1], factor)
        else:
            np.multiply.accumulate(r.x, axis=along, dtype=r.dtype, out=products)
        _make_canonical(products)
    return _into(result, out)
