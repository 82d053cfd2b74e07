"""One camera's frames in, its events out: detect, track, settle in zones, look, and say what happened.

It knows nothing of streams, threads or clocks: the same frames at the same times give the same events, bit for bit, as
far as the engine gives the same faces and templates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from bitfast_faces.cameras.config import Camera, Visits
from bitfast_faces.cameras.events import Event, Who
from bitfast_faces.cameras.recognise import Recogniser
from bitfast_faces.cameras.schedule import open_at
from bitfast_faces.cameras.tracker import Tracks, advance
from bitfast_faces.cameras.visits import Book, Visit, merit
from bitfast_faces.cameras.zones import Line, Zone, crossed, middle, side, zone_at
from bitfast_faces.types import Box, Face, Pixels, Templates

MARGIN = 4  # a line is crossed once the face's middle is a quarter of its width beyond it: standing on it is not
SMALLEST_SHARE = 20  # of the longer side: what the detector finds with one look at the whole frame


@dataclass(frozen=True)
class Frame:
    """A decoded frame, RGB, upright; `at` is its time in ms of the Unix epoch."""

    pixels: Pixels
    at: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.pixels.shape[1], self.pixels.shape[0]


class Engine(Protocol):
    """What is needed of engine.Engine."""

    @property
    def space(self) -> str: ...

    def detect(self, pixels: Pixels, smallest: int | None = None) -> tuple[Face, ...]: ...

    def align(self, pixels: Pixels, face: Face) -> Pixels: ...

    def embed(self, chips: Pixels) -> Templates: ...


Keep = Callable[[Event, Pixels], str]
"""Keeps the picture of a known person's best shot and returns its file's name."""


class Scene:
    """The state of one camera between two frames. `see`, `wait` and `finish` return the events that came of it."""

    def __init__(
        self,
        camera: Camera,
        rules: Visits,
        engine: Engine,
        recogniser: Recogniser | None = None,
        keep: Keep | None = None,
    ) -> None:
        self._camera, self._rules = camera, rules
        self._engine, self._recogniser, self._keep = engine, recogniser, keep
        self._tracks = Tracks()
        self._book = Book(rules)
        self._size: tuple[int, int] | None = None
        self._crossings: dict[tuple[str, str], int] = {}
        self._over_limit: set[str] = set()

    def see(self, frame: Frame) -> list[Event]:
        """The events of a frame. Frames come in the order of their times."""
        events = self._resized(frame)
        faces = self._engine.detect(frame.pixels, self._camera.smallest or -(-max(frame.size) // SMALLEST_SHARE))
        self._tracks, numbers = advance(self._tracks, [face.box for face in faces], frame.at, self._rules.lost)
        self._book.lose([track.id for track in self._tracks.live])
        seen = [(self._book.of_track(number, frame.at), face) for number, face in zip(numbers, faces, strict=True)]
        for visit, face in seen:
            events += self._crossed(visit, face, frame)
            zone = zone_at(self._camera.zones, middle(face.box), frame.size, frame.at)
            if self._book.settle(visit, zone, frame.at):
                events += self._left(visit, visit.turning)
                self._book.move(visit)
        seen = self._looked(seen, frame)
        for visit, face in seen:
            events += self._said(visit, frame.at)
            self._shoot(visit, face, frame)
        return events + self._over(frame.at) + self._limits(frame.at)

    def wait(self, at: int) -> list[Event]:
        """The events of time going by without a frame."""
        kept = tuple(track for track in self._tracks.live if at - track.at <= self._rules.lost)
        self._tracks = Tracks(kept, self._tracks.next)
        self._book.lose([track.id for track in kept])
        return self._over(at) + self._limits(at)

    def finish(self) -> list[Event]:
        """Ends every visit with its last sighting: nothing will be seen any more, nothing of anybody is left."""
        events: list[Event] = []
        at = 0
        self._tracks = Tracks((), self._tracks.next)
        for visit in self._book.visits:
            at = max(at, visit.seen)
            events += self._ended(visit)
        return events + self._limits(at)

    def _resized(self, frame: Frame) -> list[Event]:
        """Places of two sizes cannot be compared: every track ends; looks still tell who has been here."""
        before, self._size = self._size, frame.size
        if before in (None, frame.size):
            return []
        self._tracks = Tracks((), self._tracks.next)
        words = "The frame's size changed from {}×{} to {}×{}.".format(*(before or ()), *frame.size)
        return [Event(kind="size", at=frame.at, camera=self._camera.name, message=words)]

    def _crossed(self, visit: Visit, face: Face, frame: Frame) -> list[Event]:
        events = []
        place = middle(face.box)
        for line in self._camera.lines:
            now = side(line, place, frame.size, face.box.width // MARGIN)
            if now == 0:
                continue
            before = visit.sides.get(line.name)
            visit.sides[line.name] = (now, place)
            if before is None or before[0] == now or not crossed(line, before[1], place, frame.size):
                continue
            if open_at(line.hours, frame.at):
                direction = "in" if now > 0 else "out"
                events.append(self._passed(line, direction, frame.at))
        return events

    def _passed(self, line: Line, direction: str, at: int) -> Event:
        count = self._crossings[line.name, direction] = self._crossings.get((line.name, direction), 0) + 1
        return Event(kind="crossed", at=at, camera=self._camera.name, zone=line.name, count=count, direction=direction)

    def _looked(self, seen: Sequence[tuple[Visit, Face]], frame: Frame) -> list[tuple[Visit, Face]]:
        """Searches for those whose sighting is worth it, a frame's all at once. A visit may turn out an earlier one."""
        looking = [
            (visit, face)
            for visit, face in seen
            if self._recogniser and visit.wants_look(face.quality, frame.at, self._rules)
        ]
        if not looking or self._recogniser is None:
            return list(seen)
        chips = np.stack([self._engine.align(frame.pixels, face) for _, face in looking])
        templates = self._engine.embed(chips)
        instead: dict[int, Visit] = {}
        try:
            answers = self._recogniser.who(templates)
            for (visit, face), template, who in zip(looking, templates, answers, strict=True):
                instead[visit.number] = self._book.learn(visit, template, who, face.quality, frame.at)
        finally:
            chips.fill(0)
            templates.fill(0)
        return [(instead.get(visit.number, visit), face) for visit, face in seen]

    def _said(self, visit: Visit, at: int) -> list[Event]:
        """`enter` once it is decided, `known` if that comes later."""
        zone = visit.zone
        if zone is None:
            return []
        if not visit.announced:
            if not visit.decided(at, self._rules, self._recogniser is not None):
                return []
            visit.announced, visit.named_in = True, self._name(visit) is not None
            return [self._about("enter", visit, zone, visit.since)]
        if self._name(visit) is not None and not visit.named_in:
            visit.named_in = True
            return [self._about("known", visit, zone, at)]
        return []

    def _shoot(self, visit: Visit, face: Face, frame: Frame) -> None:
        """Keeps the best picture so far of somebody known who agreed to pictures; of nobody else a pixel."""
        if self._keep is None or self._recogniser is None or visit.who is None or self._name(visit) is None:
            return
        if visit.pictures is None:
            visit.pictures = self._recogniser.pictures_of(visit.who.person)
        if not visit.pictures or merit(face.quality) <= visit.shot_merit or not face.quality.usable:
            return
        visit.shot, visit.shot_merit = _cut(frame.pixels, face.box), merit(face.quality)

    def _over(self, at: int) -> list[Event]:
        return [event for visit in self._book.over(at) for event in self._ended(visit)]

    def _ended(self, visit: Visit) -> list[Event]:
        events = self._left(visit, visit.seen)
        self._book.end(visit)
        return events

    def _left(self, visit: Visit, at: int) -> list[Event]:
        """The end of a stay in a zone. What was never announced, because it was too short to decide, is so now."""
        zone = visit.zone
        if zone is None:
            return []
        events = []
        if not visit.announced:
            visit.announced = True
            events.append(self._about("enter", visit, zone, visit.since))
        if visit.shot is not None and self._keep is not None:
            best = self._about("best", visit, zone, at)
            events.append(replace(best, picture=self._keep(best, visit.shot)))
            visit.shot.fill(0)
            visit.shot, visit.shot_merit = None, 0
        visit.announced = False
        leave = self._about("leave", visit, zone, at)
        return [*events, replace(leave, duration=max(0, at - visit.since))]

    def _limits(self, at: int) -> list[Event]:
        events = []
        for zone in self._camera.zones:
            count = self._book.count(zone)
            over = zone.limit > 0 and count > zone.limit
            if over != (zone.name in self._over_limit):
                self._over_limit ^= {zone.name}
                words = (
                    f"More than {zone.limit} people are here." if over else f"No more than {zone.limit} are here again."
                )
                events.append(
                    Event(kind="limit", at=at, camera=self._camera.name, zone=zone.name, count=count, message=words)
                )
        return events

    def _name(self, visit: Visit) -> Who | None:
        """Who it is, where the zone recognises people."""
        return visit.who if visit.zone is not None and visit.zone.recognise else None

    def _about(self, kind: str, visit: Visit, zone: Zone, at: int) -> Event:
        return Event(
            kind=kind,
            at=at,
            camera=self._camera.name,
            zone=zone.name or None,
            count=self._book.count(zone),
            who=self._name(visit),
        )


def _cut(pixels: Pixels, box: Box) -> Pixels:
    """A copy of the face with half its size around it, as far as the frame goes."""
    left, top, right, bottom = box.pixels
    x, y = (right - left) // 2, (bottom - top) // 2
    return pixels[max(0, top - y) : bottom + y, max(0, left - x) : right + x].copy()
