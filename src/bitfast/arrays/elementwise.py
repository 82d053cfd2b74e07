"""Elementwise functions that are neither a ufunc of ours nor NumPy's own: each is a few stated steps of ours."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bitfast import ufuncs


def _ours(name: str) -> np.ufunc:
    return getattr(ufuncs, name)  # type: ignore[no-any-return]


add, subtract, multiply, divide, fma = map(_ours, "add subtract multiply divide fma".split())
_absolute, _exp, _hypot, _log1p = map(_ours, "absolute exp hypot log1p".split())
_maximum, _minimum, _rint, _sign = map(_ours, "maximum minimum rint sign".split())


def _of_parts(real: Any, imaginary: Any) -> Any:
    parts = np.zeros(np.shape(real), np.result_type(real, np.complex64))
    parts.real, parts.imag = real, imaginary
    return parts[()]


def abs(x: npt.ArrayLike, /) -> Any:
    """The magnitude. Of a complex number it is hypot of its parts, correctly rounded; integers wrap as NumPy's do.

    >>> import bitfast as bf
    >>> bf.abs([3 + 4j])
    array([5.])
    """
    values = np.asanyarray(x)
    return _hypot(values.real, values.imag) if values.dtype.kind == "c" else _absolute(x)


def sign(x: npt.ArrayLike, /) -> Any:
    """-1, 0 or 1; NaN for NaN. Of a complex number x it is x with both parts divided by |x|, and 0 for 0.

    >>> import bitfast as bf
    >>> bf.sign([-2.0, 0.0, 3.0])
    array([-1.,  0.,  1.])
    """
    values = np.asanyarray(x)
    if values.dtype.kind != "c":
        return _sign(x)
    size = _hypot(values.real, values.imag)
    divisor = np.where(size == 0, size.dtype.type(1), size)
    result = _of_parts(divide(values.real, divisor), divide(values.imag, divisor))
    return np.where(size == 0, result.dtype.type(0), result)[()]


def round(x: npt.ArrayLike, /) -> Any:
    """The nearest integer, ties to even, in x's dtype: rint, of complex numbers by parts; integers stay as they are.

    >>> import bitfast as bf
    >>> bf.round([0.5, 1.5, -2.6])
    array([ 0.,  2., -3.])
    """
    values = np.asanyarray(x)
    if values.dtype.kind in "biu":
        return np.positive(x) if values.dtype.kind != "b" else np.array(values)[()]
    return _of_parts(_rint(values.real), _rint(values.imag)) if values.dtype.kind == "c" else _rint(x)


def logaddexp(x1: npt.ArrayLike, x2: npt.ArrayLike, /) -> Any:
    """log(exp(x1) + exp(x2)): m + log1p(exp(least - m)) with m the greater one, each step correctly rounded.

    >>> import bitfast as bf
    >>> bf.logaddexp(1000.0, 1000.0)
    np.float64(1000.6931471805599)
    """
    greatest, least = _maximum(x1, x2), _minimum(x1, x2)
    # Of two equal infinities the difference is 0, not NaN.
    infinite = np.isinf(greatest) & (greatest == least)
    with np.errstate(invalid="ignore"):
        difference = subtract(np.where(infinite, greatest.dtype.type(0), least),
                              np.where(infinite, greatest.dtype.type(0), greatest))  # fmt: skip
    return add(greatest, _log1p(_exp(difference)))


def clip(x: npt.ArrayLike, /, min: npt.ArrayLike | None = None, max: npt.ArrayLike | None = None) -> Any:
    """x within bounds, which broadcast: minimum(maximum(x, min), max). A NaN bound gives NaN.

    A Python integer beyond the range of an integer dtype is no bound.

    >>> import bitfast as bf
    >>> bf.clip([1, 5, 9], 2, 6)
    array([2, 5, 6])
    """
    values = np.asanyarray(x)
    if values.dtype.kind in "iu":
        limits = np.iinfo(values.dtype)
        min = None if type(min) is int and min <= limits.min else min
        max = None if type(max) is int and max >= limits.max else max
    result = values if min is None else _maximum(values, min)
    if max is not None:
        return _minimum(result, max)
    return np.array(values, subok=True)[()] if min is None else result


def diff(
    x: npt.ArrayLike,
    /,
    *,
    axis: int = -1,
    n: int = 1,
    prepend: npt.ArrayLike | None = None,
    append: npt.ArrayLike | None = None,
) -> npt.NDArray[Any]:
    """The n-th differences along an axis, x[i + 1] - x[i] n times over. Of bool they are not_equal.

    Raises ValueError for a negative n and for an array without axes.

    >>> import bitfast as bf
    >>> bf.diff([1.0, 4.0, 9.0])
    array([3., 5.])
    """
    values = np.asarray(x)
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n!r}")
    if values.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    if n == 0:
        return values
    pieces = [np.asarray(piece) for piece in (prepend, values, append) if piece is not None]
    if len(pieces) > 1:
        one = [1 if k == axis % values.ndim else size for k, size in enumerate(values.shape)]
        values = np.concatenate([np.broadcast_to(p, one) if p.ndim == 0 else p for p in pieces], axis)
    moved = np.moveaxis(values, axis, -1)
    minus = np.not_equal if values.dtype.kind == "b" else subtract
    for _ in range(n):
        moved = minus(moved[..., 1:], moved[..., :-1])
    return np.moveaxis(moved, -1, axis)
