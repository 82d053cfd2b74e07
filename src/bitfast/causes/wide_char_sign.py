"""`wchar_t` has another sign on the target. It is reported as char-sign: no compiler switch covers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.char_sign import CharSign
from bitfast.causes.syntax import FLOATS, INTEGERS, Node, Syntax, converted, parse, syntaxes
from bitfast.words import Context, Edit, Finding, SourceEdits, Toggle, Unit

_SIGNED_OPERATORS = frozenset({"<", ">", "<=", ">=", "/", "%", ">>", "+", "-", "*"})
_WHY = "a wchar_t is used as a number here: int on x86-64, unsigned int on Arm"


class WideCharSign(Cause):
    """`wchar_t` is `int` on x86-64 and RISC-V, `unsigned int` on Arm (AAPCS64, 10.1.2)."""

    name = "wide-char-sign"
    part_of = CharSign.name
    summary = "wchar_t is signed on x86-64 and unsigned on Arm: negative values become large ones"
    advice = "keep numbers in int, wint_t or long, and characters alone in wchar_t"

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        syntax = parse(unit, context)
        if syntax is not None:
            for node, _edits in _uses(syntax):
                yield Finding(CharSign.name, syntax.place(node), _WHY, self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        found: dict[tuple[Edit, ...], Toggle] = {}
        for syntax in syntaxes(context):
            for node, edits in _uses(syntax):
                found.setdefault(edits, Toggle(CharSign.name, syntax.place(node), SourceEdits(edits), why=_WHY))
        return found.values()


def _uses(syntax: Syntax) -> Iterator[tuple[Node, tuple[Edit, ...]]]:
    """Every place where the sign of a wide character can show; both operands of one operator together."""
    joined: dict[int, list[Node]] = {}
    for node in syntax.walk():
        own = syntax.own(node) if _is_wide(node) and _shows_sign(node) else None
        if own is not None:
            above = node.outer().parent
            key = id(above) if above is not None and above.kind == "BINARY_OPERATOR" else id(node)
            joined.setdefault(key, []).append(own)
    for nodes in joined.values():
        yield nodes[0], tuple(syntax.wrap(node, "(int)(", ")") for node in nodes)


def _is_wide(node: Node) -> bool:
    return node.type.size == 4 and (node.type.kind == "WCHAR" or node.type.written.removeprefix("const ") == "wchar_t")


def _shows_sign(node: Node) -> bool:
    parent = node.parent
    if parent is None or (_is_wide(parent) and parent.kind in ("UNEXPOSED_EXPR", "PAREN_EXPR")):
        return False
    if converted(parent) is node:
        if parent.type.number in FLOATS or (parent.type.number in INTEGERS and parent.type.size > 4):
            return True
        parent = node.outer().parent
    return parent is not None and parent.kind == "BINARY_OPERATOR" and parent.operator in _SIGNED_OPERATORS
