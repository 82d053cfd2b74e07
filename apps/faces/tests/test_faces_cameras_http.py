"""Cameras that send over HTTP are watched, and cannot make a watch ask any other address."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("av", reason="reads videos")

from bitfast_faces.cameras.config import Camera
from bitfast_faces.cameras.sources import Video, source_of
from bitfast_faces.errors import FacesError
from faces_videos import record, walk


@pytest.fixture
def server() -> Iterator[tuple[str, list[str], dict[str, tuple[int, str, bytes]]]]:
    """An address, the paths that were asked for, and the answers (status, content type or location, body)."""
    asked: list[str] = []
    answers: dict[str, tuple[int, str, bytes]] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, word, body = answers.get(self.path, (404, "", b""))
            self.send_response(status)
            self.send_header("Location" if status == 302 else "Content-Type", word)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}", asked, answers
    running.shutdown()
    thread.join()
    running.server_close()


Server = tuple[str, list[str], dict[str, tuple[int, str, bytes]]]
DASH = """<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT9S"
profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1"
bandwidth="9"><BaseURL>{}/inside.ts</BaseURL><SegmentBase/></Representation></AdaptationSet></Period></MPD>"""


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            "application/vnd.apple.mpegurl",
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{}/inside.ts\n#EXT-X-ENDLIST\n",
        ),
        ("application/dash+xml", DASH),
        ("text/plain", "ffconcat version 1.0\nfile {}/inside.ts\n"),
        ("application/sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"),
    ],
)
def test_a_network_camera_cannot_make_a_watch_ask_other_addresses(server: Server, kind: str, text: str) -> None:
    address, asked, answers = server
    answers["/live"] = 200, kind, text.format(address).encode()
    camera = Camera("door", f"{address}/live", timeout=3)
    with pytest.raises(FacesError, match="no stream that is read"):
        Video.open(source_of(camera), camera)
    assert set(asked) == {"/live"}


def test_a_network_camera_that_points_elsewhere_is_not_followed(server: Server) -> None:
    address, asked, answers = server
    answers["/live"] = 302, f"{address}/inside.ts", b""
    camera = Camera("door", f"{address}/live", timeout=3)
    with pytest.raises(FacesError, match="No connection"):
        Video.open(source_of(camera), camera)
    assert set(asked) == {"/live"}


@pytest.mark.parametrize("kind", ["ts", "mkv", "mp4", "flv"])
def test_a_stream_over_http_is_watched(server: Server, tmp_path: Path, kind: str) -> None:
    address, _, answers = server
    video = record(tmp_path / f"live.{kind}", walk(step=2), 60, **({"movflags": "faststart"} if kind == "mp4" else {}))
    answers["/live"] = 200, "video/x", video.read_bytes()
    camera = Camera("door", f"{address}/live", timeout=3)
    opened = Video.open(source_of(camera), camera)
    assert len(list(opened.frames())) >= 10  # those before the stream's kind was known are not waited for
    opened.close()
