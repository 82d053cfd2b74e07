"""rsqrt: a start from the bits of x and two steps; also for the square roots of hypot, asin and acos.

Halving the bits of x as an integer and subtracting them from a constant gives 1/√x to 4 bits for every exponent (the
"fast inverse square root"; the constant for double after Lomont, "Fast Inverse Square Root", 2003, by Robertson, 2012).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from mpmath import ceil, mpf

from derive.common import ELEMENTARY, error_exponent, minimax, polynomial, table, write

START = 0x5FE6EB50C7B537A9
POINTS = 1 << 20


def start_bound() -> float:
    """A bound of |1 - x·y²| for the start y, on [1, 4) and so for every exponent.

    Between two points of the grid it moves by less than 2^-17: the start is linear in pieces with slope at most 1/2.
    """
    x = 1 + 3 * np.arange(POINTS) / POINTS
    y = (START - (x.view(np.int64) >> 1)).view(np.float64)
    return float(ceil((mpf(float(np.max(np.abs(1 - x * y * y)))) + mpf(2) ** -16) * 2**16) / 2**16)


def main(directory: Path = ELEMENTARY) -> None:
    """Writes rsqrt_data.h."""
    bound = start_bound()
    monomials = list(range(4))
    step = minimax("1/sqrt(1-x)", f"{-bound}", f"{bound}", monomials, ["D"] * 4)
    error = error_exponent("1/sqrt(1-x)", polynomial(step, monomials), f"{-bound}", f"{bound}")
    write(
        directory / "rsqrt_data.h",
        "rsqrt",
        [
            f"/* Minus half the bits of x: 1/sqrt(x), with |1 - x*y^2| < {bound}. */\n"
            f"static const int64_t ROOT_START = {START:#x};\n",
            table("ROOT_STEP", step, f"(1 - e)^(-1/2) for |e| < {bound}, relative error 2^{error:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
