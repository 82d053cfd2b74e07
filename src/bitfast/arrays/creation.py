"""Arrays made from something else. What NumPy would cast is cast by astype; what it would compute, by our ufuncs."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from bitfast import ufuncs
from bitfast.arrays.elementwise import add, divide, fma, multiply, subtract

Shape = Any  # int | tuple[int, ...]; the overloads of NumPy's stubs take no unions
DType = Any  # npt.DTypeLike | None, likewise
Device = Literal["cpu"] | None


def asarray(obj: Any, /, dtype: DType = None, *, device: Device = None, copy: bool | None = None) -> npt.NDArray[Any]:
    """An array of what is given, without a copy where none is needed (copy=None) or allowed (copy=False).

    Floating point to integers is cast as astype does it: truncated and saturated, NaN to 0.
    Raises ValueError for copy=False where a copy is needed.

    >>> import bitfast as bf
    >>> bf.asarray([1.5, 300.0], dtype=bf.int8)
    array([  1, 127], dtype=int8)
    """
    if dtype is None:
        return np.asarray(obj, device=device, copy=copy)
    wanted = np.dtype(dtype)
    if wanted.kind in "iu" or (isinstance(obj, np.ndarray) and wanted.kind == "f"):
        given = np.asarray(obj, device=device)
        if given.dtype.kind == "f" and given.dtype != wanted and copy is not False:
            return np.asarray(ufuncs.astype(given, wanted))
    return np.asarray(obj, dtype=wanted, device=device, copy=copy)


def full(shape: Shape, fill_value: complex, *, dtype: DType = None, device: Device = None) -> npt.NDArray[Any]:
    """A new array with the same value everywhere; it is cast as asarray casts it.

    >>> import bitfast as bf
    >>> bf.full(2, 0.5)
    array([0.5, 0.5])
    """
    return np.full(shape, asarray(fill_value, dtype, device=device), device=device)


def full_like(
    x: npt.ArrayLike, /, fill_value: complex, *, dtype: DType = None, device: Device = None
) -> npt.NDArray[Any]:
    """A new array of x's shape, and dtype where none is given, with the same value everywhere.

    >>> import bitfast as bf
    >>> bf.full_like(bf.asarray([1, 2]), 7)
    array([7, 7])
    """
    like = np.asarray(x)
    return full(like.shape, fill_value, dtype=like.dtype if dtype is None else dtype, device=device)


def empty(shape: Shape, *, dtype: DType = None, device: Device = None) -> npt.NDArray[Any]:
    """A new array to be filled, of zeros: what memory happens to hold would be no answer.

    >>> import bitfast as bf
    >>> bf.empty(2)
    array([0., 0.])
    """
    return np.zeros(shape, dtype=dtype or float, device=device)


def empty_like(x: npt.ArrayLike, /, *, dtype: DType = None, device: Device = None) -> npt.NDArray[Any]:
    """A new array of x's shape, and dtype where none is given, to be filled: of zeros, as empty's."""
    return np.zeros_like(x, dtype=dtype, device=device)


def arange(
    start: float,
    /,
    stop: float | None = None,
    step: float = 1,
    *,
    dtype: DType = None,
    device: Device = None,
) -> npt.NDArray[Any]:
    """start, start + step, … up to stop, which is left out. Of integers exact; otherwise each one is start + i·step,
    rounded once to float64 and then, where dtype is another one, to that. NumPy rounds twice: its last bit is another
    one now and then. How many there are is the float64 quotient (stop - start) / step, rounded up.

    Raises ZeroDivisionError for a step of 0, ValueError for too many.

    >>> import bitfast as bf
    >>> bf.arange(0.0, 0.5, 0.1)
    array([0. , 0.1, 0.2, 0.3, 0.4])
    """
    if stop is None:
        start, stop = 0, start
    numbers = (start, stop, step)
    if all(isinstance(number, (int, np.integer)) for number in numbers) and (
        dtype is None or np.dtype(dtype).kind in "iu"
    ):
        return np.arange(start, stop, step, dtype=dtype, device=device)
    length = float(stop) - float(start)
    count = length / float(step)
    if math.isnan(count):
        raise ValueError("arange: cannot compute length")
    if abs(count) >= 2.0**62:
        raise ValueError("Maximum allowed size exceeded")
    values = fma(np.arange(max(0, math.ceil(count)), dtype=np.float64), float(step), float(start))
    return asarray(values, dtype, device=device)


def linspace(
    start: complex,
    stop: complex,
    /,
    num: int = 50,
    *,
    dtype: DType = None,
    device: Device = None,
    endpoint: bool = True,
) -> npt.NDArray[Any]:
    """num numbers from start to stop at equal distances, stop itself only with endpoint.

    The step is (stop - start) / (num - 1), or / num without endpoint, two roundings; each number is start + i·step,
    rounded once to float64 and then, where dtype is another one, to that; the last one is stop. Where stop - start
    overflows, all are computed of halves and doubled. Complex: by parts.
    Raises ValueError for a negative num.

    >>> import bitfast as bf
    >>> bf.linspace(0.0, 1.0, 5)
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    wanted = None if dtype is None else np.dtype(dtype)
    if isinstance(start, complex) or isinstance(stop, complex) or (wanted is not None and wanted.kind == "c"):
        first, last = complex(start), complex(stop)
        parts = np.zeros(num, np.complex128)
        parts.real = linspace(first.real, last.real, num, endpoint=endpoint)
        parts.imag = linspace(first.imag, last.imag, num, endpoint=endpoint)
        return asarray(parts, wanted, device=device)
    first_one, last_one = np.float64(start), np.float64(stop)
    if math.isfinite(start) and math.isfinite(stop) and math.isinf(float(stop) - float(start)):
        halves = linspace(float(start) / 2, float(stop) / 2, num, endpoint=endpoint)
        return asarray(multiply(halves, np.float64(2)), wanted, device=device)
    index = np.arange(num, dtype=np.float64)
    gaps = num - 1 if endpoint else num
    with np.errstate(invalid="ignore", over="ignore"):
        distance = subtract(last_one, first_one)
        step = divide(distance, np.float64(max(gaps, 1)))
        values = fma(index, step, first_one)
        if step == 0 and distance != 0:  # the step is too small for a float64
            values = add(multiply(divide(index, np.float64(gaps)), distance), first_one)
    if endpoint and num > 1:
        values[-1] = last_one
    if wanted is not None and wanted.kind in "iu":
        values = np.floor(values)
    return asarray(values, wanted, device=device)
