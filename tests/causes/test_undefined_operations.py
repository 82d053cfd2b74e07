"""Divisions that trap, shifts beyond the width and builtins of 0 do on the target what x86-64 does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitfast.causes.base import Cause
from bitfast.causes.builtin_zero import BuiltinZero
from bitfast.causes.integer_division import IntegerDivision
from bitfast.causes.shift_width import ShiftWidth
from bitfast.words import Evidence, Place
from tests.causes.oracle import answer, assert_cured, context_of, edited, lines

DIVISION = r"""
#include <signal.h>
#include <setjmp.h>
#include <stdio.h>
static sigjmp_buf back;
static void caught(int number) { siglongjmp(back, number); }
#define TRY(name, expression) do { if (sigsetjmp(back, 1) == 0) printf("%s %lld\n", name, (long long)(expression)); \
    else printf("%s trapped\n", name); } while (0)
static volatile int zero = 0, minus = -1, least = -2147483647 - 1, seven = 7;
static volatile long lleast = -9223372036854775807L - 1;
static volatile unsigned uzero = 0;
static int compound(int a, int b) { a /= b; return a; }
static unsigned remain(unsigned a, unsigned b) { return a % b + 1; }
static long mixed(long a, int b) { return 1 + a / b; }
int main(void) {
    signal(SIGFPE, caught);
    short narrow = 9;
    TRY("int", seven / zero);
    TRY("least", least / minus);
    TRY("remainder", least % minus);
    TRY("unsigned", remain(7u, uzero));
    TRY("compound", compound(seven, zero));
    TRY("long", mixed(lleast, minus));
    TRY("fine", mixed(lleast, 3) + seven / (minus * 2) + seven % 4);
    TRY("narrow", narrow /= zero);
    printf("%d\n", seven / 2);
    return 0;
}
"""

SHIFTS = r"""
#include <stdio.h>
#define COUNT 8
static unsigned in[COUNT] = {1, 2, 3, 4, 0x80000000u, 6, 7, 8};
static unsigned by[COUNT] = {0, 1, 31, 32, 33, 40, 64, 255};
static unsigned out[COUNT];
__attribute__((noipa)) static void shift(unsigned *to, const unsigned *from, const unsigned *count) {
    for (int i = 0; i < COUNT; i++) to[i] = from[i] << count[i];
}
__attribute__((noipa)) static void back(unsigned *to, const unsigned *count) {
    for (int i = 0; i < COUNT; i++) to[i] >>= count[i];
}
int main(void) {
    shift(out, in, by);
    for (int i = 0; i < COUNT; i++) printf("%u\n", out[i]);
    back(out, by);
    for (int i = 0; i < COUNT; i++) printf("%u\n", out[i]);
    return 0;
}
"""

LEADING = r"""
#include <stdio.h>
static volatile unsigned long zero = 0;
static int order(unsigned x) { return __builtin_clz(x); }
int main(void) {
    printf("%d %d %d\n", order((unsigned)zero), __builtin_clzl(zero), __builtin_ctzll(zero));
    return 0;
}
"""


@pytest.mark.parametrize("name", ["p.c", "p.cc"])
def test_divisions_trap_as_on_x86(name: str, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    context = context_of(tmp_path / "s", {name: DIVISION}, arguments=("-O1", "-fno-delete-null-pointer-checks"))
    toggles = assert_cured(tmp_path, IntegerDivision(), context)
    assert 27 not in lines(toggles)


def test_an_uncaught_division_by_zero_ends_the_program_by_the_same_signal(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    program = "int main(int n, char **v) { volatile int zero = n - 1; return n / zero; }\n"
    assert_cured(tmp_path, IntegerDivision(), context_of(tmp_path / "s", {"p.c": program}))


@pytest.mark.parametrize("name", ["p.c", "p.cc"])
def test_shifts_beyond_the_width_use_the_count_modulo_the_width(name: str, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    toggles = assert_cured(tmp_path, ShiftWidth(), context_of(tmp_path / "s", {name: SHIFTS}, arguments=("-O3",)))
    assert lines(toggles) == [8, 11]


@pytest.mark.parametrize("name", ["p.c", "p.cc"])
def test_zeros_of_0_are_counted_as_on_x86(name: str, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    assert lines(assert_cured(tmp_path, BuiltinZero(), context_of(tmp_path / "s", {name: LEADING}))) == [4, 6, 6]


def test_a_reference_with_lzcnt_gives_the_width(tmp_path: Path) -> None:
    native = ("-O2", "-mlzcnt")
    (tmp_path / "s").mkdir()
    context = context_of(tmp_path / "s", {"p.c": LEADING}, reference_arguments=native)
    toggles = tuple(BuiltinZero().toggles(context))
    copy = edited(tmp_path / "e", context, toggles)
    assert answer(copy, context, native=False) == answer(context.root, context, native=True)


HARMLESS = r"""
#include <iostream>
int main(int n, char **v) {
    enum { half = 7 / 2 };
    int table[8 / 2] = {n << 3, n / 2, n % 7, n << (n & 31), __builtin_clz(3)};
    switch (n) { case 4 / 2: return 1; }
    std::cout << (n >> 4) << half << n / 2.0 << table[0] << v[0];
}
"""


@pytest.mark.parametrize("cause", [IntegerDivision(), ShiftWidth(), BuiltinZero()], ids=lambda cause: cause.name)
def test_nothing_is_offered_for_what_is_defined(cause: Cause, tmp_path: Path) -> None:
    assert lines(cause.toggles(context_of(tmp_path, {"p.cc": HARMLESS.replace("8 / 2]", "10 / 2]")}))) == []


@pytest.mark.parametrize(
    ("cause", "kinds", "message", "expression"),
    [
        (IntegerDivision(), ("integer-divide-by-zero", "signed-integer-overflow"), "division by zero", "a / b"),
        (ShiftWidth(), ("shift",), "shift exponent 40 is too large for 32-bit type 'int'", "a << b"),
        (BuiltinZero(), ("builtin",), "passing zero to clz(), which is not a valid argument", "__builtin_clz(a)"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_complete_evidence_limits_the_places(
    cause: Cause, kinds: tuple[str, ...], message: str, expression: str, tmp_path: Path
) -> None:
    head = "(int a, int b) {\n  return "
    program = f"int one{head}{expression};\n}}\nint two{head}{expression};\n}}\n"
    here = Evidence(((kinds[0], Place("p.c", 5, 12), message),), frozenset(kinds))
    other = Evidence(((kinds[-1], Place("p.c", 5, 12), "signed integer overflow"),), frozenset(kinds))
    assert set(lines(cause.toggles(context_of(tmp_path, {"p.c": program})))) == {2, 5}
    assert set(lines(cause.toggles(context_of(tmp_path, {"p.c": program}, evidence=here)))) == {5}
    if kinds != ("builtin",):
        assert lines(cause.toggles(context_of(tmp_path, {"p.c": program}, evidence=other))) == []
