"""Who a face is, by the store's search: on one thread, which alone opens, uses and closes the store.

SQLite's connections belong to the thread that opened them, and cameras have a thread each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from bitfast_faces.cameras.events import Who
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import THRESHOLD
from bitfast_faces.store.base import Person, Store
from bitfast_faces.types import Templates

PICTURES = ": pictures"


@dataclass(frozen=True)
class Agreed:
    """What somebody's consents allow today: to be named, and that pictures are kept."""

    named: bool = False
    pictured: bool = False


class Recogniser(Protocol):
    """What visits need to know about people. Raises FacesError where that cannot be found out now."""

    def who(self, templates: Templates) -> Sequence[Who | None]:
        """Who the faces (n, 128) of one frame are, nobody twice; None is unknown."""

    def agreed(self, person: int) -> Agreed:
        """What the person's consents allow now; nothing, if the person is not in the store any more."""


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

    def agreed(self, person: int) -> Agreed:
        return self._thread.submit(self._agreed_of, person).result()

    def pictured(self) -> frozenset[int]:
        """Everybody whose consent to pictures holds today."""
        return self._thread.submit(self._pictured).result()

    def close(self) -> None:
        self._thread.submit(self._store.close).result()
        self._thread.shutdown()

    def _who(self, templates: Templates) -> list[Who | None]:
        matches = self._store.recognise(templates, purpose=self._purpose, threshold=self._threshold, space=self._space)
        return [Who(match.person, match.name, match.score) if match and match.same else None for match in matches]

    def _agreed_of(self, person: int) -> Agreed:
        try:
            return self._agreed(self._store.person(person))
        except FacesError:
            if any(one.id == person for one in self._store.people()):
                raise
            return Agreed()

    def _pictured(self) -> frozenset[int]:
        return frozenset(person.id for person in self._store.people() if self._agreed(person).pictured)

    def _agreed(self, person: Person) -> Agreed:
        today = datetime.now(UTC).date()
        named, pictured = (
            any(consent.covers(purpose, today) for consent in person.consents)
            for purpose in (self._purpose, self._purpose + PICTURES)
        )
        return Agreed(named, named and pictured)
