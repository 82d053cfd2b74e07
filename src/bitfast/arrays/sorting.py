"""sort and argsort: NumPy's stable ones, whatever is asked for, so that equal items keep their order on every chip."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def argsort(x: npt.ArrayLike, /, axis: int = -1, *, descending: bool = False, stable: bool = True) -> npt.NDArray[Any]:
    """The indices that sort an array along an axis. Equal items keep their order, in a descending sort too, also with
    stable=False. NaN is above everything. Raises np.exceptions.AxisError (an IndexError) for an axis that x has not.

    >>> import bitfast as bf
    >>> bf.argsort([2, 1, 2, 3], descending=True)
    array([3, 0, 2, 1])
    """
    values = np.asarray(x)
    if not descending or values.ndim == 0:
        return np.argsort(values, axis=axis, kind="stable")
    backwards = np.argsort(np.flip(values, axis), axis=axis, kind="stable")
    return np.flip(values.shape[axis] - 1 - backwards, axis)


def sort(x: npt.ArrayLike, /, axis: int = -1, *, descending: bool = False, stable: bool = True) -> npt.NDArray[Any]:
    """A sorted copy of an array. Equal items (-0.0 and 0.0) keep their order, in a descending sort too, also with
    stable=False. NaN is above everything. Raises np.exceptions.AxisError (an IndexError) for an axis that x has not.

    >>> import bitfast as bf
    >>> bf.sort([2, 1, 3], descending=True)
    array([3, 2, 1])
    """
    values = np.asarray(x)
    if not descending or values.ndim == 0:
        return np.sort(values, axis=axis, kind="stable")
    return np.flip(np.sort(np.flip(values, axis), axis=axis, kind="stable"), axis)
