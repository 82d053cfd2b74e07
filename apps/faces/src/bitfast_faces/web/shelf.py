"""The pictures that askers sent: in memory only, each its sender's own, forgotten on request or when not used."""

from __future__ import annotations

import io
import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bitfast_faces.types import Analysis, Box, Face, Pixels
from bitfast_faces.web.problems import Problem

VIEW_SIDE = 1280
CROP_SIDE = 320
NAME_LENGTH = 120
ALL_OWNERS = 4  # times one owner's room is there for all of them
LONGEST = 4  # times the time without use, after which a picture goes although it is used


@dataclass(frozen=True)
class Room:
    """How much one owner may keep."""

    pictures: int
    bytes: int


@dataclass(frozen=True)
class KeptFace:
    """A face of a kept picture: what was measured, its template (128,) int16, and a JPEG of its surroundings."""

    id: str
    picture: str
    face: Face
    template: NDArray[np.int16]
    crop: bytes

    def pixels(self) -> Pixels:
        """The crop as RGB, (side, side, 3)."""
        with Image.open(io.BytesIO(self.crop), formats=["JPEG"]) as image:
            return np.asarray(image.convert("RGB"))


@dataclass(frozen=True)
class Kept:
    """A picture on the shelf: a JPEG of at most 1280 pixels a side, and its faces. The original is not kept."""

    id: str
    owner: str
    name: str
    digest: str
    width: int
    height: int
    notes: tuple[str, ...]
    view: bytes
    faces: tuple[KeptFace, ...]
    since: float

    @property
    def size(self) -> int:
        """Bytes of memory, nearly."""
        return len(self.view) + sum(len(face.crop) + face.template.nbytes for face in self.faces)


class Shelf:
    """`room` for each owner. An owner's pictures go `keep_seconds` after that owner's last request, or LONGEST times
    as long after they came."""

    def __init__(self, room: Room, keep_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._room = room
        self._keep_seconds = keep_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._pictures: dict[str, Kept] = {}
        self._faces: dict[str, KeptFace] = {}
        self._used: dict[str, float] = {}

    def put(self, owner: str, analysis: Analysis) -> Kept:
        """Keeps what a picture's analysis found. Problem 409 when the owner's room is full."""
        kept = _kept(owner, analysis, self._clock())
        with self._lock:
            self._touch(owner)
            mine = [each for each in self._pictures.values() if each.owner == owner]
            if not self._fits(mine, kept, 1):
                raise Problem(
                    409,
                    "Keeping a picture",
                    f"There are {len(mine)} pictures already.",
                    "Forget some: DELETE /api/v1/pictures/{id}, or POST /api/v1/pictures/forget.",
                )
            if not self._fits(self._pictures.values(), kept, ALL_OWNERS):
                raise Problem(503, "Keeping a picture", "The server's memory for pictures is full.", "Try again later.")
            self._pictures[kept.id] = kept
            self._faces.update((face.id, face) for face in kept.faces)
        return kept

    def all(self, owner: str) -> list[Kept]:
        with self._lock:
            self._touch(owner)
            return [kept for kept in self._pictures.values() if kept.owner == owner]

    def picture(self, id: str, owner: str) -> Kept:
        with self._lock:
            self._touch(owner)
            kept = self._pictures.get(id)
        if kept is None or kept.owner != owner:
            raise _gone("picture", id)
        return kept

    def face(self, id: str, owner: str) -> KeptFace:
        with self._lock:
            self._touch(owner)
            face = self._faces.get(id)
            kept = self._pictures.get(face.picture) if face else None
        if face is None or kept is None or kept.owner != owner:
            raise _gone("face", id)
        return face

    def faces(self, ids: Sequence[str], owner: str) -> list[KeptFace]:
        return [self.face(id, owner) for id in ids]

    def forget(self, owner: str, ids: Iterable[str] | None = None) -> int:
        """Forgets these pictures of the owner's, or all of them; how many."""
        with self._lock:
            self._touch(owner)
            mine = [id for id, kept in self._pictures.items() if kept.owner == owner]
            gone = mine if ids is None else [id for id in ids if id in mine]
            self._drop(gone)
        return len(gone)

    def expire(self) -> int:
        """Forgets what was not used for long enough; how many pictures."""
        with self._lock:
            return self._expire()

    def _fits(self, there: Collection[Kept], more: Kept, rooms: int) -> bool:
        size = more.size + sum(each.size for each in there)
        return len(there) < rooms * self._room.pictures and size <= rooms * self._room.bytes

    def _touch(self, owner: str) -> None:
        self._expire()
        self._used[owner] = self._clock()

    def _expire(self) -> int:
        now = self._clock()
        for owner in [owner for owner, used in self._used.items() if used < now - self._keep_seconds]:
            del self._used[owner]
        oldest = now - LONGEST * self._keep_seconds
        gone = [id for id, kept in self._pictures.items() if kept.owner not in self._used or kept.since < oldest]
        self._drop(gone)
        return len(gone)

    def _drop(self, ids: Iterable[str]) -> None:
        for id in ids:
            kept = self._pictures.pop(id, None)
            for face in kept.faces if kept else ():
                self._faces.pop(face.id, None)


def label(name: str) -> str:
    """What a picture is called: the last part of the name it came with, printable and short; never a path."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[:NAME_LENGTH].strip() or "picture"


def _kept(owner: str, analysis: Analysis, since: float) -> Kept:
    picture = analysis.picture
    image = Image.fromarray(picture.pixels)
    id = secrets.token_hex(8)
    faces = tuple(
        KeptFace(secrets.token_hex(8), id, face, np.array(template), _jpeg(_around(image, face.box)))
        for face, template in zip(analysis.faces, analysis.templates, strict=True)
    )
    view = image.copy()
    view.thumbnail((VIEW_SIDE, VIEW_SIDE))
    name = label(picture.name)
    return Kept(id, owner, name, picture.digest, image.width, image.height, picture.notes, _jpeg(view), faces, since)


def _around(image: Image.Image, box: Box) -> Image.Image:
    """A square of 1.7 times the box, moved inside the picture. It is for eyes: nothing is computed from it."""
    left, top, right, bottom = box.pixels
    side = max(1, min(17 * max(right - left, bottom - top) // 10, image.width, image.height))
    x = min(max(0, (left + right - side) // 2), image.width - side)
    y = min(max(0, (top + bottom - side) // 2), image.height - side)
    return image.crop((x, y, x + side, y + side)).resize((CROP_SIDE, CROP_SIDE), Image.Resampling.LANCZOS)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def _gone(what: str, id: str) -> Problem:
    return Problem(
        404,
        f"Looking for {what} {id[:32]!r}",
        f"There is no such {what} of yours here (any more).",
        "Pictures are forgotten after a while; send it again.",
    )
