"""The lexer: every byte belongs to one token or to white space, and what looks like code in strings is none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bitfast.causes.lexer import Kind, arguments, closing, code_only, tokens
from bitfast.causes.sourcefile import SourceFile

PIECES = [
    "int x", "/* a\n b */", "// c \\\n more", '"s\\"t"', "'\\''", 'R"q(")" )q"', "1.5e-3L", "0x1.8p+3", "1'000",
    "#if A \\\n B", "\n", " ", "->*", "<<=", "é", "\\\n", "'", '"', "a.b", "{", ")",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)).map("".join), st.sampled_from(["c", "c++", "fortran"]), st.booleans())
def test_tokens_cover_the_text_and_know_their_lines(text, language, fixed_form):
    position = 0
    for token in tokens(text, language, fixed_form=fixed_form):
        assert token.start >= position
        if language != "fortran":
            assert not text[position : token.start].replace("\\\n", "").strip()
        assert text[token.start : token.end] == token.text or token.kind is Kind.END
        if token.kind is not Kind.END:
            assert token.line == text.count("\n", 0, token.start) + 1
            assert text[token.start - token.column + 1 : token.start].count("\n") == 0
        position = max(position, token.end)
    if language != "fortran":
        assert not text[position:].replace("\\\n", "").strip()


def test_words_in_strings_comments_and_directives_are_told_apart():
    text = 'int a; // long double\nchar *s = "long double"; /* x */\n#define D long \\\n double\nint b;\n'
    found = list(tokens(text, "c"))
    assert [token.text for token in code_only(found) if token.kind is Kind.WORD] == [
        "int",
        "a",
        "char",
        "s",
        "int",
        "b",
    ]
    assert [token.line for token in found if token.directive and token.kind is Kind.WORD] == [3, 3, 3, 4]


def test_a_call_is_taken_apart_into_its_arguments():
    found = code_only(list(tokens("f(a, g(b, c), {d, e})", "c")))
    assert closing(found, 1) == len(found) - 1
    assert ["".join(token.text for token in found[first:last]) for first, last in arguments(found, 1)] == [
        "a", "g(b,c)", "{d,e}",
    ]  # fmt: skip


def test_functions_are_found_in_classes_namespaces_and_initialisers():
    text = (
        "namespace n { class C { int m() const { return 1; } }; }\n"
        "struct S { int x; } s = {1};\nint t[] = {2};\n"
        'extern "C" { int h(void) { if (t[0]) { } return R"x(})x"[0]; } }\n'
        "__attribute__((noinline)) static double k(double a) { return a; }\n"
    )
    assert [span.name for span in SourceFile("a.cpp", "c++", text).functions] == ["m", "h", "k"]


def test_fortran_statements_continue_over_lines_and_comments():
    text = (
        "program p\n  x = 1.0_10 + & ! more\n    2.d0\n"
        "  if (1.eq.2) print *, 'it''s ! no' ; y = .5e3_8\nend program p\n"
    )
    found = [token for token in tokens(text, "fortran") if token.kind is not Kind.COMMENT]
    statements = [[]]
    for token in found:
        if token.kind is Kind.END:
            statements.append([])
        else:
            statements[-1].append(token.text)
    assert statements[1] == ["x", "=", "1.0_10", "+", "2.d0"]
    assert statements[2] == ["if", "(", "1", ".eq.", "2", ")", "print", "*", ",", "'it''s ! no'"]
    assert statements[3] == ["y", "=", ".5e3_8"]


def test_fixed_form_ends_at_column_72_and_continues_at_column_6():
    text = "C REAL*10 NO\n      A = 1.0D0 +\n     $    2.0" + " " * 59 + "XYZ\n      END\n"
    found = list(tokens(text, "fortran", fixed_form=True))
    assert [token.text for token in found if token.kind not in (Kind.COMMENT, Kind.END)] == [
        "A", "=", "1.0D0", "+", "2.0", "END",
    ]  # fmt: skip


def test_procedures_of_a_module_are_told_apart():
    text = (
        "module m\ncontains\nreal(8) function f(a) result(r)\n r = a\nend function f\n"
        "subroutine s\nend subroutine\nend module\n"
    )
    file = SourceFile("a.f90", "fortran", text)
    assert file.function_at(text.index("r = a")).name == "f"
    assert sorted(span.name for span in file.functions) == ["f", "m", "s"]
