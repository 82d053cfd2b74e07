"""How a JSON document is written outside its masked members: space, order, repeated names, the way of each number."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from bitfast.check.formats.base import Key

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\s+')


@dataclass
class _Container:
    """An object or array that is open, and where the walk stands in it."""

    pointer: str
    is_object: bool
    naming: bool
    index: int = 0
    emitted: bool = False  # a member that is not masked was met
    space: list[str] | None = None  # before its first member
    member: str = ""  # the pointer of the member at hand

    def starts(self, token: str) -> bool:
        """Whether a member begins with this token; it is the one at hand then."""
        if self.is_object and not self.naming:
            return False
        name = str(json.loads(token)).replace("~", "~0").replace("/", "~1") if self.is_object else str(self.index)
        self.member = f"{self.pointer}/{name}"
        return True


def outside(text: str, masked: frozenset[Key]) -> str:
    """A valid document without its masked members, each with the comma and the space that part it from the others."""
    if ("",) in masked:
        return ""
    kept: list[str] = []
    pending: list[str] = []  # space and a comma that belong to what follows
    open_ones: list[_Container] = []
    hidden_at = 0  # how many containers are open around the masked member at hand; 0: none is
    for token in _TOKEN.findall(text):
        top = open_ones[-1] if open_ones else None
        if token.isspace():
            pending.append(token)
            continue
        if token in (",", "}", "]") and hidden_at == len(open_ones):
            hidden_at, pending = 0, [] if token == "," else pending
        if token == "," and top is not None:
            top.naming, top.index = top.is_object, top.index + 1
            pending.append(token)
            continue
        if token in ("}", "]"):
            open_ones.pop()
        elif token == ":" and top is not None:
            top.naming = False
        elif top is not None and top.starts(token) and not hidden_at:
            if top.space is None:
                top.space = pending
            if (top.member,) in masked:
                hidden_at = len(open_ones)
            else:
                pending = pending if top.emitted else top.space
                top.emitted = True
        if not hidden_at:
            kept += [*pending, token]
        pending = []
        if token in ("{", "["):
            open_ones.append(_Container(top.member if top else "", token == "{", token == "{"))
    return "".join(kept + pending)
