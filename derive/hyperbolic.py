"""sinh and cosh, float32: polynomials for |r| <= ln2/32."""

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
            table("COSH_F32", even, f"cosh(r) in powers of r^2, relative error 2^{even_error:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
