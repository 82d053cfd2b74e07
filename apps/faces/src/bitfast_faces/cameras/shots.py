"""Best shots: which sighting of somebody known becomes the picture that is kept, and nobody else in it.

A picture is the face's box and no pixel more. It is taken only where the very sighting was searched and named the
person, so that a track that slipped onto somebody else shows nobody, and where no other face is near it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bitfast_faces.cameras.config import Visits
from bitfast_faces.cameras.events import Event, Who
from bitfast_faces.cameras.recognise import Recogniser
from bitfast_faces.cameras.troubles import Troubles
from bitfast_faces.cameras.visits import Visit, better, merit
from bitfast_faces.errors import FacesError
from bitfast_faces.types import Box, Face, Pixels

Keep = Callable[[Event, Pixels], str]
"""Keeps the picture of a known person's best shot and returns its file's name. Raises FacesError."""


class Shots:
    """The best shots of one camera's visits, in memory until a stay ends, then kept by `keep`."""

    def __init__(self, camera: str, rules: Visits, recogniser: Recogniser, keep: Keep, troubles: Troubles) -> None:
        self._camera, self._rules, self._recogniser, self._keep, self._troubles = (
            camera,
            rules,
            recogniser,
            keep,
            troubles,
        )

    def wanted(self, visit: Visit, face: Face, others: Sequence[Face], at: int) -> bool:
        """Whether a search is worth it that would make this sighting of somebody known the best shot."""
        if visit.asked >= self._rules.looks or at - visit.looked < self._rules.pause:
            return False
        return self._fit(visit, face, others, at)

    def take(self, visit: Visit, face: Face, others: Sequence[Face], pixels: Pixels, named: Who, at: int) -> None:
        """Keeps in mind the picture of a sighting whose own search named somebody, if it is the best one so far."""
        if visit.name is None or visit.name.person != named.person or not self._fit(visit, face, others, at):
            return
        visit.drop_shot()
        visit.shot, visit.shot_merit = cut(pixels, face.box), merit(face.quality)

    def kept(self, best: Event, visit: Visit) -> list[Event]:
        """The event with the picture's name, once it is on the disk; nothing where it could not be kept."""
        if visit.shot is None:
            return []
        try:
            told = replace(best, picture=self._keep(best, visit.shot))
            self._troubles.works("pictures", best.at)
            return [told]
        except FacesError as error:
            self._troubles.failed("pictures", error, best.at)
            return []
        finally:
            visit.drop_shot()

    def _fit(self, visit: Visit, face: Face, others: Sequence[Face], at: int) -> bool:
        if visit.name is None or not face.quality.usable or not better(face.quality, visit.shot_merit):
            return False
        if not alone(face, others):
            return False
        if visit.pictures is None and self._troubles.may("store", at):
            try:
                visit.pictures = self._recogniser.agreed(visit.name.person, self._camera).pictured
            except FacesError as error:
                self._troubles.failed("store", error, at)
        return bool(visit.pictures)


def alone(face: Face, others: Sequence[Face]) -> bool:
    """Whether no other face, with half its size around it for hair and ears, reaches into the face's box."""
    return not any(_meet(face.box, _wide(other.box)) for other in others if other is not face)


def cut(pixels: Pixels, box: Box) -> Pixels:
    """A copy of the box, as far as the frame goes."""
    left, top, right, bottom = box.pixels
    return pixels[max(0, top) : max(0, bottom), max(0, left) : max(0, right)].copy()


def _wide(box: Box) -> Box:
    x, y = (box.right - box.left) // 2, (box.bottom - box.top) // 2
    return Box(box.left - x, box.top - y, box.right + x, box.bottom + y)


def _meet(one: Box, other: Box) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom
