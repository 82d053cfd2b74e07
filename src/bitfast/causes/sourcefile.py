"""The project's source files as the lexical causes read them: text, tokens, and the function around an offset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from bitfast.causes.lexer import Kind, Token, closing, code_only, tokens
from bitfast.words import Context, Place, Unit

_FIXED_FORM = frozenset({".f", ".for", ".ftn", ".f77", ".fpp"})


class Span(NamedTuple):
    """A function's body in its file, in bytes; `head` is where its name stands."""

    name: str
    head: int
    start: int
    end: int


@dataclass(frozen=True)
class SourceFile:
    path: str  # relative to the root
    language: str
    text: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(tokens(self.text, self.language, fixed_form=Path(self.path).suffix.lower() in _FIXED_FORM))

    @cached_property
    def code(self) -> list[Token]:
        """The tokens without comments and directives."""
        return code_only(self.tokens)

    @cached_property
    def functions(self) -> tuple[Span, ...]:
        """The function bodies, in order; Fortran's procedures are named by their innermost program unit."""
        return tuple(_fortran_functions(self.tokens) if self.language == "fortran" else _c_functions(self.code))

    def function_at(self, offset: int) -> Span | None:
        """The innermost function whose body contains the offset."""
        around = [span for span in self.functions if span.start <= offset < span.end]
        return min(around, key=lambda span: span.end - span.start) if around else None

    def place(self, token: Token) -> Place:
        span = self.function_at(token.start)
        return Place(self.path, token.line, token.column, span.name if span else "")


def unit_files(unit: Unit, root: Path) -> Iterator[SourceFile]:
    """The unit's source and the project's headers that it includes; files outside the root are not the project's."""
    for name in (unit.source, *unit.headers):
        path = Path(name)
        if path.is_absolute():
            if not path.is_relative_to(root):
                continue
            name = path.relative_to(root).as_posix()
        found = _read(root / name, name, unit.language)
        if found is not None:
            yield found


def project_files(
    context: Context, languages: Iterable[str] = ("c", "c++", "fortran")
) -> Iterator[tuple[SourceFile, Unit]]:
    """Every file of the project once, with the first unit that compiles or includes it."""
    seen = set()
    for unit in context.units:
        if unit.language in languages:
            for file in unit_files(unit, context.root):
                if file.path not in seen:
                    seen.add(file.path)
                    yield file, unit


def _read(path: Path, name: str, language: str) -> SourceFile | None:
    try:
        status = path.stat()
        return _cached(path, name, language, status.st_mtime_ns, status.st_size)
    except OSError:
        return None


@lru_cache(maxsize=512)
def _cached(path: Path, name: str, language: str, modified: int, size: int) -> SourceFile:
    return SourceFile(name, language, path.read_bytes().decode("latin-1"))


_TRANSPARENT = frozenset({"namespace", "class", "struct", "union", "extern", "enum"})
_NOT_FUNCTIONS = frozenset({"if", "for", "while", "switch", "catch", "__attribute__", "alignas", "decltype"})
_NOT_NAMES = frozenset({"procedure", "subroutine", "function"})
_PROGRAM_UNITS = frozenset({"subroutine", "function", "program", "module", "submodule"})


def _c_functions(code: list[Token]) -> Iterator[Span]:
    """A "{" outside any body opens a function when a "name (…)" stands before it in the same declaration."""
    index, declaration = 0, 0
    while index < len(code):
        text = code[index].text if code[index].kind is Kind.PUNCTUATION else ""
        if text in (";", "}"):
            declaration = index + 1
        elif text == "{":
            name = _declared_name(code[declaration:index])
            words = {token.text for token in code[declaration:index] if token.kind is Kind.WORD}
            end = closing(code, index)
            if name is not None:
                yield Span(name.text, name.start, code[index].start, code[end].end if end >= 0 else code[-1].end)
                index = end if end >= 0 else len(code)
                declaration = index + 1
            elif words & _TRANSPARENT:
                declaration = index + 1
            elif end >= 0:  # an initialiser
                index = end
        index += 1


def _declared_name(head: list[Token]) -> Token | None:
    depth = 0
    for index, token in enumerate(head):
        if token.kind is Kind.PUNCTUATION:
            if token.text == "=" and depth == 0:
                return None
            if token.text == "(":
                before = head[index - 1] if index else None
                if depth == 0 and before is not None and before.kind is Kind.WORD and before.text not in _NOT_FUNCTIONS:
                    return before
                depth += 1
            depth -= token.text == ")"
    return None


def _fortran_functions(found: Iterable[Token]) -> Iterator[Span]:
    """Statement by statement: `[prefix] subroutine NAME` opens, a bare `end` or `end subroutine` closes."""
    stack: list[tuple[str, int, int]] = []
    for statement in _statements(found):
        words = [token.text.lower() for token in statement]
        first = words[0]
        if first in ("end", "endsubroutine", "endfunction", "endprogram", "endmodule") and stack:
            if len(words) == 1 or words[1] == "procedure" or words[1] in _PROGRAM_UNITS:
                name, head, start = stack.pop()
                yield Span(name, head, start, statement[-1].end)
            continue
        for index, word in enumerate(words[:-1]):
            if word in ("=", "::", "=>") or first in ("end", "call", "use"):
                break
            after = statement[index + 1]
            if word in _PROGRAM_UNITS and after.kind is Kind.WORD and words[index + 1] not in _NOT_NAMES:
                stack.append((after.text, after.start, statement[0].start))
                break


def _statements(found: Iterable[Token]) -> Iterator[list[Token]]:
    statement: list[Token] = []
    for token in found:
        if token.kind is Kind.END:
            if statement:
                yield statement
            statement = []
        elif token.kind is not Kind.COMMENT and not token.directive:
            statement.append(token)
    if statement:
        yield statement
