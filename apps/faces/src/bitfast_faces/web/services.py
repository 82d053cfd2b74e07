"""What the routes work with: the engine, the store on a thread of its own, jobs, pictures, cameras' events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bitfast_faces.cameras.events import EventBus
from bitfast_faces.errors import FacesError
from bitfast_faces.images import Limits, load
from bitfast_faces.store.base import Store
from bitfast_faces.store.keeping import today_utc
from bitfast_faces.types import Analysis, Picture
from bitfast_faces.web.config import WebConfig
from bitfast_faces.web.jobs import Jobs, Progress
from bitfast_faces.web.places import STREAMS, Streams, Uploads
from bitfast_faces.web.problems import Problem
from bitfast_faces.web.shelf import Room, Shelf

log = logging.getLogger("bitfast_faces.web")
T = TypeVar("T")
UPLOADS_IN_MEMORY = 8  # times the largest one
LIMITS = Limits(pixels=60_000_000)  # otherwise as everywhere, so that templates are the same


class Analyser(Protocol):
    """What is needed of engine.Engine."""

    @property
    def space(self) -> str: ...

    def analyse(self, source: Path | bytes | Picture) -> Analysis: ...


@dataclass(frozen=True)
class Backends:
    """What `serve` was started with; what is None is said to be switched off."""

    engine: Analyser
    open_store: Callable[[], Store] | None = None
    bus: EventBus | None = None
    cluster: Callable[[Analyser, Path, Progress], Any] | None = None
    folders: Mapping[str, Path] = field(default_factory=dict)


class Services:
    """The backends, each behind a door that keeps the event loop free: the engine by `threads`, the store by one."""

    def __init__(self, backends: Backends, config: WebConfig) -> None:
        self.backends = backends
        self.config = config
        self.shelf = Shelf(Room(config.pictures, config.picture_bytes), config.keep_seconds)
        self.jobs = Jobs()
        self.streams = Streams()
        self.uploads = Uploads(UPLOADS_IN_MEMORY * config.upload_bytes)
        self._engine = ThreadPoolExecutor(config.threads, thread_name_prefix="engine")
        self._store_thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._listeners = ThreadPoolExecutor(STREAMS, thread_name_prefix="events")
        self._retained: date | None = None
        self._trouble = ""
        self._store: Store | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Opens the store, forgets who and what may not be kept any longer, and ends everything afterwards."""
        if self.backends.open_store is not None:
            self._store = await _in(self._store_thread, self.backends.open_store)
            await self.retain(today_utc())
        sweeper = asyncio.create_task(self._sweep())
        try:
            yield
        finally:
            sweeper.cancel()
            await asyncio.to_thread(self.jobs.close)
            self.shelf = Shelf(Room(0, 0), 0)
            if self._store is not None:
                await _in(self._store_thread, self._store.close)
            self._listeners.shutdown(wait=False, cancel_futures=True)
            self._engine.shutdown(wait=False, cancel_futures=True)
            self._store_thread.shutdown(wait=False)

    async def analyse(self, data: bytes, name: str) -> Analysis:
        """Reads, detects, aligns and embeds one picture. FacesError for what is no picture."""

        def work() -> Analysis:
            return self.backends.engine.analyse(load(data, name=name, limits=LIMITS))

        return await _in(self._engine, work)

    async def compute(self, work: Callable[[], T]) -> T:
        """Runs what takes a while on the engine's threads."""
        return await _in(self._engine, work)

    async def listen(self, work: Callable[[], T]) -> T:
        """Waits for a camera's event in a thread of its own."""
        return await _in(self._listeners, work)

    async def store(self, work: Callable[[Store], T]) -> T:
        """Runs `work(store)` on the store's thread: a connection belongs to one, and answers come in one order."""
        if self._store is None:
            raise Problem(
                404,
                "Asking the store of people",
                "This server was started without one.",
                "Start `bitfast-faces serve` without --no-store.",
            )
        store = self._store
        return await _in(self._store_thread, lambda: work(store))

    async def retain(self, today: date) -> None:
        """Deletes, once a day, everybody whose consents have ended. What goes wrong is told once, and tried again."""
        store = self._store
        if store is None or today == self._retained:
            return
        try:
            gone = await _in(self._store_thread, lambda: store.expire(today, by="serve"))
        except FacesError as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                log.error("%s", error)
            return
        self._retained = today
        if gone:
            log.warning(
                "Deleted, as their consents have ended: people %s.", ", ".join(str(each.person) for each in gone)
            )

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(min(60.0, self.config.keep_seconds))
            self.shelf.expire()
            await self.retain(today_utc())


async def _in(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(pool, work)
