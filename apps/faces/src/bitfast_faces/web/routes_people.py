"""Recognition: people who agreed, search, verification, corrections, deletion, and the audit log of it all."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Path, Query

from bitfast_faces.errors import FacesError
from bitfast_faces.store.alike import require_newcomer, require_one_person
from bitfast_faces.store.base import Match, Store
from bitfast_faces.store.keeping import today_utc
from bitfast_faces.types import Templates
from bitfast_faces.web.access import Auditing, Deleting, Enrolling, Reading, Searching, Work
from bitfast_faces.web.problems import Problem
from bitfast_faces.web.schemas import (
    AuditChecked,
    AuditOut,
    ConsentIn,
    DeletionOut,
    EnrolIn,
    FaceIn,
    FacesIn,
    FoundOut,
    MatchOut,
    PersonOut,
    SearchIn,
    VerifyIn,
)
from bitfast_faces.web.services import Services
from bitfast_faces.web.shelf import KeptFace

router = APIRouter(tags=["recognition"])
SOURCE = "web"
PersonNumber = Annotated[int, Path(ge=1, lt=1 << 63)]
After = Annotated[int, Query(ge=0, lt=1 << 63)]


@router.get("/people")
async def people(caller: Reading, work: Work) -> list[PersonOut]:
    """Everybody who is enrolled, with the consents."""
    return [PersonOut.of(person) for person in await work.store(lambda store: store.people(by=caller.key))]


@router.post("/people", status_code=201)
async def enrol(asked: EnrolIn, caller: Enrolling, work: Work) -> PersonOut:
    """Enrols a person by faces of pictures that you sent. Without a valid consent nothing is kept."""
    faces = work.shelf.faces(asked.faces, caller.key)
    templates, sources = _templates(faces), [f"{SOURCE}, face {face.id}" for face in faces]
    consent, space = asked.consent.record(), work.backends.engine.space
    alike = None if asked.different else work.config.threshold

    def write(store: Store) -> PersonOut:
        name, by = asked.name.strip(), caller.key
        if alike is not None:
            require_one_person(templates, sources, templates[:0], alike, "Enrolling a person.")
            consent.check(today_utc())  # without a consent nobody is searched either
            require_newcomer(store, templates, sources, consent.purpose, alike, space, by)
        id = store.enrol(name, templates, consent, space=space, source=SOURCE, alike=alike, by=by)
        return PersonOut.of(store.person(id, by=caller.key))

    return await work.store(write)


@router.get("/people/{id}")
async def person(id: PersonNumber, caller: Reading, work: Work) -> PersonOut:
    return PersonOut.of(await work.store(lambda store: store.person(id, by=caller.key)))


@router.post("/people/{id}/faces", status_code=201)
async def add_faces(id: PersonNumber, asked: FacesIn, caller: Enrolling, work: Work) -> PersonOut:
    """More faces of an enrolled person whose consent still holds."""
    templates, space = _templates(work.shelf.faces(asked.faces, caller.key)), work.backends.engine.space
    alike = None if asked.different else work.config.threshold

    def write(store: Store) -> PersonOut:
        store.add(id, templates, source=SOURCE, alike=alike, space=space, by=caller.key)
        return PersonOut.of(store.person(id, by=caller.key))

    return await work.store(write)


@router.post("/people/{id}/consents", status_code=201)
async def add_consent(id: PersonNumber, asked: ConsentIn, caller: Enrolling, work: Work) -> PersonOut:
    """One more consent: a longer term, or another purpose."""
    consent = asked.record()

    def write(store: Store) -> PersonOut:
        store.consent(id, consent, by=caller.key)
        return PersonOut.of(store.person(id, by=caller.key))

    return await work.store(write)


@router.post("/people/{id}/rejections", status_code=204)
async def reject(id: PersonNumber, asked: FaceIn, caller: Enrolling, work: Work) -> None:
    """ "This is not her": the person is not offered again for this face, or one more like it."""
    face, space = work.shelf.face(asked.face, caller.key), work.backends.engine.space
    least = work.config.threshold
    await work.store(lambda store: store.reject(face.template, id, threshold=least, space=space, by=caller.key))


@router.delete("/people/{id}")
async def delete(id: PersonNumber, caller: Deleting, work: Work) -> DeletionOut:
    """Deletes a person for good, reads the store's files to see that nothing is left, and gives a receipt."""
    return DeletionOut.of(await work.store(lambda store: store.delete(id, by=caller.key)))


@router.post("/people/expire")
async def expire(caller: Deleting, work: Work) -> list[DeletionOut]:
    """Deletes everybody whose last consent has run out."""
    return [DeletionOut.of(each) for each in await work.store(lambda store: store.expire(by=caller.key))]


@router.post("/search")
async def search(asked: SearchIn, caller: Searching, work: Work) -> list[FoundOut]:
    """The people that each face may be, best first; none is "unknown". One search per picture is written to the log."""
    space = work.backends.engine.space
    chosen, threshold = work.shelf.faces(asked.faces, caller.key), _threshold(asked.threshold, work)

    def ask(store: Store, templates: Templates) -> list[list[Match]]:
        return store.search(
            templates, purpose=asked.purpose, limit=asked.limit, threshold=threshold, space=space, by=caller.key
        )

    return await work.store(lambda store: _answers(chosen, lambda templates: ask(store, templates)))


@router.post("/recognise")
async def recognise(asked: SearchIn, caller: Searching, work: Work) -> list[FoundOut]:
    """Who each face is, nobody twice in one picture; no match is "unknown". Written to the log like a search."""
    space = work.backends.engine.space
    chosen, threshold = work.shelf.faces(asked.faces, caller.key), _threshold(asked.threshold, work)

    def ask(store: Store, templates: Templates) -> list[list[Match]]:
        found = store.recognise(templates, purpose=asked.purpose, threshold=threshold, space=space, by=caller.key)
        return [[match] if match else [] for match in found]

    return await work.store(lambda store: _answers(chosen, lambda templates: ask(store, templates)))


@router.post("/verify")
async def verify(asked: VerifyIn, caller: Searching, work: Work) -> MatchOut:
    """Whether a face is this enrolled person's: one to one."""
    template, space = _templates([work.shelf.face(asked.face, caller.key)])[0], work.backends.engine.space
    threshold = _threshold(asked.threshold, work)

    def ask(store: Store) -> Match:
        return store.verify(
            template, asked.person, purpose=asked.purpose, threshold=threshold, space=space, by=caller.key
        )

    return MatchOut.of(await work.store(ask))


@router.get("/audit")
async def audit(
    caller: Auditing, work: Work, after: After = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> list[AuditOut]:
    """The log's entries with numbers above `after`, oldest first."""
    entries = await work.store(lambda store: store.audit(after, limit))
    return [AuditOut.of(entry) for entry in entries]


@router.post("/audit/verify")
async def verify_audit(caller: Auditing, work: Work) -> AuditChecked:
    """Checks that every entry is as it was written; a problem names the first that is not."""

    def check(store: Store) -> int:
        store.verify_audit()
        return len(store.audit())  # every entry was read just now anyway

    return AuditChecked(entries=await work.store(check))


def _threshold(asked: int | None, work: Services) -> int:
    """The server's threshold, or the caller's stricter one: a laxer one would make a search a list of everybody."""
    least = work.config.threshold
    if asked is not None and asked < least:
        raise Problem(
            422,
            "Searching with a threshold of one's own.",
            f"It is below the server's, {least}.",
            "Leave it out, or ask for a stricter one; `serve --threshold` sets the server's.",
        )
    return least if asked is None else asked


def _templates(faces: list[KeptFace]) -> Templates:
    """The faces' templates (n, 128); FacesError for a face that is not good enough to tell people apart."""
    for face in faces:
        if not face.face.quality.usable:
            reasons = "; ".join(face.face.quality.reasons)
            raise FacesError(f"Using face {face.id}.", f"It is not usable: {reasons}.", "Choose a better photo.")
    return np.stack([face.template for face in faces])


def _answers(faces: list[KeptFace], ask: Callable[[Templates], list[list[Match]]]) -> list[FoundOut]:
    """Asks for each picture's usable faces together; the others are "unknown", as are those that are like nobody."""
    found = {face.id: FoundOut(face=face.id, matches=[]) for face in faces}
    for _, batch in groupby(sorted(faces, key=_picture), _picture):
        usable = list({face.id: face for face in batch if face.face.quality.usable}.values())
        if usable:
            for face, matches in zip(usable, ask(_templates(usable)), strict=True):
                found[face.id] = FoundOut(face=face.id, matches=[MatchOut.of(match) for match in matches])
    return list(found.values())


def _picture(face: KeptFace) -> str:
    return face.picture
