"""erf: Taylor's series at the nearest of equally spaced points, its coefficients from the point by Hermite polynomials.

erf(c + d) = erf(c) + G·(d + Σ (-1)^n·H_n(c)/(n+1)!·d^(n+1)), G = 2/√π·exp(-c²), H_n the physicists' Hermite polynomials
(NIST DLMF 7.10.1): two table entries per point serve every order.
"""

from __future__ import annotations

from math import factorial
from pathlib import Path

from mpmath import erf, exp, mpf, pi, sqrt

from derive.common import ELEMENTARY, split, table, write

STEPS, LAST = 64, 6  # float64: per unit; erf(x) rounds to 1 from 5.93 on
STEPS_F32, LAST_F32 = 16, 4  # float32: from 3.84 on
ORDERS = range(2, 9)  # of the Hermite polynomial; the first is c itself


def hermite(order: int) -> list[int]:
    """The coefficients of H_order, lowest power first."""
    before, now = [0], [1]
    for n in range(order):
        doubled = [0, *(2 * a for a in now)]
        before, now = now, [a - 2 * n * b for a, b in zip(doubled, [*before, 0, 0], strict=False)]
    return now


def orders() -> list[str]:
    """The Taylor coefficients over c (odd orders) or over 1 (even orders), as polynomials in c²."""
    text = []
    for n in ORDERS:
        values = [mpf((-1) ** n * a) / factorial(n + 1) for a in hermite(n)[n % 2 :: 2]]
        why = f"of d^{n + 1}, in c^2" + (", times c" if n % 2 else "")
        text.append(table(f"ORDER_{n}", [float(v) for v in values], why))
    return text


def points(steps: int, last: int) -> list[mpf]:
    """The points from 0 to last."""
    return [mpf(i) / steps for i in range(steps * last + 1)]


def main(directory: Path = ELEMENTARY) -> None:
    """Writes erf_data.h."""
    values = [split(erf(c)) for c in points(STEPS, LAST)]
    slopes = [split(2 / sqrt(pi) * exp(-c * c)) for c in points(STEPS, LAST)]
    f32 = points(STEPS_F32, LAST_F32)
    write(
        directory / "erf_data.h",
        "erf",
        [
            "/* Points per unit and the last of them. */\n"
            f"enum {{ STEPS = {STEPS}, LAST = {LAST}, STEPS_F32 = {STEPS_F32}, LAST_F32 = {LAST_F32} }};\n",
            table("VALUES", [v[0] for v in values], "erf(c)"),
            table("VALUES_REST", [v[1] for v in values], "the rest"),
            table("SLOPES", [s[0] for s in slopes], "2/sqrt(pi)*exp(-c^2)"),
            table("SLOPES_REST", [s[1] for s in slopes], "the rest"),
            table("VALUES_F32", [float(erf(c)) for c in f32], "erf(c), float32's points"),
            table("SLOPES_F32", [float(2 / sqrt(pi) * exp(-c * c)) for c in f32], "2/sqrt(pi)*exp(-c^2)"),
            *orders(),
        ],
    )


if __name__ == "__main__":
    main()
