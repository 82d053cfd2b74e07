"""Cameras on the network, tested with a real RTSP server on loopback: read, lost, found again, refused."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bitfast_faces.cameras.config import Camera, Config, Visits
from bitfast_faces.cameras.events import Event, EventBus, Subscription, Who
from bitfast_faces.cameras.watch import Watch
from faces_videos import ColourEngine, Names, record, walk

PYTHON = "/usr/bin/python3"
NEEDED = """
import gi
gi.require_version("Gst", "1.0"); gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
assert Gst.ElementFactory.find("qtdemux") and Gst.ElementFactory.find("rtph264pay")
"""
ADA = Who(7, "Ada", 1_050_000_000)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody who stands there for a minute."""
    if importlib.util.find_spec("av") is None or not Path(PYTHON).exists():
        pytest.skip("needs PyAV and the distribution's Python")
    if subprocess.run([PYTHON, "-c", NEEDED], capture_output=True, timeout=60).returncode != 0:
        pytest.skip("needs python3-gi, gir1.2-gst-rtsp-server-1.0 and gstreamer1.0-plugins-good of the distribution")
    return record(tmp_path_factory.mktemp("rtsp") / "door.mp4", walk(step=0), frames=600)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(port: int, video: Path, *account: str) -> Iterator[subprocess.Popen[str]]:
    script = Path(__file__).parent / "faces_rtsp_server.py"
    command = [PYTHON, str(script), str(port), str(video), *account]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline() == "serving\n"
        yield process
    finally:
        process.kill()
        process.wait(10)


@contextmanager
def watching(camera: Camera, rules: Visits | None = None) -> Iterator[tuple[Watch, Subscription]]:
    bus = EventBus()
    heard = bus.subscribe()
    watch = Watch(Config((camera,), visits=rules or Visits()), ColourEngine(), bus, Names({0: ADA}))
    watch.start()
    try:
        yield watch, heard
    finally:
        watch.stop()


def until(heard: Subscription, kind: str, seconds: float = 20) -> list[Event]:
    """The events up to the first of a kind."""
    events: list[Event] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        event = heard.get(0.5)
        if event is not None:
            events.append(event)
            if event.kind == kind:
                return events
    raise AssertionError(f"no {kind} within {seconds} s, only {[e.json() for e in events]}")


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_stream_is_watched(video: Path, port: int, transport: str) -> None:
    with (
        serving(port, video),
        watching(Camera("door", f"rtsp://127.0.0.1:{port}/door", transport=transport)) as (watch, heard),
    ):
        enter = until(heard, "enter")[-1]
        assert enter.who == ADA
        assert abs(enter.at / 1000 - time.time()) < 15
        watch.stop()
        assert [event.kind for event in until(heard, "ended")] == ["leave", "ended"]
    assert watch.outcomes[0].error is None


def test_a_server_killed_and_started_again_is_the_same_visit(video: Path, port: int) -> None:
    camera = Camera("door", f"rtsp://127.0.0.1:{port}/door", timeout=3)
    with serving(port, video) as server, watching(camera, Visits(gap=60_000)) as (watch, heard):
        assert [event.kind for event in until(heard, "enter")] == ["connected", "enter"]
        server.kill()
        assert "Trying again in 1 s" in str(until(heard, "lost")[-1].message)
        with serving(port, video):
            until(heard, "connected")
            time.sleep(1.5)
            watch.stop()
        rest = [event.kind for event in until(heard, "ended")]
    assert [kind for kind in rest if kind in ("enter", "leave")] == ["leave"]


def test_a_camera_that_is_off_is_tried_until_given_up(port: int) -> None:
    camera = Camera("door", f"rtsp://user:secret@127.0.0.1:{port}/door", give_up=2, timeout=1)
    with watching(camera) as (watch, heard):
        events = until(heard, "failed")
    assert [event.kind for event in events] == ["lost", "failed"]
    assert "No connection" in str(events[0].message)
    assert not any("secret" in event.json() for event in events)
    error = watch.outcomes[0].error
    assert error is not None and "secret" not in str(error) and "give_up" in str(error)


def test_a_server_that_never_answers_is_not_waited_for_longer_than_stated() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"rtsp://127.0.0.1:{silent.getsockname()[1]}/door"
        with watching(Camera("door", address, timeout=1)) as (_, heard):
            begun = time.monotonic()
            lost = until(heard, "lost")[-1]
            assert time.monotonic() - begun < 10
    assert "did not answer within 1 s" in str(lost.message)


def test_a_wrong_password_is_told_and_the_right_one_comes_from_the_environment(
    video: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = Camera("door", f"rtsp://guard@127.0.0.1:{port}/door", password_env="DOOR_PASSWORD")
    with serving(port, video, "guard", "p@ss/word:1"):
        monkeypatch.setenv("DOOR_PASSWORD", "wrong")
        with watching(camera) as (_, heard):
            assert "wants a user and a password" in str(until(heard, "lost")[-1].message)
        monkeypatch.setenv("DOOR_PASSWORD", "p@ss/word:1")
        with watching(camera) as (_, heard):
            assert "p@ss" not in "".join(event.json() for event in until(heard, "enter"))


def test_a_watch_ends_soon_although_the_camera_is_silent() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        camera = Camera("door", f"rtsp://127.0.0.1:{silent.getsockname()[1]}/door", timeout=2)
        with watching(camera) as (watch, _):
            threading.Event().wait(0.3)
            begun = time.monotonic()
            watch.stop()
            assert time.monotonic() - begun < 10
