"""Between the thread that reads a camera and the one that looks at its frames: room for one frame, the newest."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from av.video.frame import VideoFrame


@dataclass(frozen=True, slots=True)
class Arrival:
    """A decoded frame and when it came, in ms of the Unix epoch."""

    frame: VideoFrame
    at: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Frames so far: `read` from the source, `left_out` to keep to the camera's rate, `dropped` because the machine was
    busy with an older one, and `seen`, which were looked at."""

    read: int = 0
    left_out: int = 0
    dropped: int = 0
    seen: int = 0

    def since(self, before: Counts) -> Counts:
        return Counts(
            self.read - before.read,
            self.left_out - before.left_out,
            self.dropped - before.dropped,
            self.seen - before.seen,
        )


class Mailbox:
    """Holds the newest frame. One that is replaced before it was taken is dropped, and counted."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._changed = threading.Condition()
        self._newest: Arrival | None = None
        self._slot: int | None = None
        self._read = self._left_out = self._dropped = self._seen = 0
        self._closed = False

    def put(self, arrival: Arrival) -> None:
        """Leaves a frame; the first one in each period of the rate counts, the others are left out."""
        slot = arrival.at * self._rate // 1000
        with self._changed:
            self._read += 1
            if slot == self._slot:
                self._left_out += 1
                return
            self._slot = slot
            self._dropped += self._newest is not None
            self._newest = arrival
            self._changed.notify()

    def take(self, timeout: float) -> Arrival | None:
        """The newest frame; None after `timeout` seconds, or when closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._closed, timeout)
            arrival, self._newest = self._newest, None
            self._seen += arrival is not None
            return arrival

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()

    @property
    def over(self) -> bool:
        """Whether it is closed and empty."""
        with self._changed:
            return self._closed and self._newest is None

    @property
    def counts(self) -> Counts:
        with self._changed:
            return Counts(self._read, self._left_out, self._dropped, self._seen)
