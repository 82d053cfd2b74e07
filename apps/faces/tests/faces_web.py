"""What the tests of the server share: an engine whose people are colours, a server on loopback, a client."""

from __future__ import annotations

import hashlib
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from starlette.testclient import TestClient

from bitfast_faces.images import load
from bitfast_faces.store import Store, open_store
from bitfast_faces.types import Analysis, Box, Face, Picture, Pixels, Point, Quality
from bitfast_faces.web.app import create_app
from bitfast_faces.web.config import WebConfig
from bitfast_faces.web.guard import Guard
from bitfast_faces.web.server import server
from bitfast_faces.web.services import Backends
from bitfast_faces.web.sessions import Sessions
from bitfast_faces.web.tokens import SCOPES, TokenFile
from faces_pictures import encoded

SPACE = "00000000c0104155"
ORIGIN = "http://127.0.0.1:8600"
BLOCK = 64
POOR = (99, 99, 99)
RED, GREEN, BLUE, YELLOW = (200, 40, 40), (40, 160, 60), (40, 60, 200), (220, 200, 40)
NEAR_RED, NEAR_BLUE = (205, 44, 42), (44, 62, 205)
BLACK = (0, 0, 0)


class ColourEngine:
    """Every block of 64 pixels whose middle is not black is a face; a colour is a person, POOR is unusable."""

    space = SPACE

    def analyse(self, source: Path | bytes | Picture) -> Analysis:
        picture = source if isinstance(source, Picture) else load(source)
        places = itertools.product(*(range(0, size - BLOCK + 1, BLOCK) for size in picture.pixels.shape[1::-1]))
        colours = {(x, y): picture.pixels[y + BLOCK // 2, x + BLOCK // 2] for x, y in places}
        seen = [place for place, colour in colours.items() if colour.any()]
        templates = [_template(colours[place]) for place in seen]
        faces = tuple(_face(x, y, colours[x, y].tolist() != list(POOR)) for x, y in seen)
        return Analysis(picture, faces, np.array(templates, np.int16).reshape(-1, 128))


def _template(colour: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Unit vectors that differ by about a right angle where colours differ by 32 and more, and hardly else."""
    coarse, fine = colour // 32, int(colour.astype(np.int64).sum())
    seed = int.from_bytes(hashlib.sha256(coarse.tobytes()).digest()[:4], "big")
    main = np.random.default_rng(seed).normal(size=128)
    vector = main / np.linalg.norm(main)
    other = np.random.default_rng(fine).normal(size=128)
    vector = vector + 0.1 * other / np.linalg.norm(other)
    return np.round(32767 * vector / np.linalg.norm(vector)).astype(np.int16)


def _face(left: int, top: int, usable: bool) -> Face:
    x, y, side = (left + 8) * 64, (top + 8) * 64, 48 * 64
    places = ((14, 18), (34, 18), (24, 28), (24, 38), (4, 20), (44, 20))
    points = tuple(Point(x + right * 64, y + down * 64) for right, down in places)
    box = Box(x, y, x + side, y + side)
    return Face(box, points, 4096, Quality(48, 100, 0, usable, () if usable else ("it is blurred",)))  # type: ignore[arg-type]


def photo(*colours: tuple[int, int, int]) -> bytes:
    """A PNG with a block for each colour."""
    return encoded(photo_pixels(*colours), "PNG")


def photo_pixels(*colours: tuple[int, int, int]) -> Pixels:
    return np.concatenate([np.full((BLOCK, BLOCK, 3), colour, np.uint8) for colour in colours], axis=1)


@dataclass(frozen=True)
class Site:
    """An application with its parts, and a client that sends a token with every scope."""

    app: Guard
    client: TestClient
    tokens: TokenFile
    sessions: Sessions

    def stranger(self) -> TestClient:
        """A client without a token."""
        return TestClient(self.app, base_url=ORIGIN)

    def with_scopes(self, *scopes: str) -> TestClient:
        text, _ = self.tokens.new("another", scopes, timedelta(days=1))
        return TestClient(self.app, base_url=ORIGIN, headers={"Authorization": f"Bearer {text}"})

    def send(self, *colours: tuple[int, int, int], name: str = "photo.png") -> dict[str, Any]:
        """A picture's analysis."""
        answer = self.client.post("/api/v1/pictures", content=photo(*colours), headers={"X-Name": name})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def faces(self, *colours: tuple[int, int, int]) -> list[str]:
        return [face["id"] for face in self.send(*colours)["faces"]]


@contextmanager
def site(folder: Path, config: WebConfig | None = None, **backends: Any) -> Iterator[Site]:
    """An application with a store in `folder`."""
    tokens, sessions = TokenFile(folder / "tokens.json"), Sessions()
    text, _ = tokens.new("tests", SCOPES, timedelta(days=1))
    app = create_app(_backends(folder, **backends), config or WebConfig(), tokens, sessions)
    with TestClient(app, base_url=ORIGIN, headers={"Authorization": f"Bearer {text}"}) as client:
        yield Site(app, client, tokens, sessions)


@dataclass(frozen=True)
class Live:
    """A server on this machine: its address, and its sessions and tokens."""

    origin: str
    sessions: Sessions
    tokens: TokenFile

    def link(self) -> str:
        return f"{self.origin}/#code={self.sessions.new_code()}"

    def token(self, *scopes: str) -> str:
        return self.tokens.new("another", scopes, timedelta(days=1))[0]


@contextmanager
def live(folder: Path, config: WebConfig | None = None, **backends: Any) -> Iterator[Live]:
    """A server on a free port of this machine."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    tokens, sessions = TokenFile(folder / "tokens.json"), Sessions()
    told = replace(config or WebConfig(), origins=frozenset({origin}))
    running = server(create_app(_backends(folder, **backends), told, tokens, sessions))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _until(lambda: running.started or not thread.is_alive())
        assert running.started
        yield Live(origin, sessions, tokens)
    finally:
        running.should_exit = True
        thread.join(10)


def _backends(folder: Path, **given: Any) -> Backends:
    def store() -> Store:
        (folder / "keys").mkdir(exist_ok=True)
        return open_store(folder / "people.db", folder / "keys" / "key", create=True, space=SPACE)

    return Backends(**{"engine": ColourEngine(), "open_store": store, **given})


def _until(true: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def consent(**changes: Any) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    return {
        "purpose": "entrance",
        "granted": str(today),
        "expires": str(today + timedelta(days=30)),
        "given_by": "herself",
        "evidence": "folder 3",
        **changes,
    }


def enrol(here: Site, name: str, *faces: str, **changes: Any) -> int:
    """Enrols somebody and gives the number."""
    asked = {"name": name, "faces": faces, "consent": consent(**changes), "different": len(faces) > 1}
    answer = here.client.post("/api/v1/people", json=asked)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The answer, which must be a problem with this status, in words."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = dict(answer.json())
    assert body["status"] == status and body["tried"] and body["happened"] and body["advice"]
    assert "Traceback" not in answer.text
    return body
