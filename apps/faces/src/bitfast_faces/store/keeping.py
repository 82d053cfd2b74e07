"""What a store keeps and for how long: people with their consents, deletions, the log, the key, and the whole."""

from __future__ import annotations

import getpass
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial

import numpy as np

from bitfast_faces import matching
from bitfast_faces.errors import FacesError
from bitfast_faces.store import refusals, replay
from bitfast_faces.store.alike import require_one_person
from bitfast_faces.store.answers import some_faces
from bitfast_faces.store.base import AuditEntry, Consent, Deletion, Person
from bitfast_faces.store.cabinet import Cabinet
from bitfast_faces.store.erasing import Eraser, Taking
from bitfast_faces.store.index import Index
from bitfast_faces.store.ledger import Database, Ledger
from bitfast_faces.store.vault import Key
from bitfast_faces.types import Templates

_SAMPLE = 64  # ciphertexts looked for after all of them were written anew


def today_utc() -> date:
    return datetime.now(UTC).date()


def system_user() -> str:
    """Who runs this program, for the log."""
    try:
        return f"user {getpass.getuser()}"
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        return "user without a name"


def _one_each(source: str | Sequence[str], count: int) -> Sequence[str]:
    return [source] * count if isinstance(source, str) else source


class Keeping:
    """The part of a store (base.Store) that decides nothing about faces; books.Books is the whole."""

    def __init__(
        self, database: Database, key: Key, *, space: str | None = None, today: Callable[[], date] = today_utc
    ) -> None:
        self._database = database
        self._lock = threading.RLock()
        self._today = today
        self._user = system_user()
        self._ledger = Ledger(database, key)
        self._cabinet = Cabinet(database, self._ledger)
        self._eraser = Eraser(database, self._ledger, self._cabinet)
        self._ledger.require_space(space)
        self._index = Index.empty()
        self._deletions = 0
        self._eraser.finish()

    def close(self) -> None:
        with self._lock:
            self._index = Index.empty()
            self._database.close()

    # People

    def enrol(
        self,
        name: str,
        templates: Templates,
        consent: Consent,
        *,
        space: str,
        source: str | Sequence[str],
        alike: int | None = None,
        by: str = "",
    ) -> int:
        rows = some_faces(templates, "Enrolling a person.")
        sources = _one_each(source, len(rows))
        consent.check(self._today())
        refusals.check_name(name.strip())
        if alike is not None:
            require_one_person(rows, sources, rows[:0], alike, "Enrolling a person.")
        with self._lock, self._ledger.writing():
            if self._ledger.value("space") != space and self._database.rows("SELECT 1 FROM templates LIMIT 1"):
                self._ledger.require_space(space)
            person = self._cabinet.put_person(name.strip())
            self._cabinet.put_consent(person, consent)
            self._placed(self._cabinet.put_templates(person, rows, sources), rows)
            detail = {"person": person, "templates": len(rows), "purpose": consent.purpose, "space": space}
            term = {"expires": consent.expires.isoformat(), "minor": consent.minor}
            self._ledger.log("enrol", {**detail, **term, "by": by or self._user}, space)
        return person

    def add(
        self,
        person: int,
        templates: Templates,
        *,
        source: str | Sequence[str],
        alike: int | None = None,
        space: str | None = None,
        by: str = "",
    ) -> None:
        tried = f"Adding pictures of person {person}."
        rows = some_faces(templates, tried)
        sources = _one_each(source, len(rows))
        with self._lock, self._ledger.writing():
            self._ledger.require_space(space)
            if self._cabinet.person(person).expires < self._today():
                raise refusals.consent_ended(person)
            if alike is not None:
                require_one_person(rows, sources, self._cabinet.templates_of(person).templates, alike, tried)
            self._placed(self._cabinet.put_templates(person, rows, sources), rows)
            self._log("add", {"person": person, "templates": len(rows), "space": self._ledger.value("space")}, by)

    def consent(self, person: int, consent: Consent, *, by: str = "") -> None:
        consent.check(self._today())
        with self._lock, self._ledger.writing():
            self._cabinet.put_consent(person, consent)
            detail = {"person": person, "purpose": consent.purpose, "expires": consent.expires.isoformat()}
            self._log("consent", detail, by)

    def withdraw(self, person: int, purpose: str, *, by: str = "") -> Deletion:
        def taking() -> Taking:
            held = self._cabinet.consents_of(person)
            gone = [row for row, one in held if one.purpose == purpose or one.purpose.startswith(f"{purpose}: ")]
            if not gone:
                raise refusals.no_such_consent(person, purpose)
            if all(row in gone or one.expires < self._today() for row, one in held):
                return Taking(person, "delete", "withdrawn")
            return Taking(person, "withdraw", "withdrawn", {"consents": gone})

        return self._erase([taking], by)[0]

    def sources(self, person: int, *, by: str = "") -> dict[int, str]:
        with self._lock, self._ledger.writing():
            found = self._cabinet.sources_of(person)
            self._log("person", {"person": person}, by)
        return found

    def purposes(self) -> frozenset[str]:
        with self._lock, self._database.reading():
            everybody = self._cabinet.people(self._cabinet.numbers())
        held = [consent for person in everybody for consent in person.consents]
        return frozenset(one.purpose for one in held if one.covers(one.purpose, self._today()))

    def people(self, *, by: str = "") -> list[Person]:
        with self._lock, self._ledger.writing():
            everybody = self._cabinet.people(self._cabinet.numbers())
            self._log("people", {"people": len(everybody)}, by)
        return everybody

    def person(self, id: int, *, by: str = "") -> Person:
        with self._lock, self._ledger.writing():
            found = self._cabinet.person(id)
            self._log("person", {"person": id}, by)
        return found

    # Deletion

    def delete(self, person: int, *, by: str = "") -> Deletion:
        return self._erase([lambda: Taking(person, "delete", "asked")], by)[0]

    def remove(self, person: int, template: int, *, by: str = "") -> Deletion:
        def taking() -> Taking:
            there = self._cabinet.sources_of(person)
            if template not in there:
                raise refusals.no_such_face(person, template)
            if len(there) == 1:
                raise refusals.only_face(person, template)
            return Taking(person, "remove", "asked", {"templates": [template]})

        return self._erase([taking], by)[0]

    def expire(self, today: date | None = None, *, by: str = "") -> list[Deletion]:
        day, ended, unreadable = today or self._today(), list[int](), list[int]()
        with self._lock:
            with self._database.reading():
                self._ledger.require_key()
                for number in self._cabinet.numbers():
                    try:
                        if self._cabinet.person(number).expires < day:
                            ended.append(number)
                    except FacesError:
                        unreadable.append(number)
            gone = self._erase([partial(self._expired, number, day) for number in ended], by)
        if unreadable:
            raise refusals.unreadable(unreadable, len(gone))
        return gone

    def _expired(self, person: int, day: date) -> Taking | None:
        """Nothing if another program has deleted the person or added a consent meanwhile."""
        if not self._cabinet.there(person) or self._cabinet.person(person).expires >= day:
            return None
        return Taking(person, "delete", "expired")

    def _erase(self, asked: Sequence[Callable[[], Taking | None]], by: str) -> list[Deletion]:
        with self._lock:
            return self._eraser.erase(asked, by or self._user, self._forget)

    def _forget(self, people: Sequence[int]) -> None:
        """The templates leave this process's memory too."""
        self._index = self._index.without(people)

    # The log, the key, and the whole

    def audit(self, after: int = 0, limit: int | None = None) -> list[AuditEntry]:
        with self._lock:
            return self._ledger.entries(after, limit)

    def verify_audit(self) -> None:
        with self._lock, self._database.reading():
            self._ledger.verify()

    def rotate(self, new: Key, *, by: str = "") -> bool:
        """Puts a new key in the place of the old one, and of all keys under it. Other processes must reopen.

        False if the old ciphertexts are not overwritten yet because another program reads: the next to open does it.
        """
        with self._lock:
            with self._ledger.writing():
                self._rekeyed(new)
                old = self._cabinet.reseal(new)
                entry, log_key = self._ledger.rekey(new, {"people": len(old), "by": by or self._user})
                self._ledger.mark_unverified(self._ledger.unverified() | {entry.id})
            self._ledger.rekeyed(new)
            try:
                self._database.compact()
                self._database.scrub([log_key, *old[:: len(old) // _SAMPLE + 1]])
            except FacesError:
                return False
            with self._ledger.writing():
                self._ledger.mark_unverified(self._ledger.unverified() - {entry.id})
        return True

    def check(self) -> int:
        with self._lock:
            self._database.check()
            with self._database.reading():  # the log and the rows of one moment
                expected = replay.by_the_log(self._ledger.verify())
                for number in self._cabinet.numbers():
                    self._cabinet.person(number)
                    self._cabinet.corrections_of(number)
                count = 0
                for some in self._cabinet.every_template():
                    matching.checked(some.templates)
                    count += len(some.rows)
                replay.compare(self._cabinet.counts(), expected)
            return count

    def _log(self, action: str, detail: dict[str, object], by: str) -> None:
        self._ledger.log(action, {**detail, "by": by or self._user})

    # How templates are kept to be found: here all in memory; another kind of database overrides these three.

    def _placed(self, rows: range, templates: Templates) -> None:
        """Templates were written; within the transaction."""

    def _rekeyed(self, new: Key) -> None:
        """The key is being changed; within the transaction."""

    def _refresh(self) -> None:
        """Reads what others have written: new templates have higher numbers, deletions are counted."""
        with self._database.reading():
            self._ledger.require_key()
            deletions = self._ledger.number("deletions")
            last = int(self._index.rows[-1]) if len(self._index.rows) else 0
            if deletions != self._deletions:
                rows = [number for (number,) in self._database.rows("SELECT id FROM templates ORDER BY id")]
                self._index, self._deletions = self._index.only(np.array(rows, np.int64)), deletions
            self._index = self._index.with_more(list(self._cabinet.every_template(last)))
