"""bf.Array: an array whose operators are ours too, and that libraries of the array API dispatch on.

`x @ y`, `x ** y` and `x.sum()` of NumPy's own arrays are NumPy's, whatever namespace is in use. An Array is a thin
cover of a NumPy array: its operators are the functions of this namespace, and its `__array_namespace__` is
`bitfast.array_api`, whose functions take and return Arrays. It is no subclass of ndarray, because SciPy and
scikit-learn treat those as NumPy's.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, Literal, NoReturn

import numpy as np
import numpy.typing as npt

from bitfast.arrays.table import LINALG, NAMESPACE, Source
from bitfast.ufuncs import astype


def uncovered(value: Any) -> Any:
    """The NumPy arrays in the place of Arrays, in lists and tuples too."""
    if isinstance(value, Array):
        return value._values
    if type(value) in (list, tuple):
        return type(value)(map(uncovered, value))
    return value


def covered(value: Any) -> Any:
    """Arrays in the place of NumPy arrays and scalars, in lists and tuples too."""
    if isinstance(value, (np.ndarray, np.generic)):
        return Array(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(covered, value))
    return type(value)(map(covered, value)) if type(value) in (list, tuple) else value


def on_arrays(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, taking and returning Arrays."""

    @functools.wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        result = function(*map(uncovered, arguments), **{name: uncovered(value) for name, value in options.items()})
        out = options.get("out")
        out = out[0] if isinstance(out, tuple) and len(out) == 1 else out  # as ufuncs hand it on
        return out if isinstance(out, Array) and result is out._values else covered(result)

    return call


_KEEP_MASKS = {"abs", "clip", "finfo", "iinfo", "round"}


_WITHOUT_MASK = "x.filled(...), or x.compressed()"


def _refuse_mask(name: str, instead: str = _WITHOUT_MASK) -> NoReturn:
    raise TypeError(f"{name} of a masked array: pass {instead}")


@functools.cache
def on_both(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as the namespace has it: it returns Arrays where an argument is one."""

    @functools.wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        for value in (*arguments, *options.values()):
            if isinstance(value, Array):
                return on_arrays(function)(*arguments, **options)
            if isinstance(value, np.ma.MaskedArray) and function.__name__ not in _KEEP_MASKS:
                has_where = "where" in function.__code__.co_varnames
                _refuse_mask(function.__name__, "its data and where=~mask" if has_where else _WITHOUT_MASK)
        return function(*arguments, **options)

    # Where it is looked up when it is unpickled.
    call.__module__ = "bitfast.linalg" if function.__module__ == "bitfast.arrays.linalg" else "bitfast"
    return call


# NumPy's names of functions that have another one here.
_NAMES = {
    "power": "pow", "absolute": "abs", "conjugate": "conj", "invert": "bitwise_invert", "left_shift":
    "bitwise_left_shift", "right_shift": "bitwise_right_shift", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arctan2": "atan2", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "concatenate": "concat",
    "transpose": "permute_dims", "cumsum": "cumulative_sum", "cumprod": "cumulative_prod", "amax": "max",
    "amin": "min", "around": "round",
}  # fmt: skip
# NumPy's functions that only look, or compare.
_LOOKING = {"array2string", "array_equal", "array_repr", "array_str", "may_share_memory", "ndim", "shape",
            "shares_memory", "size"}  # fmt: skip


# Reductions by a ufunc of NumPy, and what they are here.
_REDUCTIONS = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}
# What is there in the place of what is not there.
_INSTEAD = {
    "dot": "bf.matmul, bf.vecdot, or ", "inner": "bf.vecdot, or ", "einsum": "bf.tensordot, bf.matmul, or ", "vdot":
    "bf.vecdot, or ", "unique": "bf.unique_values, or ", "linspace": "bf.linspace with Python's numbers, or ",
    "nansum": "bf.sum(x, where=~bf.isnan(x)), or ", "nanmean": "bf.mean(x, where=~bf.isnan(x)), or ",
}  # fmt: skip


def _no_such(name: str, instead: str) -> str:
    return (f"bitfast has no {name} of a bf.Array, whose results are the same bits on every chip; use {instead}"
            "np.asarray(x), which is NumPy's array")  # fmt: skip


def _reduce(name: str, x: Any, /, axis: Any = 0, dtype: Any = None, out: Any = None, **options: Any) -> Any:
    """As a ufunc's own method has it: over the first axis, if no other is named."""
    for one, given in (("dtype", dtype), ("out", out)):
        options |= {} if given is None else {one: given}
    if options.get("initial", 0) is None:
        raise TypeError(f"numpy.{name}.reduce of a bf.Array has no reductions without an identity; leave initial out")
    function: Any = NAMESPACE[_REDUCTIONS[name]].load()
    return function(np.asarray(x), axis=axis, **options)


class Array:
    """A cover of a NumPy array, which is shared, not copied. See the array API standard's array object.

    Operators take Arrays, NumPy arrays and Python's numbers. NumPy's functions on an Array are ours of the same name;
    TypeError where there is none. `numpy.asarray(x)` gives the NumPy array back.

    >>> import bitfast as bf
    >>> x = bf.Array([[1.0, 2.0], [3.0, 4.0]])
    >>> x @ x
    Array([[ 7., 10.],
           [15., 22.]])
    """

    __slots__ = ("_values",)
    __hash__ = None  # type: ignore[assignment]
    _values: npt.NDArray[Any]

    def __init__(self, values: npt.ArrayLike | Array) -> None:
        if isinstance(values, np.ma.MaskedArray):
            _refuse_mask("Array")
        self._values = np.asarray(uncovered(values))

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._values.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        return self._values.shape

    @property
    def ndim(self) -> int:
        return self._values.ndim

    @property
    def size(self) -> int:
        return self._values.size

    @property
    def device(self) -> Literal["cpu"]:
        return "cpu"

    @property
    def T(self) -> Array:
        if self.ndim != 2:
            raise ValueError("T is of two-dimensional arrays; permute_dims or mT of others")
        return Array(self._values.T)

    @property
    def mT(self) -> Array:
        return Array(self._values.mT)

    def to_device(self, device: str, /, *, stream: None = None) -> Array:
        if device != "cpu" or stream is not None:
            raise ValueError(f"the only device is 'cpu', without streams, not {device!r}")
        return self

    def __array_namespace__(self, /, *, api_version: str | None = None) -> ModuleType:
        if api_version not in (None, "2021.12", "2022.12", "2023.12", "2024.12", "2025.12"):
            raise ValueError(f"the array API standard has no version {api_version!r} here")
        return import_module("bitfast.array_api")

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return np.asarray(self._values, dtype=dtype, copy=copy)

    def __array_wrap__(self, values: npt.NDArray[Any], context: object = None, return_scalar: bool = False) -> Array:
        return Array(values)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's ufuncs, also as operators of NumPy arrays: ours of that name. And ours themselves."""
        name = _NAMES.get(ufunc.__name__, ufunc.__name__)
        ours: Any = NAMESPACE[name].load() if name in NAMESPACE else None
        if ours is None:
            ufuncs = import_module("bitfast.ufuncs")
            ours = getattr(ufuncs, name) if name in ufuncs.__all__ else None
        if method == "__call__" and ours is not None:
            return on_arrays(ours)(*inputs, **options)
        # Of what is computed of single elements alone, every method is as good as the call.
        is_numpys = name in NAMESPACE and NAMESPACE[name].source is Source.NUMPY
        if isinstance(ours, np.ufunc) and (is_numpys or method in ("outer", "at")):
            return on_arrays(getattr(ours, method))(*inputs, **options)
        if method == "reduce" and name in _REDUCTIONS:
            return on_arrays(_reduce)(name, *inputs, **options)
        others = (type(x) for x in inputs if not isinstance(x, (Array, np.ndarray, np.generic)))
        if any(hasattr(other, "__array_ufunc__") for other in others):
            return NotImplemented
        hint = {"add": "bf.cumulative_sum, or ", "multiply": "bf.cumulative_prod, or "}
        what = f"numpy.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
        raise TypeError(_no_such(what, hint.get(name, "") if method == "accumulate" else ""))

    def __array_function__(
        self, function: Callable[..., Any], types: Any, arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        """NumPy's functions: its own where the table says so, else ours of that name."""
        name = _NAMES.get(function.__name__, function.__name__)
        if (entry := (LINALG if function.__module__ == "numpy.linalg" else NAMESPACE).get(name)) is not None:
            ours: Any = function if entry.source is Source.NUMPY else entry.load()
        elif name in ("average", "norm"):
            ours = getattr(import_module("bitfast.arrays.reductions"), name)
        elif name in _LOOKING:
            ours = function
        elif all(issubclass(one, (Array, np.ndarray)) for one in types):
            raise TypeError(_no_such(f"{function.__module__}.{name}", _INSTEAD.get(name, "")))
        else:
            return NotImplemented
        return on_arrays(ours)(*arguments, **options)

    def __dlpack__(
        self,
        *,
        stream: None = None,
        max_version: tuple[int, int] | None = None,
        dl_device: Any = None,
        copy: bool | None = None,
    ) -> Any:
        return self._values.__dlpack__(stream=stream, max_version=max_version, dl_device=dl_device, copy=copy)

    def __dlpack_device__(self) -> Any:
        return self._values.__dlpack_device__()

    def __getitem__(self, key: Any, /) -> Array:
        return Array(self._values[uncovered(key)])

    def __setitem__(self, key: Any, value: Any, /) -> None:
        given = uncovered(value)
        if isinstance(given, np.ndarray) and given.dtype.kind == "f" and self.dtype.kind in "iu":
            given = astype(given, self.dtype)
        self._values[uncovered(key)] = given

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Array]:
        return map(Array, iter(self._values))

    def __getattr__(self, name: str) -> NoReturn:
        """For what is not here: the methods of NumPy's arrays are functions."""
        hint = ""
        if not name.startswith("_") and hasattr(np.ndarray, name):
            ours = _NAMES.get(name, name)
            hint = f"; use bf.{ours}(x)" if ours in NAMESPACE else f"; use np.asarray(x).{name}"
        raise AttributeError(f"bf.Array has no attribute {name!r}{hint}")

    def __format__(self, how: str) -> str:
        return format(self._values[()], how) if how and not self.ndim else format(str(self), how)

    def __round__(self, digits: int | None = None) -> Any:
        """Of an array without axes: Python's rounding of the number, to a Python number."""
        if self.ndim:
            raise TypeError("only an array without axes is rounded as a number; use bf.round(x)")
        return round(self._values.item(), digits)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError(f"an array of {self.size} elements has no truth value; use bf.any(x) or bf.all(x)")
        return bool(self._values)

    def __int__(self) -> int:
        return int(self._values)

    def __float__(self) -> float:
        return float(self._values)

    def __complex__(self) -> complex:
        return complex(self._values)

    def __index__(self) -> int:
        return self._values.__index__()

    def __repr__(self) -> str:
        return np.array2string(self._values, separator=", ", prefix="Array(").join(
            ("Array(", ")" if self.dtype in (np.float64, np.int64, np.bool) else f", dtype={self.dtype})")
        )


# Operator: the function of the namespace. The first ones also have reflected and in-place forms.
_ARITHMETIC = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "floordiv": "floor_divide",
    "mod": "remainder", "pow": "pow", "matmul": "matmul", "and": "bitwise_and", "or": "bitwise_or",
    "xor": "bitwise_xor", "lshift": "bitwise_left_shift", "rshift": "bitwise_right_shift",
}  # fmt: skip
_COMPARISONS = {
    "eq": "equal", "ne": "not_equal", "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal",
}  # fmt: skip
_UNARY = {"neg": "negative", "pos": "positive", "abs": "abs", "invert": "bitwise_invert"}


def _operators() -> Iterator[tuple[str, Callable[..., Any]]]:
    def function_of(name: str) -> Callable[..., Any]:
        return functools.cache(lambda: on_arrays(NAMESPACE[name].load()))  # type: ignore[arg-type]

    def takes(other: Any) -> bool:
        return isinstance(other, (Array, np.ndarray, np.generic, bool, int, float, complex))

    def binary(function: Callable[[], Callable[..., Any]], turned: bool) -> Callable[..., Any]:
        def operator(self: Array, other: Any, /) -> Any:
            if not takes(other):
                return NotImplemented
            return function()(other, self) if turned else function()(self, other)

        return operator

    def in_place(function: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
        def operator(self: Array, other: Any, /) -> Any:
            if not takes(other):
                return NotImplemented
            result = function()(self, other)._values
            if result.shape != self.shape:
                raise ValueError(f"non-broadcastable output operand with shape {self.shape} doesn't match the "
                                 f"broadcast shape {result.shape}")  # fmt: skip
            np.copyto(self._values, result, casting="same_kind")
            return self

        return operator

    def unary(function: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
        return lambda self: function()(self)

    for word, name in (_ARITHMETIC | _COMPARISONS).items():
        yield f"__{word}__", binary(function_of(name), False)
        if word in _ARITHMETIC:
            yield f"__r{word}__", binary(function_of(name), True)
            yield f"__i{word}__", in_place(function_of(name))
    for word, name in _UNARY.items():
        yield f"__{word}__", unary(function_of(name))


for _name, _operator in _operators():
    _operator.__name__ = _name
    _operator.__qualname__ = f"Array.{_name}"
    setattr(Array, _name, _operator)
