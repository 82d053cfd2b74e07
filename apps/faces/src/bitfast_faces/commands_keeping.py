"""The commands that keep a store: who is in it, deletion, retention, the log, the key."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bitfast_faces.errors import FacesError, printable
from bitfast_faces.store import Deletion
from bitfast_faces.store.books import Books
from bitfast_faces.store.vault import default_key_file, new_key, read_key
from bitfast_faces.store_options import AsJson, KeyFile, Number, Where, opened

key_app = typer.Typer(no_args_is_help=True, help="The store's key: a file of yours, outside the store.")


def people(
    persons: Annotated[list[int] | None, typer.Argument(help="Numbers of people; default: everybody.")] = None,
    as_json: AsJson = False,
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Shows what the store has of people: names, consents, how many templates."""
    with opened(store, key) as books:
        everybody = [books.person(number) for number in persons] if persons else books.people()
        sources = {one.id: books.sources(one.id) for one in everybody if persons and not as_json}
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in everybody], default=date.isoformat))
        return
    for one in everybody:
        typer.echo(f"{one.id:>6}  {printable(one.name)}  ({one.templates} faces)")
        for each in one.consents:
            by = f", guardian {each.guardian}" if each.minor else ""
            told = f"{each.purpose}: {each.granted} to {each.expires}, by {each.given_by}{by}; {each.evidence}"
            typer.echo(f"        {printable(told)}")
        for number, source in sources.get(one.id, {}).items():
            typer.echo(f"        face {number}: {printable(source)}")
    typer.echo(f"{len(everybody) or 'Nobody'} {'people' if len(everybody) > 1 else 'person' if everybody else 'yet'}.")


def asks() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty()


def delete(
    persons: Annotated[list[int], typer.Argument(help="Numbers of people.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Deletes all there is of a person, reads the store to see that it is gone, and prints the receipt.

    On a terminal it names the person and asks first.
    """
    with opened(store, key) as books:
        for person in persons:
            if not yes and asks():
                question = f"Delete person {person}, {_name(books, person)}, for good?"
                typer.confirm(printable(question), abort=True)
            _print_receipt(books.delete(person))


def _name(books: Books, person: int) -> str:
    try:
        return books.person(person).name
    except FacesError as error:  # who is damaged can be deleted all the same
        return f"who cannot be read ({error.happened})"


def remove(
    person: Number,
    face: Annotated[int, typer.Argument(help="The face's number, as `people PERSON` lists it.", min=1)],
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Deletes the template of one photo of a person, as of a wrong one; the others and the consents stay."""
    with opened(store, key) as books:
        receipt = books.remove(person, face)
    typer.echo(f"1 face of person {person} is deleted: {_how(receipt)}.")
    typer.echo(f"  receipt {receipt.receipt} (log entry {receipt.audit})")


def withdraw(
    person: Number,
    purpose: Annotated[str, typer.Argument(help="The purpose, as `people` shows it.")],
    store: Where = None,
    key: KeyFile = None,
) -> None:
    """Deletes a person's consent to one purpose; with the last consent, all there is of the person."""
    with opened(store, key) as books:
        receipt = books.withdraw(person, purpose)
    if receipt.templates:
        _print_receipt(receipt)
    else:
        typer.echo(f"Person {person}'s consent to “{purpose}” is deleted; those to other purposes stay.")
        typer.echo(f"  receipt {receipt.receipt} (log entry {receipt.audit})")


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
        every = books.audit()
    entries = [entry for entry in every if entry.id > after]
    for entry in entries[-1:] if head else entries:
        if head:
            typer.echo(f"{entry.id} {entry.digest}")
        elif as_json:
            typer.echo(json.dumps(asdict(entry), ensure_ascii=False))
        else:
            typer.echo(f"{entry.id:>6}  {entry.at}  {entry.action}  {json.dumps(entry.detail, ensure_ascii=False)}")
    if not (head or as_json):
        typer.echo(f"All {len(every)} entries of the log are as they were written.", err=True)


def check(store: Where = None, key: KeyFile = None) -> None:
    """Reads and decrypts the whole store, verifies its log, and sees whether all is there that the log tells of."""
    with opened(store, key) as books:
        templates = books.check()
        typer.echo(f"All is as it was written: {len(books.people())} people, {templates} templates.")


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
    """Puts a new key in the place of the store's, and of all keys under it, and seals everything anew.

    The old key opens nothing of the store afterwards, nor does a key out of an old copy of it. An old copy itself is
    still opened by the old key: destroy both.
    """
    with opened(store, key) as books:
        fresh = read_key(new) if new.exists() else new_key(new)
        overwritten = books.rotate(fresh)
    typer.echo(f"The store's key is {new} now. The old one still opens copies made before: destroy it with them.")
    if not overwritten:
        typer.echo(
            "The key IS changed. What the old one sealed is not overwritten yet, because another program reads the "
            "store: close it; the next command that opens the store finishes this."
        )


def _how(one: Deletion) -> str:
    return f"{one.bytes_read} bytes of the store were read and hold none of it" if one.verified == "file" else (
        "the server no longer has it; its log and backups are its own"
    )  # fmt: skip


def _print_receipt(one: Deletion) -> None:
    how = _how(one)
    typer.echo(f"Person {one.person} is deleted: {one.templates} templates, {one.corrections} corrections; {how}.")
    typer.echo(f"  receipt {one.receipt} (log entry {one.audit})")


COMMANDS = (people, delete, remove, withdraw, expire, audit, check)
"""What becomes a command of `bitfast-faces`, by its function's name; `key_app` is the group `key`."""
