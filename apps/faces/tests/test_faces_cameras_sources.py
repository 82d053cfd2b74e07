"""Video files as they are in the world: whole, cut, without pictures, changing their size, pointing elsewhere."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

av = pytest.importorskip("av", reason="reads videos")

from bitfast_faces.cameras.config import Camera, Config, Visits  # noqa: E402
from bitfast_faces.cameras.events import Event, EventBus, Who  # noqa: E402
from bitfast_faces.cameras.mailbox import Arrival, Counts, Mailbox  # noqa: E402
from bitfast_faces.cameras.sources import Converter, Video, shown, source_of  # noqa: E402
from bitfast_faces.cameras.watch import Outcome, Watch  # noqa: E402
from bitfast_faces.errors import FacesError  # noqa: E402
from faces_videos import ColourEngine, Names, record, record_sound, walk  # noqa: E402

ADA = Who(7, "Ada", 1_050_000_000)


def watched(*files: Path | str, **more: object) -> tuple[list[Event], tuple[Outcome, ...]]:
    cameras = tuple(Camera(f"camera{n}", str(file), **more) for n, file in enumerate(files))  # type: ignore[arg-type]
    bus = EventBus()
    heard = bus.subscribe()
    watch = Watch(Config(cameras, visits=Visits()), ColourEngine(), bus, Names({0: ADA}))
    watch.start()
    assert watch.wait(60)
    bus.close()
    events = []
    while (event := heard.get(0)) is not None:
        events.append(event)
    return events, watch.outcomes


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("video") / "whole.mp4", walk(("red", "green"), step=3), 60)


@pytest.mark.parametrize("kind", ["mp4", "mkv", "avi", "ts"])
def test_a_file_is_watched_frame_after_frame(tmp_path: Path, kind: str) -> None:
    events, (outcome,) = watched(record(tmp_path / f"walk.{kind}", walk(("red", "green")), 40))
    assert [event.kind for event in events] == ["connected", "enter", "enter", "leave", "leave", "ended"]
    assert [event.who for event in events[1:5]] in ([ADA, None] * 2, [None, ADA] * 2, [ADA, None, None, ADA])
    assert outcome == Outcome("camera0", Counts(read=40, left_out=0, dropped=0, seen=40), None)


def test_the_same_file_gives_the_same_events_alone_and_beside_others(whole: Path) -> None:
    def lines(events: list[Event], camera: str) -> list[str]:
        return [event.json().replace(camera, "camera0") for event in events if event.camera == camera]

    alone = lines(watched(whole)[0], "camera0")
    assert len(alone) == 6
    events, _ = watched(whole, whole)
    assert lines(events, "camera0") == alone
    assert lines(events, "camera1") == alone


def test_frames_beyond_the_rate_are_left_out_and_counted(whole: Path) -> None:
    _, (outcome,) = watched(whole, rate=5)
    assert outcome.counts == Counts(read=60, left_out=30, dropped=0, seen=30)


def test_a_file_cut_in_the_middle_tells_what_it_saw_and_that_it_breaks_off(tmp_path: Path) -> None:
    """The index is at the beginning (faststart), so a player sees a whole file until its data end."""
    video = record(tmp_path / "cut.mp4", walk(step=3), 60, movflags="faststart")
    video.write_bytes(video.read_bytes()[: video.stat().st_size // 2])
    events, (outcome,) = watched(video)
    assert [event.kind for event in events] == ["connected", "enter", "leave", "failed"]
    assert outcome.error is not None and "breaks off after" in outcome.error.happened
    assert 10 < outcome.counts.read < 60


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: record_sound(path / "sound.mp4"), "no video in it"),
        (lambda path: _written(path / "empty.mp4", b""), "no video that can be read"),
        (lambda path: _written(path / "text.mp4", b"words, words, words" * 100), "no video that can be read"),
        (lambda path: _headless(path), "no video that can be read"),
        (lambda path: path / "none.mp4", "no such file"),
        (lambda path: "gopher://host/door", "gopher:// are not read"),
        (lambda path: "usb:97", "cannot be opened"),
    ],
)
def test_what_cannot_be_watched_is_said_in_three_lines(
    tmp_path: Path, make: Callable[[Path], Path | str], words: str
) -> None:
    camera = Camera("door", str(make(tmp_path)))
    with pytest.raises(FacesError, match=words) as caught:
        Video.open(source_of(camera), camera)
    assert str(caught.value).count("\n") == 2
    assert str(tmp_path) not in str(caught.value)


def test_a_usb_camera_that_was_never_there_is_an_error_and_not_waited_for() -> None:
    events, (outcome,) = watched("usb:97")
    assert [event.kind for event in events] == ["failed"]
    assert outcome.error is not None and "There is no such device" in outcome.error.happened
    assert "/dev/video97" in outcome.error.tried


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _headless(folder: Path) -> Path:
    """A recording that was broken off before its index was written."""
    video = record(folder / "headless.mp4", walk(), 20)
    return _written(video, video.read_bytes()[:-1500])


def test_a_playlist_cannot_make_a_watch_read_other_files_or_addresses(tmp_path: Path) -> None:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        part = record(tmp_path / "part.ts", walk(), 20)
        for index, entry in enumerate((f"http://127.0.0.1:{server.server_port}/a.ts", part.name, part.as_uri())):
            playlist = tmp_path / f"list{index}.m3u8"
            playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:2,\n{entry}\n#EXT-X-ENDLIST\n")
            listing = _written(tmp_path / f"list{index}.mp4", playlist.read_bytes())
            for file in (playlist, listing):
                camera = Camera("door", str(file))
                with pytest.raises(FacesError):
                    Video.open(source_of(camera), camera)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []


def test_a_frame_that_changes_its_size_is_told_and_watched_on(tmp_path: Path) -> None:
    """Two transport streams, one after the other: what a camera sends whose setting is changed."""
    small = record(tmp_path / "small.ts", walk(step=0), 20)
    large = record(tmp_path / "large.ts", walk(step=0, size=(640, 480)), 20)
    events, (outcome,) = watched(_written(tmp_path / "both.ts", small.read_bytes() + large.read_bytes()))
    kinds = [event.kind for event in events]
    assert kinds == ["connected", "enter", "size", "leave", "ended"]
    assert "320×240 to 640×480" in str(events[2].message)
    assert outcome.counts.seen >= 35


def test_time_goes_on_where_recordings_are_joined(tmp_path: Path) -> None:
    part = record(tmp_path / "part.ts", walk(), 20).read_bytes()
    camera = Camera("door", str(_written(tmp_path / "joined.ts", part * 3)))
    video = Video.open(source_of(camera), camera)
    times = [at for _, at in video.frames()]
    video.close()
    assert len(times) >= 55
    assert {after - before for before, after in pairwise(times)} == {100}


def test_damaged_packets_are_passed_over_and_counted(tmp_path: Path) -> None:
    video = record(tmp_path / "damaged.mp4", walk(step=2), 60)
    data = bytearray(video.read_bytes())
    camera = Camera("door", str(video))
    opened = Video.open(source_of(camera), camera)
    places = [packet.pos for packet in opened._container.demux(opened._stream) if packet.size]
    opened.close()
    for place in places[20:24]:
        data[place : place + 4] = b"\xff" * 4  # a NAL unit longer than the file
    events, (outcome,) = watched(_written(video, bytes(data)))
    assert outcome.error is None
    assert events[-1].figures is not None and events[-1].figures["damaged"] == 4
    assert 40 <= outcome.counts.read <= 56
    assert [event.kind for event in events] == ["connected", "enter", "leave", "ended"]


def test_colours_come_out_as_they_went_in_and_always_the_same(whole: Path) -> None:
    camera = Camera("door", str(whole))
    digests = set()
    for _ in range(2):
        video = Video.open(source_of(camera), camera)
        pixels = [Converter().rgb(frame) for frame, _ in video.frames()]
        video.close()
        digests.add(b"".join(frame.tobytes() for frame in pixels))
        assert all(frame.shape == (240, 320, 3) and frame.flags.c_contiguous for frame in pixels)
    assert len(digests) == 1
    assert np.abs(pixels[0][30, 30].astype(int) - (230, 20, 20)).max() < 12
    assert np.abs(pixels[0][200, 300].astype(int) - 128).max() < 6


def test_an_address_is_shown_without_its_secrets() -> None:
    assert shown("rtsp://user:pa@ss@cam:554/door?token=1") == "rtsp://cam:554/door"


def test_a_password_that_is_not_set_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOOR_PASSWORD", raising=False)
    with pytest.raises(FacesError, match="DOOR_PASSWORD"):
        source_of(Camera("door", "rtsp://guard@cam/door", password_env="DOOR_PASSWORD"))


def test_a_mailbox_keeps_the_newest_frame_and_counts_the_dropped() -> None:
    mailbox = Mailbox(rate=10)
    frame = av.VideoFrame(16, 16, "rgb24")
    for at in range(0, 1000, 50):  # 20 a second: every other one is left out
        mailbox.put(Arrival(frame, at))
    newest = mailbox.take(0)
    assert newest is not None and newest.at == 900
    assert mailbox.take(0) is None
    assert mailbox.counts == Counts(read=20, left_out=10, dropped=9, seen=1)
    mailbox.close()
    assert mailbox.over


def test_a_machine_that_cannot_keep_up_drops_frames_and_says_so(tmp_path: Path) -> None:
    class Slow(ColourEngine):
        def detect(self, pixels: object, smallest: int | None = None) -> tuple[()]:
            threading.Event().wait(0.35)
            return ()

    video = record(tmp_path / "long.mp4", walk(step=2), 25)
    bus = EventBus()
    heard = bus.subscribe()
    watch = Watch(Config((Camera("door", str(video), real_time=True),)), Slow(), bus)
    watch.start()
    assert watch.wait(30)
    bus.close()
    events = []
    while (event := heard.get(0)) is not None:
        events.append(event)
    counts = watch.outcomes[0].counts
    assert counts.read == 25
    assert counts.dropped > 5
    assert counts.read == counts.seen + counts.dropped + counts.left_out
    told = [event for event in events if event.kind == "metrics"]
    assert told and "cannot keep up" in str(told[0].message)
    assert events[-1].figures is not None and events[-1].figures["dropped"] == counts.dropped


def test_one_cameras_failure_does_not_end_the_others(tmp_path: Path, whole: Path) -> None:
    events, (bad, good) = watched(_written(tmp_path / "bad.mp4", b"no video"), whole)
    assert bad.error is not None and good.error is None
    assert good.counts.seen == 60
    assert [event.kind for event in events if event.camera == "camera0"] == ["failed"]


def test_an_unforeseen_fault_becomes_words(whole: Path) -> None:
    class Faulty(ColourEngine):
        def detect(self, pixels: object, smallest: int | None = None) -> tuple[()]:
            raise RuntimeError("boom")

    for real_time in (False, True):
        watch = Watch(Config((Camera("door", str(whole), real_time=real_time),)), Faulty(), EventBus())
        watch.start()
        assert watch.wait(20)
        assert "RuntimeError: boom" in str(watch.outcomes[0].error)
