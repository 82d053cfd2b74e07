"""The accurate path's constants: 256-bit fixed-point tables for e^x and log, and how small what they leave is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import mpmath
from mpmath import exp, factorial, floor, log, mpf

from derive.common import ROOT, write

ACCURATE = ROOT / "native/accurate"
BITS = 256

EXP_HIGH, EXP_LOW = 7, 14  # bits of the argument that the two tables take
EXP_DEGREE = 12
LOG_HIGH, LOG_LOW = 7, 14
LOG_HIGH_SCALE, LOG_LOW_SCALE = 10, 18  # bits of the two tables' factors
LOG_DEGREE = 14


def fraction(value: mpmath.mpf) -> str:
    """The C initialiser of a value in [0, 1), rounded to 256 bits."""
    integer = int(floor(mpmath.ldexp(value, BITS) + mpf(1) / 2))
    if not 0 <= integer < 2**BITS:
        raise ValueError(f"{value} is no fraction")
    return "{{" + ", ".join(f"0x{integer >> shift & (2**64 - 1):016x}" for shift in range(0, BITS, 64)) + "}}"


def fractions(name: str, values: Sequence[mpmath.mpf], why: str) -> str:
    """A static array of fractions in C."""
    lines = "".join(f"    {fraction(value)},\n" for value in values)
    return f"/* {why} */\nstatic const fraction {name}[{len(values)}] = {{\n{lines}}};\n"


def constant(name: str, value: mpmath.mpf, why: str) -> str:
    """A static fraction in C."""
    return f"/* {why} */\nstatic const fraction {name} =\n    {fraction(value)};\n"


def integers(name: str, ctype: str, values: Sequence[int], why: str) -> str:
    """A static array of integers in C."""
    rows = [", ".join(map(str, values[start : start + 12])) for start in range(0, len(values), 12)]
    body = "".join(f"    {row},\n" for row in rows)
    return f"/* {why} */\nstatic const {ctype} {name}[{len(values)}] = {{\n{body}}};\n"


def number(name: str, value: int, why: str) -> str:
    """A named integer in C."""
    return f"enum {{ {name} = {value} }}; /* {why} */\n"


def bits(value: mpmath.mpf) -> str:
    """log2 of a bound, for a comment."""
    return f"2^{float(log(value, 2)):.1f}"


def exp_data() -> list[str]:
    """e^(i/2^7), e^(j/2^14) and (e^s - 1)/s."""
    last = int(floor(log(2) * 2**EXP_HIGH))
    left_out = mpf(2) ** (-EXP_LOW * (EXP_DEGREE + 1)) / factorial(EXP_DEGREE + 2) * (1 + mpf(2) ** -10)
    return [
        constant("LN2", log(2), "ln2"),
        constant("LN10_QUARTER", log(10) / 4, "ln10/4"),
        fractions("POWERS_HIGH", [exp(mpf(i) / 2**EXP_HIGH) / 2 for i in range(last + 1)], "e^(i/2^7)/2"),
        fractions(
            "POWERS_LOW", [exp(mpf(i) / 2**EXP_LOW) / 2 for i in range(2 ** (EXP_LOW - EXP_HIGH))], "e^(i/2^14)/2"
        ),
        number("GROWTH_DEGREE", EXP_DEGREE, f"for |s| < 2^-{EXP_LOW} the terms left out are below {bits(left_out)}"),
        fractions(
            "GROWTH",
            [1 / (2 * factorial(k + 1)) for k in range(EXP_DEGREE + 1)],
            "(e^s - 1)/2s = 1/2 + s/4 + s^2/12 + ...",
        ),
    ]


def log_factors() -> tuple[list[int], list[int], mpmath.mpf, mpmath.mpf]:
    """Both tables' factors, and what they leave: bounds of |m·c_i - 1| and of |m·c_i·c_j - 1|."""
    count = 2**LOG_HIGH
    high, high_left = [], mpf(0)
    for i in range(count):
        low_end, high_end = 1 + mpf(i) / count, 1 + mpf(i + 1) / count
        if 2 * low_end * low_end > 4:  # from about the square root of 2 on, m/2 is meant
            low_end, high_end = low_end / 2, high_end / 2
        factor = round(2**LOG_HIGH_SCALE * 2 / (low_end + high_end))
        if low_end == 1 or high_end == 1:
            factor = 2**LOG_HIGH_SCALE
        high.append(factor)
        high_left = max(high_left, *(abs(end * factor / 2**LOG_HIGH_SCALE - 1) for end in (low_end, high_end)))
    reach = int(floor(high_left * 2**LOG_LOW)) + 1
    low, low_left = [], mpf(0)
    for j in range(-reach, reach):
        low_end, high_end = 1 + mpf(j) / 2**LOG_LOW, 1 + mpf(j + 1) / 2**LOG_LOW
        factor = 2**LOG_LOW_SCALE if j in (-1, 0) else round(2**LOG_LOW_SCALE * 2 / (low_end + high_end))
        low.append(factor)
        low_left = max(low_left, *(abs(end * factor / 2**LOG_LOW_SCALE - 1) for end in (low_end, high_end)))
    return high, low, high_left, low_left


def log_data() -> list[str]:
    """Factors near 1/m with their logarithms, log1p, and the other bases."""
    high, low, _, low_left = log_factors()
    turn = next(i for i, factor in enumerate(high) if factor > 2**LOG_HIGH_SCALE)
    left_out = low_left ** (LOG_DEGREE + 1) / (LOG_DEGREE + 2) / (1 - low_left)
    return [
        constant("LN2", log(2), "ln2"),
        constant("LOG2_E_HALF", 1 / log(2) / 2, "log2(e)/2"),
        constant("LOG10_E", 1 / log(10), "log10(e)"),
        constant("LOG10_2", log(2) / log(10), "log10(2)"),
        number("FACTOR_HIGH_BITS", LOG_HIGH_SCALE, "FACTORS_HIGH are multiples of 2^-this"),
        number("FACTOR_LOW_BITS", LOG_LOW_SCALE, "FACTORS_LOW are multiples of 2^-this"),
        number("HALVED_FROM", turn, "in FACTORS_HIGH: from here on they are near 2/m"),
        number("LOW_ZERO", len(low) // 2, "the place of j = 0 in FACTORS_LOW and LOGS_LOW"),
        integers("FACTORS_HIGH", "uint16_t", high, "near 1/m for m in [1 + i/2^7, 1 + (i + 1)/2^7), times 2^10"),
        fractions("LOGS_HIGH", [abs(log(mpf(f) / 2**LOG_HIGH_SCALE)) for f in high], "|log| of those factors"),
        integers("FACTORS_LOW", "uint32_t", low, "near 1/(1 + f) for f in [j/2^14, (j + 1)/2^14), times 2^18"),
        fractions("LOGS_LOW", [abs(log(mpf(f) / 2**LOG_LOW_SCALE)) for f in low], "|log| of those factors"),
        number(
            "LOG1P_DEGREE",
            LOG_DEGREE,
            f"|g| <= {bits(low_left)} remains; the terms left out are below {bits(left_out)}",
        ),
        fractions(
            "LOG1P",
            [mpf(1) / (2 * (k + 1)) for k in range(LOG_DEGREE + 1)],
            "|log1p(g)/2g| = 1/2 -+ |g|/4 + g^2/6 -+ ...",
        ),
    ]


def main(directory: Path = ACCURATE) -> None:
    """Writes exp_data.h and log_data.h."""
    write(directory / "exp_data.h", "accurate", ['#include "wide.h"\n', *exp_data()])
    write(directory / "log_data.h", "accurate", ['#include "wide.h"\n', *log_data()])


if __name__ == "__main__":
    main()
