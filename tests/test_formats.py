"""Tables, JSON, arrays, images and bytes: a planted change is found at exactly its place."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from bitfast.check.compare import compare_answers, same_answers, side_by_side
from bitfast.check.formats import formats
from bitfast.words import BitfastError, Tolerance
from tests.answers import Write, keyword_writer, only, quick


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return keyword_writer(tmp_path)


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


def test_zip_members_that_are_no_arrays_fall_back_to_bytes(write: Write) -> None:
    def archive(text: str) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("x.txt", text)
        return stream.getvalue()

    assert only(compare_answers(write(a__npz=archive("one")), write(a__npz=archive("two")))).format == "bytes"
