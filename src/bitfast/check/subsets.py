"""Finding the smallest set of things that still does: the search's arithmetic, without compilers.

QuickXplain (U. Junker, "QUICKXPLAIN: Preferred Explanations and Relaxations for Over-Constrained Problems", AAAI 2004)
needs O(k log(n/k)) tests for k needed things among n where more switched off never hurts. Where it does hurt (the test
of the set found fails), ddmin (A. Zeller, R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE
28(2), 2002) takes over: it asks for no monotony, at O(n²) tests at worst.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Test = Callable[[Sequence[Item]], bool]


def smallest(items: Sequence[Item], test: Callable[[Sequence[Item]], bool], *, thorough: bool = True) -> list[Item]:
    """A subset for which `test` holds and no single item of which can be left out. `test(items)` must hold.

    Without `thorough` the last is promised only where switching off more never hurts, for fewer tests.
    """
    found = _quickxplain([], False, list(items), test) if not test([]) else []
    if not test(found):
        found = _ddmin(list(items), test)
    return _without_superfluous(found, test) if thorough else found


def _quickxplain(
    background: list[Item], grew: bool, items: list[Item], test: Callable[[Sequence[Item]], bool]
) -> list[Item]:
    if grew and test(background):
        return []
    if len(items) <= 1:
        return items
    half = len(items) // 2
    first, second = items[:half], items[half:]
    needed_second = _quickxplain(background + first, bool(first), second, test)
    needed_first = _quickxplain(background + needed_second, bool(needed_second), first, test)
    return needed_first + needed_second


def _without_superfluous(items: list[Item], test: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """Where two things interact, a kept one may turn out not to be needed, or no longer: try each until all are."""
    kept = list(items)
    needed = 0  # that many at the end cannot be left out of what is kept now
    while needed < len(kept) > 1:
        rest = kept[1:]
        if test(rest):
            kept, needed = rest, 0
        else:
            kept, needed = [*rest, kept[0]], needed + 1
    return kept


def _ddmin(items: list[Item], test: Callable[[Sequence[Item]], bool]) -> list[Item]:
    parts = 2
    while len(items) >= 2:
        size = -(-len(items) // parts)
        chunks = [items[start : start + size] for start in range(0, len(items), size)]
        for number, chunk in enumerate(chunks):
            rest = [item for other, several in enumerate(chunks) if other != number for item in several]
            if test(chunk):
                items, parts = chunk, 2
                break
            if len(chunks) > 2 and test(rest):
                items, parts = rest, max(parts - 1, 2)
                break
        else:
            if parts >= len(items):
                break
            parts = min(len(items), parts * 2)
    return items
