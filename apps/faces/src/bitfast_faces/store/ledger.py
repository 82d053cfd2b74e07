"""What a store knows of itself: its format, its key's check, its counters, and the audit log of each change."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from bitfast_faces.errors import FacesError
from bitfast_faces.store import audit
from bitfast_faces.store.base import AuditEntry
from bitfast_faces.store.vault import KEY_BYTES, Key, damaged, seal, unseal

FORMAT = "2"
MOST_NUMBER = 2**63 - 1  # that a row can have
_NUMBER_BYTES = 8


@dataclass(frozen=True)
class Scrub:
    """How it was checked that deleted bytes are gone: "file", with the bytes read, or "rows"."""

    verified: str
    bytes_read: int


class Database(Protocol):
    """Transactions and SQL, `?` standing for a value. Whatever goes wrong is a FacesError."""

    def transaction(self) -> AbstractContextManager[None]:
        """One writer at a time; durable when it ends, undone if it raises."""

    def reading(self) -> AbstractContextManager[None]:
        """What is read in it is of one moment."""

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]: ...

    def run(self, sql: str, *values: object) -> None: ...

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> None: ...

    def scrub(self, gone: Sequence[bytes]) -> Scrub:
        """Makes deleted bytes unreadable and checks it; FacesError if they are still there."""

    def compact(self) -> None:
        """Makes all deleted bytes unreadable, as far as this kind of database can."""

    def check(self) -> None:
        """FacesError if the database's own structure is damaged."""

    def close(self) -> None: ...


class Ledger:
    """The tables `meta` and `audit` of a database, opened with the right key."""

    def __init__(self, database: Database, key: Key) -> None:
        self.database = database
        if not database.rows("SELECT 1 FROM meta LIMIT 1"):
            with database.transaction():
                if not database.rows("SELECT 1 FROM meta LIMIT 1"):
                    self._create(key)
        made = self.value("format")
        if made != FORMAT:
            raise FacesError(
                "Opening the store of faces.",
                f"Its format is {made}; this version reads {FORMAT}.",
                "Install the version of bitfast-faces that made it.",
            )
        self.store = bytes.fromhex(self.value("store"))
        self._take_key(key)

    def _create(self, key: Key) -> None:
        store, log_key = os.urandom(16), os.urandom(KEY_BYTES)
        first = audit.entry(log_key, None, audit.now(), "create", {"format": FORMAT, "store": store.hex()})
        sealed = seal(key.derived("wrap", store), _packed([(1, log_key)]), store, "log key")
        values = {
            "format": FORMAT, "store": store.hex(), "check": key.check(store).hex(), "log_key": sealed.hex(),
            "space": "", "deletions": "0", "unverified": "",
            "people": "0", "consents": "0", "templates": "0", "corrections": "0",
            "head": str(first.id), "head_digest": first.digest,
            "end": audit.seal_of_end(log_key, first.id, first.digest, ""),
        }  # fmt: skip
        self.database.run_many("INSERT INTO meta (name, value) VALUES (?, ?)", list(values.items()))
        self._append(first)

    def _take_key(self, key: Key) -> None:
        self._check = key.check(self.store)
        self.require_key()
        self.wrap = key.derived("wrap", self.store)
        self._log_keys = _unpacked(unseal(self.wrap, bytes.fromhex(self.value("log_key")), self.store, "log key"))

    def require_key(self) -> None:
        """FacesError if the store's key is not, or no longer, the one it was opened with."""
        if not hmac.compare_digest(bytes.fromhex(self.value("check")), self._check):
            raise FacesError(
                "Opening the store of faces.",
                "The key is not the store's: it was made with another one, or the key was changed since.",
                "Name the right key file by --key or BITFAST_FACES_KEY.",
            )

    def require_space(self, space: str | None) -> None:
        """FacesError if the store has templates of another space."""
        own = self.value("space")
        if space is not None and own and space != own:
            raise FacesError(
                "Comparing face templates.",
                f"The store's are of space {own}, these of {space}: other weights or another alignment made them.",
                "Enrol everybody again into a new store, or use the version that the store was made with.",
            )

    def value(self, name: str) -> str:
        rows = self.database.rows("SELECT value FROM meta WHERE name = ?", name)
        if not rows:
            raise damaged(f"meta {name}")
        return str(rows[0][0])

    def number(self, name: str) -> int:
        return int(self.value(name))

    def set(self, name: str, value: str | int) -> None:
        self.database.run("UPDATE meta SET value = ? WHERE name = ?", str(value), name)

    def take(self, name: str, count: int = 1) -> int:
        """The first of `count` new numbers of rows; numbers are never used twice, for the log names them."""
        last = self.number(name)
        self.set(name, last + count)
        return last + 1

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction, refused if the store's key was changed meanwhile."""
        with self.database.transaction():
            self.require_key()
            yield

    def log(self, action: str, detail: Mapping[str, Any], space: str | None = None) -> AuditEntry:
        """Writes an entry, and with it the space of the store's templates if that is new; within `writing`.

        Whatever is answered or done has an entry, so nothing is once the log's end was changed.
        """
        return self._write(self._log_keys[-1][1], self.head(), action, detail, space)

    def head(self) -> AuditEntry:
        """The last entry's number and digest; FacesError if they are not as they were written."""
        number, chained, space = self.number("head"), self.value("head_digest"), self.value("space")
        sealed = audit.seal_of_end(self._log_keys[-1][1], number, chained, space)
        if not hmac.compare_digest(sealed, self.value("end")):
            raise audit.broken("its end is not as it was written, so entries may be missing there")
        return AuditEntry(number, "", "", {}, chained)

    def _write(
        self, key: bytes, last: AuditEntry, action: str, detail: Mapping[str, Any], space: str | None
    ) -> AuditEntry:
        entry = audit.entry(key, last, audit.now(), action, detail)
        self._append(entry)
        if space is not None:
            self.set("space", space)
        self.set("head", entry.id)
        self.set("head_digest", entry.digest)
        self.set("end", audit.seal_of_end(key, entry.id, entry.digest, self.value("space")))
        return entry

    def _append(self, entry: AuditEntry) -> None:
        row = (entry.id, entry.at, entry.action, audit.canonical(entry.detail), entry.digest)
        self.database.run("INSERT INTO audit (id, at, action, detail, digest) VALUES (?, ?, ?, ?, ?)", *row)

    def entries(self, after: int = 0, limit: int | None = None) -> list[AuditEntry]:
        asked = "SELECT id, at, action, detail, digest FROM audit WHERE id > ? ORDER BY id LIMIT ?"
        found = []
        for number, at, action, detail, chained in self.database.rows(
            asked, min(after, MOST_NUMBER), MOST_NUMBER if limit is None else limit
        ):
            try:
                found.append(AuditEntry(int(number), str(at), str(action), json.loads(detail), str(chained)))
            except (TypeError, ValueError):
                raise damaged(f"audit {number}") from None
        return found

    def verify(self) -> list[AuditEntry]:
        """The log's entries; FacesError naming the first that is not as it was written. Within `reading`."""
        entries = self.entries()
        audit.verify(self._log_keys, entries, (self.number("head"), self.value("head_digest")))
        self.head()
        return entries

    def unverified(self) -> frozenset[int]:
        """The entries of deletions, and of a change of key, whose old bytes may still be in the database."""
        return frozenset(map(int, self.value("unverified").split()))

    def mark_unverified(self, numbers: frozenset[int]) -> None:
        self.set("unverified", " ".join(map(str, sorted(numbers))))

    def rekey(self, key: Key, detail: Mapping[str, Any]) -> tuple[AuditEntry, bytes]:
        """Puts another key, and another log key, in the place of these; within `writing`.

        The entry of it, and the old log key's ciphertext as it stood in the database.
        """
        last, old = self.head(), self.value("log_key")
        fresh = os.urandom(KEY_BYTES)
        packed = _packed([*self._log_keys, (last.id + 1, fresh)])
        self.set("log_key", seal(key.derived("wrap", self.store), packed, self.store, "log key").hex())
        self.set("check", key.check(self.store).hex())
        return self._write(fresh, last, "key-rotated", detail, None), old.encode()

    def rekeyed(self, key: Key) -> None:
        """Goes on with the new key, once its transaction is written."""
        self._take_key(key)


def _packed(keys: audit.LogKeys) -> bytes:
    return b"".join(first.to_bytes(_NUMBER_BYTES, "little") + key for first, key in keys)


def _unpacked(packed: bytes) -> audit.LogKeys:
    size = _NUMBER_BYTES + KEY_BYTES
    parts = [packed[at : at + size] for at in range(0, len(packed), size)]
    return [(int.from_bytes(part[:_NUMBER_BYTES], "little"), part[_NUMBER_BYTES:]) for part in parts]
