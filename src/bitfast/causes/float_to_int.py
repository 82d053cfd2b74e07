"""Conversions of floating-point numbers to integers that do not fit, and lrint and its relatives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.ranges import bounds, guarded, type_bounds
from bitfast.causes.syntax import (
    FLOATS,
    INTEGERS,
    Node,
    Syntax,
    above,
    converted,
    expanded,
    must_be_constant,
    parse,
    prelude,
    seen,
    syntaxes,
)
from bitfast.words import Context, Edit, Finding, SourceEdits, Toggle, Unit

# What GCC 12 -O2 emits for x86-64: CVTTSD2SI gives the smallest number for NaN and for what does not fit (Intel 64
# manual, "integer indefinite"). Narrow types go through int, unsigned int through the 64-bit conversion; 64-bit
# unsigned numbers from 2^63 on are converted after subtracting 2^63.
_INT = "x > -2147483649.0 && x < 2147483648.0 ? (int)x : -__INT_MAX__ - 1"
_INT64 = "x >= -9223372036854775808.0 && x < 9223372036854775808.0 ? (__INT64_TYPE__)x : -__INT64_MAX__ - 1"
_UINT64 = (
    "x >= 9223372036854775808.0 ? (__UINT64_TYPE__)bitfast_int64_from(x - 9223372036854775808.0) ^ "
    "((__UINT64_TYPE__)1 << 63) : (__UINT64_TYPE__)bitfast_int64_from(x)"
)
_ROUNDED = "x >= -9223372036854775808.0 && x < 9223372036854775808.0 ? __builtin_{name}(x) : -__INT64_MAX__ - 1"
# Integer type → (helper's name, its result, its value, the helper that it calls).
_HELPERS = {
    "SCHAR": ("int8_from", "signed char", "(signed char)bitfast_int_from(x)", "int_from"),
    "UCHAR": ("uint8_from", "unsigned char", "(unsigned char)bitfast_int_from(x)", "int_from"),
    "SHORT": ("int16_from", "short", "(short)bitfast_int_from(x)", "int_from"),
    "USHORT": ("uint16_from", "unsigned short", "(unsigned short)bitfast_int_from(x)", "int_from"),
    "INT": ("int_from", "int", _INT, ""),
    "UINT": ("unsigned_from", "unsigned", "(unsigned)bitfast_int64_from(x)", "int64_from"),
    "LONG": ("int64_from", "__INT64_TYPE__", _INT64, ""),
    "ULONG": ("uint64_from", "__UINT64_TYPE__", _UINT64, "int64_from"),
}
_SAME_AS = {
    "CHAR_U": "SCHAR",
    "CHAR_S": "SCHAR",
    "WCHAR": "INT",
    "CHAR16": "USHORT",
    "CHAR32": "UINT",
    "LONGLONG": "LONG",
    "ULONGLONG": "ULONG",
}
_ROUNDING = {f"{name}{suffix}" for name in ("lrint", "llrint", "lround", "llround") for suffix in ("", "f", "l")}
_NUMBERS = frozenset({"FLOATING_LITERAL", "INTEGER_LITERAL", "CHARACTER_LITERAL"})


class FloatToInt(Cause):
    """C17 6.3.1.4 leaves out-of-range conversions undefined: x86-64 gives the smallest integer or wraps, Arm saturates
    and turns NaN into 0, RISC-V turns NaN into the largest integer."""

    name = "float-to-int"
    summary = "a floating-point number that does not fit its integer type becomes another integer on each chip"
    advice = "check the range before converting, or clamp"
    evidence = ("float-cast-overflow",)

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        syntax = parse(unit, context)
        if syntax is None:
            return
        asked = "float-cast-overflow" in context.evidence.complete
        for node, _action, why in _conversions(syntax, context):
            if asked or _suspect(syntax, node):
                yield Finding(self.name, syntax.place(node), why, self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        found: dict[SourceEdits, Toggle] = {}
        for syntax in syntaxes(context):
            for node, action, why in _conversions(syntax, context):
                found.setdefault(action, Toggle(self.name, syntax.place(node), action, why=why))
        return found.values()


def _conversions(syntax: Syntax, context: Context) -> Iterator[tuple[Node, SourceEdits, str]]:
    """Every conversion that may not fit, with the edit that converts as x86-64 does."""
    for node in syntax.walk():
        if node.kind == "CALL_EXPR" and node.name in _ROUNDING:
            action = _rounding_call(syntax, node)
            if action is not None:
                yield node, action, f"{node.name} of what fits no long: the smallest one on x86-64, saturated on Arm"
            continue
        value = converted(node)
        if value is not None and value.type.kind in FLOATS and node.type.number in INTEGERS:
            edits: tuple[Edit, ...] | None = None
            kind = _SAME_AS.get(node.type.number, node.type.number)
            own = syntax.own(value)
            if kind in _HELPERS and own is not None and not _is_constant(value):
                name = _helper_name(kind, value.type.kind)
                edits = (syntax.wrap(own, f"bitfast_{name}(", ")"),)
        elif node.kind == "COMPOUND_ASSIGNMENT_OPERATOR" and node.type.number in INTEGERS:
            kind = _SAME_AS.get(node.type.number, node.type.number)
            value = node.children[1]
            if value.type.kind not in FLOATS or kind not in _HELPERS:
                continue
            edits = expanded(syntax, node, f"bitfast_{_helper_name(kind, value.type.kind)}(", ")")
        else:
            continue
        if (
            edits
            and not must_be_constant(node, syntax.unit.language)
            and seen(context.evidence, FloatToInt.evidence, node)
        ):
            why = f"a {value.type.spelling} becomes {node.type.spelling} here: what does not fit differs between chips"
            yield node, SourceEdits(edits, above(node.file, *_definitions(kind, value.type.kind))), why


def _suspect(syntax: Syntax, node: Node) -> bool:
    """Whether nothing in the source bounds what is converted to what the integer holds."""
    value = node.children[-1]
    low, high = bounds(syntax, value)
    least, greatest = type_bounds(node)
    return not (least - 1 < low and high < greatest + 1) and not guarded(value)


def _rounding_call(syntax: Syntax, node: Node) -> SourceEdits | None:
    callee = node.children[0].inner() if node.children else node
    if callee.kind != "DECL_REF_EXPR" or not syntax.editable(callee) or len(node.children) != 2:
        return None
    kind = node.children[1].type.kind
    if kind not in ("FLOAT", "DOUBLE", "LONGDOUBLE"):
        return None
    # In C++, std::lrint has one name for all types.
    suffix = {"FLOAT": "f", "DOUBLE": "", "LONGDOUBLE": "l"}[kind]
    name = node.name if node.name.endswith(("f", "l")) else node.name + suffix
    type_name = {"FLOAT": "float", "DOUBLE": "double", "LONGDOUBLE": "long double"}[kind]
    result = "long long" if name.startswith("ll") else "long"
    # Not constexpr: the rounding mode of the moment counts.
    head = f"__extension__ __attribute__((__unused__)) static __inline__ {result} bitfast_{name}({type_name} x)"
    text = prelude(name.upper(), f"{head}\n{{\n    return {_ROUNDED.format(name=name)};\n}}")
    edit = Edit(node.file, callee.start, callee.end, replacement=f"bitfast_{name}")
    return SourceEdits((edit,), above(node.file, text))


def _is_constant(node: Node) -> bool:
    """Compilers fold constants, all in the same way."""
    leaves = [below for below in node.walk() if not below.children]
    return all(leaf.kind in _NUMBERS for leaf in leaves)


def _helper_name(kind: str, floating: str) -> str:
    return _HELPERS[kind][0] + ("_long_double" if floating == "LONGDOUBLE" else "")


def _definitions(kind: str, floating: str) -> tuple[str, ...]:
    """The helper and what it calls; float goes through double, which holds it exactly."""
    name, result, value, needed = _HELPERS[kind]
    type_name, suffix = ("long double", "_long_double") if floating == "LONGDOUBLE" else ("double", "")
    below = _definitions({"int_from": "INT", "int64_from": "LONG"}[needed], floating) if needed else ()
    if suffix:
        value = value.replace("_from(", f"_from{suffix}(")
        value = value.replace("x > -2147483649.0 &&", "x > -2147483649.0L &&")
    body = f"BITFAST_INLINE {result} bitfast_{name}{suffix}({type_name} x)\n{{\n    return {value};\n}}"
    return (*below, prelude(f"{name}{suffix}".upper(), body))
