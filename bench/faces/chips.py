"""What is the same on x86-64 and aarch64, and how far the networks' answers differ: `python -m bench.faces.chips`.

Both sides are real Pythons on the same folder of pictures and templates (given.py), aarch64's under QEMU. The networks
are asked about one woman's heads in several sizes too, and about the pictures in `--pictures FOLDER`; how many faces
and people that are is printed. With `--write FILE` the tables replace what stands in FILE below its line that begins
with "<!-- ".
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from bench.faces import foreign_python, given
from bench.faces.answers import SAME_PIXELS
from bench.faces.speed import scene
from bitfast_faces.clustering import groups
from bitfast_faces.commands_look import pictures_in
from bitfast_faces.matching import ONE
from bitfast_faces.weights.place import home

Answers = dict[str, list[list[int]]]


def here(arguments: list[str]) -> str:
    """What this Python prints; a process of its own, as on the other side."""
    return subprocess.run([sys.executable, *arguments], stdout=subprocess.PIPE, text=True, check=True).stdout


def same(folder: Path, foreign: foreign_python.ForeignPython) -> list[str]:
    """A table: kinds of values, how many were compared, how many are the same."""
    sides = [run(["-m", "bench.faces.lines", str(folder), "2"]).splitlines() for run in (here, foreign.run)]
    pairs = [(a.split(" ", 1), b.split(" ", 1)) for a, b in zip(*sides, strict=True)]
    kinds: dict[str, list[bool]] = {}
    for (digest, name), other in pairs:
        kinds.setdefault(kind(name), []).append([digest, name] == other)
    rows = [f"| {name} | {len(equal)} | {sum(equal)} |" for name, equal in kinds.items()]
    return ["| compared | values | the same |", "|---|---|---|", *rows]


def kind(name: str) -> str:
    """What a line of lines.py is about, without the picture or number."""
    if name.startswith("decoded"):
        return "decoded pictures"
    return name.split(" of ")[0].split(" at ")[0].split(" for ")[0].rstrip("0123456789 ")


def difference(name: str, one: Answers, other: Answers) -> str:
    """A row: how many templates differ at all, by how much a number, and how alike the worst two are."""
    other_faces = [key for key in one if len(one[key]) != len(other[key])]
    one = {key: rows for key, rows in one.items() if key not in other_faces}
    if other_faces:
        name = f"{name} (others found in {len(other_faces) // 2} pictures, left out)"
    keys = [key for key in one if key.startswith("templates")]
    a, b = (np.array([row for key in keys for row in side[key]], np.int64) for side in (one, other))
    moved = max(
        (abs(x - y) for key in one if key.startswith("keypoints")
         for left, right in zip(one[key], other[key], strict=True) for x, y in zip(left, right, strict=True)),
        default=0,
    )  # fmt: skip
    apart = np.abs(a - b)
    own, mutual = (a * a).sum(axis=1), (a * b).sum(axis=1)
    differ, numbers = int(apart.any(axis=1).sum()), float((apart > 0).mean() * 100)
    lost = float((own - mutual).max() / ONE)
    return f"| {name} | {differ} of {len(a)} | {numbers:.1f} % | {apart.max()} | {lost:.1e} | {moved}/64 pixel |"


def differences(folder: Path, foreign: foreign_python.ForeignPython) -> list[str]:
    """A table: the networks' answers against those of one thread, batches of 16, on this chip."""

    def asked(threads: int, batch: int) -> list[str]:
        return ["-m", "bench.faces.answers", str(home()), str(folder), str(threads), str(batch)]

    reference: Answers = json.loads(here(asked(1, 16)))
    faces = [(key, row) for key, rows in reference.items() if key.startswith("templates ") for row in rows]
    faces = [(key, row) for key, row in faces if key != SAME_PIXELS]
    people = len(groups(np.array([row for _, row in faces], np.int16), [key for key, _ in faces]))
    cut = len(reference[SAME_PIXELS])
    counted = f"{len(faces)} faces of {people} people, as the threshold tells them apart, and {cut} cut-outs of one:"
    others = {
        "the same again": here(asked(1, 16)),
        "one face at a time": here(asked(1, 1)),
        "two threads": here(asked(2, 16)),
        "aarch64": foreign.run(asked(1, 16), timeout_seconds=1800),
    }
    rows = [difference(name, reference, json.loads(said)) for name, said in others.items()]
    head = "| onnxruntime | templates that differ | numbers that differ | at most | similarity lost | keypoints |"
    return [counted, "", head, "|---|---|---|---|---|---|", *rows]


def lay_out_people(folder: Path, pictures: Path | None) -> None:
    """A crowd, and the user's pictures, shrunk to PNGs of at most 640 pixels, for QEMU is slow."""
    folder.mkdir()
    scene(1280, 720, (50, 60, 70, 80, 85)).save(folder / "crowd.png")
    for path in pictures_in([pictures]) if pictures else []:
        with Image.open(path) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
        picture.thumbnail((640, 640))
        picture.save(folder / f"{path.stem}.png")


def report(pictures: Path | None) -> list[str]:
    foreign = foreign_python.aarch64()
    machine = foreign.run(["-c", "import platform; print(platform.machine())"]).strip()
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pillow", "onnxruntime"))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "given"
        given.lay_out(folder)
        lay_out_people(folder / "people", pictures)
        title = f"{platform.machine()} and {machine} (QEMU), {libraries}"
        return [title, "", *same(folder, foreign), "", *differences(folder, foreign)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="a folder with pictures of more people")
    parser.add_argument("--write", type=Path, help="a document whose last part is replaced")
    options = parser.parse_args()
    try:
        lines = report(options.pictures)
    except foreign_python.MissingError as error:
        sys.exit(f"Comparing chips needs what is not here: {error}")
    print("\n".join(lines))
    if options.write:
        text = options.write.read_text()
        end = text.index("\n", text.index("<!-- ")) + 1
        options.write.write_text(text[:end] + "\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
