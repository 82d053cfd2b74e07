"""Arguments are evaluated on the target in the order that GCC takes on x86-64."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitfast.causes.evaluation_order import EvaluationOrder
from tests.causes.oracle import assert_cured, context_of, lines

CALLS = r"""
#include <stdio.h>
static int counter = 0, stack[8] = {1, 2, 3, 4, 5, 6, 7, 8}, top = 8;
static const char *names[] = {"a", "b", "c", "d"};
static int next(void) { return ++counter; }
static double real(int add) { counter += add; return counter * 0.5; }
static const char *name(void) { return names[counter++ & 3]; }
static int pop(void) { return stack[--top]; }
static int minus(int a, int b) { return a - b; }
#define PAIR(a, b) minus(a, b)
struct reader { int at; int (*get)(struct reader *, int, int); };
static int get(struct reader *r, int a, int b) { return r->at++ * 100 + a * 10 + b; }
static void say(int a, double b, const char *c) { printf("%d %g %s\n", a, b, c); }
int main(void) {
    struct reader r = {1, get};
    int i = 3;
    printf("%d %d %d\n", next(), next(), next());
    say(next(), real(2),
        name());
    printf("%d\n", minus(pop(), pop()));
    printf("%d\n", minus(minus(next(), pop()), minus(next(), pop())));
    printf("%d %d\n", i + 1, i++);
    printf("%d %d\n", counter + 0, next());
    printf("%d\n", r.get(&r, next(), next()));
    printf("%d %s\n", PAIR(next(), next()), name());
    return 0;
}
"""

CXX = r"""
#include <cstdio>
#include <string>
struct Stream { int at = 0; int get() { return ++at; } static int join(int a, int b) { return a * 10 + b; }
    int both(int a, int b) const { return a * 10 + b + at; } };
template <class T> T first(T a, T) { return a; }
int main() {
    Stream s;
    std::printf("%d\n", Stream::join(s.get(), s.get()));
    std::printf("%d\n", s.both(s.get(), s.get()));
    std::printf("%d\n", first(s.get(), s.get()));
    int x = 1;
    std::string text = std::string(1, 'a') + std::to_string(x);
    std::printf("%s %d\n", text.c_str(), x);
}
"""


@pytest.mark.parametrize("name", ["p.c", "p.cc"])
def test_arguments_are_evaluated_from_the_last(name: str, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    toggles = assert_cured(tmp_path, EvaluationOrder(), context_of(tmp_path / "s", {name: CALLS}))
    assert {17, 18, 20, 21, 22, 23, 24, 25} <= set(lines(toggles))


def test_methods_and_templates_of_cxx(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    toggles = assert_cured(tmp_path, EvaluationOrder(), context_of(tmp_path / "s", {"p.cc": CXX}))
    assert {9, 10, 11} <= set(lines(toggles))


HARMLESS = r"""
#include <math.h>
#include <stdio.h>
static int next(void) { static int n; return ++n; }
static int one(int a) { return a; }
int main(int argc, char **argv) {
    int i = argc, j = 2;
    printf("%d\n", next());
    printf("%d %g %g %d\n", i, sin(i), cos(j), i + j);
    fprintf(stdout, "%d %d\n", next(), j);
    printf("%d\n", one(one(i++)));
    return next() + next() + (int)sizeof(argv[0]);
}
"""


def test_nothing_is_offered_where_arguments_cannot_see_each_other(tmp_path: Path) -> None:
    context = context_of(tmp_path, {"p.c": HARMLESS})
    assert lines(EvaluationOrder().toggles(context)) == []
    assert not list(EvaluationOrder().scan(context.units[0], context))


OBJECTS = r"""
#include <cstdio>
#include <string>
static int counter;
static int next() { return ++counter; }
struct Box { std::string name; int width, height;
    Box(std::string n, int w, int h) : name(n), width(w), height(h) {} };
static void change(int &a, int b, int c) { a += b * 10 + c; }
static Box make(const std::string &name, int w, int h) { return Box(name, w, h); }
int main() {
    const std::string name = "box";
    Box one = Box(name, next(), next());
    Box two = make(name, next(), next());
    int x = 1;
    change(x, next(), next());
    std::printf("%s %d %d %d %d %d\n", one.name.c_str(), one.width, one.height, two.width, two.height, x);
}
"""


def test_objects_and_references_are_named_in_the_call(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    toggles = assert_cured(tmp_path, EvaluationOrder(), context_of(tmp_path / "s", {"p.cc": OBJECTS}))
    assert lines(toggles) == [12, 13, 15]


def test_a_structure_may_be_returned(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    program = """
#include <stdio.h>
struct pair { int a, b; };
static int next(void) { static int n; return ++n; }
static struct pair pair(int a, int b) { struct pair p = {a, b}; return p; }
int main(void) { struct pair p = pair(next(), next()); printf("%d %d\\n", p.a, p.b); return 0; }
"""
    assert_cured(tmp_path, EvaluationOrder(), context_of(tmp_path / "s", {"p.c": program}))


def test_what_cannot_be_held_in_a_variable_is_left_alone(tmp_path: Path) -> None:
    program = """
#include <string>
static int next() { static int n; return ++n; }
static void take(std::string, int &&, int) {}
int main() { take(std::string("a") + "b", next(), next()); }
"""
    assert lines(EvaluationOrder().toggles(context_of(tmp_path, {"p.cc": program}))) == []
