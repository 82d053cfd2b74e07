"""The syntax trees of a project's C and C++ units, and what causes ask of them.

The trees themselves are `nodes`, the parser behind them is `libclang`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

from bitfast.causes import libclang
from bitfast.causes.nodes import FLOATS, INTEGERS, Node, Syntax, TypeFacts
from bitfast.words import Context, Evidence, Unit

__all__ = ["FLOATS", "INTEGERS", "Node", "Syntax", "TypeFacts", "must_be_constant", "parse", "seen", "syntaxes"]


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


def seen(evidence: Evidence, kinds: tuple[str, ...], node: Node) -> bool:
    """Whether a sanitizer may have spoken of this node: an event on its lines, or a kind that nobody looked for."""
    if any(kind not in evidence.complete for kind in kinds):
        return True
    return any(
        place.file == node.file and node.line <= place.line <= node.last_line
        for kind in kinds
        for place in evidence.places(kind)
    )


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
