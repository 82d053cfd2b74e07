"""`bitfast-faces serve` and `bitfast-faces token` as commands: what they print, how they end, what they refuse."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bitfast_faces.cli import main
from bitfast_faces.engine import Engine

COMMAND = [sys.executable, "-c", "from bitfast_faces.cli import main; main()"]


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for the key, the store and the tokens."""
    (tmp_path / "keys").mkdir()
    monkeypatch.setenv("BITFAST_FACES_KEY", str(tmp_path / "keys" / "key"))
    monkeypatch.setenv("BITFAST_FACES_STORE", str(tmp_path / "people.db"))
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Runs the command in this process, which is faster than in one of its own."""

    def running(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["bitfast-faces", *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return running


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], Iterator[str]]]:
    """The command while it runs, and the links that it prints; it is ended with the block."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*COMMAND, "serve", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    guard = threading.Timer(60, process.kill)
    guard.start()
    assert process.stdout is not None
    try:
        yield process, (found[0] for line in process.stdout if (found := re.findall(r"http\S+", line)))
    finally:
        guard.cancel()
        process.kill()
        process.communicate()


def test_the_link_signs_in_once_and_the_server_ends_in_order(
    here: Path, engine: Engine, run: Callable[..., Done]
) -> None:
    tokens = ["--tokens", str(here / "tokens.json")]
    token = run("token", "new", "tests", "--scope", "analyse,people", *tokens)
    assert token.status == 0 and "not shown again" in token.err
    port = free_port()
    with serving("--port", str(port), "--link", *tokens) as (process, links):
        origin, _, code = next(links).partition("/#code=")
        assert origin == f"http://127.0.0.1:{port}"
        with httpx.Client(
            base_url=origin, headers={"Origin": origin}, transport=httpx.HTTPTransport(retries=5)
        ) as browser:
            assert browser.get("/").status_code == 401
            assert browser.post("/api/v1/session", json={"code": code}).status_code == 204
            assert browser.get("/api/v1/session").json()["space"] == engine.space
            assert browser.post("/api/v1/session", json={"code": code}).status_code == 401
            process.stdin.write("\n")
            process.stdin.flush()
            again, _, other = next(links).partition("/#code=")
            assert again == origin and other != code, "another browser gets a link of its own"
        bearer = {"Authorization": f"Bearer {token.out.strip()}"}
        assert httpx.get(f"{origin}/api/v1/people", headers=bearer).json() == []
        assert httpx.get(f"{origin}/api/v1/audit", headers=bearer).status_code == 403
        assert run("token", "revoke", "tests", *tokens).status == 0
        assert httpx.get(f"{origin}/api/v1/people", headers=bearer).status_code == 401
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_no_link_is_written_where_it_would_be_kept(here: Path, engine: Engine) -> None:
    port = free_port()
    with serving("--port", str(port), "--no-store") as (process, _):
        assert process.stdout is not None
        said = [next(process.stdout) for _ in range(2)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert "code=" not in "".join([*said, process.stdout.read()]) and "token new" in said[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "tls-cert"),
        (["--store", "{here}/mistyped.db"], "mistyped.db"),
        (["--origin", "http://faces.example.org"], "https://faces.example.org"),
        (["--tls-cert", "nowhere.pem"], "tls-key"),
        (["--folder", "photos"], "NAME=PATH"),
        (["--cameras", "nowhere.toml"], "nowhere.toml"),
        (["--store", "{here}/keys/people.db"], "beside"),
        (["--port", "{taken}"], "--port"),
    ],
)
def test_what_cannot_be_served_is_said_in_three_lines(
    here: Path, engine: Engine, run: Callable[..., Done], arguments: list[str], said: str
) -> None:
    (here / "keys" / "people.db").touch()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", *(each.format(here=here, taken=port) for each in arguments))
    assert done.status == 2 and said in done.err, done.err
    assert len(done.err.strip().splitlines()) == 3
    assert not (here / "mistyped.db").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new", "door", "--scope", "everything"], "Scopes are"),
        (["new", "door", "--scope", "search", "--days", "1000"], "366"),
        (["revoke", "nobody"], "token list"),
    ],
)
def test_a_token_that_cannot_be_is_said_in_three_lines(
    here: Path, run: Callable[..., Done], arguments: list[str], said: str
) -> None:
    done = run("token", *arguments, "--tokens", str(here / "tokens.json"))
    assert done.status == 2 and said in done.err and len(done.err.strip().splitlines()) == 3


def test_a_list_of_tokens_shows_no_secret(here: Path, run: Callable[..., Done]) -> None:
    tokens = ["--tokens", str(here / "tokens.json")]
    text = run("token", "new", "door", "--scope", "search", *tokens).out.strip()
    shown = run("token", "list", *tokens).out
    assert "door" in shown and text.split("_", 2)[2] not in shown
