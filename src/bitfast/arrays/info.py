"""What the namespace says about itself and its dtypes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

_KINDS = {
    "bool": ("bool",),
    "signed integer": ("int8", "int16", "int32", "int64"),
    "unsigned integer": ("uint8", "uint16", "uint32", "uint64"),
    "real floating": ("float32", "float64"),
    "complex floating": ("complex64", "complex128"),
}
_KINDS["integral"] = (*_KINDS["signed integer"], *_KINDS["unsigned integer"])
_KINDS["numeric"] = (*_KINDS["integral"], *_KINDS["real floating"], *_KINDS["complex floating"])

Kind = Literal["bool", "signed integer", "unsigned integer", "real floating", "complex floating", "integral", "numeric"]


def _only_cpu(device: object) -> None:
    if device not in ("cpu", None):
        raise ValueError(f'Device not understood. Only "cpu" is allowed, but received: {device}')


class __array_namespace_info__:
    """The standard's inspection functions: dtypes, devices and capabilities of this namespace."""

    def capabilities(self) -> dict[str, Any]:
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self) -> str:
        return "cpu"

    def devices(self) -> tuple[str, ...]:
        return ("cpu",)

    def default_dtypes(self, *, device: str | None = None) -> dict[str, np.dtype[Any]]:
        _only_cpu(device)
        return {
            "real floating": np.dtype("float64"),
            "complex floating": np.dtype("complex128"),
            "integral": np.dtype("int64"),
            "indexing": np.dtype("int64"),
        }

    def dtypes(
        self, *, device: str | None = None, kind: Kind | tuple[Kind, ...] | None = None
    ) -> dict[str, np.dtype[Any]]:
        _only_cpu(device)
        kinds = (kind,) if isinstance(kind, str) else ("bool", "numeric") if kind is None else kind
        for one in kinds:
            if one not in _KINDS:
                raise ValueError(f"unsupported kind: {one!r}")
        return {name: np.dtype(name) for one in kinds for name in _KINDS[one]}


@dataclass(frozen=True)
class FloatInfo:
    """The limits of a floating-point dtype; of a complex one, those of its parts."""

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    dtype: np.dtype[Any]


@dataclass(frozen=True)
class IntegerInfo:
    """The limits of an integer dtype."""

    bits: int
    max: int
    min: int
    dtype: np.dtype[Any]


def _dtype_of(type: Any) -> Any:
    return type.dtype if isinstance(type, (np.ndarray, np.generic)) else type


def finfo(type: npt.DTypeLike | npt.NDArray[Any], /) -> FloatInfo:
    """The limits of a floating-point dtype, or of an array's, as Python numbers. Raises ValueError for others.

    >>> import bitfast as bf
    >>> bf.finfo(bf.float32).eps
    1.1920928955078125e-07
    """
    info = np.finfo(_dtype_of(type))
    return FloatInfo(
        info.bits, float(info.eps), float(info.max), float(info.min), float(info.smallest_normal), np.dtype(info.dtype)
    )


def iinfo(type: npt.DTypeLike | npt.NDArray[Any], /) -> IntegerInfo:
    """The limits of an integer dtype, or of an array's. Raises ValueError for others.

    >>> import bitfast as bf
    >>> bf.iinfo(bf.int8).max
    127
    """
    info = np.iinfo(_dtype_of(type))
    return IntegerInfo(info.bits, int(info.max), int(info.min), np.dtype(info.dtype))
