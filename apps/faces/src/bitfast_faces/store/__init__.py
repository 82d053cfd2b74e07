"""Stores of people who agreed to be recognised: `open_store` opens one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from bitfast_faces.errors import FacesError
from bitfast_faces.store.base import AuditEntry, Consent, Deletion, Match, Person, Store
from bitfast_faces.store.books import Books
from bitfast_faces.store.keeping import today_utc
from bitfast_faces.store.sqlite import SqliteDatabase
from bitfast_faces.store.vault import Key, default_key_file, new_key, read_key

__all__ = ["AuditEntry", "Consent", "Deletion", "Match", "Person", "Store", "open_store"]


def open_store(
    where: str | Path,
    key_file: Path | None = None,
    *,
    create: bool = False,
    space: str | None = None,
    today: Callable[[], date] = today_utc,
) -> Books:
    """The store at `where`: a path, or postgresql://… of a database; FacesError says what is wrong with it.

    `key_file` is by default $BITFAST_FACES_KEY or ~/.config/bitfast-faces/key. With `create`, a store that does not
    exist is made, and for a new file the key as well. `space` is the engine's: a store of another one is refused.
    `today` is the day that consents are held against (UTC).
    """
    path = key_file or default_key_file()
    if str(where).startswith(("postgresql://", "postgres://")):
        from bitfast_faces.store.postgres import open_postgres  # its libraries are an extra

        return open_postgres(str(where), read_key(path), create=create, space=space, today=today)
    file = Path(where)
    if path.resolve().parent == file.resolve().parent:
        raise FacesError(
            f"Opening the store {file}.",
            f"Its key {path} lies beside it: who copies the folder has both.",
            "Move the key to another folder, and name it by --key or BITFAST_FACES_KEY.",
        )
    if not create and not _there(file):
        raise FacesError(
            f"Opening the store {file}.",
            "There is no store yet.",
            "bitfast-faces enrol makes it and its key; or name another store by --store.",
        )
    key = _key(path, file, create)
    database = SqliteDatabase(file, create=create)
    try:
        return Books(database, key, space=space, today=today)
    except BaseException:
        database.close()
        raise


def _key(path: Path, file: Path, create: bool) -> Key:
    if not path.exists():
        if create and not _there(file):
            return new_key(path)
        raise FacesError(
            f"Opening the store {file}.",
            f"Its key is not there: {path}.",
            "Restore the key from your copy, or name it by --key or BITFAST_FACES_KEY; a new one cannot open it.",
        )
    return read_key(path)


def _there(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0
