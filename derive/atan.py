"""atan and atan2: atan(t) = atan(c) + atan((t - c)/(1 + t·c)) with c the middle of one of 16 cells per binade."""

from __future__ import annotations

from pathlib import Path

from mpmath import atan, inf, mpf, pi, sqrt, tan

from derive.common import ELEMENTARY, constant, error_exponent, minimax, polynomial, split, table, write

LOWEST, HIGHEST = -7, 6  # cells cover 2^-7 <= t < 2^6; below c = 0, above c is infinite
CELLS = 16 * (HIGHEST - LOWEST)


def cells() -> list[mpf]:
    """The c of every cell, 0 first and infinity last."""
    middles = [mpf(2) ** (LOWEST + i // 16) * (1 + mpf(2 * (i % 16) + 1) / 32) for i in range(CELLS)]
    return [mpf(0), *middles, inf]


def main(directory: Path = ELEMENTARY) -> None:
    """Writes atan_data.h."""
    angles = [atan(c) for c in cells()]
    pairs = [split(a) for a in angles] + [split(pi - a) for a in angles]
    bound = "0.0245"  # a cell is 1/32 wide to either side, and 1.5% for atan2's rough quotient, where c/(1 + c²) <= 1/2
    monomials = [0, 2, 4, 6, 8]
    cubic = minimax("(atan(x)-x)/(x*x*x)", "1b-30", bound, monomials, ["D"] * 5)
    error = error_exponent("atan(x)", "x+" + polynomial(cubic, [n + 3 for n in monomials]), "1b-30", bound)

    bound_f32 = f"{float(sqrt(mpf(2)) - 1 + mpf(2) ** -30).hex()}"
    monomials_f32 = list(range(0, 21, 2))
    cubic_f32 = minimax("(atan(x)-x)/(x*x*x)", "1b-10", bound_f32, monomials_f32, ["D"] * len(monomials_f32))
    text_f32 = "x+" + polynomial(cubic_f32, [n + 3 for n in monomials_f32])
    error_f32 = error_exponent("atan(x)", text_f32, "1b-10", bound_f32)
    write(
        directory / "atan_data.h",
        "atan",
        [
            f"/* Cells lie from 2^{LOWEST} to 2^{HIGHEST}; "
            "a double's upper 16 bits less CELL_BASE are 1 in the first of them. */\n"
            f"enum {{ CELLS = {CELLS}, CELL_BASE = {((1023 + LOWEST) << 4) - 1} }};\n",
            table("ANGLES", [p[0] for p in pairs], "0, atan(c) of the cells, pi/2; then pi less each of them"),
            table("ANGLES_REST", [p[1] for p in pairs], "the rest"),
            table("CUBIC", cubic, f"(atan(z) - z)/z^3 in z^2 for |z| <= {bound}: relative error of atan 2^{error:.1f}"),
            constant("ONE_EIGHTH_TURN_TANGENT", float(tan(pi / 8)), "tan(pi/8)"),
            constant("THREE_EIGHTHS_TURN_TANGENT", float(tan(3 * pi / 8)), "tan(3*pi/8)"),
            table("CUBIC_F32", cubic_f32, f"the same for |z| <= tan(pi/8), 2^{error_f32:.1f}"),
            table("QUARTERS", [0.0, *(float(pi * k / 4) for k in range(1, 5))], "k*pi/4"),
        ],
    )


if __name__ == "__main__":
    main()
