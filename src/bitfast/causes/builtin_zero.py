"""`__builtin_clz`, `__builtin_ctz` and their wide forms of 0."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.syntax import Node, Syntax, above, must_be_constant, parse, prelude, seen, syntaxes
from bitfast.words import Context, Edit, Finding, SourceEdits, Toggle, Unit

_ARGUMENTS = {"": "unsigned", "l": "unsigned long", "ll": "unsigned long long"}
_BUILTINS = {f"__builtin_{name}{suffix}": (name, suffix) for name in ("clz", "ctz") for suffix in _ARGUMENTS}
_HAVE_LZCNT = ("-mlzcnt", "-march=native", "-march=haswell", "-march=x86-64-v3", "-march=x86-64-v4", "-march=znver")


class BuiltinZero(Cause):
    """GCC leaves the result for 0 undefined. x86-64: BSR leaves its destination as it was, which is 0 in optimised
    code, so that clz(0) is 31 or 63; TZCNT, which GCC 12 emits for ctz, gives the width. Arm's CLZ gives the width."""

    name = "builtin-zero"
    summary = "__builtin_clz(0) and __builtin_ctz(0) are undefined: 31 on x86-64, 32 on Arm"
    advice = "test for 0 before calling the builtin"
    evidence = ("builtin",)

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        syntax = parse(unit, context)
        if syntax is not None and "builtin" in context.evidence.complete:
            for node in _calls(syntax, context):
                yield Finding(self.name, syntax.place(node), _why(node), self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        lzcnt = any(argument.startswith(_HAVE_LZCNT) for unit in context.reference_units for argument in unit.arguments)
        found: dict[SourceEdits, Toggle] = {}
        for syntax in syntaxes(context):
            for node in _calls(syntax, context):
                action = _width_for_zero(node) if lzcnt or "ctz" in node.name else _one_for_zero(syntax, node)
                if action is not None:
                    found.setdefault(action, Toggle(self.name, syntax.place(node), action, why=_why(node)))
        return found.values()


def _calls(syntax: Syntax, context: Context) -> Iterator[Node]:
    for node in syntax.walk():
        if node.kind != "CALL_EXPR" or node.name not in _BUILTINS or not node.children:
            continue
        if node.children[-1].constant() is not None or must_be_constant(node, syntax.unit.language):
            continue
        if syntax.editable(node.children[0].inner()) and seen(context.evidence, BuiltinZero.evidence, node):
            yield node


def _width_for_zero(node: Node) -> SourceEdits:
    """TZCNT and LZCNT of 0 give the width."""
    name, suffix = _BUILTINS[node.name]
    callee = node.children[0].inner()
    helper = f"bitfast_{name}{suffix}"
    body = (
        f"__extension__ BITFAST_INLINE int {helper}({_ARGUMENTS[suffix]} x)\n"
        f"{{\n    return x ? {node.name}(x) : {64 if suffix else 32};\n}}"
    )
    edit = Edit(node.file, callee.start, callee.end, replacement=helper)
    return SourceEdits((edit,), above(node.file, prelude(f"{name}{suffix}".upper(), body)))


def _one_for_zero(syntax: Syntax, node: Node) -> SourceEdits | None:
    """BSR leaves 0 where it was: GCC's 31 - 0 is what clz gives for 1."""
    argument = syntax.own(node.children[-1])
    if argument is None:
        return None
    suffix = _BUILTINS[node.name][1]
    helper, type_name = f"bitfast_one_for_zero{suffix}", _ARGUMENTS[suffix]
    body = f"__extension__ BITFAST_INLINE {type_name} {helper}({type_name} x)\n{{\n    return x ? x : 1;\n}}"
    text = prelude(f"ONE_FOR_ZERO{suffix}".upper(), body)
    return SourceEdits((syntax.wrap(argument, f"{helper}(", ")"),), above(node.file, text))


def _why(node: Node) -> str:
    return f"{node.name}(0) is undefined and differs between chips"
