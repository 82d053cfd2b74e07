"""Several threads work, the results keep their order, and no more than a few are there at once."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Lock

import pytest

from bitfast_faces.ahead import in_order
from bitfast_faces.errors import FacesError

FAULT = FacesError("Reading it.", "It is torn.", "Mend it.")


@pytest.mark.parametrize("workers", [1, 2, 4])
@pytest.mark.parametrize("count", [0, 1, 7, 100])
def test_results_come_in_the_order_of_the_items(workers: int, count: int) -> None:
    got = list(in_order(lambda item: item * item, range(count), workers))
    assert got == [(item, item * item) for item in range(count)]


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_an_item_is_asked_for_only_when_few_wait(workers: int) -> None:
    asked: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            asked.append(item)
            yield item

    ahead = [len(asked) - taken for taken, _ in enumerate(in_order(abs, items(), workers), start=1)]
    assert max(ahead) == 2 * workers - 1
    assert len(asked) == 100


def test_workers_work_at_the_same_time() -> None:
    both = Barrier(2)  # one alone would wait for the other until the timeout
    assert [item for item, _ in in_order(lambda _: both.wait(timeout=30), range(4), 2)] == [0, 1, 2, 3]


def test_what_cannot_be_read_does_not_end_the_others() -> None:
    def work(item: int) -> int:
        if item == 1:
            raise FAULT
        return item

    assert list(in_order(work, range(3), 2)) == [(0, 0), (1, FAULT), (2, 2)]


def test_a_mistake_in_the_program_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda item: 1 // item, [1, 0, 1], 2))


def test_a_caller_that_stops_early_leaves_no_work_behind() -> None:
    lock, begun = Lock(), 0

    def work(item: int) -> int:
        nonlocal begun
        with lock:
            begun += 1
        return item

    results = in_order(work, range(1000), 2)
    next(results)
    results.close()
    assert begun <= 5
