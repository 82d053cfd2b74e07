"""Untrusted text made fit to be shown: no control characters, long lines cut, the characters that differ found."""

from __future__ import annotations

import difflib
import re
import unicodedata

Span = tuple[int, int]

_TOKEN = re.compile(r"\s+|[\w.+-]+|.", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:\d|\.\d|nan|inf)", re.IGNORECASE)
_MOST_TOKENS = 400  # difflib is quadratic; beyond this only the common ends are told from the rest


def visible(text: str, keep: str = "") -> str:
    r"""The text with everything that acts instead of showing written out as an escape: control characters, so that no
    program's output drives the reader's terminal; direction marks, which reorder source lines; undecodable bytes.
    A tab becomes four blanks. `keep` names characters that stay: line breaks in prose, tabs in what is to be copied.

    >>> visible("a\x1b[2J\tb")
    'a\\x1b[2J    b'
    """
    return "".join(character if character in keep else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    if character == "\t":
        return "    "
    if character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # PEP 383: a byte that was no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    category = unicodedata.category(character)
    if category in {"Cc", "Cf", "Cs", "Zl", "Zp"} or code & 0xFFFE == 0xFFFE:
        return character.encode("unicode_escape").decode()
    return character


def differing(reference: str, target: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The stretches [start, end) of each text that the other does not have.

    Numbers are compared as numbers are read: from the first digit that differs, all that follows is marked.

    >>> differing("x 0.481 y", "x 0.479 y")
    (((4, 7),), ((4, 7),))
    """
    ours, theirs = _TOKEN.findall(reference), _TOKEN.findall(target)
    if max(len(ours), len(theirs)) > _MOST_TOKENS:
        left, right = _middle(reference, target)
        return _kept([left]), _kept([right])
    our_starts, their_starts = _starts(ours), _starts(theirs)
    left_spans: list[Span] = []
    right_spans: list[Span] = []
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for what, a, a_end, b, b_end in matcher.get_opcodes():
        if what == "equal":
            continue
        if a_end - a == b_end - b:
            for i, j in zip(range(a, a_end), range(b, b_end), strict=True):
                left, right = (
                    _tail(ours[i], theirs[j]) if _both_numbers(ours[i], theirs[j]) else _middle(ours[i], theirs[j])
                )
                left_spans.append((our_starts[i] + left[0], our_starts[i] + left[1]))
                right_spans.append((their_starts[j] + right[0], their_starts[j] + right[1]))
        else:
            left_spans.append((our_starts[a], our_starts[a_end]))
            right_spans.append((their_starts[b], their_starts[b_end]))
    return _kept(left_spans), _kept(right_spans)


def window(reference: str, target: str, width: int) -> tuple[str, str]:
    """Both texts cut to `width` characters around the first one that differs; "…" stands for what was cut."""
    if max(len(reference), len(target)) <= width:
        return reference, target
    start = max(0, _same(reference, target) - width // 3)
    return _cut(reference, start, width), _cut(target, start, width)


def token_at(line: str, column: int) -> Span:
    """The characters [start, end) of a source line that stand at `column`, which counts bytes from 1 as GCC does;
    an empty stretch at the line's end where the column lies beyond it."""
    start = len(line.encode(errors="replace")[: max(0, column - 1)].decode(errors="ignore"))
    word = re.compile(r"\w+|\S").match(line, start)
    return (start, word.end()) if word else (start, start)


def _both_numbers(left: str, right: str) -> bool:
    return bool(_NUMBER.match(left) and _NUMBER.match(right))


def _tail(left: str, right: str) -> tuple[Span, Span]:
    same = _same(left, right)
    return (same, len(left)), (same, len(right))


def _middle(left: str, right: str) -> tuple[Span, Span]:
    head = _same(left, right)
    tail = _same(left[head:][::-1], right[head:][::-1])
    return (head, len(left) - tail), (head, len(right) - tail)


def _same(left: str, right: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(left), len(right)))


def _starts(tokens: list[str]) -> list[int]:
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    return starts


def _kept(spans: list[Span]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in spans if end > start)


def _cut(text: str, start: int, width: int) -> str:
    if start:
        text = "…" + text[start + 1 :]
    return text if len(text) <= width else text[: width - 1] + "…"
