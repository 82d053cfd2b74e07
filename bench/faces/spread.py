"""How long raw descriptors are, what dlib's distance of 0.6 is as a similarity, and how alike strangers are.

    python -m bench.faces.spread FOLDER

FOLDER/NAME/pictures, one person each. dlib's documentation calls two faces one person below a Euclidean distance of 0.6
of raw descriptors. For two of the same length r that is a cosine of 1 − 0.36 / (2·r²).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from bench.faces import scores
from bench.faces.pictures import SUFFIXES, middle, templates
from bitfast_faces import embed, images
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import ONE, similarity
from bitfast_faces.runtime import Model
from bitfast_faces.weights.place import EMBEDDER, home


def norms(engine: Engine, paths: Sequence[Path]) -> list[float]:
    """Of the descriptors of each picture's face and of its mirror image."""
    model = Model(home() / EMBEDDER)
    found: list[float] = []
    for path in paths:
        analysis = engine.analyse(images.load(path))
        if analysis.faces:
            chip = engine.align(analysis.picture.pixels, analysis.faces[middle(analysis)])
            descriptors = model.run({model.inputs[0]: embed.tensor(chip[np.newaxis])})[0].astype(np.float64)
            found.extend(np.sqrt((descriptors**2).sum(axis=1)).tolist())
    return found


def report(engine: Engine, folder: Path) -> str:
    paths = [path for path in sorted(folder.glob("*/*")) if path.suffix.lower() in SUFFIXES]
    lengths = norms(engine, paths)
    if not lengths:
        raise FacesError(f"Measuring {folder}.", "No face was found.", "Give a folder with a folder for each person.")
    faces = templates(engine, paths).faces
    lines = [f"{len(faces)} faces of {len({path.parent for path in faces})} people."]
    cosines = [1 - 0.36 / (2 * length**2) for length in (min(lengths), sum(lengths) / len(lengths), max(lengths))]
    lines.append(f"Norms of raw descriptors: {min(lengths):.3f} to {max(lengths):.3f}, mean {np.mean(lengths):.3f}.")
    lines.append(
        "Euclidean 0.6 is a cosine of {:.3f} to {:.3f}, at the mean {:.3f}.".format(*sorted(cosines)[::2], cosines[1])
    )
    for what, same in (("one person", True), ("two people", False)):
        values = [
            similarity(faces[a], faces[b]) for a, b in combinations(sorted(faces), 2) if (a.parent == b.parent) == same
        ]
        if values:
            mean, deviation = (value / ONE for value in scores.mean_deviation(values))
            span = f"{min(values) / ONE:.3f} to {max(values) / ONE:.3f}"
            lines.append(f"Similarity of {len(values)} pairs of {what}: {mean:.3f} ± {deviation:.3f}, {span}.")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args(arguments)
    try:
        print(report(Engine.open(), given.folder))
    except FacesError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
