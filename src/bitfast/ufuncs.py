"""The functions as NumPy ufuncs: float16, float32 and float64, correctly rounded (docs/contract.md, clause 1)."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from bitfast import _native
from bitfast._native import get_num_threads, level, levels, set_num_threads, use_level

# Function: what it is; special values; an example and what it prints.
_FUNCTIONS = {
    "exp": ("e to the power x", "exp(-inf) is 0.", "exp(1.0)", "np.float64(2.718281828459045)"),
    "exp2": ("2 to the power x", "exp2(-inf) is 0.", "exp2(3)", "np.float64(8.0)"),
    "exp10": ("10 to the power x", "exp10(-inf) is 0.", "exp10(2.0)", "np.float64(100.0)"),
    "expm1": ("exp(x) - 1, rounded once", "expm1(-0.0) is -0.0, expm1(-inf) -1.", "expm1(1e-20)", "np.float64(1e-20)"),
    "log": ("The natural logarithm", "log(0) is -inf (divide), of a negative number NaN (invalid).", "log(1.0)",
            "np.float64(0.0)"),
    "log2": ("The logarithm to base 2", "log2(0) is -inf (divide), of a negative number NaN (invalid).", "log2(8.0)",
             "np.float64(3.0)"),
    "log10": ("The logarithm to base 10", "log10(0) is -inf (divide), of a negative number NaN (invalid).",
              "log10(1000.0)", "np.float64(3.0)"),
    "log1p": ("log(1 + x), rounded once", "log1p(-1) is -inf (divide), below it NaN (invalid).", "log1p(1e-20)",
              "np.float64(1e-20)"),
    "pow": ("x to the power y", "pow(x, 0) and pow(1, y) are 1, for NaN too; a negative x with y not an integer "
            "gives NaN (invalid). Of integers it is np.power.", "pow(2.0, 10.0)",
            "np.float64(1024.0)"),
    "sin": ("The sine of x in radians", "sin(±inf) is NaN (invalid).", "sin(1e22)", "np.float64(-0.8522008497671888)"),
    "cos": ("The cosine of x in radians", "cos(±inf) is NaN (invalid).", "cos(0.0)", "np.float64(1.0)"),
    "tan": ("The tangent of x in radians", "tan(±inf) is NaN (invalid).", "tan(0.0)", "np.float64(0.0)"),
    "sinh": ("The hyperbolic sine", "sinh(±inf) is ±inf.", "sinh(0.0)", "np.float64(0.0)"),
    "cosh": ("The hyperbolic cosine", "cosh(±inf) is inf.", "cosh(0.0)", "np.float64(1.0)"),
    "tanh": ("The hyperbolic tangent", "tanh(±inf) is ±1.", "tanh(np.inf)", "np.float64(1.0)"),
    "asinh": ("The inverse of sinh", "asinh(±inf) is ±inf.", "asinh(0.0)", "np.float64(0.0)"),
    "acosh": ("The inverse of cosh", "NaN below 1 (invalid).", "acosh(1.0)", "np.float64(0.0)"),
    "atanh": ("The inverse of tanh", "atanh(±1) is ±inf (divide), NaN outside [-1, 1] (invalid).", "atanh(0.5)",
              "np.float64(0.5493061443340549)"),
    "asin": ("The inverse sine, in radians", "NaN outside [-1, 1] (invalid).", "asin(1.0)",
             "np.float64(1.5707963267948966)"),
    "acos": ("The inverse cosine, in radians", "NaN outside [-1, 1] (invalid).", "acos(-1.0)",
             "np.float64(3.141592653589793)"),
    "atan": ("The inverse tangent, in radians", "atan(±inf) is ±π/2, rounded.", "atan(np.inf)",
             "np.float64(1.5707963267948966)"),
    "atan2": ("The angle of the point (y, x), in radians; the first argument is y", "Signed zeros name the side of the "
              "cut: atan2(±0, -0) is ±π.", "atan2(0.0, -1.0)", "np.float64(3.141592653589793)"),
    "cbrt": ("The cube root", "cbrt(-x) is -cbrt(x).", "cbrt(-27.0)", "np.float64(-3.0)"),
    "hypot": ("sqrt(x² + y²), rounded once", "inf where an argument is infinite, for a NaN beside it too.",
              "hypot(3.0, 4.0)", "np.float64(5.0)"),
    "rsqrt": ("1 / sqrt(x), rounded once", "rsqrt(±0) is ±inf (divide), of a negative number NaN (invalid).",
              "rsqrt(4.0)", "np.float64(0.5)"),
    "erf": ("The error function", "erf(±inf) is ±1.", "erf(0.0)", "np.float64(0.0)"),
    "sqrt": ("The square root", "sqrt(-0.0) is -0.0, of a negative number NaN (invalid).", "sqrt(2.0)",
             "np.float64(1.4142135623730951)"),
    "floor": ("The greatest integer not above x", "Integers are returned as they are.", "floor(-1.5)",
              "np.float64(-2.0)"),
    "ceil": ("The least integer not below x", "Integers are returned as they are; ceil(-0.5) is -0.0.", "ceil(1.5)",
             "np.float64(2.0)"),
    "trunc": ("The integer part", "Integers are returned as they are; trunc(-0.5) is -0.0.", "trunc(-1.5)",
              "np.float64(-1.0)"),
    "rint": ("The nearest integer, ties to even", "rint(-0.5) is -0.0.", "rint(2.5)", "np.float64(2.0)"),
    "fmod": ("The remainder of x / y with x's sign, exact", "NaN for infinite x or y = 0 (invalid). Of integers it is "
             "an integer, 0 for y = 0 (divide).", "fmod(-7.0, 3.0)", "np.float64(-1.0)"),
    "ieee_remainder": ("IEEE 754's remainder: x - y·n with n the integer nearest to x / y, exact", "NaN for infinite x "
                       "or y = 0 (invalid). Of integers it is a signed integer, 0 for y = 0 (divide).",
                       "ieee_remainder(5.0, 3.0)", "np.float64(-1.0)"),
    "remainder": ("x - y·n with n = x / y floored, rounded once, Python's x % y", "It has y's sign; NaN for infinite x "
                  "or y = 0 (invalid). Of integers it is np.remainder.", "remainder(-7.0, 3.0)", "np.float64(2.0)"),
    "floor_divide": ("The greatest integer not above x / y, rounded where it needs more bits", "Where an argument is 0 "
                     "or infinite it is x / y, as the array API has it: inf for inf // 2, -0.0 for 5 // -inf (NumPy: "
                     "NaN and -1). Of integers it is np.floor_divide.", "floor_divide(-7.0, 3.0)", "np.float64(-3.0)"),
    "add": ("x + y", "inf - inf is NaN (invalid). Of integers it is np.add.", "add(0.1, 0.2)",
            "np.float64(0.30000000000000004)"),
    "subtract": ("x - y", "inf - inf is NaN (invalid). Of integers it is np.subtract.", "subtract(0.3, 0.1)",
                 "np.float64(0.19999999999999998)"),
    "multiply": ("x · y", "0 · inf is NaN (invalid). Of integers it is np.multiply.", "multiply(0.1, 3.0)",
                 "np.float64(0.30000000000000004)"),
    "divide": ("x / y", "x / 0 is ±inf (divide), 0 / 0 and inf / inf are NaN (invalid). Of integers it is float64.",
               "divide(1, 3)", "np.float64(0.3333333333333333)"),
    "square": ("x · x", "Of integers it is np.square.", "square(1.1)", "np.float64(1.2100000000000002)"),
    "reciprocal": ("1 / x", "1 / ±0 is ±inf (divide). Of integers it is an integer, 0 for 0 (divide).",
                   "reciprocal(3.0)", "np.float64(0.3333333333333333)"),
    "absolute": ("The magnitude", "absolute(-0.0) is 0.0.", "absolute(-1.5)", "np.float64(1.5)"),
    "negative": ("-x", "negative(0.0) is -0.0.", "negative(1.5)", "np.float64(-1.5)"),
    "sign": ("-1, 0 or 1", "sign(-0.0) is 0.0.", "sign(-1.5)", "np.float64(-1.0)"),
    "copysign": ("x with the sign of y", "The sign of zeros counts.", "copysign(3.0, -0.0)", "np.float64(-3.0)"),
    "nextafter": ("The number next to x in the direction of y", "y where they are equal.", "nextafter(1.0, 2.0)",
                  "np.float64(1.0000000000000002)"),
    "fmin": ("The smaller one; a number beside NaN is the result", "-0.0 is below 0.0.", "fmin(1.0, np.nan)",
             "np.float64(1.0)"),
    "fmax": ("The larger one; a number beside NaN is the result", "-0.0 is below 0.0.", "fmax(1.0, np.nan)",
             "np.float64(1.0)"),
    "minimum": ("The smaller one; NaN beside a number is the result", "-0.0 is below 0.0.", "minimum(1.0, np.nan)",
                "np.float64(nan)"),
    "maximum": ("The larger one; NaN beside a number is the result", "-0.0 is below 0.0.", "maximum(-0.0, 0.0)",
                "np.float64(0.0)"),
    "fma": ("x·y + z, rounded once", "NaN for 0·inf and inf - inf (invalid).", "fma(0.1, 10.0, -1.0)",
            "np.float64(5.551115123125783e-17)"),
    "frexp": ("Fraction in [0.5, 1) and exponent, with x = fraction · 2**exponent", "Zeros, infinities and NaN have "
              "the exponent 0.", "frexp(8.0)", "(np.float64(0.5), np.int32(4))"),
    "ldexp": ("x · 2**n, rounded once", "Overflows to ±inf.", "ldexp(0.5, 4)", "np.float64(8.0)"),
    "modf": ("Fractional and integral part, both with x's sign", "Of ±inf the fractional part is ±0.", "modf(-1.5)",
             "(np.float64(-0.5), np.float64(-1.0))"),
}  # fmt: skip


def _documentation(name: str) -> str:
    what, special, call, printed = _FUNCTIONS.get(name, (f"The function {name}", "", "", ""))
    text = (
        f"{what}.\n\nCorrectly rounded for every argument of float16, float32 and float64, the same bits on every chip."
    )
    if special:
        text += f" {special}"
    if call:
        text += f"\n\nExamples\n--------\n>>> import numpy as np\n>>> import bitfast as bf\n>>> bf.{call}\n{printed}\n"
    return text


def _to_integers(x: npt.NDArray[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    ends = np.iinfo(dtype)
    if x.dtype.kind in "iub":
        if x.dtype.kind != "b":
            given = np.iinfo(x.dtype)
            x = np.clip(x, max(ends.min, given.min), min(ends.max, given.max))
        return x.astype(dtype)
    return np.asanyarray(_CASTS[dtype.name](x))


def _to_reals(x: npt.NDArray[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    with np.errstate(invalid="ignore"):  # a signalling NaN's
        result = x.astype(dtype)
    if x.dtype.kind == "f" and dtype.kind == "f":
        np.asarray(result)[np.isnan(np.asarray(x))] = np.nan  # what is masked stays so
    return result


def _warnings_at_the_caller() -> np.errstate:
    """For the body of astype: NumPy's warnings are about the line that calls it, not about a line here."""

    def warn(kind: str, flags: int) -> None:
        # The frames below the caller's: this one, what casts (_to_integers or _to_reals), astype.
        warnings.warn(f"{kind} encountered in cast", RuntimeWarning, stacklevel=4)

    modes = np.geterr()
    if {"call", "log"} & set(modes.values()):  # the caller's own function is in the place of ours
        return np.errstate()
    ours: dict[str, Any] = {kind: "call" for kind, mode in modes.items() if mode == "warn"}
    return np.errstate(call=warn, **ours)


def _to_complex(x: npt.NDArray[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    parts = np.dtype(f"f{dtype.itemsize // 2}")
    result = np.zeros(x.shape, dtype)
    result.real = _to_reals(x.real, parts)
    if x.dtype.kind == "c":
        result.imag = _to_reals(x.imag, parts)
    return result


def astype(x: npt.ArrayLike, dtype: npt.DTypeLike, *, copy: bool = True, device: str | None = None) -> Any:
    """The array with another dtype: casts to integers truncate and saturate, NaN becomes 0 (contract, clause 2).

    Casts to floating point are NumPy's own, which round to nearest as long as the processor's mode is not changed, but
    their NaN is the canonical one. NaN and what does not fit an integer signals invalid, what is too large for a
    floating-point dtype overflow, as NumPy's own casts do; see np.errstate. A masked array keeps its mask,
    a pandas Series its index. Complex numbers are cast to complex numbers, by parts, and to bool; real numbers to both.
    With copy=False x itself is the result if it has the dtype already. The only device is "cpu".
    Raises TypeError for other dtypes and for complex numbers to real ones, ValueError for other devices.

    >>> import numpy as np
    >>> import bitfast as bf
    >>> with np.errstate(invalid="ignore"):
    ...     bf.astype([1e10, -1.5, np.nan], np.int8)
    array([127,  -1,   0], dtype=int8)
    """
    values, wanted = np.asanyarray(x), np.dtype(dtype)
    if device not in (None, "cpu"):
        raise ValueError(f'Device not understood. Only "cpu" is allowed, but received: {device}')
    for one in (values.dtype, wanted):
        if one.kind not in "biufc" or (one.kind in "fc" and one.itemsize > (8 if one.kind == "f" else 16)):
            raise TypeError(f"bitfast.astype casts numbers of at most 64 bits, and complex ones of two such, not {one}")
    if values.dtype.kind == "c" and wanted.kind not in "cb":
        raise TypeError(f"bitfast.astype does not cast {values.dtype} to {wanted}: take the real part first")
    with _warnings_at_the_caller():
        if not copy and values.dtype == wanted:
            result = values
        elif wanted.kind in "iu":
            result = _to_integers(values, wanted.newbyteorder("=")).astype(wanted, copy=False)
        else:
            result = _to_complex(values, wanted) if wanted.kind == "c" else _to_reals(values, wanted)
    if not isinstance(x, (np.ndarray, np.generic)) and hasattr(x, "__array_wrap__"):
        return x.__array_wrap__(result)  # a Series keeps its index
    return result[()] if np.isscalar(x) or isinstance(x, np.generic) else result


_CASTS = {
    name.removeprefix("to_"): _native.ufunc(name, "Saturating cast.")
    for name in _native.ufunc_names()
    if name.startswith("to_")
}
# Where C's name is not the one here, which is NumPy's and the array API's.
_RENAMED = {"remainder": "ieee_remainder", "floor_remainder": "remainder"}
_UFUNCS = {_RENAMED.get(name, name): name for name in _native.ufunc_names() if not name.startswith("to_")}
_NAMES = tuple(_UFUNCS)
globals().update({name: _native.ufunc(of, _documentation(name), name) for name, of in _UFUNCS.items()})

__all__ = [*_NAMES, "astype", "get_num_threads", "level", "levels", "set_num_threads", "use_level"]
