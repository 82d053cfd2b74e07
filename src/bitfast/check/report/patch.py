"""A unified diff read line by line: what each line does, and where in the old file it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@")


@dataclass(frozen=True)
class PatchLine:
    """One line of a patch. `text` is the whole line, its first character included. `file` is the patched file, its
    prefix "a/" taken off; `old_line` the line of the old file that it is, or before which it is added."""

    kind: Literal["header", "hunk", "added", "removed", "same"]
    text: str
    file: str = ""
    old_line: int = 0


def patch_lines(patch: str) -> Iterator[PatchLine]:
    """The lines of a unified diff. Each hunk's counts say which lines are its own: a removed "-- x" is no header."""
    file, line, old_left, new_left = "", 0, 0, 0
    for text in patch.removesuffix("\n").split("\n") if patch else ():
        if match := _HUNK.match(text) if not (old_left or new_left) else None:
            old_left, new_left = int(match[2] or 1), int(match[3] or 1)
            line = int(match[1]) + (old_left == 0)
            yield PatchLine("hunk", text, file, line)
        elif text.startswith("+") and new_left:
            new_left -= 1
            yield PatchLine("added", text, file, line)
        elif text.startswith("-") and old_left:
            yield PatchLine("removed", text, file, line)
            old_left, line = old_left - 1, line + 1
        elif text[:1] in {"", " "} and old_left and new_left:
            yield PatchLine("same", text, file, line)
            old_left, new_left, line = old_left - 1, new_left - 1, line + 1
        else:
            if text.startswith("--- ") and not (old_left or new_left):
                file = text[4:].split("\t")[0].removeprefix("a/")
            yield PatchLine("header", text, file, line)
