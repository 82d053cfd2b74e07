"""The value of strcmp, memcmp and their relatives where more than its sign is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.syntax import Node, Syntax, above, must_be_constant, parse, prelude, syntaxes
from bitfast.words import Context, Edit, Finding, SourceEdits, Toggle, Unit

# x86-64's glibc returns the difference of the first bytes that differ, as unsigned char (sysdeps/x86_64/multiarch);
# aarch64's memcmp returns -1, 0 or 1, and GCC expands calls with constants in each back end's own way.
_LOOP = """\
    const unsigned char *p = (const unsigned char *)a, *q = (const unsigned char *)b;
    {loop}
    return {result};"""
_STRINGS = "const char *a, const char *b"
_SIZE = "__SIZE_TYPE__ n"
_BOUNDED = "if (n == 0) return 0;\n    "
_LOWER = "__builtin_tolower(*p) == __builtin_tolower(*q)"
_DIFFERENCE = "*p - *q"
_LOWER_DIFFERENCE = "__builtin_tolower(*p) - __builtin_tolower(*q)"
_FUNCTIONS = {
    "strcmp": (_STRINGS, "while (*p && *p == *q) { ++p; ++q; }", _DIFFERENCE),
    "strncmp": (f"{_STRINGS}, {_SIZE}", _BOUNDED + "while (--n && *p && *p == *q) { ++p; ++q; }", _DIFFERENCE),
    "memcmp": (
        f"const void *a, const void *b, {_SIZE}",
        _BOUNDED + "while (--n && *p == *q) { ++p; ++q; }",
        _DIFFERENCE,
    ),
    "strcasecmp": (_STRINGS, f"while (*p && {_LOWER}) {{ ++p; ++q; }}", _LOWER_DIFFERENCE),
    "strncasecmp": (
        f"{_STRINGS}, {_SIZE}",
        _BOUNDED + f"while (--n && *p && {_LOWER}) {{ ++p; ++q; }}",
        _LOWER_DIFFERENCE,
    ),
}
_RELATIONS = frozenset({"<", ">", "<=", ">=", "==", "!="})
_CONDITIONS = frozenset({"IF_STMT", "WHILE_STMT", "DO_STMT", "FOR_STMT", "CONDITIONAL_OPERATOR"})
_BODIES = frozenset({"FUNCTION_DECL", "CXX_METHOD", "FUNCTION_TEMPLATE", "CONSTRUCTOR", "DESTRUCTOR"})


class StringOrder(Cause):
    """C17 7.24.4 promises the sign of strcmp's and memcmp's result, nothing else."""

    name = "string-order"
    summary = "strcmp and memcmp promise a sign only: how far from 0 the result is differs between C libraries"
    advice = "use only whether the result is less than, equal to or greater than 0"

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        syntax = parse(unit, context)
        if syntax is not None:
            for node in _calls(syntax):
                if not _is_returned(node):
                    yield Finding(self.name, syntax.place(node), _why(node), self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        found: dict[SourceEdits, Toggle] = {}
        for syntax in syntaxes(context):
            for node in _calls(syntax):
                callee = node.children[0].inner()
                name = _function(node)
                edit = Edit(node.file, callee.start, callee.end, replacement=f"bitfast_{name}")
                action = SourceEdits((edit,), above(node.file, _definition(name)))
                found.setdefault(action, Toggle(self.name, syntax.place(node), action, why=_why(node)))
        return found.values()


def _calls(syntax: Syntax) -> Iterator[Node]:
    for root in syntax.roots:
        for node in root.walk():
            if node.kind != "CALL_EXPR" or _function(node) not in _FUNCTIONS or not node.children:
                continue
            callee = node.children[0].inner()
            if callee.kind != "DECL_REF_EXPR" or not syntax.editable(callee):
                continue
            if not _sign_is_enough(node) and not must_be_constant(node, syntax.unit.language):
                yield node


def _function(node: Node) -> str:
    return node.name.removeprefix("__builtin_")


def _sign_is_enough(call: Node) -> bool:
    """Whether the program looks at the result's sign alone, at once or through a local variable."""
    if _only_sign(call):
        return True
    variable = _assigned_to(call)
    if not variable:
        return False
    body = next((around for around in call.ancestors() if around.kind in _BODIES), None)
    if body is None:
        return False
    uses = [node for node in body.walk() if node.kind == "DECL_REF_EXPR" and node.target == variable]
    return all(_only_sign(use) or _is_overwritten(use) for use in uses)


def _only_sign(node: Node) -> bool:
    node = node.outer()
    around = node.parent
    if around is None:
        return False
    if around.operator in _RELATIONS:
        return any(child is not node and child.constant() == 0 for child in around.children)
    if around.operator in ("!", "&&", "||") or around.kind == "COMPOUND_STMT":
        return True
    if around.operator == "-" and around.kind == "UNARY_OPERATOR":
        return _only_sign(around)
    if around.kind == "CONDITIONAL_OPERATOR" and around.children[0] is not node:
        return _only_sign(around)
    if around.operator == "=" and around.children[1] is node and around.outer().parent is not None:
        return _only_sign(around) and not _assigned_to(node)
    return around.kind in _CONDITIONS and node.type.size > 0


def _assigned_to(call: Node) -> int:
    """The local variable that takes the result, 0 where there is none."""
    node = call.outer()
    around = node.parent
    if around is None:
        return 0
    if around.kind == "VAR_DECL" and around.function and not around.static:
        return around.identity
    if around.operator == "=" and around.children[1] is node and around.children[0].kind == "DECL_REF_EXPR":
        target = around.children[0].target
        body = next((around for around in call.ancestors() if around.kind in _BODIES), None)
        declared = body.walk() if body is not None else iter(())
        if any(inner.kind == "VAR_DECL" and inner.identity == target and not inner.static for inner in declared):
            used = around.outer().parent
            plain = used is not None and used.kind in ("COMPOUND_STMT", "IF_STMT", "CASE_STMT", "DEFAULT_STMT")
            return target if plain or _only_sign(around) else 0
    return 0


def _is_overwritten(use: Node) -> bool:
    around = use.parent
    return around is not None and around.operator == "=" and around.children[0] is use


def _is_returned(call: Node) -> bool:
    """Comparison functions hand the result on; their callers mostly use its sign."""
    around = call.outer().parent
    return around is not None and around.kind == "RETURN_STMT"


def _definition(name: str) -> str:
    parameters, loop, result = _FUNCTIONS[name]
    body = _LOOP.format(loop=loop, result=result)
    head = f"__attribute__((__unused__)) static __inline__ int bitfast_{name}({parameters})"
    return prelude(name.upper(), f"{head}\n{{\n{body}\n}}")


def _why(node: Node) -> str:
    return f"more than the sign of {_function(node)}'s result is used; its size differs between C libraries"
