"""Numbers as programs print them: finding them in text, reading them exactly, and how far two lie apart."""

from __future__ import annotations

import functools
import math
import re
import struct
from fractions import Fraction

from bitfast.words import Tolerance

_NUMBER = r"""
    (?>(?:(?<![\w.)\]])[+-]                                      # a sign; in 2024-01-02 there is none,
         |(?<=[0-9.)])[+-](?=[0-9]*\.[0-9]|[0-9]+[eEdD][+-]?[0-9]))?  # in 1.5-2.5i there is
    (?:0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)(?:[pP][+-]?[0-9]+)?  # C's %a and %x
      |(?:[0-9]+|(?<!\w))\.[0-9]+[+-][1-9][0-9]{2}(?![\w.])      # Fortran drops the letter: 0.5-300
      |(?:[0-9]+\.?[0-9]*|(?<!\w)\.[0-9]+)(?:[eEdDqQ][+-]?[0-9]+)?  # Fortran's exponents are e, d and q
      |(?:[nN][aA][nN](?:\(\w*\))?|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)(?!\w)))
    (?![A-Za-z_]+[0-9])                                          # 3f9a0c is a word
"""
TOKEN = re.compile(
    rf"""
    [^\W\dnNiI]\w*+                                              # most words and most numbers, quickly
    |[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?![\w.+\-])
    |[0-9]+(?:\.[0-9]+){{2,}}                                     # versions and network addresses are words
    |{_NUMBER}
    |\w+
    """,
    re.VERBOSE,
)
"""A value in text: a number, or a word (identifiers, version numbers, digests). Punctuation and space lie between."""
_WHOLE = re.compile(_NUMBER, re.VERBOSE)
_LONGEST_DIGITS = 4000  # Python refuses to read integers of more than 4300 digits


@functools.lru_cache(maxsize=4096)
def parse(token: str) -> int | float | None:
    """The value of a number as text, integers exactly; None where it is no number.

    >>> parse("1.5D+03"), parse("0x1.8p+1"), parse("9007199254740993"), parse("x")
    (1500.0, 3.0, 9007199254740993, None)
    """
    if len(token) > _LONGEST_DIGITS or _WHOLE.fullmatch(token) is None:
        return None
    text = token.lower()
    body = text.lstrip("+-")
    if body.startswith("0x"):
        if "." not in body and "p" not in body:
            return int(text, 16)
        try:
            return float.fromhex(text)
        except OverflowError:
            return -math.inf if text.startswith("-") else math.inf
    if body.startswith("nan"):
        return math.copysign(math.nan, -1.0) if text.startswith("-") else math.nan
    if body.isdigit():
        return int(text)
    text = text.replace("d", "e").replace("q", "e")
    if "e" not in text and not body.startswith("inf"):
        mantissa, sign, exponent = re.fullmatch(r"([+-]?[^+-]*)([+-]?)([0-9]*)", text).groups()  # type: ignore[union-attr]
        text = f"{mantissa}e{sign}{exponent}" if sign else text
    return float(text)


def ulp_distance(left: float, right: float) -> int | None:
    """How many float64 numbers lie between two, counting one end; -0 and 0 are the same place, a NaN has none."""
    if math.isnan(left) or math.isnan(right):
        return None
    return abs(_rank(left) - _rank(right))


def _rank(number: float) -> int:
    """The place of a float64 in their order: the sign-magnitude bits read as an integer (IEEE 754-2019, 3.4)."""
    bits: int = struct.unpack("<q", struct.pack("<d", number))[0]
    return bits if bits >= 0 else -(bits & 0x7FFF_FFFF_FFFF_FFFF)


def _finite(number: int | float) -> bool:
    return isinstance(number, int) or math.isfinite(number)  # math's own refuses integers above 1e308


def distance(left: int | float, right: int | float) -> tuple[int | None, float | None]:
    """Ulp distance and relative difference of two numbers, each None where it has no meaning: infinities and NaNs
    have neither, two integers have no ulp."""
    if not (_finite(left) and _finite(right)):
        return None, None
    if isinstance(left, int) and isinstance(right, int):
        largest = max(abs(left), abs(right))
        return None, float(Fraction(abs(left - right), largest)) if largest else 0.0
    try:
        first, second = float(left), float(right)
    except OverflowError:
        return None, None
    size = max(abs(first), abs(second))
    return ulp_distance(first, second), abs(first / size - second / size) if size else 0.0


def within(left: int | float, right: int | float, tolerance: Tolerance) -> bool:
    """Whether two numbers are equal by value or lie no further apart than one of the bounds allows.

    NaNs of either sign are equal, so are -0 and 0; an infinity equals only itself. Two integers have no ulp, so that
    a bound in ulp never makes 3 equal to 4. The relative bound is taken of the larger of the two: the order of the
    sides does not matter.
    """
    if left == right or (left != left and right != right):  # a NaN alone is not itself
        return True
    if not (_finite(left) and _finite(right)):
        return False
    if tolerance.ulp:
        ulp, _ = distance(left, right)
        if ulp is not None and ulp <= tolerance.ulp:
            return True
    size = max(abs(left), abs(right))
    if isinstance(left, float) and isinstance(right, float):
        return abs(left - right) <= max(tolerance.absolute, tolerance.relative * size)
    gap = abs(Fraction(left) - Fraction(right))  # integers above 2^53 and 1e308 are exact
    return gap <= max(Fraction(tolerance.absolute), Fraction(tolerance.relative) * Fraction(size))
