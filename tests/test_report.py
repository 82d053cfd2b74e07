"""What a report promises: nothing lost, nothing half written, the same text when it is piped."""

from __future__ import annotations

import copy
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bitfast.check.report import json_report, render, svg, write_html, write_json, write_sarif
from bitfast.check.report.json_report import json_bytes
from bitfast.check.report.patch import patch_lines
from bitfast.check.report.text import visible
from bitfast.words import Place, Result, Verdict
from tests.report_examples import EXAMPLES, HOSTILE, NOT_BUILT, QHULL, SAME, TOLERATED
from tests.report_examples_generated import results

SCHEMA = json.loads((Path(__file__).parent.parent / "docs/report.schema.json").read_text())


def strict(schema: Any) -> Any:
    """The schema with every object closed: a field that it does not name is an error here, though not for users."""
    closed = copy.deepcopy(schema)
    todo = [closed]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            if "properties" in part:
                part["additionalProperties"] = False
                assert list(part["properties"]) == part["required"], "every field is always there"
            todo.extend(part.values())
        elif isinstance(part, list):
            todo.extend(part)
    return closed


CLOSED = jsonschema.Draft202012Validator(strict(SCHEMA))


def printed(result: Result, width: int = 80, verbose: bool = False, **options: Any) -> str:
    out = io.StringIO()
    render(result, Console(file=out, width=width, **options), verbose)
    return out.getvalue()


# JSON


@pytest.mark.parametrize("result", EXAMPLES, ids=lambda result: result.verdict)
def test_json_is_what_the_schema_says(result: Result) -> None:
    CLOSED.validate(json.loads(json_bytes(json_report(result))))


def test_there_is_an_example_of_every_verdict() -> None:
    assert {result.verdict for result in EXAMPLES} == set(Verdict)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@settings(max_examples=60, deadline=None)
@given(results)
def test_any_result_gives_valid_json_without_nan(result: Result) -> None:
    text = json_bytes(json_report(result)).decode("utf-8")
    CLOSED.validate(json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON")))


def test_json_keys_stand_in_the_order_of_the_schema() -> None:
    report = json_report(QHULL)
    assert list(report) == list(SCHEMA["properties"])
    assert list(report["cure"]) == list(SCHEMA["$defs"]["cure"]["properties"])
    assert list(report["differences"][0]) == list(SCHEMA["$defs"]["difference"]["properties"])


def test_json_names_the_fused_site_to_its_column() -> None:
    place = json_report(QHULL)["causes"][0]["places"][0]
    assert place == {"file": "src/libqhull/geom.c", "line": 68, "column": 49, "function": "qh_distplane"}


def test_a_byte_that_is_no_utf8_is_told_in_json() -> None:
    report = json.loads(json_bytes(json_report(HOSTILE)))
    assert report["causes"][0]["places"][0]["file"] == "sub dir/ä#?\\xff<b>.c"


# terminal


def test_the_terminal_report_when_piped_is_this_text() -> None:
    assert printed(
        replace(QHULL, causes=(replace(QHULL.causes[0], places=QHULL.causes[0].places[1:2]),), cure=None)
    ) == (
        """\
qhull 2020.2: 385 of 494 values of stdout differ on aarch64-linux-gnu; cured

Differences before the cure
  stdout: 385 of 494 values differ, by up to 61,433 ulp of float64, 6.8e-12
    relative, first at line 3, column 2

                 reference                   target
  stdout line 3  0.3214507212365151 -0.1187  0.3214507212365149 -0.1187
                                 ^^                          ^^
  stdout line 4  -0.7071067811865476 0.25    -0.7071067811865475 0.25
                                   ^                           ^
  stdout line 9  0.0013471190832             0.00134711908319
                               ^                           ^^

Cause: fused-multiply-add, proved
  src/libqhull/geom.c:141:30 (qh_detsimplex)
      det= rows[0][0]*rows[1][1] - rows[0][1]*rows[1][0];
                                 ^
  GCC fuses a*b + c into one instruction where the chip has it: aarch64 always,
  plain x86-64 never.

Masked, as it does not repeat or times the run
  stdout line 497, value 1: 0.012, 0.013 (time)

Flags translated for the target
  -march=native → -mcpu=neoverse-n1
  -msse4.2 → (dropped)

Notes
  The reference ran three times.

reference  x86_64-linux-gnu, gcc 12.2.0, glibc 2.36, this machine,
           Intel Xeon (AVX-512, FMA)
target     aarch64-linux-gnu, gcc 12.2.0, glibc 2.36, qemu-aarch64
           7.2 -cpu neoverse-n1
took       31.4 s, 5 steps of search
"""
    )


def test_the_sections_come_in_their_order() -> None:
    headings = [line for line in printed(QHULL, verbose=True).splitlines() if line and line[0] != " "]
    begins = [heading.split(":")[0].split(" ")[0] for heading in headings]
    order = ["qhull", "Differences", "Cause", "Cure", "Masked,", "Flags", "Notes", "What", "To", "reference"]
    assert [begin for begin in begins if begin in order] == order


@pytest.mark.parametrize("result", EXAMPLES, ids=lambda result: result.verdict)
@pytest.mark.parametrize("width", [40, 80, 200])
def test_prose_fits_the_terminal_and_has_no_trailing_blanks(result: Result, width: int) -> None:
    code = {line.text for line in patch_lines(result.cure.patch)} if result.cure else set()
    code |= {line.strip() for line in result.source_lines.values()}
    for line in printed(result, width).splitlines():
        assert line == line.rstrip()
        is_code = line.startswith("      ") or any(line.strip() and line.strip() in visible(each) for each in code)
        assert len(line) <= width or is_code or line.startswith("  stdout line") or width == 40


def test_differences_too_long_for_two_columns_stand_one_above_the_other() -> None:
    long = replace(QHULL, side_by_side=(("stdout line 3", "7" * 60 + ".25", "7" * 60 + ".75"),))
    lines = printed(long).splitlines()
    at = lines.index("    reference " + "7" * 60 + ".25")
    assert lines[at + 1].index("^") == lines[at].index(".25") + 1
    assert lines[at + 2] == "    target    " + "7" * 60 + ".75"


def test_colours_go_to_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert "\x1b" not in printed(QHULL)
    coloured = printed(QHULL, force_terminal=True, color_system="standard")
    assert "\x1b[" in coloured and "^^" not in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    plain = printed(QHULL, force_terminal=True, color_system="standard")
    assert not re.search(r"\x1b\[[\d;]*(3\d|9\d)m", plain) and "^^" in plain


def test_a_programs_output_cannot_drive_the_terminal() -> None:
    text = printed(HOSTILE, verbose=True, force_terminal=True, color_system="standard")
    without_colours = re.sub(r"\x1b\[[\d;]*m", "", text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", without_colours)
    assert "[bold]no markup[/bold] :smile:" in without_colours


def test_an_ascii_terminal_gets_the_report_too() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    render(QHULL, Console(file=out, width=80))
    out.seek(0)
    assert "-march=native \\u2192 -mcpu=neoverse-n1" in out.read()


def test_many_places_are_cut_and_all_shown_when_asked() -> None:
    many = tuple(Place(f"f{number}.c", 1) for number in range(30))
    result = replace(QHULL, causes=(replace(QHULL.causes[0], places=many),), cure=None)
    assert "… 25 more (-v shows all)" in printed(result) and "f29.c" not in printed(result)
    assert "f29.c:1" in printed(result, verbose=True)


def test_a_tolerance_shows_in_the_verdict() -> None:
    assert printed(TOLERATED, 200).startswith(
        "box2d: same answers on aarch64-linux-gnu, within a tolerance of 4 ulp or 1e-12 relative\n"
    )
    assert printed(SAME, 200).startswith("box2d: same answers on aarch64-linux-gnu, bit for bit\n")


def test_nothing_is_the_same_bit_for_bit_where_parts_are_masked() -> None:
    masked = replace(SAME, masked=QHULL.masked[:1])
    expected = "box2d: same answers on aarch64-linux-gnu, byte for byte outside the 1 masked part\n"
    assert printed(masked, 200).startswith(expected)


def test_a_compilers_last_words_keep_their_lines() -> None:
    words = replace(
        NOT_BUILT, notes=("dot.c:1:10: fatal error: immintrin.h\n#include <immintrin.h>\ncompilation terminated.",)
    )
    assert "  dot.c:1:10: fatal error: immintrin.h\n    #include <immintrin.h>\n    compilation" in printed(words)


@settings(max_examples=40, deadline=None)
@given(results, st.integers(10, 120))
def test_any_result_can_be_printed(result: Result, width: int) -> None:
    assert "\x1b" not in printed(result, width, verbose=True)


# files


def test_all_files_are_written_whole(tmp_path: Path) -> None:
    for write, name in ((write_json, "r.json"), (write_html, "r.html"), (write_sarif, "r.sarif"), (svg, "r.svg")):
        for result in EXAMPLES:
            write(result, tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.html", "r.json", "r.sarif", "r.svg"]
