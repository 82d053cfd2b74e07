"""exp2: 2^x = 2^(k/N) · e^(t·ln2) with t = x - k/N, exact."""

from __future__ import annotations

from pathlib import Path

from mpmath import log, mpf

from derive.common import ELEMENTARY, constant, error_exponent, minimax, polynomial, split, table, write
from derive.exp import N_F32, N, reach


def main(directory: Path = ELEMENTARY) -> None:
    """Writes exp2_data.h."""
    ln2 = split(log(2))
    bound = reach(mpf(1) / N_F32)
    monomials = list(range(6))
    growth = minimax("expm1(x*log(2))/x", f"-{bound}", bound, monomials, ["D"] * 6)
    # 2^-0x1.e7526ep-6 lies 0.07 ulp of a double above the middle of two float32: it must not be rounded down to it.
    growth[1] += 1.5625 * 2.0**-45
    error = error_exponent("expm1(x*log(2))", polynomial(growth, [n + 1 for n in monomials]), f"-{bound}", bound)
    bound = reach(mpf(1) / N)
    monomials = list(range(4))
    beyond = minimax("(expm1(x*log(2))-x*log(2))/(x*x)", f"-{bound}", bound, monomials, ["D"] * 4)
    linear = polynomial(split(log(2), 3), [1] * 3)  # Sollya wants a polynomial; 2^-160 of it is missing
    beyond_text = linear + "+x^2*(" + polynomial(beyond, monomials) + ")"
    beyond_error = error_exponent("expm1(x*log(2))", beyond_text, f"-{bound}", bound, absolute=True)
    powers = [mpf(2) ** (mpf(i) / N) for i in range(N)]
    rows = [part for power in powers for part in split(power) + split(power * log(2))]
    write(
        directory / "exp2_data.h",
        "exp2",
        [
            constant("ROUNDER_TO_STEPS", 1.5 * 2.0**52 / N, f"added to x it leaves rint({N}x) in the low bits"),
            constant("LN2", ln2[0], "ln2"),
            constant("LN2_REST", ln2[1], "ln2, the rest"),
            table("POWERS_WITH_SLOPES", rows, f"2^(i/{N}) and its rest, 2^(i/{N})·ln2 and its rest"),
            table(
                "BEYOND2",
                beyond,
                f"(2^t - 1 - t·ln2)/t^2; t^2 times it is off by at most 2^{beyond_error:.1f}",
            ),
            constant("ROUNDER_TO_STEPS_F32", 1.5 * 2.0**52 / N_F32, f"the same for {N_F32}x"),
            table("GROWTH2_F32", growth, f"(2^t - 1)/t, relative error 2^{error:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
