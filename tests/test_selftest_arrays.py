"""The digests of sums, products and complex arithmetic: inputs and answers are made here once more, from
docs/contract.md, with exact rational numbers for sums, MPFR's fma for products and MPFR's operations for the rest."""

from __future__ import annotations

import hashlib
import itertools
import math
import struct
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import gmpy2
import pytest

from bitfast import contract
from tests.test_selftest import Format, special_values, splitmix64

MODERATE, WIDE, CANCELLING, ANY, SUBNORMAL, WHOLE, LARGE, TIES = range(8)
KINDS = 8


def number(kind: int, form: Format, r: int) -> float:
    p, top, bits = form.p, 2**form.e - 1, form.bits
    sign, fraction, choice = (r >> 63) << (bits - 1), r % 2**p, r >> 52 & 0x7FF
    exponents = {
        MODERATE: form.bias - 20 + choice % 41,
        WIDE: form.bias - form.bias // 4 + choice % (form.bias // 2),
        SUBNORMAL: choice % 2,
        LARGE: top - 1 - choice % 2,
    }
    if kind in exponents:
        return form.value(sign | exponents[kind] << p | fraction)
    if kind == WHOLE:
        return float(choice - 1024)
    if kind == TIES:
        return form.value(sign | (form.bias - choice % 3 * (p + 1)) << p)
    return form.value(r >> (64 - bits))


def drawn(n: int, kind: int, form: Format, random: Iterator[int]) -> list[float]:
    half = n // 2 if kind == CANCELLING else 0
    x = [number(MODERATE if kind == CANCELLING else kind, form, next(random)) for _ in range(n - half)]
    x += [-x[n - 1 - i] for i in range(n - half, n)]
    if half:
        x[-1] = form.value(2 ** (form.e - 1) - 61 << form.p)
    return x


def rounded(exact: Fraction, form: Format) -> float:
    with gmpy2.context(form.context):
        return float(gmpy2.mpfr(gmpy2.mpq(exact)))


def root(exact: Fraction, form: Format) -> float:
    """√exact, rounded once: first to far more digits than it may need, with a sticky last one."""
    scale = 2**5000
    whole = math.isqrt(int(exact * scale**2))
    sticky = Fraction(1, 2) if Fraction(whole) ** 2 != exact * scale**2 else 0
    return rounded((whole + sticky) / Fraction(scale), form)


def total(terms: Sequence[tuple[float, float]], form: Format) -> float:
    """Σx·y, rounded once."""
    special = [x * y for x, y in terms if not (math.isfinite(x) and math.isfinite(y))]
    if special:
        return math.nan if math.isnan(sum(special)) else special[0]
    if terms and all(0 in term and math.copysign(1, term[0]) != math.copysign(1, term[1]) for term in terms):
        return -0.0
    return rounded(sum((Fraction(x) * Fraction(y) for x, y in terms), Fraction(0)), form)


def norm(x: Sequence[float], form: Format) -> float:
    if not all(map(math.isfinite, x)):
        return math.nan if any(map(math.isnan, x)) else math.inf
    return root(sum((Fraction(v) ** 2 for v in x), Fraction(0)), form)


def sums(operation: str, form: Format) -> Iterator[float]:
    random = splitmix64()
    for i in range(512):
        n = i if i < 128 else next(random) % 1000
        x = drawn(n, i % KINDS, form, random)
        if operation == "sum":
            yield total([(v, 1.0) for v in x], form)
        elif operation == "norm":
            yield norm(x, form)
        else:
            y = drawn(n, i // KINDS % KINDS, form, random)
            yield total(list(zip(x, y, strict=True)), form)


def deviations(x: Sequence[float], correction: int) -> Fraction | None:
    """The variance, exactly; None where it is NaN."""
    if not all(map(math.isfinite, x)):
        return None
    exact = [Fraction(v) for v in x]
    middle = sum(exact, Fraction(0)) / len(x)
    return sum(((v - middle) ** 2 for v in exact), Fraction(0)) / (len(x) - correction)


def average(x: Sequence[float], weights: Sequence[float], form: Format) -> float:
    special = [v for v in x if not math.isfinite(v)]
    if special:
        return sum(special)
    weighted = sum((Fraction(v) * Fraction(w) for v, w in zip(x, weights, strict=True)), Fraction(0))
    return rounded(weighted / sum(map(Fraction, weights)), form)


def mean(x: Sequence[float], form: Format) -> float:
    special = [v for v in x if not math.isfinite(v)]
    return sum(special) if special else rounded(sum(map(Fraction, x), Fraction(0)) / len(x), form)


def product(x: Sequence[float]) -> float:
    chains = [gmpy2.mpfr(1)] * 16
    for i, v in enumerate(x):
        chains[i % 16] = chains[i % 16] * gmpy2.mpfr(v)
    for half in (8, 4, 2, 1):
        chains = [chains[i] * chains[i + half] for i in range(half)]
    return float(chains[0])


def prefixes(x: Sequence[float], form: Format) -> Iterator[float]:
    exact, special = Fraction(0), 0.0
    for i, v in enumerate(x):
        if math.isfinite(v):
            exact += Fraction(v)
        else:
            special += v
        only_negative_zeros = all(u == 0 and math.copysign(1, u) < 0 for u in x[: i + 1])
        yield special if special else -0.0 if only_negative_zeros else rounded(exact, form)


def columns(operation: str, form: Format) -> Iterator[float]:
    random = splitmix64()
    for i in range(256):
        rows, count = 3 + (i if i < 64 else next(random) % 60), 1 + i % 11
        x = drawn(rows * count, i // 11 % KINDS, form, random)
        weights = drawn(rows * count, MODERATE, form, random) if operation == "average" else []
        of = [x[column::count] for column in range(count)]
        if operation == "cumulative_sum":
            sums_of = [list(prefixes(column, form)) for column in of]
            yield from (sums_of[column][row] for row in range(rows) for column in range(count))
            continue
        for column, values in enumerate(of):
            if operation == "mean":
                yield mean(values, form)
            elif operation == "average":
                yield average(values, [abs(w) for w in weights[column::count]], form)
            elif operation == "prod":
                yield product(values)
            else:
                exact = deviations(values, int(operation == "std"))
                if exact is None:
                    yield math.nan
                else:
                    yield rounded(exact, form) if operation == "var" else root(exact, form)


def chain(terms: Sequence[tuple[gmpy2.mpfr, gmpy2.mpfr]], start: gmpy2.mpfr) -> gmpy2.mpfr:
    for x, y in terms:
        start = gmpy2.fma(x, y, start)
    return start


Complex = tuple[gmpy2.mpfr, gmpy2.mpfr]


def complex_chain(terms: Sequence[tuple[Complex, Complex]], start: Complex) -> Complex:
    re, im = start
    for x, y in terms:
        re = chain([(x[0], y[0]), (-x[1], y[1])], re)
        im = chain([(x[0], y[1]), (x[1], y[0])], im)
    return re, im


def finished(s: Complex, alpha: Complex, beta: Complex, c: Complex, parts: int) -> Complex:
    if parts == 1:
        value = s[0] if alpha[0] == 1 else alpha[0] * s[0]
        return (value if beta[0] == 0 else gmpy2.fma(beta[0], c[0], value)), c[1]
    if alpha != (1, 0):
        s = complex_chain([(alpha, s)], (gmpy2.mpfr(0), gmpy2.mpfr(0)))
    return s if beta == (0, 0) else complex_chain([(beta, c)], s)


def products(parts: int, form: Format) -> Iterator[float]:
    random = splitmix64()
    zero = gmpy2.mpfr(0)
    for i in range(64):
        m, n, k = next(random) % 33, next(random) % 33, next(random) % 65
        kind = {7: ANY, 6: SUBNORMAL}.get(i % 8, MODERATE)
        drawings = [(m * k, kind), (k * n, kind), (m * n, MODERATE)]
        a, b, c = ([gmpy2.mpfr(v) for v in drawn(count * parts, kind, form, random)] for count, kind in drawings)
        scalars = [gmpy2.mpfr(v) for v in drawn(4, MODERATE, form, random)]
        alpha, beta = (scalars[0], scalars[1]), (scalars[2], scalars[3])
        if i % 4 < 2:
            alpha = (gmpy2.mpfr(1), zero)
        if i % 4 != 3:
            beta = (gmpy2.mpfr(int(i % 4 == 1)), zero)

        def element(x: list[gmpy2.mpfr], at: int, conjugate: int) -> Complex:
            if parts == 1:
                return x[at], gmpy2.mpfr(0)
            return x[2 * at], -x[2 * at + 1] if conjugate else x[2 * at + 1]

        for row in range(m):
            of_a = [element(a, row + p * m if i & 4 else row * k + p, i & 16) for p in range(k)]
            for column in range(n):
                of_b = [element(b, column * k + p if i & 8 else p * n + column, i & 32) for p in range(k)]
                pairs = list(zip(of_a, of_b, strict=True))
                if parts == 1:
                    s = chain([(x[0], y[0]) for x, y in pairs], zero), zero
                else:
                    s = complex_chain(pairs, (zero, zero))
                answer = finished(s, alpha, beta, element(c, row * n + column, 0), parts)
                yield from map(float, answer[:parts])


def int8_products() -> Iterator[int]:
    random = splitmix64()

    def signed(r: int) -> int:
        return (r >> 56 ^ 128) - 128

    for _ in range(64):
        m, n, k = next(random) % 33, next(random) % 33, next(random) % 65
        a, b = ([signed(next(random)) for _ in range(count)] for count in (m * k, k * n))
        for row in range(m):
            for column in range(n):
                yield sum(a[row * k + p] * b[p * n + column] for p in range(k)) % 2**32


def few_values(form: Format) -> list[int]:
    infinity = (2**form.e - 1) << form.p
    magnitudes = [0, 1, form.bias << form.p, form.pattern(2.5), infinity - 1, infinity, infinity | 1 << (form.p - 1)]
    return [pattern for magnitude in magnitudes for pattern in (magnitude, magnitude | form.sign)]


def complex_inputs(arguments: int, form: Format) -> Iterator[tuple[bool, tuple[float, ...]]]:
    """The parts of one argument or of two, and whether one is a signalling NaN."""
    values = special_values(form) if arguments == 1 else few_values(form)
    for patterns in itertools.product(values, repeat=2 * arguments):
        yield any(map(form.is_signalling, patterns)), tuple(map(form.value, patterns))
    random = splitmix64()
    for i in range(2**12):
        kind, numbers = (MODERATE, WIDE, ANY)[i % 3], [next(random) for _ in range(2 * arguments)]
        signals = kind == ANY and any(form.is_signalling(r >> (64 - form.bits)) for r in numbers)
        yield signals, tuple(number(kind, form, r) for r in numbers)


def product_of(x: gmpy2.mpfr, y: gmpy2.mpfr, u: gmpy2.mpfr, v: gmpy2.mpfr) -> Complex:
    return x * u - y * v, x * v + y * u


COMPLEX_ORACLES: dict[str, tuple[int, Callable[..., tuple[gmpy2.mpfr, ...]]]] = {
    "cadd": (2, lambda x, y, u, v: (x + u, y + v)),
    "csubtract": (2, lambda x, y, u, v: (x - u, y - v)),
    "cmultiply": (2, product_of),
    "csquare": (1, lambda x, y: product_of(x, y, x, y)),
    "cabsolute": (1, lambda x, y: (gmpy2.hypot(x, y),)),
}


def complex_answers(function: str, form: Format) -> Iterator[float]:
    arguments, oracle = COMPLEX_ORACLES[function]
    for signals, given in complex_inputs(arguments, form):
        if signals and function == "cabsolute":  # MPFR has no signalling NaN: hypot(inf, sNaN) is NaN
            yield math.nan
        else:
            yield from map(float, oracle(*map(gmpy2.mpfr, given)))


ORACLES: dict[str, Callable[[Format], Iterator[float]]] = {
    "sum": lambda form: sums("sum", form),
    "dot": lambda form: sums("dot", form),
    "norm": lambda form: sums("norm", form),
    **{
        name: lambda form, name=name: columns(name, form)
        for name in ("mean", "var", "std", "average", "prod", "cumulative_sum")
    },
    "gemm": lambda form: products(1, form),
    "gemm_complex": lambda form: products(2, form),
    **{name: lambda form, name=name: complex_answers(name, form) for name in COMPLEX_ORACLES},
}


@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("function", ORACLES)
def test_exact_arithmetic_gives_the_contracts_digest(function: str, bits: int) -> None:
    form = Format(bits)
    nan = (2**form.e - 1) << form.p | 1 << (form.p - 1)
    with gmpy2.context(form.context):
        answers = [nan if math.isnan(v) else form.pattern(v) for v in ORACLES[function](form)]
    digest = hashlib.sha256(struct.pack(f"<{len(answers)}{form.integer[1]}", *answers)).hexdigest()
    assert digest == contract.load().digests[function, f"float{bits}", "core"]


def test_integers_give_the_contracts_digest() -> None:
    answers = list(int8_products())
    digest = hashlib.sha256(struct.pack(f"<{len(answers)}I", *answers)).hexdigest()
    assert digest == contract.load().digests["gemm_int8", "float32", "core"]
