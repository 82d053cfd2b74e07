"""The report as one HTML page: nothing from outside, nothing of the checked program's text taken as markup."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

import bitfast
from bitfast.check.report import wording
from bitfast.check.report.patch import patch_lines
from bitfast.check.report.text import Span, differing, token_at, visible, window
from bitfast.files import write_atomically
from bitfast.words import Place, Result

_MOST_OPEN = 5  # difference rows that stand open; the rest is folded
_LONGEST_LINE = 2000  # characters of a differing line; more helps nobody and slows the page


def html_report(result: Result) -> str:
    """The page as text. Every text is escaped by the template; styles are allowed by their hash, scripts not at all."""
    templates = resources.files(__package__) / "templates"
    style = (templates / "report.css").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["visible"] = visible
    page = environment.from_string((templates / "report.html.j2").read_text("utf-8"))
    return page.render(
        result=result,
        wording=wording,
        version=bitfast.__version__,
        style=Markup(style),  # the package's own file, nothing of the result
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        most_open=_MOST_OPEN,
        rows=[_row(*row) for row in wording.differing_lines(result)],
        patch=list(patch_lines(result.cure.patch)) if result.cure else [],
        source=lambda place: _source(result, place),
    )


def write_html(result: Result, path: Path | str) -> None:
    """Write the page, whole or not at all. Raises BitfastError when the file cannot be written."""
    write_atomically(path, html_report(result).encode(errors="replace"))


def _row(where: str, reference: str, target: str) -> dict[str, Any]:
    left, right = window(visible(reference), visible(target), _LONGEST_LINE)
    left_spans, right_spans = differing(left, right)
    return {"where": visible(where), "reference": _pieces(left, left_spans), "target": _pieces(right, right_spans)}


def _pieces(text: str, spans: tuple[Span, ...]) -> list[tuple[str, bool]]:
    """The text cut into (piece, whether it differs)."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]


def _source(result: Result, place: Place) -> list[tuple[str, bool]]:
    """The source line at a place cut into (piece, whether it is the place); empty where the line is not known."""
    line = wording.source_line(result, place)
    if line is None:
        return []
    start, end = token_at(line, place.column) if place.column else (0, 0)
    before, token, after = (visible(part) for part in (line[:start], line[start:end], line[end:]))
    return [piece for piece in ((before, False), (token, True), (after, False)) if piece[0]]
