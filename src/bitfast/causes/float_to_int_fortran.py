"""Fortran's int() of numbers that do not fit its result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.float_to_int import FloatToInt
from bitfast.causes.lexer import Kind, Token, arguments, closing
from bitfast.causes.sourcefile import SourceFile, project_files
from bitfast.words import Context, Edit, Finding, SourceEdits, Toggle, Unit

_KIND8 = re.compile(r"(?:kind\s*=\s*)?(?:8|int64)", re.IGNORECASE)
_LIMITS = {"": ("2147483648d0", "(-huge(0) - 1)"), "8": ("9223372036854775808d0", "(-huge(0_8) - 1_8)")}
_NUMBER = re.compile(r"[\d\s+*/()-]*")


class FloatToIntFortran(Cause):
    """The standard leaves int() of a number beyond the result's range undefined (Fortran 2018, 16.9.100); gfortran
    emits the processor's own conversion, as GCC does for C. Its toggles are the cause float-to-int's."""

    name = "float-to-int-fortran"
    part_of = FloatToInt.name
    summary = FloatToInt.summary
    advice = FloatToInt.advice
    evidence = ()
    tier = 2

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        return ()  # every int() would be one: there is no sanitizer that tells which of them overflow

    def toggles(self, context: Context) -> Iterable[Toggle]:
        """One toggle per int() of default kind or kind 8, on one line: what does not fit becomes the smallest integer,
        as x86-64's CVTTSD2SI gives it."""
        for file, _ in project_files(context, ("fortran",)):
            for token, edit in _conversions(file):
                why = "int() of a number that does not fit gives what the processor's conversion gives"
                yield Toggle(FloatToInt.name, file.place(token), SourceEdits((edit,)), why=why)


def _conversions(file: SourceFile) -> Iterator[tuple[Token, Edit]]:
    code = file.code
    for index, token in enumerate(code[:-1]):
        is_call = token.kind is Kind.WORD and token.text.lower() == "int" and code[index + 1].text == "("
        if not is_call or (index and code[index - 1].text == "%"):
            continue
        end = closing(code, index + 1)
        given = arguments(code, index + 1) if end >= 0 else []
        if not given or len(given) > 2:
            continue
        texts = [file.text[code[first].start : code[last - 1].end] for first, last in given if last > first]
        kind = "" if len(texts) == 1 else "8" if _KIND8.fullmatch(texts[1]) else None
        whole = file.text[token.start : code[end].end]
        if kind is None or "\n" in whole or _NUMBER.fullmatch(texts[0]):
            continue
        limit, smallest = _LIMITS[kind]
        changed = f"merge({whole}, {smallest}, abs({texts[0]}) < {limit})"
        yield token, Edit(file.path, token.start, code[end].end, replacement=changed)
