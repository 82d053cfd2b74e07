"""Rate limits: one token bucket per asker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Rates:
    """Buckets that hold `burst` requests and fill by `per_second`; the ones that are full again are forgotten."""

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._tidied = float("-inf")
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str, cost: float = 1.0) -> float:
        """0.0 when the request may go on, else the seconds until it might; a refused request costs nothing."""
        now = self._clock()
        with self._lock:
            if len(self._buckets) > 4096 and now - self._tidied >= 1:
                self._tidied = now
                self._buckets = {each: held for each, held in self._buckets.items() if not self._full(held, now)}
            level, since = self._buckets.get(key, (self._burst, now))
            level = min(self._burst, level + (now - since) * self._per_second)
            if level < cost:
                return (cost - level) / self._per_second
            self._buckets[key] = (level - cost, now)
            return 0.0

    def _full(self, held: tuple[float, float], now: float) -> bool:
        level, since = held
        return level + (now - since) * self._per_second >= self._burst
