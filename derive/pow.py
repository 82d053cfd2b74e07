"""pow: x^y = e^(y·log x), with the cells of derive/log.py and one term more of the logarithm in two doubles."""

from __future__ import annotations

from pathlib import Path

from mpmath import log, mpf

from derive import exp
from derive.common import ELEMENTARY, constant, error_exponent, minimax, polynomial, split, table, write
from derive.log import FINE, reach


def quartic() -> str:
    """log(1+r) = r - r²/2 + r³/3 + r⁴·Q(r)."""
    bound, monomials = reach(32).hex(), list(range(8))
    # The direct formula cancels near 0; the series leaves 2^-135 of the whole.
    target = "+".join(f"({-1 if n % 2 == 0 else 1})/{n}*x^{n - 4}" for n in range(4, 28))
    found = minimax(target, f"-{bound}", bound, monomials, ["D"] * 8)
    whole = "x-x^2/2+x^3/3+" + polynomial(found, [n + 4 for n in monomials])
    error = error_exponent("log1p(x)", whole, f"-{bound}", bound, absolute=True)
    return table("QUARTIC", found, f"(log(1+r) - r + r^2/2 - r^3/3)/r^4; r^4 times it is off by at most 2^{error:.1f}")


def beyond_f32(cells: int, terms: int, name: str) -> str:
    """log2(1+r) = r/ln2 + r²·P(r)."""
    factor = float(1 / log(mpf(2)))
    bound, monomials = reach(cells).hex(), list(range(terms))
    found = minimax(
        "log1p(x)/log(2)/x", f"-{bound}", bound, [n + 1 for n in monomials], ["D"] * terms, fixed=factor.hex()
    )
    whole = f"({factor.hex()})*x+" + polynomial(found, [n + 2 for n in monomials])
    error = error_exponent("log1p(x)/log(2)", whole, f"-{bound}", bound)
    return table(name, found, f"(log2(1+r) - r/ln2)/r^2; the whole has relative error 2^{error:.1f}")


def fine_growth() -> str:
    """2^t = 1 + t·P(t), |t| <= 1/2N."""
    bound, monomials = exp.reach(mpf(1) / exp.N), list(range(3))
    found = minimax("expm1(x*log(2))/x", f"-{bound}", bound, monomials, ["D"] * 3)
    whole = polynomial(found, [n + 1 for n in monomials])
    error = error_exponent("expm1(x*log(2))", whole, f"-{bound}", bound, absolute=True)
    return table("POW_FINE_GROWTH", found, f"(2^t - 1)/t; t times it is off by at most 2^{error:.1f}")


def main(directory: Path = ELEMENTARY) -> None:
    """Writes pow_data.h."""
    third, third_rest = split(mpf(1) / 3)
    write(
        directory / "pow_data.h",
        "pow",
        [
            constant("THIRD", third, "1/3"),
            constant("THIRD_REST", third_rest, "1/3, the rest"),
            quartic(),
            beyond_f32(16, 7, "POW_BEYOND_F32"),
            beyond_f32(FINE, 5, "POW_FINE_BEYOND"),
            fine_growth(),
        ],
    )


if __name__ == "__main__":
    main()
