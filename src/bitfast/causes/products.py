"""Products in source text: the barrier that keeps one from being fused, the attribute that keeps a whole function's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    """The multiplication of a C or C++ file at a place: GCC gives the operator's column."""
    found = _tree(context, place.file)
    if found is None:
        return None
    _, tree = found
    row, column = place.line - 1, place.column - 1
    for node in _within(tree.root_node, place.line):
        operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
        if operator is not None and operator.type == "*" and operator.start_point == (row, column):
            return node
    return None


def product_barrier(context: Context, place: Place) -> SourceEdits | None:
    """The product at a place kept from fusing: `__builtin_assoc_barrier` (GCC 12, C and C++), or parentheses, which
    Fortran compilers must honour (Fortran 2018, 10.1.5.2.4; gfortran's -fprotect-parens), around every product of the
    statement: gfortran gives them all one location. None if there is none, or a line of fixed form would grow beyond
    its 72 columns."""
    if language_of(place.file) == "fortran":
        products = fortran_products(context, place)
        if not products or _too_wide(context, place.file, products):
            return None
        return SourceEdits(tuple(Edit(place.file, node.start_byte, node.end_byte, "(", ")") for node in products))
    node = product_at(context, place)
    if node is None:
        return None
    return SourceEdits((Edit(place.file, node.start_byte, node.end_byte, "__builtin_assoc_barrier(", ")"),))


def fortran_products(context: Context, place: Place) -> list[Node]:
    """The products of the Fortran statement at a place, without those that are factors of another and those that stand
    in parentheses already."""
    found = _tree(context, place.file)
    if found is None:
        return []
    statements = [node for node in _within(found[1].root_node, place.line) if node.type.endswith("_statement")]
    products = [node for node in _all(statements[-1], "math_expression") if _multiplies(node)] if statements else []
    return [node for node in products if node.parent and not _multiplies(node.parent) and not _in_parentheses(node)]


def _too_wide(context: Context, file: str, products: Sequence[Node]) -> bool:
    if Path(file).suffix.lower() not in _FIXED_FORM:
        return False
    lines = (context.root / file).read_bytes().splitlines()
    rows = [node.end_point[0] for node in products]
    return any(len(lines[row].rstrip()) + 2 * rows.count(row) > 72 for row in rows)


def _multiplies(node: Node) -> bool:
    return node.type == "math_expression" and any(child.type in ("*", "**") for child in node.children)


def _in_parentheses(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "parenthesized_expression"


def product_place(context: Context, place: Place) -> Place:
    """The place with the column of its operator, which gfortran gives only roughly; in C and C++ as it is."""
    if language_of(place.file) != "fortran":
        return place
    row = place.line - 1
    signs = [child for node in fortran_products(context, place) for child in node.children if child.type in ("*", "**")]
    columns = [sign.start_point[1] + 1 for sign in signs if sign.start_point[0] == row]
    before = [column for column in columns if column <= place.column]
    return replace(place, column=max(before) if before else min(columns, default=place.column))


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
