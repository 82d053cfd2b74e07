"""How long a JPEG takes to become templates, beside two other ways to do it: `python -m bench.faces.speed`.

They are the same networks under onnxruntime with ordinary tools (plain.py), and face_recognition, from its package with
dlib's (`pip install face_recognition dlib-bin`); it is left out where it is not installed. All sides in one run,
interleaved; medians and ratios. Each number of cores is a process of its own, bound to them.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

from bench.faces.plain import Plain
from bitfast_faces.ahead import in_order
from bitfast_faces.cluster_folder import sort_folder
from bitfast_faces.engine import Engine
from bitfast_faces.weights.place import home

Side = Callable[[Path], int]
# Width, height, and the faces' sizes in pixels (heads are about 1.6 times as large).
SCENES = {
    "portrait": (512, 512, (112,)),
    "snapshot": (1280, 720, (90, 120, 150)),
    "camera photo": (4000, 3000, (120, 200, 260, 320, 400, 500)),
}


def scene(width: int, height: int, faces: tuple[int, ...], seed: int = 1) -> Image.Image:
    """Heads in a row before a smooth, slightly noisy background."""
    generator = np.random.default_rng(seed)
    coarse = generator.integers(60, 200, (9, 12, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    noisy = np.asarray(picture).astype(np.int16) + generator.integers(-4, 5, (height, width, 3), dtype=np.int16)
    picture = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    portrait = Image.fromarray(data.astronaut())  # type: ignore[no-untyped-call]
    head = portrait.crop((96, 0, 352, 256))
    for number, size in enumerate(faces):
        side = size * 256 // 104  # her face is 104 pixels large there
        left = (2 * number + 1) * width // (2 * len(faces)) - side // 2
        top = (height - side) // 2 + (number % 3 - 1) * (height - side) // 4
        picture.paste(head.resize((side, side), Image.Resampling.LANCZOS), (left, max(0, top)))
    return picture


def theirs(path: Path) -> int:
    import face_recognition

    return len(face_recognition.face_encodings(face_recognition.load_image_file(path)))


def sides(threads: int) -> dict[str, Side]:
    engine, plain = Engine.open(threads=threads), Plain(home(), threads)
    found: dict[str, Side] = {
        "bitfast-faces": lambda path: len(engine.analyse(path).templates),
        "onnxruntime, ordinary tools": lambda path: len(plain.analyse(path)),
    }
    if find_spec("face_recognition"):
        found["face_recognition"] = theirs
    return found


@dataclass(frozen=True)
class Taken:
    """Medians in milliseconds: of the clock, and of the processor, which other programs' work does not prolong."""

    clock: float
    processor: float
    faces: int


def taken(sides: dict[str, Side], path: Path, rounds: int) -> dict[str, Taken]:
    """What each side needs for one photo; the sides take turns."""
    faces = {name: side(path) for name, side in sides.items()}
    clock: dict[str, list[float]] = {name: [] for name in sides}
    processor: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            start, busy = time.perf_counter(), time.process_time()
            side(path)
            clock[name].append((time.perf_counter() - start) * 1e3)
            processor[name].append((time.process_time() - busy) * 1e3)
    medians = statistics.median
    return {name: Taken(medians(clock[name]), medians(processor[name]), faces[name]) for name in sides}


def photos(folder: Path) -> None:
    for number, (name, (width, height, faces)) in enumerate(SCENES.items()):
        scene(width, height, faces, number).save(folder / f"{name}.jpg", quality=90)
    (folder / "folder").mkdir()
    for number in range(12):
        faces = (80, 110, 140, 170)[: number % 4 + 1]
        scene(1024, 768, faces, number).save(folder / "folder" / f"{number:02}.jpg", quality=90)


def table(folder: Path, cores: int, rounds: int) -> Iterator[str]:
    """One photo at a time, every side on this many threads; the ratio to ours behind."""
    ways = sides(cores)
    plural = "s" if cores > 1 else ""
    yield f"| {cores} core{plural} | {' | '.join(ways)} |\n" + "|---" * (len(ways) + 1) + "|"
    for name, (width, height, _) in SCENES.items():
        few = max(2, rounds // (1 + width * height // 3_000_000))
        found = taken(ways, folder / f"{name}.jpg", few)
        own = found["bitfast-faces"]
        cells = [
            f"{one.clock:.0f} ms, {one.clock / own.clock:.2f} × (processor {one.processor:.0f} ms, "
            f"{one.processor / own.processor:.2f} ×; {one.faces} faces)"
            for one in found.values()
        ]
        yield f"| {name}, {width} × {height} | {' | '.join(cells)} |"


def folder_row(folder: Path, cores: int, rounds: int) -> str:
    """Photos a second of a folder: ours sorted into people, as `cluster` does it; the others only looked at, by threads
    and for face_recognition by processes, as its command does it."""
    paths = sorted((folder / "folder").iterdir())
    engine, plain = Engine.open(), Plain(home(), 1)
    ways: dict[str, Callable[[], int]] = {
        "bitfast-faces": lambda: len(sort_folder(engine, folder / "folder", workers=cores).people),
        "onnxruntime, ordinary tools": lambda: len(list(in_order(plain.analyse, paths, cores))),
    }
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        if find_spec("face_recognition"):
            list(pool.map(theirs, paths[: 2 * cores]))  # both have it loaded
            ways["face_recognition"] = lambda: len(list(pool.map(theirs, paths)))
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                start = time.perf_counter()
                way()
                seconds[name].append(time.perf_counter() - start)
    rates = [len(paths) / statistics.median(times) for times in seconds.values()]
    cells = [f"{rate:.1f} ({rates[0] / rate:.2f} ×)" for rate in rates]
    return f"| a folder of 1024 × 768, photos per second | {' | '.join(cells)} |"


def versions() -> str:
    names = ["onnxruntime", "numpy", "pillow", "face_recognition", "dlib-bin", "dlib"]
    known = []
    for name in names:
        try:
            known.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return f"{cpu[1] if cpu else platform.machine()}, Python {platform.python_version()}, {', '.join(known)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cores", type=int, help="only this number of cores, in this process")
    parser.add_argument("--photos", type=Path, help="where the photos are already (used by the processes of one run)")
    options = parser.parse_args()
    if options.cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
        for row in table(options.photos, options.cores, options.rounds):
            print(row, flush=True)
        print(folder_row(options.photos, options.cores, max(3, options.rounds // 3)), flush=True)
        return
    print(versions())
    with tempfile.TemporaryDirectory() as place:
        photos(Path(place))
        for cores in (1, 2):
            command = [sys.executable, "-m", "bench.faces.speed", "--cores", str(cores), "--photos", place]
            environment = os.environ | {"OPENBLAS_NUM_THREADS": str(cores), "OMP_NUM_THREADS": str(cores)}
            print(flush=True)
            subprocess.run([*command, "--rounds", str(options.rounds)], env=environment, check=True)


if __name__ == "__main__":
    main()
