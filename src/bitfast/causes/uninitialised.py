"""uninitialised: a variable is read before it is written, and what the memory held differs between builds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from bitfast.causes.base import Cause
from bitfast.causes.lexer import Kind, Token, closing
from bitfast.causes.sourcefile import SourceFile, project_files
from bitfast.causes.syntax import FLOATS, INTEGERS, Node, Syntax, syntaxes
from bitfast.words import Context, Edit, Finding, Flags, Place, Sides, SourceEdits, Toggle, Unit

_EVIDENCE = "valgrind-uninitialised"
_RECORD_DECLARATIONS = frozenset({"STRUCT_DECL", "CLASS_DECL"})


class Uninitialised(Cause):
    """One toggle for each local variable without an initialiser, and for each malloc() and array new: zero.

    TARGET fits where the reference happened to find zeros, BOTH where it did not. What valgrind saw on the reference
    limits them to the functions that it names.
    """

    name = "uninitialised"
    summary = "memory is read before it is written: what it holds depends on the stack's layout and on earlier calls"
    advice = "initialise the variable where it is declared"
    evidence = (_EVIDENCE,)
    tier = 2
    switch: ClassVar[Flags] = Flags(("-ftrivial-auto-var-init=zero",))
    """What the search may try first for whole units: GCC 12 and Clang 16 zero every local variable."""

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        mine = {unit.source, *unit.headers}
        for place in context.evidence.places(_EVIDENCE):
            if place.file in mine:
                yield Finding(self.name, place, "valgrind saw a value used here that nobody had written", self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        for place, edits, why in _sites(context):
            for sides in (Sides.TARGET, Sides.BOTH):
                yield Toggle(self.name, place, SourceEdits(edits), sides, why=why)


def _sites(context: Context) -> Iterator[tuple[Place, tuple[Edit, ...], str]]:
    done: set[tuple[str, int]] = set()
    for syntax in syntaxes(context):
        constructed = {node.name for node in syntax.walk() if node.kind == "CONSTRUCTOR"}
        declared = {node.name or node.type.spelling for node in syntax.walk() if node.kind in _RECORD_DECLARATIONS}
        for node in syntax.walk():
            if node.kind not in ("VAR_DECL", "CXX_NEW_EXPR") or not node.file or not node.function:
                continue
            if (node.file, node.end) in done or not _suspected(context, node.file, node.function, node.line):
                continue
            text = _zero(syntax, node, constructed, declared)
            if text:
                done.add((node.file, node.end))
                edit = Edit(node.file, node.end, node.end, before=text)
                yield syntax.place(node), (edit,), f"{node.name or 'what new[] gives'} starts as zero"
    for file, _ in project_files(context, ("c", "c++")):
        for token, edits in _allocations(file):
            place = file.place(token)
            if _suspected(context, file.path, place.function, token.line):
                yield place, edits, "the memory starts as zero"


def _suspected(context: Context, file: str, function: str, line: int) -> bool:
    if _EVIDENCE not in context.evidence.complete:
        return True
    return any(
        place.file == file and (place.function.split("(")[0].endswith(function) or place.line == line)
        for place in context.evidence.places(_EVIDENCE)
    )


def _zero(syntax: Syntax, node: Node, constructed: set[str], declared: set[str]) -> str:
    """The initialiser to put behind a declaration or an array new; "" where there is one or none is possible."""
    text = syntax.texts[node.file][node.start : node.end].decode("latin-1")
    if node.kind == "CXX_NEW_EXPR":
        return "()" if text.endswith("]") else ""
    behind = syntax.texts[node.file][node.end :][:40].lstrip()
    cxx = syntax.unit.language == "c++"
    if node.static or not syntax.editable(node) or _has_initialiser(text, node.name, cxx):
        return ""
    if behind[:1] not in (b";", b",") or _crosses_labels(syntax, node):
        return ""
    kind = node.type.number
    if kind in INTEGERS | FLOATS | {"POINTER", "ENUM"}:
        return " = {}" if cxx else " = 0"
    if kind == "CONSTANTARRAY":
        return " = {}" if cxx else " = {0}"
    if kind == "RECORD":
        name = re.sub(r"^(?:(?:const|volatile|struct|class)\s+)*|.*::", "", node.type.spelling)
        if not cxx:
            return " = {0}"
        return "{}" if name in declared and name not in constructed else ""
    return ""


def _has_initialiser(text: str, name: str, cxx: bool) -> bool:
    named = re.search(rf"\b{re.escape(name)}\b", text)
    behind = text[named.end() :] if named else text
    return bool(re.search("[={(]" if cxx else "[={]", behind)) or text.lstrip().startswith("extern")


def _crosses_labels(syntax: Syntax, node: Node) -> bool:
    """Directly in a switch or loop head, or in C++ in a function with labels, an initialiser may be jumped over."""
    if node.parent is None or node.parent.kind != "DECL_STMT":
        return True
    around = list(node.ancestors())
    kinds = [ancestor.kind for ancestor in around]
    if kinds[1:2] in (["FOR_STMT"], ["CXX_FOR_RANGE_STMT"], ["CXX_CATCH_STMT"]) or kinds[2:3] == ["SWITCH_STMT"]:
        return True
    body = next((ancestor for ancestor in reversed(around) if ancestor.kind == "COMPOUND_STMT"), None)
    cxx = syntax.unit.language == "c++"
    return cxx and body is not None and any(inner.kind == "LABEL_STMT" for inner in body.walk())


def _allocations(file: SourceFile) -> Iterator[tuple[Token, tuple[Edit, ...]]]:
    """`malloc(n)` as `calloc(1, n)`."""
    if "malloc" not in file.text:
        return
    code = file.code
    for index, token in enumerate(code[:-1]):
        opening = code[index + 1]
        called = token.kind is Kind.WORD and token.text == "malloc" and opening.text == "("
        member = index > 0 and code[index - 1].text in (".", "->")
        if called and not member and file.function_at(token.start) and closing(code, index + 1) > index + 2:
            renamed = Edit(file.path, token.start, token.end, replacement="calloc")
            yield token, (renamed, Edit(file.path, opening.end, opening.end, before="1, "))
