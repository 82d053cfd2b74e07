"""Who asks: a token, or the browser that opened the one-time link. Sessions live in memory and end with the server."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

IDLE_SECONDS = 8 * 3600.0
SESSIONS = 64


@dataclass(frozen=True)
class Principal:
    """Who asks, and what they may do. `key` tells one asker's limits and pictures from another's."""

    key: str
    name: str
    scopes: frozenset[str]
    by_cookie: bool = False
    token: str = ""


class Sessions:
    """The one-time code and the cookies it was exchanged for; only SHA-256 of either is compared, in constant time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._code = b""
        self._open: dict[bytes, tuple[Principal, float]] = {}

    def new_code(self) -> str:
        """A code that opens one session; the one before it opens none any more."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._code = _digest(code)
        return code

    def redeem(self, code: str) -> bool:
        """Whether `code` is the one that was given out last; it is used up by that."""
        with self._lock:
            right = bool(self._code) and hmac.compare_digest(self._code, _digest(code))
            if right:
                self._code = b""
        return right

    def open(self, name: str, scopes: frozenset[str], token: str = "") -> str:
        """A new session's cookie; `token` is the id of the one it ends with. The one idle for longest makes room."""
        cookie = secrets.token_urlsafe(32)
        key = _digest(cookie)
        with self._lock:
            while len(self._open) >= SESSIONS:
                del self._open[min(self._open, key=lambda each: self._open[each][1])]
            self._open[key] = (Principal(f"session:{key.hex()[:16]}", name, scopes, True, token), self._clock())
        return cookie

    def find(self, cookie: str) -> Principal | None:
        key, now = _digest(cookie), self._clock()
        with self._lock:
            principal, used = self._open.get(key, (None, 0.0))
            if principal is None:
                return None
            if now - used > IDLE_SECONDS:
                del self._open[key]
                return None
            self._open[key] = (principal, now)
            return principal

    def close(self, cookie: str) -> None:
        with self._lock:
            self._open.pop(_digest(cookie), None)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
