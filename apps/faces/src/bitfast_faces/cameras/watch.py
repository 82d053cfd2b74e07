"""Runs the cameras: for each a thread that looks and, where frames do not wait, one that reads; reconnects; counts.

Files are read by the thread that looks, frame after frame, none dropped. Live sources are read as they come into a
mailbox for one frame; what the machine cannot keep up with is dropped there and told in the event `metrics`.
"""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bitfast_faces.cameras.config import Camera, Config
from bitfast_faces.cameras.events import Event, EventBus
from bitfast_faces.cameras.mailbox import Arrival, Counts, Mailbox
from bitfast_faces.cameras.recognise import Recogniser
from bitfast_faces.cameras.scene import Engine, Frame, Scene
from bitfast_faces.cameras.shots import Keep
from bitfast_faces.cameras.sources import Converter, Source, Video, source_of
from bitfast_faces.errors import FacesError

TICK = 0.5  # seconds a mailbox is waited for; visits also end while no frame comes
METRICS_EVERY, METRICS_WHEN_DROPPED = 60, 1  # seconds
FIRST_PAUSE, LONGEST_PAUSE, STEADY = 1.0, 30.0, 10.0  # seconds between attempts, doubled until a stream held for STEADY


class Clock:
    """Milliseconds of the Unix epoch that never run backwards: the wall clock once, monotonic time from there on."""

    def __init__(self) -> None:
        self._offset = time.time_ns() - time.monotonic_ns()

    def now(self) -> int:
        return (time.monotonic_ns() + self._offset) // 1_000_000


@dataclass(frozen=True)
class Outcome:
    """How a camera ended: its frames, the error if it failed, and the last trouble that it went on in spite of."""

    camera: str
    counts: Counts
    error: FacesError | None
    trouble: str = ""


class Watch:
    """Watches all cameras of a configuration. `start`, then `wait` or `stop`; events go to the bus.

    `begin` is when a file's first frame was taken; by default what the file says, else its modification time. Raises
    FacesError at once for a source that cannot be meant.
    """

    def __init__(
        self,
        config: Config,
        engine: Engine,
        bus: EventBus,
        recogniser: Recogniser | None = None,
        keep: Keep | None = None,
        begin: datetime | None = None,
    ) -> None:
        watchers = []
        for camera in config.cameras:
            scene = Scene(camera, config.visits, engine, recogniser, keep)
            watchers.append(_Watcher(camera, source_of(camera), scene, bus, begin))
        self._watchers = watchers
        self._threads = [threading.Thread(target=one.run, name=f"look {one.camera.name}") for one in watchers]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Waits until every camera has ended; False if `timeout` seconds were not enough."""
        until = None if timeout is None else time.monotonic() + timeout
        for thread in self._threads:
            thread.join(None if until is None else max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Ends all cameras; visits end with what was seen. Returns when they have."""
        for one in self._watchers:
            one.stop.set()
        self.wait()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(Outcome(one.camera.name, one.counts, one.error, one.trouble) for one in self._watchers)


class _Watcher:
    """One camera's thread or two."""

    def __init__(
        self,
        camera: Camera,
        source: Source,
        scene: Scene,
        bus: EventBus,
        begin: datetime | None,
    ) -> None:
        self.camera = camera
        self.error: FacesError | None = None
        self.trouble = ""
        self.stop = threading.Event()
        self._source, self._scene, self._bus, self._begin = source, scene, bus, begin
        self._clock = Clock()
        self._mailbox = Mailbox(camera.rate)
        self._converter = Converter()
        self._damaged = 0
        self._at = self._clock.now()

    @property
    def counts(self) -> Counts:
        return self._mailbox.counts

    def run(self) -> None:
        try:
            if self._source.live or self.camera.real_time:
                self._look_at_newest()
            else:
                self._look_at_each()
        except Exception as error:  # a user never sees a traceback, and one camera's fault does not end the others
            self.error = self._in_words(error)
        finally:
            try:
                self._publish(self._scene.finish())
            except Exception as error:
                self.error = self.error or self._in_words(error)
            figures = {**asdict(self.counts), "damaged": self._damaged}
            if self.error is None:
                self._tell("ended", figures=figures)
            else:
                self._tell("failed", message=f"{self.error.happened} {self.error.advice}", figures=figures)

    def _look_at_each(self) -> None:
        video = Video.open(self._source, self.camera)
        try:
            begin = _milliseconds(self._begin or video.recorded or _modified(self._source))
            self._at = begin
            self._tell("connected", message=self._source.shown)
            for frame, at in video.frames():
                self._mailbox.put(Arrival(frame, begin + at))
                if self.stop.is_set():
                    break
                self._look(self._mailbox.take(0))
        finally:
            self._damaged += video.damaged
            video.close()

    def _look_at_newest(self) -> None:
        reader = threading.Thread(target=self._read, name=f"read {self.camera.name}")
        reader.start()
        try:
            self._look_until_closed()
        finally:
            self.stop.set()
            reader.join()

    def _look_until_closed(self) -> None:
        told, last, last_at = Counts(), Counts(), time.monotonic()
        told_at = last_at
        while not self._mailbox.over:
            arrival = self._mailbox.take(TICK)
            if arrival is None:
                self._publish(self._scene.wait(self._clock.now()))
            else:
                self._look(arrival)
            now, counts = time.monotonic(), self.counts
            if now - last_at >= METRICS_WHEN_DROPPED:
                if counts.dropped > last.dropped or now - told_at >= METRICS_EVERY:
                    self._tell_metrics(counts.since(told), now - told_at)
                    told, told_at = counts, now
                last, last_at = counts, now

    def _look(self, arrival: Arrival | None) -> None:
        if arrival is not None:
            self._at = arrival.at
            pixels = self._converter.rgb(arrival.frame)
            try:
                self._publish(self._scene.see(Frame(pixels, arrival.at)))
            finally:
                pixels.fill(0)  # who was in it is known or forgotten

    def _read(self) -> None:
        """Reads until stopped; what it cannot get over is the camera's error."""
        try:
            if self._source.live:
                self._reconnecting()
            else:
                self._in_real_time()
        except Exception as error:
            self.error = self._in_words(error)
        finally:
            self._mailbox.close()

    def _reconnecting(self) -> None:
        if self._source.kind == "usb" and not Path(self._source.url).exists():
            tried, advice = f"Watching {self._source.shown}.", "Is a camera plugged in? ls /dev/video* lists them."
            raise FacesError(
                tried, "There is no such device.", advice
            )  # one that was there may come back; this was not
        pause = FIRST_PAUSE
        last_frame = time.monotonic()
        while not self.stop.is_set():
            connected = time.monotonic()
            frames = self.counts.read
            try:
                error = self._read_until_it_ends()
            except FacesError as failure:
                error = failure
            if self.stop.is_set():
                return
            if self.counts.read > frames:
                last_frame = time.monotonic()
            if time.monotonic() - connected >= STEADY:
                pause = FIRST_PAUSE
            if self.camera.give_up and time.monotonic() - last_frame + pause > self.camera.give_up:
                advice = f"It was tried for {self.camera.give_up} s (give_up). {error.advice}"
                raise FacesError(error.tried, error.happened, advice)
            self._tell("lost", message=f"{error.happened} Trying again in {pause:g} s.", at=self._clock.now())
            self.stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _read_until_it_ends(self) -> FacesError:
        video = Video.open(self._source, self.camera)
        try:
            self._tell("connected", message=self._source.shown, at=self._clock.now())
            for frame, _ in video.frames():
                if self.stop.is_set():
                    break
                self._mailbox.put(Arrival(frame, self._clock.now()))
        finally:
            self._damaged += video.damaged
            video.close()
        tried = f"Watching {self._source.shown}."
        return FacesError(tried, f"The stream ended after {video.frames_read} frames.", "Reconnecting.")

    def _in_real_time(self) -> None:
        """A file at the speed it was recorded at, as if it were a camera."""
        video = Video.open(self._source, self.camera)
        try:
            begin = self._clock.now()
            self._tell("connected", message=self._source.shown, at=begin)
            for frame, at in video.frames():
                if self.stop.wait(max(0, begin + at - self._clock.now()) / 1000):
                    break
                self._mailbox.put(Arrival(frame, begin + at))
        finally:
            self._damaged += video.damaged
            video.close()

    def _tell_metrics(self, counts: Counts, seconds: float) -> None:
        words = None
        if counts.dropped:
            words = f"{counts.dropped} frames were dropped in {seconds:.0f} s: this machine cannot keep up."
        figures = {**asdict(counts), "milliseconds": round(seconds * 1000)}
        self._tell("metrics", message=words, figures=figures, at=self._clock.now())

    def _tell(
        self, kind: str, message: str | None = None, figures: dict[str, int] | None = None, at: int | None = None
    ) -> None:
        moment = self._at if at is None else at
        self._bus.publish(Event(kind=kind, at=moment, camera=self.camera.name, message=message, figures=figures))

    def _publish(self, events: list[Event]) -> None:
        for event in events:
            if event.kind == "trouble":
                self.trouble = event.message or ""
            self._bus.publish(event)

    def _in_words(self, error: Exception) -> FacesError:
        if isinstance(error, FacesError):
            return error
        return FacesError(
            f"Watching {self._source.shown}.",
            f"Something unforeseen happened: {type(error).__name__}: {error}.",
            "Please report it with the configuration.",
        )


def _milliseconds(moment: datetime) -> int:
    local = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return round(local.timestamp() * 1000)


def _modified(source: Source) -> datetime:
    return datetime.fromtimestamp(int(Path(source.url).stat().st_mtime), UTC)
