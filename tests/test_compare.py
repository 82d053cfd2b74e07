"""The comparer: text, whole answers and their size; a planted change is found at exactly its place."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import bitfast
from bitfast.check.compare import compare_answers, same_answers, side_by_side
from bitfast.check.formats.lines import LINE_TOKENS
from bitfast.check.formats.numbers import TOKEN, parse
from bitfast.words import Tolerance
from tests.answers import Write, keyword_writer, only, quick


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return keyword_writer(tmp_path)


@pytest.mark.parametrize(
    ("reference", "target", "tolerance", "same"),
    [
        ("1.0", "1.00", Tolerance(), False),
        ("1.0", "1.00", Tolerance(ulp=1), True),
        ("1.0", "1", Tolerance(ulp=1), True),
        ("-0", "0", Tolerance(), False),
        ("-0.0", "0.0", Tolerance(ulp=1), True),
        ("nan", "-nan", Tolerance(), False),
        ("nan", "-nan", Tolerance(ulp=1), True),
        ("nan", "1.0", Tolerance(absolute=1e300), False),
        ("inf", "1e308", Tolerance(ulp=10**18, relative=1), False),
        ("3", "4", Tolerance(ulp=10), False),
        ("3", "4", Tolerance(absolute=1), True),
        ("9007199254740993", "9007199254740992", Tolerance(ulp=1), False),
        ("0.3", "0.30000000000000004", Tolerance(ulp=1), True),
        ("0.3", "0.3000000000000001", Tolerance(ulp=1), False),
        ("   9.99 s", "  10.01 s", Tolerance(relative=0.1), True),
        ("a b 1", "a  b 1", Tolerance(relative=0.1), False),
        ("pass 1", "fail 1", Tolerance(absolute=1e9), False),
        ("1.5-1e-17i", "1.5+1.0e-17i", Tolerance(absolute=1e-9), True),
        ("9" * 400, "9" * 399 + "8", Tolerance(relative=1e-9), True),
        ("9" * 400, "1.5", Tolerance(relative=0.5), False),
    ],
)
def test_what_counts_as_the_same_text(
    write: Write, reference: str, target: str, tolerance: Tolerance, same: bool
) -> None:
    sides = write(stdout=reference + "\n"), write(stdout=target + "\n")
    assert (compare_answers(*sides, tolerance=tolerance) == ()) == same
    assert same_answers(*sides, tolerance=tolerance) == same


def test_a_value_is_named_with_line_column_ulp_and_relative_difference(write: Write) -> None:
    end = math.nextafter(0.1, 1)
    sides = write(stdout="first line\n  x = 0.1, 7\n"), write(stdout=f"first line\n  x = {end!r}, 7\n")
    found = only(compare_answers(*sides))
    assert (found.output, found.format, found.values, found.differing) == ("stdout", "text", 5, 1)
    assert (found.first.line, found.first.column) == (2, 7)
    assert (found.first.reference, found.first.target) == ("0.1", repr(end))
    assert found.max_ulp == 1
    assert found.max_relative == pytest.approx(1.3877787807814457e-16)
    assert side_by_side(*sides, (found,)) == (("stdout, line 2", "  x = 0.1, 7", f"  x = {end!r}, 7"),)


def test_an_exit_status_knows_no_tolerance(write: Write) -> None:
    sides = write(exit_status="exit 0\n"), write(exit_status="exit 1\n")
    assert only(compare_answers(*sides, tolerance=Tolerance(absolute=5))).output == "exit status"
    assert not same_answers(*sides, tolerance=Tolerance(absolute=5))


def test_an_output_of_one_side_only_is_a_difference(write: Write) -> None:
    found = compare_answers(write(stdout="1\n", a__txt="x"), write(stdout="1\n", b__txt="y"))
    notes = [(each.output, each.note) for each in found]
    assert notes == [("a.txt", "only the reference has it"), ("b.txt", "only the target has it")]
    assert (found[0].first.reference, found[0].first.target) == ("1 bytes", "missing")


def test_line_ends_and_a_missing_last_newline_differ(write: Write) -> None:
    assert only(compare_answers(write(stdout="a 1\nb 2\n"), write(stdout="a 1\r\nb 2\r\n"))).differing == 2
    assert only(compare_answers(write(stdout="a 1\n"), write(stdout="a 1"))).differing == 1


def test_one_inserted_line_does_not_make_the_later_ones_differ(write: Write) -> None:
    rows = [f"step {step} energy {math.sin(step):.17g}" for step in range(500)]
    more = [*rows[:123], "warning: slow", *rows[123:]]
    found = only(compare_answers(write(stdout="\n".join(rows)), write(stdout="\n".join(more))))
    assert (found.first.line, found.first.reference, found.first.target) == (124, "", "warning: slow")
    assert found.differing == 2
    assert "1 line only in the target" in found.note
    found = only(compare_answers(write(stdout="\n".join(more)), write(stdout="\n".join(rows))))
    assert (found.first.line, found.differing) == (124, 2)


def test_an_inserted_row_of_a_smooth_table_is_found(write: Write) -> None:
    rows = [f"{step / 1000:.3f} {step / 500:.3f}" for step in range(3000)]
    more = [*rows[:1000], "0.9995 1.999", *rows[1000:]]
    found = only(compare_answers(write(stdout="\n".join(rows)), write(stdout="\n".join(more))))
    assert (found.first.line, found.differing) == (1001, 2)


def test_lines_that_all_differ_stay_paired_with_an_insertion_between_them(write: Write) -> None:
    rows = [f"facet {n} {math.cos(n * n):.15f}" for n in range(400)]
    other = [f"facet {n} {math.cos(n * n) * (1 + 3e-15):.15f}" for n in range(400)]
    other.insert(200, "note: a degenerate facet")
    found = only(compare_answers(write(stdout="\n".join(rows)), write(stdout="\n".join(other))))
    assert found.max_relative is not None and found.max_relative < 1e-12
    assert "1 line only in the target" in found.note


texts = st.lists(
    st.lists(
        st.floats(0.001, 1e6).map(repr) | st.integers(-999, 10**20).map(str) | st.sampled_from(["a", "b,", "="]),
        max_size=6,
    ),
    min_size=1,
    max_size=60,
)


@quick
@given(texts)
def test_text_equals_itself(write: Write, rows: list[list[str]]) -> None:
    text = "\n".join(map(" ".join, rows))
    assert compare_answers(write(stdout=text), write(stdout=text)) == ()
    assert same_answers(write(stdout=text), write(stdout=text), tolerance=Tolerance(ulp=1))


@quick
@given(texts, st.data())
def test_a_planted_change_of_text_is_found_at_its_place(
    write: Write, rows: list[list[str]], data: st.DataObject
) -> None:
    places = [
        (line, index) for line, row in enumerate(rows) for index, token in enumerate(row) if parse(token) is not None
    ]
    assume(places)
    line, index = data.draw(st.sampled_from(places))
    changed = [list(row) for row in rows]
    changed[line][index] = data.draw(st.sampled_from(["123456.5", "77", "nan", "-0", "x9"]))
    assume(changed[line][index] != rows[line][index])
    sides = [write(stdout="\n".join(map(" ".join, each)) + "\n") for each in (rows, changed)]
    found = only(compare_answers(*sides))
    assert (found.first.line, found.first.column) == (
        line + 1,
        1 + len("".join(f"{token} " for token in rows[line][:index])),
    )
    assert (found.first.reference, found.first.target) == (rows[line][index], changed[line][index])
    assert found.differing == 1
    assert found.values == sum(len(TOKEN.findall(" ".join(row))) for row in rows)


@quick
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_the_same_means_the_same_bytes(write: Write, left: bytes, right: bytes) -> None:
    assert (compare_answers(write(stdout=left), write(stdout=right)) == ()) == (left == right)
    assert same_answers(write(stdout=left), write(stdout=right)) == (left == right)


def test_one_very_long_line_is_compared_value_by_value(write: Write) -> None:
    numbers = [f"{n / 7:.3f}" for n in range(3 * LINE_TOKENS)]
    other = [f"{n / 7:.4f}" for n in range(3 * LINE_TOKENS)]
    other[40_000] = "5.5"
    found = only(
        compare_answers(
            write(stdout=",".join(numbers)), write(stdout=",".join(other)), tolerance=Tolerance(absolute=0.001)
        )
    )
    assert (found.first.line, found.first.target, found.differing) == (1, "5.5", 1)
    assert found.values == len(numbers)


_MEMORY = """
import resource, sys
from pathlib import Path
from bitfast.check.compare import Answer, compare_answers, same_answers
from bitfast.words import Tolerance
name, tolerance, count = sys.argv[1], Tolerance(ulp=int(sys.argv[2])), sys.argv[3] == "count"
sides = [Answer({name: Path(path)}) for path in sys.argv[4:6]]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = compare_answers(*sides, tolerance=tolerance) if count else same_answers(*sides, tolerance=tolerance)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((after - before) // 1024, found[0].differing if count else found)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "block", "mebibytes", "count", "ulp", "answer"),
    [
        ("out.bin", bytes(range(256)), 200, True, 0, "1"),
        ("stdout", b"step 1 0.123456789 ok\n", 200, False, 1, "False"),
        ("stdout", b"step 1 0.123456789 ok\n", 30, True, 0, "1"),
        ("stdout", b"1.5 2.25 ", 12, True, 0, "1"),
        ("out.csv", b"1.5,2.25,x\n", 30, True, 0, "1"),
        ("out.csv", b"1.5,2.25,", 12, True, 0, "1"),
    ],
)
def test_memory_stays_bounded_however_large_the_outputs(
    tmp_path: Path, name: str, block: bytes, mebibytes: int, count: bool, ulp: int, answer: str
) -> None:
    sides = tmp_path / "ours", tmp_path / "theirs"
    chunk = block * ((1 << 20) // len(block))
    for side, end in zip(sides, (b"1.5\n", b"9.5\n"), strict=True):
        with side.open("wb") as stream:
            for _ in range(mebibytes):
                stream.write(chunk)
            stream.write(end)
    arguments = [sys.executable, "-c", _MEMORY, name, str(ulp), "count" if count else "same", *map(str, sides)]
    environment = {**os.environ, "PYTHONPATH": str(Path(bitfast.__file__).parents[1])}
    said = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True).stdout.split()
    assert said[1] == answer
    assert int(said[0]) < 64  # MiB more than before the comparison
