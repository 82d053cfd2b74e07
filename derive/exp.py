"""exp: e^x = 2^(k/N) · e^r with k = rint(x·N/ln2), |r| <= ln2/2N (slightly more where k is rounded)."""

from __future__ import annotations

from pathlib import Path

from mpmath import log, mpf

from derive.common import ELEMENTARY, constant, error_exponent, minimax, polynomial, split, table, truncated, write

N = 64
N_F32 = 16


def powers_of_two(n: int) -> list[list[float]]:
    """2^(i/n) as a double and the rest of it, for i = 0 … n-1."""
    return [split(mpf(2) ** (mpf(i) / n)) for i in range(n)]


def main(directory: Path = ELEMENTARY) -> None:
    """Writes exp_data.h."""
    step = log(2) / N
    high = truncated(step, 36)  # k has at most 17 bits: k·high is exact
    bound = f"{float(log(2) / (2 * N) * (1 + mpf(2) ** -20)).hex()}"
    monomials = list(range(6))
    target = "(expm1(x)-x)/(x*x)"
    quotient = minimax(target, f"-{bound}", bound, monomials, ["D"] * 6)
    sum_text = "x+" + polynomial(quotient, [n + 2 for n in monomials])
    quotient_error = error_exponent("expm1(x)", sum_text, f"-{bound}", bound, absolute=True)

    step_f32 = log(2) / N_F32
    high_f32 = truncated(step_f32, 40)
    bound_f32 = f"{float(log(2) / (2 * N_F32) * (1 + mpf(2) ** -20)).hex()}"
    monomials_f32 = list(range(6))
    growth = minimax("expm1(x)/x", f"-{bound_f32}", bound_f32, monomials_f32, ["D"] * 6, fixed="0")
    growth_error = error_exponent(
        "expm1(x)", polynomial(growth, [n + 1 for n in monomials_f32]), f"-{bound_f32}", bound_f32
    )
    write(
        directory / "exp_data.h",
        "exp",
        [
            constant("STEPS_PER_UNIT", float(N / log(2)), "64/ln2"),
            constant("STEP_HIGH", high, "ln2/64, its first 36 bits"),
            constant("STEP_LOW", float(step - high), "ln2/64, the rest"),
            table("POWERS", [p[0] for p in powers_of_two(N)], "2^(i/64)"),
            table("POWERS_REST", [p[1] for p in powers_of_two(N)], "2^(i/64), the rest"),
            table("QUOTIENT", quotient, f"(e^r - 1 - r)/r^2; r^2 times it is off by at most 2^{quotient_error:.1f}"),
            constant("STEPS_PER_UNIT_F32", float(N_F32 / log(2)), "16/ln2"),
            constant("STEP_HIGH_F32", high_f32, "ln2/16, its first 40 bits"),
            constant("STEP_LOW_F32", float(step_f32 - high_f32), "ln2/16, the rest"),
            table("POWERS_F32", [p[0] for p in powers_of_two(N_F32)], "2^(i/16)"),
            table("GROWTH_F32", growth, f"(e^r - 1)/r, relative error 2^{growth_error:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
