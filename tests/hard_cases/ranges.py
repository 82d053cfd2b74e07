"""Where the search looks: per function, intervals of arguments on which rounding is one problem of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """An interval of one argument; of a function of two, the other one (`fixed`, the first or second) stays."""

    low: str
    high: str
    fixed: tuple[str, str] | None = None


def intervals(*bounds: str) -> list[Range]:
    return [Range(low, high) for low, high in (bound.split(":") for bound in bounds)]


def both_signs(*bounds: str) -> list[Range]:
    return [
        Range(sign + low, sign + high) for low, high in (bound.split(":") for bound in bounds) for sign in ("", "-")
    ]


LOGARITHM = intervals(
    "0x1p-1000:0x1p-20", "0x1p-20:0.5", "0.5:0.998", "0.998:0x1.fffffp-1", "0x1.00001p0:1.002", "1.002:2",
    "2:0x1p20", "0x1p20:0x1p1000",
)  # fmt: skip
CIRCULAR = intervals(
    "0x1p-24:0x1p-10", "0x1p-10:0.1", "0.1:0.785", "0.785:3.15", "3.15:32", "32:1024", "1024:0x1p14", "0x1p14:0x1p17"
)

FLOAT64: dict[str, list[Range]] = {
    "exp": both_signs("0x1p-24:0x1p-8", "0x1p-8:1", "1:16", "16:708"),
    "exp2": both_signs("0x1p-24:0x1p-8", "0x1p-8:1", "1:16", "16:1021"),
    "exp10": both_signs("0x1p-24:0x1p-8", "0x1p-8:1", "1:16", "16:307"),
    "expm1": [*both_signs("0x1p-48:0x1p-8", "0x1p-8:1", "1:16"), *intervals("16:709", "-16:-36")],
    "log": LOGARITHM,
    "log2": LOGARITHM,
    "log10": LOGARITHM,
    "log1p": intervals(
        "0x1p-48:0x1p-8", "0x1p-8:1", "-0x1p-48:-0x1p-8", "-0x1p-8:-0.5", "-0.5:-0.99999", "1:0x1p20", "0x1p20:0x1p1000"
    ),
    "sin": CIRCULAR,
    "cos": CIRCULAR,
    "tan": CIRCULAR,
    "sinh": intervals("0x1p-24:0x1p-8", "0x1p-8:0.5", "0.5:2", "2:16", "16:40", "40:709"),
    "cosh": intervals("0x1p-24:0x1p-8", "0x1p-8:0.5", "0.5:2", "2:16", "16:40", "40:709"),
    "tanh": intervals("0x1p-24:0x1p-8", "0x1p-8:0.25", "0.25:1", "1:4", "4:18"),
    "asinh": intervals("0x1p-24:0x1p-8", "0x1p-8:0.5", "0.5:2", "2:16", "16:0x1p30", "0x1p30:0x1p1000"),
    "acosh": intervals("1:1.5", "1.5:4", "4:0x1p30", "0x1p30:0x1p1000"),
    "atanh": intervals("0x1p-24:0x1p-8", "0x1p-8:0.25", "0.25:0.75", "0.75:0.99", "0.99:0x1.ffffffp-1"),
    "asin": intervals("0x1p-24:0x1p-8", "0x1p-8:0.25", "0.25:0.75", "0.75:0.99", "0.99:0x1.ffffffp-1"),
    "acos": both_signs("0x1p-24:0x1p-4", "0x1p-4:0.75", "0.75:0.99", "0.99:0x1.ffffffp-1"),
    "atan": intervals("0x1p-24:0x1p-8", "0x1p-8:0.5", "0.5:2", "2:32", "32:0x1p20", "0x1p20:0x1p50"),
    "cbrt": intervals("1:2", "2:4", "4:8", "0x1p-1000:0x1p-10", "0x1p10:0x1p1000"),
    "rsqrt": intervals("1:2", "2:4", "0x1p-1000:0x1p-10", "0x1p10:0x1p1000"),
    "erf": intervals("0x1p-48:0x1p-8", "0x1p-8:0.5", "0.5:1", "1:2", "2:4", "4:5.8"),
    "pow": [
        *(Range("1", "2", ("second", y)) for y in ("2", "3", "0.5", "-1", "1.5", "10", "0x1.5555555555555p-2")),
        *(Range("0x1p-16", "0x1p16", ("second", y)) for y in ("3.7", "-0.5", "0.1", "-12.25")),
        *(Range("0x1p-4", "100", ("first", x)) for x in ("10", "1.5", "0.1", "0x1.5bf0a8b145769p+1", "0x1.00001p0")),
    ],
    "atan2": [
        *(Range("0x1p-8", "0x1p8", ("second", x)) for x in ("1", "-1", "3", "-0.7")),
        *(Range("0x1p-8", "0x1p8", ("first", y)) for y in ("1", "10", "0.3")),
    ],
    "hypot": [Range("0x1p-8", "0x1p24", ("second", y)) for y in ("1", "2", "3", "0.1", "0x1.6a09e667f3bcdp0")],
}

# Every argument of these is tried; outside, results are exact, repeat by a power of two or are as good as x or 1.
LOGARITHM_F32 = intervals("0x1p-126:0x1.fffffep-1", "0x1.000002p0:0x1.fffffep127")
CIRCULAR_F32 = intervals("0x1p-16:0x1.fffffep127")
FLOAT32: dict[str, list[Range]] = {
    "exp": both_signs("0x1p-16:87"),
    "exp2": both_signs("0x1p-16:125"),
    "exp10": both_signs("0x1p-16:37"),
    "expm1": [*both_signs("0x1p-22:16"), *intervals("16:88")],
    "log": LOGARITHM_F32,
    "log2": LOGARITHM_F32,
    "log10": LOGARITHM_F32,
    "log1p": intervals("0x1p-22:0x1.fffffep127", "-0x1p-22:-0x1.fffffep-1"),
    "sin": CIRCULAR_F32,
    "cos": CIRCULAR_F32,
    "tan": CIRCULAR_F32,
    "sinh": intervals("0x1p-12:88"),
    "cosh": intervals("0x1p-12:88"),
    "tanh": intervals("0x1p-12:10"),
    "asinh": intervals("0x1p-12:0x1.fffffep127"),
    "acosh": intervals("0x1.000002p0:0x1.fffffep127"),
    "atanh": intervals("0x1p-12:0x1.fffffep-1"),
    "asin": intervals("0x1p-12:0x1.fffffep-1"),
    "acos": both_signs("0x1p-22:0x1.fffffep-1"),
    "atan": intervals("0x1p-12:0x1p30"),
    "cbrt": intervals("1:0x1.fffffep2"),
    "rsqrt": intervals("1:0x1.fffffep1"),
    "erf": intervals("0x1p-22:3.9"),
}
