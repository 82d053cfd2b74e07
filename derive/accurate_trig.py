"""The accurate path's tables for sin, cos and tan, for the inverse functions and for erf: 256-bit fractions, truncated.

A fraction is four 64-bit limbs, the lowest first, and means limbs/2^256 (native/accurate/wide.h).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import mpmath
from mpmath import mp, mpf

from derive.common import ROOT, write

ACCURATE = ROOT / "native/accurate"
TWO_OVER_PI_WORDS = 24  # the largest double, 2^971 times an integer, needs 1355 bits; and a word to shift in
ZERO_WORDS = 2  # in front, for the small ones
SINE_STEPS = 256  # per quarter turn
ARCTANGENT_STEPS = 128
ERF_STEPS = 32
ERF_LAST = 6  # erf(6) is 1 - 2^-55.4


def limbs(value: mpf, count: int = 4) -> list[int]:
    """A number in [0, 1) as limbs, the lowest first, truncated."""
    scaled = int(mpmath.floor(mpmath.ldexp(value, 64 * count)))
    assert 0 <= scaled < 1 << 64 * count
    return [scaled >> 64 * i & 0xFFFF_FFFF_FFFF_FFFF for i in range(count)]


def fraction(value: mpf) -> str:
    """The initializer of a fraction in C."""
    return "{{" + ", ".join(f"0x{limb:016x}" for limb in limbs(value)) + "}}"


def fractions(name: str, values: Iterable[mpf], why: str) -> str:
    """A static array of fractions in C."""
    lines = "".join(f"    {fraction(value)},\n" for value in values)
    return f"/* {why} */\nstatic const fraction {name}[] = {{\n{lines}}};\n"


def one_fraction(name: str, value: mpf, why: str) -> str:
    """A static fraction in C."""
    return f"/* {why} */\nstatic const fraction {name} =\n    {fraction(value)};\n"


def trigonometric() -> list[str]:
    """Reduction by 2/π, then sin and cos of the nearest multiple of π/512 and two Taylor series."""
    words = [0] * ZERO_WORDS + limbs(2 / mp.pi, TWO_OVER_PI_WORDS)[::-1]
    text = "".join(
        "    " + ", ".join(f"0x{word:016x}" for word in words[i : i + 5]) + ",\n" for i in range(0, len(words), 5)
    )
    turns = range(SINE_STEPS // 2 + 1)
    angle = mp.pi / (2 * SINE_STEPS)
    largest = mpf((1 << 256) - 1) / (1 << 256)
    return [
        f"/* 2/π, the highest words first; bit 63 of word 2 has weight 1/2 */\n"
        f"static const uint64_t TWO_OVER_PI[] = {{\n{text}}};\n",
        one_fraction("HALF_PI_HALVED", mp.pi / 4, "π/4"),
        fractions("SINES", [mpmath.sin(j * angle) for j in turns], "sin(jπ/512), j = 0 … 128"),
        fractions(
            "COSINES", [min(mpmath.cos(j * angle), largest) for j in turns], "cos(jπ/512); the first is 1 - 2^-256"
        ),
        fractions(
            "SINE_SERIES",
            [1 / mpmath.factorial(2 * k + 1) for k in range(1, 9)],
            "1/3!, 1/5!, … 1/17!; for |t| < 2^-8.3 the next term is below 2^-205 of the sum",
        ),
        fractions(
            "COSINE_SERIES",
            [1 / mpmath.factorial(2 * k) for k in range(1, 9)],
            "1/2!, 1/4!, … 1/16!; for |t| < 2^-8.3 the next term is below 2^-201",
        ),
    ]


def inverse() -> list[str]:
    """The arctangents of multiples of 1/128 and the series for the rest."""
    return [
        one_fraction("QUARTER_PI", mp.pi / 4, "π/4"),
        fractions(
            "ARCTANGENTS",
            [mpmath.atan(mpf(j) / ARCTANGENT_STEPS) for j in range(ARCTANGENT_STEPS + 1)],
            "atan(j/128), j = 0 … 128",
        ),
        fractions(
            "ARCTANGENT_SERIES",
            [mpf(1) / (2 * k + 1) for k in range(1, 14)],
            "1/3, 1/5, … 1/27; for |z| < 2^-7.9 the next term is below 2^-225 of the sum",
        ),
    ]


def error_function() -> list[str]:
    """erf and its derivative at multiples of 1/32."""
    points = [mpf(j) / ERF_STEPS for j in range(ERF_STEPS * ERF_LAST + 1)]
    scale = 1 / mpmath.sqrt(mp.pi)
    return [
        one_fraction("INVERSE_ROOT_PI", scale, "1/√π"),
        fractions("ERRORS", [mpmath.erf(c) for c in points], "erf(j/32), j = 0 … 192"),
        fractions("SLOPES", [scale * mpmath.exp(-c * c) for c in points], "erf'(j/32)/2"),
        fractions("FACTORIALS", [1 / mpmath.factorial(n) for n in range(2, 33)], "1/2!, 1/3!, … 1/32!"),
        fractions(
            "ERROR_SERIES",
            [1 / (mpmath.factorial(n) * (2 * n + 1)) for n in range(1, 18)],
            "1/(n!·(2n+1)), n = 1 … 17; for |x| < 1/64 the next term is below 2^-250 of the sum",
        ),
    ]


def main(directory: Path = ACCURATE) -> None:
    """Writes trig_data.h, inverse_data.h and erf_data.h."""
    with mpmath.workprec(2000):
        write(directory / "trig_data.h", "accurate_trig", trigonometric())
        write(directory / "inverse_data.h", "accurate_trig", inverse())
        write(directory / "erf_data.h", "accurate_trig", error_function())


if __name__ == "__main__":
    main()
