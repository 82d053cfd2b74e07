"""What the source alone says of a number's range, for the scan: bounds by interval arithmetic, and guards.

Both are guesses that keep false alarms few; checks ask the sanitizers instead.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator

from bitfast.causes.nodes import FLOATS, INTEGERS, Node, Syntax
from bitfast.causes.syntax import converted

Bounds = tuple[float, float]

_UNKNOWN: Bounds = (-math.inf, math.inf)
_USUAL = 2.0**24  # what an int that counts or indexes is taken to stay within
_UNIT_INTERVAL = frozenset({"sin", "cos", "tanh", "erf", "sinf", "cosf", "tanhf"})
_KEEPING = frozenset({"floor", "ceil", "round", "trunc", "rint", "nearbyint", "floorf", "ceilf", "roundf", "truncf"})
_CLAMPING = frozenset({"clamp", "fmin", "fmax", "fminf", "fmaxf", "min", "max"})


def type_bounds(node: Node) -> Bounds:
    """The least and the greatest number of an integer type."""
    bits = node.type.size * 8
    if node.type.number[:1] == "U" or node.type.number in ("CHAR_U", "BOOL", "CHAR16", "CHAR32"):
        return 0.0, 2.0**bits - 1
    return -(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1


def bounds(syntax: Syntax, node: Node, depth: int = 16) -> Bounds:
    """Between which numbers an expression lies as far as its text says; infinite where it says nothing."""
    node = node.inner()
    if node.constant() is not None:
        value = float(node.constant() or 0)
        return value, value
    if node.kind == "FLOATING_LITERAL":
        return _literal(syntax, node)
    inner = converted(node)
    if inner is not None:
        return bounds(syntax, inner, depth)
    if depth == 0:
        return _UNKNOWN
    if node.kind == "DECL_REF_EXPR" and (given := _constant_initialiser(syntax, node)) is not None:
        return bounds(syntax, given, depth - 1)
    if node.kind == "CALL_EXPR":
        return _called(syntax, node, depth)
    if len(node.children) == 2 and node.kind == "BINARY_OPERATOR":
        found = _operated(node.operator, *(bounds(syntax, child, depth - 1) for child in node.children))
        return found if found != _UNKNOWN else _of_type(node)
    return _of_type(node)


def guarded(node: Node) -> bool:
    """Whether a condition of the same function speaks of a variable that the expression reads."""
    read = {below.target for below in node.walk() if below.kind in ("DECL_REF_EXPR", "MEMBER_REF_EXPR")}
    return any(read & {below.target for below in condition.walk()} - {0} for condition in _conditions(node))


def _conditions(node: Node) -> Iterator[Node]:
    top = node
    for above in node.ancestors():
        if above.function == node.function:
            top = above
    for below in top.walk():
        decides = below.kind in ("IF_STMT", "WHILE_STMT", "CONDITIONAL_OPERATOR") or below.operator in ("&&", "||")
        if decides and below.children:
            yield below.children[0]


def _literal(syntax: Syntax, node: Node) -> Bounds:
    try:
        value = float(syntax.text(node).rstrip("fFlL")) if node.file else math.inf
    except ValueError:  # hexadecimal, or a macro's
        return _UNKNOWN
    return value, value


def _constant_initialiser(syntax: Syntax, node: Node) -> Node | None:
    if not node.type.spelling.startswith("const "):
        return None
    return _initialisers(syntax).get(node.target)


@functools.lru_cache(maxsize=8)
def _initialisers(syntax: Syntax) -> dict[int, Node]:
    return {node.identity: node.children[-1] for node in syntax.walk() if node.kind == "VAR_DECL" and node.children}


def _called(syntax: Syntax, node: Node, depth: int) -> Bounds:
    arguments = node.children[1:]
    if node.name in _UNIT_INTERVAL:
        return -1.0, 1.0
    if node.name in _KEEPING and len(arguments) == 1:
        return bounds(syntax, arguments[0], depth - 1)
    if node.name in _CLAMPING and len(arguments) >= 2:
        known = [bound for each in arguments for bound in bounds(syntax, each, depth - 1) if math.isfinite(bound)]
        return (min(0.0, *known), max(0.0, *known)) if known else _UNKNOWN
    return _of_type(node)


def _operated(operator: str, left: Bounds, right: Bounds) -> Bounds:
    ends: list[float] = []
    match operator:
        case "+":
            return left[0] + right[0], left[1] + right[1]
        case "-":
            return left[0] - right[1], left[1] - right[0]
        case "*" if all(map(math.isfinite, (*left, *right))):
            ends = [a * b for a in left for b in right]
        case "/" if all(map(math.isfinite, left)) and (right[0] > 0 or right[1] < 0):
            ends = [a / b for a in left for b in right]
        case "&" if right[0] == right[1] >= 0:
            return 0.0, right[1]
        case ">>" if left[0] >= 0 and right[0] == right[1] >= 0:
            return 0.0, left[1] / 2.0 ** right[1]
        case "%" if right[0] == right[1] != 0:
            return (-abs(right[0]) if left[0] < 0 else 0.0), abs(right[0])
    return (min(ends), max(ends)) if ends else _UNKNOWN


def _of_type(node: Node) -> Bounds:
    if node.type.number in FLOATS or node.type.number not in INTEGERS:
        return _UNKNOWN
    low, high = type_bounds(node)
    if node.type.number == "INT" and node.kind != "CALL_EXPR":
        return -_USUAL, _USUAL
    return low, high
