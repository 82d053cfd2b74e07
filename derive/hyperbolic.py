"""sinh and cosh: polynomials for |r| <= ln2/32 (float32), and the first terms for |r| <= ln2/512."""

from __future__ import annotations

from pathlib import Path

from mpmath import log

from derive.common import ELEMENTARY, error_exponent, minimax, polynomial, table, write
from derive.exp import N_F32, reach


def main(directory: Path = ELEMENTARY) -> None:
    """Writes hyperbolic_data.h."""
    bound = reach(log(2) / N_F32)
    odd = minimax("(sinh(x)-x)/(x*x*x)", f"-{bound}", bound, [0, 2, 4], ["D"] * 3)
    even = minimax("cosh(x)", f"-{bound}", bound, [0, 2, 4, 6], ["D"] * 4)
    odd_error = error_exponent("sinh(x)", "x+" + polynomial(odd, [3, 5, 7]), f"-{bound}", bound)
    even_error = error_exponent("cosh(x)", polynomial(even, [0, 2, 4, 6]), f"-{bound}", bound)
    write(
        directory / "hyperbolic_data.h",
        "hyperbolic",
        [
            table(
                "SINH_F32",
                odd,
                f"(sinh(r) - r)/r^3 in powers of r^2; with it sinh(r) has relative error 2^{odd_error:.1f}",
            ),
            table("SINH_TAIL", [1 / 6, 1 / 120], "(sinh(r) - r)/r^3 for |r| < 2^-9.5, off by at most 2^-50"),
            table("COSH_TAIL", [1 / 2, 1 / 24, 1 / 720], "(cosh(r) - 1)/r^2 for |r| < 2^-9.5, off by at most 2^-72"),
            table("COSH_F32", even, f"cosh(r) in powers of r^2, relative error 2^{even_error:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
