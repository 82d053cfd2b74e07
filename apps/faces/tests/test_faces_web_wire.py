"""What only a real socket shows: how bodies are framed, counted and given up, and lines that stay open."""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from starlette.requests import Request

from bitfast_faces.cameras.events import Event, EventBus, Who
from bitfast_faces.web.config import WebConfig
from bitfast_faces.web.guard import cookie_name
from bitfast_faces.web.places import STREAMS_OF_ONE, WAITING, Uploads
from bitfast_faces.web.problems import Problem
from bitfast_faces.web.routes_events import events
from bitfast_faces.web.services import Backends, Services
from bitfast_faces.web.sessions import Principal
from faces_web import RED, ColourEngine, Live, live, photo

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
        self.socket = socket.create_connection((host, int(port)), timeout=20)

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def ask(self, path: str, *headers: str, method: str = "POST") -> None:
        """Sends a request's head."""
        lines = [
            f"{method} /api/v1{path} HTTP/1.1",
            f"Host: {self._server.origin[7:]}",
            f"Origin: {self._server.origin}",
        ]
        if self._token.startswith("bff_"):
            lines.append(f"Authorization: Bearer {self._token}")
        elif self._token:
            lines.append(f"Cookie: {cookie_name(WebConfig(frozenset({self._server.origin})))}={self._token}")
        self.socket.sendall("\r\n".join([*lines, "Content-Type: application/json", *headers, "", ""]).encode())

    def chunks(self, count: int) -> int:
        """Sends so many MiB in chunks, or fewer if the server hangs up; how many went through."""
        for sent in range(count):
            try:
                self.socket.sendall(b"100000\r\n" + bytes(MEBIBYTE) + b"\r\n")
            except OSError:
                return sent
        return count

    def send(self, content: bytes) -> None:
        self.socket.sendall(content)

    def status(self) -> int:
        """The answer's status; 0 when the line was cut."""
        try:
            words = self.socket.recv(1 << 16).split()
        except OSError:
            return 0
        return int(words[1]) if words else 0

    def until(self, wanted: bytes) -> bytes:
        """What comes until `wanted` is in it, or until the line ends."""
        come = b""
        while wanted not in come:
            part = self.socket.recv(1 << 16)
            if not part:
                break
            come += part
        return come


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


class TestFollowing:
    """Lines on which cameras' events come."""

    @contextmanager
    def following(self, server: Live, token: str) -> Iterator[Line]:
        with Line(server, token) as line:
            line.ask("/events", "Connection: close", method="GET")
            assert b": here" in line.until(b": here")
            yield line

    @pytest.mark.parametrize("ending", ["revoked", "signed out"])
    def test_who_may_not_ask_any_more_hears_no_name_any_more(self, tmp_path: Path, ending: str) -> None:
        bus = EventBus()
        with live(tmp_path, bus=bus, open_store=None) as server:
            cookie = server.sessions.open("browser", frozenset({"events"})) if ending == "signed out" else ""
            with self.following(server, cookie or server.token("events")) as line:
                bus.publish(Event(kind="enter", at=1, camera="door", who=Who(1, "Ann", 5), count=1))
                assert b"Ann" in line.until(b"Ann")
                if cookie:
                    server.sessions.close(cookie)
                else:
                    server.tokens.revoke("another")
                bus.publish(Event(kind="enter", at=1, camera="door", who=Who(2, "Bea", 5), count=1))
                assert b"Bea" not in line.until(b"Bea"), "the line has ended"

    def test_one_who_follows_many_times_leaves_room_for_others(self, tmp_path: Path) -> None:
        bus = EventBus()
        with live(tmp_path, bus=bus, open_store=None) as server, ExitStack() as lines:
            greedy, other = server.token("events"), server.token("events")
            for _ in range(STREAMS_OF_ONE):
                lines.enter_context(self.following(server, greedy))
            with Line(server, greedy) as line:
                line.ask("/events", method="GET")
                assert line.status() == 503
            lines.enter_context(self.following(server, other))
            assert len(bus._subscriptions) == STREAMS_OF_ONE + 1

    def test_a_reader_who_left_before_the_answer_began_leaves_nothing(self) -> None:
        bus = EventBus()
        work = Services(Backends(ColourEngine(), bus=bus), WebConfig())  # type: ignore[arg-type]
        caller = Principal("token:1", "door", frozenset({"events"}))
        request = Request({"type": "http", "allowed": lambda: True})
        for _ in range(40):
            asyncio.run(events(caller, request, work))
        assert bus._subscriptions == []


class TestUploads:
    def test_slow_ones_hold_up_nobody_else(self, server: Live) -> None:
        slow, other = server.token("analyse"), server.token("analyse")
        with ExitStack() as lines:
            for _ in range(8):
                lines.enter_context(Line(server, slow)).ask("/pictures", "Content-Length: 1000000")
            with Line(server, other) as line:
                content = photo(RED)
                line.ask("/pictures", f"Content-Length: {len(content)}")
                line.send(content)
                assert line.status() == 201

    def test_who_waits_with_too_many_is_told_so(self, server: Live) -> None:
        token = server.token("analyse")
        with ExitStack() as lines:
            asked = [lines.enter_context(Line(server, token)) for _ in range(WAITING + 1)]
            for line in asked:
                line.ask("/pictures", "Content-Length: 1000000")
            ready, _, _ = select.select([line.socket for line in asked], [], [], 10)
            (refused,) = (line for line in asked if line.socket in ready)
            assert refused.status() == 429

    def test_one_that_hangs_up_is_no_error_of_the_server(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with live(tmp_path, open_store=None) as server:
            for path in ("/pictures", "/search"):
                with Line(server, server.token("analyse", "search")) as line:
                    line.ask(path, "Content-Length: 1000")
                    line.send(b"x")
            with Line(server, server.token("analyse")) as line:
                line.ask("/jobs", method="GET")
                assert line.status() == 200
        assert caplog.records == []

    def test_all_askers_together_get_so_many_bytes_and_give_them_back(self) -> None:
        async def two() -> None:
            uploads = Uploads(100)
            async with uploads.one("me") as mine:
                mine(60)
                async with uploads.one("you") as yours:
                    yours(40)
                    with pytest.raises(Problem) as refused:
                        mine(1)
                    assert refused.value.status == 503
                mine(40)
            async with uploads.one("me") as mine:
                mine(100)
            assert not uploads._there and not uploads._turns

        asyncio.run(two())
