"""One small lexer for C, C++ and Fortran: tokens with byte offsets, lines and columns; comments and strings are known.

Text is Latin-1, one character per byte, so that an index into it is the byte offset that `words.Edit` needs.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Kind(enum.StrEnum):
    WORD = "word"
    NUMBER = "number"
    STRING = "string"
    CHARACTER = "character"
    PUNCTUATION = "punctuation"
    COMMENT = "comment"
    END = "end"
    """Fortran: the end of a statement. C: the end of a preprocessor directive."""


class Token(NamedTuple):
    """Bytes [start, end) of the file; line and column count from 1, the column in bytes as GCC does."""

    kind: Kind
    text: str
    start: int
    end: int
    line: int
    column: int
    directive: bool = False  # part of a preprocessor directive


_C = re.compile(
    r"""
    (?P<newline>\n)
  | (?P<space>(?:[ \t\r\f\v]|\\\r?\n)+)
  | (?P<comment>//(?:\\\r?\n|[^\n])*|/\*.*?(?:\*/|\Z))
  | (?P<string>(?:u8|[uUL])?R"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)"|(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"?)
  | (?P<character>(?:u8|[uUL])?'(?:\\.|[^'\\\n])*'?)
  | (?P<number>\.?[0-9](?:[eEpP][+-]|'(?=[0-9A-Za-z])|[0-9A-Za-z_.])*)
  | (?P<word>[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*)
  | (?P<punctuation><<=|>>=|<=>|\.\.\.|->\*|\#\#|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||::|[-+*/%&|^]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)

_FORTRAN = re.compile(
    r"""
    (?P<newline>\n)
  | (?P<space>[ \t\r\f\v]+)
  | (?P<comment>![^\n]*)
  | (?P<string>"(?:""|[^"\n])*"?|'(?:''|[^'\n])*'?)
  | (?P<number>(?:[0-9]+\.(?![a-zA-Z]+\.)[0-9]*|\.[0-9]+|[0-9]+(?=[eEdDqQ][+-]?[0-9]))(?:[eEdDqQ][+-]?[0-9]+)?(?:_\w+)?
      |[0-9]+(?:_\w+)?)
  | (?P<word>[A-Za-z_$][0-9A-Za-z_$]*)
  | (?P<punctuation>\*\*|//|=>|==|/=|<=|>=|::|\.[A-Za-z]+\.|.)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)


def tokens(text: str, language: str, *, fixed_form: bool = False) -> Iterator[Token]:
    """The tokens of a file (language "c", "c++" or "fortran") in order, comments among them, white space left out."""
    if language == "fortran":
        return _fortran_tokens(text, fixed_form)
    return _c_tokens(text)


def _c_tokens(text: str) -> Iterator[Token]:
    line, line_start, directive, fresh = 1, 0, False, True  # fresh: only white space so far on this line
    for match in _C.finditer(text):
        group, start, end = match.lastgroup or "", match.start(), match.end()
        group = "string" if group == "fence" else group
        if group == "newline":
            if directive:
                yield Token(Kind.END, "", start, start, line, start - line_start + 1, True)
            directive, fresh = False, True
        elif group != "space":
            directive = directive or (fresh and match.group() == "#")
            yield Token(Kind(group), match.group(), start, end, line, start - line_start + 1, directive)
            fresh = fresh and group == "comment"
        breaks = text.count("\n", start, end)
        if breaks:
            line += breaks
            line_start = text.rfind("\n", start, end) + 1
    if directive:
        yield Token(Kind.END, "", len(text), len(text), line, len(text) - line_start + 1, True)


def _fortran_tokens(text: str, fixed_form: bool) -> Iterator[Token]:
    offset, open_statement = 0, False
    for line, content in enumerate(text.splitlines(keepends=True), 1):
        body = content.rstrip("\r\n")
        start, offset = offset, offset + len(content)
        if body.startswith("#"):
            yield from (token._replace(line=line, start=token.start + start, end=token.end + start)
                        for token in _c_tokens(body))  # fmt: skip
            continue
        first, limit, continues_previous, continues_next = _layout(body, fixed_form)
        if first >= len(body) or body[first] == "!":
            if body.strip():
                begin = first if first < len(body) else 0
                yield Token(Kind.COMMENT, body[begin:], start + begin, start + len(body), line, begin + 1)
            continue
        if fixed_form and open_statement and not continues_previous:
            yield Token(Kind.END, "", start, start, line, 1)
        for match in _FORTRAN.finditer(body, first, limit):
            group = match.lastgroup or ""
            if group not in ("space", "newline") and match.group() != "&":
                kind = Kind.END if match.group() == ";" else Kind(group)
                yield Token(kind, match.group(), start + match.start(), start + match.end(), line, match.start() + 1)
        open_statement = True
        if not fixed_form and not continues_next:
            yield Token(Kind.END, "", start + len(body), start + len(body), line, len(body) + 1)
            open_statement = False
    if open_statement:
        yield Token(Kind.END, "", len(text), len(text), text.count("\n") + 1, 1)


def _layout(body: str, fixed_form: bool) -> tuple[int, int, bool, bool]:
    """Of a Fortran line: first and last column of the statement, whether it continues another and is continued."""
    if fixed_form:
        if body[:1] in ("C", "c", "*", "!", "d", "D"):
            return len(body), len(body), False, False
        tab = body.find("\t", 0, 6)
        if tab >= 0:
            digit = body[tab + 1 : tab + 2]
            continued = digit.isdigit() and digit != "0"
            return tab + 1 + continued, len(body), continued, False
        continued = len(body) > 5 and body[5] not in " 0" and not body[:5].strip()
        label = len(body) - len(body.lstrip())
        return (6 if continued else label), min(len(body), 72), continued, False
    first = len(body) - len(body.lstrip())
    code = re.sub(r""""[^"\n]*"|'[^'\n]*'""", lambda match: "x" * len(match.group()), body)
    comment = code.find("!")
    code = (code if comment < 0 else code[:comment]).rstrip()
    continues_previous = code[first : first + 1] == "&"
    return first + continues_previous, len(body), continues_previous, len(code) > first and code.endswith("&")


def code_only(found: Sequence[Token]) -> list[Token]:
    """Without comments, ends and preprocessor directives."""
    return [token for token in found if token.kind not in (Kind.COMMENT, Kind.END) and not token.directive]


_OPENING = {"(": ")", "[": "]", "{": "}"}


def closing(found: Sequence[Token], opening: int) -> int:
    """The index of the bracket that closes the one at `opening`, or -1 when the file ends before."""
    depth = 0
    for index in range(opening, len(found)):
        text = found[index].text
        if found[index].kind is not Kind.PUNCTUATION:
            continue
        if text in _OPENING:
            depth += 1
        elif text in (")", "]", "}"):
            depth -= 1
            if depth == 0:
                return index
    return -1


def arguments(found: Sequence[Token], opening: int) -> list[tuple[int, int]]:
    """The arguments of the call whose "(" is at `opening`: index ranges [first, last + 1) between the commas."""
    end = closing(found, opening)
    if end < 0 or end == opening + 1:
        return []
    ranges, begin, depth = [], opening + 1, 0
    for index in range(opening, end):
        if found[index].kind is not Kind.PUNCTUATION:
            continue
        depth += (found[index].text in _OPENING) - (found[index].text in (")", "]", "}"))
        if found[index].text == "," and depth == 1:
            ranges.append((begin, index))
            begin = index + 1
    return [*ranges, (begin, end)]
