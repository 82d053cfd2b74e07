"""The memory that sorting a folder of photos into people takes: `python -m bench.faces.memory --count 10000`.

The photos are made on the fly, each other bytes, in three sizes; what is printed is the resident memory as it goes. It
must not grow by more than the templates, 256 bytes a face, and what is remembered of a photo.
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
from pathlib import Path

from bench.faces.speed import scene
from bitfast_faces.cluster_folder import sort_folder
from bitfast_faces.engine import Engine

SIZES = ((512, 384, (90,)), (800, 600, (70, 110)), (1600, 1200, (100, 150, 200)))


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    engine, start = Engine.open(), time.perf_counter()
    with tempfile.TemporaryDirectory() as place:
        made = photos()
        for number in range(options.count):
            (Path(place) / f"{number:06}.jpg").write_bytes(next(made))
        print(f"before the first photo: {megabytes():.0f} MB; {options.count} photos made", flush=True)
        seen: list[float] = []

        def told(done: int, total: int) -> None:
            if done * 10 // total > (done - 1) * 10 // total:
                seen.append(megabytes())
                minutes = (time.perf_counter() - start) / 60
                print(f"{done:6} photos: {seen[-1]:.0f} MB after {minutes:.1f} minutes", flush=True)

        sorting = sort_folder(engine, Path(place), told)
    faces = sum(map(len, sorting.people)) + len(sorting.alone)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"{faces} faces; peak {peak:.0f} MB; from the first tenth to the last {seen[-1] - seen[0]:+.1f} MB")
    if sorting.failed:
        sys.exit(f"{len(sorting.failed)} photos could not be read")


if __name__ == "__main__":
    main()
