"""Plain `char` has another sign on the target."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.syntax import FLOATS, INTEGERS, Node, Syntax, converted, expanded, parse, syntaxes
from bitfast.words import Context, Edit, Finding, Flags, SourceEdits, Toggle, Unit

_COMPARED = frozenset({"<", ">", "<=", ">=", "==", "!="})
_ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "^", ">>"})
# Operators whose low bits do not depend on the bits above: what is cut back to a byte cannot show the sign.
_MODULAR = frozenset({"+", "-", "*", "&", "|", "^", "~", "<<"})
# Functions that convert their argument back to a character.
_TAKE_A_CHARACTER = frozenset(
    {"putchar", "putc", "fputc", "putchar_unlocked", "putc_unlocked", "memset", "memchr", "strchr", "strrchr", "index"}
)
_PLAIN_CHAR = re.compile(r"(?<!signed )\bchar\b")


class CharSign(Cause):
    """Plain `char` is signed on x86-64, unsigned on Arm, RISC-V, POWER and s390x (each ABI's fundamental types)."""

    name = "char-sign"
    summary = "plain char is signed on x86-64 and unsigned on Arm: bytes above 127 become other numbers"
    advice = "write signed char or unsigned char where a char is used as a number, and int where it may hold EOF"
    switch = Flags(("-fsigned-char",))
    languages = ("c", "c++")
    tier = 1

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        syntax = parse(unit, context)
        if syntax is None:
            return
        for node, _edits, why in _uses(syntax):
            if _suspect(syntax, node):
                yield Finding(self.name, syntax.place(node), why, self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        found: dict[tuple[Edit, ...], Toggle] = {}
        for syntax in syntaxes(context):
            for node, edits, why in _uses(syntax):
                found.setdefault(edits, Toggle(self.name, syntax.place(node), SourceEdits(edits), why=why))
        return found.values()


def _suspect(syntax: Syntax, node: Node) -> bool:
    """Whether the char is used as a number: compared, an index, returned, or in arithmetic. `c - '0'` and the like are
    left out, and tests of a range of ASCII, which no byte above 127 passes with either sign."""
    outer = node.outer()
    above = outer.parent
    if above is None:
        return False
    if above.operator in _COMPARED:
        return not _tests_ascii(syntax, node, above)
    if above.kind == "BINARY_OPERATOR" and above.operator in _ARITHMETIC:
        return all(other.constant() is None for other in above.children) or above.operator in ("+", "*")
    kinds = ("ARRAY_SUBSCRIPT_EXPR", "FIELD_DECL", "RETURN_STMT", "COMPOUND_ASSIGNMENT_OPERATOR")
    return node.bit_field or above.kind in kinds


def _tests_ascii(syntax: Syntax, node: Node, comparison: Node) -> bool:
    """Whether the comparison is one half of `c >= 'a' && c <= 'z'` or of `c < 'a' || c > 'z'`."""
    both = comparison.outer().parent
    if both is None or both.operator not in ("&&", "||") or len(both.children) != 2 or not node.file:
        return False
    halves = [child.inner() for child in both.children]
    signs = {half.operator[:1] for half in halves if len(half.children) == 2}
    constants = [half.children[1].constant() for half in halves if len(half.children) == 2]
    same = {syntax.text(half.children[0].inner()) for half in halves if half.children and half.children[0].inner().file}
    return signs == {"<", ">"} and len(same) == 1 and all(c is not None and 0 <= c <= 127 for c in constants)


def _uses(syntax: Syntax) -> Iterator[tuple[Node, tuple[Edit, ...], str]]:
    """Every place where the sign of a character can show, with the edits that write it out as on the reference."""
    if _sign_is_chosen(syntax.unit):
        return
    joined: dict[int, list[Node]] = {}
    for node in syntax.walk():
        if node.bit_field and node.type.kind == "CHAR_U":
            yield from _bit_field(syntax, node)
        elif node.kind == "COMPOUND_ASSIGNMENT_OPERATOR" and node.children[0].type.kind == "CHAR_U":
            # `c += 1` works on the low bits alone; these do not.
            if node.operator in (">>=", "/=", "%="):
                edits = expanded(syntax, node, "(signed char)", "")
                if edits:
                    yield node, edits, "a plain char is shifted or divided here: its sign counts on x86-64"
        elif _shows_sign(node, syntax.unit.language):
            written = syntax.own(node)
            if written is not None:
                above = node.outer().parent
                # Both operands of one operator belong together: with one of them alone nothing changes.
                key = id(above) if above is not None and above.kind == "BINARY_OPERATOR" else id(node)
                joined.setdefault(key, []).append(written)
    for nodes in joined.values():
        edits = tuple(syntax.wrap(node, _cast(node, syntax.unit.language), ")") for node in nodes)
        yield nodes[0], edits, _why(nodes[0])


def _sign_is_chosen(unit: Unit) -> bool:
    """Whether the build says itself which sign a plain char has."""
    return any(argument in ("-fsigned-char", "-funsigned-char") for argument in unit.arguments)


def _bit_field(syntax: Syntax, node: Node) -> Iterator[tuple[Node, tuple[Edit, ...], str]]:
    if not syntax.editable(node):
        return
    char = _PLAIN_CHAR.search(syntax.text(node))
    if char is not None and "unsigned" not in syntax.text(node)[: char.start()]:
        start = node.start + len(syntax.text(node)[: char.start()].encode("utf-8", "surrogateescape"))
        why = f"the bit-field {node.name} of type char is signed on x86-64 and unsigned on Arm"
        yield node, (Edit(node.file, start, start, "signed "),), why


def _shows_sign(node: Node, language: str) -> bool:
    """Whether the node is the whole of a character expression whose sign the expression around it can see."""
    if node.kind == "CHARACTER_LITERAL" and language == "c":
        return node.value is not None and 127 < node.value <= 255 and _sign_is_seen(node)
    parent = node.parent
    if node.type.kind != "CHAR_U" or parent is None or (node.value is not None and 0 <= node.value <= 127):
        return False
    if parent.kind == "ARRAY_SUBSCRIPT_EXPR":
        return parent.children[-1] is node
    if converted(parent) is not node or parent.type.kind == "CHAR_U":
        return False
    number = parent.type.number
    if number in FLOATS:
        return True
    return number in INTEGERS and number != "BOOL" and parent.type.size > 1 and _sign_is_seen(parent)


def _sign_is_seen(widened: Node) -> bool:
    """Whether something can depend on the upper bits of a widened character."""
    node = widened.outer()
    above = node.parent
    if above is None:
        return True
    if above.kind == "BINARY_OPERATOR" and len(above.children) == 2:
        other = above.children[1] if above.children[0] is node else above.children[0]
        value = other.constant()
        if above.operator in ("==", "!="):
            return not (_is_character(other) or (value is not None and 0 <= value <= 127))
        if above.operator == "&" and value is not None and 0 <= value <= 255:
            return False
    if above.kind == "SWITCH_STMT":
        labels = [below.children[0].constant() for below in above.walk() if below.kind == "CASE_STMT"]
        return any(label is None or not 0 <= label <= 127 for label in labels)
    if above.kind == "CALL_EXPR" and above.name in _TAKE_A_CHARACTER:
        return False
    return not _cut_back(widened)


def _cut_back(widened: Node) -> bool:
    """Whether the value goes through modular operators alone into a byte."""
    child = widened
    for above in widened.ancestors():
        if above.kind in ("UNEXPOSED_EXPR", "CSTYLE_CAST_EXPR", "CXX_STATIC_CAST_EXPR", "CXX_FUNCTIONAL_CAST_EXPR"):
            if above.type.number in ("CHAR_U", "UCHAR", "SCHAR"):
                return True
            if above.type.number not in INTEGERS or above.type.number == "BOOL":
                return False
        elif above.kind in ("BINARY_OPERATOR", "UNARY_OPERATOR"):
            if above.operator not in _MODULAR or (above.operator == "<<" and above.children[0] is not child):
                return False
        elif above.kind == "COMPOUND_ASSIGNMENT_OPERATOR":
            return above.operator[:-1] in _MODULAR and above.operator != "<<=" and above.type.size == 1
        elif above.kind != "PAREN_EXPR":
            return False
        child = above
    return False


def _is_character(node: Node) -> bool:
    """A plain char below what widens it, or C's literal of one: equal chars are equal whatever their sign."""
    inner = node.inner()
    return inner.type.kind == "CHAR_U" or (inner.kind == "CHARACTER_LITERAL" and 0 <= (inner.value or 0) <= 255)


def _cast(node: Node, language: str) -> str:
    listed = node.parent is not None and node.parent.parent is not None and node.parent.parent.kind == "INIT_LIST_EXPR"
    if listed and language == "c++" and node.parent is not None:  # braces forbid signed char to unsigned
        return f"({node.parent.type.spelling})(signed char)("
    return "(signed char)("


def _why(node: Node) -> str:
    above = node.outer().parent
    if above is not None and above.operator in _COMPARED:
        return "a plain char is compared here with what can be negative or above 127"
    if above is not None and above.kind == "ARRAY_SUBSCRIPT_EXPR":
        return "a plain char is an array index here: negative on x86-64 for bytes above 127"
    return "a plain char becomes a wider number here: bytes above 127 are negative on x86-64 and positive on Arm"
