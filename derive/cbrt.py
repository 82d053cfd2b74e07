"""cbrt: a start for 1/∛x from the bits of x, then steps without a division."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from mpmath import ceil, mpf

from derive.common import ELEMENTARY, error_exponent, minimax, polynomial, table, write

POINTS = 1 << 18


def deviation(start: int) -> float:
    """The largest |1 - x·w³| of the start w on a grid of [1, 8); w is made from the upper 32 bits, as in cbrt.c."""
    x = 1 + 7 * np.arange(POINTS) / POINTS
    w = ((start - np.rint((x.view(np.int64) >> 32) / 3).astype(np.int64)) << 32).view(np.float64)
    return float(np.max(np.abs(1 - x * w * w * w)))


def best_start() -> int:
    """The constant that makes the largest deviation smallest, by ternary search in steps of 256."""
    low, high = 0x55300000, 0x55600000
    while high - low > 768:
        third = (high - low) // 3
        if deviation(low + third) < deviation(high - third):
            high -= third
        else:
            low += third
    return (low + high) // 2 & ~0xFF


def main(directory: Path = ELEMENTARY) -> None:
    """Writes cbrt_data.h."""
    start = best_start()
    # Between the points of the grid, and between an x and the upper half of its bits, it moves by less than 2^-13.
    bound = float(ceil((mpf(deviation(start)) + mpf(2) ** -12) * 2**12) / 2**12)
    monomials = list(range(5))
    step = minimax("(1-x)^(-1/3)", f"{-bound}", f"{bound}", monomials, ["D"] * 5)
    error = error_exponent("(1-x)^(-1/3)", polynomial(step, monomials), f"{-bound}", f"{bound}")
    write(
        directory / "cbrt_data.h",
        "cbrt",
        [
            f"/* Minus a third of the upper 32 bits of x: those of x^(-1/3), with |1 - x*w^3| < {bound}. */\n"
            f"static const int64_t CBRT_START = {start:#x};\n",
            table("CBRT_STEP", step, f"(1 - e)^(-1/3) for |e| < {bound}, relative error 2^{error:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
