"""Two NumPy arrays of one type compared element by element, in whole blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bitfast.words import Tolerance

_FLOATS = ("f2", "f4", "f8", "c8", "c16")


@dataclass(frozen=True)
class Compared:
    """Which elements differ beyond the tolerance, and how far those lie apart at most; ulps are of the array's type."""

    differs: NDArray[np.bool_]
    max_ulp: int | None = None
    max_relative: float | None = None


def compared(
    ours: NDArray[Any], theirs: NDArray[Any], tolerance: Tolerance, masked: NDArray[np.bool_] | None = None
) -> Compared:
    """Compare two one-dimensional arrays of one dtype. Without a tolerance elements are equal when their bytes are:
    -0 and 0 differ, and so do NaNs of unlike sign."""
    ours, theirs = np.ascontiguousarray(ours), np.ascontiguousarray(theirs)
    size = ours.dtype.itemsize
    if not size or not len(ours):
        return Compared(np.zeros(len(ours), dtype=np.bool_))
    left, right = (array.view(np.uint8).reshape(len(array), size) for array in (ours, theirs))
    differs = np.asarray((left != right).any(axis=1))
    if masked is not None:
        differs &= ~masked
    places = np.flatnonzero(differs)
    numeric = ours.dtype.kind in "iu" or ours.dtype.str[1:] in _FLOATS
    if not len(places) or not numeric:
        return Compared(differs)
    native = ours.dtype.newbyteorder("=")
    parts = [array[places].astype(native) for array in (ours, theirs)]
    if native.kind == "c":  # a complex number is its two parts
        parts = [part.view(part.real.dtype).reshape(-1, 2) for part in parts]
    else:
        parts = [part.reshape(-1, 1) for part in parts]
    within, ulps, relatives = _measured(parts[0], parts[1], tolerance)
    outside = np.asarray(~within.all(axis=1))
    differs[places] = outside
    if not outside.any():
        return Compared(differs)
    return Compared(differs, _most(ulps, outside), _most(relatives, outside))


def _most(numbers: NDArray[Any] | None, rows: NDArray[np.bool_]) -> Any:
    if numbers is None:
        return None
    chosen = numbers[rows]
    if chosen.dtype.kind == "f":
        chosen = chosen[np.isfinite(chosen)]
    return chosen.max().item() if chosen.size else None


def _measured(
    ours: NDArray[Any], theirs: NDArray[Any], tolerance: Tolerance
) -> tuple[NDArray[np.bool_], NDArray[Any] | None, NDArray[np.float64]]:
    """Which pairs are equal within the tolerance, and how far they lie apart: in ulp (no distance: 0) and relative."""
    if ours.dtype.kind in "iu":
        above, below = (pick(ours, theirs).astype(np.uint64) for pick in (np.maximum, np.minimum))
        gaps = (above - below).astype(np.float64)  # modulo 2^64, so right for negative numbers too
        sizes = np.maximum(np.abs(ours.astype(np.float64)), np.abs(theirs.astype(np.float64)))
        relatives = np.divide(gaps, sizes, out=np.zeros_like(gaps), where=sizes > 0)
        return _inside(gaps, sizes, tolerance), None, relatives
    wide = [array.astype(np.float64) for array in (ours, theirs)]
    finite = np.isfinite(wide[0]) & np.isfinite(wide[1])
    with np.errstate(over="ignore", invalid="ignore"):
        gaps = np.where(finite, np.abs(wide[0] - wide[1]), np.nan)
        sizes = np.maximum(np.abs(wide[0]), np.abs(wide[1]))
        halves = np.abs(
            np.divide(wide[0], sizes, where=sizes > 0, out=np.zeros_like(gaps))
            - np.divide(wide[1], sizes, where=sizes > 0, out=np.zeros_like(gaps))
        )
    relatives = np.where(finite, halves, np.nan)
    ulps = np.where(finite, ulp_distances(ours, theirs), 0)
    if tolerance.exact:
        return np.zeros(ours.shape, dtype=np.bool_), ulps, relatives
    equal = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    within = equal | (finite & ((ulps <= tolerance.ulp) | _inside(gaps, sizes, tolerance)))
    return within, ulps, relatives


def _inside(gaps: NDArray[np.float64], sizes: NDArray[np.float64], tolerance: Tolerance) -> NDArray[np.bool_]:
    if tolerance.exact:
        return np.zeros(gaps.shape, dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        return np.asarray(gaps <= np.maximum(tolerance.relative * sizes, tolerance.absolute))


def ulp_distances(ours: NDArray[Any], theirs: NDArray[Any]) -> NDArray[np.uint64]:
    """Numbers of the floating type between two arrays' elements, counting one end; -0 and 0 are the same place."""
    bits = ours.dtype.itemsize * 8
    kind = np.dtype(f"u{bits // 8}")
    sign = np.uint64(1 << (bits - 1))
    left, right = (array.view(kind).astype(np.uint64) for array in (ours, theirs))
    sizes = left & (sign - np.uint64(1)), right & (sign - np.uint64(1))
    same_sign = (left & sign) == (right & sign)
    return np.where(same_sign, np.maximum(*sizes) - np.minimum(*sizes), sizes[0] + sizes[1])
