"""Events reach a webhook, signed, and the standard output; what does not arrive is counted and said."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bitfast_faces.cameras import webhook as webhook_module
from bitfast_faces.cameras.config import Webhook
from bitfast_faces.cameras.events import Event, EventBus, Who
from bitfast_faces.cameras.sinks import Carrier, Lines
from bitfast_faces.cameras.webhook import WebhookSink
from bitfast_faces.errors import FacesError

SECRET = "a secret of the receiver"


def event(number: int = 0, who: Who | None = None) -> Event:
    return Event(kind="enter", at=number, camera="door", zone="mat", count=1, who=who)


@dataclass
class Receiver:
    """Answers with the given statuses, then with 204; keeps what it was sent."""

    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    port: int = 0


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append((dict(self.headers), body))
            kept.paths.append(self.path)
            self.send_response(kept.statuses.pop(0) if kept.statuses else 204)
            self.send_header("Location", f"http://127.0.0.1:{kept.port}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setenv("HOOK_SECRET", SECRET)
    monkeypatch.setattr(webhook_module, "FIRST_PAUSE", 0.01)
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def hook(port: int, **more: Any) -> WebhookSink:
    return WebhookSink(Webhook(f"http://127.0.0.1:{port}/faces?from=door", "HOOK_SECRET", **more))


def test_a_webhook_gets_the_event_with_a_signature_that_fits(receiver: Receiver) -> None:
    sent = event(who=Who(7, "Ada", 1))
    assert hook(receiver.port).deliver(sent, threading.Event())
    headers, body = receiver.got[0]
    assert json.loads(body) == sent.record()
    message = f"{headers['Bitfast-Time']}.{headers['Bitfast-Delivery']}.".encode() + body
    expected = hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
    assert headers["Bitfast-Signature"] == f"sha256={expected}"
    assert abs(int(headers["Bitfast-Time"]) - time.time()) < 60


@pytest.mark.parametrize(
    ("statuses", "arrives", "attempts"),
    [
        ([500, 503, 429, 408], True, 5),
        ([500] * 9, False, 6),
        ([400], False, 1),
        ([401], False, 1),
        ([302], False, 1),  # not followed: the event was meant for this address
    ],
)
def test_a_webhook_is_tried_again_while_that_can_help(
    receiver: Receiver, statuses: list[int], arrives: bool, attempts: int
) -> None:
    receiver.statuses = list(statuses)
    assert hook(receiver.port).deliver(event(), threading.Event()) == arrives
    assert len(receiver.got) == attempts
    assert len({headers["Bitfast-Delivery"] for headers, _ in receiver.got}) == 1


def test_two_events_have_two_delivery_numbers(receiver: Receiver) -> None:
    sink = hook(receiver.port)
    for number in range(2):
        assert sink.deliver(event(number), threading.Event())
    assert len({headers["Bitfast-Delivery"] for headers, _ in receiver.got}) == 2


def test_a_receiver_that_is_away_holds_up_nobody_and_what_is_lost_is_said(receiver: Receiver) -> None:
    said: list[str] = []
    bus = EventBus()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = closed.getsockname()[1]
    carrier = Carrier(bus, hook(nobody, tries=100), queue=5, say=said.append)
    for number in range(50):
        bus.publish(event(number))
    bus.close()
    carrier.close(patience=0.3)
    assert carrier.lost == 50
    assert said[-1].startswith("50 events could not be delivered to the webhook")


def test_what_is_queued_at_the_end_is_still_sent(receiver: Receiver) -> None:
    bus = EventBus()
    carrier = Carrier(bus, hook(receiver.port))
    for number in range(20):
        bus.publish(event(number))
    bus.close()
    carrier.close()
    assert carrier.lost == 0
    assert [json.loads(body)["time"][-4:-1] for _, body in receiver.got] == [f"{number:03d}" for number in range(20)]


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("ftp://host/x", SECRET, "http"),
        ("https://", SECRET, "http"),
        ("https://host/x", "short", "16 characters"),
        ("https://host/x", None, "HOOK_SECRET"),
        ("https://host:99999/x", SECRET, "cannot be read"),
        ("https://[host/x", SECRET, "cannot be read"),
        (f"https://{'h' * 64}.example/x", SECRET, "cannot be read"),
        ("https://a b/x", SECRET, "no http"),
        ("https://user:password@host/x", SECRET, "user or password"),
        ("http://camera.example/x", SECRET, "readable on the way to camera.example"),
        ("http://192.168.0.7/x", SECRET, "plain = true"),
    ],
)
def test_a_webhook_that_cannot_work_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str, secret: str | None, words: str
) -> None:
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    if secret is not None:
        monkeypatch.setenv("HOOK_SECRET", secret)
    with pytest.raises(FacesError, match=words):
        WebhookSink(Webhook(url, "HOOK_SECRET"))


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x", "http://[::1]/x", "http://localhost/x"])
def test_names_may_go_readably_to_this_very_machine(receiver: Receiver, address: str) -> None:
    assert WebhookSink(Webhook(address, "HOOK_SECRET")).name


def test_counts_and_a_protected_network_need_no_tls(receiver: Receiver) -> None:
    assert WebhookSink(Webhook("http://camera.example/x", "HOOK_SECRET"), naming=False).name
    assert WebhookSink(Webhook("http://camera.example/x", "HOOK_SECRET", plain=True)).name


def test_an_address_with_other_letters_is_encoded_and_reached(receiver: Receiver) -> None:
    address = f"http://127.0.0.1:{receiver.port}/grö\u00dfe/a%20b c?für=tür&x=1"
    assert WebhookSink(Webhook(address, "HOOK_SECRET", tries=1)).deliver(event(), threading.Event())
    assert receiver.paths == ["/gr%C3%B6%C3%9Fe/a%20b%20c?f%C3%BCr=t%C3%BCr&x=1"]


def test_a_sink_that_fails_in_a_way_nobody_foresaw_loses_that_event_and_takes_the_next() -> None:
    class Faulty:
        name = "a faulty sink"

        def __init__(self) -> None:
            self.got: list[Event] = []

        def deliver(self, event: Event, stopping: threading.Event) -> bool:
            if event.at == 1:
                raise RuntimeError("boom")
            self.got.append(event)
            return True

        def close(self) -> None:
            pass

    said: list[str] = []
    bus, faulty = EventBus(), Faulty()
    carrier = Carrier(bus, faulty, say=said.append)
    for number in range(3):
        bus.publish(event(number))
    bus.close()
    carrier.close()
    assert ([one.at for one in faulty.got], carrier.lost) == ([0, 2], 1)
    assert said[0] == "a faulty sink does not take events."


def test_after_a_closed_pipe_nothing_of_anybody_is_kept() -> None:
    class Closed(io.StringIO):
        writes = 0

        def write(self, text: str) -> int:
            self.writes += 1
            raise BrokenPipeError

    stream = Closed()
    lines = Lines(stream)
    for number in range(100):
        assert not lines.deliver(event(number, Who(7, "Ada", 1)), threading.Event())
    assert stream.writes == 1
    assert "Ada" not in str(vars(lines)) and lines._stream is stream


def test_lines_are_written_one_per_event_and_a_closed_pipe_is_no_crash() -> None:
    stream = io.StringIO()
    assert Lines(stream).deliver(event(1), threading.Event())
    assert json.loads(stream.getvalue()) == event(1).record()
    stream.close()
    assert not Lines(stream).deliver(event(2), threading.Event())
