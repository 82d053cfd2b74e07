"""reassociation: the compiler was allowed to compute sums in another order, and orders them by the vector width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.lexer import Kind, Token
from bitfast.causes.sourcefile import SourceFile, Span, project_files, unit_files
from bitfast.words import Context, Edit, Finding, Flags, Place, Sides, SourceEdits, Toggle, Unit

_ALLOWING = frozenset(
    {"-Ofast", "-ffast-math", "-funsafe-math-optimizations", "-fassociative-math", "-freciprocal-math"}
)
_FORBIDDING = ("-fno-fast-math", "-fno-unsafe-math-optimizations", "-fno-associative-math", "-fno-reciprocal-math")
_ATTRIBUTE = "__attribute__((optimize({}))) ".format(", ".join(f'"{flag[2:]}"' for flag in _FORBIDDING))
_SIMD_REDUCTION = re.compile(r"\bomp\b.*\bsimd\b.*\breduction\s*\(", re.IGNORECASE | re.DOTALL)
_IN_SOURCE = re.compile(r"""optimize\s*\(?\s*"(?:O?fast|-?f?fast-math|-?f?associative-math|-?f?unsafe-math\w*)""")
_FLOATING = re.compile(r"\b(float|double|real|complex)\b|\d\.\d|\.0", re.IGNORECASE)


class Reassociation(Cause):
    """-ffast-math and its parts, and `#pragma omp simd reduction`, let the order of operations depend on the chip.

    Both sides get the order that the source has: whole units by options, functions by an attribute (in GCC it also
    keeps the function from being inlined into code with other options).
    """

    name = "reassociation"
    summary = "-ffast-math lets the compiler reorder floating-point operations, differently for each chip"
    advice = "build without -ffast-math, -Ofast, -fassociative-math and -freciprocal-math"
    tier = 3

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        options = _allowed(unit)
        if options:
            yield Finding(self.name, Place(unit.source), f"built with {' '.join(options)}", self.advice)
        for file in unit_files(unit, context.root):
            for token, _ in _simd_reductions(file):
                why = "`omp simd reduction` sums in as many parts as a vector has lanes"
                yield Finding(self.name, file.place(token), why, "sum in one order, or with compensated summation")
            for token in file.tokens if _IN_SOURCE.search(file.text) else ():
                if token.kind is Kind.STRING and re.search("fast|associative|unsafe", token.text):
                    yield Finding(self.name, file.place(token), self.summary, self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        for unit in context.units:
            options = _allowed(unit)
            if options:
                why = f"without {' '.join(options)}"
                place = _first_sum(unit, context)
                yield Toggle(self.name, place, Flags(_FORBIDDING), Sides.BOTH, unit.source, why=why)
        for file, unit in project_files(context):
            for token, edit in _simd_reductions(file):
                action = SourceEdits((edit,))
                yield Toggle(self.name, file.place(token), action, Sides.BOTH, why="summed in the source's order")
            if _allowed(unit) and unit.language in ("c", "c++"):
                yield from self._functions(file)

    def _functions(self, file: SourceFile) -> Iterator[Toggle]:
        for span in file.functions:
            begin = _declaration_start(file, span)
            if begin is not None and _FLOATING.search(file.text, begin.start, span.end):
                edit = Edit(file.path, begin.start, begin.start, before=_ATTRIBUTE)
                sums = [token for token in _sums(file) if span.start <= token.start < span.end]
                place = Place(file.path, (sums or [begin])[0].line, (sums or [begin])[0].column, span.name)
                why = "this function in the source's order"
                yield Toggle(self.name, place, SourceEdits((edit,)), Sides.BOTH, why=why)


def _allowed(unit: Unit) -> list[str]:
    """The unit's options that allow reordering and that no later one takes back."""
    allowed: dict[str, None] = {}
    for option in unit.arguments:
        if option in _ALLOWING:
            allowed[option] = None
        elif option in ("-fno-fast-math", "-fno-unsafe-math-optimizations"):
            allowed.clear()
        elif option in ("-O0", "-O1", "-O2", "-O3", "-Os", "-Og"):
            allowed.pop("-Ofast", None)
        elif option.startswith("-fno-"):
            allowed.pop("-f" + option[5:], None)
    return list(allowed)


def _sums(file: SourceFile) -> Iterator[Token]:
    """`sum += …` and `sum = sum + …`: what the compiler splits over the lanes of a vector."""
    code = file.code
    for index, token in enumerate(code[:-3]):
        if token.kind is Kind.WORD:
            ahead = [later.text.lower() for later in code[index + 1 : index + 4]]
            again = ahead[:2] == ["=", token.text.lower()] and ahead[2] in ("+", "-", "*")
            if again or ahead[0] in ("+=", "-=", "*="):
                yield token


def _first_sum(unit: Unit, context: Context) -> Place:
    """Where a unit as a whole is named: its first sum, else the unit itself."""
    for file in unit_files(unit, context.root):
        if file.path == unit.source:
            for token in _sums(file):
                return file.place(token)
    return Place(unit.source)


def _declaration_start(file: SourceFile, span: Span) -> Token | None:
    """The first token of a function's definition: behind the `;`, `}` or `{` before its name."""
    first = None
    for token in file.code:
        if token.start > span.head:
            break
        if token.text in (";", "}", "{") and token.kind is Kind.PUNCTUATION:
            first = None
        elif first is None:
            first = token
    unsuitable = ("template", "public", "private", "protected", "[")
    return None if first is not None and first.text in unsuitable else first


def _simd_reductions(file: SourceFile) -> Iterator[tuple[Token, Edit]]:
    """OpenMP directives with `simd` and a reduction, and the edit that takes the `simd` away."""
    if "simd" not in file.text.lower():
        return
    if file.language == "fortran":
        for token in file.tokens:
            sentinel = token.kind is Kind.COMMENT and re.match(r"[!cC*]\$omp", token.text, re.IGNORECASE)
            if sentinel and _SIMD_REDUCTION.search(token.text):
                without = _without_simd(file, token.text, token.start)
                yield token, without or Edit(file.path, token.start + 1, token.start + 2, replacement=" ")
        return
    directive: list[Token] = []
    for token in file.tokens:
        if token.directive and token.kind is not Kind.END:
            directive.append(token)
        elif directive:
            start, end = directive[0].end, directive[-1].end
            text = file.text[start:end]
            if len(directive) > 1 and directive[1].text == "pragma" and _SIMD_REDUCTION.search(text):
                empty = Edit(file.path, start, end, replacement="\\\n" * text.count("\n"))
                yield directive[0], _without_simd(file, text, start) or empty
            directive = []


def _without_simd(file: SourceFile, text: str, start: int) -> Edit | None:
    """`parallel for simd` without `simd`; None where it stands alone and the whole directive has to go."""
    simd = re.search(r"\bsimd\b", text, re.IGNORECASE)
    if simd is None or re.search(r"\bomp\s+simd\b", text, re.IGNORECASE):
        return None
    return Edit(file.path, start + simd.start(), start + simd.end(), replacement="")
