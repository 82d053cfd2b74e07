"""Conversions that do not fit give on the target what x86-64 gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitfast.causes.float_to_int import FloatToInt
from bitfast.words import Evidence, Place
from tests.causes.oracle import assert_cured, context_of, lines

VALUES = (
    "NAN, INFINITY, -INFINITY, 0.0, -0.9, -1.0, 300.7, -300.7, 70000, 2147483648.0, -2147483649.0, 4294967296.5, "
    "1e10, -1e10, 9.3e18, -9.3e18, 1.5e19, 2e19, 1e30"
)

EVERY_TYPE = r"""
#include <math.h>
#include <stdio.h>
volatile double values[] = {VALUES};
#define TO(type, x) ((type)(x))
#define SHOW(x) do { signed char a = (signed char)(x); unsigned char b = (unsigned char)(x); short c = (short)(x); \
    printf("%d %d %d\n", a, b, c); } while (0)
static int implicit(double x) { return x; }
static unsigned long long wide(float x) { return x; }
static void all(double d, float f) {
    signed char a = d; unsigned char b = d; short c = d; unsigned short e = d; int i = (int)d; unsigned u = d;
    long l = d; unsigned long m = (unsigned long)d; long long n = d; unsigned long long o = d;
    signed char g = f; unsigned char h = f; short j = f; unsigned short k = f; int p = f; unsigned q = f;
    long r = f; unsigned long s = f;
    int sum = 1;
    unsigned usum = 1;
    printf("%d %d %d %d %d %u %ld %lu %lld %llu\n", a, b, c, e, i, u, l, m, n, o);
    printf("%d %d %d %d %d %u %ld %lu\n", g, h, j, k, p, q, r, s);
    sum += d; usum *= f;
    printf("%d %u %d %llu %d\n", sum, usum, implicit(d), wide(f), TO(int, d * 1.0));
    printf("%ld %ld %lld %lld %ld\n", lrint(d), lround(d), llrint(d), llroundf(f), lrintf(f));
}
int main(void) {
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) all(values[i], (float)values[i]);
    return 0;
}
""".replace("VALUES", VALUES)

CXX = r"""
#include <cmath>
#include <cstdio>
volatile double values[] = {VALUES};
template <int N> struct Scale { static unsigned char of(double x) { return static_cast<unsigned char>(x * N); } };
constexpr int truncated(double x) { return int(x); }
static const int at_start = truncated(3.5);
enum Level : short { low, high };
int main() {
    for (double d : values)
        std::printf("%d %d %ld %d %d\n", Scale<3>::of(d), truncated(d), std::lrint(d), int(Level(d)), at_start);
}
""".replace("VALUES", VALUES)


def test_every_type_converts_as_on_x86(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    assert_cured(tmp_path, FloatToInt(), context_of(tmp_path / "s", {"p.c": EVERY_TYPE}))


def test_every_type_converts_as_on_x86_in_cxx(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    assert_cured(tmp_path, FloatToInt(), context_of(tmp_path / "s", {"p.cc": CXX}))


def test_only_places_that_the_sanitizer_saw_are_offered(tmp_path: Path) -> None:
    program = "int main(int n, char **v) {\n  double d = n;\n  int a = d;\n  int b = d * 2;\n  return a + b;\n}\n"
    event = ("float-cast-overflow", Place("p.c", 4), "1e+20 is outside the range of representable values")
    evidence = Evidence((event,), frozenset({"float-cast-overflow"}))
    assert lines(FloatToInt().toggles(context_of(tmp_path, {"p.c": program}))) == [3, 4]
    assert lines(FloatToInt().toggles(context_of(tmp_path, {"p.c": program}, evidence=evidence))) == [4]


@pytest.mark.parametrize("name", ["p.c", "p.cc"])
def test_constants_and_static_initialisers_are_left_alone(name: str, tmp_path: Path) -> None:
    program = "static int a = (int)3.7;\nint main(void) { int b = 2.5; bool_like: return a + b + (3.5 > 1 ? 1 : 0); }\n"
    context = context_of(tmp_path, {name: program})
    assert lines(FloatToInt().toggles(context)) == []
