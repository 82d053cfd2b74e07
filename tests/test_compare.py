"""The comparer: what is equal is found equal, and a planted change is found at exactly its place."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

import bitfast
from bitfast.check.answer import Answer
from bitfast.check.compare import compare_answers, same_answers, side_by_side
from bitfast.check.formats import formats
from bitfast.check.formats.arrays import ulp_distances
from bitfast.check.formats.lines import LINE_TOKENS
from bitfast.check.formats.numbers import TOKEN, parse, ulp_distance, within
from bitfast.words import BitfastError, Difference, Tolerance

Write = Callable[..., Answer]
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Makes an answer of names and contents; a number is kept out of the way by a folder of its own."""
    count = itertools.count()

    def answer(**outputs: str | bytes) -> Answer:
        folder = tmp_path / str(next(count))
        folder.mkdir()
        paths = {}
        for key, content in outputs.items():
            name = key.replace("__", ".").replace("exit_status", "exit status")
            paths[name] = folder / name
            paths[name].write_bytes(content.encode() if isinstance(content, str) else content)
        return Answer(paths)

    return answer


def only(differences: tuple[Difference, ...]) -> Difference:
    assert len(differences) == 1, differences
    return differences[0]


# ---- numbers


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("x=-3.5e-7, y=1.5D+03", [-3.5e-7, 1500.0]),
        ("2024-01-02 12:34:56", [2024, 1, 2, 12, 34, 56]),
        ("1.5-2.5i (1,-2) +4", [1.5, -2.5, 1, -2, 4]),
        ("0x1.8p+1 0x7f -0x1p-1", [3.0, 127, -0.5]),
        ("0.123-300 10-200", [0.123e-300, 10, 200]),
        ("file1.txt sha256 3f9a0c v1 1.2.3 10x20", []),
        ("took 3. .5 7s 5% 1e5", [3.0, 0.5, 7, 5, 1e5]),
        ("inf -Infinity info nano", [math.inf, -math.inf]),
        ("9007199254740993", [9007199254740993]),
        ("1q2 1Q-2", [100.0, 0.01]),
        ("1e999 -1e999 0x1p9999", [math.inf, -math.inf, math.inf]),
    ],
)
def test_numbers_are_found_in_text_and_read(line: str, numbers: list[float]) -> None:
    assert [value for token in TOKEN.findall(line) if (value := parse(token)) is not None] == numbers


def test_nan_keeps_its_sign() -> None:
    signs = [math.copysign(1.0, parse(token) or 0.0) for token in ("nan", "-nan", "NaN", "nan(0x1)")]
    assert signs == [1.0, -1.0, 1.0, 1.0]


@given(st.floats(allow_nan=False), st.integers(0, 50))
def test_ulp_distance_counts_steps_of_nextafter(start: float, steps: int) -> None:
    end = start
    for _ in range(steps):
        end = math.nextafter(end, math.inf)
    if end != math.inf:  # the last steps are lost at the end of the line
        assert ulp_distance(start, end) == steps


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_ulp_distance_is_symmetric_and_adds_up(left: float, right: float) -> None:
    distance = ulp_distance(left, right)
    assert distance == ulp_distance(right, left)
    assert (distance == 0) == (left == right)
    low, middle, high = sorted([left, right, 0.0])
    parts = ulp_distance(low, middle), ulp_distance(middle, high)
    assert sum(part or 0 for part in parts) == ulp_distance(low, high)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_ulp_distances_of_arrays_count_steps_of_nextafter(kind: type[np.floating[Any]]) -> None:
    start = np.array([0.0, -0.0, 1.0, -1.0, 6e-8, -6e-8, 2.0, 1e4], kind)
    end = start.copy()
    for steps in range(1, 30):
        end = np.nextafter(end, kind(np.inf))
        assert list(ulp_distances(start, end)) == [steps] * len(start)
        assert list(ulp_distances(end, start)) == [steps] * len(start)


@given(st.lists(st.floats(), min_size=1), st.lists(st.floats(), min_size=1))
def test_array_ulps_agree_with_scalar_ulps(left: list[float], right: list[float]) -> None:
    pairs = [(a, b) for a, b in zip(left, right, strict=False) if a == a and b == b]
    ours, theirs = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    assert [int(each) for each in ulp_distances(ours, theirs)] == [ulp_distance(a, b) for a, b in pairs]


@given(st.floats() | st.integers(), st.floats() | st.integers(), st.floats(0, 1), st.floats(0, 1e9), st.integers(0, 9))
def test_tolerance_is_symmetric_and_as_defined(
    left: float, right: float, relative: float, absolute: float, ulp: int
) -> None:
    tolerance = Tolerance(ulp, relative, absolute)
    assert within(left, right, tolerance) == within(right, left, tolerance)
    assert within(left, left, tolerance)
    if math.isfinite(left) and math.isfinite(right) and isinstance(left, float) and isinstance(right, float):
        steps = ulp_distance(left, right)
        assert steps is not None
        if steps <= ulp or math.isclose(left, right, rel_tol=relative * 0.99, abs_tol=absolute * 0.99):
            assert within(left, right, tolerance)
        elif not math.isclose(left, right, rel_tol=min(1, relative * 1.01), abs_tol=absolute * 1.01):
            assert not within(left, right, tolerance) or relative > 0.98
    elif left != right and (math.isinf(left) or math.isinf(right)):
        assert not within(left, right, tolerance)


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


# ---- text


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


# ---- tables, JSON, arrays, images, bytes


cells = st.text('ab ",\n;1.', max_size=5) | st.floats(allow_nan=False).map(repr)


@quick
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=20), st.data())
def test_a_planted_change_of_a_table_is_found_by_row_and_column(
    write: Write, rows: list[list[str]], data: st.DataObject
) -> None:
    table = [["time", "energy", "note, long"], *rows]
    row, column = data.draw(st.integers(1, len(rows))), data.draw(st.integers(0, 2))
    changed = [list(each) for each in table]
    changed[row][column] = "planted"
    assume(not any("\r" in cell for each in table for cell in each))
    sides = [write(out__csv=_csv(each)) for each in (table, changed)]
    found = only(compare_answers(*sides))
    assert (found.format, found.first.path) == ("csv", f"row {row + 1}, column {table[0][column]}")
    assert (found.first.target, found.differing, found.values) == ("planted", 1, 3 * len(table))
    assert compare_answers(sides[0], write(out__csv=_csv(table))) == ()


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def test_a_row_more_in_a_table_leaves_the_later_rows_matched(write: Write) -> None:
    rows = [["n", "x"], *([str(n), repr(math.sqrt(n))] for n in range(100))]
    found = only(
        compare_answers(write(a__csv=_csv(rows)), write(a__csv=_csv([*rows[:50], ["new", "row"], *rows[50:]])))
    )
    assert (found.first.path, found.first.target, found.differing) == ("before row 51", "new,row", 2)


def test_a_table_only_quoted_otherwise_differs_and_says_so(write: Write) -> None:
    sides = write(a__csv='x\n"1"\n'), write(a__csv="x\n1\n")
    found = only(compare_answers(*sides))
    assert (found.format, found.note) == (
        "text",
        "the values of the csv are the same; only how they are written differs",
    )
    assert compare_answers(*sides, tolerance=Tolerance(ulp=1)) == ()


documents = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=4),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text("ab/~", max_size=3), below, max_size=4),
    max_leaves=20,
)


def _leaves(document: Any, pointer: str = "") -> Iterator[str]:
    if isinstance(document, dict | list):
        pairs = document.items() if isinstance(document, dict) else enumerate(document)
        for name, below in pairs:
            yield from _leaves(below, f"{pointer}/" + str(name).replace("~", "~0").replace("/", "~1"))
    else:
        yield pointer


def _planted(document: Any, pointer: str) -> Any:
    if not pointer:
        return "planted"
    name, _, rest = pointer[1:].partition("/")
    rest = "/" + rest if _ else ""
    if isinstance(document, list):
        return [_planted(below, rest) if str(index) == name else below for index, below in enumerate(document)]
    name = name.replace("~1", "/").replace("~0", "~")
    return {key: _planted(below, rest) if key == name else below for key, below in document.items()}


@quick
@given(documents, st.data())
def test_a_planted_change_of_json_is_found_by_its_pointer(write: Write, document: Any, data: st.DataObject) -> None:
    leaves = list(_leaves(document))
    assume(leaves)
    pointer = data.draw(st.sampled_from(leaves))
    sides = [write(out__json=json.dumps(each)) for each in (document, _planted(document, pointer))]
    found = only(compare_answers(*sides))
    assert (found.format, found.first.path) == ("json", pointer or "the whole document")
    assert (found.first.target, found.differing, found.values) == ('"planted"', 1, len(leaves))


@pytest.mark.parametrize(
    ("ours", "theirs", "path", "texts"),
    [
        ('{"a": [1, 2]}', '{"a": [1]}', "/a/1", ("2", "missing")),
        ('{"a": 1}', '{"a": 1, "b": 2}', "/b", ("missing", "2")),
        ('{"a": 1}', '{"a": "1"}', "/a", ("1", '"1"')),
        ('{"a": 1.0}', '{"a": 1.00}', "/a", ("1.0", "1.00")),
        ('{"a": NaN}', '{"a": -Infinity}', "/a", ("NaN", "-Infinity")),
        ("[9007199254740993]", "[9007199254740992]", "/0", ("9007199254740993", "9007199254740992")),
        ('{"a": {}}', '{"a": []}', "/a", ("{}", "[]")),
    ],
)
def test_json_differences_are_named(write: Write, ours: str, theirs: str, path: str, texts: tuple[str, str]) -> None:
    found = only(compare_answers(write(x__json=ours), write(x__json=theirs)))
    assert (found.first.path, (found.first.reference, found.first.target)) == (path, texts)


def test_json_laid_out_otherwise_differs_only_without_a_tolerance(write: Write) -> None:
    sides = write(x__json='{"a": 1, "b": 2.50}'), write(x__json='{"b": 2.5, "a": 1}')
    assert only(compare_answers(write(x__json='{"a":1}'), write(x__json='{"a": 1}'))).note.startswith(
        "the values of the json"
    )
    assert compare_answers(*sides, tolerance=Tolerance(ulp=1)) == ()


def _npy(array: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


@quick
@given(
    st.sampled_from(["<f4", ">f8", "<f2", "<i8", "|u1", "<c16", "|b1", "<U3"]),
    st.lists(st.integers(1, 5), min_size=1, max_size=3),
    st.sampled_from("CF"),
    st.data(),
)
def test_a_planted_change_of_an_array_is_found_by_its_index(
    write: Write, kind: str, shape: list[int], order: str, data: st.DataObject
) -> None:
    array = np.asarray(np.arange(math.prod(shape)).reshape(shape) % 2).astype(kind, order=order)
    index = tuple(data.draw(st.integers(0, length - 1)) for length in shape)
    changed = array.copy(order="K")
    changed[index] = "x" if kind == "<U3" else not array[index] if kind == "|b1" else 77
    found = only(compare_answers(write(a__npy=_npy(array)), write(a__npy=_npy(changed))))
    assert (found.format, found.first.path, found.differing) == ("numpy", str(list(index)), 1)
    assert found.values == array.size
    assert (found.first.reference, found.first.target) == (str(array[index]), str(changed[index]))
    assert compare_answers(write(a__npy=_npy(array)), write(a__npy=_npy(array.copy(order="K")))) == ()


def test_arrays_have_ulps_of_their_own_type(write: Write) -> None:
    ours = np.array([1, 2, 3, 4], np.float32)
    theirs = ours.copy()
    theirs[2] = np.nextafter(theirs[2], np.float32(9))
    sides = write(a__npy=_npy(ours)), write(a__npy=_npy(theirs))
    assert only(compare_answers(*sides)).max_ulp == 1
    assert compare_answers(*sides, tolerance=Tolerance(ulp=1)) == ()
    assert same_answers(*sides, tolerance=Tolerance(relative=1e-6))


@pytest.mark.parametrize(("ours", "theirs"), [(0.0, -0.0), (math.nan, -math.nan)])
def test_signs_of_zero_and_nan_in_arrays_differ_only_without_a_tolerance(
    write: Write, ours: float, theirs: float
) -> None:
    sides = write(a__npy=_npy(np.array([1, ours]))), write(a__npy=_npy(np.array([1, theirs])))
    assert only(compare_answers(*sides)).first.path == "[1]"
    assert compare_answers(*sides, tolerance=Tolerance(ulp=1)) == ()


def test_integers_of_arrays_have_no_ulp_but_may_lie_within_an_absolute_bound(write: Write) -> None:
    sides = write(a__npy=_npy(np.array([-(2**63), -3]))), write(a__npy=_npy(np.array([-(2**63), 2])))
    assert only(compare_answers(*sides, tolerance=Tolerance(ulp=9))).max_ulp is None
    assert compare_answers(*sides, tolerance=Tolerance(absolute=5)) == ()
    assert compare_answers(*sides, tolerance=Tolerance(absolute=4)) != ()


def test_archives_of_arrays_name_the_member(write: Write) -> None:
    def archive(**arrays: Any) -> bytes:
        stream = io.BytesIO()
        np.savez(stream, **arrays)
        return stream.getvalue()

    sides = (
        write(a__npz=archive(x=np.zeros(3), y=np.ones((2, 2)))),
        write(a__npz=archive(x=np.zeros(3), y=np.eye(2), z=1)),
    )
    found = only(compare_answers(*sides))
    assert (found.first.path, found.differing, found.values) == ("y[0, 1]", 3, 8)
    assert found.note == "array z: missing against present"


def test_shapes_and_types_that_differ_are_said(write: Write) -> None:
    found = only(
        compare_answers(write(a__npy=_npy(np.zeros((2, 3)))), write(a__npy=_npy(np.zeros((3, 2), np.float32))))
    )
    assert (found.first.reference, found.first.target) == ("float64[2, 3]", "float32[3, 2]")


def test_pickled_objects_are_never_loaded(write: Write) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.abort, ()

    sides = [_npy(np.array([Trap(), number], dtype=object)) for number in (1, 2)]
    found = only(compare_answers(write(a__npy=sides[0]), write(a__npy=sides[1])))
    assert found.format == "bytes"
    assert "never unpickled" in found.note


def _png(array: Any, form: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, form)
    return stream.getvalue()


@quick
@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from([("out__png", "PNG"), ("out__ppm", "PPM")]), st.data())
def test_a_planted_change_of_an_image_is_found_by_pixel_and_channel(
    write: Write, width: int, height: int, kind: tuple[str, str], data: st.DataObject
) -> None:
    image = np.full((height, width, 3), 100, np.uint8)
    x, y, channel = (data.draw(st.integers(0, most - 1)) for most in (width, height, 3))
    changed = image.copy()
    changed[y, x, channel] = 103
    found = only(compare_answers(write(**{kind[0]: _png(image, kind[1])}), write(**{kind[0]: _png(changed, kind[1])})))
    assert (found.format, found.first.path) == ("image", f"pixel {x},{y} channel {'RGB'[channel]}")
    assert (found.differing, found.values, found.note) == (1, image.size, "samples differ by 3 at most")


def test_grey_images_of_16_bits_and_sizes(write: Write) -> None:
    image = np.full((3, 4), 60000, np.uint16)
    other = image.copy()
    other[2, 1] = 60005
    sides = write(a__png=_png(image)), write(a__png=_png(other))
    found = only(compare_answers(*sides))
    assert (found.first.path, found.first.target) == ("pixel 1,2 channel 0", "60005")
    assert compare_answers(*sides, tolerance=Tolerance(absolute=5)) == ()
    found = only(compare_answers(write(a__png=_png(image)), write(a__png=_png(image[:2]))))
    assert found.note.startswith("4×3 ")


@pytest.mark.parametrize("name", ["a__npy", "a__npz", "a__json", "a__png"])
def test_broken_files_are_compared_as_bytes_or_text_with_a_note(write: Write, name: str) -> None:
    whole = {
        "a__npy": _npy(np.zeros(9)),
        "a__npz": b"PK\3\4" + bytes(30),
        "a__json": b'{"a": 1}',
        "a__png": _png(np.eye(9) > 0),
    }[name]
    found = only(compare_answers(write(**{name: whole}), write(**{name: whole[: -len(whole) // 2]})))
    assert found.format in ("bytes", "text")
    assert found.note.startswith("not compared as ")


@quick
@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_planted_change_of_bytes_is_found_at_its_offset(write: Write, content: bytes, data: st.DataObject) -> None:
    content = b"\0" + content
    place = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[place] ^= 0x55
    found = only(compare_answers(write(out__bin=content), write(out__bin=bytes(changed) if place else b"\0" + content)))
    if place:
        assert (found.format, found.first.offset, found.differing, found.values) == ("bytes", place, 1, len(content))


def test_bytes_more_on_one_side_are_said(write: Write) -> None:
    found = only(compare_answers(write(out__bin=b"\0abc"), write(out__bin=b"\0abcdef")))
    assert (found.first.offset, found.differing, found.note) == (4, 3, "4 bytes against 7")


def test_an_output_that_vanished_is_an_error_for_people(write: Write) -> None:
    sides = write(stdout="1\n"), write(stdout="2\n")
    sides[1].outputs["stdout"].unlink()
    with pytest.raises(BitfastError, match="cannot read the output stdout"):
        compare_answers(*sides)


def test_side_by_side_gives_every_output_its_share(write: Write) -> None:
    long = "".join(f"{n}.5\n" for n in range(100)), "".join(f"{n}.25\n" for n in range(100))
    sides = [write(stdout=text, b__json='{"a": 1}' if text == long[0] else '{"a": 2}') for text in long]
    rows = side_by_side(*sides, compare_answers(*sides), limit=10)
    assert len(rows) <= 10
    assert rows[0] == ("stdout, line 1", "0.5", "0.25")
    assert rows[-1] == ("b.json, /a", "1", "2")


def test_raw_bytes_are_the_last_resort() -> None:
    assert [each.name for each in formats()][-2:] == ["text", "bytes"]


# ---- size


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


def test_zip_members_that_are_no_arrays_fall_back_to_bytes(write: Write) -> None:
    def archive(text: str) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("x.txt", text)
        return stream.getvalue()

    assert only(compare_answers(write(a__npz=archive("one")), write(a__npz=archive("two")))).format == "bytes"
