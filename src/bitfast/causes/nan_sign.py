"""nan-sign: an invalid operation gives a negative NaN on x86-64 and a positive one on Arm, RISC-V, POWER and s390x."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.syntax import Node, Syntax, must_be_constant, prelude, seen, syntaxes
from bitfast.words import Context, Edit, Finding, Sides, SourceEdits, Toggle, Unit

_INVALID = "invalid-operation"
_TYPES = {"DOUBLE": "double", "FLOAT": "float"}
_FUNCTIONS = re.compile(
    r"(?:__builtin_)?(sqrt|a?(sin|cos|tan)|acosh|atanh|log(2|10|1p)?|pow|fmod|remainder|[tl]gamma|fma|hypot)f?"
)
_PRINTING = {"printf": 1, "fprintf": 2, "sprintf": 2, "snprintf": 3}
_PURE = re.compile(r"(?!.*(\+\+|--))[\w.\[\]<> +*/%-]+")  # an expression that may be evaluated twice
_INVALIDATING = {"/", "-", "+", "/=", "-=", "+="}

# Only the default NaN is touched: it is what an invalid operation gives (Arm ARM, FPProcessNaNs; RISC-V F, 11.3), while
# other payloads came from somewhere. Looking at the bits keeps the operation fusable: no floating-point use is added.
_HELPER = """\
static __inline__ __attribute__((unused, always_inline)) {type} bitfast_x86_nan_{type}({type} value)
{{
#ifndef __x86_64__
    unsigned {bits} pattern;
    __builtin_memcpy(&pattern, &value, sizeof value);
    if (pattern == {default})
        return __builtin_copysign{suffix}(value, -1.0{suffix});
#endif
    return value;
}}
"""
_HELPERS = {
    name: prelude(f"X86_NAN_{name.upper()}", _HELPER.format(type=name, bits=bits, default=default, suffix=suffix))
    for name, bits, default, suffix in (
        ("double", "long long", "0x7ff8000000000000ull", ""),
        ("float", "int", "0x7fc00000u", "f"),
    )
}
_CANONICAL = prelude(
    "POSITIVE_NAN",
    """\
static __inline__ __attribute__((unused, always_inline)) double bitfast_positive_nan(double value)
{
    return __builtin_isnan(value) ? __builtin_fabs(value) : value;
}
""",
)


class NanSign(Cause):
    """TARGET gives the NaN of an operation the sign it has on x86-64, operation by operation; BOTH prints no sign.

    Multiplications are only wrapped where evidence names them: wrapped, they could not be fused with what follows,
    which is another cause.
    """

    name = "nan-sign"
    summary = "an invalid operation such as 0/0 gives a negative NaN on x86-64 and a positive one on other chips"
    advice = "test for NaN before the value is printed, hashed or compared by its bits"
    evidence = (_INVALID,)
    tier = 2

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        mine = {unit.source, *unit.headers}
        for place in context.evidence.places(_INVALID):
            if place.file in mine:
                yield Finding(self.name, place, "an invalid operation made a NaN here on the reference", self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        done: set[tuple[str, int, int]] = set()
        printed: set[tuple[str, int, int]] = set()
        for syntax in syntaxes(context):
            for node, kind in _operations(syntax, context):
                where = (node.file, node.start, node.end)
                if where not in done:
                    done.add(where)
                    edits = _signed(syntax, node, kind)
                    if edits:
                        action = SourceEdits(edits, ((node.file, _HELPERS[kind]),))
                        yield Toggle(self.name, syntax.place(node), action, why="a NaN made here is negative")
            yield from self._printing(syntax, printed)

    def _printing(self, syntax: Syntax, done: set[tuple[str, int, int]]) -> Iterator[Toggle]:
        for node in syntax.walk():
            if node.kind != "CALL_EXPR" or node.name not in _PRINTING or not node.file:
                continue
            for argument in node.children[1 + _PRINTING[node.name] :]:
                inner = argument.inner()
                where = (inner.file, inner.start, inner.end)
                if inner.type.kind in _TYPES and where not in done and syntax.editable(inner):
                    done.add(where)
                    edit = syntax.wrap(inner, "bitfast_positive_nan(", ")")
                    action = SourceEdits((edit,), ((inner.file, _CANONICAL),))
                    why = "a NaN is printed without sign"
                    yield Toggle(self.name, syntax.place(inner), action, Sides.BOTH, why=why)


def _operations(syntax: Syntax, context: Context) -> Iterator[tuple[Node, str]]:
    """Operations on double and float that can be invalid, with their type."""
    wanted = _INVALIDATING | ({"*", "*="} if _INVALID in context.evidence.complete else set())
    for node in syntax.walk():
        kind = _TYPES.get(node.type.kind, "")
        if not kind or not node.file or not node.function or must_be_constant(node, syntax.unit.language):
            continue
        operator = node.kind in ("BINARY_OPERATOR", "COMPOUND_ASSIGNMENT_OPERATOR") and node.operator in wanted
        operates = operator and not any(_nonzero(syntax, child) for child in node.children)
        calls = node.kind == "CALL_EXPR" and _FUNCTIONS.fullmatch(node.name)
        if (operates or calls) and syntax.editable(node) and seen(context.evidence, (_INVALID,), node):
            yield node, kind


def _nonzero(syntax: Syntax, node: Node) -> bool:
    """A finite literal other than zero: with it, only a NaN makes a NaN."""
    inner = node.inner()
    if inner.kind not in ("FLOATING_LITERAL", "INTEGER_LITERAL"):
        return False
    return bool(inner.file) and re.search("[1-9]", syntax.text(inner)) is not None


def _signed(syntax: Syntax, node: Node, kind: str) -> tuple[Edit, ...]:
    name = f"bitfast_x86_nan_{kind}("
    if node.kind != "COMPOUND_ASSIGNMENT_OPERATOR":
        return (syntax.wrap(node, name, ")"),)
    left, right = node.children
    gap = syntax.between(left, right, node.operator)
    if gap is None or not _PURE.fullmatch(syntax.text(left)) or not syntax.editable(left):
        return ()  # `*next() /= x` must not evaluate its left side twice
    again = f"= {name}{syntax.text(left)} {node.operator[:-1]} ("
    replaced = Edit(gap.file, gap.start, gap.end, replacement=again)
    return replaced, syntax.wrap(right, "", "))")
