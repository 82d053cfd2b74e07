"""long-double: 80 bits on x86-64, 128 bits on aarch64, riscv64 and s390x, two doubles on POWER."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bitfast.causes.base import Cause
from bitfast.causes.lexer import Kind, Token, closing
from bitfast.causes.preprocessor import inside
from bitfast.causes.sourcefile import SourceFile, Span, project_files, unit_files
from bitfast.words import Context, Edit, Finding, Sides, SourceEdits, Toggle, Unit

_LONG_DOUBLE = re.compile(r"\blong\b[^;(){}]*\bdouble\b|\bdouble\b[^;(){}]*\blong\b")
_SPECIFIERS = frozenset(
    {"const", "volatile", "static", "extern", "register", "constexpr", "inline", "_Complex", "complex", "__complex__"}
)
_FLOAT_WITH_SUFFIX = re.compile(r"(?:0[xX].*[.pP].*|[0-9.]+.*[.eE].*|[0-9]*\.[0-9]*|[0-9]+[eE].*)[lL]")
_CONVERSION = re.compile(r"%[-+ #0'*$.\d]*(L)[aAeEfFgG]")
_FUNCTIONS = re.compile(
    r"(a?(cos|sin|tan)h?|atan2|cbrt|ceil|copysign|erfc?|exp(2|10|m1)?|fabs|fdim|floor|fma|fmax|fmin|fmod|frexp|hypot|ilogb"
    r"|ldexp|lgamma|ll?rint|ll?round|log(10|1p|2|b)?|modf|nan|nearbyint|nextafter|nexttoward|pow|remainder|remquo|rint"
    r"|round|scalbl?n|sqrt|tgamma|trunc|sincos|drem|cabs|carg|cimag|creal|conj|cproj|c(exp|log|pow|sqrt|a?(sin|cos|tan)h?))l"
)
_OTHER_NAMES = {"strtold": "strtod", "wcstold": "wcstod", "stold": "stod", "HUGE_VALL": "HUGE_VAL"}
_LIMIT = re.compile(r"LDBL_(DIG|EPSILON|MANT_DIG|MAX|MIN|MAX_EXP|MIN_EXP|MAX_10_EXP|MIN_10_EXP|TRUE_MIN|DECIMAL_DIG)")
_CONSTANT = re.compile(r"(M_(?:E|LOG2E|LOG10E|LN2|LN10|PI|PI_2|PI_4|1_PI|2_PI|2_SQRTPI|SQRT2|SQRT1_2))l")


class LongDouble(Cause):
    """`long double` becomes `double` on both sides, with its literals, functions, limits and format strings.

    A function that lets no `long double` in or out is one toggle. What remains is one toggle for every group of files
    that share a header with `long double` in it, because the type is then part of their interface.
    """

    name = "long-double"
    summary = "`long double` is an 80-bit format on x86-64 and a 128-bit one on Arm, RISC-V and s390x"
    advice = "use double, or a software type such as __float128 or MPFR on both chips"
    tier = 3

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        if unit.language != "fortran":
            for file in unit_files(unit, context.root):
                for token in _declarations(file):
                    yield Finding(self.name, file.place(token), self.summary, self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        files = {file.path: file for file, _ in project_files(context, ("c", "c++"))}
        edits = {path: list(_edits(file)) for path, file in files.items()}
        users = {path for path, file in files.items() if _LONG_DOUBLE.search(file.text)}
        for group in _groups(context, users):
            outside = {name for path in group for name in _names_outside_functions(files[path])}
            rest: list[tuple[Token, Edit]] = []
            for path in group:
                file = files[path]
                by_span: dict[Span | None, list[tuple[Token, Edit]]] = defaultdict(list)
                for token, edit in edits[path]:
                    span = file.function_at(token.start)
                    by_span[span if span and _self_contained(file, span, outside) else None].append((token, edit))
                rest += by_span.pop(None, [])
                for span, own in by_span.items():
                    if span is not None and _LONG_DOUBLE.search(file.text, span.start, span.end):
                        yield self._toggle(files, own, "in this function")
                    else:
                        rest += own
            if rest:
                yield self._toggle(files, rest, "in what these files share")

    def _toggle(self, files: Mapping[str, SourceFile], edits: Sequence[tuple[Token, Edit]], where: str) -> Toggle:
        first, edit = next((each for each in edits if each[0].text == "long"), edits[0])
        action = SourceEdits(tuple(edit for _, edit in edits))
        place = files[edit.file].place(first)
        return Toggle(self.name, place, action, Sides.BOTH, why=f"long double as double {where}")


def _groups(context: Context, users: set[str]) -> list[list[str]]:
    """The files that use long double, those together that one unit brings together."""
    leader = {path: path for path in users}

    def find(path: str) -> str:
        while leader[path] != path:
            path = leader[path]
        return path

    for unit in context.units:
        together = [path for path in (unit.source, *unit.headers) if path in users]
        for path in together[1:]:
            leader[find(path)] = find(together[0])
    groups: dict[str, list[str]] = defaultdict(list)
    for path in sorted(users):
        groups[find(path)].append(path)
    return list(groups.values())


def _longs(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Every `long` that makes a `double` long, with its index."""
    for index, token in enumerate(tokens):
        if token.text == "long" and token.kind is Kind.WORD:
            for step in (1, -1):
                other = index + step
                while 0 <= other < len(tokens) and tokens[other].text in _SPECIFIERS:
                    other += step
                if 0 <= other < len(tokens) and tokens[other].text == "double":
                    yield index, token
                    break


def _declarations(file: SourceFile) -> Iterator[Token]:
    if _LONG_DOUBLE.search(file.text):
        yield from (token for _, token in _longs(file.tokens))


def _edits(file: SourceFile) -> Iterator[tuple[Token, Edit]]:
    if not re.search(r"\blong\b|[0-9.][lL]\b|\w[lL]\s*\(|LDBL|%\S*L", file.text):
        return
    suffix_operators = _literal_operators(file.tokens)
    for _, token in _longs(file.tokens):
        if not inside(token.start, suffix_operators):
            yield token, Edit(file.path, token.start, token.end, replacement="")
    for index, token in enumerate(file.tokens):
        for start, end, text in _replacements(file.tokens, index):
            yield token, Edit(file.path, start, end, replacement=text)


def _replacements(tokens: Sequence[Token], index: int) -> Iterator[tuple[int, int, str]]:
    token = tokens[index]
    if token.kind is Kind.NUMBER and _FLOAT_WITH_SUFFIX.fullmatch(token.text):
        yield token.end - 1, token.end, ""
    elif token.kind is Kind.STRING:
        for match in _CONVERSION.finditer(token.text):  # "%lf" reads and writes a double
            yield token.start + match.start(1), token.start + match.end(1), "l"
    elif token.kind is Kind.WORD:
        called = index + 1 < len(tokens) and tokens[index + 1].text == "("
        member = index > 0 and tokens[index - 1].text in (".", "->")
        plain = token.text.removeprefix("__builtin_")
        limit, constant = _LIMIT.fullmatch(token.text), _CONSTANT.fullmatch(token.text)
        if called and not member and _FUNCTIONS.fullmatch(plain):
            yield token.end - 1, token.end, ""
        elif token.text in _OTHER_NAMES and not member:
            yield token.start, token.end, _OTHER_NAMES[token.text]
        elif limit:
            yield token.start, token.end, "DBL_" + limit.group(1)
        elif constant:
            yield token.start, token.end, constant.group(1)


def _literal_operators(tokens: Sequence[Token]) -> tuple[tuple[int, int], ...]:
    """C++ demands `long double` in `operator""_name(long double)` ([over.literal] 3)."""
    ranges = []
    for index, token in enumerate(tokens):
        if token.text == "operator" and index + 1 < len(tokens) and tokens[index + 1].kind is Kind.STRING:
            opening = next((later for later in range(index, len(tokens)) if tokens[later].text == "("), -1)
            last = closing(tokens, opening) if opening >= 0 else -1
            if last >= 0:
                ranges.append((token.start, tokens[last].end))
    return tuple(ranges)


def _names_outside_functions(file: SourceFile) -> Iterator[str]:
    """What is declared with long double outside function bodies: variables, members, functions, types."""
    for index, token in _longs(file.tokens):
        span = file.function_at(token.start)
        if span is not None:
            continue
        around = next((other for other in file.functions if token.end <= other.start), None)
        for later in file.tokens[index + 1 :]:
            if later.text in (";", "{", "}") or (around and later.start >= around.start):
                break
            if later.kind is Kind.WORD:
                yield later.text
        for earlier in reversed(file.tokens[max(0, index - 60) : index]):  # the function that takes it
            if earlier.text in (";", "{", "}"):
                break
            if earlier.kind is Kind.WORD:
                yield earlier.text


_EVERYDAY = _SPECIFIERS | {"double", "long", "int", "char", "float", "void", "typedef", "struct", "x", "size_t"}


def _self_contained(file: SourceFile, span: Span, outside: set[str]) -> bool:
    if span.name in outside:
        return False
    inner = (token for token in file.code if span.start <= token.start < span.end)
    return not any(token.kind is Kind.WORD and token.text in outside - _EVERYDAY for token in inner)
