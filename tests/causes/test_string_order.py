"""The size of a comparison's result is as on x86-64, where the program looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitfast.causes.string_order import StringOrder
from tests.causes.oracle import assert_cured, context_of, lines

MAGNITUDE = r"""
#include <stdio.h>
#include <string.h>
#include <strings.h>
static char a[80], b[80];
static int distance(const char *p, const char *q, size_t n) { return memcmp(p, q, n); }
int main(void) {
    for (int n = 1; n < 80; n += 13) {
        memset(a, 'a', sizeof a - 1); memset(b, 'a', sizeof b - 1);
        a[n - 1] = (char)200; b[n - 1] = 'C';
        int order = memcmp(a, b, n);
        printf("%d %d %d %d\n", order, distance(b, a, n), distance(a, b, 0), memcmp(a, b, n) / 2);
        printf("%d %d %d %d\n", strcmp(a, b), strncmp(b, a, n), strcasecmp(a, b), strncasecmp(b, a, n - 1));
    }
    memcpy(b, a, sizeof a);
    memset(b + 60, 0, 20); memset(a + 60, 0, 20); a[70] = 'x';
    printf("%d %d %d %d\n", strcmp(a, b), strncmp(a, b, 79), strcasecmp(b, a), strncasecmp(a, b, 79));
    return 0;
}
"""


@pytest.mark.parametrize("name", ["p.c", "p.cc"])
def test_results_are_the_difference_of_the_bytes(name: str, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    assert_cured(tmp_path, StringOrder(), context_of(tmp_path / "s", {name: MAGNITUDE}))


SIGN = r"""
#include <stdlib.h>
#include <string.h>
static int sign(const char *a, const char *b) {
    int order = strcmp(a, b), later;
    if (order < 0) return -1;
    if (!strcmp(a, "x") || -strcmp(a, b) > 0) return 1;
    if ((later = memcmp(a, b, 3)) != 0) return later > 0 ? 1 : -1;
    later = strcmp(b, a);
    while (strcmp(a, b)) b++;
    strcmp(a, b);
    return later >= 0 && order != 0 ? 1 : 0;
}
int main(int n, char **v) { return sign(v[0], v[n - 1]); }
"""


def test_nothing_is_offered_where_the_sign_is_enough(tmp_path: Path) -> None:
    assert lines(StringOrder().toggles(context_of(tmp_path, {"p.c": SIGN}))) == []


def test_a_variable_that_is_printed_is_no_sign(tmp_path: Path) -> None:
    program = SIGN.replace("return later >=", "return order + later >=")
    assert lines(StringOrder().toggles(context_of(tmp_path, {"p.c": program}))) == [5, 8, 9]


def test_a_returned_result_can_be_switched_but_is_no_finding(tmp_path: Path) -> None:
    program = "#include <string.h>\nint by_name(const void *a, const void *b) { return strcmp(a, b); }\n"
    context = context_of(tmp_path, {"p.c": program})
    assert lines(StringOrder().toggles(context)) == [2]
    assert not list(StringOrder().scan(context.units[0], context))
