"""The memory that sorting a folder of photos into people takes: `python -m bench.faces.memory --count 10000`.

The photos are made by another process, each other bytes, in three sizes, and one of 48 million pixels among them. Every
face counts as another person's: the pictures show the same woman, so its template is drawn anew. What is printed is the
resident memory as it goes, and its peak. It must not grow by more than the templates, 256 bytes a face, and what is
remembered of a photo.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from bench.faces.speed import scene
from bitfast_faces.cluster_folder import sort_folder
from bitfast_faces.engine import Engine
from bitfast_faces.matching import UNIT
from bitfast_faces.types import DIMENSIONS, Analysis

SIZES = ((512, 384, (90,)), (800, 600, (70, 110)), (1600, 1200, (100, 150, 200)))
LARGEST = (8000, 6000, (400, 600, 800))


def megabytes() -> float:
    """What is resident now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def photos() -> Iterator[bytes]:
    """JPEGs without end; a comment makes the bytes of each one different."""
    scenes = [scene(width, height, faces, 7) for width, height, faces in SIZES]
    number = 0
    while True:
        file = io.BytesIO()
        scenes[number % len(scenes)].save(file, "JPEG", quality=85, comment=f"photo {number}".encode())
        yield file.getvalue()
        number += 1


def make(folder: Path, count: int) -> None:
    """`count` photos, of which the one in the middle is the largest."""
    made = photos()
    for number in range(count):
        path = folder / f"{number:06}.jpg"
        if number == count // 2:
            scene(*LARGEST, 7).save(path, "JPEG", quality=85)
        else:
            path.write_bytes(next(made))


class Strangers:
    """An engine that takes every face for another person's: templates are drawn by the photo's digest."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.space = engine.space

    def analyse(self, source: Path) -> Analysis:
        found = self._engine.analyse(source)
        drawn = np.random.default_rng(int(found.picture.digest[:16], 16)).standard_normal(
            (len(found.faces), DIMENSIONS)
        )
        units = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return replace(found, templates=np.asarray(np.rint(units * UNIT), np.int16))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    engine = Engine.open()
    with tempfile.TemporaryDirectory() as place:
        maker = get_context("spawn").Process(target=make, args=(Path(place), options.count))
        maker.start()
        maker.join()
        if maker.exitcode:
            sys.exit("the photos could not be made")
        print(f"before the first photo: {megabytes():.0f} MB; {options.count} photos made", flush=True)
        seen: list[float] = []
        start = time.perf_counter()

        def told(done: int, total: int) -> None:
            if done * 10 // total > (done - 1) * 10 // total:
                seen.append(megabytes())
                minutes = (time.perf_counter() - start) / 60
                print(f"{done:6} photos: {seen[-1]:.0f} MB after {minutes:.1f} minutes", flush=True)

        sorting = sort_folder(Strangers(engine), Path(place), told)
    faces = sum(map(len, sorting.people)) + len(sorting.alone)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    people = len(sorting.people) + len(sorting.alone)
    print(f"{faces} faces of {people} people; from the first tenth to the last {seen[-1] - seen[0]:+.1f} MB")
    print(f"peak {peak:.0f} MB")
    if sorting.failed:
        sys.exit(f"{len(sorting.failed)} photos could not be read")


if __name__ == "__main__":
    main()
