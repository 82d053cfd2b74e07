"""Videos for the tests, made by script, and an engine that knows what is in them without any network.

A "face" is a square of one saturated colour; its colour is who it is. So streams can be tested where the weights are
not, and what the engine sees does not depend on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from bitfast_faces.cameras.events import Event, Who
from bitfast_faces.cameras.recognise import Agreed
from bitfast_faces.cameras.scene import Frame
from bitfast_faces.types import Box, Face, Pixels, Point, Quality, Templates

COLOURS = {"red": (230, 20, 20), "green": (20, 220, 20), "blue": (20, 20, 230)}
GOOD = Quality(100, 400, 0, True, ())
BLURRED = Quality(100, 2, 0, False, ("the face is blurred",))


def template_of(number: int) -> NDArray[np.int16]:
    """A template like nobody else's: of two numbers the product is 0 or nearly."""
    template = np.zeros(128, np.int16)
    template[number % 128] = 32767
    return template


def face_at(x: int, y: int, side: int = 60, quality: Quality = GOOD) -> Face:
    """A face whose box begins at a pixel."""
    box = Box(x * 64, y * 64, (x + side) * 64, (y + side) * 64)
    place = Point((x + side // 2) * 64, (y + side // 2) * 64)
    return Face(box, (place,) * 6, 3000, quality)


@dataclass
class ScriptedEngine:
    """Sees in frame n (the first pixel's value) what `script[n]` says: people's numbers and their faces."""

    script: dict[int, Sequence[tuple[int, Face]]]
    space: str = "0" * 16
    chips: list[Pixels] = field(default_factory=list)
    templates: list[Templates] = field(default_factory=list)

    def detect(self, pixels: Pixels, smallest: int | None = None) -> tuple[Face, ...]:
        return tuple(face for _, face in self.script.get(int(pixels[0, 0, 0]), ()))

    def align(self, pixels: Pixels, face: Face) -> Pixels:
        people = self.script[int(pixels[0, 0, 0])]
        return np.full((150, 150, 3), next(number for number, one in people if one is face), np.uint8)

    def embed(self, chips: Pixels) -> Templates:
        self.chips.append(chips)
        self.templates.append(np.stack([template_of(int(chip[0, 0, 0])) for chip in chips]))
        return self.templates[-1]

    def frames(self, count: int, step: int = 100, size: tuple[int, int] = (640, 360)) -> Iterator[Frame]:
        """Frames 0, 1, 2, … every `step` ms."""
        for number in range(count):
            pixels = np.zeros((size[1], size[0], 3), np.uint8)
            pixels[0, 0, 0] = number
            yield Frame(pixels, 1_000_000 + number * step)


class ColourEngine:
    """Finds the coloured squares of the videos below, even after a lossy codec."""

    space = "0" * 16

    def detect(self, pixels: Pixels, smallest: int | None = None) -> tuple[Face, ...]:
        faces = []
        for colour in COLOURS.values():
            near = (np.abs(pixels.astype(np.int16) - np.array(colour, np.int16)) < 60).all(axis=2)
            rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
            if rows.size > 10 and columns.size > 10:
                faces.append(face_at(int(columns[0]), int(rows[0]), int(columns[-1] - columns[0]) + 1))
        return tuple(faces)

    def align(self, pixels: Pixels, face: Face) -> Pixels:
        middle = face.keypoints[0]
        return np.broadcast_to(pixels[middle.y // 64, middle.x // 64], (150, 150, 3)).copy()

    def embed(self, chips: Pixels) -> Templates:
        return np.stack([template_of(int(chip[0, 0].argmax())) for chip in chips])


class Names:
    """A recogniser that knows people by their template's place: {place: Who}."""

    def __init__(self, people: dict[int, Who], pictures: bool = False) -> None:
        self.people, self.pictures, self.searches = people, pictures, 0

    def who(self, templates: Templates, camera: str = "") -> list[Who | None]:
        self.searches += 1
        return [self.people.get(int(template.argmax())) for template in templates]

    def agreed(self, person: int, camera: str = "") -> Agreed:
        return Agreed(any(who.person == person for who in self.people.values()), self.pictures)


Painter = Callable[[int], Pixels]


def walk(
    colours: Sequence[str] = ("red",), size: tuple[int, int] = (320, 240), side: int = 40, step: int = 4
) -> Painter:
    """Coloured squares, one below the other, that walk to the right by `step` pixels a frame."""

    def paint(number: int) -> Pixels:
        pixels = np.full((size[1], size[0], 3), 128, np.uint8)
        for row, colour in enumerate(colours):
            x, y = 10 + number * step, 10 + row * (side + 30)
            pixels[y : y + side, x : x + side] = COLOURS[colour]
        return pixels

    return paint


def record(path: Path, paint: Painter, frames: int, rate: int = 10, **options: str) -> Path:
    """A video of `frames` painted frames: H.264, every frame decodable soon, container by the path's suffix."""
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=rate)
        first = paint(0)
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "18", "g": str(rate), "bf": "0"}
        for number in range(frames):
            for packet in stream.encode(av.VideoFrame.from_ndarray(paint(number), format="rgb24")):
                container.mux(packet)
        container.mux(stream.encode())
    return path


def record_sound(path: Path) -> Path:
    """A file with a second of sound and no picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16000)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.time_base = 16000, Fraction(1, 16000)
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def kinds(events: Sequence[Event]) -> list[str]:
    return [event.kind for event in events]
