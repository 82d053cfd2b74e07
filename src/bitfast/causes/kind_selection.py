"""kind-selection: Fortran asks for a precision, and the chips have different kinds that fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bitfast.causes.base import Cause
from bitfast.causes.lexer import Kind, Token, arguments, closing
from bitfast.causes.sourcefile import SourceFile, project_files, unit_files
from bitfast.words import Context, Edit, Finding, Place, Sides, SourceEdits, Toggle, Unit

_DOUBLE_DIGITS, _X87_DIGITS = 15, 18  # precision() of kinds 8 and 10
_DOUBLE_RANGE, _X87_RANGE = 307, 4931  # range() of kinds 8 and 10
_UNIT_NAME = re.compile(r"^\s*contains\b|^[^!'\"\n]*\b(subroutine|function)\b", re.IGNORECASE | re.MULTILINE)
_OF_INTEREST = re.compile(r"selected_real_kind|real\s*(\(|\*)|complex\s*(\(|\*)|_10\b|\d_16\b|real128", re.IGNORECASE)


class KindSelection(Cause):
    """`selected_real_kind(18)` is the 80-bit kind 10 on x86-64 and the 128-bit kind 16 elsewhere; kind 10 itself does
    not exist elsewhere. Both sides get double precision instead."""

    name = "kind-selection"
    summary = "the precision asked for is an 80-bit kind on x86-64 and a 128-bit kind on other chips"
    advice = "ask for at most 15 digits (double precision), or for more than 18 (128 bits on every chip)"
    tier = 3

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        if unit.language == "fortran":
            for file in unit_files(unit, context.root):
                for token, _ in (*_selections(file), *_extended(file)):
                    yield Finding(self.name, _place(file, token), self.summary, self.advice)
                for token in _quadruple(file):
                    why = "128-bit reals are computed by libquadmath on x86-64 and by the C library on other chips"
                    yield Finding(self.name, _place(file, token), why, "compare the answers of its functions")

    def toggles(self, context: Context) -> Iterable[Toggle]:
        extended: list[Edit] = []
        place: Place | None = None
        for file, _ in project_files(context, ("fortran",)):
            if not _OF_INTEREST.search(file.text):
                continue
            for token, edits in _selections(file):
                yield Toggle(
                    self.name, _place(file, token), SourceEdits(edits), Sides.BOTH, why="double precision here"
                )
            for token, edits in _extended(file):
                extended += edits
                place = place or _place(file, token)
        if place is not None:  # its variables, constants and arguments must keep one kind
            action = SourceEdits(tuple(extended))
            yield Toggle(self.name, place, action, Sides.BOTH, why="kind 8 wherever kind 10 stands")


def _place(file: SourceFile, token: Token) -> Place:
    """A kind chosen in a program's or module's own declarations belongs to no procedure."""
    place = file.place(token)
    return replace(place, function="") if _UNIT_NAME.search(file.text, 0, token.start) is None else place


def _selections(file: SourceFile) -> Iterator[tuple[Token, tuple[Edit, ...]]]:
    """Calls of selected_real_kind that only kind 10 or a wider one satisfies, and that kind 10 does on x86-64."""
    code = file.code
    for index, token in enumerate(code[:-1]):
        if token.text.lower() != "selected_real_kind" or code[index + 1].text != "(":
            continue
        wanted = _literals(code, arguments(code, index + 1))
        digits, exponent_range = wanted.get("p"), wanted.get("r")
        too_precise = digits is not None and _DOUBLE_DIGITS < int(digits.text) <= _X87_DIGITS
        too_wide = exponent_range is not None and _DOUBLE_RANGE < int(exponent_range.text) <= _X87_RANGE
        if (too_precise or too_wide) and not (digits is not None and int(digits.text) > _X87_DIGITS):
            edits = []
            if too_precise and digits is not None:
                edits.append(Edit(file.path, digits.start, digits.end, replacement=str(_DOUBLE_DIGITS)))
            if too_wide and exponent_range is not None:
                edits.append(Edit(file.path, exponent_range.start, exponent_range.end, replacement=str(_DOUBLE_RANGE)))
            yield token, tuple(edits)


def _literals(code: Sequence[Token], ranges: Sequence[tuple[int, int]]) -> dict[str, Token]:
    found = {}
    for position, (first, last) in enumerate(ranges):
        named = last - first == 3 and code[first + 1].text == "="
        key = code[first].text.lower() if named else ("p", "r", "radix")[min(position, 2)]
        value = code[first + 2 * named] if last - first in (1, 3) else None
        if value is not None and value.text.isdigit():
            found[key] = value
    return found


def _kinds(file: SourceFile, kind: str) -> Iterator[Token]:
    """The number in `real(10)`, `real(kind=10)`, `real*10`; for complex*N, N is twice the kind."""
    code = file.code
    for index, token in enumerate(code[:-2]):
        word = token.text.lower()
        if word not in ("real", "complex"):
            continue
        if code[index + 1].text == "*" and code[index + 2].text == str(int(kind) * (2 if word == "complex" else 1)):
            yield code[index + 2]
        elif code[index + 1].text == "(" and _is_declaration(code, index):
            first, last = (arguments(code, index + 1) or [(0, 0)])[0]
            named = last - first == 3 and code[first].text.lower() == "kind"
            if (last - first == 1 or named) and code[last - 1].text == kind:
                yield code[last - 1]


def _is_declaration(code: Sequence[Token], index: int) -> bool:
    """Not the conversion `real(10)`: a type stands first in its line, and a name, `::` or `,` follows."""
    end = closing(code, index + 1)
    after = code[end + 1] if 0 <= end < len(code) - 1 else None
    before = code[index - 1] if index else None
    prefixes = ("(", "pure", "elemental", "recursive")
    starts = before is None or before.line < code[index].line or before.text.lower() in prefixes
    return starts and after is not None and (after.kind is Kind.WORD or after.text in ("::", ",", ")"))


def _extended(file: SourceFile) -> Iterator[tuple[Token, tuple[Edit, ...]]]:
    """Kind 10: declarations and literals."""
    for token in _kinds(file, "10"):
        yield token, (Edit(file.path, token.start, token.end, replacement="16" if token.text == "20" else "8"),)
    for token in file.code:
        if token.kind is Kind.NUMBER and token.text.endswith("_10") and re.search(r"[.eE]", token.text):
            yield token, (Edit(file.path, token.end - 2, token.end, replacement="8"),)


def _quadruple(file: SourceFile) -> Iterator[Token]:
    yield from _kinds(file, "16")
    for token in file.code:
        literal = token.kind is Kind.NUMBER and (token.text.endswith("_16") or "q" in token.text.lower())
        if literal or token.text.lower() == "real128":
            yield token
