"""What the store's commands share: options, opening a store, the one face of a photo."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import ONE, THRESHOLD
from bitfast_faces.store import Consent, open_store
from bitfast_faces.store.books import Books
from bitfast_faces.store.keeping import today_utc
from bitfast_faces.types import Templates
from bitfast_faces.weights.place import home

Where = Annotated[
    str | None,
    typer.Option("--store", envvar="BITFAST_FACES_STORE", help="The store: a file, or postgresql://…", metavar="STORE"),
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--key", help="The key file; default: $BITFAST_FACES_KEY or in your configuration folder."),
]
Purpose = Annotated[str, typer.Option(help="What for: only people who agreed to exactly this are found.")]
Number = Annotated[int, typer.Argument(help="The person's number, as `people` lists it.", min=1)]
Threshold = Annotated[float | None, typer.Option(help="How alike in percent faces must be at least.", min=0, max=100)]
Face = Annotated[int | None, typer.Option(help="Which face, counted from the left, where there are several.", min=1)]
Different = Annotated[
    bool,
    typer.Option(
        "--different", help="Keep them though the photos are not alike, or look like somebody else who is enrolled."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The consent's first day; default: today.")]
LastDay = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The consent's last day.")]
GivenBy = Annotated[str, typer.Option(help="Who gave the consent.")]
Evidence = Annotated[str, typer.Option(help="Where the signed consent is.")]
Minor = Annotated[bool, typer.Option("--minor", help="The person is a minor: name the guardian, who consents.")]
Guardian = Annotated[str | None, typer.Option(help="The guardian of a minor.")]


@contextmanager
def opened(where: str | None, key: Path | None, space: str | None = None, create: bool = False) -> Iterator[Books]:
    books = open_store(where or default_store(), key, create=create, space=space)
    try:
        yield books
    finally:
        books.close()


def least(threshold: float | None) -> int:
    """The similarity that a threshold in percent means; by default matching.THRESHOLD."""
    return THRESHOLD if threshold is None else int(threshold * ONE / 100)


def default_store() -> Path:
    """$BITFAST_FACES_STORE, or a file beside the folder of weights."""
    return Path(os.environ.get("BITFAST_FACES_STORE") or home().parent / "people" / "faces.db")


def template_of_one(engine: Engine, photo: Path, face: int | None) -> Templates:
    """The template (1, 128) of the photo's one face, or of the one that was asked for."""
    tried = f"Looking for a face in {photo}."
    analysis = engine.analyse(photo)
    count = len(analysis.faces)
    if not count:
        raise FacesError(tried, "There is none.", "Give a photo that shows the face larger and from the front.")
    if face is None and count > 1:
        raise FacesError(tried, f"There are {count}.", f"Say which one: --face 1 (the leftmost) to --face {count}.")
    at = (face or 1) - 1
    if at >= count:
        only = "There is 1 only" if count == 1 else f"There are {count} only"
        raise FacesError(tried, f"{only}.", f"Say --face 1 to --face {count}.")
    quality = analysis.faces[at].quality
    if not quality.usable:
        raise FacesError(tried, f"It is not usable: {'; '.join(quality.reasons)}.", "Give a better photo.")
    return analysis.templates[at : at + 1]


def consent_of(
    purpose: str,
    granted: datetime | None,
    expires: datetime,
    given_by: str,
    evidence: str,
    minor: bool,
    guardian: str | None,
) -> Consent:
    first = granted.date() if granted else today_utc()
    return Consent(purpose, first, expires.date(), given_by, guardian, minor, evidence)
