"""What a report promises: nothing lost, nothing executed, nothing half written, the same text when it is piped."""

from __future__ import annotations

import copy
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bitfast.check.report import json_report, render, sarif_report, svg, write_html, write_json, write_sarif
from bitfast.check.report.html import html_report
from bitfast.check.report.json_report import json_bytes
from bitfast.check.report.patch import patch_lines
from bitfast.check.report.text import differing, token_at, visible, window
from bitfast.words import (
    CureResult,
    Difference,
    FirstDifference,
    Hindrance,
    Masked,
    NamedCause,
    Place,
    Result,
    Step,
    Tolerance,
    Verdict,
)
from tests.report_examples import EXAMPLES, HOSTILE, NOT_BUILT, QHULL, SAME, TOLERATED, UNEXPLAINED

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE.parent / "docs/report.schema.json").read_text())
SARIF_SCHEMA = json.loads((HERE / "data/sarif/sarif-2.1.0-rtm.5.json").read_text())

texts = st.text(
    st.one_of(st.characters(), st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"]))
)
counts = st.integers(0, 2**40)
numbers = st.one_of(st.none(), st.floats(min_value=0), st.just(float("nan")))
places = st.builds(Place, texts, counts, counts, texts)
many_places = st.lists(places, max_size=3).map(tuple)
maybe_counts = st.one_of(st.none(), counts)
firsts = st.builds(FirstDifference, maybe_counts, maybe_counts, maybe_counts, texts, texts, texts)
patches = st.one_of(texts, st.just(QHULL.cure.patch if QHULL.cure else ""))
names = st.sampled_from(["fused-multiply-add", "libm", "intrinsics", "no-such-cause"])
results = st.builds(
    Result,
    project=texts,
    verdict=st.sampled_from(Verdict),
    reference=st.just(QHULL.reference),
    target=st.just(QHULL.target),
    differences=st.lists(
        st.builds(Difference, texts, texts, counts, counts, firsts, maybe_counts, numbers, texts), max_size=2
    ).map(tuple),
    masked=st.lists(st.builds(Masked, texts, texts, st.tuples(texts, texts), texts), max_size=2).map(tuple),
    causes=st.lists(
        st.builds(
            NamedCause,
            names,
            places=many_places,
            why=texts,
            certainty=st.from_type(NamedCause).map(lambda c: c.certainty),
        ),
        max_size=2,
    ).map(tuple),
    hindrances=st.lists(st.builds(Hindrance, names, many_places, texts), max_size=2).map(tuple),
    cure=st.one_of(
        st.none(), st.builds(CureResult, patch=patches, places=counts, cost=numbers, instruction_cost=numbers)
    ),
    tolerance=st.builds(Tolerance, st.integers(0, 9), st.floats(0, 1), st.floats(0, 1)),
    steps=st.lists(st.builds(Step, texts, st.one_of(st.none(), st.booleans()), st.floats(min_value=0)), max_size=2).map(
        tuple
    ),
    commands=st.lists(texts, max_size=2).map(tuple),
    notes=st.lists(texts, max_size=2).map(tuple),
    side_by_side=st.lists(st.tuples(texts, texts, texts), max_size=3).map(tuple),
    seconds=st.floats(min_value=0),
)


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
SARIF = jsonschema.Draft4Validator(SARIF_SCHEMA)


def printed(result: Result, width: int = 80, verbose: bool = False, **options: Any) -> str:
    out = io.StringIO()
    render(result, Console(file=out, width=width, **options), verbose)
    return out.getvalue()


class Elements(HTMLParser):
    """Elements and attributes of a page, its text, and whether its elements nest."""

    VOID = ("meta", "link", "br", "img", "input")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


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
qhull 2020.2: 385 of 494 values of stdout differ on aarch64-linux-gnu; cured at
its places

Differences before the cure
  stdout: 385 of 494 values differ, by up to 61,433 ulp, 6.8e-12 relative,
    first at line 3, column 2

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

Masked, as the reference does not repeat it
  stdout line 497, value 1: 0.012, 0.013 (time)

Flags translated for the target
  -march=native → -mcpu=neoverse-n1
  -msse4.2 → (dropped)

Notes
  The reference ran three times.

reference  x86_64-linux-gnu, gcc 12.2.0, glibc 2.36, this machine,
           Intel Xeon (AVX-512, FMA)
target     aarch64-linux-gnu, gcc 12.2.0, glibc 2.36, qemu-aarch64
           7.2 -cpu neoverse-n1, neoverse-n1
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
    assert "\x1b[" in printed(QHULL, force_terminal=True, color_system="standard")
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


@settings(max_examples=40, deadline=None)
@given(results, st.integers(10, 120))
def test_any_result_can_be_printed(result: Result, width: int) -> None:
    assert "\x1b" not in printed(result, width, verbose=True)


# HTML


@pytest.mark.parametrize("result", EXAMPLES, ids=lambda result: result.verdict)
def test_the_page_needs_nothing_from_outside_and_runs_nothing(result: Result) -> None:
    page = Elements(html_report(result))
    assert not page.open
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "footer",
        "nav",
        "section",
        "details",
    }
    allowed |= {"summary", "div", "p", "span", "h1", "h2", "h3", "ul", "li", "a", "code", "pre", "mark", "table"}
    allowed |= {"caption", "thead", "tbody", "tr", "th", "td"}
    assert {tag for tag, _ in page.elements} <= allowed
    for _, attributes in page.elements:
        assert not {"src", "style", "onclick", "onerror"} & set(attributes)
        assert (attributes.get("href") or "#").startswith("#")
    policy = next(each["content"] for _, each in page.elements if each.get("http-equiv") == "Content-Security-Policy")
    assert policy and "default-src 'none'" in policy and "unsafe" not in policy


def test_the_page_says_the_hostile_text_instead_of_obeying_it() -> None:
    page = Elements(html_report(HOSTILE))
    assert "<img src=x onerror=alert(1)>\\x1b]0;owned\\x07" in page.text
    assert "</code><script>alert(2)</script>\\r\\x1b[31m" in page.text
    assert "{{ 7 * 7 }}" in page.text and "49" not in page.text.replace("497", "").replace("494", "")


def test_every_link_of_the_page_has_its_heading() -> None:
    page = Elements(html_report(QHULL))
    ids = {each["id"] for _, each in page.elements if "id" in each}
    links = {(each["href"] or "")[1:] for tag, each in page.elements if tag == "a"}
    assert links <= ids and {"differences", "causes", "cure", "search", "repeat"} <= links


def test_the_patch_can_be_copied_from_the_page() -> None:
    patch = "--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,2 @@\n \tint a;\n-\ta = b*c + 1;\n+\ta = f(b*c) + 1;\n"
    assert QHULL.cure
    assert patch in Elements(html_report(replace(QHULL, cure=replace(QHULL.cure, patch=patch)))).text


def test_the_page_holds_every_command_and_step() -> None:
    text = Elements(html_report(QHULL)).text
    assert all(command in text for command in QHULL.commands)
    assert all(step.tried in text for step in QHULL.steps)


@settings(max_examples=40, deadline=None)
@given(results)
def test_any_result_makes_a_page(result: Result) -> None:
    page = Elements(html_report(result))
    assert not page.open and "script" not in {tag for tag, _ in page.elements}


# SARIF


@pytest.mark.parametrize("result", EXAMPLES, ids=lambda result: result.verdict)
def test_sarif_is_valid(result: Result) -> None:
    SARIF.validate(json.loads(json_bytes(sarif_report(result))))


@settings(max_examples=25, deadline=None)
@given(results)
def test_any_result_gives_valid_sarif(result: Result) -> None:
    SARIF.validate(json.loads(json_bytes(sarif_report(result))))


def test_a_proved_cause_is_an_error_at_its_line_with_the_cure_as_fix() -> None:
    run = sarif_report(QHULL)["runs"][0]
    first = run["results"][0]
    where = first["locations"][0]["physicalLocation"]
    assert (first["ruleId"], first["level"]) == ("fused-multiply-add", "error")
    assert where["artifactLocation"] == {"uri": "src/libqhull/geom.c", "uriBaseId": "%SRCROOT%"}
    assert (where["region"]["startLine"], where["region"]["startColumn"]) == (68, 49)
    assert [len(entry.get("fixes", ())) for entry in run["results"]] == [1, 0, 0]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "fused-multiply-add"


def test_sarif_replacements_do_what_the_patch_does() -> None:
    changes = sarif_report(QHULL)["runs"][0]["results"][0]["fixes"][0]["artifactChanges"]
    replacements = changes[0]["replacements"]
    lines = [each["deletedRegion"] for each in replacements]
    assert [(region["startLine"], region["endLine"]) for region in lines] == [(58, 58), (68, 69)]
    assert replacements[0]["insertedContent"]["text"] == '__attribute__((optimize("fp-contract=off")))\n'
    assert "__builtin_assoc_barrier" in replacements[1]["insertedContent"]["text"]


def test_sarif_columns_count_utf16_and_paths_are_quoted() -> None:
    cause = replace(QHULL.causes[0], places=(Place("ä b.c", 1, 11),))
    result = replace(QHULL, causes=(cause,), source_lines={"ä b.c:1:11": "/*é😀*/a*b"})
    where = sarif_report(result)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "%C3%A4%20b.c"
    assert where["region"]["startColumn"] == 8


def test_an_unexplained_difference_is_in_sarif_and_a_hindrance_is_an_error_where_nothing_was_built() -> None:
    assert [each["ruleId"] for each in sarif_report(UNEXPLAINED)["runs"][0]["results"]] == ["unexplained-difference"]
    assert {each["level"] for each in sarif_report(NOT_BUILT)["runs"][0]["results"]} == {"error"}
    assert sarif_report(SAME)["runs"][0]["results"] == []


def test_a_removed_line_that_looks_like_a_header_is_none() -> None:
    patch = "--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,2 @@\n--- old\n+++ new\n same\n"
    lines = list(patch_lines(patch))
    assert [line.kind for line in lines] == ["header", "header", "hunk", "removed", "added", "same"]
    assert {line.file for line in lines[1:]} == {"x.sql"}


# marks


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


# files


def test_all_files_are_written_whole(tmp_path: Path) -> None:
    for write, name in ((write_json, "r.json"), (write_html, "r.html"), (write_sarif, "r.sarif"), (svg, "r.svg")):
        for result in EXAMPLES:
            write(result, tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.html", "r.json", "r.sarif", "r.svg"]


def test_the_picture_is_xml_and_loads_nothing(tmp_path: Path) -> None:
    for result in EXAMPLES:
        svg(result, tmp_path / "report.svg")
        text = (tmp_path / "report.svg").read_text("utf-8")
        ElementTree.fromstring(text)
        assert not re.search(r"url\((?!#)|href|@import", text)
        assert "@font-face" not in text
    svg(QHULL, tmp_path / "again.svg")
    svg(QHULL, tmp_path / "report.svg")
    assert (tmp_path / "again.svg").read_bytes() == (tmp_path / "report.svg").read_bytes()
