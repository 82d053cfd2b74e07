"""Prints what the networks make of pictures, as JSON: `python -m bench.faces.answers WEIGHTS FOLDER THREADS BATCH`.

The pictures are those in FOLDER/people and some of given.py's: templates of their faces, and of the faces cut out at
given keypoints, which are the same pixels on every chip.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from bitfast_faces import align, images
from bitfast_faces.engine import Engine
from bitfast_faces.types import Point

PICTURES = ("jpeg-420.jpg", "jpeg-gray.jpg", "webp-lossy.webp")
SAME_PIXELS = "templates of the same pixels"


def answers(weights: Path, folder: Path, threads: int, batch: int) -> dict[str, list[list[int]]]:
    """By picture, its faces' keypoints and templates one after another; by "cut …" the templates of cut-out faces."""
    engine = Engine.open(weights, threads)
    found: dict[str, list[list[int]]] = {}
    people = sorted(path for path in (folder / "people").glob("*") if path.is_file())
    for path in [*(folder / "pictures" / name for name in PICTURES), *people]:
        analysis, name = engine.analyse(path), path.name
        found[f"keypoints {name}"] = [[v for p in face.keypoints for v in (p.x, p.y)] for face in analysis.faces]
        found[f"templates {name}"] = analysis.templates.tolist()
    keypoints = json.loads((folder / "keypoints.json").read_text())
    pixels = images.load(folder / "pictures" / "jpeg-420.jpg").pixels
    chips = np.stack([align.aligned(pixels, tuple(Point(x, y) for x, y in face)) for face in keypoints])
    parts = [engine.embed(chips[at : at + batch]) for at in range(0, len(chips), batch)]
    found[SAME_PIXELS] = np.concatenate(parts).tolist()
    return found


if __name__ == "__main__":
    print(json.dumps(answers(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
