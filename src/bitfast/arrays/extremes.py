"""max and min of an array, by the ufuncs maximum and minimum: -0.0 is below 0.0, NaN beside a number is the result."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bitfast import ufuncs

_maximum: np.ufunc = getattr(ufuncs, "maximum")  # noqa: B009 (the ufuncs are made when the module is loaded)
_minimum: np.ufunc = getattr(ufuncs, "minimum")  # noqa: B009


def _canonical(result: Any, values: npt.NDArray[Any], ufunc: np.ufunc) -> Any:
    """Over one element each NumPy copies, NaNs with all their bits."""
    if values.dtype.kind == "f" and np.size(result) == values.size:
        return ufunc(result, result)
    return result


def max(x: npt.ArrayLike, /, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Any:
    """The greatest item along axes; of -0.0 and 0.0 it is 0.0. Raises ValueError where there is none.

    >>> import bitfast as bf
    >>> bf.max([[1.0, 3.0], [-0.0, 0.0]], axis=1)
    array([3., 0.])
    """
    values = np.asarray(x)
    return _canonical(_maximum.reduce(values, axis=axis, keepdims=keepdims), values, _maximum)


def min(x: npt.ArrayLike, /, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Any:
    """The least item along axes; of -0.0 and 0.0 it is -0.0. Raises ValueError where there is none.

    >>> import bitfast as bf
    >>> bf.min([[1.0, 3.0], [-0.0, 0.0]], axis=1)
    array([ 1., -0.])
    """
    values = np.asarray(x)
    return _canonical(_minimum.reduce(values, axis=axis, keepdims=keepdims), values, _minimum)
