"""How much of kinship likeness shows: AUC, the true parent among ten, and the same from twelve colour numbers.

    python -m bench.faces.kinship FOLDER [--write calibration.json]

Layouts: `bench/faces/kinship_data.py`. For every child nine strangers are drawn by SHA-256 from the parents of other
families. Pictures that were cut from one photo, as far as names tell, are not compared. The colours' row says what
light and camera alone give away: where it is far from 0.5, as in KinFaceW, whose pairs are cut from one photo without
saying so, the folder says little about faces. `--write` makes a calibration for `bitfast-faces kin`.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.faces import scores
from bench.faces.kinship_data import Relation, origin, read
from bench.faces.pictures import Templates, templates
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.kin.calibration import Calibration, text

STRANGERS = 9
BINS = (0, 400, 450, 500, 550, 600, 700, 1001)  # permille of likeness

Matrix = NDArray[np.int64]
Compare = Callable[[Sequence[Path], Sequence[Path]], Matrix]
"""The scores of each of the child's pictures (rows) with each of the other's (columns)."""


@dataclass(frozen=True)
class Trial:
    """A child's relation and the strangers that stand beside the parent; fewer than nine where a group is small."""

    relation: Relation
    strangers: tuple[Relation, ...]


@dataclass(frozen=True)
class Outcome:
    """Scores of one picture each, and means of all of a person's; how often the parent is `first` or among `three`."""

    parents_one: scores.Scores
    strangers_one: scores.Scores
    parents_mean: scores.Scores
    strangers_mean: scores.Scores
    first: Fraction
    three: Fraction
    full: int


def with_faces(relations: Sequence[Relation], known: Templates) -> tuple[Relation, ...]:
    """The relations with those pictures alone in which a face was found, and without those that have none left."""

    def kept(paths: tuple[Path, ...]) -> tuple[Path, ...]:
        return tuple(path for path in paths if path in known.faces)

    shorter = (Relation(kept(one.parent), kept(one.child), one.family, one.group) for one in relations)
    return tuple(relation for relation in shorter if relation.parent and relation.child)


def compared(child: Sequence[Path], other: Sequence[Path]) -> NDArray[np.bool_]:
    """Which pairs of the child's pictures (rows) and the other's (columns) are of two photos."""
    return np.array([[origin(one) != origin(two) for two in other] for one in child])


def across_photos(relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """The relations that have a pair of pictures of two photos."""
    return tuple(relation for relation in relations if compared(relation.child, relation.parent).any())


def halves(relations: Sequence[Relation]) -> tuple[tuple[Relation, ...], tuple[Relation, ...]]:
    """The relations of one half of the families and of the other, by the SHA-256 of the families' names."""
    families = sorted({one.family for one in relations}, key=lambda name: hashlib.sha256(name.encode()).digest())
    first = set(families[: len(families) // 2])
    return (
        tuple(one for one in relations if one.family in first),
        tuple(one for one in relations if one.family not in first),
    )


def trials(relations: Sequence[Relation]) -> tuple[Trial, ...]:
    return tuple(Trial(relation, _strangers(relation, relations)) for relation in relations)


def _strangers(relation: Relation, relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """Nine parents of other families, each person once, drawn by the SHA-256 of both people's first pictures."""
    others = {
        other.parent: other
        for other in relations
        if other.group == relation.group and other.family != relation.family and other.parent != relation.parent
    }

    def drawn(other: Relation) -> bytes:
        names = (f"{path.parent.name}/{path.name}" for path in (relation.child[0], relation.parent[0], other.parent[0]))
        return hashlib.sha256("\n".join((*names, relation.family, other.family)).encode()).digest()

    return tuple(sorted(others.values(), key=drawn)[:STRANGERS])


def outcome(given: Sequence[Trial], compare: Compare) -> Outcome:
    """What a way of comparing finds across photos. Of equal ones each is as likely to stand before the other.

    FacesError where no stranger is left to compare with.
    """
    ones: tuple[list[int], list[int]] = ([], [])
    means: tuple[list[int], list[int]] = ([], [])
    first, three, full = Fraction(0), Fraction(0), 0
    for trial in given:
        child = trial.relation.child
        found = (compare(child, one.parent)[compared(child, one.parent)] for one in (trial.relation, *trial.strangers))
        parent, *strangers = (values.tolist() for values in found)
        strangers = [values for values in strangers if values]
        ones[0].append(parent[0])
        ones[1].extend(values[0] for values in strangers)
        mean, *others = (sum(values) // len(values) for values in (parent, *strangers))
        means[0].append(mean)
        means[1].extend(others)
        if len(others) == STRANGERS:
            full += 1
            first, three = first + _among(1, mean, others), three + _among(3, mean, others)
    if not ones[1]:
        advice = "Give a folder with two families or more in each group."
        raise FacesError("Measuring kinship.", "There is no stranger to compare anybody with.", advice)
    a, b, c, d = (np.array(values, np.int64) for values in (*ones, *means))
    return Outcome(a, b, c, d, first / max(1, full), three / max(1, full), full)


def _among(places: int, parent: int, others: Sequence[int]) -> Fraction:
    """The chance that the parent is among the first `places` where equal ones are in random order."""
    above, equal = sum(other > parent for other in others), sum(other == parent for other in others) + 1
    return Fraction(max(0, min(places - above, equal)), equal)


def by_face(known: Templates) -> Compare:
    def compare(first: Sequence[Path], second: Sequence[Path]) -> Matrix:
        rows, columns = (np.stack([known.faces[path] for path in paths]).astype(np.int64) for paths in (first, second))
        return rows @ columns.T

    return compare


def by_colour(known: Templates) -> Compare:
    """Less the squared distance of the twelve colour numbers."""

    def compare(first: Sequence[Path], second: Sequence[Path]) -> Matrix:
        rows, columns = (np.stack([known.colours[path] for path in paths]) for paths in (first, second))
        distances: Matrix = ((rows[:, None] - columns[None, :]) ** 2).sum(axis=2)
        return -distances

    return compare


def calibrated(given: Sequence[Trial], found: Outcome, compare: Compare, source: str, space: str) -> Calibration:
    """A calibration from one picture each: cautious for people with several, whose means tell more.

    Where nobody has two pictures, half of the strangers' spread stands in for that from photo to photo: it is rough
    then, and says so.
    """
    mean, deviation = scores.mean_deviation(found.strangers_one)
    area = scores.auc(found.parents_one, found.strangers_one)
    moved = _photo_deviation(given, compare)
    if not moved:
        source += "; not measured: how far photos of one person differ (half of the strangers' spread was taken)"
    return Calibration(
        auc=round(min(float(area), 0.999), 4),
        mean=mean,
        deviation=max(1, deviation),
        photo_deviation=moved or max(1, deviation // 2),
        source=source,
        space=space,
        rough=not moved,
    )


def _photo_deviation(given: Sequence[Trial], compare: Compare) -> int:
    """How far one person's similarity to a stranger moves from photo to photo: the root of the mean variance."""
    variances = []
    for trial in given:
        for stranger in trial.strangers:
            if not compared(trial.relation.child, stranger.parent).all():
                continue
            matrix = compare(trial.relation.child, stranger.parent)
            for axis in (0, 1):
                values = [int(value) // matrix.shape[axis] for value in matrix.sum(axis=axis)]
                if len(values) > 1:
                    variances.append(scores.mean_deviation(values)[1] ** 2)
    return isqrt(sum(variances) // len(variances)) if variances else 0


def checked(relations: Sequence[Relation], known: Templates, space: str) -> list[str]:
    """Likeness as one half of the families says it, found in the other half; no family is in both."""
    fitted, others = (trials(half) for half in halves(relations))
    try:
        calibration = calibrated(fitted, outcome(fitted, by_face(known)), by_face(known), "half", space)
        found = outcome(others, by_face(known))
    except FacesError:
        return ["Too few families to fit likeness to one half and check it in the other."]
    heading = f"Likeness fitted to {len(fitted)} pairs, and found in {len(others)} of other families:"
    return [heading, "", *reliability(calibration, found.parents_one, found.strangers_one)]


def reliability(calibration: Calibration, parents: scores.Scores, strangers: scores.Scores) -> list[str]:
    """Said beside found: in each range of likeness, how many were parents if both kinds were equally many."""
    lines = ["| likeness said | parents | strangers | found |", "|---|---|---|---|"]
    said = [np.array([calibration.permille(int(value)) for value in values]) for values in (parents, strangers)]
    for low, high in pairwise(BINS):
        inside = [int(((values >= low) & (values < high)).sum()) for values in said]
        shares = [Fraction(count, len(values)) for count, values in zip(inside, said, strict=True)]
        found = f"{float(100 * shares[0] / sum(shares)):.0f} %" if sum(shares) else "–"
        lines.append(f"| {low / 10:g} to {min(high, 1000) / 10:g} % | {inside[0]} | {inside[1]} | {found} |")
    return lines


def row(name: str, found: Outcome) -> str:
    def area(parents: scores.Scores, strangers: scores.Scores) -> str:
        value = scores.auc(parents, strangers)
        return f"{float(value):.3f} ± {scores.auc_error(value, len(parents), len(strangers)):.3f}"

    shares = []
    for share in (found.first, found.three):
        low, high = scores.wilson(share, max(1, found.full))
        shares.append(f"{float(100 * share):.0f} % ({100 * low:.0f} to {100 * high:.0f})" if found.full else "–")
    one, mean = area(found.parents_one, found.strangers_one), area(found.parents_mean, found.strangers_mean)
    return f"| {name} | {one} | {mean} | {shares[0]} | {shares[1]} |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the calibration for `bitfast-faces kin`")
    given = parser.parse_args(arguments)
    try:
        relations = read(given.folder)
        engine = Engine.open()
        known = templates(engine, [path for one in relations for path in (*one.parent, *one.child)])
        usable = with_faces(relations, known)
        if len({relation.family for relation in usable}) < 2:
            advice = "Give a folder of larger pictures."
            raise FacesError("Measuring kinship.", f"Faces were found in {len(known.faces)} pictures only.", advice)
        print(report(usable, known, engine.space, given.folder.name, given.write))
    except FacesError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def report(given: Sequence[Relation], known: Templates, space: str, name: str, write: Path | None) -> str:
    relations = across_photos(given)
    same = sum(int((~compared(one.child, one.parent)).sum()) for one in given)
    drawn = trials(relations)
    by_faces = outcome(drawn, by_face(known))
    source = f"{name}: {len(relations)} pairs of parent and child, one photo each, never cut from the same"
    calibration = calibrated(drawn, by_faces, by_face(known), source, space)
    lines = [
        f"{len(relations)} pairs of parent and child; {len(known.faces)} pictures, {len(known.missed)} without a face.",
        f"Left out: {same} pairs of pictures cut from one photo; {len(given) - len(relations)} parents and children "
        "who have no others.",
        f"Among ten: {by_faces.full} children with nine strangers each.",
        "",
        "| by | AUC, one photo each | AUC, all photos | parent first of ten | among the first three |",
        "|---|---|---|---|---|",
        row("face", by_faces),
        row("twelve colour numbers", outcome(drawn, by_colour(known))),
        "| chance | 0.5 | 0.5 | 10 % | 30 % |",
        "",
        *checked(relations, known, space),
    ]
    if write is not None:
        write.write_text(text(calibration), encoding="utf-8")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
