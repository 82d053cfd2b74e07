"""A store in one SQLite file: durable, and read byte by byte after a deletion."""

from __future__ import annotations

import mmap
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bitfast_faces.errors import FacesError
from bitfast_faces.store.ledger import Scrub

_SECONDS_TO_WAIT = 30.0
_PIECE = 16  # of each end of a ciphertext: long enough to be found by no accident

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS people (id INTEGER PRIMARY KEY, sealed_key BLOB NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS consents (
    id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS templates (
    id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS corrections (
    id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people, sealed BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS consents_of ON consents (person);
CREATE INDEX IF NOT EXISTS templates_of ON templates (person);
CREATE INDEX IF NOT EXISTS corrections_of ON corrections (person);
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL, digest TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS audit_is_not_deleted BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS audit_is_appended_to BEFORE INSERT ON audit
    WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM audit)
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
"""


class SqliteDatabase:
    """A ledger.Database in a file, for one process's threads one at a time; several processes may share the file.

    A committed transaction is on the disk (WAL with synchronous=FULL, https://sqlite.org/wal.html); one cut off by a
    crash never was.
    """

    def __init__(self, path: Path, *, create: bool) -> None:
        self.path = path
        self._tried = f"Using the store {path}."
        new = not path.exists() or path.stat().st_size == 0
        if new and not create:
            raise FacesError(
                f"Opening the store {path}.",
                "There is none yet.",
                "bitfast-faces enrol makes it; or name another by --store.",
            )
        if new:
            self._make_file()
        with self._explained():
            self._connection = sqlite3.connect(
                path, timeout=_SECONDS_TO_WAIT, isolation_level=None, check_same_thread=False
            )
            try:
                for pragma in (
                    "trusted_schema = OFF",
                    "foreign_keys = ON",
                    "secure_delete = ON",
                    "cell_size_check = ON",
                ):
                    self._connection.execute(f"PRAGMA {pragma}")
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = FULL")
                if new:
                    self._connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
                self._connection.execute("SELECT count(*) FROM meta")
            except BaseException:
                self._connection.close()
                raise

    def _make_file(self) -> None:
        """An empty file that only its owner may read; SQLite gives the files beside it the same mode."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            raise FacesError(
                f"Making the store {self.path}.", f"{error.strerror}.", "Choose a folder that you may write to."
            ) from None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield from self._between("BEGIN IMMEDIATE")

    @contextmanager
    def reading(self) -> Iterator[None]:
        yield from self._between("BEGIN")

    def _between(self, begin: str) -> Iterator[None]:
        with self._explained():
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has ended it already
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._explained():
            return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: object) -> None:
        with self._explained():
            self._connection.execute(sql, values)

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> None:
        with self._explained():
            self._connection.executemany(sql, values)

    def scrub(self, gone: Sequence[bytes]) -> Scrub:
        """Reads the file, its log and its journal for the deleted bytes; the file is written anew if there are any.

        secure_delete overwrites freed cells with zeros, but a page that was rebalanced may keep a copy in its gap.
        """
        self._checkpoint()
        read, found = self._read_for(gone)
        if found:
            self.compact()
            read, found = self._read_for(gone)
        if found:
            raise FacesError(
                f"Verifying a deletion in {self.path}.",
                f"{found} of {len(gone)} deleted ciphertexts are still in the file.",
                "Close all other programs that use the store, then run bitfast-faces check.",
            )
        return Scrub("file", read)

    def compact(self) -> None:
        with self._explained():
            self._connection.execute("VACUUM")
        self._checkpoint()

    def check(self) -> None:
        result = self.rows("PRAGMA integrity_check(1)")[0][0]
        if result != "ok":
            raise self._damaged(str(result))

    def close(self) -> None:
        self._connection.close()

    def _checkpoint(self) -> None:
        """Brings the log into the file and empties it."""
        ((busy, _, _),) = self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            raise FacesError(
                f"Verifying a deletion in {self.path}.",
                "The rows are deleted, but another program is reading, so their bytes cannot be overwritten yet.",
                "Close the other program; the next one to open the store finishes this.",
            )

    def _read_for(self, gone: Sequence[bytes]) -> tuple[int, int]:
        """How many bytes there are to the store's files, and how many of the ciphertexts left any piece in them."""
        read, found = 0, set[int]()
        for suffix in ("", "-wal", "-journal"):
            path = Path(f"{self.path}{suffix}")
            if not path.exists() or path.stat().st_size == 0:
                continue
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
                read += len(held)
                for at, cell in enumerate(gone):
                    middle = len(cell) // 2
                    pieces = cell[:_PIECE], cell[middle : middle + _PIECE], cell[-_PIECE:]
                    # A damaged cell may be short or zeros: found everywhere, it tells nothing of a person.
                    if any(len(piece.strip(b"\0")) * 2 > _PIECE and held.find(piece) >= 0 for piece in pieces):
                        found.add(at)
        return read, len(found)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT) or "no such table" in str(error):
                raise self._damaged(str(error)) from None
            if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
                happened = f"The disk is full or fails ({error}); nothing of this was written."
                raise FacesError(self._tried, happened, "Free some space and try again.") from None
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                happened = f"Another program has been writing for {_SECONDS_TO_WAIT:.0f} seconds."
                raise FacesError(self._tried, happened, "Wait for it to end and try again.") from None
            if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
                happened = f"It cannot be opened for writing ({error})."
                raise FacesError(self._tried, happened, "Check who owns the file and its folder.") from None
            raise FacesError(self._tried, f"SQLite says: {error}.", "bitfast-faces check reads all of it.") from None

    def _damaged(self, what: str) -> FacesError:
        return FacesError(
            self._tried,
            f"It is damaged, or not a store of bitfast-faces ({what}).",
            "Restore it from a backup, or name another file by --store.",
        )
