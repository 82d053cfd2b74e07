"""Products in source text: the barrier that keeps one from being fused, the attribute that keeps a whole function's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import tree_sitter_c
import tree_sitter_cpp
import tree_sitter_fortran
from tree_sitter import Language, Node, Parser, Tree

from bitfast.words import Context, Edit, Place, SourceEdits

_LANGUAGES = {
    "c": Language(tree_sitter_c.language()),
    "c++": Language(tree_sitter_cpp.language()),
    "fortran": Language(tree_sitter_fortran.language()),
}
_FIXED_FORM = (".f", ".for", ".f77")
_FORTRAN = (".f", ".for", ".f77", ".f90", ".f95", ".f03", ".f08")


def language_of(file: str) -> str:
    """The language of a file by its name; C++ for headers, whose grammar reads C as well."""
    suffix = Path(file).suffix
    if suffix.lower() in _FORTRAN:
        return "fortran"
    return "c" if suffix == ".c" else "c++"


@lru_cache(maxsize=64)
def _parsed(text: bytes, language: str) -> Tree:
    return Parser(_LANGUAGES[language]).parse(text)


def _tree(context: Context, file: str) -> tuple[bytes, Tree] | None:
    path = context.root / file
    if not path.is_file():
        return None
    text = path.read_bytes()
    return text, _parsed(text, language_of(file))


def _within(node: Node, line: int) -> Iterator[Node]:
    """All nodes that touch a line (counted from 1), outer ones first."""
    if node.start_point[0] <= line - 1 <= node.end_point[0]:
        yield node
        for child in node.children:
            yield from _within(child, line)


def product_at(context: Context, place: Place) -> Node | None:
    """The multiplication at a place. GCC gives the operator's column in C and C++; gfortran one at or behind it."""
    found = _tree(context, place.file)
    if found is None:
        return None
    _, tree = found
    row, column = place.line - 1, place.column - 1
    if language_of(place.file) == "fortran":
        products = [
            node
            for node in _within(tree.root_node, place.line)
            if node.type == "math_expression" and any(child.type == "*" for child in node.children)
        ]
        holding = [node for node in products if node.start_point <= (row, column) < node.end_point]
        return min(holding, key=lambda node: node.end_byte - node.start_byte) if holding else None
    for node in _within(tree.root_node, place.line):
        operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
        if operator is not None and operator.type == "*" and operator.start_point == (row, column):
            return node
    return None


def product_barrier(context: Context, place: Place) -> SourceEdits | None:
    """The product at a place kept from fusing: `__builtin_assoc_barrier` (GCC 12, C and C++), or parentheses, which
    Fortran compilers must honour (Fortran 2018, 10.1.5.2.4; gfortran's -fprotect-parens). None if it is not found."""
    if language_of(place.file) == "fortran":
        return _parentheses(context, place)
    node = product_at(context, place)
    if node is None:
        return None
    return SourceEdits((Edit(place.file, node.start_byte, node.end_byte, "__builtin_assoc_barrier(", ")"),))


def _parentheses(context: Context, place: Place) -> SourceEdits | None:
    """Parentheses around the product at a place, or around all that are summed in its statement where gfortran gives no
    more than the statement's end. None where a line of fixed form would grow beyond its 72 columns."""
    found = _tree(context, place.file)
    if found is None:
        return None
    text, tree = found
    node = product_at(context, place)
    products = [node] if node is not None else list(_summed(tree.root_node, place.line))
    lines = text.splitlines()
    fixed = Path(place.file).suffix.lower() in _FIXED_FORM
    for row in {product.end_point[0] for product in products} if fixed else ():
        added = 2 * sum(product.end_point[0] == row for product in products)
        if len(lines[row].rstrip()) + added > 72:
            return None
    edits = tuple(Edit(place.file, product.start_byte, product.end_byte, "(", ")") for product in products)
    return SourceEdits(edits) if edits else None


def _summed(root: Node, line: int) -> Iterator[Node]:
    """The products of a Fortran statement that a sum or an assignment uses as they are: those that may be fused."""
    for node in _within(root, line):
        parent = node.parent
        if parent is None or not _has(node, "*", "**"):
            continue
        if parent.type in ("unary_expression", "assignment_statement") or _has(parent, "+", "-"):
            yield node


def _has(node: Node, *operators: str) -> bool:
    return node.type == "math_expression" and any(child.type in operators for child in node.children)


def function_attribute(context: Context, place: Place) -> SourceEdits | None:
    """The function around a place compiled without contraction; None in Fortran, which has no such attribute."""
    found = _tree(context, place.file)
    if found is None or language_of(place.file) == "fortran":
        return None
    _, tree = found
    functions = [node for node in _within(tree.root_node, place.line) if node.type == "function_definition"]
    if not functions:
        return None
    start = functions[-1].start_byte
    return SourceEdits((Edit(place.file, start, start, '__attribute__((optimize("fp-contract=off"))) '),))


def clang_barriers(context: Context, file: str) -> Iterator[tuple[Place, SourceEdits]]:
    """Every function of a C or C++ file that multiplies, with the edit that forbids Clang contraction in its body
    (Clang manual, "Extensions to specify floating-point flags")."""
    found = _tree(context, file)
    if found is None or language_of(file) == "fortran":
        return
    text, tree = found
    for node in _all(tree.root_node, "function_definition"):
        body = node.child_by_field_name("body")
        if body is None or body.type != "compound_statement" or b"*" not in text[body.start_byte : body.end_byte]:
            continue
        place = Place(file, node.start_point[0] + 1, 0)
        place = replace(place, function=function_name(context, replace(place, line=body.start_point[0] + 1)))
        start = body.start_byte + 1
        yield place, SourceEdits((Edit(file, start, start, ' _Pragma("clang fp contract(off)")'),))


def _all(node: Node, kind: str) -> Iterator[Node]:
    if node.type == kind:
        yield node
    for child in node.children:
        yield from _all(child, kind)


def function_name(context: Context, place: Place) -> str:
    """The name of the function around a place as the source writes it; "" outside of functions."""
    found = _tree(context, place.file)
    if found is None:
        return ""
    text, tree = found
    kinds = ("function_definition", "function", "subroutine", "program")
    functions = [node for node in _within(tree.root_node, place.line) if node.type in kinds]
    if not functions:
        return ""
    node: Node | None = functions[-1]
    while node is not None and node.type not in ("identifier", "field_identifier", "qualified_identifier", "name"):
        inner = node.child_by_field_name("declarator")
        if inner is None:
            inner = next(
                (child for child in node.children if child.type.endswith(("_statement", "identifier", "name"))), None
            )
        node = inner
    return text[node.start_byte : node.end_byte].decode(errors="replace") if node is not None else ""
