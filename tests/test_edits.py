"""Edits are applied to bytes as they nest, and never move a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitfast.edits import apply_edits, apply_for_patch, apply_for_search
from bitfast.words import BitfastError, Edit


def wrap(start: int, end: int, before: str = "(", after: str = ")") -> Edit:
    return Edit("f", start, end, before, after)


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([wrap(0, 1, "<", ">"), wrap(0, 5, "[", "]")], b"[<a> + b] * c"),
        ([wrap(4, 5, "<", ">"), wrap(0, 5, "[", "]")], b"[a + <b>] * c"),
        ([wrap(0, 1, "<", ">"), wrap(0, 1, "[", "]")], b"<[a]> + b * c"),
        ([wrap(0, 1), wrap(0, 1)], b"(a) + b * c"),
        ([wrap(0, 5, "f(", ")"), Edit("f", 2, 3, replacement=",")], b"f(a , b) * c"),
        ([wrap(0, 0, "signed ", "")], b"signed a + b * c"),
        ([Edit("f", 1, 4, replacement=""), wrap(4, 5), wrap(0, 1)], b"(a)(b) * c"),
        ([wrap(9, 9, "!", "")], b"a + b * c!"),
        ([], b"a + b * c"),
    ],
)
def test_wraps_nest_as_their_stretches_do(edits: list[Edit], expected: bytes) -> None:
    assert apply_edits(b"a + b * c", edits) == expected


@pytest.mark.parametrize(
    "edits",
    [
        [wrap(0, 5), wrap(4, 9)],
        [Edit("f", 0, 5, replacement="x"), Edit("f", 4, 9, replacement="y")],
        [Edit("f", 0, 5, replacement="x"), wrap(1, 2)],
        [Edit("f", 0, 5, replacement="x"), Edit("f", 0, 5, replacement="y")],
        [wrap(3, 99)],
        [wrap(0, 1, "\n", "")],
    ],
)
def test_edits_that_cannot_be_made_together_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(BitfastError):
        apply_edits(b"a + b * c", edits)


def test_a_replacement_keeps_the_line_breaks() -> None:
    with pytest.raises(BitfastError):
        apply_edits(b"a\n+b", [Edit("f", 0, 3, replacement="c")])
    assert apply_edits(b"a\n+b", [Edit("f", 0, 3, replacement="c\n")]) == b"c\nb"


@st.composite
def nested(draw: st.DrawFn) -> tuple[bytes, list[tuple[int, int]]]:
    """A text and stretches of it that nest or lie apart."""
    text = draw(st.binary(min_size=1, max_size=40).filter(lambda made: not set(made) & set(b"()")))
    stretches: list[tuple[int, int]] = []
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        if all(end <= s or e <= start or (s <= start and end <= e) or (start <= s and e <= end) for s, e in stretches):
            stretches.append((start, end))
    return text, stretches


@given(nested())
def test_every_wrap_stands_around_its_own_stretch(made: tuple[bytes, list[tuple[int, int]]]) -> None:
    text, stretches = made
    result = apply_edits(text, [wrap(*stretch) for stretch in stretches])
    found, opened, position = set(), [], 0
    for byte in result:
        if byte == ord("("):
            opened.append(position)
        elif byte == ord(")"):
            found.add((opened.pop(), position))
        else:
            position += 1
    assert found == set(stretches) and not opened
    assert result.translate(None, b"()") == text


def test_a_searched_file_keeps_its_lines_and_name() -> None:
    text = b"\xef\xbb\xbfint a;\r\nint \xe9;\r\n"
    edited = apply_for_search(text, [wrap(7, 8, "x", "")], ["int p;\n", "int q;\n", "int p;\n"], 'dir "1"/f.c')
    assert edited == b'\xef\xbb\xbfint p;\nint q;\n#line 1 "dir \\"1\\"/f.c"\nint xa;\r\nint \xe9;\r\n'
    assert apply_for_search(b"", [], ["int p;"], "a\\b.c") == b'int p;\n#line 1 "a\\\\b.c"\n'
    assert apply_for_search(text, [], [], "f.c") == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"int a;\n", b"P\n\nint a;\n"),
        (b"/* mine\n */\n\n// more\nint a;\n", b"/* mine\n */\n\n// more\nP\n\nint a;\n"),
        (b"#ifndef A_H\n#define A_H\nint a;\n#endif\n", b"#ifndef A_H\n#define A_H\n\nP\n\nint a;\n#endif\n"),
        (b"// c\r\n#pragma once\r\nint a;\r\n", b"// c\r\n#pragma once\r\n\r\nP\r\n\r\nint a;\r\n"),
        (b"#include <stdio.h>\n", b"P\n\n#include <stdio.h>\n"),
    ],
)
def test_a_patch_puts_the_prelude_below_the_leading_comments(text: bytes, expected: bytes) -> None:
    assert apply_for_patch(text, [], ["P\n"]) == expected
