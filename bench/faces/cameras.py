"""Cameras that the machine keeps up with: `python -m bench.faces.cameras`.

Two videos of 1280 × 720 at 25 frames a second, made by script (heads that walk over a moving background), are played at
their own speed as if they were cameras, 10 frames a second of each looked at, people searched in a store; on one core
and on two. Printed are the frames that were read, looked at and dropped, the processor time for each, and how many the
same cores manage when the frames wait. Each number of cores is a process of its own, bound to them.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import av
import numpy as np
from PIL import Image
from skimage import data

from bitfast_faces.cameras.config import Camera, Config
from bitfast_faces.cameras.events import EventBus
from bitfast_faces.cameras.mailbox import Counts
from bitfast_faces.cameras.session import watching
from bitfast_faces.engine import Engine
from bitfast_faces.store import Consent, open_store
from bitfast_faces.types import Picture, Pixels

WIDTH, HEIGHT, FRAMES_A_SECOND = 1280, 720, 25
PURPOSE = "bench"
Result = tuple[Counts, float, float]


def scene(number: int, people: int) -> Pixels:
    """Frame `number`: heads of different sizes that walk, some to the left, before a background that drifts."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    waves = [(rows * (2 + k) + columns * (3 - k) + 2 * number) // 8 % 256 for k in range(3)]
    pixels = np.stack([60 + np.abs(wave - 128) for wave in waves], axis=2).astype(np.uint8)
    portrait = Image.fromarray(np.asarray(data.astronaut())[0:256, 96:352])  # type: ignore[no-untyped-call]
    for person in range(people):
        side = (180, 230, 280, 330)[person % 4]
        way = WIDTH - side
        along = (number * (4 + person) + person * 400) % (2 * way)
        left, top = min(along, 2 * way - along), (HEIGHT - side) * (person + 1) // (people + 1)
        pixels[top : top + side, left : left + side] = np.asarray(portrait.resize((side, side)))
    return pixels


def record(path: Path, seconds: int, people: int) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FRAMES_A_SECOND)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "veryfast", "g": "50", "bf": "0"}
        for number in range(seconds * FRAMES_A_SECOND):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(scene(number, people), format="rgb24")))
        container.mux(stream.encode())


@contextmanager
def people(folder: Path, engine: Engine) -> Iterator[tuple[Path, Path]]:
    """A store in which one person is, and its key."""
    store, key = folder / "store" / "people.db", folder / "key"
    store.parent.mkdir()
    books = open_store(store, key, create=True, space=engine.space)
    portrait = np.ascontiguousarray(data.astronaut()[:, :, :3])  # type: ignore[no-untyped-call]
    templates = engine.analyse(Picture(portrait, "", "portrait")).templates
    today = datetime.now(UTC).date()
    consent = Consent(PURPOSE, today, today + timedelta(days=1), "bench", None, False, "bench")
    books.enrol("somebody", templates, consent, space=engine.space, source="portrait")
    books.close()
    yield store, key


def watch(videos: list[Path], cores: int, rate: int, real_time: bool) -> Result:
    """Frames of all cameras, seconds, and processor seconds."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    engine = Engine.open()
    cameras = tuple(Camera(f"camera{n}", str(video), rate=rate, real_time=real_time) for n, video in enumerate(videos))
    with tempfile.TemporaryDirectory() as folder, people(Path(folder), engine) as (store, key):
        wall, used = time.perf_counter(), time.process_time()
        with watching(
            Config(cameras, PURPOSE), engine, EventBus(), lambda: open_store(store, key, space=engine.space)
        ) as running:
            running.wait()
        wall, used = time.perf_counter() - wall, time.process_time() - used
    errors = [outcome.error for outcome in running.outcomes if outcome.error]
    if errors:
        raise errors[0]
    total = Counts()
    for counts in (outcome.counts for outcome in running.outcomes):
        total = replace(
            total,
            read=total.read + counts.read,
            left_out=total.left_out + counts.left_out,
            dropped=total.dropped + counts.dropped,
            seen=total.seen + counts.seen,
        )
    return total, wall, used


def apart(videos: list[Path], cores: int, rate: int, real_time: bool) -> Result:
    """The same in a process of its own, as a process's cores and threads are set once."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(watch, videos, cores, rate, real_time).result()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--people", type=int, default=2, help="in each video")
    parser.add_argument("--cameras", type=int, default=2)
    parser.add_argument("--rate", type=int, default=10)
    parser.add_argument("--cores", type=int, nargs="+", default=[2, 1])
    given = parser.parse_args()
    versions = ", ".join(f"{name} {version(name)}" for name in ("av", "numpy", "onnxruntime"))
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    name = cpu[1] if cpu else platform.machine()
    print(f"{name}, Python {platform.python_version()}, {versions}; load {os.getloadavg()[0]:.1f}")
    print(f"{given.cameras} × {WIDTH}×{HEIGHT}, {FRAMES_A_SECOND}/s, {given.people} people in each, {given.seconds} s")
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "walk.mp4"
        record(video, given.seconds, given.people)
        videos = [video] * given.cameras
        for cores in given.cores:
            counts, wall, used = apart(videos, cores, given.rate, True)
            share = 100 * counts.dropped / max(1, counts.dropped + counts.seen)
            print(
                f"{cores} core{'s' * (cores > 1)}, {given.rate}/s: {counts.read} read, {counts.seen} looked at, "
                f"{counts.dropped} dropped ({share:.1f} %), {100 * used / wall / cores:.0f} % busy, "
                f"{1000 * used / max(1, counts.seen):.1f} ms processor time for each looked at"
            )
            counts, wall, used = apart(videos, cores, given.rate, False)
            print(f"  without waiting: {counts.seen / wall:.1f} looked at per second, {counts.read / wall:.0f} decoded")


if __name__ == "__main__":
    main()
