"""`bitfast-faces cluster`: the photos of a folder by the people in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bitfast_faces.cluster_folder import Sorting, link, sort_folder
from bitfast_faces.cluster_progress import SealedMemory
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError, printable
from bitfast_faces.store.vault import default_key_file, read_key
from bitfast_faces.store_options import Threshold, least


def cluster(
    folder: Annotated[Path, typer.Argument(help="A folder of photos.", exists=True, file_okay=False)],
    links: Annotated[Path | None, typer.Option(help="Make folders of links to the photos here, one a person.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    threshold: Threshold = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="Keep what was seen in this file, sealed by your key, until the folder is sorted."),
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The key file for --resume; default as for the store.")] = None,
) -> None:
    """Sorts photos by the people in them. Nobody is named, and nothing is kept afterwards but what you ask for."""
    if links and links.exists():  # before the photos, which take longer
        tried = f"Making folders of links in {links}."
        raise FacesError(tried, f"{links} is there already.", "Name a folder that does not exist.")
    engine = Engine.open()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking at photos", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        sorting = _sorted(engine, folder, progress, least(threshold), resume, key)
    if links:
        count = link(sorting, folder, links)
        typer.echo(f"{count} links in {links}", err=True)
    if as_json:
        typer.echo(json.dumps(sorting.as_json()))  # in ASCII: a file's name may be no text
    else:
        _print(sorting)
    for name, happened in sorting.failed.items():
        typer.echo(printable(f"{name}: {happened}"), err=True)
    if sorting.failed:
        raise typer.Exit(1)


def _sorted(
    engine: Engine,
    folder: Path,
    progress: Callable[[int, int], None],
    threshold: int,
    resume: Path | None,
    key: Path | None,
) -> Sorting:
    if not resume:
        return sort_folder(engine, folder, progress, threshold=threshold)
    with SealedMemory(resume, read_key(key or default_key_file()), engine.space) as memory:
        return sort_folder(engine, folder, progress, threshold=threshold, memory=memory)


def _print(sorting: Sorting) -> None:
    for number, group in enumerate(sorting.people, start=1):
        typer.echo(f"person {number}: {len(group)} faces")
        for one in group:
            typer.echo(f"  {printable(one.photo)}, at {one.box[0]}, {one.box[1]}")
    for words, names in (
        ("faces like no other", [one.photo for one in sorting.alone]),
        ("photos without a usable face", list(sorting.unknown)),
    ):
        if names:
            typer.echo(f"{words}: {len(names)}")
            for name in names:
                typer.echo(f"  {printable(name)}")
