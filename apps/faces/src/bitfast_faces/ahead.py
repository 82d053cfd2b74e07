"""Works on several things at the same time and hands on the results in order, never more than a few at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from bitfast_faces.errors import FacesError

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int
) -> Generator[tuple[Item, Result | FacesError], None, None]:
    """Each item and what `work` makes of it, or the FacesError that it raises; any other exception ends the iteration.

    `workers` threads work at the same time and one item each waits, finished or not, so that memory does not grow with
    `items`. One engine does for all of them: decoding, libfaces and the networks release the interpreter's lock.
    """

    def tried(item: Item) -> tuple[Item, Result | FacesError]:
        try:
            return item, work(item)
        except FacesError as error:
            return item, error

    begun: deque[Future[tuple[Item, Result | FacesError]]] = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        for item in items:
            begun.append(pool.submit(tried, item))
            if len(begun) == 2 * workers:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:  # also where the caller stops early
        pool.shutdown(cancel_futures=True)
