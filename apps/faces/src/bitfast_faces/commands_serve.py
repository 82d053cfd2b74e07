"""`bitfast-faces serve`: the web page and the REST API; `bitfast-faces token`: who may use the API."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bitfast_faces.cameras.config import load as load_cameras
from bitfast_faces.cameras.events import EventBus
from bitfast_faces.cluster_folder import cluster_for_web
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.store_options import KeyFile, Threshold, Where, default_store, least
from bitfast_faces.web.listening import behind_proxy, folders, listen, origins, tls
from bitfast_faces.weights.place import home

token = typer.Typer(help="Tokens for the REST API: made once, shown once, kept as hashes.", no_args_is_help=True)
TokensOption = Annotated[Path | None, typer.Option("--tokens", help="The file of tokens; default: beside the weights.")]


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")] = 8600,
    host: Annotated[
        str, typer.Option(help="The address to listen at; other than this machine's own needs TLS.")
    ] = "127.0.0.1",
    name: Annotated[list[str] | None, typer.Option(help="A host name that browsers use, for --host.")] = None,
    origin: Annotated[
        list[str] | None, typer.Option(help="What browsers call it behind a proxy with TLS: https://NAME.")
    ] = None,
    store: Where = None,
    key: KeyFile = None,
    threshold: Threshold = None,
    no_store: Annotated[bool, typer.Option("--no-store", help="Without people: only family and cameras.")] = False,
    cameras: Annotated[Path | None, typer.Option(help="Watch the cameras of this file too (docs/cameras.md).")] = None,
    folder: Annotated[list[str] | None, typer.Option(help="NAME=PATH of a folder that may be sorted.")] = None,
    tokens: TokensOption = None,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Pictures that are looked at side by side.")] = 2,
    upload_megabytes: Annotated[int, typer.Option(min=1, max=200, help="The largest picture taken.")] = 32,
    forget_minutes: Annotated[
        int, typer.Option(min=1, max=1440, help="Pictures unused for so long are forgotten.")
    ] = 30,
    tls_cert: Annotated[Path | None, typer.Option(help="A certificate chain (PEM).")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    link: Annotated[
        bool | None,
        typer.Option(
            "--link/--no-link", help="Show links that sign in, which may do everything; default: on a terminal."
        ),
    ] = None,
    debug: Annotated[bool, typer.Option(help="Show where unforeseen errors come from.")] = False,
) -> None:
    """Serves the web page and the REST API on this machine; a link that it shows signs one browser in, once."""
    _require_web()
    from bitfast_faces.web.app import create_app
    from bitfast_faces.web.config import WebConfig
    from bitfast_faces.web.server import server
    from bitfast_faces.web.services import Backends
    from bitfast_faces.web.sessions import Sessions
    from bitfast_faces.web.tokens import TokenFile

    secure = tls(host, tls_cert, tls_key)
    config = WebConfig(
        origins=frozenset(behind_proxy(origin) if origin else origins(host, port, name or [], secure)),
        upload_bytes=upload_megabytes << 20,
        keep_seconds=60.0 * forget_minutes,
        threads=threads,
        threshold=least(threshold),
    )
    engine, sessions, tokens_file = Engine.open(), Sessions(), TokenFile(tokens or default_tokens())
    opener = None if no_store else _opener(store, key, engine.space)
    listener = listen(host, port)

    def show() -> None:
        address = min(config.origins, key=lambda each: ("127.0.0.1" not in each, each))
        typer.echo(f"Open this within five minutes, in one browser:  {address}/#code={sessions.new_code()}")

    shown = sys.stdout.isatty() if link is None else link
    _logging(debug)
    with _watched(cameras, engine, opener) as bus:
        backends = Backends(engine, opener, bus, cluster_for_web, folders(folder or []))
        app = create_app(backends, config, tokens_file, sessions)
        running = server(app, tls_cert, tls_key, proxied=bool(origin))
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)  # in the background a read would stop the process, not fail
        if shown:
            show()
            typer.echo("Press Enter for another link.")
            threading.Thread(target=_at_every_line, args=(show,), daemon=True).start()
        else:
            typer.echo(
                "Sign in with a token: bitfast-faces token new. Links are shown on a terminal only, or with --link."
            )
        stopped = threading.Event()

        def stop(*_: object) -> None:  # uvicorn ends by the signal too, then raises it once more
            stopped.set()
            running.should_exit = True

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        typer.echo("Stop with Ctrl+C. Pictures are kept in memory only.")
        running.run(sockets=[listener])
    if not running.started and not stopped.is_set():
        raise typer.Exit(2)


@token.command("new")
def new(
    name: Annotated[str, typer.Argument(help="What it is for, so that you know it again.")],
    scope: Annotated[list[str], typer.Option(help="What it may do; several, by commas or again --scope.")],
    days: Annotated[int, typer.Option(help="How long it is valid, 1 to 366.")] = 90,
    tokens: TokensOption = None,
) -> None:
    """Makes a token and shows it: this once, as only its hash is kept."""
    _require_web()
    from bitfast_faces.web.tokens import TokenFile

    scopes = [each.strip() for part in scope for each in part.split(",") if each.strip()]
    text, made = TokenFile(tokens or default_tokens()).new(name, scopes, timedelta(days=days))
    typer.echo(text)
    typer.echo(f"Valid until {made.expires} for {', '.join(made.scopes)}. It is not shown again.", err=True)


@token.command("list")
def list_tokens(tokens: TokensOption = None) -> None:
    """Lists the tokens, but for their secrets."""
    _require_web()
    from bitfast_faces.web.tokens import TokenFile

    table = Table("id", "name", "scopes", "made", "valid until")
    for each in TokenFile(tokens or default_tokens()).all():
        table.add_row(each.id, each.name, " ".join(each.scopes), each.created, each.expires)
    Console(highlight=False).print(table)


@token.command("revoke")
def revoke(which: Annotated[str, typer.Argument(help="Its id or name.")], tokens: TokensOption = None) -> None:
    """Takes a token away; a server that runs refuses it from the next request on, and browsers signed in with it."""
    _require_web()
    from bitfast_faces.web.tokens import TokenFile

    gone = TokenFile(tokens or default_tokens()).revoke(which)
    if not gone:
        raise FacesError(f"Revoking {which!r}.", "There is no such token.", "See `bitfast-faces token list`.")
    typer.echo(f"Revoked {gone}.")


def default_tokens() -> Path:
    return home().parent / "tokens.json"


def _at_every_line(show: Callable[[], None]) -> None:
    """Calls `show` for every line that is typed, until there are none any more."""
    try:
        while os.read(sys.stdin.fileno(), 4096):  # not sys.stdin's lines: its lock would hold up the end
            show()
    except (OSError, ValueError):  # a job in the background has no terminal to read from
        return


def _opener(where: str | Path | None, key: Path | None, space: str) -> Callable[[], Any]:
    """Opens the store once here, so that a wrong key ends the command with a sentence, and again where it is used.

    Only the default one is made where it is not there yet: another one's name may be mistyped.
    """
    from bitfast_faces.store import open_store

    own = default_store()
    create = where is None or str(where) == str(own)
    where = where or own
    if not create and "://" not in str(where) and not Path(where).exists():
        raise FacesError(
            f"Opening the store {where}.", "It is not there.", "Check the name; `bitfast-faces enrol --store` makes it."
        )
    open_store(where, key, create=create, space=space).close()
    return lambda: open_store(where, key, create=False, space=space)


@contextmanager
def _watched(file: Path | None, engine: Engine, opener: Callable[[], Any] | None) -> Iterator[EventBus | None]:
    """Watches the file's cameras meanwhile, if there is one."""
    if file is None:
        yield None
        return
    try:
        from bitfast_faces.cameras.session import watching
    except ImportError as error:
        raise FacesError(
            "Watching cameras.", f"The library {error.name} is not here.", "pip install 'bitfast-faces[cameras]'"
        ) from None
    bus = EventBus()
    with watching(load_cameras(file), engine, bus, opener, say=lambda words: typer.echo(words, err=True)):
        yield bus


def _logging(debug: bool) -> None:
    """Errors go to the terminal in one line; their origin is shown only when asked for."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    if not debug:
        logging.getLogger("bitfast_faces.web").addFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


def _require_web() -> None:
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        raise FacesError(
            "Starting the web server.", "Its libraries are not here.", "pip install 'bitfast-faces[web]'"
        ) from None
