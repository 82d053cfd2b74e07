"""Verification accuracy on a folder of people and a file of pairs, both as Labeled Faces in the Wild has them.

    python -m bench.faces.accuracy FOLDER PAIRS [--write accuracy.json]

FOLDER/NAME/NAME_0001.jpg …; PAIRS is View 2's pairs.txt: a first line `folds pairs-of-a-kind`, then in each fold lines
`name number number` (same) and `name number name number` (different), separated by tabs or spaces. The data are not
shipped. A pair with a picture in which no face is found counts as different, and is reported.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from bench.faces import scores
from bench.faces.pictures import SUFFIXES, Templates, templates
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import ONE, THRESHOLD, similarity

LOWEST = -(1 << 31)
FARS = (Fraction(1, 100), Fraction(1, 1000))


@dataclass(frozen=True)
class Pair:
    first: Path
    second: Path
    same: bool
    fold: int


def read_pairs(folder: Path, file: Path) -> tuple[Pair, ...]:
    """The pairs of a file, of pictures in a folder. FacesError naming the line that does not fit."""
    tried = f"Reading the pairs in {file}."
    advice = "Give LFW's pairs.txt of View 2 and the folder with a folder for each person."
    try:
        lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise FacesError(tried, str(error), advice) from error
    head = [int(word) for word in lines[0] if word.isdecimal()] if lines else []
    folds, each = (head[0], head[1]) if len(head) == 2 else (10, head[0]) if len(head) == 1 else (0, 0)
    if len(lines) - 1 != 2 * folds * each or not folds * each:
        raise FacesError(
            tried, f"It has {max(0, len(lines) - 1)} pairs, its first line says {2 * folds * each}.", advice
        )
    if folds < 2:
        raise FacesError(
            tried, "It has one fold; each fold's threshold comes from the others.", "Give two folds or more."
        )
    known = _known(folder)
    pairs = []
    for number, words in enumerate(lines[1:]):
        same = len(words) == 3
        named = [(words[0], words[1]), (words[0], words[2])] if same else [tuple(words[:2]), tuple(words[2:])]
        if len(words) not in (3, 4) or not all(number_.isdecimal() for _, number_ in named):
            raise FacesError(tried, f"Pair {number + 1} is {' '.join(words)}.", advice)
        files = [known.get((name, int(place))) for name, place in named]
        if None in files:
            raise FacesError(tried, f"Pair {number + 1} ({' '.join(words)}) names a picture that is not there.", advice)
        first, second = (path for path in files if path)
        pairs.append(Pair(first, second, same, number // (2 * each)))
    return tuple(pairs)


def _known(folder: Path) -> dict[tuple[str, int], Path]:
    """Pictures by name and number: NAME/…_0001.jpg."""
    found: dict[tuple[str, int], Path] = {}
    for path in sorted(folder.glob("*/*")):
        number = path.stem.rpartition("_")[2]
        if path.suffix.lower() in SUFFIXES and number.isdecimal():
            found.setdefault((path.parent.name, int(number)), path)
    return found


def pair_scores(pairs: Sequence[Pair], known: Templates) -> scores.Scores:
    """The exact similarity of each pair; the lowest possible one where a face is missing."""
    faces = known.faces
    both = (pair.first in faces and pair.second in faces for pair in pairs)
    return np.array(
        [similarity(faces[p.first], faces[p.second]) if ok else LOWEST for p, ok in zip(pairs, both, strict=True)],
        np.int64,
    )


@dataclass(frozen=True)
class Report:
    """What was measured; `far` by the wanted false acceptance rate."""

    pairs: int
    folds: scores.Folds
    area: Fraction
    area_error: float
    equal_error: scores.Rate
    far: dict[Fraction, scores.Rate]
    shipped: scores.Rate
    same: int
    different: int


def evaluate(pairs: Sequence[Pair], values: scores.Scores) -> Report:
    is_same = np.array([pair.same for pair in pairs])
    same, different = values[is_same], values[~is_same]
    area = scores.auc(same, different)
    return Report(
        len(pairs),
        scores.cross_validated(values, is_same, np.array([pair.fold for pair in pairs], np.int64)),
        area,
        scores.auc_error(area, len(same), len(different)),
        scores.equal_error(same, different),
        {far: scores.at_far(same, different, far) for far in FARS},
        scores.rate(same, different, THRESHOLD),
        len(same),
        len(different),
    )


def table(report: Report, known: Templates) -> str:
    folds = report.folds
    spread = f"± {100 * folds.deviation:.2f} % over folds (standard error {100 * folds.error:.2f})"
    accuracy = f"{_percent(folds.mean)} {spread}"
    used = f"{_cosine(min(folds.thresholds))} to {_cosine(max(folds.thresholds))}"
    lines = [
        f"{report.same} same and {report.different} different pairs of {len(known.faces)} pictures; "
        f"no face in {len(known.missed)} more.",
        "",
        "| measure | value | threshold (similarity, 1/2^30 = cosine) |",
        "|---|---|---|",
        f"| accuracy, {len(folds.accuracies)} folds | {accuracy} | {used} |",
        f"| AUC | {float(report.area):.5f} ± {report.area_error:.5f} | |",
        f"| equal error rate | {_percent((report.equal_error.wrongly + 1 - report.equal_error.accepted) / 2)} "
        f"| {_cosine(report.equal_error.threshold)} |",
    ]
    for far, rate in report.far.items():
        lines.append(f"| TAR at FAR {float(far):g} | {_rate(rate.accepted, report.same)} | {_cosine(rate.threshold)} |")
    wrong = f"FAR {_rate(report.shipped.wrongly, report.different)}"
    lines.append(f"| TAR as shipped | {_rate(report.shipped.accepted, report.same)}, {wrong} | {_cosine(THRESHOLD)} |")
    return "\n".join(lines)


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.2f} %"


def _rate(share: Fraction, number: int) -> str:
    low, high = scores.wilson(share, number)
    return f"{_percent(share)} (95 %: {100 * low:.2f} to {100 * high:.2f})"


def _cosine(threshold: int) -> str:
    return f"{threshold} = {threshold / ONE:.4f}"


def document(report: Report, space: str) -> str:
    """What `--write` writes: the engine's space and an integer threshold for each false acceptance rate."""
    thresholds = {
        f"{float(far):g}": {"threshold": rate.threshold, "tar": float(rate.accepted), "far": float(rate.wrongly)}
        for far, rate in report.far.items()
    }
    figures = {
        "accuracy": float(report.folds.mean),
        "accuracy_deviation": report.folds.deviation,
        "auc": float(report.area),
    }
    whole = {"format": "bitfast-faces accuracy 1", "space": space} | figures | {"thresholds": thresholds}
    return json.dumps(whole, indent=2) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write figures and thresholds as JSON")
    given = parser.parse_args(arguments)
    try:
        pairs = read_pairs(given.folder, given.pairs)
        engine = Engine.open()
        known = templates(engine, [path for pair in pairs for path in (pair.first, pair.second)])
        report = evaluate(pairs, pair_scores(pairs, known))
    except FacesError as error:
        print(error, file=sys.stderr)
        return 2
    print(table(report, known))
    if given.write:
        given.write.write_text(document(report, engine.space), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
