"""Whether a text that changed is the time of day or the date, as it was when each of two runs printed it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

_WORDS = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_FORMATS = (
    *("%Y", "%y", "%m", "%d", "%H", "%I", "%M", "%S", "%j", "%A", "%a", "%B", "%b", "%p", "%Z", "%U", "%W", "%V", "%G"),
    *("%Y%m%d", "%y%m%d", "%d%m%Y", "%m%d%Y", "%H%M", "%H%M%S", "%Y%m%d%H%M", "%Y%m%d%H%M%S"),
)
_LONGEST_SECONDS = 120  # of a run in which every second is looked at; of longer ones only the ends

Span = tuple[float, float]
"""When a run began and ended, in seconds since 1970 by its own calendar."""


def is_calendar(first: str, second: str, first_span: Span, second_span: Span) -> bool:
    """Whether two texts are equal but for dates and times of day, each as it was in its run: what changed in one word
    is the same part of both dates ("%d", say). A number that merely changed is not.

    >>> from calendar import timegm
    >>> may, june = timegm((2026, 5, 11, 9, 30, 0)), timegm((2027, 6, 15, 10, 31, 1))
    >>> is_calendar("of 2026-05-11", "of 2027-06-15", (may, may), (june, june))
    True
    >>> is_calendar("mean 3.14", "mean 3.15", (may, may), (june, june))
    False
    """
    ours, theirs = _WORDS.findall(first), _WORDS.findall(second)
    if len(ours) != len(theirs):
        return False
    changed = {(left, right) for left, right in zip(ours, theirs, strict=True) if left != right}
    if not changed:
        return False
    here, there = set(_parts(first_span)), set(_parts(second_span))
    return all(
        any((part, _plain(left)) in here and (part, _plain(right)) in there for part in {part for part, _ in here})
        for left, right in changed
    )


def _plain(word: str) -> str:
    """Numbers without leading zeros, words in lower case; seconds since 1970 without their fractions."""
    if word.isdigit():
        whole = word[:10] if len(word) in (13, 16, 19) else word
        return whole.lstrip("0") or "0"
    return word.lower()


def _parts(span: Span) -> Iterator[tuple[str, str]]:
    begin, end = int(span[0]) - 1, int(span[1]) + 1
    seconds = range(begin, end + 1) if end - begin <= _LONGEST_SECONDS else (begin, begin + 1, end - 1, end)
    for second in seconds:
        yield "since 1970", str(second)
        yield "days since 1970", str(second // 86400)
        for zone, moment in (("local", time.localtime(second)), ("UTC", time.gmtime(second))):
            for form in _FORMATS:
                yield f"{form} {zone}", _plain(time.strftime(form, moment))
            yield f"years since 1900 {zone}", str(moment.tm_year - 1900)
