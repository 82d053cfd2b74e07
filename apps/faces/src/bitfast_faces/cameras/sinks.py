"""Carries events from the bus to the outside: each sink in a thread of its own, so that a slow one holds up nobody.

Queues are bounded and in memory only: an event of a known person is personal data and is not left on a disk. When a
queue is full the oldest event goes; what was not delivered is counted and said at the end.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Protocol, TextIO

from bitfast_faces.cameras.events import Event, EventBus, Subscription


class Sink(Protocol):
    """Takes events one after another. `deliver` returns whether the event arrived and does not raise."""

    name: str

    def deliver(self, event: Event, stopping: threading.Event) -> bool: ...

    def close(self) -> None: ...


class Lines:
    """JSON lines on a text stream, one per event, flushed."""

    name = "standard output"

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._gone = False

    def deliver(self, event: Event, stopping: threading.Event) -> bool:
        if self._gone:
            return False
        try:
            self._stream.write(event.json() + "\n")
            self._stream.flush()
        except (OSError, ValueError):  # whoever read it has gone away
            self._gone = True
        return not self._gone

    def close(self) -> None:
        pass


class Carrier:
    """A sink's thread: from a subscription to the sink until the bus is closed.

    `close` waits up to `patience` seconds for what is queued, then gives up on the rest; `lost` is how many events
    never arrived.
    """

    def __init__(
        self, bus: EventBus, sink: Sink, queue: int = 1000, say: Callable[[str], None] = lambda words: None
    ) -> None:
        self._sink, self._say = sink, say
        self._subscription: Subscription = bus.subscribe(queue)
        self._stopping = threading.Event()
        self._undelivered = 0
        self._thread = threading.Thread(target=self._carry, name=f"sink {sink.name}", daemon=True)
        self._thread.start()

    @property
    def lost(self) -> int:
        return self._undelivered + self._subscription.missed + self._subscription.waiting()

    def close(self, patience: float = 10.0) -> None:
        self._subscription.close()
        self._thread.join(patience)
        self._stopping.set()
        self._thread.join(1.0)
        self._sink.close()
        if self.lost:
            self._say(f"{self.lost} events could not be delivered to {self._sink.name}.")

    def _carry(self) -> None:
        failing = False
        while not (self._subscription.closed or self._stopping.is_set()):
            event = self._subscription.get(1.0)
            if event is None:
                continue
            try:
                arrived = self._sink.deliver(event, self._stopping)
            except Exception:  # a sink's fault loses this event, which is counted, and not the thread
                arrived = False
            if not arrived:
                self._undelivered += 1
            if arrived == failing:
                failing = not arrived
                self._say(f"{self._sink.name} {'does not take events' if failing else 'takes events again'}.")
