"""Room that askers share without one taking it all: pictures on their way in, and pages that follow cameras."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from bitfast_faces.web.problems import Problem

UPLOADS = 2
WAITING = 16
STREAMS = 16
STREAMS_OF_ONE = 4


class Uploads:
    """Takes UPLOADS pictures of each asker at a time, others of the same asker wait; `room` bytes of all together.

    Bytes count when they have come in: who sends slowly holds up nobody else.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._held = 0
        self._there: Counter[str] = Counter()
        self._turns: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def one(self, key: str) -> AsyncIterator[Callable[[int], None]]:
        """Waits for the asker's turn. Gives what to call with the size of every part that came in."""
        if self._there[key] >= WAITING:
            raise Problem(
                429,
                "Receiving a picture",
                "Too many of yours wait already.",
                "Send fewer at once.",
                {"Retry-After": "2"},
            )
        turn = self._turns.setdefault(key, asyncio.Semaphore(UPLOADS))
        held = 0

        def count(size: int) -> None:
            nonlocal held
            if self._held + size > self._room:
                raise Problem(
                    503,
                    "Receiving a picture",
                    "The server's memory for pictures on their way is full.",
                    "Try again in a moment.",
                    {"Retry-After": "5", "Connection": "close"},
                )
            self._held += size
            held += size

        self._there[key] += 1
        try:
            async with turn:
                yield count
        finally:
            self._held -= held
            self._there[key] -= 1
            if not self._there[key]:
                del self._there[key], self._turns[key]


class Streams:
    """Who follows the cameras: STREAMS pages at most, STREAMS_OF_ONE of each asker."""

    def __init__(self) -> None:
        self._there: Counter[str] = Counter()

    @contextmanager
    def place(self, key: str) -> Iterator[None]:
        if self._there[key] >= STREAMS_OF_ONE or self._there.total() >= STREAMS:
            raise Problem(
                503, "Following cameras", "Too many pages follow already.", "Close one.", {"Retry-After": "10"}
            )
        self._there[key] += 1
        try:
            yield
        finally:
            self._there[key] -= 1
            if not self._there[key]:
                del self._there[key]
