"""The exponential family: e^x = 2^(k/N) · e^r with k = rint(x·N/ln2), |r| <= ln2/2N (more where k is rounded)."""

from __future__ import annotations

from pathlib import Path

from mpmath import log, mpf

from derive.common import ELEMENTARY, constant, error_exponent, minimax, polynomial, split, table, truncated, write

N = 256
N_F32 = 16


def powers_of_two(n: int) -> list[list[float]]:
    """2^(i/n) as a double and the rest of it, for i = 0 … n-1."""
    return [split(mpf(2) ** (mpf(i) / n)) for i in range(n)]


def reach(step: mpf) -> str:
    """The bound of what remains when steps are taken away, with room for a k that was rounded to its neighbour."""
    return float(step / 2 * (1 + mpf(2) ** -20)).hex()


def main(directory: Path = ELEMENTARY) -> None:
    """Writes exp_data.h."""
    step = log(2) / N
    high = truncated(step, 34)  # k has at most 19 bits: k·high is exact
    bound = reach(step)
    monomials = list(range(4))
    quotient = minimax("(expm1(x)-x)/(x*x)", f"-{bound}", bound, monomials, ["D"] * 4)
    quotient_text = "x+x^2*(" + polynomial(quotient, monomials) + ")"
    quotient_error = error_exponent("expm1(x)", quotient_text, f"-{bound}", bound, absolute=True)
    tail = minimax("2*(expm1(x)-x-x*x/2)/(x*x*x)", f"-{bound}", bound, monomials, ["D"] * 4)
    sum_text = "x+x^2/2+x^3/2*(" + polynomial(tail, monomials) + ")"
    tail_error = error_exponent("expm1(x)", sum_text, f"-{bound}", bound)

    step_f32 = log(2) / N_F32
    high_f32 = truncated(step_f32, 40)
    bound_f32 = reach(step_f32)
    monomials = list(range(6))
    growth = minimax("expm1(x)/x", f"-{bound_f32}", bound_f32, monomials, ["D"] * 6, fixed="0")
    growth_error = error_exponent(
        "expm1(x)", polynomial(growth, [n + 1 for n in monomials]), f"-{bound_f32}", bound_f32
    )
    excess = minimax("(expm1(x)-x)/(x*x)", f"-{bound_f32}", bound_f32, monomials, ["D"] * 6)
    excess_error = error_exponent(
        "expm1(x)", "x+x^2*(" + polynomial(excess, monomials) + ")", f"-{bound_f32}", bound_f32
    )
    write(
        directory / "exp_data.h",
        "exp",
        [
            constant("STEPS_PER_UNIT", float(N / log(2)), f"{N}/ln2"),
            constant("STEP_HIGH", high, f"ln2/{N}, its first 34 bits"),
            constant("STEP_LOW", float(step - high), f"ln2/{N}, the rest"),
            table("POWERS", [p[0] for p in powers_of_two(N)], f"2^(i/{N})"),
            table("POWERS_REST", [p[1] for p in powers_of_two(N)], f"2^(i/{N}), the rest"),
            table("QUOTIENT", quotient, f"(e^r - 1 - r)/r^2; r^2 times it is off by at most 2^{quotient_error:.1f}"),
            table(
                "TAIL",
                tail,
                f"2·(e^r - 1 - r - r^2/2)/r^3; with it e^r - 1 has relative error 2^{tail_error:.1f}",
            ),
            constant("STEPS_PER_UNIT_F32", float(N_F32 / log(2)), f"{N_F32}/ln2"),
            constant("STEP_HIGH_F32", high_f32, f"ln2/{N_F32}, its first 40 bits"),
            constant("STEP_LOW_F32", float(step_f32 - high_f32), f"ln2/{N_F32}, the rest"),
            table("POWERS_F32", [p[0] for p in powers_of_two(N_F32)], f"2^(i/{N_F32})"),
            table("GROWTH_F32", growth, f"(e^r - 1)/r, relative error 2^{growth_error:.1f}"),
            table("EXCESS_F32", excess, f"(e^r - 1 - r)/r^2; with it e^r - 1 has relative error 2^{excess_error:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
