"""struct-layout: structures of the system have other sizes on another chip, and programs write them as they lie."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bitfast.causes.base import Cause
from bitfast.causes.lexer import Kind, Token, closing
from bitfast.causes.sourcefile import SourceFile, unit_files
from bitfast.chips import reference, target_named
from bitfast.edits import apply_edits
from bitfast.process import run
from bitfast.words import BitfastError, Context, Edit, Finding, Sides, SourceEdits, Toggle, Unit

_RAW = re.compile(r"fwrite|f?write|pwrite|send(to)?|memcpy|fwrite_unlocked")
_PRINTING = re.compile(r"v?[fs]?n?printf")
_OF_INTEREST = re.compile(f"{_RAW.pattern}|{_PRINTING.pattern}")
_ATTEMPTS = 6
_DROPPED = ("-M", "-Werror", "-flto", "-save-temps", "-fdump", "-fplugin", "-g", "-O", "-Wp,")


@dataclass(frozen=True)
class _Site:
    """One `sizeof` or `offsetof` in a function: its bytes, and the call in whose arguments it stands."""

    token: Token
    start: int
    end: int
    callee: str


class StructLayout(Cause):
    """The compilers of both sides say what each sizeof and offsetof is worth.

    Where a value that differs goes into arithmetic or is printed, TARGET puts the reference's value there; where it
    sizes memory or output, it is reported: a structure cannot be made smaller by saying so.
    """

    name = "struct-layout"
    summary = "a structure of the system (stat, epoll_event, pthread types, jmp_buf, …) has another size there"
    advice = "write the members one by one, in a format of your own"
    tier = 2
    indicates = "unexplained"

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        for file, site, here, there in _differing(unit, context):
            if _RAW.fullmatch(site.callee):
                why = f"{site.callee} of what has {here} bytes on the reference and {there} on {context.target}"
                yield Finding(self.name, file.place(_callee_token(file, site)), why, self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        for unit in context.units:
            for file, site, here, there in _differing(unit, context):
                if not site.callee or _PRINTING.fullmatch(site.callee):
                    edit = Edit(file.path, site.start, site.end, replacement=f"((__SIZE_TYPE__){here})")
                    why = f"{here} as on the reference instead of {there}"
                    yield Toggle(self.name, file.place(site.token), SourceEdits((edit,)), Sides.TARGET, why=why)


def _callee_token(file: SourceFile, site: _Site) -> Token:
    earlier = [token for token in file.code if token.text == site.callee and token.start <= site.start]
    return earlier[-1] if earlier else site.token


def _differing(unit: Unit, context: Context) -> Iterator[tuple[SourceFile, _Site, int, int]]:
    if unit.language not in ("c", "c++"):
        return
    file = next((file for file in unit_files(unit, context.root) if file.path == unit.source), None)
    if file is None or not re.search(r"\b(sizeof|offsetof)\b", file.text) or "#" not in file.text:
        return
    sites = [site for site in _sites(file) if not site.callee or _OF_INTEREST.fullmatch(site.callee)]
    if not sites:
        return
    reference_unit = next((other for other in context.reference_units if other.source == unit.source), unit)
    source = context.root / file.path
    here = _values(file, tuple(sites), source, reference_unit, "")
    there = _values(file, tuple(sites), source, unit, context.target) if here else {}
    for index, site in enumerate(sites):
        if index in here and index in there and here[index] != there[index]:
            yield file, site, here[index], there[index]


@lru_cache(maxsize=256)
def _values(file: SourceFile, sites: tuple[_Site, ...], source: Path, unit: Unit, triple: str) -> Mapping[int, int]:
    """What a side's compiler says each site is worth: assembly comments made by the constant operand of an empty asm.

    Sites on lines at which the compiler complains, where no statement expression may stand, are left out."""
    try:
        tools = (target_named(triple) if triple else reference()).tools
    except BitfastError:
        return {}
    compiler = tools.get("g++" if unit.language == "c++" else "gcc")
    if compiler is None:
        return {}
    options = [option for option in unit.arguments if not option.startswith(_DROPPED)]
    active = dict(enumerate(sites))
    with tempfile.TemporaryDirectory(prefix="bitfast-") as scratch:
        probe = Path(scratch) / ("probe.cc" if unit.language == "c++" else "probe.c")
        where = unit.directory if unit.directory.is_dir() else source.parent
        command = [compiler, *options, "-w", "-O0", "-iquote", str(source.parent), "-S", "-o", "-", str(probe)]
        for _ in range(_ATTEMPTS):
            wraps = [_probe(file, site, index) for index, site in active.items()]
            probe.write_bytes(apply_edits(file.text.encode("latin-1"), wraps))
            asked = run(command, directory=where, timeout_seconds=120)
            if asked.ok:
                return {int(i): int(value) for i, value in re.findall(r"#bitfast (\d+) (\d+)", asked.text)}
            said = asked.stderr.decode(errors="replace")
            bad = {int(line) for line in re.findall(r"probe\.cc?:(\d+):\d+: error", said)}
            kept = {index: site for index, site in active.items() if site.token.line not in bad}
            if len(kept) == len(active):
                return {}
            active = kept
    return {}


def _probe(file: SourceFile, site: _Site, index: int) -> Edit:
    text = file.text[site.start : site.end].encode("latin-1").decode("utf-8", "surrogateescape")
    before = f'(__extension__({{__asm__ __volatile__("#bitfast {index} %c0"::"i"({text}));'
    return Edit(file.path, site.start, site.end, before=before, after=";}))")


def _sites(file: SourceFile) -> Iterator[_Site]:
    code = file.code
    calls: list[str] = []
    for index, token in enumerate(code):
        if token.text == "(" and token.kind is Kind.PUNCTUATION:
            before = code[index - 1] if index else token
            calls.append(before.text if before.kind is Kind.WORD else "")
        elif token.text == ")" and calls:
            calls.pop()
        elif token.text in ("sizeof", "offsetof") and index + 1 < len(code) and file.function_at(token.start):
            last = _operand_end(code, index + 1)
            if last > 0 and "\n" not in file.text[token.start : code[last].end]:
                callee = next((name for name in reversed(calls) if name not in ("", "sizeof")), "")
                keyword = callee in ("if", "while", "for", "switch", "return")
                yield _Site(token, token.start, code[last].end, "" if keyword else callee)


def _operand_end(code: list[Token], index: int) -> int:
    """The last token of what sizeof is applied to: `(…)`, or prefix operators, a name and what follows it."""
    while index < len(code) and code[index].text in ("*", "&"):
        index += 1
    if index >= len(code) or (code[index].text != "(" and code[index].kind is not Kind.WORD):
        return -1
    last = closing(code, index) if code[index].text == "(" else index
    while 0 < last < len(code) - 1 and code[last + 1].text in ("[", ".", "->"):
        last = closing(code, last + 1) if code[last + 1].text == "[" else last + 2
    return last
