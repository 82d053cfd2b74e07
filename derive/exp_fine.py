"""float32's exponentials of one value: float64's steps, 1/256 of a power of two, and the polynomials they need."""

from __future__ import annotations

import struct
from pathlib import Path

from mpmath import log, mpf

from derive.common import ELEMENTARY, error_exponent, minimax, polynomial, table, write
from derive.exp import N, powers_of_two, reach


def less_steps(value: float, i: int) -> float:
    """A double with i/N taken from its exponent, as one integer with the bits below it."""
    (bits,) = struct.unpack("<q", struct.pack("<d", value))
    (result,) = struct.unpack("<d", struct.pack("<q", bits - (i << 52) // N))
    return float(result)


def growth(name: str, base: int, step: mpf) -> str:
    """base^t = 1 + t·P(t) for what a step leaves."""
    bound, monomials = reach(step), list(range(4))
    target = f"expm1(x*log({base}))"
    found = minimax(f"{target}/x", f"-{bound}", bound, monomials, ["D"] * 4)
    whole = polynomial(found, [n + 1 for n in monomials])
    error = error_exponent(target, whole, f"-{bound}", bound, absolute=True)
    return table(name, found, f"({base}^t - 1)/t; t times it is off by at most 2^{error:.1f}")


def main(directory: Path = ELEMENTARY) -> None:
    """Writes exp_fine_data.h."""
    powers = [less_steps(row[0], i) for i, row in enumerate(powers_of_two(N))]
    why = f"2^(i/{N}), i/{N} taken from the exponent: adding k·2^52/{N} to the bits makes 2^(k/{N}), i = k mod {N}"
    write(
        directory / "exp_fine_data.h",
        "exp_fine",
        [
            table("POWERS_LESS_STEPS", powers, why),
            growth("GROWTH2_FINE", 2, mpf(1) / N),
            growth("GROWTH10_FINE", 10, log(2) / log(10) / N),
        ],
    )


if __name__ == "__main__":
    main()
