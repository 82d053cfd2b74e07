"""One camera's frames in, its events out: detect, track, settle in zones, look, and say what happened.

It knows nothing of streams, threads or clocks: the same frames at the same times give the same events, bit for bit, as
far as the engine gives the same faces and templates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from bitfast_faces.cameras.config import Camera, Visits
from bitfast_faces.cameras.events import Event, Who
from bitfast_faces.cameras.recognise import Recogniser
from bitfast_faces.cameras.schedule import open_at
from bitfast_faces.cameras.shots import Keep, Shots
from bitfast_faces.cameras.tracker import Tracks, advance
from bitfast_faces.cameras.troubles import Troubles
from bitfast_faces.cameras.visits import Book, Visit
from bitfast_faces.cameras.zones import Line, Zone, crossed, middle, side, zone_at
from bitfast_faces.errors import FacesError
from bitfast_faces.types import Face, Pixels, Templates

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
        self._engine, self._recogniser = engine, recogniser
        self._troubles = Troubles(camera.name)
        self._shots = (
            Shots(camera.name, rules, recogniser, keep, self._troubles)
            if recogniser is not None and keep is not None
            else None
        )
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
        for visit, face, named in self._looked(seen, frame):
            events += self._said(visit, frame.at)
            if self._shots is not None and named is not None:
                self._shots.take(visit, face, faces, frame.pixels, named, frame.at)
        return events + self._over(frame.at) + self._limits(frame.at) + self._troubles.told()

    def wait(self, at: int) -> list[Event]:
        """The events of time going by without a frame."""
        kept = tuple(track for track in self._tracks.live if at - track.at <= self._rules.lost)
        self._tracks = Tracks(kept, self._tracks.next)
        self._book.lose([track.id for track in kept])
        return self._over(at) + self._limits(at) + self._troubles.told()

    def finish(self) -> list[Event]:
        """Ends every visit with its last sighting: nothing will be seen any more, nothing of anybody is left."""
        events: list[Event] = []
        at = 0
        self._tracks = Tracks((), self._tracks.next)
        try:
            for visit in self._book.visits:
                at = max(at, visit.seen)
                events += self._ended(visit)
        finally:
            for visit in self._book.visits:
                self._book.end(visit)
        return events + self._limits(at) + self._troubles.told()

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

    def _looked(self, seen: Sequence[tuple[Visit, Face]], frame: Frame) -> list[tuple[Visit, Face, Who | None]]:
        """Searches for those whose sighting is worth it, a frame's all at once, and says whom that named.

        A visit may turn out an earlier one. Where the store does not answer, everybody is unknown for now.
        """
        if self._recogniser is None or not self._troubles.may("store", frame.at):
            return [(visit, face, None) for visit, face in seen]
        faces = [face for _, face in seen]
        voting = {v.number for v, face in seen if v.wants_look(face.quality, frame.at, self._rules)}
        looking = [
            (visit, face)
            for visit, face in seen
            if visit.number in voting or (self._shots and self._shots.wanted(visit, face, faces, frame.at))
        ]
        found: dict[int, tuple[Visit, Who | None]] = {}
        if looking:
            chips = np.stack([self._engine.align(frame.pixels, face) for _, face in looking])
            templates = self._engine.embed(chips)
            try:
                answers = self._recogniser.who(templates, self._camera.name)
                self._troubles.works("store", frame.at)
                for (visit, face), template, who in zip(looking, templates, answers, strict=True):
                    if visit.number in voting:
                        found[visit.number] = self._book.learn(visit, template, who, face.quality, frame.at), who
                    else:
                        visit.asked, visit.looked = visit.asked + 1, frame.at
                        found[visit.number] = visit, who
            except FacesError as error:
                self._troubles.failed("store", error, frame.at)
            finally:
                chips.fill(0)
                templates.fill(0)
        return [(now, face, who) for visit, face in seen for now, who in [found.get(visit.number, (visit, None))]]

    def _said(self, visit: Visit, at: int) -> list[Event]:
        """`enter` once it is decided, `known` if that comes later."""
        zone = visit.zone
        if zone is None:
            return []
        if not visit.announced:
            if not visit.decided(at, self._rules, self._recogniser is not None):
                return []
            visit.announced, visit.named_in = True, visit.name is not None
            return [self._about("enter", visit, zone, visit.since)]
        if visit.name is not None and not visit.named_in:
            visit.named_in = True
            return [self._about("known", visit, zone, at)]
        return []

    def _over(self, at: int) -> list[Event]:
        return [event for visit in self._book.over(at) for event in self._ended(visit)]

    def _ended(self, visit: Visit) -> list[Event]:
        try:
            return self._left(visit, visit.seen)
        finally:
            self._book.end(visit)  # whatever fails, what is left of a face is overwritten

    def _left(self, visit: Visit, at: int) -> list[Event]:
        """The end of a stay in a zone. What was never announced, because it was too short to decide, is so now."""
        zone = visit.zone
        if zone is None:
            return []
        self._ask_again(visit, at)
        events = []
        if not visit.announced:
            visit.announced = True
            events.append(self._about("enter", visit, zone, visit.since))
        if self._shots is not None and visit.shot is not None:
            events += self._shots.kept(self._about("best", visit, zone, at), visit)
        visit.announced = False
        leave = self._about("leave", visit, zone, at)
        return [*events, replace(leave, duration=max(0, at - visit.since))]

    def _ask_again(self, visit: Visit, at: int) -> None:
        """Consents may have ended since the search: then the name is dropped, or the picture, before either is told.

        A store that does not answer now keeps the name, which it gave in this visit, and no picture.
        """
        if visit.name is None or self._recogniser is None:
            return
        if not self._troubles.may("store", at):
            visit.drop_shot()
            return
        try:
            agreed = self._recogniser.agreed(visit.name.person, self._camera.name)
        except FacesError as error:
            self._troubles.failed("store", error, at)
            visit.drop_shot()
            return
        if not agreed.named:
            visit.unname()
        elif not agreed.pictured:
            visit.drop_shot()

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

    def _about(self, kind: str, visit: Visit, zone: Zone, at: int) -> Event:
        return Event(
            kind=kind,
            at=at,
            camera=self._camera.name,
            zone=zone.name or None,
            count=self._book.count(zone),
            who=visit.name,
        )
