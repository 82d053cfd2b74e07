"""Which expressions may be edited, and what the syntax tree says of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bitfast.causes.nodes import Node, Syntax, is_primary
from bitfast.causes.syntax import must_be_constant, parse
from bitfast.words import Context, Place, Unit
from tests.causes.oracle import context_of


def tree(folder: Path, text: str, name: str = "p.c") -> Syntax:
    context = context_of(folder, {name: text})
    syntax = parse(context.units[0], context)
    assert syntax is not None
    return syntax


def editable(syntax: Syntax, kind: str) -> set[str]:
    return {syntax.text(node) for node in syntax.walk() if node.kind == kind and syntax.editable(node)}


MACROS = r"""
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define RAW table[0] + 1
#define FIRST (table[0])
#define ITEM(i) table[i]
#define CAST(x) (long)x
#define SUM(a, b) a + b
static int table[4];
int f(int n) {
    return MAX(table[1], MAX(table[2] * n, 3)) + RAW * FIRST + ITEM(3) - CAST(table[n]) + n % ITEM(n - 1);
}
int g(int n) { return SUM(n, table[0]); }
"""


def test_text_of_a_macros_body_is_left_alone(tmp_path: Path) -> None:
    syntax = tree(tmp_path, MACROS)
    found = editable(syntax, "ARRAY_SUBSCRIPT_EXPR")
    assert found == {"table[1]", "table[2]", "ITEM(3)", "table[n]", "ITEM(n - 1)", "table[0]"}
    assert {"table[2] * n", "n - 1", "n % ITEM(n - 1)"} <= editable(syntax, "BINARY_OPERATOR")
    assert "RAW" not in editable(syntax, "BINARY_OPERATOR")
    assert "n, table[0]" not in editable(syntax, "BINARY_OPERATOR")
    assert {"MAX(table[1], MAX(table[2] * n, 3))", "MAX(table[2] * n, 3)", "FIRST"} <= editable(syntax, "PAREN_EXPR")


@pytest.mark.parametrize(
    ("text", "primary"),
    [
        (b" (a + b)", True),
        (b" a", True),
        (b" f(a)[2]->x", True),
        (b" (a)(b)", False),
        (b" (int)a", False),
        (b" a + b", False),
        (b" -1", False),
        (b" (a) + (b)", False),
        (b" '('", True),
        (b"", False),
        (b" (a) /* why */", True),
    ],
)
def test_primary_expressions_are_told_from_others(text: bytes, primary: bool) -> None:
    assert is_primary(text) is primary


def test_places_name_file_line_column_and_function(tmp_path: Path) -> None:
    text = "#include <vector>\nnamespace a { struct B { int f(int x) { return x / 2; } }; }\n"
    syntax = tree(tmp_path, text, "p.cc")
    division = next(node for node in syntax.walk() if node.operator == "/")
    column = text.splitlines()[1].index("x / 2") + 1
    assert syntax.place(division) == Place("p.cc", 2, column, "f")


def test_system_headers_are_not_entered(tmp_path: Path) -> None:
    syntax = tree(tmp_path, "#include <string>\nint a;\n", "p.cc")
    assert [node.kind for node in syntax.walk()] == ["VAR_DECL"]
    assert not syntax.errors


def test_crlf_and_bytes_that_are_no_utf8_keep_their_offsets(tmp_path: Path) -> None:
    context = context_of(tmp_path, {"p.c": ""})
    (tmp_path / "p.c").write_bytes(b'/* \xe9 */\r\nchar *s = "\xff";\r\nint f(int a) { return a * 3; }\r\n')
    syntax = parse(context.units[0], context)
    assert syntax is not None and editable(syntax, "BINARY_OPERATOR") == {"a * 3"}


def test_the_units_own_options_count(tmp_path: Path) -> None:
    files = {"p.c": '#include "q.h"\nint f(void) { return WIDTH / Q; }\n', "q.h": "#define Q 2\n"}
    (tmp_path / "with space").mkdir()
    context = context_of(tmp_path, files, arguments=("-O2", "-DWIDTH=7", "-I", "with space", "-march=armv8-a"))
    syntax = parse(context.units[0], context)
    assert syntax is not None and not syntax.errors


def test_macros_of_a_header_found_by_a_relative_option_are_read_where_the_unit_was_compiled(tmp_path: Path) -> None:
    context = context_of(tmp_path, {"p.c": '#include "m.h"\nint f(int n) { return TWICE(n); }\n'})
    (context.root / "include").mkdir()
    (context.root / "include/m.h").write_text("#define TWICE(n) (2 * (n))\n")
    syntax = parse(replace(context.units[0], arguments=("-Iinclude",)), context)
    assert syntax is not None
    assert "TWICE(n)" in editable(syntax, "PAREN_EXPR")


def test_a_source_with_errors_still_has_a_tree(tmp_path: Path) -> None:
    syntax = tree(tmp_path, "int f(int a) { return a / 2; }\nint g(int a) { unknown b = a; return b; }\n")
    assert syntax.errors and editable(syntax, "BINARY_OPERATOR") == {"a / 2"}


def test_fortran_and_missing_sources_have_no_tree(tmp_path: Path) -> None:
    missing = Unit("gone.c", "c", tmp_path, "gcc", (), tmp_path / "gone.o")
    fortran = Unit("p.f90", "fortran", tmp_path, "gfortran", (), tmp_path / "p.o")
    context = Context(tmp_path, (missing, fortran), (), "aarch64-linux-gnu")
    assert parse(missing, context) is None and parse(fortran, context) is None


@pytest.mark.parametrize("name", ["p.c", "p.cc"])
def test_constants_that_the_language_demands_are_known(name: str, tmp_path: Path) -> None:
    text = """enum e { A = 8 / 2 };
struct s { int x : 6 / 2; };
int at_start = 10 / 5;
int f(int n) { int t[6 / 3]; switch (n) { case 9 / 3: n = 4 / n; } return t[0] + n / 7; }
"""
    syntax = tree(tmp_path, text, name)
    demanded = {
        syntax.text(node)
        for node in syntax.walk()
        if node.operator == "/" and must_be_constant(node, syntax.unit.language)
    }
    free = {"4 / n", "n / 7"} | ({"10 / 5"} if name == "p.cc" else set())
    assert not demanded & free
    assert {"8 / 2", "6 / 2", "9 / 3"} <= demanded


def test_a_deep_expression_is_no_problem(tmp_path: Path) -> None:
    syntax = tree(tmp_path, f"int f(int a) {{ return {' + '.join(['a'] * 200)}; }}\n")
    deepest: Node = next(node for node in syntax.walk() if node.operator == "+")
    assert sum(1 for node in deepest.walk() if node.operator == "+") == 199
