"""What blur and darkness do to a face's sharpness, its contrast and its template: what quality.py's limits were set by.

    python -m bench.faces.quality FOLDER

Blurs and darkens the aligned faces of the pictures in FOLDER (and scikit-image's astronaut, without one) and prints the
median and the range of sharpness and contrast, and how near the template stays to the one of the face as it was.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from bitfast_faces.commands_look import pictures_in
from bitfast_faces.engine import Engine
from bitfast_faces.quality import sharpness
from bitfast_faces.types import Picture, Pixels


def changed(chip: Pixels, radius: float, brightness: float) -> Pixels:
    image = Image.fromarray(chip).filter(ImageFilter.GaussianBlur(radius)) if radius else Image.fromarray(chip)
    return (np.asarray(image) * brightness).astype(np.uint8)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    folder = parser.parse_args().folder
    engine = Engine.open()
    if folder:
        analyses = [engine.analyse(path) for path in pictures_in([folder])]
    else:
        from skimage import data

        analyses = [engine.analyse(Picture(np.ascontiguousarray(data.astronaut()), "", "astronaut"))]  # type: ignore[no-untyped-call]
    chips = [engine.align(a.picture.pixels, face) for a in analyses for face in a.faces if face.quality.usable]
    if not chips:
        sys.exit("no usable face in these pictures")
    first = engine.embed(np.stack(chips)).astype(float)
    print(
        f"{len(chips)} usable faces; sharpness, contrast and cosine to the face as it was: median (least to greatest)"
    )
    for name, radius, brightness in [
        ("as it was", 0, 1.0), ("blur 1", 1, 1.0), ("blur 2", 2, 1.0), ("blur 3", 3, 1.0), ("blur 4", 4, 1.0),
        ("brightness 1/2", 0, 0.5), ("brightness 1/5", 0, 0.2), ("brightness 1/10", 0, 0.1),
    ]:  # fmt: skip
        those = [changed(chip, radius, brightness) for chip in chips]
        cosines = (first * engine.embed(np.stack(those))).sum(axis=1) / 32767**2
        columns = [*np.array([sharpness(chip) for chip in those]).T, cosines]
        said = [f"{np.median(c):8.3f} ({c.min():.3f} to {c.max():.3f})" for c in columns]
        print(f"{name:16} {'  '.join(said)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
