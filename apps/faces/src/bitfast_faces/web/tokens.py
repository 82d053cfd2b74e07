"""Bearer tokens: made once, shown once, kept as hashes, with scopes and an end."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bitfast_faces.errors import FacesError

SCOPES = {
    "analyse": "find faces in pictures, compare two of them",
    "family": "see whom a child resembles",
    "search": "search and verify against the people enrolled",
    "enrol": "enrol people with their consent, correct answers",
    "people": "see who is enrolled",
    "delete": "delete people",
    "cluster": "sort the folders that the server was given",
    "audit": "read and check the audit log",
    "events": "see what cameras report",
}
LONGEST = timedelta(days=366)
PREFIX = "bff"


@dataclass(frozen=True)
class Token:
    """What is kept of a token: never itself, only SHA-256 of it. 256 random bits need no slow hash."""

    id: str
    name: str
    digest: str
    scopes: tuple[str, ...]
    created: str
    expires: str

    def valid_at(self, now: datetime) -> bool:
        return now < datetime.fromisoformat(self.expires)


def check_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """The scopes, sorted, each once; FacesError names one that does not exist."""
    chosen = sorted(set(scopes))
    unknown = [each for each in chosen if each not in SCOPES]
    if unknown or not chosen:
        raise FacesError(
            "Making a token.",
            f"There is no scope {unknown[0]!r}." if unknown else "It would have no scope.",
            f"Scopes are {', '.join(SCOPES)}.",
        )
    return tuple(chosen)


class TokenFile:
    """The tokens in a JSON file of mode 0600, replaced as a whole, so that a reader sees the old or the new one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int, int] | None = None
        self._tokens: dict[str, Token] = {}

    def new(self, name: str, scopes: Iterable[str], term: timedelta, now: datetime | None = None) -> tuple[str, Token]:
        """A token's text, which is shown once, and what is kept of it. FacesError for an unknown scope or term."""
        chosen = check_scopes(scopes)
        if not timedelta(0) < term <= LONGEST:
            raise FacesError(
                f"Making the token {name!r}.", "Its term is not between 1 and 366 days.", "Give --days in that range."
            )
        start = (now or datetime.now(UTC)).replace(microsecond=0)
        id, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        text = f"{PREFIX}_{id}_{secret}"
        token = Token(id, name, _digest(text), chosen, start.isoformat(), (start + term).isoformat())
        with self._exclusive():
            self._write({**self._read(), id: token})
        return text, token

    def revoke(self, id_or_name: str) -> int:
        """Takes tokens away by id or name; how many. A server that runs refuses them from its next request on."""
        with self._exclusive():
            kept = {id: each for id, each in self._read().items() if id_or_name not in (id, each.name)}
            gone = len(self._read()) - len(kept)
            if gone:
                self._write(kept)
        return gone

    def all(self) -> list[Token]:
        return sorted(self._read().values(), key=lambda token: token.created)

    def find(self, text: str, now: datetime | None = None) -> Token | None:
        """The token that `text` is, or None for an unknown, revoked or expired one. Compared in constant time."""
        parts = text.split("_", 2)
        id = parts[1] if len(parts) == 3 and parts[0] == PREFIX else ""
        token = self._current().get(id)
        same = hmac.compare_digest(_digest(text), token.digest if token else _digest(""))
        return token if token and same and token.valid_at(now or datetime.now(UTC)) else None

    def holds(self, id: str, now: datetime | None = None) -> bool:
        """Whether the token with this id is neither revoked nor expired."""
        token = self._current().get(id)
        return token is not None and token.valid_at(now or datetime.now(UTC))

    def _current(self) -> dict[str, Token]:
        """The file's tokens; it is read again only when it was replaced."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return {}
        seen = (status.st_ino, status.st_mtime_ns, status.st_size)
        if seen != self._seen:
            self._tokens, self._seen = self._read(), seen
        return self._tokens

    def _read(self) -> dict[str, Token]:
        try:
            if self.path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                raise FacesError(
                    f"Reading the tokens in {self.path}.",
                    "Others than its owner may write it, and so make tokens.",
                    f"Look at `bitfast-faces token list` afterwards: chmod 600 {self.path}",
                )
            content = json.loads(self.path.read_text(encoding="utf-8"))
            tokens = [Token(**{**each, "scopes": tuple(each["scopes"])}) for each in content["tokens"]]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise FacesError(
                f"Reading the tokens in {self.path}.",
                f"The file cannot be read: {error}.",
                "Move it away and make new tokens with `bitfast-faces token new`.",
            ) from None
        return {token.id: token for token in tokens}

    def _write(self, tokens: dict[str, Token]) -> None:
        content = {"version": 1, "tokens": [asdict(token) for token in tokens.values()]}
        beside = self.path.with_name(self.path.name + ".new")
        try:
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(content, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)  # or a revoked token could be back after a power cut
            finally:
                os.close(folder)
        except OSError as error:
            raise FacesError(
                f"Writing the tokens to {self.path}.", f"{error.strerror}.", "Name another file with --tokens."
            ) from None

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        """Two commands that change the file do so one after the other."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = os.open(self.path.with_name(self.path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise FacesError(
                f"Writing the tokens to {self.path}.", f"{error.strerror}.", "Name another file with --tokens."
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
