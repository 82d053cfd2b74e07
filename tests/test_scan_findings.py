"""What the scan says of single lines: true suspects listed, their innocent relatives not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitfast.scan import scan
from tests.zoo.cases import load_all

HEAD = "#include <stdio.h>\n#include <math.h>\nint next(void);\nint *p, *q;\n"
C = {
    "int f(double x) { return (int)(x * 1e6); }": "float-to-int",
    "int f(int n) { return (int)(n * 0.5); }": "",
    "int f(double x) { return (int)(sin(x) * 100); }": "",
    "int f(double x) { if (x > 0 && x < 9) return (int)x; return 0; }": "",
    "unsigned char f(double x) { return (unsigned char)fmin(fmax(x, 0), 255); }": "",
    "int f(const char *s) { int sum = 0; while (*s) sum = sum * 31 + *s++; return sum; }": "char-sign",
    "int f(const char *s) { int sum = 0; while (*s) sum += *s++; return sum; }": "char-sign",
    "int f(char c) { return c >= 'a' && c <= 'z'; }": "",
    "int f(char c) { return c < 'a' || c > 'z'; }": "",
    "int f(char c) { return c < ' '; }": "char-sign",
    "int f(char c) { int d = c - '0'; return d; }": "",
    "int f(int n) { return 1 << (n + 31); }": "shift-width",
    "int f(int n) { return 1 << n; }": "",
    "unsigned f(unsigned x, int n) { return x << n | x >> (32 - n); }": "",
    "unsigned f(int n) { return ~0u << (32 - n); }": "shift-width",
    "int f(int n) { return n / (n - 1); }": "integer-division",
    "int f(int n) { return n == 1 ? 0 : n / (n - 1); }": "",
    "int f(int n) { return n / 3; }": "",
    'void f(void) { printf("%d %d", next(), next()); }': "evaluation-order",
    'void f(int i) { printf("%d %d", i, i++); }': "evaluation-order",
    'void f(void) { printf("%d %d", *p++, *q++); }': "",
    'static int two(int a) { int b = a; b += a; return b; } void f(int i) { printf("%d %d", two(i), two(i)); }': "",
    'void f(int i) { printf("%d %g", puts("a"), sqrt(i)); }': "",
}
STREAMS = "#include <missing/header.h>\n#include <fstream>\nvoid f(std::ofstream &csv, missing::text s, int n)\n"
STREAMS += "{ csv << s << n + 31 << 64; other_stream << s << 99; }\n"


@pytest.mark.parametrize(("line", "cause"), C.items())
def test_a_line_is_listed_for_its_cause_or_not_at_all(tmp_path: Path, line: str, cause: str) -> None:
    (tmp_path / "a.c").write_text(HEAD + line + "\n")
    assert {finding.cause for finding in scan(tmp_path).findings} == ({cause} if cause else set())


def test_streams_are_not_shifts_even_where_headers_are_missing(tmp_path: Path) -> None:
    (tmp_path / "a.cpp").write_text(STREAMS)
    assert not [finding for finding in scan(tmp_path).findings if finding.cause == "shift-width"]


def test_headers_of_the_project_are_found_wherever_they_are(tmp_path: Path) -> None:
    for folder in ("src", "public/api"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "public/api/text.h").write_text("typedef char letter;\n")
    (tmp_path / "src/a.c").write_text('#include "text.h"\nint f(const letter *s) { return *s < 0; }\n')
    assert [finding.place.file for finding in scan(tmp_path).findings] == ["src/a.c"]


def test_most_programs_of_the_zoo_without_a_cause_raise_no_alarm() -> None:
    quiet = [case for case in load_all() if case.name.startswith("same-") and not scan(case.root).findings]
    assert len(quiet) >= 8
