"""The report for the terminal: calm, readable at 80 columns, the same text without colours when it is piped."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bitfast.check.report import wording
from bitfast.check.report.patch import patch_lines
from bitfast.check.report.text import Span, differing, token_at, visible, window
from bitfast.files import write_atomically
from bitfast.words import Certainty, NamedCause, Place, Result, Verdict

_FEW = 5  # places, rows, masked parts shown without -v
_PATCH_LINES = 40
_VERDICT_STYLE = {Verdict.SAME: "bold green", Verdict.CURED: "bold green", Verdict.DIFFERS: "bold red"}
_PATCH_STYLE = {"header": "bold", "hunk": "cyan", "added": "green", "removed": "red", "same": ""}
_DIFFERS = "bold underline red"
_WHERE = "bold"
_QUIET = "dim"


def render(result: Result, console: Console, verbose: bool = False) -> None:
    """Print the report of a check. `verbose` shows every place, the whole patch, the search's steps, the commands."""
    page = _Page(console)
    page.paragraph(Text(visible(wording.headline(result)), style=_VERDICT_STYLE.get(result.verdict, "bold yellow")))
    _differences(result, page, verbose)
    for cause in result.causes:
        _cause(cause, result, page, verbose)
    _cure(result, page, verbose)
    _list(page, "Masked, as it does not repeat or times the run", map(wording.masked, result.masked), verbose)
    _list(page, "Flags translated for the target", result.translated_flags, True)
    for hindrance in result.hindrances:
        page.heading(f"Hindrance: {hindrance.cause}")
        page.prose(hindrance.advice)
        _places(hindrance.places, result, page, verbose)
    _list(page, "Notes", result.notes, True)
    if verbose:
        tried = (f"{step.tried}: {wording.restored(step.restored)} ({step.seconds:.1f} s)" for step in result.steps)
        _list(page, "What the search tried", tried, True)
        if result.commands:
            page.heading("To repeat it by hand")
            for command in result.commands:
                for line in visible(command, keep="\n").split("\n"):
                    page.line(Text(f"  {line}"))
    _who_ran_what(result, page)


def svg(result: Result, path: Path | str, width: int = 100) -> None:
    """Write the terminal report as a picture: one SVG without fonts or anything else from outside."""
    console = Console(
        file=io.StringIO(), record=True, width=width, force_terminal=True, color_system="truecolor", no_color=False
    )
    render(result, console)
    picture = console.export_svg(title=f"bitfast check {visible(result.project)}")
    without_fonts = re.sub(r"@font-face\s*\{[^}]*\}\s*", "", picture)
    write_atomically(path, without_fonts.encode())


class _Page:
    """Writes lines to a console: indented, wrapped at words, no trailing blanks, only characters it can encode."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = max(console.width, 20)
        self.coloured = console.color_system is not None and not console.no_color

    def line(self, text: Text) -> None:
        """One line as it is, however long; what the terminal's encoding lacks is escaped."""
        encoding = self.console.encoding
        plain = text.plain.encode(encoding, "backslashreplace").decode(encoding)
        if plain != text.plain:
            text = Text(plain)
        self.console.print(text, soft_wrap=True, highlight=False)

    def heading(self, title: str) -> None:
        self.line(Text())
        self.paragraph(Text(visible(title), style="bold"))

    def prose(self, text: str, hanging: int = 0) -> None:
        """A text of several lines, as tools and people write them."""
        self.paragraph(Text(visible(text.rstrip(), keep="\n")), indent=2, hanging=hanging)

    def paragraph(self, text: Text, indent: int = 0, hanging: int = 0) -> None:
        """Wrapped at words to the console's width; lines after the first stand `hanging` further in."""
        for number, part in enumerate(text.wrap(self.console, self.width - indent - hanging)):
            part.rstrip()
            self.line(Text(" " * (indent + (hanging if number else 0))).append_text(part))


def _differences(result: Result, page: _Page, verbose: bool) -> None:
    found = [each for each in result.differences if each.differing]
    if not found:
        return
    page.heading("Differences" + (" before the cure" if result.verdict is Verdict.CURED else ""))
    for each in found:
        page.paragraph(Text(visible(f"{each.output}: {wording.difference(each)}")), indent=2, hanging=2)
    rows = wording.differing_lines(result)
    shown = rows if verbose else rows[:_FEW]
    if shown:
        page.line(Text())
        _side_by_side(shown, page)
        _more(len(rows) - len(shown), page)


def _side_by_side(rows: Iterable[tuple[str, str, str]], page: _Page) -> None:
    cells = [("", "reference", "target")]
    for where, reference, target in rows:
        cells.append((visible(where), *window(visible(reference), visible(target), page.width - 14)))
    widths = [max(cell_len(row[column]) for row in cells) for column in range(3)]
    beside = 2 + sum(widths) + 4 <= page.width
    for number, (where, reference, target) in enumerate(cells):
        marks = ((), ()) if number == 0 else differing(reference, target)
        if beside:
            texts = [Text(where, style=_QUIET), _marked(reference, marks[0]), _marked(target, marks[1])]
            if number == 0:
                texts = [Text(), Text(reference, style=_QUIET), Text(target, style=_QUIET)]
            page.line(_columns(texts, widths))
            if not page.coloured and any(marks):
                page.line(_columns([Text(), _carets(reference, marks[0]), _carets(target, marks[1])], widths))
        elif number:
            page.line(Text(f"  {where}", style=_QUIET))
            for label, text, spans in (("reference", reference, marks[0]), ("target", target, marks[1])):
                page.line(Text(f"    {label:9} ", style=_QUIET).append_text(_marked(text, spans)))
                if not page.coloured and spans:
                    page.line(Text(" " * 14).append_text(_carets(text, spans)))


def _columns(texts: list[Text], widths: list[int]) -> Text:
    line = Text("  ")
    for text, width in zip(texts, widths, strict=True):
        line.append_text(text).append(" " * (width - cell_len(text.plain) + 2))
    line.rstrip()
    return line


def _marked(text: str, spans: tuple[Span, ...]) -> Text:
    marked = Text(text)
    for start, end in spans:
        marked.stylize(_DIFFERS, start, end)
    return marked


def _carets(text: str, spans: tuple[Span, ...]) -> Text:
    carets = ""
    for start, end in spans:
        carets += " " * (cell_len(text[:start]) - len(carets)) + "^" * cell_len(text[start:end])
    return Text(carets)


def _cause(cause: NamedCause, result: Result, page: _Page, verbose: bool) -> None:
    page.heading(f"Cause: {wording.cause_title(cause)}")
    _places(cause.places, result, page, verbose)
    page.prose(cause.why)
    if cause.certainty is Certainty.INDICATED or verbose:
        page.paragraph(
            Text(f"{cause.certainty.value}: {wording.certainty_means(cause, result)}", style=_QUIET), indent=2
        )


def _places(places: tuple[Place, ...], result: Result, page: _Page, verbose: bool) -> None:
    shown = places if verbose else places[:_FEW]
    for place in shown:
        page.line(Text(f"  {visible(str(place))}", style=_WHERE))
        line = wording.source_line(result, place)
        if line is not None:
            _source(line, place.column, page)
    _more(len(places) - len(shown), page)


def _source(line: str, column: int, page: _Page) -> None:
    """The source line, its indentation taken off, with the token at the column marked."""
    start, end = token_at(line, column) if column else (0, 0)
    before, token, after = (visible(part) for part in (line[:start].lstrip(), line[start:end], line[end:]))
    if not column:
        before, after = "", visible(line.strip())
    text = Text("      ").append(before).append(token, style="bold underline").append(after)
    page.line(text)
    if token and not page.coloured:
        page.line(Text(" " * (6 + cell_len(before)) + "^" * cell_len(token)))


def _cure(result: Result, page: _Page, verbose: bool) -> None:
    cure = result.cure
    if cure is None:
        return
    page.heading(f"Cure: {wording.cure_title(cure)}")
    if cure.description:
        page.prose(cure.description)
    page.paragraph(Text(wording.cure_proof(cure), style="green" if cure.verified else "yellow"), indent=2)
    if cost := wording.cost(cure):
        page.paragraph(Text(f"cost: {cost}"), indent=2)
    lines = list(patch_lines(cure.patch))
    shown = lines if verbose else lines[:_PATCH_LINES]
    if shown:
        page.line(Text())
    for line in shown:
        page.line(Text(f"  {visible(line.text)}".rstrip(), style=_PATCH_STYLE[line.kind]))
    _more(len(lines) - len(shown), page)


def _list(page: _Page, title: str, items: Iterable[str], everything: bool) -> None:
    texts = list(items)
    if not texts:
        return
    page.heading(title)
    shown = texts if everything else texts[:_FEW]
    for text in shown:
        page.prose(text, hanging=2)
    _more(len(texts) - len(shown), page)


def _more(number: int, page: _Page) -> None:
    if number > 0:
        page.line(Text(f"  … {number:,} more (-v shows all)", style=_QUIET))


def _who_ran_what(result: Result, page: _Page) -> None:
    page.line(Text())
    for label, info in (("reference", result.reference), ("target", result.target)):
        page.paragraph(Text(visible(f"{label:10} {wording.side(info)}"), style=_QUIET), hanging=11)
    if result.seconds:
        took = f"{'took':10} {result.seconds:.1f} s"
        if result.steps:
            took += f", {wording.count(len(result.steps), 'step')} of search"
        page.line(Text(took, style=_QUIET))
