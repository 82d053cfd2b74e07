"""What happened in front of a camera, and the bus that carries it to whoever listens.

An event of a stranger says when, which camera, which zone, how many and how long, and cannot say more: the constructor
refuses it. Times are milliseconds of the Unix epoch, durations milliseconds.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from bitfast_faces.cameras.schedule import moment

OF_PEOPLE = ("enter", "known", "best", "leave")
"""Kinds about somebody; `known` is somebody recognised after `enter`, `best` the picture of a visit's best shot."""

OF_CAMERAS = ("crossed", "limit", "connected", "lost", "size", "metrics", "trouble", "restored", "ended", "failed")
"""Kinds about a line, a zone or a camera, and never about somebody: one more over a line, more or fewer people than a
zone's limit, the state of the stream, and of what else the camera needs: store and pictures."""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who agreed to be recognised: number and name in the store, and the similarity in 1/2^30."""

    person: int
    name: str
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. What does not apply is None and left out of the JSON.

    `count` is how many people are in the zone after it, for `crossed` how many went that way since the watch began.
    `picture` is a file's name, `figures` counters of frames, `message` words for people. Raises ValueError where an
    event about a stranger would say more than time, camera, zone, count and duration.
    """

    kind: str
    at: int
    camera: str
    zone: str | None = None
    count: int | None = None
    duration: int | None = None
    direction: str | None = None
    who: Who | None = None
    picture: str | None = None
    message: str | None = None
    figures: Mapping[str, int] | None = None

    def __post_init__(self) -> None:
        if self.kind not in OF_PEOPLE + OF_CAMERAS:
            raise ValueError(f"there are no events of kind {self.kind!r}")
        if self.kind not in OF_PEOPLE and self.who is not None:
            raise ValueError(f"an event of kind {self.kind!r} is about nobody")
        if self.kind in OF_PEOPLE and self.who is None and (self.picture or self.message or self.figures):
            raise ValueError("an event about a stranger carries only time, camera, zone, count and duration")
        if self.kind in ("known", "best") and self.who is None:
            raise ValueError(f"an event of kind {self.kind!r} is about somebody known")

    def record(self) -> dict[str, object]:
        """What goes out as JSON: `event`, `time` (ISO 8601, UTC), `camera` and what applies."""
        record: dict[str, object] = {"event": self.kind, "time": iso(self.at), "camera": self.camera}
        optional = (("zone", self.zone), ("count", self.count), ("duration_ms", self.duration))
        record.update({name: value for name, value in optional if value is not None})
        if self.direction is not None:
            record["direction"] = self.direction
        if self.kind in OF_PEOPLE:
            record["known"] = self.who is not None
        if self.who is not None:
            record.update(person=self.who.person, name=self.who.name, score=self.who.score)
        rest = (("picture", self.picture), ("message", self.message), ("figures", self.figures and dict(self.figures)))
        record.update({name: value for name, value in rest if value is not None})
        return record

    def json(self) -> str:
        """The record in one line; the same events give the same bytes."""
        return json.dumps(self.record(), ensure_ascii=False, separators=(",", ":"))


def iso(at: int) -> str:
    """
    >>> iso(1_700_000_000_007)
    '2023-11-14T22:13:20.007Z'
    """
    return moment(at).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at % 1000:03d}Z"


class Subscription:
    """One listener's queue. When it is full the oldest event goes, and `missed` counts it."""

    def __init__(self, bus: EventBus, most: int) -> None:
        self._bus = bus
        self._events: deque[Event] = deque()
        self._most = most
        self._closed = False
        self._changed = threading.Condition()
        self.missed = 0

    def get(self, timeout: float | None = None) -> Event | None:
        """The next event, or None after `timeout` seconds or when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._events or self._closed, timeout)
            return self._events.popleft() if self._events else None

    @property
    def closed(self) -> bool:
        """Whether nothing will come any more."""
        with self._changed:
            return self._closed and not self._events

    def waiting(self) -> int:
        """How many events are queued."""
        with self._changed:
            return len(self._events)

    def close(self) -> None:
        """Nothing is added any more; what is queued can still be got."""
        self._bus.forget(self)
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def put(self, event: Event) -> None:
        """Called by the bus."""
        with self._changed:
            if len(self._events) >= self._most:
                self._events.popleft()
                self.missed += 1
            self._events.append(event)
            self._changed.notify_all()


class Records:
    """A subscription that gives events as JSON objects, which is what the web page's stream sends on."""

    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription

    def get(self, timeout: float) -> Mapping[str, object] | None:
        event = self._subscription.get(timeout)
        return None if event is None else event.record()

    def close(self) -> None:
        self._subscription.close()


class EventBus:
    """Carries events from any thread to every subscription. It keeps none: who comes later hears what comes later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscriptions: list[Subscription] = []
        self._closed = False

    def subscribe(self, most: int = 1000) -> Subscription:
        """A queue of at most `most` events that begins now."""
        subscription = Subscription(self, most)
        with self._lock:
            if not self._closed:
                self._subscriptions.append(subscription)
                return subscription
        subscription.close()
        return subscription

    def records(self) -> Records:
        """A subscription to events as JSON objects."""
        return Records(self.subscribe())

    def publish(self, event: Event) -> None:
        """Hands the event to everybody who listens now; never waits for any of them."""
        with self._lock:
            for subscription in self._subscriptions:
                subscription.put(event)

    def forget(self, subscription: Subscription) -> None:
        """Ends a subscription; `Subscription.close` calls it."""
        with self._lock:
            if subscription in self._subscriptions:
                self._subscriptions.remove(subscription)

    def close(self) -> None:
        """No more events come; listeners get what is queued and then the end."""
        with self._lock:
            subscriptions, self._closed = list(self._subscriptions), True
        for subscription in subscriptions:
            subscription.close()
