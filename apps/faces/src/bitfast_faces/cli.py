"""The command `bitfast-faces`: its groups are in commands_*.py; here they come together and errors become words."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from bitfast_faces import commands_keeping, commands_store
from bitfast_faces.commands_cluster import cluster
from bitfast_faces.commands_kin import kin
from bitfast_faces.commands_look import look
from bitfast_faces.commands_serve import serve, token
from bitfast_faces.commands_setup import setup
from bitfast_faces.commands_watch import watch
from bitfast_faces.errors import FacesError, printable

app = typer.Typer(
    help="Faces: recognition, family resemblance and cameras, with the same answers on every chip.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(setup)
app.command()(look)
app.command()(kin)
app.command()(serve)
app.command()(watch)
app.command()(cluster)
for command in (*commands_store.COMMANDS, *commands_keeping.COMMANDS):
    app.command()(command)
app.add_typer(token, name="token")
app.add_typer(commands_keeping.key_app, name="key")


def main() -> None:
    try:
        app()
    except FacesError as error:
        for line in str(error).splitlines():
            Console(stderr=True, highlight=False).print(printable(line), markup=False, soft_wrap=True)
        sys.exit(2)
