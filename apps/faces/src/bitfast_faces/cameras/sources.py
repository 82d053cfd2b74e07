"""Where frames come from: files, USB cameras and network streams, opened and decoded with PyAV (FFmpeg's libraries).

A decoder's output is defined to the bit for H.264, H.265, VP8, VP9 and AV1; swscale's conversion to RGB is asked for
with its flags BITEXACT and ACCURATE_RND, with which FFmpeg's own tests (FATE) expect the same bytes on every processor.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from bitfast_faces.cameras.config import Camera
from bitfast_faces.errors import FacesError
from bitfast_faces.types import Pixels

EXACT = Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.BITEXACT
MOST_PIXELS = 36_000_000  # 8K has 33 million
MOST_DAMAGED = 250  # packets in a row, ten seconds of an ordinary camera
NETWORK = ("rtsp", "rtsps", "http", "https")
# A file or a server may answer with a playlist that names other files or addresses, or with "look there instead": a
# watch reads what it was told to and nothing else. (An RTSP server may still send to another RTSP server.)
_FILE_PROTOCOLS = "file,crypto,data"
_FILE_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,ogg,asf,h264,hevc,mjpeg,ivf,obu,gif,mxf"
)
_PROTOCOLS = {
    "rtsp": "rtsp,rtp,srtp,tcp,udp,crypto",
    "rtsps": "rtsp,rtsps,rtp,srtp,tcp,udp,tls,crypto",
    "http": "http,tcp",
    "https": "https,tls,tcp",
}
_STREAM_FORMATS = "mpegts,mpjpeg,mjpeg,mov,mp4,matroska,webm,flv,h264,hevc"
_DEVICE = re.compile(r"(?:usb:)?(?:/dev/video)?(\d+)")


@dataclass(frozen=True)
class Source:
    """What a camera's `source` means: `kind` is file, usb or network; `shown` names it without user and password."""

    kind: str
    url: str
    shown: str

    @property
    def live(self) -> bool:
        """Whether frames come when they come, and are lost if nobody takes them."""
        return self.kind != "file"


def source_of(camera: Camera) -> Source:
    """The source of a camera: an address, `usb:0` or `/dev/video0`, or a file. Raises FacesError."""
    text = camera.source
    scheme = text.partition("://")[0].lower() if "://" in text else ""
    if scheme in NETWORK:
        return Source("network", _with_password(camera), shown(text))
    if scheme:
        raise FacesError(
            _tried(shown(text)), f"Streams of the kind {scheme}:// are not read.", f"There are: {', '.join(NETWORK)}."
        )
    device = _DEVICE.fullmatch(text)
    if device and (not text.isdigit() or not Path(text).exists()):
        return Source("usb", f"/dev/video{device[1]}", f"/dev/video{device[1]}")
    if not Path(text).is_file():
        raise FacesError(
            _tried(Path(text).name), "There is no such file.", "Check the path; cameras are rtsp://HOST/PATH or usb:0."
        )
    return Source("file", text, Path(text).name)


def shown(text: str) -> str:
    """An address as it may be shown: without user, password and query.

    >>> shown("rtsp://user:secret@10.0.0.7:554/stream?key=1")
    'rtsp://10.0.0.7:554/stream'
    """
    parts = urlsplit(text)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


class Video:
    """An open source. `frames` gives its decoded frames; `close` ends it from the thread that reads.

    `frames_read` and `damaged` count frames and packets that could not be decoded, `last_ms` is the last frame's time.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, source: Source) -> None:
        self._container, self._stream, self._source = container, stream, source
        self.frames_read = self.damaged = 0
        self.last_ms = 0

    @classmethod
    def open(cls, source: Source, camera: Camera) -> Video:
        """Connects and finds the video. Raises FacesError."""
        tried = _tried(source.shown)
        begun = time.monotonic()
        try:
            container = av.open(source.url, timeout=float(camera.timeout), **_options(source, camera))
        except Exception as error:  # PyAV raises its own, OSError and ValueError
            # Interrupted demuxers report what they like; the clock knows better.
            late = time.monotonic() - begun >= camera.timeout
            raise FacesError(tried, *_opening(error, source, camera, late)) from None
        try:
            streams = container.streams.video
            if not streams:
                raise FacesError(tried, "There is no video in it.", "Give a file or stream with pictures.")
            stream = streams[0]
            if (stream.codec_context.width or 0) * (stream.codec_context.height or 0) > MOST_PIXELS:
                raise FacesError(
                    tried, _too_large(stream.codec_context.width, stream.codec_context.height), "Scale it."
                )
            stream.codec_context.thread_count = 1  # cameras have a thread each; a second one only adds delay
        except BaseException:
            container.close()
            raise
        return cls(container, stream, source)

    @property
    def recorded(self) -> datetime | None:
        """When a file says that it was recorded."""
        try:
            return datetime.fromisoformat(self._container.metadata["creation_time"])
        except (KeyError, ValueError):
            return None

    def frames(self) -> Iterator[tuple[VideoFrame, int]]:
        """Decoded frames and their times in ms from the video's beginning, rounded down. Raises FacesError where the
        video breaks off."""
        base = self._stream.time_base or Fraction(1, 1000)
        start: int | None = None
        step = 40
        try:
            for frame in self._decoded():
                if frame.width * frame.height > MOST_PIXELS:
                    raise FacesError(_tried(self._source.shown), _too_large(frame.width, frame.height), "Scale it.")
                if frame.pts is not None:
                    start = frame.pts if start is None else start
                    at = int((frame.pts - start) * base * 1000)
                    if at < self.last_ms:  # recordings joined together begin again: time goes on where it was
                        at = self.last_ms + step
                        start = frame.pts - int(at / (base * 1000))
                    step, self.last_ms = at - self.last_ms or step, at
                self.frames_read += 1
                yield frame, self.last_ms
        except FacesError:
            raise
        except Exception as error:
            raise FacesError(_tried(self._source.shown), self._broken(_words(error)), _again(self._source)) from None
        if self._source.kind == "file":
            self._whole()

    def close(self) -> None:
        self._container.close()

    def _decoded(self) -> Iterator[VideoFrame]:
        """The frames of all packets; damaged ones, which lossy networks bring, are counted and passed over."""
        row = 0
        for packet in self._container.demux(self._stream):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                row += 1
                self.damaged += 1
                if row >= MOST_DAMAGED:
                    raise
                continue
            row = 0 if frames else row
            yield from frames

    def _whole(self) -> None:
        """A cut file often just ends; its header knows how long it should have been."""
        duration = self._stream.duration and int(self._stream.duration * (self._stream.time_base or 0) * 1000)
        if not duration and self._container.duration:
            duration = self._container.duration // 1000
        if self.frames_read == 0:
            raise FacesError(_tried(self._source.shown), "No frame of it can be decoded.", _again(self._source))
        if duration and self.last_ms < duration - max(1000, duration // 10):
            missing = f"it should last {duration / 1000:.1f} s"
            raise FacesError(_tried(self._source.shown), self._broken(missing), _again(self._source))

    def _broken(self, why: str) -> str:
        return f"The video breaks off after {self.frames_read} frames ({self.last_ms / 1000:.1f} s): {why}."


class Converter:
    """Decoded frames to upright RGB, (height, width, 3) uint8, always the same way."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def rgb(self, frame: VideoFrame) -> Pixels:
        plain = self._reformatter.reformat(frame, format="rgb24", interpolation=EXACT, threads=1)
        pixels = plain.to_ndarray().astype(np.uint8, copy=False)
        turns = round(frame.rotation / 90) % 4
        return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels


def _options(source: Source, camera: Camera) -> dict[str, Any]:
    if source.kind == "file":
        return {"container_options": {"protocol_whitelist": _FILE_PROTOCOLS, "format_whitelist": _FILE_FORMATS}}
    if source.kind == "usb":
        return {"format": "v4l2", "container_options": {"framerate": str(max(camera.rate, 10))}}
    scheme = source.url.partition("://")[0].lower()
    options = {"protocol_whitelist": _PROTOCOLS[scheme], "fflags": "nobuffer", "analyzeduration": "1000000"}
    if scheme.startswith("rtsp"):
        options |= {"format_whitelist": "rtsp", "rtsp_transport": camera.transport}
    else:
        options |= {"format_whitelist": _STREAM_FORMATS, "max_redirects": "0"}
    return {"container_options": options}


def _with_password(camera: Camera) -> str:
    if not camera.password_env:
        return camera.source
    password = os.environ.get(camera.password_env)
    if password is None:
        raise FacesError(
            _tried(shown(camera.source)),
            f"The password should be in the environment variable {camera.password_env}, which is not set.",
            f"export {camera.password_env}=…, and name the user in the address: rtsp://USER@HOST/PATH.",
        )
    parts = urlsplit(camera.source)
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:{quote(password, safe='')}@{host}"))


def _tried(name: str) -> str:
    return f"Watching {name}."


def _again(source: Source) -> str:
    return (
        "What was seen until then is told above. Record or copy it again." if source.kind == "file" else "Reconnecting."
    )


def _too_large(width: int, height: int) -> str:
    return f"Its frames have {width} × {height} pixels; at most {MOST_PIXELS:,} are decoded."


def _opening(error: Exception, source: Source, camera: Camera, late: bool) -> tuple[str, str]:
    """What happened and what to do next."""
    if source.kind == "file":
        return f"It is no video that can be read ({_words(error)}).", "Give an MP4, MKV, AVI, WebM or MPEG-TS file."
    if source.kind == "usb":
        return f"The camera cannot be opened ({_words(error)}).", "Is it plugged in, and may you read /dev/video*?"
    if isinstance(error, av.error.HTTPUnauthorizedError):
        return "The camera wants a user and a password, or other ones.", "Set password_env in the configuration."
    if late:
        return f"It did not answer within {camera.timeout} s.", "Is the camera on, and its address right?"
    if isinstance(error, av.error.ArgumentError | av.error.InvalidDataError):
        return "What it sends is no stream that is read.", "Playlists (HLS, DASH) are not; give the stream's address."
    return f"No connection ({_words(error)}).", "Is the camera on, and its address right?"


def _words(error: Exception) -> str:
    """What an error says, without the address, which may hold a password."""
    if isinstance(error, av.error.ExitError):
        return "nothing came for too long"
    if isinstance(error, av.error.FFmpegError):
        return error.strerror or type(error).__name__
    return type(error).__name__
