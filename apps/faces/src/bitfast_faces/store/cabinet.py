"""The sealed rows of a store: people, consents, templates and corrections, each bound to its row and person."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bitfast_faces.errors import FacesError
from bitfast_faces.store.base import Consent, Person
from bitfast_faces.store.index import Index
from bitfast_faces.store.ledger import Database, Ledger
from bitfast_faces.store.records import consent_bytes, consent_of, template_bytes, templates_of
from bitfast_faces.store.vault import KEY_BYTES, Key, seal, unseal
from bitfast_faces.types import Templates

_HANDFUL = 65536  # templates read from the database at a time: 16 MiB of them
SEALED_TABLES = ("consents", "templates", "corrections")


@dataclass(frozen=True)
class Removed:
    """What was taken out with a person: every ciphertext, and how many rows of each table."""

    cells: tuple[bytes, ...]
    counts: dict[str, int]


class Cabinet:
    """Rows in, rows out; the transactions are the caller's."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger

    def put_person(self, name: str) -> int:
        person, key = self._ledger.take("people"), os.urandom(KEY_BYTES)
        wrapped = seal(self._ledger.wrap, key, *self._bound("people", person, person), "key")
        named = seal(key, name.encode(), *self._bound("people", person, person), "name")
        self._database.run("INSERT INTO people (id, sealed_key, sealed) VALUES (?, ?, ?)", person, wrapped, named)
        return person

    def put_consent(self, person: int, consent: Consent) -> None:
        self._put("consents", person, [consent_bytes(consent)])

    def put_templates(self, person: int, templates: Templates, source: str) -> range:
        """The numbers of the new rows."""
        return self._put("templates", person, [template_bytes(one, source) for one in templates])

    def put_correction(self, person: int, template: NDArray[np.int16]) -> None:
        self._put("corrections", person, [template_bytes(template, "")])

    def person(self, person: int) -> Person:
        """FacesError if there is nobody of this number."""
        key, sealed = self._keyed(person)
        name = unseal(key, sealed, *self._bound("people", person, person), "name").decode()
        consents = tuple(consent_of(plain) for _, plain in self._plain("consents", person, key))
        (count,) = self._database.rows("SELECT count(*) FROM templates WHERE person = ?", person)[0]
        return Person(person, name, consents, int(count))

    def people(self, numbers: Sequence[int]) -> list[Person]:
        """Those of these numbers that there are."""
        there = "SELECT 1 FROM people WHERE id = ?"
        return [self.person(number) for number in numbers if self._database.rows(there, number)]

    def numbers(self) -> list[int]:
        return [int(number) for (number,) in self._database.rows("SELECT id FROM people ORDER BY id")]

    def templates_of(self, person: int) -> Index:
        key, _ = self._keyed(person)
        found = self._plain("templates", person, key)
        rows = np.array([number for number, _ in found], np.int64)
        return Index(templates_of([plain for _, plain in found]), rows, np.full(len(rows), person, np.int64))

    def corrections_of(self, person: int) -> Templates:
        key, _ = self._keyed(person)
        return templates_of([plain for _, plain in self._plain("corrections", person, key)])

    def every_template(self, after: int = 0) -> Iterator[Index]:
        """Everybody's templates with numbers above `after`, in handfuls."""
        while len((some := self._next(after)).rows):
            yield some
            after = int(some.rows[-1])

    def _next(self, row: int) -> Index:
        found = self._database.rows(
            "SELECT t.id, t.person, t.sealed, p.sealed_key FROM templates t JOIN people p ON p.id = t.person "
            "WHERE t.id > ? ORDER BY t.id LIMIT ?",
            row, _HANDFUL,
        )  # fmt: skip
        return self.opened(found)

    def opened(self, found: Sequence[tuple[Any, ...]]) -> Index:
        """Rows of (number, person, sealed template, the person's sealed key), decrypted."""
        keys: dict[int, bytes] = {}
        plain = []
        for number, person, sealed, wrapped in found:
            if person not in keys:
                keys[person] = self._unwrapped(person, wrapped)
            plain.append(unseal(keys[person], sealed, *self._bound("templates", number, person)))
        rows = np.array([row[0] for row in found], np.int64)
        return Index(templates_of(plain), rows, np.array([row[1] for row in found], np.int64))

    def remove(self, person: int) -> Removed:
        cells = [
            bytes(cell)
            for row in self._database.rows("SELECT sealed_key, sealed FROM people WHERE id = ?", person)
            for cell in row
        ]
        counts = {}
        for table in SEALED_TABLES:
            sealed = self._database.rows(f"SELECT sealed FROM {table} WHERE person = ?", person)
            cells += [bytes(cell) for (cell,) in sealed]
            counts[table] = len(sealed)
            self._database.run(f"DELETE FROM {table} WHERE person = ?", person)
        self._database.run("DELETE FROM people WHERE id = ?", person)
        return Removed(tuple(cells), counts)

    def rewrap(self, new: Key) -> list[bytes]:
        """Seals everybody's data key by another store key; the old ciphertexts."""
        wrap = new.derived("wrap", self._ledger.store)
        old = []
        for person, wrapped in self._database.rows("SELECT id, sealed_key FROM people ORDER BY id"):
            key = self._unwrapped(person, wrapped)
            fresh = seal(wrap, key, *self._bound("people", person, person), "key")
            self._database.run("UPDATE people SET sealed_key = ? WHERE id = ?", fresh, person)
            old.append(bytes(wrapped))
        return old

    def _put(self, table: str, person: int, plain: Sequence[bytes]) -> range:
        key, _ = self._keyed(person)
        first = self._ledger.take(table, len(plain))
        numbers = range(first, first + len(plain))
        self._database.run_many(
            f"INSERT INTO {table} (id, person, sealed) VALUES (?, ?, ?)",
            [
                (number, person, seal(key, one, *self._bound(table, number, person)))
                for number, one in zip(numbers, plain, strict=True)
            ],
        )
        return numbers

    def _plain(self, table: str, person: int, key: bytes) -> list[tuple[int, bytes]]:
        rows = self._database.rows(f"SELECT id, sealed FROM {table} WHERE person = ? ORDER BY id", person)
        return [(int(number), unseal(key, sealed, *self._bound(table, number, person))) for number, sealed in rows]

    def _keyed(self, person: int) -> tuple[bytes, bytes]:
        """A person's data key, and the sealed name."""
        rows = self._database.rows("SELECT sealed_key, sealed FROM people WHERE id = ?", person)
        if not rows:
            raise FacesError(
                f"Looking up person {person}.",
                "There is nobody of this number.",
                "bitfast-faces people lists everybody.",
            )
        return self._unwrapped(person, rows[0][0]), rows[0][1]

    def _unwrapped(self, person: int, wrapped: bytes) -> bytes:
        return unseal(self._ledger.wrap, wrapped, *self._bound("people", person, person), "key")

    def _bound(self, table: str, number: int, person: int) -> tuple[bytes, str, int, str, int]:
        return self._ledger.store, table, number, "of person", person
