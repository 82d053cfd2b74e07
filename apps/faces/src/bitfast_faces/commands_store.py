"""The commands for people in a store: enrol, verify, search, correct, delete, and the log of it all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bitfast_faces.commands_look import pictures_in
from bitfast_faces.engine import Engine
from bitfast_faces.errors import printable
from bitfast_faces.matching import THRESHOLD, percent
from bitfast_faces.store.alike import require_newcomer, require_one_person
from bitfast_faces.store.base import Match
from bitfast_faces.store.keeping import today_utc
from bitfast_faces.store.vault import default_key_file
from bitfast_faces.store_options import (
    AsJson,
    Day,
    Different,
    Evidence,
    Face,
    GivenBy,
    Guardian,
    KeyFile,
    LastDay,
    Minor,
    Number,
    Purpose,
    Threshold,
    Where,
    consent_of,
    least,
    opened,
    template_of_one,
)
from bitfast_faces.types import Face as FoundFace


def enrol(
    name: Annotated[str, typer.Argument(help="The person's name.")],
    photos: Annotated[list[Path], typer.Argument(help="Photos that show this person.")],
    purpose: Purpose,
    expires: LastDay,
    given_by: GivenBy,
    evidence: Evidence,
    granted: Day = None,
    minor: Minor = False,
    guardian: Guardian = None,
    face: Face = None,
    different: Different = False,
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Enrols a person who agreed. The first time, it makes the store and its key."""
    agreed = consent_of(purpose, granted, expires, given_by, evidence, minor, guardian)
    agreed.check(today_utc())  # before the photos, which take longer
    engine = Engine.open()
    paths = pictures_in(photos)
    templates = np.concatenate([template_of_one(engine, photo, face) for photo in paths])
    sources, alike = [printable(photo.name) for photo in paths], None if different else THRESHOLD
    if alike is not None:  # before a store is made
        require_one_person(templates, sources, templates[:0], alike, "Enrolling a person.")
    key_file = key or default_key_file()
    is_new = not key_file.exists()
    with opened(store, key, engine.space, create=True) as books:
        if alike is not None:
            require_newcomer(books, templates, sources, agreed.purpose, alike, engine.space)
        number = books.enrol(name, templates, agreed, space=engine.space, source=sources, alike=alike)
    if is_new:
        typer.echo(
            f"The new store's key is {key_file}: without it nothing in the store can be read. Keep a copy of it."
        )
    typer.echo(f"{name} is person {number}, with {len(templates)} faces, until {agreed.expires}.")


def add(
    person: Number,
    photos: Annotated[list[Path], typer.Argument(help="More photos that show this person.")],
    face: Face = None,
    different: Different = False,
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Adds photos of a person who is enrolled."""
    engine = Engine.open()
    paths = pictures_in(photos)
    templates = np.concatenate([template_of_one(engine, photo, face) for photo in paths])
    with opened(store, key, engine.space) as books:
        sources, alike = [printable(photo.name) for photo in paths], None if different else THRESHOLD
        books.add(person, templates, source=sources, alike=alike, space=engine.space)
    typer.echo(f"{len(templates)} faces were added to person {person}.")


def consent(
    person: Number,
    purpose: Purpose,
    expires: LastDay,
    given_by: GivenBy,
    evidence: Evidence,
    granted: Day = None,
    minor: Minor = False,
    guardian: Guardian = None,
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Adds a consent of a person who is enrolled: a longer term, or one more purpose."""
    with opened(store, key) as books:
        agreed = consent_of(purpose, granted, expires, given_by, evidence, minor, guardian)
        books.consent(person, agreed)
        kept = books.person(person).expires
    told = f"Person {person} agreed to “{purpose}” until {agreed.expires}, and is kept until {kept}."
    typer.echo(printable(told))


def verify(
    photo: Annotated[Path, typer.Argument(help="A photo with one face.")],
    person: Number,
    purpose: Purpose,
    face: Face = None,
    threshold: Threshold = None,
    as_json: AsJson = False,
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Says whether a photo shows this person. Ends with 0 if so, with 1 if not."""
    engine = Engine.open()
    template = template_of_one(engine, photo, face)
    with opened(store, key, engine.space) as books:
        match = books.verify(template, person, purpose=purpose, threshold=least(threshold), space=engine.space)
    if as_json:
        typer.echo(json.dumps(asdict(match)))
    else:
        verdict = "yes" if match.same else f"no: {match.why_not}"
        typer.echo(f"{match.name}? {verdict} (similarity {percent(match.score)})")
    if not match.same:
        raise typer.Exit(1)


def search(
    photos: Annotated[list[Path], typer.Argument(help="Photos, or folders of photos.")],
    purpose: Purpose,
    limit: Annotated[int, typer.Option(help="So many people a face at most.", min=1)] = 5,
    once: Annotated[bool, typer.Option("--once", help="Nobody twice in a photo; one person a face.")] = False,
    threshold: Threshold = None,
    as_json: AsJson = False,
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Says who the faces in photos may be; most faces are nobody's here, so "unknown" is what to expect."""
    engine, least_alike, anybody = Engine.open(), least(threshold), False
    with opened(store, key, engine.space) as books:
        for photo in pictures_in(photos):
            analysis = engine.analyse(photo)
            usable = [at for at, face in enumerate(analysis.faces) if face.quality.usable]
            queries = analysis.templates[usable]
            if once:
                chosen = books.recognise(queries, purpose=purpose, threshold=least_alike, space=engine.space)
                found = [[match] if match else [] for match in chosen]
            else:
                found = books.search(queries, purpose=purpose, limit=limit, threshold=least_alike, space=engine.space)
            anybody = anybody or any(found)
            _print_found(photo, analysis.faces, dict(zip(usable, found, strict=True)), as_json)
        agreed_to = frozenset() if anybody else books.purposes()
    if not anybody and purpose not in agreed_to:
        others = ", ".join(f"“{one}”" for one in sorted(agreed_to)) or "nothing"
        typer.echo(printable(f"Nobody in the store agreed to “{purpose}”; agreed to: {others}."), err=True)


def _print_found(photo: Path, faces: Sequence[FoundFace], found: Mapping[int, list[Match]], as_json: bool) -> None:
    """Who the faces of a photo may be; those that are not in `found` were not good enough to ask."""
    if as_json:
        told = [
            {
                "box": list(face.box.pixels),
                "unusable": list(face.quality.reasons),
                "people": [asdict(one) for one in found.get(at, [])],
            }
            for at, face in enumerate(faces)
        ]
        typer.echo(json.dumps({"photo": str(photo), "faces": told}))
        return
    name = printable(str(photo))
    typer.echo(f"{name}:" if faces else f"{name}: no face")
    for at, face in enumerate(faces):
        left, top, _, _ = face.box.pixels
        who = _names(found[at]) if at in found else f"unknown ({'; '.join(face.quality.reasons)})"
        typer.echo(f"  {at + 1}. at {left}, {top}: {who}")


def reject(
    photo: Annotated[Path, typer.Argument(help="The photo.")],
    person: Number,
    face: Face = None,
    threshold: Threshold = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back.")] = False,
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Says that a match was wrong: this face is not this person. Later searches respect it.

    For this the face's template is kept with the person, encrypted, until it is taken back or the person is deleted.
    """
    engine = Engine.open()
    template = template_of_one(engine, photo, face)
    with opened(store, key, engine.space) as books:
        if undo:
            gone = books.unreject(template, person, space=engine.space)
        else:
            books.reject(template, person, threshold=least(threshold), space=engine.space)
    if undo:
        typer.echo(f"Person {person} may be offered for this face again; {gone.corrections} corrections are deleted.")
    else:
        typer.echo(f"Person {person} will not be offered for this face again.")


def _names(row: list[Match]) -> str:
    return ", ".join(f"{one.name} (person {one.person}, {percent(one.score)})" for one in row) or "unknown"


COMMANDS = (enrol, add, consent, verify, search, reject)
"""What becomes a command of `bitfast-faces`, by its function's name."""
