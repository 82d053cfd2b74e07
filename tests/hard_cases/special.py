"""Inputs that are hard for a reason: exact values and midpoints, and series whose next term is nearly half an ulp."""

from __future__ import annotations

import random
from collections.abc import Iterator

PER_KIND = 16


def near_powers_of_two(function: str) -> Iterator[tuple[float, ...]]:
    """Where f(x) = x + c·x³ or 1 + x + x²/2: the term that decides is near half an ulp, or far below it."""
    for exponent in (-60, -54, -53, -52, -40, -30, -29, -28, -27, -26, -25, -18, -17, -13):
        for factor in (1.0, 1.0 + 2.0**-52, 1.0 - 2.0**-53, 1.5, 1.75):
            for x in (factor * 2.0**exponent, -factor * 2.0**exponent, 1 + factor * 2.0**exponent):
                if function == "pow":
                    yield from ((x, y) for y in (0.5, 1.5, 3.0, -1.0, 1 + 2.0**-52))
                elif function in ("atan2", "hypot"):
                    yield from ((x, 1.0), (1.0, x))
                else:
                    yield (x,)


def odd(draw: random.Random, bits: int) -> float:
    """An odd integer of so many bits."""
    return float(draw.getrandbits(bits) | 1 << (bits - 1) | 1)


def exact(function: str) -> Iterator[tuple[float, ...]]:
    """Inputs whose value is a number, or a midpoint of two: powers of 54 bits, Pythagorean triples, powers of the base.

    Which powers those can be: Lauter and Lefèvre, "An efficient rounding boundary test for pow(x, y) in double
    precision", IEEE Transactions on Computers 58 (2009).
    """
    draw = random.Random(1)
    triples = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29), (9, 40, 41))
    for k in range(PER_KIND):
        match function:
            case "pow":
                scale = 2.0 ** draw.randrange(-20, 20)
                yield odd(draw, 27) * scale, 2.0
                yield odd(draw, 18) * scale, 3.0
                yield odd(draw, 18) ** 2 * 4.0**k, 1.5
                yield odd(draw, 26) ** 2 * 4.0**k, 0.5
                yield odd(draw, 10) ** 4 * 16.0**k, 1.25
                yield 2.0 ** (4 * k), -1.75
                yield -odd(draw, 18), 3.0
            case "hypot":
                a, b, c = triples[k % len(triples)]
                factor = float(draw.randrange(2**53 // c, 2**53 // b) | 1)  # c·factor has 54 bits
                yield a * factor, -b * factor
                yield b * factor / 4, a * factor / 4
            case "cbrt":
                yield (odd(draw, 17) ** 3 * 8.0 ** (k - 8),)
                yield (-(odd(draw, 3 + k % 15) ** 3),)
            case "rsqrt":
                yield (4.0 ** (k - 8),)
            case "exp2":
                yield (float(k - 8),)
            case "log2":
                yield (2.0 ** (9 * (k - 8)),)
            case "exp10":
                yield (float(k),)
            case "log10":
                yield (10.0**k,)
