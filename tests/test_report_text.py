"""Untrusted text in a report: what differs is marked, long lines are cut, places are found as compilers count."""

from __future__ import annotations

import pytest
from hypothesis import given

from bitfast.check.report.patch import patch_lines
from bitfast.check.report.text import differing, token_at, window
from tests.report_examples_generated import texts


@pytest.mark.parametrize(
    ("reference", "target", "marked"),
    [
        ("0.25 0.4811 7", "0.25 0.4815 7", ("1", "5")),
        ("x=1.5e10", "x=1.5e11", ("0", "1")),
        ("-nan", "nan", ("-nan", "nan")),
        ("12379", "12479", ("379", "479")),
        ("a same b", "a same", (" b", "")),
        ("equal", "equal", ("", "")),
    ],
)
def test_what_differs_is_marked(reference: str, target: str, marked: tuple[str, str]) -> None:
    left, right = differing(reference, target)
    assert "".join(reference[start:end] for start, end in left) == marked[0]
    assert "".join(target[start:end] for start, end in right) == marked[1]


@given(texts, texts)
def test_what_is_not_marked_is_equal(reference: str, target: str) -> None:
    def rest(text: str, spans: tuple[tuple[int, int], ...]) -> str:
        return "".join(each for number, each in enumerate(text) if not any(a <= number < b for a, b in spans))

    left, right = differing(reference, target)
    assert rest(reference, left) == rest(target, right)


def test_a_gigantic_line_is_cut_around_its_first_difference() -> None:
    left, right = window("7" * 100_000 + "A" + "8" * 100_000, "7" * 100_000 + "B" + "8" * 100_000, 60)
    assert len(left) == len(right) == 60
    assert "A" in left and "B" in right and left[0] == left[-1] == "…"


def test_the_marked_token_is_found_by_bytes_as_the_compiler_counts() -> None:
    line = "/* é */ x + alpha"
    assert line[slice(*token_at(line, 14))] == "alpha"
    assert token_at(line, 500) == (len(line), len(line))


def test_a_removed_line_that_looks_like_a_header_is_none() -> None:
    patch = "--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,2 @@\n--- old\n+++ new\n same\n"
    lines = list(patch_lines(patch))
    assert [line.kind for line in lines] == ["header", "header", "hunk", "removed", "added", "same"]
    assert {line.file for line in lines[1:]} == {"x.sql"}
