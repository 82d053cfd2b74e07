"""The plugin's sites: every multiplication that the compiler really fuses is listed, switching one off unfuses that one
alone, and calls that are switched go to bitfast's functions."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bitfast.check.toolbox import site_plugin
from bitfast.chips import Target, qemu_command, reference
from bitfast.process import run
from tests.benches import line_of, written

FUSED = re.compile(r"\b(?:fn?m(?:add|sub|ad|sb|la|ls)|vfn?m(?:add|sub)\w*)(?:\.[sd])?\b")

PLAIN = """\
#include <stdio.h>
__attribute__((noinline)) double dot(double a, double b, double c)
{
    return a * b + c; /* one */
}
__attribute__((noinline)) double apart(double a, double b)
{
    return a * b; /* innocent: no sum uses it */
}
__attribute__((noinline)) double across(double a, double b, double c)
{
    double product = a * b; /* two */
    return c - product;
}
__attribute__((noinline)) float small(float a, float b, float c)
{
    return -(a * b) - c; /* three */
}
__attribute__((noinline)) int whole(int a, int b, int c)
{
    return a * b + c; /* innocent: integers are exact */
}
int main(void)
{
    volatile double x = 0.1, y = 0.3, z = -0.03;
    printf("%a %a %a %a %d\\n", dot(x, y, z), apart(x, y), across(x, y, -z), (double)small(0.1f, y, z), whole(2, x, 4));
    return 0;
}
"""
MACRO = """\
#include <stdio.h>
#include "lerp.h"
#define MIX(a, b, t) ((a) + ((b) - (a)) * (t))
int main(void)
{
    volatile double x = 0.1, y = 0.7, t = 0.3;
    printf("%a\\n", MIX(x, y, t)); /* one */
    printf("%a\\n", lerp(x, y, t));
    return 0;
}
"""
HEADER = """\
static inline double lerp(double a, double b, double t)
{
    return a + (b - a) * t; /* two */
}
"""
TEMPLATE = """\
#include <cstdio>
#include <vector>
template <typename Number> Number poly(const std::vector<Number> &c, Number x)
{
    Number sum = 0;
    for (Number one : c)
        sum = sum * x + one; // one
    return sum;
}
int main()
{
    volatile double x = 0.1;
    std::printf("%a %a\\n", poly<double>({1.1, 2.2, 3.3}, x), (double)poly<float>({1.1f, 2.2f, 3.3f}, x));
    auto twice = [](double a) { return a * a - 0.5; }; // two
    std::printf("%a\\n", twice(x));
}
"""
VECTOR = """\
#include <stdio.h>
enum { N = 1003 };
static double a[N], b[N], c[N];
__attribute__((noinline)) void axpy(double s)
{
    for (int i = 0; i < N; i++)
        c[i] += s * a[i]; /* one */
}
__attribute__((noinline)) void mixed(double s)
{
    for (int i = 0; i < N; i++)
        if (b[i] > 0.25)
            c[i] = c[i] - b[i] * s; /* two */
}
int main(void)
{
    double sum = 0;
    for (int i = 0; i < N; i++) { a[i] = 1.0 / (i + 1); b[i] = 1.0 / (i + 3); }
    axpy(0.3);
    mixed(0.7);
    for (int i = 0; i < N; i++) sum += c[i];
    printf("%a\\n", sum);
    return 0;
}
"""
FORTRAN = """\
subroutine step(x, v, h)
  real(8) :: x(100), v(100), h
  x = x + v * h ! one
end subroutine
program main
  real(8) :: x(100), v(100), h, e
  integer :: i
  do i = 1, 100
    x(i) = 1d0 / i; v(i) = 0.1d0 / (i + 1)
  end do
  h = 0.3d0 + command_argument_count()
  call step(x, v, h)
  e = x(3) * h - v(7) ! two
  write (*, '(Z16,1X,Z16)') sum(x), e
end program
"""
PROGRAMS = {
    "plain": ("gcc", {"a.c": PLAIN}, ("-O2",)),
    "macro and header": ("gcc", {"a.c": MACRO, "lerp.h": HEADER}, ("-O2",)),
    "template": ("g++", {"a.cc": TEMPLATE}, ("-O2",)),
    "vector loops": ("gcc", {"a.c": VECTOR}, ("-O3",)),
    "masked vector loops": ("gcc", {"a.c": VECTOR}, ("-O3", "-march=armv8.2-a+sve")),
    "fortran": ("gfortran", {"a.f90": FORTRAN}, ("-O3",)),
}


class Compiled:
    """A program and its compiler, with the plugin."""

    def __init__(self, folder: Path, target: Target, case: str, *more: str) -> None:
        language, files, options = PROGRAMS.get(case) or ("gcc", {"a.c": CALLS, "own.h": OWN}, ("-O2",))
        self.tree, self.target = written(folder / "tree", files), target
        self.compiler = target.tools[language]
        plugin = site_plugin(self.compiler) if shutil.which(self.compiler) else None
        if plugin is None:
            pytest.skip(f"no {self.compiler} with plugin headers here")
        self.plugin = plugin
        self.options = (*options, *more, next(name for name in files if not name.endswith(".h")))

    def call(self, *options: str) -> None:
        made = run([self.compiler, *self.options, *options], directory=self.tree, timeout_seconds=120)
        assert made.ok and not made.stderr, made.last_lines()

    def arguments(self, off: Iterable[str] = (), names: Iterable[str] = ()) -> list[str]:
        written(self.tree, {"off": "".join(f"{line}\n" for line in off), "names": "".join(f"{n}\n" for n in names)})
        return [f"-fplugin={self.plugin}", "-fplugin-arg-sites-off=off", "-fplugin-arg-sites-names=names"]

    def sites(self, kind: str = "fma", names: Iterable[str] = ()) -> set[tuple[str, str, str]]:
        """(key, function, detail) of the sites of a kind."""
        (self.tree / "list").unlink(missing_ok=True)
        self.call(*self.arguments(names=names), "-fplugin-arg-sites-list=list", "-c", "-o", "listed.o")
        lines = (self.tree / "list").read_text().splitlines() if (self.tree / "list").exists() else []
        fields = [line.split("\t") for line in lines]
        return {(key, function, detail) for found, key, function, detail in fields if found == kind}

    def fused(self, *options: str) -> int:
        """How many fused instructions the compiler writes."""
        self.call("-S", "-o", "out.s", *options)
        return sum(bool(FUSED.search(line)) for line in (self.tree / "out.s").read_text().splitlines())

    def answer(self, *options: str) -> str:
        self.call("-o", "program", *options)
        sve = ["-cpu", "a64fx"] if any("sve" in option for option in self.options) else []
        ran = run([*qemu_command(self.target), *sve, str(self.tree / "program")], timeout_seconds=120)
        assert ran.ok
        return ran.text


def marked(compiled: Compiled) -> set[str]:
    """FILE:LINE of the comments "one", "two" and "three"."""
    found = set()
    for path in compiled.tree.iterdir():
        if path.suffix in (".c", ".cc", ".h", ".f90"):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if re.search(r"(?:/\*|//|!) (?:one|two|three)\b", line):
                    found.add(f"{path.name}:{number}")
    return found


def without_column(keys: Iterable[str]) -> set[str]:
    return {key.rpartition(":")[0] for key in keys}


@pytest.fixture(params=["aarch64-linux-gnu", "riscv64-linux-gnu", "here"])
def target(request: pytest.FixtureRequest, target_here: Callable[[str], Target]) -> Target:
    return reference() if request.param == "here" else target_here(request.param)


def here_options(target: Target, case: str) -> tuple[str, ...]:
    """What makes the compiler fuse: nothing on the targets, -mfma on x86-64."""
    if "masked" in case and target.machine != "aarch64":
        pytest.skip("SVE is aarch64's")
    return ("-mfma",) if target.machine == "x86_64" else ()


@pytest.mark.parametrize("case", PROGRAMS)
def test_the_sites_are_the_products_that_fuse_and_each_is_switched_alone(
    tmp_path: Path, target: Target, case: str
) -> None:
    compiled = Compiled(tmp_path, target, case, *here_options(target, case))
    keys = {key for key, _, _ in compiled.sites()}
    assert without_column(keys) == marked(compiled)
    before = compiled.fused()
    assert before >= len(keys), "every site is fused at least once"
    everything = compiled.arguments(f"fma\t{key}" for key in keys)
    assert compiled.fused(*everything) == 0
    by_switch = compiled.answer("-ffp-contract=off")
    assert compiled.answer(*compiled.arguments(f"fma\t{key}" for key in keys)) == by_switch
    removed = 0
    for key in keys:
        left = compiled.fused(*compiled.arguments([f"fma\t{key}"]))
        assert left < before
        removed += before - left
    assert removed == before, "switching one leaves the others"


def test_the_plugin_changes_nothing_where_nothing_is_switched(tmp_path: Path, target: Target) -> None:
    compiled = Compiled(tmp_path, target, "vector loops", *here_options(target, ""))
    compiled.call("-S", "-o", "plain.s")
    compiled.call("-S", "-o", "with.s", *compiled.arguments())
    assert (compiled.tree / "plain.s").read_text() == (compiled.tree / "with.s").read_text()


@pytest.mark.parametrize("option", ["-ffp-contract=off", "-ffp-contract=on", "-O1", "-O0", "-std=c11"])
def test_there_are_no_sites_where_nothing_is_fused(tmp_path: Path, target: Target, option: str) -> None:
    compiled = Compiled(tmp_path, target, "plain", option, *here_options(target, ""))
    assert (compiled.fused(), compiled.sites()) == (0, set())


def test_a_site_names_the_function_that_its_text_stands_in(tmp_path: Path, target: Target) -> None:
    compiled = Compiled(tmp_path, target, "macro and header", *here_options(target, ""))
    functions = {key.rpartition(":")[0]: function for key, function, _ in compiled.sites()}
    assert functions == {
        f"a.c:{line_of(MACRO, '/* one */')}": "main",
        f"lerp.h:{line_of(HEADER, '/* two */')}": "lerp",
    }


CALLS = """\
#include <math.h>
#include <stdio.h>
int main(void)
{
    volatile double x = 0.5;
    volatile float y = 0.25f;
    double first = exp(x), again = exp(x + 1); /* both exp */
    printf("%a %a %a %a\\n", first, again, sqrt(x) + floor(x), (double)sinf(y));
    return 0;
}
"""
OWN = "double bitfast_exp(double x) { return x + 100; }\nfloat bitfast_sinf(float x) { return x + 200; }\n"


def undefined(compiled: Compiled, *options: str) -> set[str]:
    compiled.call("-c", "-o", "calls.o", *options)
    listed = run([compiled.target.tools["nm"], "-u", str(compiled.tree / "calls.o")], timeout_seconds=60).text
    return {name for name in listed.split() if name in ("exp", "sinf", "sqrt", "floor") or name.startswith("bitfast_")}


def test_calls_that_are_switched_go_to_bitfasts_functions(tmp_path: Path, target: Target) -> None:
    compiled = Compiled(tmp_path, target, "calls")
    names = ("exp", "sinf")
    keys = sorted(key for key, _, _ in compiled.sites("call", names))
    assert [key.rpartition(":")[2] for key in keys] == ["exp", "exp", "sinf"]
    off = [f"call\t{key}" for key in keys]
    assert {"exp", "sinf"} <= undefined(compiled)
    assert undefined(compiled, *compiled.arguments(off[:1], names)) >= {"exp", "sinf", "bitfast_exp"}
    assert undefined(compiled, *compiled.arguments(off[:2], names)) >= {"sinf", "bitfast_exp"}
    all_off = undefined(compiled, *compiled.arguments(off, names))
    assert all_off & {"exp", "sinf", "bitfast_exp", "bitfast_sinf"} == {"bitfast_exp", "bitfast_sinf"}
    own = run([compiled.compiler, "-c", "-x", "c", "own.h", "-o", "own.o"], directory=compiled.tree, timeout_seconds=60)
    assert own.ok
    numbers = compiled.answer(*compiled.arguments(off, names), "own.o", "-lm").split()
    assert [float.fromhex(numbers[index]) for index in (0, 1, 3)] == [100.5, 101.5, 200.25]


def test_functions_that_nobody_asked_for_are_no_sites(tmp_path: Path, target: Target) -> None:
    assert Compiled(tmp_path, target, "calls").sites("call", ["cosh"]) == set()
