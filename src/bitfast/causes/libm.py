"""The mathematical functions of the C library: each library, version and processor rounds them in its own way."""

from __future__ import annotations

from collections.abc import Iterable

from bitfast.causes.base import Cause
from bitfast.words import Context, Sides, Sites, Toggle

# Functions of <math.h> that are not required to be exact or correctly rounded (IEEE 754-2019, clause 9), and their
# float32 forms. sqrt, fma, fmod, remainder, rint and their like are exact everywhere and are left out.
_FLOAT64 = """
    exp exp2 exp10 pow10 expm1 log log2 log10 log1p pow sin cos tan sincos sinh cosh tanh asin acos atan atan2 asinh
    acosh atanh cbrt hypot erf erfc tgamma lgamma lgamma_r gamma j0 j1 jn y0 y1 yn
""".split()
INEXACT_FUNCTIONS = frozenset((*_FLOAT64, *(f"{name}f" for name in _FLOAT64)))


class Libm(Cause):
    """glibc's answers differ in 12 float64 and 18 float32 functions between x86-64 and every other chip, and on x86-64
    between processors with FMA and without; other C libraries differ everywhere."""

    name = "libm"
    summary = "the C library's mathematical functions give other last bits on this chip"
    advice = "link one mathematical library on both sides, the same version"
    tier = 3
    switch_sites = "call"

    def toggles(self, context: Context) -> Iterable[Toggle]:
        """One toggle per call and function; both sides call the portable library there."""
        for site in context.sites:
            if site.kind == "call":
                action = Sites("call", (site.key,))
                why = f"{site.detail}() gives other last bits on the two sides"
                yield Toggle(self.name, site.place, action, Sides.BOTH, site.unit, action, why)
