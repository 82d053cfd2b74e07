"""Who a face is, by the store's search: on one thread, which alone opens, uses and closes the store.

SQLite's connections belong to the thread that opened them, and cameras have a thread each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Protocol

from bitfast_faces.cameras.events import Who
from bitfast_faces.matching import THRESHOLD
from bitfast_faces.store.base import Person, Store
from bitfast_faces.types import Templates

PICTURES = ": pictures"


class Recogniser(Protocol):
    """What visits need to know about people."""

    def who(self, templates: Templates) -> Sequence[Who | None]:
        """Who the faces (n, 128) of one frame are, nobody twice; None is unknown."""

    def pictures_of(self, person: int) -> bool:
        """Whether the person agreed that pictures are kept."""


class StoreRecogniser:
    """Searches a store for one purpose. Every search is in the store's audit log before its answer is here.

    Pictures of a person are kept only with a second consent, for the purpose "PURPOSE: pictures", that holds today.
    """

    def __init__(self, open_store: Callable[[], Store], purpose: str, space: str, threshold: int = THRESHOLD) -> None:
        self._purpose, self._space, self._threshold = purpose, space, threshold
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        try:
            self._store = self._thread.submit(open_store).result()
        except BaseException:
            self._thread.shutdown()
            raise

    def who(self, templates: Templates) -> Sequence[Who | None]:
        return self._thread.submit(self._who, templates).result()

    def pictures_of(self, person: int) -> bool:
        return self._thread.submit(self._pictures_of, person).result()

    def pictured(self) -> frozenset[int]:
        """Everybody whose consent to pictures holds today."""
        return self._thread.submit(self._pictured).result()

    def close(self) -> None:
        self._thread.submit(self._store.close).result()
        self._thread.shutdown()

    def _who(self, templates: Templates) -> list[Who | None]:
        matches = self._store.recognise(templates, purpose=self._purpose, threshold=self._threshold, space=self._space)
        return [Who(match.person, match.name, match.score) if match and match.same else None for match in matches]

    def _pictures_of(self, person: int) -> bool:
        return self._agreed(self._store.person(person))

    def _pictured(self) -> frozenset[int]:
        return frozenset(person.id for person in self._store.people() if self._agreed(person))

    def _agreed(self, person: Person) -> bool:
        today = datetime.now(UTC).date()
        return any(consent.covers(self._purpose + PICTURES, today) for consent in person.consents)
