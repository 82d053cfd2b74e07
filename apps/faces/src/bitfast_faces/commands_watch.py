"""`bitfast-faces watch`: cameras and videos, one event per visit."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from bitfast_faces.errors import FacesError
from bitfast_faces.store_options import KeyFile, Threshold, Where, default_store, least

if TYPE_CHECKING:
    from bitfast_faces.cameras.config import Config
    from bitfast_faces.cameras.watch import Watch
    from bitfast_faces.store.base import Store

EXIT_FAILED = 2


def watch(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Videos, rtsp://… addresses, or usb:0 for the first USB camera.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Cameras, zones and sinks in a TOML file, instead.")] = None,
    preset: Annotated[
        str | None, typer.Option(help="Zones for a place: entrance, hall, stadium, shop or bank.")
    ] = None,
    show_preset: Annotated[bool, typer.Option("--show-preset", help="Print the preset to begin a file with.")] = False,
    purpose: Annotated[
        str, typer.Option(help="Recognise people who agreed to this very purpose; without it people are only counted.")
    ] = "",
    store: Where = None,
    key: KeyFile = None,
    threshold: Threshold = None,
    pictures: Annotated[
        Path | None, typer.Option(help="Keep best shots here, of people who agreed to 'PURPOSE: pictures'.")
    ] = None,
    rate: Annotated[int | None, typer.Option(min=1, max=120, help="Frames a second to look at.")] = None,
    smallest: Annotated[int | None, typer.Option(min=8, max=4000, help="The smallest face, in pixels.")] = None,
    transport: Annotated[str | None, typer.Option(help="How RTSP comes: tcp or udp.")] = None,
    give_up: Annotated[
        int | None, typer.Option(min=0, max=86_400, help="Seconds without a picture that end a camera; 0: never.")
    ] = None,
    real_time: Annotated[bool, typer.Option("--real-time", help="Play files as if they were cameras.")] = False,
    begin: Annotated[
        datetime | None, typer.Option(help="When a file's first frame was taken (UTC); default: what the file says.")
    ] = None,
) -> None:
    """Watches cameras and videos; events come as JSON lines, and to the webhook and broker that the file names.

    People who agreed are recognised; strangers are counted and forgotten. Stop with Ctrl+C; the exit status is 2 if a
    camera failed."""
    _require_libraries()
    from bitfast_faces.cameras import config as settings
    from bitfast_faces.cameras.events import EventBus
    from bitfast_faces.cameras.session import watching
    from bitfast_faces.cameras.sinks import Lines
    from bitfast_faces.engine import Engine

    if show_preset:
        typer.echo(settings.preset_text(preset or "entrance"), nl=False)
        return
    _one_of(sources, config, preset)
    chosen = settings.load(config) if config else settings.of_sources(sources or [], preset)
    chosen = _overridden(chosen, purpose, rate, smallest, transport, give_up, real_time)
    if threshold is not None:
        chosen = replace(chosen, threshold=least(threshold))
    engine = Engine.open()

    def say(words: str) -> None:
        typer.echo(words, err=True)

    opener = _opener(store or default_store(), key, engine.space) if chosen.purpose else None
    with (
        _stopping() as stop,
        watching(chosen, engine, EventBus(), opener, pictures=pictures, lines=Lines(), begin=begin, say=say) as running,
    ):
        while not stop.is_set() and not running.wait(0.2):
            pass
    _report(running, say)


def _report(running: Watch, say: Callable[[str], None]) -> None:
    failed = False
    for outcome in running.outcomes:
        counts = outcome.counts
        say(
            f"{outcome.camera}: {counts.read} frames read, {counts.seen} looked at, "
            f"{counts.left_out} left out to keep to the rate, {counts.dropped} dropped."
        )
        if outcome.trouble:
            say(f"{outcome.camera}: {outcome.trouble}")
        if outcome.error is not None:
            failed = True
            say(str(outcome.error))
    if failed:
        raise typer.Exit(EXIT_FAILED)


class _stopping:
    """While it is entered, Ctrl+C and SIGTERM set the event instead of ending the program in the middle."""

    def __enter__(self) -> threading.Event:
        event = threading.Event()

        def stop(number: int, frame: FrameType | None) -> None:
            event.set()

        self._before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        return event

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _one_of(sources: list[str] | None, config: Path | None, preset: str | None) -> None:
    if bool(sources) == bool(config) or (config and preset):
        raise FacesError(
            "Setting up the cameras.",
            "Either sources (with a preset) or a configuration file say what to watch.",
            "Try: bitfast-faces watch rtsp://HOST/PATH --preset entrance, or --config cameras.toml alone.",
        )


def _overridden(
    config: Config,
    purpose: str,
    rate: int | None,
    smallest: int | None,
    transport: str | None,
    give_up: int | None,
    real_time: bool,
) -> Config:
    if transport not in (None, "tcp", "udp"):
        raise FacesError("Setting up the cameras.", f"RTSP has no transport {transport!r} here.", "Choose tcp or udp.")
    given = {"rate": rate, "smallest": smallest, "transport": transport, "give_up": give_up}
    given["real_time"] = real_time or None
    changes = {name: value for name, value in given.items() if value is not None}
    cameras = tuple(replace(camera, **changes) for camera in config.cameras)  # type: ignore[arg-type]
    return replace(config, cameras=cameras, purpose=purpose or config.purpose)


def _opener(store: str | Path, key: Path | None, space: str) -> Callable[[], Store]:
    def open_it() -> Store:
        from bitfast_faces.store import open_store

        return open_store(store, key, space=space)

    return open_it


def _require_libraries() -> None:
    try:
        import av  # noqa: F401
        import paho.mqtt  # noqa: F401
    except ImportError as error:
        raise FacesError(
            "Watching cameras.", f"The library {error.name} is not here.", "pip install 'bitfast-faces[cameras]'"
        ) from error
