"""Events reach a real MQTT broker; what does not arrive is counted and said."""

from __future__ import annotations

import getpass
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

paho = pytest.importorskip("paho.mqtt.client", reason="needs paho-mqtt")

from bitfast_faces.cameras.config import Mqtt  # noqa: E402
from bitfast_faces.cameras.events import Event, EventBus  # noqa: E402
from bitfast_faces.cameras.mqtt import MqttSink  # noqa: E402
from bitfast_faces.cameras.sinks import Carrier  # noqa: E402
from bitfast_faces.errors import FacesError  # noqa: E402

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")


def event(number: int = 0) -> Event:
    return Event(kind="enter", at=number, camera="door", zone="mat", count=1)


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
        (Mqtt("mqtts://host", topic="a/#"), "topic"),
        (Mqtt("mqtts://host", user_env="NOT_SET_ANYWHERE"), "NOT_SET_ANYWHERE"),
        (Mqtt("mqtt://host:port"), "cannot be read"),
        (Mqtt("mqtt://broker.example"), "readable on the way to broker.example"),
    ],
)
def test_a_broker_that_cannot_be_meant_is_refused(settings: Mqtt, words: str) -> None:
    with pytest.raises(FacesError, match=words):
        MqttSink(settings)


def test_a_brokers_password_goes_to_no_other_machine_readably(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MQTT_USER", "faces")
    settings = Mqtt("mqtt://broker.example", user_env="MQTT_USER", password_env="MQTT_USER")
    with pytest.raises(FacesError, match="or a password, would be readable"):
        MqttSink(settings, naming=False)
