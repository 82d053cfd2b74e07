"""The syntax trees of a project's C and C++ units, and what causes ask of them.

The trees themselves are `nodes`, the parser behind them is `libclang`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

from bitfast.causes import libclang
from bitfast.causes.nodes import FLOATS, INTEGERS, Node, Syntax, TypeFacts
from bitfast.words import Context, Edit, Evidence, Unit

__all__ = [
    "FLOATS",
    "INTEGERS",
    "Node",
    "Syntax",
    "TypeFacts",
    "above",
    "converted",
    "expanded",
    "has_side_effects",
    "must_be_constant",
    "parse",
    "prelude",
    "seen",
    "syntaxes",
]

_CONVERSIONS = frozenset({"UNEXPOSED_EXPR", "CSTYLE_CAST_EXPR", "CXX_STATIC_CAST_EXPR", "CXX_FUNCTIONAL_CAST_EXPR"})
# Valid from C89 and C++98 on, silent under -Wall -Wextra -pedantic where nothing calls it.
_INLINE = """\
#ifndef BITFAST_INLINE
#if defined(__cplusplus) && __cplusplus >= 201103L
#define BITFAST_INLINE __attribute__((__unused__)) static constexpr
#else
#define BITFAST_INLINE __attribute__((__unused__)) static __inline__
#endif
#endif
"""


def syntaxes(context: Context) -> Iterator[Syntax]:
    """The trees of all C and C++ units that the target's build compiled."""
    for unit in context.units:
        syntax = parse(unit, context)
        if syntax is not None:
            yield syntax


def parse(unit: Unit, context: Context) -> Syntax | None:
    """The unit's tree, None for Fortran and for a source that cannot be read. Cached.

    Raises BitfastError when libclang itself is missing.
    """
    if unit.language not in ("c", "c++"):
        return None
    return _parsed(unit, context.root, context.target, tuple(context.include_directories.get(unit.language, ())))


def seen(evidence: Evidence, kinds: tuple[str, ...], node: Node, saying: str = "") -> bool:
    """Whether a sanitizer may have spoken of this node: an event on its lines whose message contains `saying`, or one
    of the kinds was not looked for."""
    if any(kind not in evidence.complete for kind in kinds):
        return True
    return any(
        kind in kinds and place.file == node.file and node.line <= place.line <= node.last_line and saying in message
        for kind, place, message in evidence.events
    )


def has_side_effects(node: Node) -> bool:
    """Whether evaluating the expression may change something: calls, assignments, increments."""
    return any(
        below.kind in ("CALL_EXPR", "COMPOUND_ASSIGNMENT_OPERATOR", "CXX_NEW_EXPR", "CXX_DELETE_EXPR")
        or below.operator in ("=", "x++", "x--", "++x", "--x")
        for below in node.walk()
    )


def converted(node: Node) -> Node | None:
    """The expression that a cast, written or implicit, converts; None where the node is no conversion of a value."""
    return node.children[-1] if node.kind in _CONVERSIONS and node.children else None


def expanded(syntax: Syntax, node: Node, before: str, after: str) -> tuple[Edit, ...] | None:
    """`a op= b` rewritten as `a = before (a) op (b) after`; None where `a` has side effects or spans lines."""
    left, right = node.children
    operator = syntax.between(left, right, node.operator)
    if operator is None or has_side_effects(left) or not (syntax.editable(node) and syntax.editable(right)):
        return None
    text = syntax.text(left)
    if "\n" in text:
        return None
    # The blank behind the operator goes with it; a line break or a comment stays.
    blank = syntax.texts[right.file][operator.end : right.start] == b" "
    end = right.start if blank else operator.end
    written = f"= {before}({text}) {node.operator[:-1]} ("
    return (
        Edit(operator.file, operator.start, end, replacement=written),
        syntax.wrap(right, "", f"){after}"),
    )


def prelude(name: str, body: str) -> str:
    """C and C++ text that may stand above any file, and above several files of one unit: the body once."""
    return f"#ifndef BITFAST_{name}\n#define BITFAST_{name} 1\n{body.rstrip()}\n#endif\n"


def above(file: str, *preludes: str) -> tuple[tuple[str, str], ...]:
    """The preludes of an edited file, below the definition of `BITFAST_INLINE` where they use it."""
    inline = (_INLINE,) if any("BITFAST_INLINE " in text for text in preludes) else ()
    return tuple((file, text) for text in (*inline, *preludes))


def must_be_constant(node: Node, language: str) -> bool:
    """Whether a function call is not allowed here: case labels, array sizes, enumerators, template arguments and, in C,
    whatever initialises an object of static duration."""
    child = node
    for parent in node.ancestors():
        if parent.kind in ("ENUM_CONSTANT_DECL", "FIELD_DECL", "STATIC_ASSERT", "TEMPLATE_NON_TYPE_PARAMETER"):
            return True
        if parent.kind == "CASE_STMT" and parent.children and parent.children[0] is child:
            return True
        if parent.kind == "VAR_DECL" and language == "c" and (parent.static or not parent.function):
            return True
        child = parent
    return False


@functools.lru_cache(maxsize=256)
def _parsed(unit: Unit, root: Path, target: str, include_directories: tuple[str, ...]) -> Syntax | None:
    return libclang.read(unit, root, target, include_directories)
