"""log, log2, log10, log1p and the logarithm in pow: x = 2^e·m, log m = -log c + log(1 + r) with r = m·c - 1 exact.

c is a short number near 1/m, one for each cell of m. The cell around 1 has c = 1: nothing is added where
log x is small.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import mpmath
from mpmath import log, mpf

from derive.common import ELEMENTARY, constant, error_exponent, minimax, polynomial, split, table, write

GRID = 42  # whole parts of logarithms are multiples of 2^-42: e·log 2 - log c is then exact for every e

FINE = 128  # cells of the scalar functions


@dataclass(frozen=True)
class Cell:
    """An interval of mantissas, its c, and the largest |m·c - 1| in it."""

    low: Fraction
    high: Fraction
    c: Fraction
    reach: Fraction


def mantissa_near_one(half_cells: int, n: int) -> Fraction:
    """The number so many half cells above 1, the cells being equal in representation: half as wide below 1."""
    return 1 + Fraction(half_cells, 2 * n) / (2 if half_cells < 0 else 1)


def best_reciprocal(low: Fraction, high: Fraction) -> Cell:
    """The c that keeps r = m·c - 1 smallest, of those with which r always has 53 bits at most, so that it is exact."""
    spacing = Fraction(1, 2 ** (53 if low < 1 else 52))  # of the doubles m
    found: Cell | None = None
    for digits in range(1, 11):
        for numerator in range(2 ** (digits - 1), 3 * 2 ** (digits - 1) + 1):
            c = Fraction(numerator, 2**digits)
            reach = max(abs(low * c - 1), abs(high * c - 1))
            if reach * 2**digits / spacing <= 2**53 and (found is None or reach < found.reach):
                found = Cell(low, high, c, reach)
    assert found is not None
    return found


@cache
def cells(n: int) -> list[Cell]:
    """The n cells of one binade, from about 1/sqrt 2 to sqrt 2; 1 is in the middle of one of them."""
    first = -round(n * 18 / 32)
    result = []
    for index in range(first, first + n):
        low, high = mantissa_near_one(2 * index - 1, n), mantissa_near_one(2 * index + 1, n)
        result.append(best_reciprocal(low, high) if index else Cell(low, high, Fraction(1), high - 1))
    for cell in result:  # what the additions of the kernels rely on
        assert cell.c == 1 or abs(log(rational(cell.c))) > rational(cell.reach)
    return result


def rational(value: Fraction) -> mpf:
    """A fraction with the precision of the derivation."""
    return mpf(value.numerator) / value.denominator


def reach(n: int) -> float:
    """The largest |r| of all cells, rounded up."""
    return float(max(cell.reach for cell in cells(n))) * (1 + 2**-40)


def first_cell(n: int, suffix: str) -> str:
    """Where the cells begin."""
    first = cells(n)[0].low
    (first_bits,) = struct.unpack("<q", struct.pack("<d", float(first)))
    return (
        f"/* The bits of {first}, where the {n} cells begin */\n"
        f"#define FIRST_CELL{suffix} ((int64_t)0x{first_bits:016x})\n"
    )


def cell_constants(n: int, suffix: str) -> list[str]:
    """Where the cells begin, and their c."""
    return [
        first_cell(n, suffix),
        table(
            f"RECIPROCALS{suffix}",
            [float(cell.c) for cell in cells(n)],
            f"c of each of the {n} cells; |r| <= {reach(n):.6f}",
        ),
    ]


def logarithm_tables(prefix: str, name: str, base: mpf) -> list[str]:
    """log 2, unless it is 1, and -log c in one base, as a multiple of 2^-42 and the rest; float32: as one double."""

    def high(value: mpf) -> float:
        return float(mpmath.nint(value * 2**GRID) / mpf(2) ** GRID)

    unit = log(2) / log(base)
    logs = [-log(rational(cell.c)) / log(base) for cell in cells(32)]
    logs_f32 = [-log(rational(cell.c)) / log(base) for cell in cells(16)]
    whole = [
        constant(f"{prefix}_OF_2_HIGH", high(unit), f"{name} 2, a multiple of 2^-{GRID}"),
        constant(f"{prefix}_OF_2_LOW", float(unit - high(unit)), f"{name} 2, the rest"),
    ]
    whole_f32 = [constant(f"{prefix}_OF_2_F32", float(unit), f"{name} 2")]
    return [
        *(whole if unit != 1 else []),
        table(f"{prefix}_HIGH", [high(value) for value in logs], f"-{name} c, multiples of 2^-{GRID}"),
        table(f"{prefix}_LOW", [float(value - high(value)) for value in logs], f"-{name} c, the rest"),
        *(whole_f32 if unit != 1 else []),
        table(f"{prefix}_F32", [float(value) + 0.0 for value in logs_f32], f"-{name} c, the 16 cells of float32"),
    ]


def polynomial_f32(prefix: str, name: str, base: mpf) -> str:
    """log(1+r) = r·factor + r²·P(r) in one base."""
    factor = float(1 / log(base))
    bound, monomials = reach(16).hex(), list(range(6))
    target = "log1p(x)" if base == mpmath.e else f"log1p(x)/log({int(base)})"
    # relative to log(1+r)/r: (factor + x·P(x)), so that the cell around 1 is as good as the others
    found = minimax(f"({target})/x", f"-{bound}", bound, [n + 1 for n in monomials], ["D"] * 6, fixed=factor.hex())
    whole = f"({factor.hex()})*x+" + polynomial(found, [n + 2 for n in monomials])
    error = error_exponent(target, whole, f"-{bound}", bound)
    return table(
        f"{prefix}_BEYOND_F32", found, f"({name}(1+r) - r·FACTOR)/r^2; the whole has relative error 2^{error:.1f}"
    )


def fine_rows(prefix: str, name: str, base: mpf) -> list[str]:
    """For one value at a time, where a look-up costs the same whatever the table: all of a cell in one row, and the
    shorter polynomials that 128 cells need."""
    rows: list[float] = []
    for cell in cells(FINE):
        value = -log(rational(cell.c)) / log(base)
        high = float(mpmath.nint(value * 2**GRID) / mpf(2) ** GRID)
        rows += [float(cell.c), high + 0.0, float(value - high), float(value) + 0.0]
    bound = reach(FINE).hex()
    scale = "1" if base == mpmath.e else f"log({int(base)})"
    factor = "0x1p+0" if base == mpmath.e else float(1 / log(base)).hex()
    found = minimax(f"(log1p(x)-x)/(x*x*{scale})", f"-{bound}", bound, list(range(6)), ["D"] * 6)
    linear = "+".join(f"({part.hex()})*x" for part in split(1 / log(base)))
    whole = f"{linear}+" + polynomial(found, [n + 2 for n in range(6)])
    error = error_exponent(f"log1p(x)/{scale}", whole, f"-{bound}", bound, absolute=True)
    found_f32 = minimax(f"log1p(x)/{scale}/x", f"-{bound}", bound, list(range(1, 5)), ["D"] * 4, fixed=factor)
    whole = f"({factor})*x+" + polynomial(found_f32, [n + 2 for n in range(4)])
    error_f32 = error_exponent(f"log1p(x)/{scale}", whole, f"-{bound}", bound)
    return [
        table(
            f"{prefix}_FINE",
            rows,
            f"Rows of c, -{name} c as a multiple of 2^-{GRID}, its rest, and as one double; |r| <= {reach(FINE):.6f}",
        ),
        table(f"{prefix}_FINE_BEYOND", found, f"({name}(1+r) - r·FACTOR)/r^2; r^2 times it is off by 2^{error:.1f}"),
        table(f"{prefix}_FINE_BEYOND_F32", found_f32, f"The same; {name}(1+r) has relative error 2^{error_f32:.1f}"),
    ]


def factor(prefix: str, base: mpf) -> list[str]:
    """1/ln(base) in two doubles."""
    high, low = split(1 / log(base))
    return [
        constant(f"{prefix}_FACTOR", high, f"1/ln {int(base)}"),
        constant(f"{prefix}_FACTOR_LOW", low, f"1/ln {int(base)}, the rest"),
    ]


def cubic() -> str:
    """log(1+r) = r - r²/2 + r³·C(r)."""
    bound, monomials = reach(32).hex(), list(range(8))
    target = "(log1p(x)-x+x*x/2)/(x*x*x)"
    found = minimax(target, f"-{bound}", bound, monomials, ["D"] * 8)
    whole = "x-x^2/2+" + polynomial(found, [n + 3 for n in monomials])
    error = error_exponent("log1p(x)", whole, f"-{bound}", bound, absolute=True)
    return table("CUBIC", found, f"(log(1+r) - r + r^2/2)/r^3; r^3 times it is off by at most 2^{error:.1f}")


def main(directory: Path = ELEMENTARY) -> None:
    """Writes log_cells_data.h, which all share, and log_data.h, log2_data.h and log10_data.h."""
    shared = [*cell_constants(32, ""), *cell_constants(16, "_F32"), first_cell(FINE, "_FINE"), cubic()]
    write(directory / "log_cells_data.h", "log", shared)
    for file, name, prefix, base in (
        ("log", "ln", "LN", +mpmath.e),
        ("log2", "log2", "LOG2", mpf(2)),
        ("log10", "log10", "LOG10", mpf(10)),
    ):
        parts = [*logarithm_tables(prefix, name, base), polynomial_f32(prefix, name, base)]
        if prefix != "LOG10":
            parts += fine_rows(prefix, name, base)
        if prefix != "LN":
            parts += factor(prefix, base)
        write(directory / f"{file}_data.h", "log", parts)


if __name__ == "__main__":
    main()
