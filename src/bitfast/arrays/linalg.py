"""bf.linalg: what follows from products and sums. Factorisations are not here: the bits of NumPy's vary."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bitfast import ufuncs
from bitfast.arrays import reductions
from bitfast.arrays.elementwise import abs as magnitude
from bitfast.arrays.elementwise import divide, multiply, subtract
from bitfast.arrays.extremes import max as greatest
from bitfast.arrays.extremes import min as least
from bitfast.arrays.products import matmul

Axes = int | tuple[int, ...] | None


def outer(x1: npt.ArrayLike, x2: npt.ArrayLike, /) -> npt.NDArray[Any]:
    """All products of the items of two vectors, of the shape (n1, n2). Raises ValueError for what is no vector.

    >>> import bitfast as bf
    >>> bf.linalg.outer([1, 2], [3, 4])
    array([[3, 4],
           [6, 8]])
    """
    first, second = np.asarray(x1), np.asarray(x2)
    if first.ndim != 1 or second.ndim != 1:
        raise ValueError(
            "Input arrays must be one-dimensional, but they are "
            f"x1.ndim={first.ndim} and x2.ndim={second.ndim}."  # in NumPy's words
        )
    return np.asarray(multiply(first[:, None], second[None, :]))


def cross(x1: npt.ArrayLike, x2: npt.ArrayLike, /, *, axis: int = -1) -> npt.NDArray[Any]:
    """The cross product of vectors of 3: a·d - b·c with both products and the difference rounded.

    Raises ValueError for vectors of another size.

    >>> import bitfast as bf
    >>> bf.linalg.cross([1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    array([0., 0., 1.])
    """
    first, second = np.asarray(x1), np.asarray(x2)
    if first.shape[axis] != 3 or second.shape[axis] != 3:
        raise ValueError(
            "Both input arrays must be (arrays of) 3-dimensional vectors, "
            f"but they are {first.shape[axis]} and {second.shape[axis]} dimensional instead."
        )
    a, b = np.moveaxis(first, axis, -1), np.moveaxis(second, axis, -1)
    parts = [
        subtract(multiply(a[..., i], b[..., j]), multiply(a[..., j], b[..., i])) for i, j in ((1, 2), (2, 0), (0, 1))
    ]
    return np.moveaxis(np.stack(parts, -1), -1, axis)


def tensordot(
    x1: npt.ArrayLike, x2: npt.ArrayLike, /, *, axes: int | tuple[Sequence[int], Sequence[int]] = 2
) -> npt.NDArray[Any]:
    """Sums of products over pairs of axes: matmul of two matrices, whose chains run over the pairs as they are given,
    the last one fastest. `axes` is how many: the last of x1 with the first of x2; or which of x1 and which of x2.

    Raises ValueError for pairs of different sizes.

    >>> import numpy as np
    >>> import bitfast as bf
    >>> bf.tensordot(np.ones((2, 3, 4)), np.ones((3, 4, 5))).shape
    (2, 5)
    """
    first, second = np.asarray(x1), np.asarray(x2)
    if isinstance(axes, (int, np.integer)):
        if axes < 0:
            raise ValueError("tensordot: axes must not be negative")
        ours = list(range(first.ndim - int(axes), first.ndim))
        theirs = list(range(int(axes)))
    else:
        ours, theirs = (np.atleast_1d(one).tolist() for one in axes)
    if len(ours) != len(theirs) or any(k < -first.ndim or k >= first.ndim for k in ours):
        raise ValueError("shape-mismatch for sum")
    if any(k < -second.ndim or k >= second.ndim for k in theirs):
        raise ValueError("shape-mismatch for sum")
    ours, theirs = [k % first.ndim for k in ours], [k % second.ndim for k in theirs]
    summed = [first.shape[k] for k in ours]
    if summed != [second.shape[k] for k in theirs]:
        raise ValueError("shape-mismatch for sum")
    kept = [k for k in range(first.ndim) if k not in ours]
    others = [k for k in range(second.ndim) if k not in theirs]
    shape = [first.shape[k] for k in kept], [second.shape[k] for k in others]
    left = np.transpose(first, kept + ours).reshape(math.prod(shape[0]), math.prod(summed))
    right = np.transpose(second, theirs + others).reshape(math.prod(summed), math.prod(shape[1]))
    return np.asarray(matmul(left, right)).reshape(shape[0] + shape[1])


def matrix_power(x: npt.ArrayLike, n: int, /) -> npt.NDArray[Any]:
    """A square matrix, or a stack of them, n times with itself: squares by matmul, multiplied in the order of the bits
    of n, the lowest one first. Raises ValueError for matrices that are not square, NotImplementedError for a negative
    n, which takes an inverse.

    >>> import bitfast as bf
    >>> bf.linalg.matrix_power([[1, 1], [1, 0]], 10)
    array([[89, 55],
           [55, 34]])
    """
    power = np.asarray(x)
    if power.ndim < 2 or power.shape[-1] != power.shape[-2]:
        raise ValueError("Last 2 dimensions of the array must be square")
    if n < 0:
        raise NotImplementedError("bitfast has no inverse of a matrix yet, which a negative power takes")
    if n == 0:
        return np.array(np.broadcast_to(np.eye(power.shape[-1], dtype=power.dtype), power.shape))
    result = None
    while True:
        if n & 1:
            result = np.array(power) if result is None else np.asarray(matmul(result, power))
        n >>= 1
        if n == 0:
            return result if result is not None else power
        power = np.asarray(matmul(power, power))


def trace(x: npt.ArrayLike, /, *, offset: int = 0, dtype: Any = None) -> Any:
    """The sum of a diagonal of a matrix, or of each of a stack: exact, rounded once.

    >>> import bitfast as bf
    >>> bf.linalg.trace([[1e16, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, -1e16]])
    np.float64(1.0)
    """
    return reductions.sum(np.linalg.diagonal(np.asarray(x), offset=offset), axis=-1, dtype=dtype)


def _floating(x: npt.ArrayLike) -> npt.NDArray[Any]:
    """Integers as float64, as NumPy's norms have them."""
    values = np.asarray(x)
    return values.astype(np.float64) if values.dtype.kind in "biu" else values


def vector_norm(x: npt.ArrayLike, /, *, axis: Axes = None, keepdims: bool = False, ord: float = 2) -> Any:
    """The norm of vectors along an axis, or of all items along several or all of them.

    2 (the root of the sum of squares) and 1 (the sum of magnitudes) are exact, rounded once; inf and -inf are the
    greatest and the least magnitude, 0 is how many are not 0; any other p is pow(sum(pow(|x|, p)), 1 / p), each step
    correctly rounded.

    >>> import bitfast as bf
    >>> bf.linalg.vector_norm([3.0, 4.0])
    np.float64(5.0)
    """
    if isinstance(ord, str) or not hasattr(ord, "__float__"):
        raise ValueError(f"Invalid norm order {ord!r} for vectors")
    values = _floating(x)
    if ord == 2 or ord == 1:
        return reductions.vector_norm(values, axis=axis, keepdims=keepdims, ord=ord)
    if ord == 0:
        nonzero = np.count_nonzero(values, axis=axis, keepdims=keepdims)
        return np.asarray(nonzero).astype(values.real.dtype)[()]
    sizes = magnitude(values)
    if math.isinf(ord):
        return (greatest if ord > 0 else least)(sizes, axis=axis, keepdims=keepdims)
    pow: np.ufunc = getattr(ufuncs, "pow")  # noqa: B009
    total = reductions.sum(pow(sizes, float(ord)), axis=axis, keepdims=keepdims)
    return pow(total, divide(1.0, float(ord)).astype(sizes.dtype))


def matrix_norm(x: npt.ArrayLike, /, *, keepdims: bool = False, ord: float | str | None = "fro") -> Any:
    """The norm of matrices in the last two axes: "fro", the root of the exact sum of squares, rounded once; 1 and -1,
    the greatest and least exact sum of a column's magnitudes; inf and -inf, of a row's.

    Raises NotImplementedError for 2, -2 and "nuc", which take singular values, ValueError for anything else.

    >>> import bitfast as bf
    >>> bf.linalg.matrix_norm([[1.0, -2.0], [3.0, 4.0]], ord=1)
    np.float64(6.0)
    """
    values = _floating(x)
    if values.ndim < 2:
        raise np.exceptions.AxisError(f"x must be at least two-dimensional, but it has {values.ndim} axes")
    if ord is None or ord == "fro":
        return reductions.vector_norm(values, axis=(-2, -1), keepdims=keepdims)
    if ord in (2, -2, "nuc"):
        raise NotImplementedError(f"bitfast has no singular values yet, which the norm {ord!r} takes")
    if ord not in (1, -1, math.inf, -math.inf):
        raise ValueError("Invalid norm order for matrices.")
    extreme = greatest if ord in (1, math.inf) else least
    axis = -2 if ord in (1, -1) else -1
    sums = reductions.sum(magnitude(values), axis=axis, keepdims=True)
    result = extreme(sums, axis=(-2, -1), keepdims=True)
    return result if keepdims else np.reshape(result, values.shape[:-2])[()]
