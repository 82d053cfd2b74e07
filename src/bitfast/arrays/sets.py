"""unique_…: in ascending order, each item the first one of those equal to it; a NaN equals nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt


class UniqueAll(NamedTuple):
    values: npt.NDArray[Any]
    indices: npt.NDArray[Any]
    inverse_indices: npt.NDArray[Any]
    counts: npt.NDArray[Any]


class UniqueCounts(NamedTuple):
    values: npt.NDArray[Any]
    counts: npt.NDArray[Any]


class UniqueInverse(NamedTuple):
    values: npt.NDArray[Any]
    inverse_indices: npt.NDArray[Any]


def unique_all(x: npt.ArrayLike, /) -> UniqueAll:
    """The distinct items of an array, flattened: values, where each is first, which one each item is, how many.

    >>> import bitfast as bf
    >>> bf.unique_all([3, 1, 3]).indices
    array([1, 0])
    """
    array = np.asarray(x)
    # Where indices are asked for, NumPy sorts stably: the item that it keeps is the first one on every chip.
    values, indices, inverse, counts = np.unique(
        array, return_index=True, return_inverse=True, return_counts=True, equal_nan=False
    )
    return UniqueAll(values, indices, np.reshape(inverse, array.shape), counts)


def unique_counts(x: npt.ArrayLike, /) -> UniqueCounts:
    """The distinct items of an array, flattened, and how many there are of each.

    >>> import bitfast as bf
    >>> bf.unique_counts([3, 1, 3]).counts
    array([1, 2])
    """
    values, _, counts = np.unique(np.asarray(x), return_index=True, return_counts=True, equal_nan=False)
    return UniqueCounts(values, counts)


def unique_inverse(x: npt.ArrayLike, /) -> UniqueInverse:
    """The distinct items of an array, flattened, and which one each item is.

    >>> import bitfast as bf
    >>> bf.unique_inverse([3, 1, 3]).inverse_indices
    array([1, 0, 1])
    """
    array = np.asarray(x)
    values, _, inverse = np.unique(array, return_index=True, return_inverse=True, equal_nan=False)
    return UniqueInverse(values, np.reshape(inverse, array.shape))


def unique_values(x: npt.ArrayLike, /) -> npt.NDArray[Any]:
    """The distinct items of an array, flattened.

    >>> import bitfast as bf
    >>> bf.unique_values([3, 1, 3])
    array([1, 3])
    """
    return np.unique(np.asarray(x), return_index=True, equal_nan=False)[0]
