"""One visit from its beginning to its end: who is where since when, known or unknown, and what is then forgotten.

A face counts in a zone once `settle` frames in a row show it there. Known is who was named by at least `agree` looks
more than anybody else; a look is one template searched in the store. Everybody else is a stranger, of whom there is a
number that ends with the visit and, where the zone recognises, the looks' templates, so that coming back within `gap`
is the same visit. They are overwritten with zeros when it ends; of a stranger no picture is kept at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bitfast_faces.cameras.config import Visits
from bitfast_faces.cameras.events import Who
from bitfast_faces.cameras.zones import Zone
from bitfast_faces.matching import THRESHOLD, similarities
from bitfast_faces.types import Pixels, Point, Quality, Templates

FIRST_LOOKS = 3
BETTER_NUMERATOR, BETTER_DENOMINATOR = 5, 4


def merit(quality: Quality) -> int:
    """How good a shot is: size and sharpness, up to where more helps no more, and how straight the face looks."""
    return min(quality.side, 200) * min(quality.sharpness, 400) * max(1, 100 - quality.pose)


def better(quality: Quality, than: int) -> bool:
    """Whether a shot's merit is a quarter above another's."""
    return merit(quality) * BETTER_DENOMINATOR >= than * BETTER_NUMERATOR


@dataclass(slots=True)
class Visit:
    """Somebody in front of a camera. Only its `Book` changes it.

    `zone` is where the person counts since `since`, `other` the zone that the last `settling` sightings, from `turning`
    on, show instead. `track` is None while nobody is seen. `announced` is that `enter` was said, `named_in` that it, or
    `known` after it, said who; `pictures` is whether the person agreed to pictures, None until asked, `asked`
    counts searches for a better one.
    """

    number: int
    track: int | None
    first: int
    seen: int
    zone: Zone | None = None
    since: int = 0
    announced: bool = False
    named_in: bool = False
    other: Zone | None = None
    settling: int = 0
    turning: int = 0
    sightings: int = 0
    who: Who | None = None
    named: Counter[int] = field(default_factory=Counter)
    scores: dict[int, Who] = field(default_factory=dict)
    looks: list[NDArray[np.int16]] = field(default_factory=list)
    taken: int = 0
    looked: int = 0
    best_look: int = 0
    sides: dict[str, tuple[int, Point]] = field(default_factory=dict)
    shot: Pixels | None = None
    shot_merit: int = 0
    pictures: bool | None = None
    asked: int = 0

    @property
    def name(self) -> Who | None:
        """Who it is, where the zone recognises people."""
        return self.who if self.zone is not None and self.zone.recognise else None

    def wants_look(self, quality: Quality, at: int, rules: Visits) -> bool:
        """Whether a template of this sighting is worth a search."""
        if self.who is not None or not quality.usable or self.zone is None or not self.zone.recognise:
            return False
        if self.taken >= rules.looks or (self.taken and at - self.looked < rules.pause):
            return False
        return self.taken < max(FIRST_LOOKS, rules.agree) or better(quality, self.best_look)

    def decided(self, at: int, rules: Visits, recognising: bool) -> bool:
        """Whether `enter` can say known or unknown now."""
        waits = recognising and self.zone is not None and self.zone.recognise and self.who is None
        return not waits or self.taken >= rules.looks or at - self.since >= rules.decide

    def forget(self) -> None:
        """Overwrites what is left of a face; the visit is of no more use."""
        for template in self.looks:
            template.fill(0)
        self.looks.clear()
        self.unname()

    def unname(self) -> None:
        """Forgets who it is, and the picture: the consent is over, or the person is not in the store any more."""
        self.drop_shot()
        self.who = self.pictures = None
        self.named.clear()
        self.scores.clear()

    def drop_shot(self) -> None:
        """Overwrites the picture."""
        if self.shot is not None:
            self.shot.fill(0)
        self.shot, self.shot_merit = None, 0


class Book:
    """The visits at one camera: which track is which visit, and which visits are one."""

    def __init__(self, rules: Visits) -> None:
        self._rules = rules
        self._visits: dict[int, Visit] = {}
        self._next = 1

    @property
    def visits(self) -> Sequence[Visit]:
        """Those that have not ended, by number."""
        return [self._visits[number] for number in sorted(self._visits)]

    def of_track(self, track: int, at: int) -> Visit:
        """The visit of a track that is seen now; a new track begins one."""
        visit = next((visit for visit in self.visits if visit.track == track), None)
        if visit is None:
            visit = Visit(self._next, track, at, at)
            self._visits[self._next] = visit
            self._next += 1
        visit.seen = at
        visit.sightings += 1
        return visit

    def settle(self, visit: Visit, zone: Zone | None, at: int) -> bool:
        """Takes note of where a sighting is. True when the visit is in `other` from now on, since `turning`."""
        if zone == visit.zone:
            visit.other, visit.settling = None, 0
            return False
        newcomer = visit.zone is None and zone is not None and visit.other is not None  # on a border between two zones
        if visit.settling == 0 or (zone != visit.other and not newcomer):
            visit.settling, visit.turning = 0, at
        visit.other = zone
        visit.settling += 1
        return visit.settling >= self._rules.settle

    def move(self, visit: Visit) -> None:
        """Puts the visit into its other zone, where it is not announced yet."""
        visit.zone, visit.since, visit.announced = visit.other, visit.turning, False
        visit.other, visit.settling = None, 0

    def learn(self, visit: Visit, template: NDArray[np.int16], who: Who | None, quality: Quality, at: int) -> Visit:
        """Adds a look. Returns the visit it belongs to: an earlier one where the person has come back."""
        visit.taken += 1
        visit.looked = at
        visit.best_look = max(visit.best_look, merit(quality))
        visit.looks.append(template.copy())
        if who is not None and not self._held(who.person, visit):
            visit.named[who.person] += 1
            visit.scores[who.person] = max(who, visit.scores.get(who.person, who), key=lambda one: one.score)
        self._name(visit)
        earlier = None if visit.announced else self._left(visit)
        return visit if earlier is None else self._resume(earlier, visit)

    def lose(self, tracks: Sequence[int]) -> None:
        """Takes note of which tracks there still are."""
        for visit in self._visits.values():
            if visit.track is not None and visit.track not in tracks:
                visit.track = None
                visit.other, visit.settling = None, 0

    def over(self, at: int) -> list[Visit]:
        """The visits that ended by now: nobody is seen, and coming back would be too late or could not be noticed."""
        return [
            visit
            for visit in self.visits
            if visit.track is None and (not visit.looks or at - visit.seen > self._rules.gap)
        ]

    def end(self, visit: Visit) -> None:
        """Forgets the visit."""
        self._visits.pop(visit.number).forget()

    def count(self, zone: Zone) -> int:
        """How many people are in a zone: those announced, in or just out of sight."""
        return sum(visit.announced and visit.zone == zone for visit in self._visits.values())

    def _held(self, person: int, but: Visit) -> bool:
        """Whether somebody else who is seen now is that person already."""
        return any(
            v.who and v.who.person == person and v.track is not None for v in self._visits.values() if v is not but
        )

    def _name(self, visit: Visit) -> None:
        ranking = visit.named.most_common()
        lead = ranking[0][1] - (ranking[1][1] if len(ranking) > 1 else 0) if ranking else 0
        if lead >= self._rules.agree:
            visit.who = visit.scores[ranking[0][0]]

    def _left(self, visit: Visit) -> Visit | None:
        """The visit, if any, of the same person who went out of sight: the same name, or the most alike template."""
        out = [other for other in self.visits if other.track is None and other is not visit and other.looks]
        if visit.who is not None:
            return next((other for other in out if other.who and other.who.person == visit.who.person), None)
        alike = [(_alike(other.looks, visit.looks), -other.number, other) for other in out]
        score, _, other = max(alike, key=lambda one: one[:2], default=(-1, 0, visit))
        return other if score >= THRESHOLD else None

    def _resume(self, earlier: Visit, visit: Visit) -> Visit:
        earlier.track, earlier.seen, earlier.sides = visit.track, visit.seen, visit.sides
        earlier.sightings += visit.sightings
        earlier.who = earlier.who or visit.who
        if not earlier.announced or earlier.zone != visit.zone:
            earlier.other, earlier.settling, earlier.turning = visit.zone, self._rules.settle, visit.since
        self.end(visit)
        return earlier


def _alike(some: Sequence[NDArray[np.int16]], others: Sequence[NDArray[np.int16]]) -> int:
    stacked: tuple[Templates, Templates] = (np.stack(some), np.stack(others))
    score = int(similarities(*stacked).max())
    for copy in stacked:
        copy.fill(0)
    return score
