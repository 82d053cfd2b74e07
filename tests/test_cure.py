"""Cures: each kind of change, as a patch that `patch -p1` applies, after which a fresh check says same."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bitfast.causes.float_to_int_fortran import FloatToIntFortran
from bitfast.causes.fused_multiply_add import FusedMultiplyAdd
from bitfast.causes.products import function_name, product_at
from bitfast.check.buildfile import with_options
from bitfast.check.candidates import Candidate, unified_diff
from bitfast.check.cure import Clinic
from bitfast.check.search import Explanation
from bitfast.chips import Target
from bitfast.edits import apply_for_patch
from bitfast.process import run
from bitfast.words import Context, Flags, Place, Sides, SourceEdits, Toggle, Unit
from tests.benches import pair, written

FUSED = """\
#include <stdio.h>
static double step(double a, double b, double c)
{
    return a * b + c;
}
int main(void)
{
    volatile double x = 0.1, y = -0.01;
    printf("%a\\n", step(x, x, y));
    return 0;
}
"""
MAKEFILE = "prog: a.c\n\t$(CC) -O2 a.c -o prog\n"
LAST_LINE = """\
#include <stdio.h>
double step(double, double, double);
int main(void) { volatile double x = 0.1; printf("%a\\n", step(x, x, -0.01)); }
double step(double a, double b, double c) { return a * b + c; }"""
MODERN = """\
program p
  real(8), volatile :: x = 0.1d0, y = -0.01d0
  real(8) :: r
  r = x * x + y
  print '(Z16)', r
end program
"""


@dataclass(frozen=True)
class Cured:
    said: Mapping[str, Any]
    before: Path
    after: Path  # the tree with the patch, by patch -p1


def cured(folder: Path, files: Mapping[str, str | bytes], *options: str) -> Cured:
    """Check the files, apply the patch to a copy with patch(1), and check that again: it says same."""
    before, after = written(folder / "source", files), written(folder / "patched", files)
    patch, out = folder / "cure.patch", folder / "out.json"
    command = [sys.executable, "-m", "bitfast", "check", "-q", *options, "--json", str(out)]
    ended = run([*command, str(before), "--patch", str(patch)], timeout_seconds=300)
    said = json.loads(out.read_text()) if out.exists() else {}
    assert said.get("verdict") == "cured" and said["cure"]["verified"], (ended.last_lines(), said.get("notes"))
    applied = run(["patch", "-p1", "--fuzz=0", "--binary"], directory=after, stdin=patch, timeout_seconds=60)
    assert applied.ok and b"offset" not in applied.stdout, applied.stdout + applied.stderr
    again = run([*command, str(after)], timeout_seconds=300)
    assert (again.status, json.loads(out.read_text())["verdict"]) == (0, "same"), again.last_lines()
    return Cured(said, before, after)


@pytest.fixture
def _aarch64(target_here: Callable[[str], Target]) -> None:
    target_here("aarch64-linux-gnu")


SOURCES: dict[str, tuple[dict[str, str | bytes], str]] = {
    "barrier": ({"a.c": FUSED, "Makefile": MAKEFILE}, "__builtin_assoc_barrier(a * b) + c"),
    "barrier in a file with CRLF": (
        {"a.c": FUSED.replace("\n", "\r\n").encode(), "Makefile": MAKEFILE}, "__builtin_assoc_barrier(a * b) + c;\r\n",
    ),
    "barrier in a file that is no UTF-8": (
        {"a.c": b"/* M\xfcller \xff */\n" + FUSED.encode(), "Makefile": MAKEFILE}, "__builtin_assoc_barrier(a * b) + c",
    ),
    "barrier in the last line, without a line end": (
        {"a.c": LAST_LINE, "Makefile": MAKEFILE},
        "return __builtin_assoc_barrier(a * b) + c; }",
    ),
    "barrier in a file with spaces and accents in its name": (
        {"src d/é a.c": FUSED, "Makefile": "prog:\n\t$(CC) -O2 'src d/é a.c' -o prog\n"},
        "__builtin_assoc_barrier(a * b)",
    ),
    "parentheses": ({"a.f90": MODERN, "Makefile": "prog: a.f90\n\tgfortran -O2 a.f90 -o prog\n"}, "(x * x) + y"),
}  # fmt: skip


@pytest.mark.usefixtures("_aarch64")
@pytest.mark.parametrize("case", SOURCES)
def test_a_change_of_the_source_cures(tmp_path: Path, case: str) -> None:
    files, expected = SOURCES[case]
    result = cured(tmp_path, files)
    (name,) = [name for name in files if not name.startswith("Makefile")]
    assert expected.encode() in (result.after / name).read_bytes()
    changed = (result.after / name).read_bytes().splitlines(keepends=True)
    unchanged = (result.before / name).read_bytes().splitlines(keepends=True)
    assert len(changed) == len(unchanged)
    assert sum(new != old for new, old in zip(changed, unchanged, strict=True)) == 1


@pytest.mark.parametrize(
    ("system", "files", "languages", "expected"),
    [
        ("make", {"Makefile": "all:\n"}, ("c",), {"Makefile": "all:\noverride CFLAGS += -x -y\n"}),
        ("make", {"Makefile": "all:"}, ("c++",), {"Makefile": "all:\noverride CXXFLAGS += -x -y\n"}),
        ("make", {"makefile": "a:\n", "Makefile": "b:\n"}, ("c",), {"makefile": "a:\noverride CFLAGS += -x -y\n"}),
        (
            "cmake",
            {"CMakeLists.txt": "# project(old)\ncmake_minimum_required(VERSION 3.1)\nproject (\n  p C)\nadd_x()\n"},
            ("c", "c++"),
            {
                "CMakeLists.txt": "# project(old)\ncmake_minimum_required(VERSION 3.1)\nproject (\n  p C)\n"
                "add_compile_options($<$<COMPILE_LANGUAGE:C>:-x> $<$<COMPILE_LANGUAGE:C>:-y>)\n"
                "add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-x> $<$<COMPILE_LANGUAGE:CXX>:-y>)\nadd_x()\n"
            },
        ),
        (
            "meson",
            {"meson.build": "project('p', 'c')"},
            ("c",),
            {"meson.build": "project('p', 'c')\nadd_project_arguments('-x', '-y', language: 'c')\n"},
        ),
        (
            "autotools",
            {"configure.ac": "", "Makefile.am": "a =\n", "lib/Makefile.am": "b =\n", "Makefile.in": "c =\n"},
            ("fortran",),
            {
                "Makefile.am": "a =\noverride FFLAGS += -x -y\noverride FCFLAGS += -x -y\n",
                "lib/Makefile.am": "b =\noverride FFLAGS += -x -y\noverride FCFLAGS += -x -y\n",
            },
        ),
        ("source file", {"a.c": ""}, ("c",), None),
        ("cmake", {"CMakeLists.txt": "add_executable(x x.c)\n"}, ("c",), None),
    ],
)
def test_options_are_added_to_a_build_file(
    tmp_path: Path, system: str, files: dict[str, str], languages: tuple[str, ...], expected: dict[str, str] | None
) -> None:
    made = with_options(written(tmp_path, files), system, languages, ("-x", "-y"))
    assert made == (None if expected is None else {name: text.encode() for name, text in expected.items()})


VECTOR_LOOP = "subroutine s(a, b, c, n)\n  real(8) :: a(n), b(n), c(n)\n  c = c + a * b\nend subroutine\n"
CALLER = "program p\n  real(8) :: a(9), b(9), c(9)\n  a = 0.1d0; b = 0.1d0; c = -0.01d0\n"
CALLER += "  call s(a, b, c, 9)\n  print '(Z16)', c(1)\nend program\n"
BUILDS: dict[str, dict[str, str | bytes]] = {
    "make": {
        "Makefile": "FFLAGS = -O3\nprog: a.o s.o\n\tgfortran a.o s.o -o prog\n%.o: %.f90\n\tgfortran $(FFLAGS) -c $<\n"
    },
    "cmake": {
        "CMakeLists.txt": "cmake_minimum_required(VERSION 3.10)\nproject(p Fortran)\nadd_executable(prog a.f90 s.f90)\n"
    },
}


@pytest.mark.usefixtures("_aarch64")
@pytest.mark.parametrize("system", BUILDS)
def test_fused_products_of_many_lines_of_fortran_are_cured_in_the_sources_or_the_build_file(
    tmp_path: Path, system: str
) -> None:
    result = cured(tmp_path, {"a.f90": CALLER, "s.f90": VECTOR_LOOP, **BUILDS[system]})
    assert [cause["cause"] for cause in result.said["causes"]] == ["fused-multiply-add"]
    assert result.said["cure"]["cost"] is None, "of a run of milliseconds the time says nothing"


@pytest.mark.usefixtures("_aarch64")
def test_a_patch_that_changes_the_references_answer_is_refused(tmp_path: Path) -> None:
    """What makes both sides agree on another answer than the reference's is no cure unless --agree allows it."""
    made = pair(
        tmp_path, {"a.c": '#include <stdio.h>\nint main(void) { volatile char c = -56; printf("%d\\n", c); }\n'}
    )
    clinic = Clinic(made.project, made.laboratory.target.commands, made.laboratory.target.workspace, made.laboratory)
    nothing = Explanation((), made.context, (), 0)
    new = (made.pristine / "a.c").read_bytes()
    for sort, sides, holds in (
        (b"unsigned char", Sides.TARGET, False),
        (b"unsigned char", Sides.BOTH, True),
        (b"signed char", Sides.TARGET, True),
        (b"char", Sides.TARGET, False),
        (b"no such type", Sides.TARGET, False),
    ):
        candidate = Candidate((("a.c", new.replace(b"char", sort)),))
        verified = clinic._verified(candidate, nothing, made.pristine, sides, 0)
        assert (verified is not None) is holds, (sort, sides)
    assert len(clinic.failures) == 1, "only what does not build"


# -- the parts ------------------------------------------------------------------------------------------------------


def context(root: Path) -> Context:
    return Context(root, (), (), "aarch64-linux-gnu")


@pytest.mark.parametrize(
    ("name", "text", "column", "product"),
    [
        ("a.c", "double f(double a) { return a * a + 1; }\n", 31, "a * a"),
        ("a.c", "double f(double a, double *p) { return *p * a + a * *p; }\n", 43, "*p * a"),
        ("a.c", "double f(double a, double *p) { return *p * a + a * *p; }\n", 51, "a * *p"),
        ("a.h", "inline float f(float a) { return -(a*a) - a; }\n", 37, "a*a"),
        ("a.cc", "template <class T> T f(T a) { return a*(a + 1) + 1; }\n", 39, "a*(a + 1)"),
        ("a.f90", "function f(a)\n  f = a * a + 1\nend function\n", 12, None),
        ("a.c", "double f(double a) { return a * a + 1; }\n", 29, None),
    ],
)
def test_the_product_at_a_place_is_the_one_the_compiler_means(
    tmp_path: Path, name: str, text: str, column: int, product: str | None
) -> None:
    node = product_at(context(written(tmp_path, {name: text})), Place(name, 1, column))
    assert (text.encode()[node.start_byte : node.end_byte].decode() if node else None) == product


def test_a_function_is_named_as_its_source_writes_it(tmp_path: Path) -> None:
    text = "static double *f(int a)\n{\n  return 0;\n}\nint x;\nint N::g() {\n  return 1;\n}\n"
    root = written(tmp_path, {"a.cc": text, "b.f90": "subroutine s(a)\n  a = 1\nend subroutine\n"})
    lines = [function_name(context(root), Place("a.cc", line)) for line in (3, 5, 7)]
    assert lines == ["f", "", "N::g"]
    assert function_name(context(root), Place("b.f90", 2)) == "s"


def offered(folder: Path, text: str, places: list[Place]) -> list[str]:
    root = written(folder, {places[0].file: text})
    toggles = [Toggle("fused-multiply-add", place, Flags(("-x",))) for place in places]
    made = []
    for edits in FusedMultiplyAdd().cures(toggles, context(root)):
        preludes = [prelude for _, prelude in edits.preludes]
        made.append(apply_for_patch(text.encode(), edits.edits, preludes).decode())
    return made


def test_few_products_get_barriers_then_the_function_then_the_file(tmp_path: Path) -> None:
    text = "double f(double a)\n{\n    return a * a + 1;\n}\n"
    barrier, attribute, pragma = offered(tmp_path, text, [Place("a.c", 3, 14)])
    assert barrier == text.replace("a * a", "__builtin_assoc_barrier(a * a)")
    assert attribute == '__attribute__((optimize("fp-contract=off"))) ' + text
    assert pragma == '#pragma GCC optimize ("fp-contract=off")\n\n' + text


def test_many_products_get_the_attribute_first(tmp_path: Path) -> None:
    text = "double f(double a)\n{\n" + "    a = a * a + 1;\n" * 5 + "    return a;\n}\n"
    first, second, _ = offered(tmp_path, text, [Place("a.c", line, 11) for line in range(3, 8)])
    assert "__attribute__" in first and "barrier" not in first
    assert second.count("__builtin_assoc_barrier(a * a)") == 5


def test_a_product_that_is_not_found_leaves_the_function_or_the_file(tmp_path: Path) -> None:
    assert len(offered(tmp_path, "double f(double a) { return a * a; }\n", [Place("a.c", 1, 3)])) == 2


def test_int_of_what_does_not_fit_is_written_out_in_fortran(tmp_path: Path) -> None:
    text = "program p\n  i = int(x * 2) + int(y, 8) + int(z, kind=4) + int(7)\n  k = p%int(x)\nend program\n"
    root = written(tmp_path, {"a.f90": text})
    unit = Unit("a.f90", "fortran", root, "gfortran", (), root / "a.o", spelled="a.f90")
    toggles = list(FloatToIntFortran().toggles(Context(root, (unit,), (unit,), "aarch64-linux-gnu")))
    edits = [edit for toggle in toggles if isinstance(toggle.action, SourceEdits) for edit in toggle.action.edits]
    assert [edit.replacement for edit in edits] == [
        "merge(int(x * 2), (-huge(0) - 1), abs(x * 2) < 2147483648d0)",
        "merge(int(y, 8), (-huge(0_8) - 1_8), abs(y) < 9223372036854775808d0)",
    ]
    assert {(toggle.cause, toggle.place.line) for toggle in toggles} == {("float-to-int", 2)}


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_a_diff_applies_with_patch_whatever_the_line_ends(tmp_path: Path, end: bytes, last: bool) -> None:
    old = end.join([b"one", b"tw\xfc", b"three \x0c four", b"five"]) + (end if last else b"")
    new = old.replace(b"five", b"six")
    before, after = written(tmp_path / "before", {"a b.c": old}), written(tmp_path / "after", {"a b.c": old})
    patch = written(tmp_path, {"p": unified_diff(before, [("a b.c", new)]).encode(errors="surrogateescape")}) / "p"
    applied = run(["patch", "-p1", "--binary"], directory=after, stdin=patch, timeout_seconds=60)
    assert applied.ok, applied.stdout
    assert (after / "a b.c").read_bytes() == new
