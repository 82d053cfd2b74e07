"""Masks: what does not repeat on one chip is found, listed with its reason, and never compared; all else still is."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bitfast.check.answer import Answer
from bitfast.check.compare import compare_answers, same_answers, side_by_side
from bitfast.check.masks import Masks, learn_masks
from bitfast.words import Tolerance
from tests.answers import Write, quick, writer


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


def places(masks: Masks) -> list[str]:
    return [each.where for each in masks.listed]


def test_runs_that_repeat_have_no_masks(write: Write) -> None:
    masks = learn_masks([write("answer 42\n"), write("answer 42\n")])
    assert masks.listed == ()
    assert not masks.says_nothing


@pytest.mark.parametrize(
    ("runs", "where", "reason"),
    [
        (
            ["CPU seconds to compute hull: 0.0018\n", "CPU seconds to compute hull: 12.5\n"],
            "line 1, value 6",
            "CPU seconds",
        ),
        (["started 12:00:01\n", "started 12:00:02\n"], "line 1, value 4", "time"),
        (["Date: Mon Jan  5 09:00:00 2026\n", "Date: Mon Jan 15 09:00:00 2026\n"], "line 1, value 4", "time"),
        (["at 1763763000\n", "at 1763763009\n"], "line 1, value 2", "time"),
        (["object 0x7ffd12345678\n", "object 0x55d0a1b2c3d4\n"], "line 1, value 2", "address"),
        (["pid 7 ready\n", "pid 12345 ready\n"], "line 1, value 2", "process id"),
        (["seed=17\n", "seed=99123\n"], "line 1, value 2", "random seed"),
        (["wrote /tmp/tmpabcd/x\n", "wrote /tmp/tmpefgh/x\n"], "line 1, value 3", "temporary file"),
        (["memory 120 kB\n", "memory 96 kB\n"], "line 1, value 2", "memory used"),
        (["x 3.5\n", "x 3.25\n"], "line 1, value 2", ""),
    ],
)
def test_a_value_that_does_not_repeat_is_listed_with_its_reason(
    write: Write, runs: list[str], where: str, reason: str
) -> None:
    masks = learn_masks([write(run + "answer 42\n") for run in runs])
    assert [(each.where, each.reason) for each in masks.listed] == [(where, reason)]
    assert len(masks.listed[0].examples) == 2
    assert not masks.says_nothing


def test_masked_values_may_change_their_width_and_everything_else_still_counts(write: Write) -> None:
    line = "total {:8.2f} s, {} points, checksum {}\n"
    runs = [write(line.format(seconds, 100, "abc")) for seconds in (1.25, 123.5, 9.0)]
    masks = learn_masks(runs)
    assert places(masks) == ["line 1, value 2"]
    assert compare_answers(runs[0], write(line.format(1234567.75, 100, "abc")), masks) == ()
    for changed in (line.format(1.25, 101, "abc"), line.format(2.5, 100, "abd")):
        (found,) = compare_answers(runs[0], write(changed), masks)
        assert (found.differing, found.values) == (1, 6)
        assert not same_answers(runs[0], write(changed), masks)
    assert same_answers(runs[0], write(line.format(77.0, 100, "abc")), masks)


def test_a_line_whose_structure_does_not_repeat_is_masked_whole(write: Write) -> None:
    runs = [write(f"result 1.5\n{line}\nend\n") for line in ("up 3 days", "up 5 hours 2 minutes")]
    masks = learn_masks(runs)
    assert places(masks) == ["line 2"]
    assert compare_answers(runs[0], write("result 1.5\nup for ever, it seems\nend\n"), masks) == ()
    assert compare_answers(runs[0], write("result 1.25\nup for ever\nend\n"), masks)[0].first.line == 1


def test_lines_that_only_some_runs_print_do_not_count(write: Write) -> None:
    rows = [f"row {n} is {n * n}" for n in range(20)]
    more = [*rows[:7], "waiting for the disk", *rows[7:]]
    for first, second in ((rows, more), (more, rows)):
        masks = learn_masks([write("\n".join(first)), write("\n".join(second))])
        assert len(masks.listed) == 1
        reference = write("\n".join(first))
        assert compare_answers(reference, write("\n".join(rows)), masks) == ()
        assert compare_answers(reference, write("\n".join(more)), masks) == ()
        changed = [*rows[:15], "row 15 is 226", *rows[16:]]
        assert compare_answers(reference, write("\n".join(changed)), masks)[0].differing == 1


def test_masks_find_their_lines_behind_lines_that_the_target_lacks(write: Write) -> None:
    def rows(noise: int, missing: frozenset[int] = frozenset()) -> str:
        noises = [noise * 1000 + n * n * 7 for n in range(60)]
        lines = [f"row {n} of {noises[n]} in all\n" if n % 2 else f"{noises[n]} in row {n} now\n" for n in range(60)]
        return "".join(line for n, line in enumerate(lines) if n not in missing)

    runs = [write(rows(noise)) for noise in (1, 2)]
    masks = learn_masks(runs)
    assert len(masks.listed) == 60
    (found,) = compare_answers(runs[0], write(rows(9, frozenset({5, 6, 30}))), masks)
    assert (found.first.line, found.differing) == (6, 6 + 5 + 5)


def test_only_values_that_are_compared_are_counted(write: Write) -> None:
    runs = [write(f"pid {pid}\nx 1 2\n") for pid in (1, 2)]
    masks = learn_masks(runs)
    (found,) = compare_answers(runs[0], write("pid 1\nx 1 3\n"), masks)
    assert (found.values, found.differing) == (4, 1)
    (found,) = compare_answers(runs[0], write("pid 9 more\nx 1 2\n"), masks)
    assert (found.values, found.differing, found.first.target) == (5, 1, "more")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("CPU seconds {}", 3),
        ("CPU time: {} s for 12 points", 3),
        ("{} CPU seconds", 1),
        ("3 steps, elapsed {} ms", 4),
        ("wall clock (s) = {}", 4),
    ],
)
def test_a_stopwatch_is_masked_even_where_its_coarse_reading_repeats(write: Write, line: str, value: int) -> None:
    runs = [write(f"At a premerge: 3 points\n{line.format('0.00')}\nanswer 7\n") for _ in range(3)]
    masks = learn_masks(runs)
    reason = "a stopwatch's reading; it repeated only because it is so coarse"
    assert [(each.where, each.reason) for each in masks.listed] == [(f"line 2, value {value}", reason)]
    assert compare_answers(runs[0], write(f"At a premerge: 3 points\n{line.format('0.17')}\nanswer 7\n"), masks) == ()


@pytest.mark.parametrize(
    "line",
    [
        "elapsed 12.345 s",
        "time 0.5 s",
        "elapsed 0.5 s",
        "elapsed model time 20 s, drag 0.3",
        "elapsed 20 s, drag 0.1",
        "elapsed time 0.1, 3 s left",
        "drag 0.1 after 300 s of run time",
        "simulated run time 0.1 s",
    ],
)
def test_a_result_that_repeats_is_no_stopwatch(write: Write, line: str) -> None:
    masks = learn_masks([write(f"{line}\nanswer 7\n") for _ in range(2)])
    assert masks.listed == ()


words = st.sampled_from(["alpha", "beta", "x", "=", "ok"])
numbers = st.integers(0, 10**6).map(str) | st.floats(0, 1e6).map(repr)


@quick
@given(
    st.lists(st.lists(words | numbers, min_size=1, max_size=5), min_size=1, max_size=30), st.integers(2, 4), st.data()
)
def test_masks_list_exactly_the_planted_places(
    write: Write, rows: list[list[str]], runs: int, data: st.DataObject
) -> None:
    every = [(line, index) for line, row in enumerate(rows) for index in range(len(row)) if row[index] != "="]
    assume(every)
    planted = data.draw(st.sets(st.sampled_from(every), min_size=1, max_size=6))

    def text(run: int, kept: bool = True) -> str:
        lines = [list(row) for row in rows]
        for place, (line, index) in enumerate(sorted(planted)):
            lines[line][index] = str(10**run * 7 + place) + ".5"
        if not kept:
            line, index = data.draw(st.sampled_from(sorted(set(every) - planted)))
            lines[line][index] = "changed"
        return "".join(f"{number}: {' '.join(line)}\n" for number, line in enumerate(lines))

    answers = [write(text(run)) for run in range(runs)]
    masks = learn_masks(answers)
    expected = [
        f"line {line + 1}, value {2 + sum(each != '=' for each in rows[line][:index])}"
        for line, index in sorted(planted)
    ]
    assert sorted(places(masks)) == sorted(expected)
    assert all(len(each.examples) == runs for each in masks.listed)
    assert compare_answers(answers[0], write(text(9)), masks) == ()
    if set(every) - planted:
        (found,) = compare_answers(answers[0], write(text(9, kept=False)), masks)
        assert found.differing == 1


@pytest.mark.parametrize(
    ("runs", "nothing"),
    [
        (["0.123\n", "0.456\n"], True),
        (["took 3.2 s\n", "took 3.5 s\n"], True),
        (["took 3.2 s\nPASS\n", "took 3.5 s\nPASS\n"], False),
        (["step 1 took 3.2 s\n", "step 1 took 3.5 s\n"], False),
        (["", ""], False),
        (["one two\nthree\n", "three\none\ntwo x\nfour\n"], True),
    ],
)
def test_whether_what_is_left_says_anything(write: Write, runs: list[str], nothing: bool) -> None:
    assert learn_masks([write(run, {"exit status": "exit 0\n"}) for run in runs]).says_nothing == nothing


def test_another_output_that_repeats_says_something(write: Write) -> None:
    runs = [write(text, {"out.csv": "x\n1\n"}) for text in ("0.1\n", "0.2\n")]
    assert not learn_masks(runs).says_nothing


def test_lines_in_another_order_point_to_threads(write: Write) -> None:
    rows = [f"thread {n} done with {n * 17 % 23}" for n in range(8)]
    masks = learn_masks([write("\n".join(order) + "\n") for order in (rows, rows[4:] + rows[:4])])
    assert {each.reason for each in masks.listed} == {"threads"}


def test_tables_json_arrays_and_bytes_are_masked_at_their_places(write: Write) -> None:
    def answer(noise: int, value: int) -> Answer:
        array = io.BytesIO()
        np.save(array, np.array([1, noise, 3, value]))
        outputs = {
            "t.csv": f"when,x\n{noise},1\n5,{value}\n",
            "d.json": json.dumps({"when": noise, "x": [1, value]}),
            "a.npy": array.getvalue(),
            "b.bin": b"\0" * 50 + bytes([noise]) + b"\0" * 50 + bytes([value]),
        }
        return write(None, outputs)

    runs = [answer(1, 9), answer(200, 9), answer(33, 9)]
    masks = learn_masks(runs)
    assert [(each.output, each.where) for each in masks.listed] == [
        ("t.csv", "row 2, column when"),
        ("d.json", "/when"),
        ("a.npy", "[1]"),
        ("b.bin", "bytes 50 to 50"),
    ]
    assert compare_answers(runs[0], answer(77, 9), masks) == ()
    found = compare_answers(runs[0], answer(77, 8), masks)
    assert [each.differing for each in found] == [1, 1, 1, 1]
    assert [each.values for each in found] == [5, 2, 3, 101]
    assert [row[0] for row in side_by_side(runs[0], answer(77, 8), found, masks)] == [
        "t.csv, row 3, column x",
        "d.json, /x/1",
        "a.npy, [3]",
        "b.bin, bytes 101 to 101",
    ]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_rows_members_and_shapes_that_only_some_runs_have_do_not_count(write: Write, order: tuple[int, int]) -> None:
    def answer(variant: int, value: int = 9) -> Answer:
        array = io.BytesIO()
        np.save(array, np.zeros(variant))
        extra = "7,7\n" * (variant - 1)
        members = {"x": value, **({"log": [1, 2]} if variant == 2 else {})}
        table = f"a,b\n1,2\n{extra}3,4\n5,6\n7,8\n9,{value}\n"
        return write(None, {"t.csv": table, "d.json": json.dumps(members), "a.npy": array.getvalue()})

    runs = [answer(variant) for variant in order]
    masks = learn_masks(runs)
    assert len(masks.listed) == 3
    assert [compare_answers(runs[0], answer(variant), masks) for variant in order] == [(), ()]
    for variant in order:
        found = compare_answers(runs[0], answer(variant, 8), masks)
        assert [(each.output, each.differing) for each in found] == [("t.csv", 1), ("d.json", 1)]


def test_files_whose_names_do_not_repeat_are_not_compared(write: Write) -> None:
    runs = [write("done 1\n", {f"log.{pid}.txt": "x", "out.txt": "1", "log.main.txt": "1"}) for pid in (311, 4122, 5)]
    masks = learn_masks(runs)
    assert [(each.where, each.examples[0]) for each in masks.listed] == [("its name", "log.311.txt")]
    same = {"out.txt": "1", "log.main.txt": "1"}
    assert compare_answers(runs[0], write("done 1\n", {**same, "log.99.txt": "y"}), masks) == ()
    found = compare_answers(runs[0], write("done 1\n", {"out.txt": "2", "log.main.txt": "2"}), masks)
    assert [each.output for each in found] == ["out.txt", "log.main.txt"]
    found = compare_answers(runs[0], write("done 1\n", {**same, "core": "z"}), masks)
    assert [each.output for each in found] == ["core"]


def test_an_output_that_differs_everywhere_is_masked_whole(write: Write) -> None:
    generator = np.random.default_rng(1)
    runs = [write("ok\n", {"noise.txt": "\n".join(map(repr, generator.random(25_000)))}) for _ in range(2)]
    masks = learn_masks(runs)
    assert [(each.output, each.where) for each in masks.listed] == [("noise.txt", "the whole output")]
    assert compare_answers(runs[0], write("ok\n", {"noise.txt": "anything"}), masks) == ()


def test_masks_and_a_tolerance_work_together(write: Write) -> None:
    runs = [write(f"time {seconds} x 0.30\n") for seconds in (1, 22)]
    masks = learn_masks(runs)
    target = write("time 333 x 0.301\n")
    assert compare_answers(runs[0], target, masks, Tolerance(relative=0.01)) == ()
    assert compare_answers(runs[0], target, masks, Tolerance(relative=0.001)) != ()


def test_masks_that_no_longer_fit_the_file_are_said(write: Write) -> None:
    runs = [write(None, {"a.json": json.dumps({"when": n, "x": 1})}) for n in (1, 2)]
    (found,) = compare_answers(runs[0], write(None, {"a.json": '{"when": 3, "x'}), learn_masks(runs))
    assert "what was masked could not be found in it" in found.note


TABLES = [f"when,x\n{when},2\n3,4\n" for when in (1, 9)]
LAST = [f"a,b\n1,{value}\n3,4\n" for value in (2, 9)]
MEMBERS = [f'{{"a": {value}, "b": 2}}' for value in (1, 9)]
ARRAYS = [f"[0, {{}}, [1, {value}]]" for value in (2, 9)]
ESCAPES = [f'{{"a~/": {value}, "b": "x"}}' for value in (1, 9)]


@pytest.mark.parametrize(
    ("name", "runs", "same", "other"),
    [
        ("t.csv", TABLES, "when,x\n77,2\n3,4\n", 'when,x\n77,2\n3,"4"\n'),
        ("t.csv", TABLES, "when,x\n,2\n3,4\n", "when,x\n77,2\r\n3,4\n"),
        ("t.csv", LAST, 'a,b\n1,"7,\n8"\n3,4\n', "a,b\n1,7\n3,4"),
        ("d.json", MEMBERS, '{"a": "long", "b": 2}', '{"a": 7, "b":  2}'),
        ("d.json", MEMBERS, '{"a": [{"c": 1}, 2], "b": 2}', '{"a": 7, "b": 1, "b": 2}'),
        ("d.json", MEMBERS, '{"b": 2}', '{"b": 2, "a": 7}\n'),
        ("d.json", ARRAYS, "[0, {}, [1]]", "[0, { }, [1, 7]]"),
        ("d.json", ESCAPES, '{"a~/": 7, "b": "x"}', '{"a~/": 7, "b": "\\u0078"}'),
    ],
)
def test_outside_the_masks_every_byte_counts(write: Write, name: str, runs: list[str], same: str, other: str) -> None:
    answers = [write(None, {name: run}) for run in runs]
    masks = learn_masks(answers)
    assert len(masks.listed) == 1
    for text in (*runs, same):
        assert compare_answers(answers[0], write(None, {name: text}), masks) == ()
        assert same_answers(answers[0], write(None, {name: text}), masks)
    (found,) = compare_answers(answers[0], write(None, {name: other}), masks)
    assert "only how they are written differs" in found.note
    assert not same_answers(answers[0], write(None, {name: other}), masks)
    assert same_answers(answers[0], write(None, {name: other}), masks, Tolerance(ulp=1))
