"""Applies `words.Edit`s to the bytes of a source file: for the search, where line numbers must keep their meaning, and
for a patch, where people read the result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bitfast.words import BitfastError, Edit

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# What may stand above the prelude of a patch: blank lines and comments.
_LEADING_COMMENTS = re.compile(rb"(?:[ \t\r\f\v]*\n|[ \t]*//[^\n]*\n|[ \t]*/\*.*?\*/[ \t\r]*\n)*", re.DOTALL)
_INCLUDE_GUARD = re.compile(
    rb"(?:[ \t\r]*\n)*[ \t]*#[ \t]*(?:ifndef[ \t]+(\w+)[^\n]*\n[ \t]*#[ \t]*define[ \t]+\1\b|pragma[ \t]+once)[^\n]*\n"
)


def apply_edits(text: bytes, edits: Iterable[Edit]) -> bytes:
    """The text with all edits made; equal edits count once.

    Wraps at the same offset nest as their stretches do: the longer one opens first and closes last. Of two wraps of the
    same stretch, the one named first is outside. Raises BitfastError for an edit outside the text, for two that cross,
    for one inside a replaced stretch, and for one that changes the number of lines.
    """
    ordered = list(dict.fromkeys(edits))
    for edit in ordered:
        _check(text, edit)
    # Outer stretches before the inner ones that begin at the same offset; `sorted` keeps the order of equal stretches.
    ordered = sorted(ordered, key=lambda edit: (edit.start, -edit.end))
    pieces: list[bytes] = []
    open_edits: list[Edit] = []
    position = 0

    def copy_to(offset: int) -> None:
        nonlocal position
        pieces.append(text[position:offset])
        position = offset

    def close_up_to(offset: int, *, empty_too: bool) -> None:
        while open_edits and (open_edits[-1].end < offset or (open_edits[-1].end == offset and empty_too)):
            edit = open_edits.pop()
            copy_to(edit.end)
            pieces.append(_bytes(edit.after))

    for edit in ordered:
        close_up_to(edit.start, empty_too=True)
        if open_edits and edit.end > open_edits[-1].end:
            raise _conflict(text, open_edits[-1], edit)
        if edit.start < position or (open_edits and open_edits[-1].replacement is not None):
            raise _conflict(text, open_edits[-1] if open_edits else edit, edit)
        copy_to(edit.start)
        if edit.replacement is None:
            pieces.append(_bytes(edit.before))
            open_edits.append(edit)
        else:
            pieces.append(_bytes(edit.replacement))
            position = edit.end
    close_up_to(len(text), empty_too=True)
    copy_to(len(text))
    return b"".join(pieces)


def apply_for_search(text: bytes, edits: Iterable[Edit], preludes: Sequence[str], name: str) -> bytes:
    """The edited text below its preludes, with a `#line` between them so that every line keeps its number and its
    file's name in messages, debug information and `__LINE__`. Without preludes, the edited text alone."""
    edited = apply_edits(text, edits)
    written = _joined(preludes, b"\n")
    if not written:
        return edited
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    mark, rest = _split_mark(edited)
    return mark + written + f'#line 1 "{quoted}"\n'.encode() + rest


def apply_for_patch(text: bytes, edits: Iterable[Edit], preludes: Sequence[str]) -> bytes:
    """The edited text with its preludes below the leading comments (and a header's include guard), with the file's own
    line ends."""
    written = _joined(preludes, b"\r\n" if b"\r\n" in text else b"\n")
    edited = apply_edits(text, edits)
    if not written:
        return edited
    mark, rest = _split_mark(edited)
    comments = _LEADING_COMMENTS.match(rest)
    offset = comments.end() if comments else 0
    guard = _INCLUDE_GUARD.match(rest, offset)
    offset = guard.end() if guard else offset
    line_end = b"\r\n" if b"\r\n" in text else b"\n"
    return mark + rest[:offset] + (line_end if guard else b"") + written + line_end + rest[offset:]


def _check(text: bytes, edit: Edit) -> None:
    where = f"{edit.file} bytes {edit.start} to {edit.end}"
    if not 0 <= edit.start <= edit.end <= len(text):
        raise BitfastError(f"an edit of {where} lies outside the file ({len(text)} bytes)", next_step=_REPEAT)
    old = 0 if edit.replacement is None else text.count(b"\n", edit.start, edit.end)
    new = (edit.before + edit.after if edit.replacement is None else edit.replacement).count("\n")
    if old != new:
        raise BitfastError(f"an edit of {where} would change the number of lines", next_step=_REPEAT)


_REPEAT = "the file may have changed while it was checked: run bitfast again, and report this if it stays"


def _conflict(text: bytes, one: Edit, other: Edit) -> BitfastError:
    line = text.count(b"\n", 0, other.start) + 1
    return BitfastError(
        f"two changes of {other.file}:{line} overlap (bytes {one.start} to {one.end} and {other.start} to {other.end})",
        next_step="apply one of them and check again",
    )


def _bytes(text: str) -> bytes:
    """Edits may carry bytes of the source that are no UTF-8: they were decoded with `surrogateescape`."""
    return text.encode("utf-8", "surrogateescape")


def _joined(preludes: Sequence[str], line_end: bytes) -> bytes:
    lines = [line for prelude in dict.fromkeys(preludes) if prelude for line in prelude.rstrip("\n").split("\n")]
    return b"".join(_bytes(line) + line_end for line in lines)


def _split_mark(text: bytes) -> tuple[bytes, bytes]:
    if text.startswith(_BYTE_ORDER_MARK):
        return _BYTE_ORDER_MARK, text[len(_BYTE_ORDER_MARK) :]
    return b"", text
