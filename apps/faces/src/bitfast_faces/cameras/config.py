"""What a watch is to do: cameras, zones, lines, visits and sinks, from a TOML file or the command line, checked.

Everything is resolved once into frozen dataclasses. Secrets are never in the file: it names environment variables.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bitfast_faces.cameras import schedule
from bitfast_faces.cameras.settings import Table
from bitfast_faces.cameras.zones import PER_MILLE, Line, Zone
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import ONE, THRESHOLD

PRESETS = ("bank", "entrance", "hall", "shop", "stadium")


@dataclass(frozen=True)
class Visits:
    """When a visit begins, ends and is decided. Times in milliseconds.

    `settle`: frames that must show a face in a zone before it counts there. `lost`: a face unseen for longer is given
    up. `gap`: who comes back within it is on the same visit, if recognised or alike. `decide`: `enter` waits so long at
    most for a name. `looks`: templates computed per visit at most, `agree`: how many more of them must name somebody
    than anybody else, `pause`: time between two of them.
    """

    settle: int = 3
    lost: int = 1500
    gap: int = 10_000
    decide: int = 1500
    looks: int = 6
    agree: int = 2
    pause: int = 300


@dataclass(frozen=True)
class Camera:
    """One source.

    `rate` is how many frames a second are looked at at most, `smallest` the least face in pixels (0: a twentieth of the
    frame's longer side, which one look at the whole frame finds), `timeout` seconds to wait for an answer, `give_up`
    seconds without a picture until the camera counts as failed (0: never).
    """

    name: str
    source: str
    zones: tuple[Zone, ...] = (Zone(""),)
    lines: tuple[Line, ...] = ()
    rate: int = 10
    smallest: int = 0
    transport: str = "tcp"
    timeout: int = 10
    give_up: int = 0
    password_env: str = ""
    real_time: bool = False


@dataclass(frozen=True)
class Webhook:
    """An address that events are posted to; `plain` allows http:// to other machines although events name people."""

    url: str
    secret_env: str
    tries: int = 6
    queue: int = 1000
    plain: bool = False


@dataclass(frozen=True)
class Mqtt:
    """A broker, `mqtt://host:1883` or `mqtts://host:8883`; events go to TOPIC/CAMERA/KIND. `plain` as for a webhook."""

    url: str
    topic: str = "bitfast-faces"
    user_env: str = ""
    password_env: str = ""
    queue: int = 1000
    plain: bool = False


@dataclass(frozen=True)
class Config:
    """All of it. Without a purpose nobody is recognised and no template is computed: people are counted.

    `threshold` is the similarity, in 1/2^30, from which on a look names somebody; in the file it is in percent.
    """

    cameras: tuple[Camera, ...]
    purpose: str = ""
    threshold: int = THRESHOLD
    visits: Visits = field(default_factory=Visits)
    webhook: Webhook | None = None
    mqtt: Mqtt | None = None


def load(file: Path) -> Config:
    """The configuration in a TOML file. Raises FacesError that names the place of what is wrong."""
    tried = f"Reading the cameras' configuration {file.name}."
    config = _config(_parsed(file, tried), tried)
    for camera in config.cameras:
        if _holds_password(camera.source):
            happened = f"camera.{camera.name}.source holds a password, and the file may be read and copied."
            advice = "Write rtsp://USER@HOST/PATH, and password_env = the name of a variable that holds it."
            raise FacesError(tried, happened, advice)
    return config


def of_sources(sources: list[str], preset: str | None = None, purpose: str = "") -> Config:
    """The configuration for sources given on the command line, with a preset's zones for each. Raises FacesError."""
    tried = f"Reading the preset {preset}." if preset else "Setting up the cameras."
    record = tomllib.loads(preset_text(preset)) if preset else {}
    names = [f"camera{number}" for number in range(1, len(sources) + 1)] if len(sources) > 1 else ["camera"]
    record["camera"] = {name: {"source": source} for name, source in zip(names, sources, strict=True)}
    config = _config(record, tried)
    return replace(config, purpose=purpose or config.purpose)


def preset_text(name: str) -> str:
    """A preset's TOML. Raises FacesError."""
    if name not in PRESETS:
        happened = f"There is no preset {name!r}."
        raise FacesError("Choosing a preset.", happened, f"There are: {', '.join(PRESETS)}.")
    return (resources.files(__package__) / "presets" / f"{name}.toml").read_text(encoding="utf-8")


def _parsed(file: Path, tried: str) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise FacesError(
            tried, f"It cannot be read: {error.strerror}.", "Check the path and its permissions."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FacesError(tried, f"It is not TOML: {error}.", "See docs/cameras.md for examples.") from error


def _config(record: Mapping[str, Any], tried: str) -> Config:
    top = Table(record, "", tried)
    name = top.text("timezone", "")
    clock = schedule.time_zone(name, tried) if name else None
    zones = tuple(_zone(table, clock) for table in top.tables("zone"))
    lines = tuple(_line(table, clock) for table in top.tables("line"))
    cameras = tuple(_camera(name, table, zones, lines, clock) for name, table in top.named("camera"))
    if not cameras:
        top.wrong("camera", "is missing: there is nothing to watch", 'Add [camera.door] with source = "rtsp://…".')
    config = Config(
        cameras,
        top.text("purpose", ""),
        _threshold(top.number("threshold", None, 50, 100)),
        _visits(top.table("visits")),
        _webhook(top.table("webhook")),
        _mqtt(top.table("mqtt")),
    )
    top.done()
    return config


def _threshold(percent: float | None) -> int:
    return THRESHOLD if percent is None else int(percent * ONE / 100)


def _camera(
    name: str, table: Table, zones: tuple[Zone, ...], lines: tuple[Line, ...], clock: ZoneInfo | None
) -> Camera:
    own = tuple(_zone(part, clock) for part in table.tables("zone"))
    own_lines = tuple(_line(part, clock) for part in table.tables("line"))
    camera = Camera(
        table.plain_name(name),
        table.text("source"),
        own or zones or (Zone(""),),
        own_lines or lines,
        table.integer("rate", Camera.rate, 1, 120),
        table.integer("smallest", Camera.smallest, 0, 4000),
        table.choice("transport", Camera.transport, ("tcp", "udp")),
        table.integer("timeout", Camera.timeout, 1, 600),
        table.integer("give_up", Camera.give_up, 0, 86_400),
        table.text("password_env", ""),
        table.boolean("real_time", False),
    )
    table.done()
    _distinct([zone.name for zone in camera.zones], "zone", table)
    _distinct([line.name for line in camera.lines], "line", table)
    return camera


def _holds_password(source: str) -> bool:
    """Whether there is something after a colon before the @ of an address."""
    account, at, _ = source.partition("://")[2].partition("/")[0].rpartition("@")
    return bool(at) and ":" in account


def _distinct(names: list[str], kind: str, table: Table) -> None:
    for name in names:
        if names.count(name) > 1:
            table.wrong(kind, f"has two of the name {name!r}", "Give each its own name.")


def _zone(table: Table, clock: ZoneInfo | None) -> Zone:
    whole = Zone("")
    zone = Zone(
        table.text("name"),
        table.corners("polygon", 3, whole.polygon),
        table.pair("grid", PER_MILLE),
        tuple(schedule.parse(text, clock, table.tried) for text in table.texts("hours")),
        table.boolean("recognise", True),
        table.integer("limit", 0, 0, 1_000_000),
    )
    table.done()
    if zone.polygon == whole.polygon and zone.grid != PER_MILLE:
        table.wrong("polygon", "is missing beside a grid", "Give the corners on that grid.")
    return zone


def _line(table: Table, clock: ZoneInfo | None) -> Line:
    line = Line(
        table.text("name"),
        table.pair("start"),
        table.pair("end"),
        table.pair("grid", PER_MILLE),
        tuple(schedule.parse(text, clock, table.tried) for text in table.texts("hours")),
    )
    table.done()
    if line.start == line.end:
        table.wrong("end", "is where the line starts", "Give two different ends.")
    return line


def _visits(table: Table | None) -> Visits:
    if table is None:
        return Visits()
    plain = Visits()
    visits = Visits(
        table.integer("settle", plain.settle, 1, 100),
        table.integer("lost", plain.lost, 100, 60_000),
        table.integer("gap", plain.gap, 0, 600_000),
        table.integer("decide", plain.decide, 0, 60_000),
        table.integer("looks", plain.looks, 1, 100),
        table.integer("agree", plain.agree, 1, 10),
        table.integer("pause", plain.pause, 0, 60_000),
    )
    table.done()
    if visits.agree > visits.looks:
        table.wrong("agree", "is more than `looks`: nobody could be recognised", "Lower it or raise `looks`.")
    return visits


def _webhook(table: Table | None) -> Webhook | None:
    if table is None:
        return None
    webhook = Webhook(
        table.text("url"),
        table.text("secret_env"),
        table.integer("tries", Webhook.tries, 1, 100),
        table.integer("queue", Webhook.queue, 1, 100_000),
        table.boolean("plain", False),
    )
    table.done()
    return webhook


def _mqtt(table: Table | None) -> Mqtt | None:
    if table is None:
        return None
    mqtt = Mqtt(
        table.text("url"),
        table.text("topic", Mqtt.topic),
        table.text("user_env", ""),
        table.text("password_env", ""),
        table.integer("queue", Mqtt.queue, 1, 100_000),
        table.boolean("plain", False),
    )
    table.done()
    return mqtt
