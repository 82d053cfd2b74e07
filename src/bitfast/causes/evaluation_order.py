"""The order in which the arguments of a call are evaluated."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.syntax import FLOATS, INTEGERS, Node, Syntax, has_side_effects, parse, syntaxes
from bitfast.words import Context, Edit, Finding, SourceEdits, Toggle, Unit

# Functions of the C and C++ libraries whose calls change nothing that another argument could see.
_PURE_WORDS = """
    abs labs llabs atan2 atof atoi atol cbrt ceil copysign cos cosh erf exp exp2 expm1 fabs floor fmax fmin fmod
    hypot isalnum isalpha isdigit islower ispunct isspace isupper isxdigit ldexp lgamma log log10 log1p log2 lrint
    lround memcmp nearbyint pow rint round sin sinh sqrt strcasecmp strchr strcmp strcspn strlen strncmp strrchr
    strspn strstr tan tanh tgamma toupper tolower trunc sinf cosf tanf sqrtf expf logf powf fabsf floorf ceilf
"""
_PURE_MEMBERS = """
    operator[] operator* operator-> operator+ operator- operator== operator!= operator< operator> size length begin end
    cbegin cend c_str data empty at front back substr to_string move forward make_pair min max
"""
_PURE = frozenset((_PURE_WORDS + _PURE_MEMBERS).split())
_CHANGING = frozenset({"=", "x++", "x--", "++x", "--x"})
_SCALARS = INTEGERS | FLOATS | {"POINTER", "INT128", "UINT128"}
_NAMES = frozenset({"TYPE_REF", "NAMESPACE_REF", "TEMPLATE_REF"})
# C++ expressions that may be lvalues bound to a reference: a copy would not be the object itself.
_LVALUES = frozenset({"DECL_REF_EXPR", "ARRAY_SUBSCRIPT_EXPR", "MEMBER_REF_EXPR", "PAREN_EXPR", "CONDITIONAL_OPERATOR"})
_NAME = re.compile(r"[A-Za-z_]\w*")


class EvaluationOrder(Cause):
    """C17 6.5.2.2 and C++17 [expr.call] leave the order of arguments open: GCC goes from the last to the first on
    x86-64 and from the first to the last on Arm."""

    name = "evaluation-order"
    summary = "GCC evaluates the arguments of a call from the last to the first on x86-64, from the first on Arm"
    advice = "evaluate arguments with side effects into variables before the call"

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        syntax = parse(unit, context)
        if syntax is None:
            return
        for node in _calls(syntax):
            if _suspect(syntax, _arguments(node)):
                yield Finding(self.name, syntax.place(node), _why(node), self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        found: dict[SourceEdits, Toggle] = {}
        for syntax in syntaxes(context):
            for node in _calls(syntax):
                edits = _reversed(syntax, node)
                if edits:
                    action = SourceEdits(edits)
                    found.setdefault(action, Toggle(self.name, syntax.place(node), action, why=_why(node)))
        return found.values()


def _calls(syntax: Syntax) -> Iterator[Node]:
    """Calls of functions, whose arguments can influence each other. Overloaded operators are left out:
    C++17 orders most of them, and operands of class type cannot be held in a variable without a copy."""
    variables = [node for node in syntax.walk() if node.kind == "VAR_DECL"]
    globals_of_unit = {node.identity for node in variables if node.static or not node.function}
    for node in syntax.walk():
        if node.kind != "CALL_EXPR" or not node.function or not node.file or node.name.startswith("operator"):
            continue
        arguments = _arguments(node)
        changing = [argument for argument in arguments if _changes(argument)]
        if not changing or len(arguments) < 2:
            continue
        others = [argument for argument in arguments if argument is not changing[0]]
        if len(changing) > 1 or any(_reads(other, changing[0], globals_of_unit) for other in others):
            yield node


def _suspect(syntax: Syntax, arguments: list[Node]) -> bool:
    """Whether the source alone shows that the order counts: one argument changes a variable that another reads, or two
    make the same call, `next(), next()`, of a function not known to be pure. Other calls are left to checks."""
    for one, other in itertools.permutations(arguments, 2):
        changed = {step.children[0].inner().target for step in one.walk() if _steps(step) and step.children} - {0}
        if changed & {step.target for step in other.walk() if step.kind == "DECL_REF_EXPR"}:
            return True
        if one.start < other.start and _stateful_calls(syntax, one) & _stateful_calls(syntax, other):
            return True
    return False


def _stateful_calls(syntax: Syntax, argument: Node) -> set[str]:
    return {
        syntax.text(below)
        for below in argument.walk()
        if below.kind == "CALL_EXPR" and below.file and not below.constructs and below.name and _changes(below)
        if not below.name.startswith("operator") and below.name not in _quiet(syntax)
    }


@functools.lru_cache(maxsize=8)
def _quiet(syntax: Syntax) -> frozenset[str]:
    """Functions of the unit that change their own variables alone, and call none that changes others."""
    bodies = {
        node.name: node
        for node in syntax.walk()
        if node.kind in ("FUNCTION_DECL", "CXX_METHOD")
        and any(child.kind == "COMPOUND_STMT" for child in node.children)
    }
    loud = {name for name, body in bodies.items() if _changes_others(body)}
    while more := {name for name in bodies.keys() - loud if _called(bodies[name]) & loud}:
        loud |= more
    return frozenset(bodies.keys() - loud)


def _called(body: Node) -> set[str]:
    return {below.name for below in body.walk() if below.kind == "CALL_EXPR"}


def _changes_others(body: Node) -> bool:
    nodes = list(body.walk())
    own = {node.identity for node in nodes if node.kind in ("VAR_DECL", "PARM_DECL") and not node.static}
    changed = [node.children[0].inner() for node in nodes if _steps(node) and node.children]
    return any(target.kind != "DECL_REF_EXPR" or target.target not in own for target in changed)


def _arguments(call: Node) -> list[Node]:
    """The written ones, behind the function or the constructed type; default arguments stand elsewhere."""
    names = [child for child in call.children if child.kind in _NAMES]
    written = call.children[len(names) :] if names else call.children[1:]
    return [child for child in written if call.start <= child.start < child.end <= call.end]


def _changes(node: Node) -> bool:
    return any(
        below.operator in _CHANGING
        or below.kind == "COMPOUND_ASSIGNMENT_OPERATOR"
        or (below.kind == "CALL_EXPR" and not below.constructs and below.name.removeprefix("__builtin_") not in _PURE)
        for below in node.walk()
    )


def _reads(node: Node, changing: Node, globals_of_unit: set[int]) -> bool:
    """Whether the value may depend on what the other argument changes: memory that it can reach, or its variable."""
    steps = list(changing.walk())
    changed = {step.children[0].inner().target for step in steps if _steps(step) and step.children}
    if any(step.operator == "&" and len(step.children) == 1 for step in steps):  # a variable is lent out
        changed |= {step.target for step in steps if step.kind == "DECL_REF_EXPR"}
    calls = any(step.kind == "CALL_EXPR" for step in steps)
    for below in node.walk():
        loads = below.kind in ("ARRAY_SUBSCRIPT_EXPR", "MEMBER_REF_EXPR") or (
            below.operator == "*" and below.kind == "UNARY_OPERATOR"
        )
        if loads or (below.kind == "DECL_REF_EXPR" and below.type.kind in _SCALARS and below.target in changed):
            return True
        if calls and below.kind == "DECL_REF_EXPR" and below.target in globals_of_unit:
            return True
    return False


def _steps(node: Node) -> bool:
    return node.operator in _CHANGING or node.kind == "COMPOUND_ASSIGNMENT_OPERATOR"


def _reversed(syntax: Syntax, call: Node) -> tuple[Edit, ...]:
    """The call as a statement expression that evaluates its arguments from the last to the first.

    `f(a, b)` becomes `({ A v1; B v2; for (int i = 2; i > 0; i--) { if (i == 1) v1 = (a); else if (i == 2) v2 = (b); }
    f(v1, v2); })`: the arguments stay where they are, so that other edits may change them.
    """
    callee, arguments = call.children[0], _arguments(call)
    cxx = syntax.unit.language == "c++"
    if call.children[-1:] != arguments[-1:] or callee.start != call.start or not syntax.editable(call):
        return ()
    called = callee.kind in _NAMES or callee.inner().kind in ("DECL_REF_EXPR", "MEMBER_REF_EXPR")
    if not called or has_side_effects(callee) or not all(syntax.editable(argument) for argument in arguments):
        return ()
    held = [_fits_a_variable(argument, cxx) for argument in arguments]
    # An object or a reference is named in the call itself: that reads nothing before the call.
    if not all(fits or _NAME.fullmatch(syntax.text(argument)) for fits, argument in zip(held, arguments, strict=True)):
        return ()
    if call.type.kind not in _SCALARS | {"VOID", "RECORD"} or _is_lvalue_use(call):
        return ()
    text = syntax.texts[call.file]
    gaps = [(left.end, right.start) for left, right in itertools.pairwise(arguments)]
    opening, closing = (call.start, arguments[0].start), (arguments[-1].end, call.end)
    head = text[slice(*opening)].decode("utf-8", "surrogateescape").rstrip()
    if any(text[slice(*gap)].strip() != b"," for gap in gaps) or text[slice(*closing)].strip() != b")":
        return ()
    if not head.endswith("(") or "\n" in head:
        return ()
    step = f"bitfast_{call.start}"
    names = [
        f"{step}_{index}" if fits else syntax.text(argument)
        for index, (fits, argument) in enumerate(zip(held, arguments, strict=True), 1)
    ]
    variables = " ".join(
        f"{_declared(argument, name)};" for fits, argument, name in zip(held, arguments, names, strict=True) if fits
    )
    takes = [f"{name} = (" if fits else "(void)(" for fits, name in zip(held, names, strict=True)]
    loop = f"for ({step} = {len(names)}; {step} > 0; {step}--)"
    pieces = [
        (opening, f"__extension__ ({{ {variables} int {step}; {loop} {{ if ({step} == 1) {takes[0]}"),
        *((gap, f"); else if ({step} == {index}) {takes[index - 1]}") for index, gap in enumerate(gaps, 2)),
        (closing, f"); }} {head}{', '.join(names)}); }})"),
    ]
    return tuple(
        Edit(call.file, start, end, replacement=written + "\n" * text.count(b"\n", start, end))
        for (start, end), written in pieces
    )


def _fits_a_variable(argument: Node, cxx: bool) -> bool:
    spelling = argument.type.spelling
    if argument.type.kind not in _SCALARS or any(mark in spelling for mark in ("(", "[", "&", "lambda", "unnamed")):
        return False
    return not (cxx and (argument.kind in _LVALUES or (argument.operator in _CHANGING and argument.operator[0] != "x")))


def _declared(argument: Node, name: str) -> str:
    spelling = argument.type.spelling
    if not spelling.endswith("*"):
        spelling = spelling.removeprefix("const ").removeprefix("volatile ")
    return f"{spelling.removesuffix('const').rstrip()} {name}"


def _is_lvalue_use(call: Node) -> bool:
    """Whether the result is used as an object: assigned to, its address taken, a member of it."""
    above = call.outer().parent
    if above is None or above.kind == "MEMBER_REF_EXPR":
        return True
    return (above.operator in _CHANGING or (above.operator == "&" and len(above.children) == 1)) and (
        above.children[0].inner() is call
    )


def _why(node: Node) -> str:
    called = node.name or "this call"
    return f"the arguments of {called} depend on each other: GCC evaluates the last one first on x86-64 only"
