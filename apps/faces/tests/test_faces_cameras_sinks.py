"""Events reach a webhook, signed, and a real MQTT broker; what does not arrive is counted and said."""

from __future__ import annotations

import getpass
import hashlib
import hmac
import http.server
import io
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

paho = pytest.importorskip("paho.mqtt.client", reason="needs paho-mqtt")

from bitfast_faces.cameras import webhook as webhook_module  # noqa: E402
from bitfast_faces.cameras.config import Mqtt, Webhook  # noqa: E402
from bitfast_faces.cameras.events import Event, EventBus, Who  # noqa: E402
from bitfast_faces.cameras.mqtt import MqttSink  # noqa: E402
from bitfast_faces.cameras.sinks import Carrier, Lines  # noqa: E402
from bitfast_faces.cameras.webhook import WebhookSink  # noqa: E402
from bitfast_faces.errors import FacesError  # noqa: E402

SECRET = "a secret of the receiver"
MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")


def event(number: int = 0, who: Who | None = None) -> Event:
    return Event(kind="enter", at=number, camera="door", zone="mat", count=1, who=who)


@dataclass
class Receiver:
    """Answers with the given statuses, then with 204; keeps what it was sent."""

    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append((dict(self.headers), body))
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


def test_lines_are_written_one_per_event_and_a_closed_pipe_is_no_crash() -> None:
    stream = io.StringIO()
    assert Lines(stream).deliver(event(1), threading.Event())
    assert json.loads(stream.getvalue()) == event(1).record()
    stream.close()
    assert not Lines(stream).deliver(event(2), threading.Event())


@dataclass
class Broker:
    """A mosquitto on loopback that wants a user and a password."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert MOSQUITTO is not None
        command = [MOSQUITTO, "-c", str(self.folder / "mosquitto.conf")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("mosquitto does not listen")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    if MOSQUITTO is None:
        pytest.skip("needs mosquitto of the distribution")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwords), "faces", "broker's secret"], check=True, timeout=20)
    settings = [f"listener {port} 127.0.0.1", "allow_anonymous false", f"password_file {passwords}"]
    settings += ["persistence false", f"user {getpass.getuser()}"]  # else, started by root, it could not read its file
    (tmp_path / "mosquitto.conf").write_text("\n".join(settings) + "\n")
    monkeypatch.setenv("MQTT_USER", "faces")
    monkeypatch.setenv("MQTT_PASSWORD", "broker's secret")
    running = Broker(port, tmp_path)
    yield running
    running.stop()


def sink(broker: Broker) -> MqttSink:
    return MqttSink(Mqtt(f"mqtt://127.0.0.1:{broker.port}", "faces", "MQTT_USER", "MQTT_PASSWORD"))


class Listener:
    """Another client of the broker."""

    def __init__(self, broker: Broker) -> None:
        self.got: list[tuple[str, bytes, bool]] = []
        self._ready = threading.Event()
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.username_pw_set("faces", "broker's secret")
        self._client.on_message = lambda _, __, message: self.got.append(
            (message.topic, message.payload, message.retain)
        )
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.connect("127.0.0.1", broker.port)
        self._client.subscribe("faces/#", 1)
        self._client.loop_start()
        assert self._ready.wait(10)

    def wait(self, topic: str, payload: bytes | None = None) -> bytes:
        for _ in range(200):
            for name, got, _ in list(self.got):
                if name == topic and payload in (None, got):
                    return got
            time.sleep(0.05)
        raise AssertionError(f"nothing came for {topic}: {self.got}")

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def test_a_broker_gets_events_by_camera_and_kind_and_knows_who_is_there(broker: Broker) -> None:
    broker.start()
    listener = Listener(broker)
    carried = sink(broker)
    assert carried.deliver(event(5), threading.Event())
    assert json.loads(listener.wait("faces/door/enter")) == event(5).record()
    listener.wait("faces/status", b"online")
    early = Listener(broker)
    early.wait("faces/status", b"online")
    early.close()
    carried.close()
    listener.wait("faces/status", b"offline")
    listener.close()
    late = Listener(broker)
    late.wait("faces/status", b"offline")
    assert [topic for topic, _, _ in late.got] == ["faces/status"]  # events of people are never retained
    late.close()


def test_a_broker_that_comes_late_gets_what_waited_for_it(broker: Broker) -> None:
    bus = EventBus()
    carrier = Carrier(bus, sink(broker))
    bus.publish(event(1))
    broker.start()
    listener = Listener(broker)
    listener.wait("faces/door/enter")
    bus.close()
    carrier.close()
    listener.close()
    assert carrier.lost == 0


def test_a_broker_that_never_comes_is_not_waited_for(broker: Broker) -> None:
    said: list[str] = []
    bus = EventBus()
    carrier = Carrier(bus, sink(broker), say=said.append)
    bus.publish(event(1))
    bus.close()
    carrier.close(patience=0.3)
    assert said[-1] == "1 events could not be delivered to the MQTT broker at 127.0.0.1."


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Mqtt("http://host"), "mqtt://"),
        (Mqtt("mqtt://user:pass@host"), "user or password"),
        (Mqtt("mqtt://host", topic="a/#"), "topic"),
        (Mqtt("mqtt://host", user_env="NOT_SET_ANYWHERE"), "NOT_SET_ANYWHERE"),
    ],
)
def test_a_broker_that_cannot_be_meant_is_refused(settings: Mqtt, words: str) -> None:
    with pytest.raises(FacesError, match=words):
        MqttSink(settings)
