"""Integer divisions by zero, and of the smallest number by -1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.ranges import guarded
from bitfast.causes.syntax import Node, Syntax, above, expanded, must_be_constant, parse, prelude, seen, syntaxes
from bitfast.words import Context, Edit, Finding, SourceEdits, Toggle, Unit

_TYPES = {
    "INT": ("int", "int", "__INT_MAX__"),
    "LONG": ("long", "long", "__LONG_MAX__"),
    "LONGLONG": ("long_long", "__extension__ long long", "__LONG_LONG_MAX__"),
    "UINT": ("unsigned", "unsigned", ""),
    "ULONG": ("unsigned_long", "unsigned long", ""),
    "ULONGLONG": ("unsigned_long_long", "__extension__ unsigned long long", ""),
}
_NAMES = {"/": "divide", "%": "remainder"}
# raise() under another name, so that no header's own declaration is in the way; 8 is SIGFPE on every Linux.
_RAISE = prelude("RAISE", 'extern int bitfast_raise(int) __asm__("raise");')


class IntegerDivision(Cause):
    """x86-64's DIV and IDIV trap (#DE, SIGFPE) for a divisor of 0 and a quotient that does not fit; Arm's UDIV and SDIV
    give 0 and the smallest number, RISC-V's -1 and the dividend."""

    name = "integer-division"
    summary = "dividing by zero, or the smallest integer by -1, ends the program on x86-64 and gives a number elsewhere"
    advice = "check the divisor before dividing"
    evidence = ("integer-divide-by-zero", "signed-integer-overflow")

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        syntax = parse(unit, context)
        if syntax is None:
            return
        asked = context.evidence.complete.issuperset(self.evidence)
        for node, _action, why in _divisions(syntax, context):
            if asked or _suspect(node.children[1]):
                yield Finding(self.name, syntax.place(node), why, self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        found: dict[SourceEdits, Toggle] = {}
        for syntax in syntaxes(context):
            for node, action, why in _divisions(syntax, context):
                found.setdefault(action, Toggle(self.name, syntax.place(node), action, why=why))
        return found.values()


def _divisions(syntax: Syntax, context: Context) -> Iterator[tuple[Node, SourceEdits, str]]:
    for node in syntax.walk():
        operator = node.operator.removesuffix("=")
        if operator not in _NAMES or len(node.children) != 2:
            continue
        left, right = node.children
        # The right side of `a /= b` is converted to the type in which the division happens.
        kind = node.type.kind if node.operator == operator else right.type.kind
        divisor = right.constant()
        if kind not in _TYPES or (divisor is not None and divisor not in (0, -1)):
            continue
        if must_be_constant(node, syntax.unit.language) or not seen(
            context.evidence, IntegerDivision.evidence, node, "division"
        ):
            continue
        helper = f"bitfast_{_NAMES[operator]}_{_TYPES[kind][0]}"
        if node.operator == operator:
            edits = _called(syntax, left, right, node, helper)
        else:
            edits = _called_and_assigned(syntax, left, right, node, helper)
        if edits:
            preludes = above(node.file, _RAISE, _definition(kind, operator, helper))
            why = "a division by 0 or of the smallest number by -1 ends the program on x86-64 alone"
            yield node, SourceEdits(edits, preludes), why


def _suspect(divisor: Node) -> bool:
    """Whether the source alone speaks against a divisor: 0 as written, or a difference that nothing tests."""
    inner = divisor.inner()
    difference = inner.kind == "BINARY_OPERATOR" and inner.operator == "-"
    return divisor.constant() == 0 or (difference and not guarded(inner))


def _called(syntax: Syntax, left: Node, right: Node, node: Node, helper: str) -> tuple[Edit, ...]:
    operator = syntax.between(left, right, node.operator)
    if operator is None or not all(syntax.editable(part) for part in (node, left, right)):
        return ()
    return (
        syntax.wrap(node, f"{helper}(", ")"),
        Edit(operator.file, operator.start, operator.end, replacement=","),
    )


def _called_and_assigned(syntax: Syntax, left: Node, right: Node, node: Node, helper: str) -> tuple[Edit, ...]:
    edits = expanded(syntax, node, f"{helper}(", ")")
    if not edits:
        return ()
    # `= helper((a) / (b))` becomes `= helper((a), (b))`.
    written = edits[0].replacement or ""
    comma = written.rstrip(" (").removesuffix(node.operator[:-1]).rstrip() + ", ("
    return (Edit(edits[0].file, edits[0].start, edits[0].end, replacement=comma), *edits[1:])


def _definition(kind: str, operator: str, helper: str) -> str:
    _, type_name, largest = _TYPES[kind]
    plain = type_name.removeprefix("__extension__ ")
    extension = "__extension__ " if plain != type_name else ""
    overflow = f" || (b == -1 && a == -{largest} - 1)" if largest else ""
    body = (
        f"{extension}BITFAST_INLINE {plain} {helper}({plain} a, {plain} b)\n"
        f"{{\n    return b == 0{overflow} ? (bitfast_raise(8), ({plain})0) : a {operator} b;\n}}"
    )
    return prelude(helper.removeprefix("bitfast_").upper(), body)
