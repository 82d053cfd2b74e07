"""Who a face is, by the store's search: on one thread, which alone opens, uses and closes the store.

SQLite's connections belong to the thread that opened them, and cameras have a thread each. After an error the store is
opened anew the next time: a database server's connection does not come back by itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bitfast_faces.cameras.events import Who
from bitfast_faces.cameras.pictures import PICTURES
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import THRESHOLD
from bitfast_faces.store.base import Person, Store
from bitfast_faces.store.keeping import today_utc
from bitfast_faces.types import Templates

ALL = "cameras"
"""Who asks, in the store's log, where it is for all cameras; else it is "camera NAME"."""


@dataclass(frozen=True)
class Agreed:
    """What somebody's consents allow today: to be named, and that pictures are kept."""

    named: bool = False
    pictured: bool = False


class Recogniser(Protocol):
    """What visits need to know about people. Raises FacesError where that cannot be found out now."""

    def who(self, templates: Templates, camera: str) -> Sequence[Who | None]:
        """Who the faces (n, 128) of one of the camera's frames are, nobody twice; None is unknown."""

    def agreed(self, person: int, camera: str) -> Agreed:
        """What the person's consents allow now; nothing, if the person is not in the store any more."""


class StoreRecogniser:
    """Searches a store for one purpose. Every search is in the store's audit log before its answer is here.

    Pictures of a person are kept only with a second consent, for the purpose "PURPOSE: pictures", that holds today.
    Raises FacesError if the store cannot be opened now.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        purpose: str,
        space: str,
        threshold: int = THRESHOLD,
        today: Callable[[], date] = today_utc,
    ) -> None:
        self._purpose, self._space, self._threshold, self._today = purpose, space, threshold, today
        self._open = open_store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        try:
            self._store: Store | None = self._thread.submit(open_store).result()
        except BaseException:
            self._thread.shutdown()
            raise

    def who(self, templates: Templates, camera: str) -> Sequence[Who | None]:
        return self._thread.submit(self._who, templates, camera).result()

    def agreed(self, person: int, camera: str) -> Agreed:
        return self._thread.submit(self._agreed_of, person, camera).result()

    def pictured(self) -> frozenset[int]:
        """Everybody whose consent to pictures holds today. Raises FacesError."""
        return self._thread.submit(self._pictured).result()

    def expire(self) -> int:
        """Deletes everybody whose last consent has ended; how many. Raises FacesError."""
        return self._thread.submit(self._expire).result()

    def close(self) -> None:
        self._thread.submit(self._drop).result()
        self._thread.shutdown()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[Store]:
        if self._store is None:
            self._store = self._open()
        try:
            yield self._store
        except FacesError:
            self._drop()
            raise

    def _drop(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            with contextlib.suppress(Exception):  # a connection that is lost may not even close
                store.close()

    def _who(self, templates: Templates, camera: str) -> list[Who | None]:
        with self._opened() as store:
            matches = store.recognise(
                templates,
                purpose=self._purpose,
                threshold=self._threshold,
                space=self._space,
                by=f"camera {camera}",
            )
        return [Who(match.person, match.name, match.score) if match and match.same else None for match in matches]

    def _agreed_of(self, person: int, camera: str) -> Agreed:
        with self._opened() as store:
            try:
                return self._agreed(store.person(person, by=f"camera {camera}"))
            except FacesError:
                if any(one.id == person for one in store.people(by=f"camera {camera}")):
                    raise
                return Agreed()

    def _pictured(self) -> frozenset[int]:
        with self._opened() as store:
            return frozenset(person.id for person in store.people(by=ALL) if self._agreed(person).pictured)

    def _expire(self) -> int:
        with self._opened() as store:
            return len(store.expire(by=ALL))

    def _agreed(self, person: Person) -> Agreed:
        today = self._today()
        named, pictured = (
            any(consent.covers(purpose, today) for consent in person.consents)
            for purpose in (self._purpose, self._purpose + PICTURES)
        )
        return Agreed(named, named and pictured)
