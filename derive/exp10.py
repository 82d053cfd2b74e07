"""exp10: 10^x = 2^(k/N) · e^(t·ln10) with k = rint(x·N·log2(10)), t = x - k·log10(2)/N."""

from __future__ import annotations

from pathlib import Path

from mpmath import log, mpf

from derive.common import ELEMENTARY, constant, error_exponent, minimax, polynomial, split, table, truncated, write
from derive.exp import N_F32, N, reach


def main(directory: Path = ELEMENTARY) -> None:
    """Writes exp10_data.h."""
    log10_2 = log(2) / log(10)
    step, step_f32 = log10_2 / N, log10_2 / N_F32
    high, high_f32 = truncated(step, 34), truncated(step_f32, 40)  # k has at most 19 bits: k·high is exact
    ln10 = split(log(mpf(10)))
    bound = reach(step_f32)
    monomials = list(range(6))
    growth = minimax("expm1(x*log(10))/x", f"-{bound}", bound, monomials, ["D"] * 6)
    error = error_exponent("expm1(x*log(10))", polynomial(growth, [n + 1 for n in monomials]), f"-{bound}", bound)
    write(
        directory / "exp10_data.h",
        "exp10",
        [
            constant("DECIMAL_STEPS_PER_UNIT", float(1 / step), f"{N}·log2(10)"),
            constant("DECIMAL_STEP_HIGH", high, f"log10(2)/{N}, its first 34 bits"),
            constant("DECIMAL_STEP_LOW", float(step - high), f"log10(2)/{N}, the rest"),
            constant("LN10", ln10[0], "ln10"),
            constant("LN10_REST", ln10[1], "ln10, the rest"),
            constant("DECIMAL_STEPS_PER_UNIT_F32", float(1 / step_f32), f"{N_F32}·log2(10)"),
            constant("DECIMAL_STEP_HIGH_F32", high_f32, f"log10(2)/{N_F32}, its first 40 bits"),
            constant("DECIMAL_STEP_LOW_F32", float(step_f32 - high_f32), f"log10(2)/{N_F32}, the rest"),
            table("GROWTH10_F32", growth, f"(10^t - 1)/t, relative error 2^{error:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
