"""sin, cos, tan: x = k·π/N + r with a table of sin(i·π/N); π itself where x is float32, and 2/π for large x.

Reduction: S. Boldo, M. Daumas, R.-C. Li, "Formally verified argument reduction with a fused multiply-add" (IEEE Trans.
Computers 58, 2009); for large x M. Payne, R. Hanek, "Radian reduction for trigonometric functions" (SIGNUM 18, 1983).
"""

from __future__ import annotations

import struct
from pathlib import Path

import mpmath
from mpmath import mpf

from derive.common import ELEMENTARY, constant, error_exponent, minimax, polynomial, split, table, truncated, write

N = 512
SECOND_BITS = 25  # k has at most 28 bits below 2^20: k·second is exact
ROW_STEP = 16  # exponents of x that share a row of REVOLUTIONS
FIRST_ROW, LAST_ROW = -2, 60  # x from 2^20 to 2^1024
ROW_PARTS = 4


def sine(i: int) -> mpf:
    """sin(i·π/N), exactly 0 where it is."""
    return mpf(0) if i % N == 0 else mpmath.sin(i * mpmath.pi / N)


def packed(high: float, low: float) -> float:
    """A double whose upper half is that of one double, and whose lower half is the upper half of another."""
    upper = struct.unpack("<Q", struct.pack("<d", high))[0] >> 32
    lower = struct.unpack("<Q", struct.pack("<d", low))[0] + (1 << 31) >> 32
    value: float = struct.unpack("<d", struct.pack("<Q", upper << 32 | lower))[0]
    return value


def revolutions() -> list[float]:
    """(N/π)·2^(16·c) modulo 2N as sums of four doubles, row by row."""
    doubles = []
    with mpmath.workprec(1600):
        for row in range(FIRST_ROW, LAST_ROW + 1):
            value = N / mpmath.pi * mpf(2) ** (ROW_STEP * row)
            doubles += split(value - 2 * N * mpmath.floor(value / (2 * N)), ROW_PARTS)
    return doubles


def tangent_below(degree: int) -> list[float]:
    """The denominator of p(z)/q(z), both of this degree, that meets tan(√z)/√z at Chebyshev's points of |√z| <= π/4."""
    points = 2 * degree + 1
    rows, values = [], []
    for i in range(points):
        z = (mpmath.pi / 4) ** 2 * (1 + mpmath.cos((2 * i + 1) * mpmath.pi / (2 * points))) / 2
        tangent = mpmath.tan(mpmath.sqrt(z)) / mpmath.sqrt(z)
        rows.append([z**n for n in range(degree + 1)] + [-tangent * z**n for n in range(1, degree + 1)])
        values.append(tangent)
    solution = mpmath.lu_solve(mpmath.matrix(rows), mpmath.matrix(values))
    return [1.0] + [float(solution[degree + n]) for n in range(1, degree + 1)]


def main(directory: Path = ELEMENTARY) -> None:
    """Writes trig_data.h."""
    step = mpmath.pi / N
    first = float(step)
    second = truncated(step - first, SECOND_BITS)
    bound = f"{float(step / 2 * (1 + mpf(2) ** -20)).hex()}"

    cosine = minimax("(cos(x)-1)/(x*x)", "1b-20", bound, [0, 2, 4], ["D"] * 3)
    cosine_error = error_exponent("cos(x)", "1+" + polynomial(cosine, [2, 4, 6]), f"-{bound}", bound, absolute=True)
    sine_rest = minimax("(sin(x)-x)/(x*x*x)", "1b-20", bound, [0, 2, 4], ["D"] * 3)
    sine_error = error_exponent("sin(x)", "x+" + polynomial(sine_rest, [3, 5, 7]), f"-{bound}", bound)

    half_turn = split(mpmath.pi, 2)
    half = f"{float(mpmath.pi / 2 * (1 + mpf(2) ** -20)).hex()}"
    odd = [3, 5, 7, 9, 11, 13, 15]
    sine_f32 = minimax("sin(x)/x", "1b-20", half, [n - 1 for n in odd], ["D"] * 7, fixed="1")
    sine_f32_error = error_exponent("sin(x)", "x+" + polynomial(sine_f32, odd), f"-{half}", half)

    quarter = f"{float(mpmath.pi / 4 * (1 + mpf(2) ** -20)).hex()}"
    below = tangent_below(3)
    q = polynomial(below, [0, 2, 4, 6])
    above = minimax(f"tan(x)*({q})/x", "1b-20", quarter, [0, 2, 4, 6], ["D"] * 4)
    above_error = error_exponent(f"tan(x)*({q})", polynomial(above, [1, 3, 5, 7]), f"-{quarter}", quarter)

    sines = [split(sine(i)) for i in range(N + N // 2)]
    write(
        directory / "trig_data.h",
        "trig",
        [
            f"enum {{ STEPS = {N}, STEPS_LOG = {N.bit_length() - 1} }};  /* a step is π/STEPS */\n",
            constant("STEPS_PER_UNIT", float(1 / step), f"{N}/π"),
            constant("STEP_FIRST", first, f"π/{N}"),
            constant("STEP_SECOND", second, f"π/{N}, {SECOND_BITS} bits of what is left"),
            constant("STEP_THIRD", float(step - first - second), f"π/{N}, the rest"),
            constant("STEP_LOW", float(step - first), f"π/{N} - STEP_FIRST"),
            table("SINE", [s[0] for s in sines], f"sin(i·π/{N})"),
            table(
                "RESTS",
                [packed(sines[i][1], sines[i + N // 2][1]) for i in range(N)],
                f"the rest of sin(i·π/{N}) in the upper half and that of cos(i·π/{N}) in the lower, 20 bits of each",
            ),
            table("COSINE_REST", cosine, f"(cos r - 1)/r^2; r^2 times it is off by at most 2^{cosine_error:.1f}"),
            table("SINE_REST", sine_rest, f"(sin r - r)/r^3; r + r^3 times it: relative error 2^{sine_error:.1f}"),
            table(
                "REVOLUTIONS",
                revolutions(),
                f"{N}/π·2^({ROW_STEP}c) modulo {2 * N} as sums of {ROW_PARTS}, c = {FIRST_ROW} … {LAST_ROW}",
            ),
            constant("PER_HALF_TURN", float(1 / mpmath.pi), "1/π"),
            constant("HALF_TURN", half_turn[0], "π"),
            constant("HALF_TURN_LOW", half_turn[1], "π, the rest"),
            table("SINE_F32", sine_f32, f"(sin r - r)/r^3, |r| <= π/2; relative error of sin 2^{sine_f32_error:.1f}"),
            table("TANGENT_ABOVE_F32", above, f"tan r = r·above/below, |r| <= π/4, relative error 2^{above_error:.1f}"),
            table("TANGENT_BELOW_F32", below, "tan r = r·above/below; above is fitted to it"),
        ],
    )


if __name__ == "__main__":
    main()
