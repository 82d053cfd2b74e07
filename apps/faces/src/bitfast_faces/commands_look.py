"""`bitfast-faces look`: the faces in pictures, with their quality; for people, or as JSON."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from bitfast_faces.ahead import in_order
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError, printable
from bitfast_faces.file_names import told_apart
from bitfast_faces.images import SUFFIXES
from bitfast_faces.types import Analysis


def pictures_in(paths: list[Path]) -> list[Path]:
    """The paths, with folders replaced by the pictures in and below them, sorted by name.

    Raises FacesError for a path that is not there and for a folder without pictures."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            if not inside:
                raise FacesError(f"Looking for pictures in {path}.", "There are none.", "Give a folder with pictures.")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise FacesError(f"Reading {path}.", "There is no such file or folder.", "Check the path.")
    return found


def _found(paths: list[Path]) -> tuple[list[Path], list[FacesError]]:
    """The pictures in all paths, and what is wrong with paths that give none."""
    found: list[Path] = []
    missing = []
    for path in paths:
        try:
            found += pictures_in([path])
        except FacesError as error:
            missing.append(error)
    return found, missing


def _say(error: FacesError) -> None:
    typer.echo("\n".join(map(printable, str(error).splitlines())), err=True)


def as_json(analysis: Analysis) -> dict[str, Any]:
    """What is known of a picture's faces, without their templates; coordinates in 1/64 pixel."""
    picture = analysis.picture
    height, width = picture.pixels.shape[:2]
    faces = [asdict(face) for face in analysis.faces]
    return {"name": picture.name, "digest": picture.digest, "width": width, "height": height, "notes": picture.notes,
            "faces": faces}  # fmt: skip


def look(
    photos: Annotated[list[Path], typer.Argument(help="Pictures, or folders of pictures.")],
    as_json_lines: Annotated[bool, typer.Option("--json", help="One JSON object a picture.")] = False,
    smallest: Annotated[int | None, typer.Option(help="Look for faces from so many pixels on.", min=8)] = None,
) -> None:
    """Shows where faces are in pictures and how well they can be recognised. Nothing is kept."""
    engine, failed = Engine.open(), False
    found, missing = _found(photos)
    for error in missing:
        failed = True
        _say(error)
    names = dict(zip(found, told_apart(found), strict=True))
    workers = len(os.sched_getaffinity(0))
    for path, analysis in in_order(lambda path: engine.analyse(path, smallest), found, workers):
        if isinstance(analysis, FacesError):  # one bad picture does not end the others
            failed = True
            _say(FacesError(f"Looking at {path}.", analysis.happened, analysis.advice))
            continue
        if as_json_lines:
            typer.echo(json.dumps(as_json(analysis) | {"name": names[path]}))
            continue
        notes = f" ({'; '.join(analysis.picture.notes)})" if analysis.picture.notes else ""
        count = len(analysis.faces)
        typer.echo(f"{printable(str(path))}: {count or 'no'} face{'' if count == 1 else 's'}{notes}")
        for number, face in enumerate(analysis.faces, start=1):
            left, top, right, bottom = face.box.pixels
            verdict = "good" if face.quality.usable else "; ".join(face.quality.reasons)
            typer.echo(f"  {number}. {right - left} × {bottom - top} pixels at {left}, {top}: {verdict}")
    if failed:
        raise typer.Exit(1)
