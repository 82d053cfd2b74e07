"""The sealed rows of a store: people, consents, templates and corrections, each bound to its row and person."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bitfast_faces.store import refusals
from bitfast_faces.store.base import Consent, Person
from bitfast_faces.store.index import Index
from bitfast_faces.store.ledger import MOST_NUMBER, Database, Ledger
from bitfast_faces.store.records import consent_bytes, consent_of, source_of, template_bytes, templates_of
from bitfast_faces.store.vault import KEY_BYTES, Key, seal, unseal
from bitfast_faces.types import Templates

_HANDFUL = 65536  # templates read from the database at a time: 16 MiB of them
SEALED_TABLES = ("consents", "templates", "corrections")


@dataclass(frozen=True)
class Removed:
    """What was taken out: every ciphertext, and how many rows of each table."""

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

    def put_templates(self, person: int, templates: Templates, sources: Sequence[str]) -> range:
        """The numbers of the new rows."""
        plain = [template_bytes(one, source) for one, source in zip(templates, sources, strict=True)]
        return self._put("templates", person, plain)

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
        return [self.person(number) for number in numbers if self.there(number)]

    def there(self, person: int) -> bool:
        return person <= MOST_NUMBER and bool(self._database.rows("SELECT 1 FROM people WHERE id = ?", person))

    def numbers(self) -> list[int]:
        return [int(number) for (number,) in self._database.rows("SELECT id FROM people ORDER BY id")]

    def templates_of(self, person: int) -> Index:
        key, _ = self._keyed(person)
        found = self._plain("templates", person, key)
        rows = np.array([number for number, _ in found], np.int64)
        return Index(templates_of([plain for _, plain in found]), rows, np.full(len(rows), person, np.int64))

    def sources_of(self, person: int) -> dict[int, str]:
        """Where each of a person's templates came from, by its row's number."""
        key, _ = self._keyed(person)
        return {row: source_of(plain) for row, plain in self._plain("templates", person, key)}

    def consents_of(self, person: int) -> list[tuple[int, Consent]]:
        """The person's consents with their rows' numbers."""
        key, _ = self._keyed(person)
        return [(row, consent_of(plain)) for row, plain in self._plain("consents", person, key)]

    def corrections_of(self, person: int) -> Templates:
        return self.corrections_with_rows(person)[1]

    def corrections_with_rows(self, person: int) -> tuple[list[int], Templates]:
        """The faces that were said not to be this person, (n, 128), and their rows' numbers."""
        key, _ = self._keyed(person)
        found = self._plain("corrections", person, key)
        return [row for row, _ in found], templates_of([plain for _, plain in found])

    def counts(self) -> dict[int, dict[str, int]]:
        """How many rows of each table there are of each person."""
        found = {person: dict.fromkeys(SEALED_TABLES, 0) for person in self.numbers()}
        for table in SEALED_TABLES:
            for person, count in self._database.rows(f"SELECT person, count(*) FROM {table} GROUP BY person"):
                found.setdefault(int(person), dict.fromkeys(SEALED_TABLES, 0))[table] = int(count)
        return found

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
        """Takes out all there is of a person, which need not be readable."""
        if not self.there(person):
            raise refusals.nobody(person)
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

    def remove_rows(self, person: int, rows: Mapping[str, Sequence[int]]) -> Removed:
        """Takes out some rows of a person, by table."""
        cells: list[bytes] = []
        for table, numbers in rows.items():
            for number in numbers:
                where = f"FROM {table} WHERE id = ? AND person = ?"
                cells += [bytes(cell) for (cell,) in self._database.rows(f"SELECT sealed {where}", number, person)]
                self._database.run(f"DELETE {where}", number, person)
        return Removed(tuple(cells), {table: len(rows.get(table, ())) for table in SEALED_TABLES})

    def reseal(self, new: Key) -> list[bytes]:
        """Gives everybody a new data key, sealed by another store key, and seals all rows anew; the old sealed keys."""
        wrap = new.derived("wrap", self._ledger.store)
        old = []
        for person, wrapped, named in self._database.rows("SELECT id, sealed_key, sealed FROM people ORDER BY id"):
            key, fresh = self._unwrapped(person, wrapped), os.urandom(KEY_BYTES)
            place = self._bound("people", person, person)
            name = unseal(key, named, *place, "name")
            sealed = seal(wrap, fresh, *place, "key"), seal(fresh, name, *place, "name")
            self._database.run("UPDATE people SET sealed_key = ?, sealed = ? WHERE id = ?", *sealed, person)
            for table in SEALED_TABLES:
                again = [
                    (seal(fresh, plain, *self._bound(table, number, person)), number)
                    for number, plain in self._plain(table, person, key)
                ]
                self._database.run_many(f"UPDATE {table} SET sealed = ? WHERE id = ?", again)
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
        if not self.there(person):
            raise refusals.nobody(person)
        ((wrapped, named),) = self._database.rows("SELECT sealed_key, sealed FROM people WHERE id = ?", person)
        return self._unwrapped(person, wrapped), named

    def _unwrapped(self, person: int, wrapped: bytes) -> bytes:
        return unseal(self._ledger.wrap, wrapped, *self._bound("people", person, person), "key")

    def _bound(self, table: str, number: int, person: int) -> tuple[bytes, str, int, str, int]:
        return self._ledger.store, table, number, "of person", person
