"""The commands for people in a store: enrol, verify, search, correct, delete, and the log of it all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bitfast_faces.commands_look import pictures_in
from bitfast_faces.engine import Engine
from bitfast_faces.errors import printable
from bitfast_faces.matching import percent
from bitfast_faces.store.base import Deletion, Match
from bitfast_faces.store.books import today_utc
from bitfast_faces.store.vault import default_key_file, new_key, read_key
from bitfast_faces.store_options import (
    AsJson,
    Day,
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

key_app = typer.Typer(no_args_is_help=True, help="The store's key: a file of yours, outside the store.")


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
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Enrols a person who agreed. The first time, it makes the store and its key."""
    agreed = consent_of(purpose, granted, expires, given_by, evidence, minor, guardian)
    agreed.check(today_utc())  # before the photos, which take longer
    engine = Engine.open()
    templates = np.concatenate([template_of_one(engine, photo, face) for photo in pictures_in(photos)])
    key_file = key or default_key_file()
    is_new = not key_file.exists()
    with opened(store, key, engine.space, create=True) as books:
        source = ", ".join(printable(photo.name) for photo in pictures_in(photos))
        number = books.enrol(name, templates, agreed, space=engine.space, source=source)
    if is_new:
        typer.echo(
            f"The new store's key is {key_file}: without it nothing in the store can be read. Keep a copy of it."
        )
    typer.echo(f"{name} is person {number}, with {len(templates)} faces, until {agreed.expires}.")


def add(
    person: Number,
    photos: Annotated[list[Path], typer.Argument(help="More photos that show this person.")],
    face: Face = None,
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Adds photos of a person who is enrolled."""
    engine = Engine.open()
    paths = pictures_in(photos)
    templates = np.concatenate([template_of_one(engine, photo, face) for photo in paths])
    with opened(store, key, engine.space) as books:
        books.add(person, templates, source=", ".join(printable(photo.name) for photo in paths), space=engine.space)
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
        books.consent(person, consent_of(purpose, granted, expires, given_by, evidence, minor, guardian))
        typer.echo(f"Person {person} is kept until {books.person(person).expires}.")


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
    engine, least_alike = Engine.open(), least(threshold)
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
            _print_found(photo, analysis.faces, dict(zip(usable, found, strict=True)), as_json)


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
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Says that a face is not this person: kept, and respected by later searches."""
    engine = Engine.open()
    template = template_of_one(engine, photo, face)
    with opened(store, key, engine.space) as books:
        books.reject(template, person, space=engine.space)
    typer.echo(f"Person {person} will not be offered for this face again.")


def people(
    persons: Annotated[list[int] | None, typer.Argument(help="Numbers of people; default: everybody.")] = None,
    as_json: AsJson = False,
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Shows what the store has of people: names, consents, how many templates."""
    with opened(store, key) as books:
        everybody = [books.person(number) for number in persons] if persons else books.people()
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in everybody], default=date.isoformat))
        return
    for one in everybody:
        typer.echo(f"{one.id:>6}  {one.name}  ({one.templates} faces)")
        for each in one.consents:
            by = f", guardian {each.guardian}" if each.minor else ""
            typer.echo(
                f"        {each.purpose}: {each.granted} to {each.expires}, by {each.given_by}{by}; {each.evidence}"
            )
    typer.echo(f"{len(everybody) or 'Nobody'} {'people' if len(everybody) > 1 else 'person' if everybody else 'yet'}.")


def delete(persons: Annotated[list[int], typer.Argument()], store: Where = None, key: KeyFile = None) -> None:
    """Deletes all there is of a person, reads the store to see that it is gone, and prints the receipt."""
    with opened(store, key) as books:
        for person in persons:
            _print_receipt(books.delete(person))


def expire(store: Where = None, key: KeyFile = None) -> None:
    """Deletes everybody whose consent has ended. Run it daily; searches leave them out in any case."""
    with opened(store, key) as books:
        gone = books.expire()
    for one in gone:
        _print_receipt(one)
    typer.echo(f"{len(gone) or 'No'} consent{'' if len(gone) == 1 else 's'} had ended.")


def audit(
    after: Annotated[int, typer.Option(help="Only entries after this number.", min=0)] = 0,
    head: Annotated[
        bool, typer.Option("--head", help="Only the last entry's number and digest, to keep elsewhere.")
    ] = False,
    as_json: AsJson = False,
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Verifies the log and prints it. Ends with an error that names the first entry that is not as it was written."""
    with opened(store, key) as books:
        books.verify_audit()
        entries = books.audit(after)
    for entry in entries[-1:] if head else entries:
        if head:
            typer.echo(f"{entry.id} {entry.digest}")
        elif as_json:
            typer.echo(json.dumps(asdict(entry), ensure_ascii=False))
        else:
            typer.echo(f"{entry.id:>6}  {entry.at}  {entry.action}  {json.dumps(entry.detail, ensure_ascii=False)}")


def check(store: Where = None, key: KeyFile = None) -> None:
    """Reads and decrypts the whole store and verifies its log."""
    with opened(store, key) as books:
        typer.echo(f"All is as it was written: {len(books.people())} people, {books.check()} templates.")


@key_app.command("new")
def key_new(
    path: Annotated[Path | None, typer.Argument(help="Where to; default: in your configuration folder.")] = None,
) -> None:
    """Makes a key file, readable by you only."""
    made = new_key(path or default_key_file())
    typer.echo(f"{made.path} is a new key. Keep a copy of it where the store is not.")


@key_app.command("rotate")
def key_rotate(
    new: Annotated[Path, typer.Argument(help="The new key's file; made if it is not there.")],
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Puts a new key in the place of the store's. The old one opens nothing afterwards."""
    with opened(store, key) as books:
        fresh = read_key(new) if new.exists() else new_key(new)
        books.rotate(fresh)
    typer.echo(f"The store's key is {new} now. The old one still opens copies made before: destroy it with them.")


def _names(row: list[Match]) -> str:
    return ", ".join(f"{one.name} (person {one.person}, {percent(one.score)})" for one in row) or "unknown"


def _print_receipt(one: Deletion) -> None:
    how = f"{one.bytes_read} bytes of the store were read and hold none of it" if one.verified == "file" else (
        "the server no longer has it; its log and backups are its own"
    )  # fmt: skip
    typer.echo(f"Person {one.person} is deleted: {one.templates} templates, {one.corrections} corrections; {how}.")
    typer.echo(f"  receipt {one.receipt} (log entry {one.audit})")


COMMANDS = (enrol, add, consent, verify, search, reject, people, delete, expire, audit, check)
"""What becomes a command of `bitfast-faces`, by its function's name; `key_app` is the group `key`."""
