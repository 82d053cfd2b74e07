"""The arithmetic of the search: planted sets are found exactly, with few tests; where more switched off can hurt, what
is found still does and cannot spare a single member."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bitfast.check.subsets import smallest


class Counted:
    """A test that counts how often it is asked."""

    def __init__(self, holds: Callable[[frozenset[int]], bool]) -> None:
        self.holds = holds
        self.asked = 0

    def __call__(self, chosen: Sequence[int]) -> bool:
        assert len(set(chosen)) == len(chosen), "an item was given twice"
        self.asked += 1
        return self.holds(frozenset(chosen))


@st.composite
def planted(draw: st.DrawFn) -> tuple[int, frozenset[int]]:
    count = draw(st.integers(0, 300))
    wanted = draw(st.frozensets(st.integers(0, count - 1), max_size=8)) if count else frozenset()
    return count, wanted


@given(planted(), st.booleans())
def test_one_planted_set_is_found_exactly(case: tuple[int, frozenset[int]], thorough: bool) -> None:
    count, wanted = case
    found = smallest(range(count), Counted(lambda chosen: wanted <= chosen), thorough=thorough)
    assert sorted(found) == sorted(wanted)


@given(st.lists(st.frozensets(st.integers(0, 30), min_size=1, max_size=4), min_size=1, max_size=5), st.booleans())
def test_one_of_several_alternative_sets_is_found_exactly(sets: list[frozenset[int]], thorough: bool) -> None:
    test = Counted(lambda chosen: any(one <= chosen for one in sets))
    found = frozenset(smallest(range(31), test, thorough=thorough))
    assert found in sets
    assert not any(other < found for other in sets)


@given(st.integers(4, 7), st.floats(0.1, 0.6), st.randoms(use_true_random=False))
@example(5, 0.0, None)
def test_without_monotony_what_is_found_does_and_can_spare_nothing(
    count: int, share: float, chance: Random | None
) -> None:
    subsets = [frozenset(some) for size in range(1, count) for some in itertools.combinations(range(count), size)]
    known_bad = [{1, 3, 4}, {2}, {0, 2}, {0, 2, 4}, {3}, {1, 3}, {0, 2, 3, 4}]  # the last to go makes another one go
    holding = {one for one in subsets if chance.random() < share} if chance else {frozenset(one) for one in known_bad}
    holding.add(frozenset(range(count)))
    found = smallest(range(count), Counted(lambda chosen: chosen in holding))
    assert frozenset(found) in holding
    assert not any(frozenset(found) - {one} in holding for one in found)


def test_every_predicate_over_three_items_gets_a_minimal_answer() -> None:
    subsets = [frozenset(some) for size in range(4) for some in itertools.combinations(range(3), size)]
    for bits in range(2 ** (len(subsets) - 1)):
        holding = {one for number, one in enumerate(subsets[:-1]) if bits >> number & 1} | {subsets[-1]}
        found = smallest(range(3), Counted(lambda chosen, holding=holding: chosen in holding))
        assert frozenset(found) in holding
        assert not any(frozenset(found) - {one} in holding for one in found)


@pytest.mark.parametrize("count", [2, 10, 100, 1000, 10000])
@pytest.mark.parametrize("needed", [1, 2, 4])
def test_the_number_of_tests_is_logarithmic_in_the_items(count: int, needed: int) -> None:
    """QuickXplain's bound is 2k·log2(n/k) + 2k; to these come the empty set and the check of what was found."""
    needed = min(needed, count)
    wanted = frozenset(round(number * (count - 1) / max(1, needed - 1)) for number in range(needed))
    test = Counted(lambda chosen: wanted <= chosen)
    smallest(range(count), test, thorough=False)
    assert test.asked <= 2 * len(wanted) * (math.log2(count / len(wanted)) + 1) + 2
    thorough = Counted(test.holds)
    smallest(range(count), thorough)
    assert thorough.asked <= test.asked + len(wanted)


def test_nothing_is_needed_where_nothing_switched_off_does() -> None:
    test = Counted(lambda chosen: True)
    assert smallest(range(1000), test) == []
    assert test.asked <= 2
