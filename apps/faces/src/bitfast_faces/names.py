"""Which names and words may be kept: those that a terminal shows and does not obey."""

from __future__ import annotations

JOINERS = "\u200c\u200d"  # they show nothing, yet belong into names in Persian, Sinhala and other scripts (UAX 31, 2.3)


def can_be_shown(text: str) -> bool:
    """Whether there is something to be seen in it, and no control character."""
    letters = "".join(sign for sign in text if sign not in JOINERS)
    return bool(letters.strip()) and letters.isprintable()
