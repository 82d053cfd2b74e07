"""What only a real socket shows: how bodies are framed, counted and given up, and lines that stay open."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bitfast_faces.web.config import WebConfig
from faces_web import Live, live

MEBIBYTE = 1 << 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("wire"), open_store=None) as one:
        yield one


class Line:
    """One connection, spoken by hand."""

    def __init__(self, server: Live, token: str = "") -> None:
        self._server, self._token = server, token
        host, _, port = server.origin.removeprefix("http://").partition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=20)

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()

    def ask(self, path: str, *headers: str, method: str = "POST") -> None:
        """Sends a request's head."""
        lines = [
            f"{method} /api/v1{path} HTTP/1.1",
            f"Host: {self._server.origin[7:]}",
            f"Origin: {self._server.origin}",
        ]
        if self._token:
            lines.append(f"Authorization: Bearer {self._token}")
        self._socket.sendall("\r\n".join([*lines, "Content-Type: application/json", *headers, "", ""]).encode())

    def chunks(self, count: int) -> int:
        """Sends so many MiB in chunks, or fewer if the server hangs up; how many went through."""
        for sent in range(count):
            try:
                self._socket.sendall(b"100000\r\n" + bytes(MEBIBYTE) + b"\r\n")
            except OSError:
                return sent
        return count

    def send(self, content: bytes) -> None:
        self._socket.sendall(content)

    def status(self) -> int:
        """The answer's status; 0 when the line was cut."""
        try:
            words = self._socket.recv(1 << 16).split()
        except OSError:
            return 0
        return int(words[1]) if words else 0

    def read(self, seconds: float) -> bytes:
        """What comes within so many seconds, or b"" at the end."""
        self._socket.settimeout(seconds)
        return self._socket.recv(1 << 16)


def peak_mebibytes() -> int:
    """The most memory that this process, and so the server in it, ever had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


class TestBodies:
    @pytest.mark.parametrize("path", ["/session", "/search", "/pictures"])
    def test_a_length_that_is_not_the_bodys_opens_no_door_to_the_memory(self, server: Live, path: str) -> None:
        token = "" if path == "/session" else server.token("search", "analyse")
        before = peak_mebibytes()
        with Line(server, token) as line:
            line.ask(path, "Content-Length: 10", "Transfer-Encoding: chunked")
            line.chunks(100)
            assert line.status() in (400, 0)
        assert peak_mebibytes() - before < 40

    def test_both_lengths_are_refused(self, server: Live) -> None:
        with Line(server) as line:
            line.ask("/session", "Content-Length: 2", "Transfer-Encoding: chunked")
            assert line.status() == 400

    def test_a_body_that_does_not_come_is_given_up(self, tmp_path: Path) -> None:
        with live(tmp_path, WebConfig(body_seconds=0.2), open_store=None) as server, Line(server) as line:
            line.ask("/session", "Content-Length: 20")
            assert line.status() == 408


def test_who_says_to_be_another_address_is_slowed_down_like_everybody(tmp_path: Path) -> None:
    with live(tmp_path, WebConfig(strangers_per_second=0.01, strangers_burst=5), open_store=None) as server:
        answers = []
        for number in range(8):
            with Line(server) as line:
                line.ask("/jobs", f"X-Forwarded-For: 10.0.0.{number}", method="GET")
                answers.append(line.status())
    assert answers == [401] * 5 + [429] * 3
