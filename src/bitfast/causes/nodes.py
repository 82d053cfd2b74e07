"""Syntax trees of C and C++ as plain data: nodes with byte offsets, and which of them may be edited.

An expression may be edited when it stands in a file of the project and its text is its own:
- outside macros, or wholly inside one argument of a macro's call, or
- when it is the whole of one macro call whose definition is a parenthesised or primary expression.
What comes from the body of a macro is left alone: the text there belongs to all of its calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bitfast.words import Edit, Place, Unit

_TRANSPARENT = frozenset({"UNEXPOSED_EXPR", "PAREN_EXPR"})
INTEGERS = frozenset(
    {"CHAR_U", "UCHAR", "CHAR_S", "SCHAR", "WCHAR", "CHAR16", "CHAR32", "SHORT", "USHORT", "INT", "UINT"}
    | {"LONG", "ULONG", "LONGLONG", "ULONGLONG", "BOOL", "ENUM"}
)
FLOATS = frozenset({"FLOAT", "DOUBLE", "LONGDOUBLE", "FLOAT128", "HALF", "FLOAT16"})


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """A type as the target sees it, canonical. `kind` is libclang's name (INT, CHAR_U, …; an enumeration's is ENUM,
    with its underlying type's name in `underlying`); `size` is in bytes, of numbers alone (else negative); `written` is
    the type as the program names it."""

    kind: str
    spelling: str
    size: int
    underlying: str
    written: str

    @property
    def number(self) -> str:
        """The kind that arithmetic sees: an enumeration's underlying type."""
        return self.underlying or self.kind


@dataclass(slots=True, eq=False)
class Node:
    """One declaration, statement or expression. `file` is empty where it stands outside the project. `start` and `end`
    are byte offsets. `name` is a declaration's or callee's name, `target` identifies the declaration it refers to,
    `identity` the declaration itself, `value` is an integer literal's."""

    kind: str
    type: TypeFacts
    file: str
    start: int
    end: int
    line: int
    column: int
    last_line: int
    function: str
    parent: Node | None
    name: str = ""
    operator: str = ""
    target: int = 0
    identity: int = 0
    static: bool = False
    bit_field: bool = False
    constructs: bool = False
    value: int | None = None
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """This node and all below it, parents first."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def inner(self) -> Node:
        """The expression below parentheses and implicit conversions."""
        node = self
        while node.kind in _TRANSPARENT and len(node.children) == 1:
            node = node.children[0]
        return node

    def outer(self) -> Node:
        """The outermost node that only puts parentheses and implicit conversions around this one."""
        node = self
        while node.parent is not None and node.parent.kind in _TRANSPARENT and len(node.parent.children) == 1:
            node = node.parent
        return node

    def constant(self) -> int | None:
        """The value of an integer literal, also below signs, parentheses and conversions; None for anything else."""
        node = self.inner()
        if node.kind == "UNARY_OPERATOR" and node.operator in ("-", "+") and node.children:
            value = node.children[0].constant()
            return -value if value is not None and node.operator == "-" else value
        return node.value

    def ancestors(self) -> Iterator[Node]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


@dataclass(frozen=True)
class Macro:
    end: int
    primary: bool  # its definition is one parenthesised or primary expression


@dataclass(frozen=True, eq=False)
class Syntax:
    """What libclang says of one unit, restricted to the files of the project."""

    unit: Unit
    roots: tuple[Node, ...]
    texts: Mapping[str, bytes]
    macros: Mapping[str, Mapping[int, Macro]]
    errors: tuple[str, ...]

    def walk(self) -> Iterator[Node]:
        for root in self.roots:
            yield from root.walk()

    def text(self, node: Node) -> str:
        """The node's source; bytes that are no UTF-8 survive the way back through `edits`."""
        return self.texts[node.file][node.start : node.end].decode("utf-8", "surrogateescape")

    def place(self, node: Node) -> Place:
        return Place(node.file, node.line, node.column, node.function)

    def editable(self, node: Node) -> bool:
        """Whether the node's text is its own (the module's rule on macros)."""
        if not node.file or node.start >= node.end:
            return False
        macros = self.macros.get(node.file, {})
        macro = macros.get(node.start)
        if macro is not None:
            if macro.end > node.end:
                return False
            whole = macro.end == node.end
            if whole and not (macro.primary and _is_whole_expansion(node)):
                return False
            if not whole and not macro.primary:
                return False
        return _balanced(self.texts[node.file][node.start : node.end])

    def own(self, node: Node) -> Node | None:
        """The node, or the same value within parentheses that a macro puts around its argument; None where neither may
        be edited."""
        while not self.editable(node):
            if node.kind not in _TRANSPARENT or len(node.children) != 1:
                return None
            if node.children[0].type.kind != node.type.kind:
                return None
            node = node.children[0]
        return node

    def wrap(self, node: Node, before: str, after: str) -> Edit:
        return Edit(node.file, node.start, node.end, before, after)

    def between(self, left: Node, right: Node, token: str) -> Edit | None:
        """The place of an operator between two operands as an edit without content, to be made with `replace`;
        None when comments or macros stand there too."""
        if left.file != right.file or not left.end <= right.start:
            return None
        gap = self.texts[left.file][left.end : right.start]
        if gap.strip() != token.encode():
            return None
        start = left.end + gap.index(token.encode())
        return Edit(left.file, start, start + len(token))


def _is_whole_expansion(node: Node) -> bool:
    """Whether no written expression around the node has the same extent: then the macro stands for the node."""
    for around in node.ancestors():
        if (around.start, around.end) != (node.start, node.end):
            return True
        if around.kind != "UNEXPOSED_EXPR":
            return False
    return True


_LITERAL = re.compile(rb"\"(?:\\.|[^\"\\])*\"|(?<![0-9a-fA-F])'(?:\\.|[^'\\])*'|//[^\n]*|/\*.*?\*/", re.DOTALL)


def _balanced(text: bytes) -> bool:
    """Whether brackets pair up and no comma stands outside of them: else the stretch crosses a macro's arguments."""
    pairs = {ord(")"): ord("("), ord("]"): ord("["), ord("}"): ord("{")}
    stack: list[int] = []
    for byte in _LITERAL.sub(b" ", text):
        if byte in b"([{":
            stack.append(byte)
        elif byte in pairs:
            if not stack or stack.pop() != pairs[byte]:
                return False
        elif byte == ord(",") and not stack and b"<" not in text:  # a template's arguments may carry commas
            return False
    return not stack


_PRIMARY_HEAD = re.compile(rb"\s*(?:[A-Za-z_]\w*|\d[\w.']*|'(?:\\.|[^'])+')?\s*")
_POSTFIX_NAME = re.compile(rb"\s*(?:\.|->)\s*[A-Za-z_]\w*\s*")


def is_primary(text: bytes) -> bool:
    """Whether a macro's replacement is `(…)`, a name, a literal or a chain of calls, subscripts and members of one."""
    text = _LITERAL.sub(lambda match: b" " if match[0].startswith(b"/") else b"x" * len(match[0]), text).strip()
    if not text:
        return False
    head = _PRIMARY_HEAD.match(text)
    position = head.end() if head else 0
    if position == 0 and not text.startswith(b"("):
        return False
    while position < len(text):
        name = _POSTFIX_NAME.match(text, position)
        if name:
            position = name.end()
        elif text[position] in b"([" and (position == 0 or text[position - 1 : position] != b";"):
            depth = 0
            for index in range(position, len(text)):
                depth += (text[index] in b"([{") - (text[index] in b")]}")
                if depth == 0:
                    break
            else:
                return False
            if position == 0 and index + 1 < len(text) and text[index + 1 :].lstrip()[:1] not in (b"[", b".", b"-"):
                return False  # a cast, `(int)x`, is no primary expression
            position = index + 1
            position += len(text[position:]) - len(text[position:].lstrip())
        else:
            return False
    return True
