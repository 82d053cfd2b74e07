"""Shifts by more than the width of their type, or by a negative count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.ranges import guarded
from bitfast.causes.syntax import INTEGERS, Node, Syntax, parse, seen, syntaxes
from bitfast.words import Context, Finding, SourceEdits, Toggle, Unit

_SHIFTS = frozenset({"<<", ">>", "<<=", ">>="})


class ShiftWidth(Cause):
    """C17 6.5.7 leaves counts outside the promoted type's width undefined. The scalar instructions of x86-64 use the
    count modulo 32 or 64; vector instructions (NEON's USHL, AVX2's VPSLLV) shift everything out."""

    name = "shift-width"
    summary = "a shift count outside the type's width is taken modulo the width by some instructions and not by others"
    advice = "mask the count, or test it before shifting"
    evidence = ("shift",)

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        syntax = parse(unit, context)
        if syntax is None:
            return
        for node in _shifts(syntax, context):
            if "shift" in context.evidence.complete or _suspect(syntax, node):
                yield Finding(self.name, syntax.place(node), _why(node), self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        found: dict[SourceEdits, Toggle] = {}
        for syntax in syntaxes(context):
            for node in _shifts(syntax, context):
                count = node.children[1]
                if syntax.editable(count):
                    action = SourceEdits((syntax.wrap(count, "((", f") & {_width(node) - 1})"),))
                    found.setdefault(action, Toggle(self.name, syntax.place(node), action, why=_why(node)))
        return found.values()


def _shifts(syntax: Syntax, context: Context) -> Iterator[Node]:
    """Shifts of integers up to 64 bits whose count is not known to be in range."""
    for node in syntax.walk():
        if node.operator not in _SHIFTS or len(node.children) != 2:
            continue
        value, count = node.children
        if value.type.number not in INTEGERS or count.type.number not in INTEGERS:
            continue
        if _in_range(count, _width(node)):
            continue
        if seen(context.evidence, ShiftWidth.evidence, node, "exponent"):
            yield node


def _suspect(syntax: Syntax, node: Node) -> bool:
    """Whether the source alone speaks against a count: out of range as written, or when its variable is 0 or 1."""
    if syntax.errors and syntax.unit.language == "c++":
        return False  # where a header is missing, a stream may pass for an integer
    value, count = node.children[0], node.children[1].inner()
    width = _width(node)
    if count.constant() is not None:
        return True
    if count.kind != "BINARY_OPERATOR" or guarded(count):
        return False
    left, right = (child.constant() for child in count.children)
    if count.operator == "+":
        return any(constant is not None and constant >= width - 1 for constant in (left, right))
    # A rotation's `x >> (32 - n)` by 32 is joined with x itself: no bit of it shows.
    above = node.outer().parent
    rotates = above is not None and above.operator == "|" and value.inner().kind == "DECL_REF_EXPR"
    return count.operator == "-" and left is not None and left >= width and right is None and not rotates


def _in_range(count: Node, width: int) -> bool:
    constant = count.constant()
    if constant is not None:
        return 0 <= constant < width
    inner = count.inner()
    if inner.operator == "&":
        masks = [mask for mask in (child.constant() for child in inner.children) if mask is not None]
        return any(0 <= mask < width for mask in masks)
    return False


def _width(node: Node) -> int:
    """Of the promoted left operand: types smaller than int become int."""
    return max(node.children[0].type.size, 4) * 8


def _why(node: Node) -> str:
    return f"the shift's count can lie outside 0 to {_width(node) - 1}, where scalar and vector instructions differ"
