"""Exact sums that are added to, merged and sent around: the same bits for any partition of the data."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable
from operator import index
from typing import Any, Self, SupportsIndex

import numpy as np
import numpy.typing as npt

from bitfast import _native
from bitfast.arrays import reductions

__all__ = ["Accumulator"]

_WORDS = 76  # of bitfast_accumulator
_VERSION = b"\x01"  # of the pickled form: version, float64 or float32, then what the C library stores

Array = npt.NDArray[Any]


class Accumulator:
    """An exact sum of float64, float32 or float16 numbers, bools or integers, and of products of two.

    Nothing is rounded until `value` is asked for: so the order of additions and merges, and the partition of the data
    into chunks and workers, change no bit. With a shape it is an array of sums: what is added has that shape at its
    end, and is summed over the axes before it. It pickles (545 bytes a sum, the same on every chip), copies, and may be
    used from several threads.

    >>> a, b = Accumulator([1e300, 1.0]), Accumulator([-1e300, 2.0])
    >>> (a + b).value()
    np.float64(3.0)
    """

    __slots__ = ("_lock", "_rows", "_shape")

    def __init__(
        self, x: npt.ArrayLike | None = None, /, *, shape: SupportsIndex | Iterable[SupportsIndex] = ()
    ) -> None:
        self._shape = tuple(map(index, (shape,) if isinstance(shape, SupportsIndex) else shape))
        self._rows = np.empty((*self._shape, _WORDS), np.uint64)
        self._lock = threading.Lock()
        _native.accumulators_clear(self._rows)
        if x is not None:
            self.add(x)

    @property
    def shape(self) -> tuple[int, ...]:
        return self._shape

    def add(self, x: npt.ArrayLike) -> Self:
        """Adds all of x, or, with a shape, x summed over its leading axes. Returns the accumulator itself."""
        return self._add(reductions.SUM, x)

    def add_squares(self, x: npt.ArrayLike) -> Self:
        """Adds the exact squares."""
        array = np.asarray(x)
        return self._add(reductions.DOT, array, array)

    def add_absolute(self, x: npt.ArrayLike) -> Self:
        """Adds magnitudes."""
        return self._add(reductions.ABSOLUTE, x)

    def add_products(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Self:
        """Adds the exact products of two broadcast arrays."""
        return self._add(reductions.DOT, *np.broadcast_arrays(np.asarray(x), np.asarray(y)))

    def _add(self, operation: int, x: npt.ArrayLike, y: npt.ArrayLike | None = None) -> Self:
        first = self._numbers(x, wide=operation == reductions.SUM)
        second = None if y is None else self._numbers(y, wide=False)
        leading = first.ndim - len(self._shape)
        if leading < 0 or first.shape[leading:] != self._shape:
            raise ValueError(f"operands could not be broadcast together with shapes {first.shape} {self._shape}")
        axes = tuple(range(leading))
        with self._lock:
            _native.reduce(operation, first, second, None, self._rows, axes, 0.0, None, True)
        return self

    @staticmethod
    def _numbers(x: npt.ArrayLike, *, wide: bool) -> Array:
        array = reductions._array(x, "Accumulator")
        if array.dtype.kind == "c":
            raise TypeError("an Accumulator takes real numbers: one each for the real and the imaginary parts")
        if array.dtype.kind in "iu" and array.dtype.itemsize == 8 and not wide:
            floats = array.astype(np.float64)
            if array.size and (array.max() > 2**53 or array.min() < -(2**53)):
                raise TypeError("products and magnitudes of integers beyond 2^53 are not exact in float64")
            return floats
        return array

    def merge(self, other: Accumulator) -> Self:
        """Adds another accumulator's sum. Returns the accumulator itself."""
        if not isinstance(other, Accumulator):
            raise TypeError(f"an Accumulator merges with an Accumulator, not with {type(other).__name__}")
        if other._shape != self._shape:
            raise ValueError(f"operands could not be broadcast together with shapes {self._shape} {other._shape}")
        rows = other.copy()._rows
        with self._lock:
            _native.accumulators_merge(self._rows, rows)
        return self

    def value(self, dtype: npt.DTypeLike = np.float64) -> Any:
        """The exact sum rounded once, to float64 or float32: a scalar, or an array of the shape."""
        wanted = np.dtype(dtype)
        if wanted not in (np.dtype(np.float64), np.dtype(np.float32)):
            raise TypeError(f"an Accumulator has a value in float64 or float32, not in {wanted}")
        result = np.empty(self._shape, wanted)
        with self._lock:
            _native.accumulators_values(self._rows, result)
        return result if result.ndim else result[()]

    def copy(self) -> Self:
        return self._of(self._locked(np.ndarray.copy))

    def _of(self, rows: Array) -> Self:
        new = type(self)(shape=self._shape)
        new._rows[...] = rows
        return new

    def _locked(self, do: Callable[[Array], Any]) -> Any:
        with self._lock:
            return do(self._rows)

    def __copy__(self) -> Self:
        return self.copy()

    def __deepcopy__(self, memo: object) -> Self:
        return self.copy()

    def __add__(self, other: object) -> Self:
        return self.copy().merge(other) if isinstance(other, Accumulator) else NotImplemented

    def __radd__(self, other: object) -> Self:
        return self.copy() if isinstance(other, int) and other == 0 else NotImplemented  # sum() begins with 0

    def __iadd__(self, other: object) -> Self:
        return self.merge(other) if isinstance(other, Accumulator) else NotImplemented

    def __neg__(self) -> Self:
        new = self.copy()
        _native.accumulators_negate(new._rows)
        return new

    def __sub__(self, other: object) -> Self:
        return (-other).merge(self) if isinstance(other, Accumulator) else NotImplemented  # type: ignore[return-value]

    def __float__(self) -> float:
        if self._shape:
            raise TypeError("only an Accumulator without a shape is a number")
        return float(self.value())

    def to_bytes(self) -> bytes:
        """The exact state, the same on every chip for the same sum."""
        stored: bytes = self._locked(_native.accumulators_store)
        return _VERSION + stored

    @classmethod
    def from_bytes(cls, data: bytes | bytearray, *, shape: tuple[int, ...] = ()) -> Self:
        """The accumulator whose `to_bytes` these are. Raises ValueError for others."""
        if data[:1] != _VERSION:
            raise ValueError("these bytes are no stored Accumulator of a version that is known here")
        new = cls(shape=shape)
        _native.accumulators_load(new._rows, bytes(data[1:]))
        return new

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self), self.to_bytes(), self._shape)

    def __eq__(self, other: object) -> bool:
        """Whether the exact sums are the same, beyond what rounding shows."""
        if not isinstance(other, Accumulator):
            return NotImplemented
        return self._shape == other._shape and self.to_bytes() == other.to_bytes()

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        if not self._shape:
            return f"<Accumulator: {self.value()!r} when rounded>"
        return f"<Accumulator of {math.prod(self._shape)} sums, shape {self._shape}>"


def _unpickled(cls: type[Accumulator], data: bytes, shape: tuple[int, ...]) -> Accumulator:
    return cls.from_bytes(data, shape=shape)
