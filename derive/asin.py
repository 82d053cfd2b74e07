"""asin and acos: asin(s) = T + asin(s·cos T - √(1-s²)·sin T) with sin T = i/64 near s <= 1/√2."""

from __future__ import annotations

from pathlib import Path

from mpmath import asin, mpf, pi, sqrt

from derive.common import ELEMENTARY, error_exponent, minimax, polynomial, split, table, write

ROWS = 48  # i = 0 … 46 occur


def main(directory: Path = ELEMENTARY) -> None:
    """Writes asin_data.h."""
    cosines = [split(sqrt(1 - (mpf(i) / 64) ** 2)) for i in range(ROWS)]
    turns = [asin(mpf(i) / 64) for i in range(ROWS)]
    quarter = [pi / 2 - t for t in turns]
    pairs = [split(t) for t in turns + quarter + [pi / 2 + t for t in turns] + [pi - t for t in turns]]
    bound = "0.0134"  # sine of the largest angle to the nearest T
    monomials = [0, 2, 4, 6]
    cubic = minimax("(asin(x)-x)/(x*x*x)", "1b-30", bound, monomials, ["D"] * 4)
    error = error_exponent("asin(x)", "x+" + polynomial(cubic, [n + 3 for n in monomials]), "1b-30", bound)
    monomials_f32 = list(range(0, 25, 2))
    cubic_f32 = minimax("(asin(x)-x)/(x*x*x)", "1b-10", "0.5", monomials_f32, ["D"] * len(monomials_f32))
    text_f32 = "x+" + polynomial(cubic_f32, [n + 3 for n in monomials_f32])
    error_f32 = error_exponent("asin(x)", text_f32, "1b-10", "0.5")
    write(
        directory / "asin_data.h",
        "asin",
        [
            f"/* The rows of the tables: row i belongs to T = asin(i/64). */\nenum {{ ROWS = {ROWS} }};\n",
            table("COSINES", [p[0] for p in cosines], "cos T"),
            table("COSINES_REST", [p[1] for p in cosines], "the rest"),
            table("TURNS", [p[0] for p in pairs], "T; then pi/2 - T; pi/2 + T; pi - T"),
            table("TURNS_REST", [p[1] for p in pairs], "the rest"),
            table("CUBIC", cubic, f"(asin(d) - d)/d^3 in d^2 for |d| <= {bound}: relative error of asin 2^{error:.1f}"),
            table("CUBIC_F32", cubic_f32, f"the same for |d| <= 1/2, 2^{error_f32:.1f}"),
            table("HALF_PI", split(pi / 2), "pi/2 and the rest"),
        ],
    )


if __name__ == "__main__":
    main()
