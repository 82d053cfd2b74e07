"""Whom does a child resemble: faces grouped by guess, relatives ranked, and the picture of it to keep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from bitfast_faces import kin
from bitfast_faces.kin.drawing import draw
from bitfast_faces.kin.guess import guess, name_in
from bitfast_faces.web.access import Family, Work
from bitfast_faces.web.schemas import Asked, Faces, Id, Name
from bitfast_faces.web.services import Services
from bitfast_faces.web.sessions import Principal
from bitfast_faces.web.shelf import KeptFace

router = APIRouter(tags=["family"])
SHOWN_PAIRS = 12
PNG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}
}


class GroupsIn(Asked):
    faces: Faces


class GroupOut(Asked):
    name: str = Field(description="what the files' names suggest, or empty")
    reason: str
    faces: list[Id]


class KinPerson(Asked):
    name: Name
    role: Annotated[str, Field(max_length=60)] = Field("", description="what you say they are to the child")
    faces: Faces


class RankIn(Asked):
    child: KinPerson
    relatives: Annotated[list[KinPerson], Field(min_length=1, max_length=60)]


class KinPair(Asked):
    child: Id
    relative: Id
    similarity: int


class KinRelative(Asked):
    rank: int
    name: str
    role: str
    likeness: int = Field(description="permille: of 1000 such pairs, half of them parent and child, how many are")
    low: int
    high: int
    clear: bool = Field(description="whether other photos would hardly put the next one ahead")
    pairs: list[KinPair] = Field(description="the photos that spoke, the most alike first")
    pair_count: int
    notes: list[str]


class RankOut(Asked):
    child: str
    statement: str
    meaning: str = Field(description="what likeness and its range say")
    source: str
    notes: list[str]
    relatives: list[KinRelative]


@router.post("/kin/groups")
async def groups(asked: GroupsIn, caller: Family, work: Work) -> list[GroupOut]:
    """Which of the faces may be one person's: a guess for you to confirm or correct."""
    faces = work.shelf.faces(list(dict.fromkeys(asked.faces)), caller.key)
    photos = {face.id: _photo(face, caller, work, shown=False) for face in faces}
    ids = {photo.key: id for id, photo in photos.items()}
    names = {
        photo.key: name_in(PurePath(photo.picture))
        for photo in photos.values()
        if photo.faces == 1  # a file's name says nothing about one of several faces
    }
    found = await work.compute(lambda: guess([photos[id] for id in ids.values()], names))
    return [
        GroupOut(name=each.name, reason=each.reason, faces=[ids[photo.key] for photo in each.photos]) for each in found
    ]


@router.post("/kin/picture", response_class=Response, responses=PNG)
async def picture(asked: RankIn, caller: Family, work: Work) -> Response:
    """The result as a PNG to keep or share: faces, names, likeness, and that it is no kinship. It has no metadata."""
    found = _look_up(asked, caller, work, shown=True)
    drawn = await work.compute(lambda: draw(found.rank()))
    return Response(drawn.png, media_type="image/png")


@dataclass(frozen=True)
class _Asked:
    """A request with its faces looked up, and which face each of kin's keys is."""

    child: kin.Person
    relatives: tuple[kin.Person, ...]
    faces: dict[tuple[str, int], str]

    def rank(self) -> kin.Resemblance:
        return kin.rank(self.child, self.relatives)


@router.post("/kin/rank")
async def rank(asked: RankIn, caller: Family, work: Work) -> RankOut:
    """The relatives, the most alike first, with a likeness, its uncertainty, and the photos that spoke for it."""
    found = _look_up(asked, caller, work)
    result = await work.compute(found.rank)

    def pair(relative: kin.Relative, each: kin.Pair) -> KinPair:
        child, other = result.child.photos[each.child], relative.person.photos[each.relative]
        return KinPair(child=found.faces[child.key], relative=found.faces[other.key], similarity=each.similarity)

    relatives = [
        KinRelative(
            rank=relative.rank,
            name=relative.person.name,
            role=relative.person.role,
            likeness=relative.likeness.permille,
            low=relative.likeness.low,
            high=relative.likeness.high,
            clear=relative.clear,
            pairs=[pair(relative, each) for each in relative.pairs[:SHOWN_PAIRS]],
            pair_count=len(relative.pairs),
            notes=list(relative.notes),
        )
        for relative in result.relatives
    ]
    return RankOut(
        child=result.child.name,
        statement=result.statement,
        meaning=result.meaning,
        source=result.calibration,
        notes=list(result.notes),
        relatives=relatives,
    )


def _look_up(asked: RankIn, caller: Principal, work: Services, shown: bool = False) -> _Asked:
    faces: dict[tuple[str, int], str] = {}

    def person(each: KinPerson) -> kin.Person:
        kept = work.shelf.faces(each.faces, caller.key)
        photos = tuple(_photo(face, caller, work, shown) for face in kept)
        faces.update((photo.key, face.id) for photo, face in zip(photos, kept, strict=True))
        return kin.Person(each.name.strip(), photos, each.role.strip())

    return _Asked(person(asked.child), tuple(person(each) for each in asked.relatives), faces)


def _photo(face: KeptFace, caller: Principal, work: Services, shown: bool) -> kin.Photo:
    """The face as kin knows it, with its pixels if it will be `shown`."""
    kept, quality = work.shelf.picture(face.picture, caller.key), face.face.quality
    place = [each.id for each in kept.faces].index(face.id)
    pixels = face.pixels() if shown else None
    return kin.Photo(
        kept.name, kept.digest, place, len(kept.faces), face.template, quality.usable, quality.reasons, pixels
    )
