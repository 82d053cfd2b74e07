"""The doubles nearest to multiples of π/2, one a line, for check_kernel's `list`: the hard arguments of a reduction.

Below 2^20 every multiple's nearest double and both neighbours; above, per exponent, those that convergents of 2^e·2/π
give (J.-M. Muller, Elementary Functions, 3rd edition, section 11.3.2), and their multiples.
"""

from __future__ import annotations

from collections.abc import Iterator

import mpmath

PRECISION = 2400
mpmath.mp.prec = PRECISION
HALF_PI = int(mpmath.floor(mpmath.ldexp(mpmath.pi / 2, PRECISION - 8)))  # π/2 · 2^(PRECISION - 8)
ONE = 1 << (PRECISION - 8)


def of_small_multiples(limit_exponent: int) -> Iterator[float]:
    """x nearest to m·π/2 and its neighbours, for all m with m·π/2 < 2^limit_exponent."""
    for m in range(1, ((ONE << limit_exponent) // HALF_PI) + 1):
        value = m * HALF_PI
        shift = value.bit_length() - 53
        mantissa = (value + (1 << (shift - 1))) >> shift
        for neighbour in (-1, 0, 1):
            yield float(mantissa + neighbour) * 2.0 ** (shift - (PRECISION - 8))


def denominators(numerator: int, denominator: int, limit: int) -> Iterator[int]:
    """Denominators of the convergents of a fraction, below a limit."""
    before, now = 1, 0
    while denominator and now < limit:
        quotient, rest = divmod(numerator, denominator)
        before, now = now, quotient * now + before
        numerator, denominator = denominator, rest
        if 0 < now < limit:
            yield now


def of_large_exponents(first: int) -> Iterator[float]:
    """Mantissas M of 53 bits for which M·2^(e-52) is close to a multiple of π/2, e from `first` to 1023."""
    for e in range(first, 1024):
        up, down = (ONE << (e - 52), HALF_PI) if e >= 52 else (ONE, HALF_PI << (52 - e))
        for mantissa in denominators(up, down, 1 << 53):
            for multiple in {1, (1 << 52) // mantissa + 1, ((1 << 53) - 1) // mantissa}:
                if mantissa * multiple < 1 << 53:
                    yield float(mantissa * multiple) * 2.0 ** (e - 52)


if __name__ == "__main__":
    for x in (*of_small_multiples(20), *of_large_exponents(1)):
        print(x.hex())
