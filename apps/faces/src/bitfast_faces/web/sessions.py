"""Who asks: a token, or the browser that opened the one-time link. Sessions live in memory and end with the server."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

CODE_SECONDS = 300.0
IDLE_SECONDS = 8 * 3600.0
LONGEST_SECONDS = 24 * 3600.0
SESSIONS = 64
SESSIONS_OF_A_TOKEN = 8


@dataclass(frozen=True)
class Principal:
    """Who asks, and what they may do.

    `key` tells one asker's limits and pictures from another's: every session that a token opened is that token's.
    """

    key: str
    name: str
    scopes: frozenset[str]
    by_cookie: bool = False
    token: str = ""


@dataclass(frozen=True)
class _Session:
    principal: Principal
    begun: float
    used: float


class Sessions:
    """The one-time code and the cookies it was exchanged for; only SHA-256 of either is compared, in constant time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._code, self._code_ends = b"", 0.0
        self._open: dict[bytes, _Session] = {}

    def new_code(self) -> str:
        """A code that opens one session within CODE_SECONDS; the one before it opens none any more."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._code, self._code_ends = _digest(code), self._clock() + CODE_SECONDS
        return code

    def redeem(self, code: str) -> bool:
        """Whether `code` is the one that was given out last, a short while ago; it is used up by that."""
        with self._lock:
            right = bool(self._code) and hmac.compare_digest(self._code, _digest(code))
            if right:
                self._code = b""
            return right and self._clock() <= self._code_ends

    def open(self, name: str, scopes: frozenset[str], token: str = "") -> str:
        """A new session's cookie; `token` is the id of the one it ends with.

        Where there are too many, the one idle for longest makes room: of the same token, else of who has most.
        """
        cookie = secrets.token_urlsafe(32)
        key = _digest(cookie)
        principal = Principal(f"token:{token}" if token else f"session:{key.hex()[:16]}", name, scopes, True, token)
        with self._lock:
            counts = Counter(each.principal.token for each in self._open.values())
            if token and counts[token] >= SESSIONS_OF_A_TOKEN:
                self._end_one(token)
            elif len(self._open) >= SESSIONS:
                self._end_one(counts.most_common(1)[0][0])
            self._open[key] = _Session(principal, self._clock(), self._clock())
        return cookie

    def find(self, cookie: str) -> Principal | None:
        """Whose session this is, which counts as its use."""
        key, now = _digest(cookie), self._clock()
        with self._lock:
            session = self._open.get(key)
            if session is None:
                return None
            if now - session.used > IDLE_SECONDS or now - session.begun > LONGEST_SECONDS:
                del self._open[key]
                return None
            self._open[key] = replace(session, used=now)
            return session.principal

    def close(self, cookie: str) -> None:
        with self._lock:
            self._open.pop(_digest(cookie), None)

    def _end_one(self, token: str) -> None:
        mine = [key for key, session in self._open.items() if session.principal.token == token]
        del self._open[min(mine, key=lambda key: self._open[key].used)]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
