"""page-size: 4096 is written where the system's page size is meant; Arm and POWER systems also have 16 and 64 KiB."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.lexer import Kind, Token
from bitfast.causes.preprocessor import built_in_macros, inactive, inside
from bitfast.causes.sourcefile import SourceFile, unit_files
from bitfast.words import Context, Finding, Unit

_PAGES = re.compile(r"\b(mmap(64)?|mremap|mprotect|madvise|msync|mlock|posix_memalign|memalign|valloc|shmat)\s*\(")
_ASKED = re.compile(r"_SC_PAGE_?SIZE|\bgetpagesize\b")
_LITERAL = re.compile(r"(4096|4095|0x0*1000|0x0*fff)[uUlL]*|0x[fF]+000[uUlL]*", re.IGNORECASE)
_NAMED = re.compile(r"\w*PAGE_?(SIZE|SHIFT|MASK)\w*|\w*(page_?size|PageSize)\w*")


class PageSize(Cause):
    """Literals in files that map or protect memory, and constants that call themselves a page size. QEMU maps with
    the host's pages, so that no run here can show it."""

    name = "page-size"
    summary = "a page has 4 KiB on x86-64 and 4, 16 or 64 KiB on Arm: offsets and alignments of 4096 are refused there"
    advice = "ask for the page size: sysconf(_SC_PAGESIZE)"
    tier = 2
    indicates = "always"

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        if unit.language == "fortran":
            return
        for file in unit_files(unit, context.root):
            if not _ASKED.search(file.text):
                left_out = inactive(file, built_in_macros(context.target))
                for token in _literals(file):
                    if not inside(token.start, left_out):
                        yield Finding(self.name, file.place(token), self.summary, self.advice)


def _literals(file: SourceFile) -> Iterator[Token]:
    maps = _PAGES.search(file.text) is not None
    if not maps and not _NAMED.search(file.text):
        return
    tokens = [token for token in file.tokens if token.kind is not Kind.COMMENT]
    for index, token in enumerate(tokens):
        if token.kind is not Kind.NUMBER or not (_LITERAL.fullmatch(token.text) or token.text == "12"):
            continue
        before = [earlier.text for earlier in tokens[max(0, index - 3) : index] if earlier.line == token.line]
        named = any(_NAMED.fullmatch(text) for text in before)
        buffer = before[-1:] == ["["]
        if named or (maps and not buffer and token.text != "12"):
            yield token
