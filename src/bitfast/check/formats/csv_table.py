"""Tables of comma-, semicolon- or tab-separated values: cell against cell, named by row and column."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import TextIO

from bitfast.check.formats.align import align
from bitfast.check.formats.base import Broken, Format, Key, Part, Settings, Spot, largest, shown
from bitfast.check.formats.line_values import line_differences, same_value
from bitfast.check.formats.numbers import distance, parse
from bitfast.words import FirstDifference, Tolerance

Row = tuple[str, ...]
_CELLS = 20_000  # in a batch of rows
_LONGEST_LINE = 1 << 20
_SEPARATORS = {".tsv": "\t", ".tab": "\t"}


class CsvTable(Format):
    """Keys are (row, column), (row,) for a whole row, ("before", row) for rows that only the target has; rows count
    from 1 with the header, columns from 0."""

    name = "csv"
    order = 10

    def recognizes(self, name: str, path: Path) -> bool:
        return name.lower().endswith((".csv", ".tsv", ".tab"))

    def compare(self, reference: Path, target: Path, settings: Settings) -> Iterator[Part]:
        separator = _separator(reference)
        names = _column_names(reference, separator)
        masked = settings.masked
        read, first_column = (_written_rows, -1) if settings.written else (_rows, 0)
        near = Tolerance(settings.tolerance.ulp, max(settings.tolerance.relative, 1e-3), 1e-9)

        def cells(ours: Row, theirs: Row, row: int, tolerance: Tolerance) -> Iterator[tuple[int, str, str]]:
            for column, (left, right) in enumerate(zip_longest(ours, theirs, fillvalue=""), first_column):
                if left != right and (row, column) not in masked and not _same_cell(left, right, tolerance):
                    yield column, left, right

        def close(index: int, ours: Row, theirs: Row) -> bool:
            same_length = len(ours) == len(theirs)
            return (index + 1,) in masked or (same_length and not any(cells(ours, theirs, index + 1, near)))

        row = 1
        for step in align(read(reference, separator), read(target, separator), close, blank=lambda row: not any(row)):
            if step.same:
                values = sum(map(len, step.reference))
                for number, record in enumerate(step.reference if masked else (), row):
                    hidden = sum((number, column) in masked for column in range(len(record)))
                    values -= len(record) if (number,) in masked else hidden
                yield Part(values)
            elif step.reference and step.target:
                ours, theirs = step.reference[0], step.target[0]
                if (row,) not in masked:
                    found = list(cells(ours, theirs, row, settings.tolerance))
                    hidden = sum((row, column) in masked for column in range(len(ours)))
                    yield _changed_row(found, max(len(ours), len(theirs)) - hidden, row, names)
            else:
                for number, record in enumerate(step.reference, row):
                    if (number,) not in masked:
                        yield _one_sided((number,), f"row {number}", ",".join(record), "", max(1, len(record)))
                for record in step.target if ("before", row) not in masked else ():
                    key: Key = ("before", row)
                    yield _one_sided(key, f"before row {row}", "", ",".join(record), max(1, len(record)))
            row += len(step.reference)


def _changed_row(found: list[tuple[int, str, str]], values: int, row: int, names: Row) -> Part:
    if not found:
        return Part(values)
    ulps, relatives, spots = [], [], []
    for column, left, right in found:
        first, second = parse(left.strip()), parse(right.strip())
        if first is not None and second is not None:
            ulp, relative = distance(first, second)
            ulps.append(ulp)
            relatives.append(relative)
        if column < 0:
            spots.append(Spot((row, column), f"row {row}, end of the line", repr(left)[1:-1], repr(right)[1:-1]))
            continue
        title = f"{names[column]}" if column < len(names) else str(column + 1)
        spots.append(Spot((row, column), f"row {row}, column {title}", shown(left), shown(right)))
    where = FirstDifference(path=spots[0].where, reference=spots[0].reference, target=spots[0].target)
    return Part(max(values, len(found)), len(found), where, largest(ulps), largest(relatives), tuple(spots))


def _one_sided(key: Key, where: str, ours: str, theirs: str, values: int) -> Part:
    left, right = shown(ours), shown(theirs)
    first = FirstDifference(path=where, reference=left, target=right)
    note = "rows that only one side has; the rows around them were matched"
    return Part(values, values, first, spots=(Spot(key, where, left, right),), note=note)


def _same_cell(ours: str, theirs: str, tolerance: Tolerance) -> bool:
    if tolerance.exact:
        return ours == theirs
    return same_value(ours.strip(), theirs.strip(), tolerance) or not line_differences(ours, theirs, tolerance)


def _rows(path: Path, separator: str) -> Iterator[list[Row]]:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        reader = csv.reader(_bounded(stream), delimiter=separator, strict=True)
        rows: list[Row] = []
        cells = 0
        try:
            for row in reader:
                rows.append(tuple(row))
                cells += len(row) + 1
                if cells > _CELLS:
                    yield rows
                    rows, cells = [], 0
            if rows:
                yield rows
        except csv.Error as error:
            raise Broken(f"line {reader.line_num} is not CSV: {error}") from None


def _written_rows(path: Path, separator: str) -> Iterator[list[Row]]:
    """The rows as they are written: in front how the line ends, then the cells with their quotation marks."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        cells: list[str] = []
        quoted = False
        for line in _bounded(stream):
            for number, piece in enumerate(line.split(separator)):
                if quoted:
                    cells[-1] += (separator if number else "") + piece
                else:
                    cells.append(piece)
                quoted = cells[-1].startswith('"') and cells[-1].count('"') % 2 == 1
            if not quoted:
                last = cells.pop()
                content = last.rstrip("\r\n")
                yield [(last[len(content) :], *cells, content)]
                cells = []
        if cells:
            yield [("", *cells)]


def _bounded(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise Broken("a line is too long for a table")
        yield line


def _separator(path: Path) -> str:
    """What separates cells: by the name, or whichever of , ; and tab the first line has most of."""
    if path.suffix.lower() in _SEPARATORS:
        return _SEPARATORS[path.suffix.lower()]
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        line = stream.readline(1 << 16)
    return max(",;\t", key=line.count)


def _column_names(path: Path, separator: str) -> Row:
    """The header's names; none where the first row already holds numbers."""
    rows = next(_rows(path, separator), [])
    first = rows[0] if rows else ()
    return () if any(parse(cell.strip()) is not None for cell in first) else first
