"""Plain char and wchar_t behave as on x86-64 where their uses are written out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitfast.causes.char_sign import CharSign
from bitfast.causes.wide_char_sign import WideCharSign
from tests.causes.oracle import assert_cured, context_of, lines

HASH = r"""
#include <stdio.h>
#define ABS(x) ((x) < 0 ? -(x) : (x))
#define FIRST(s) ((s)[0])
struct bits { char low : 3; int n; };
static const char text[] = "na\xc3\xafve \x80\xff";
static long hash(const char *p) { long h = 0; while (*p) h = h * 31 + *p++; return h; }
int main(void) {
    const char *p = text;
    char c = text[3], shifted = text[2];
    int table[512] = {0};
    struct bits b = {7, 1};
    long histogram = 0;
    printf("%ld %d %d\n", hash(text), ABS(c), FIRST(text + 2) + ABS(text[2]));
    for (; *p; ++p) histogram += (table + 256)[*p] = *p >> 1;
    shifted >>= 2;
    printf("%ld %d %d %g\n", histogram, c < 'z', shifted > 0, (double)c);
    printf("%d %d\n", b.low, (unsigned)c > 1000u);
    switch (c) { case -81: puts("negative"); break; default: puts("other"); }
    c = (char)-1;
    printf("%d %d %d\n", c == EOF, c == '\xff', c == (char)255);
    return 0;
}
"""

CXX = r"""
#include <cstdio>
#include <string>
#include "order.h"
namespace codes {
template <class T> int twice(const T &, char c) { return 2 * c; }
struct Reader { char last; int get() const { return last; } bool end() const { return last < 0; } };
}
int main() {
    std::string word("\xc3\xa9t\xc3\xa9");
    unsigned sum = 0;
    for (char c : word) sum = sum * 17 + unsigned(c) + static_cast<unsigned>(c);
    codes::Reader reader{word[0]};
    auto widen = [](char c) { return static_cast<double>(c); };
    const unsigned listed[] = {static_cast<unsigned>(word[0]), 3u};
    std::printf("%u %d %d %d %g %d %u\n", sum, codes::twice(1.0, word[1]), reader.get(), reader.end(), widen(word[0]),
                before(word[0], 'x'), listed[0]);
}
"""

HEADER = """#pragma once
/* Used from several places. */
static inline int before(char a, char b) { return a < b; }
"""

WIDE_C = r"""
#include <stdio.h>
#include <wchar.h>
int main(void) {
    wchar_t low = (wchar_t)-5, high = 7;
    long wide = low;
    printf("%d %ld %g %d\n", low < high, wide, (double)low, (int)(low / 2));
    return 0;
}
"""


@pytest.mark.parametrize("name", ["p.c", "p.cc"])
def test_characters_count_as_on_x86(name: str, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    context = context_of(tmp_path / "s", {name: HASH})
    toggles = assert_cured(tmp_path, CharSign(), context)
    assert {7, 14, 15, 16}.issubset(lines(toggles))


def test_headers_templates_and_lambdas_are_reached(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    context = context_of(tmp_path / "s", {"p.cc": CXX, "order.h": HEADER})
    toggles = assert_cured(tmp_path, CharSign(), context)
    assert "order.h" in {toggle.place.file for toggle in toggles}
    assert {toggle.place.function for toggle in toggles} >= {"twice", "end", "before", "main"}


@pytest.mark.parametrize("name", ["p.c", "p.cc"])
def test_wide_characters_count_as_on_x86(name: str, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    assert_cured(tmp_path, WideCharSign(), context_of(tmp_path / "s", {name: WIDE_C}))


HARMLESS = r"""
#include <stdio.h>
#include <string.h>
#define SPACE ' '
int main(int argc, char **argv) {
    char c = argv[0][0], d = 'x';
    unsigned char u = c;
    signed char s = c;
    c = c + 1; c ^= d; u = (unsigned char)(c * 3 - d);
    if (c == 'a' || c != SPACE || c == d || !c || (c & 0x80) == 0) putchar(c);
    switch (c) { case 'a': case '0': return 1; default: break; }
    memset(argv[0], c, 1);
    return strchr(argv[0], c) == NULL && u > s && argc;
}
"""


@pytest.mark.parametrize("name", ["p.c", "p.cc"])
def test_nothing_is_offered_where_the_sign_cannot_show(name: str, tmp_path: Path) -> None:
    context = context_of(tmp_path, {name: HARMLESS})
    assert lines(CharSign().toggles(context)) == []


def test_a_build_that_chooses_the_sign_is_left_alone(tmp_path: Path) -> None:
    context = context_of(tmp_path, {"p.c": HASH}, arguments=("-O2", "-funsigned-char"))
    assert not tuple(CharSign().toggles(context))


def test_comparisons_and_indices_are_findings(tmp_path: Path) -> None:
    context = context_of(tmp_path, {"p.c": HASH})
    found = [finding.place.line for finding in CharSign().scan(context.units[0], context)]
    assert {21, 15, 7} <= set(found)
