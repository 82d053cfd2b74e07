"""The HTML page and the picture: self-contained, inert, complete."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

from bitfast.check.report import svg
from bitfast.check.report.html import html_report
from bitfast.words import Result
from tests.report_examples import EXAMPLES, HOSTILE, NOT_BUILT, QHULL
from tests.report_examples_generated import results


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


def test_a_note_of_several_lines_keeps_them() -> None:
    note = "dot.c:1:10: fatal error\n#include <immintrin.h>"
    assert note in Elements(html_report(replace(NOT_BUILT, notes=(note,)))).text


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


def test_five_rows_stand_open_and_the_causes_come_before_them() -> None:
    rows = tuple((f"stdout line {number}", "1.5", "1.25") for number in range(1, 13))
    page = html_report(replace(QHULL, side_by_side=rows))
    folded = page.index("<details>")
    assert page.index("stdout line 5<") < folded < page.index("stdout line 6<")
    assert "<summary>7 more rows</summary>" in page
    assert page.index('id="causes"') < page.index('id="differences"') < page.index('id="cure"')
    few = html_report(replace(QHULL, side_by_side=rows[:5]))
    assert "more row" not in few


@settings(max_examples=40, deadline=None)
@given(results)
def test_any_result_makes_a_page(result: Result) -> None:
    page = Elements(html_report(result))
    assert not page.open and "script" not in {tag for tag, _ in page.elements}


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
