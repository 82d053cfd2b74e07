"""Reads kinship folders in three layouts: pairs of a table, KinFaceW's names, Families in the Wild's tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.faces.pictures import SUFFIXES
from bitfast_faces.errors import FacesError

ADVICE = (
    "Give a folder with kinship.csv (columns parent, child, family: pictures or folders of them), "
    "KinFaceW's images/mother-dau/md_001_1.jpg …, or Families in the Wild's F0001/mid.csv and F0001/MID1/."
)


@dataclass(frozen=True)
class Relation:
    """A parent and a child with their pictures. Strangers are drawn from the same `group` and other families."""

    parent: tuple[Path, ...]
    child: tuple[Path, ...]
    family: str
    group: str = ""


def read(folder: Path) -> tuple[Relation, ...]:
    """The relations in a folder, in a fixed order. FacesError where no layout fits or too few families are there."""
    tried = f"Reading the kinship folder {folder}."
    try:
        table = (folder / "kinship.csv").is_file()
        found = list(_table(folder)) if table else [*_kinfacew(folder), *_families(folder)]
    except (OSError, ValueError, csv.Error) as error:
        raise FacesError(tried, str(error), ADVICE) from error
    usable = [relation for relation in found if relation.parent and relation.child]
    if len({relation.family for relation in usable}) < 2:
        raise FacesError(tried, f"It has {len(usable)} pairs of parent and child of fewer than two families.", ADVICE)
    return tuple(
        sorted(usable, key=lambda relation: (relation.group, relation.family, relation.parent, relation.child))
    )


def origin(path: Path) -> tuple[Path, str]:
    """The photo that a picture was cut from, as far as names tell: Families in the Wild's MID1/P00001_face0.jpg and
    MID2/P00001_face1.jpg are of one; any other picture is its own."""
    match = re.fullmatch(r"(P\d+)_face\d+", path.stem)
    return (path.parent.parent, match[1]) if match else (path.parent, path.name)


def _pictures(place: Path) -> tuple[Path, ...]:
    if place.is_file():
        return (place,)
    return tuple(path for path in sorted(place.glob("*")) if path.suffix.lower() in SUFFIXES)


def _table(folder: Path) -> Iterator[Relation]:
    """kinship.csv: parent, child, family and, if wanted, group; paths are relative to the folder and stay inside."""
    with (folder / "kinship.csv").open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            said = [row.get(name) or "" for name in ("parent", "child", "family")]
            places = [folder / part for part in said[:2]]
            inside = all(place.resolve().is_relative_to(folder.resolve()) and place.exists() for place in places)
            if not all(said) or not inside:
                raise ValueError(
                    f"Line {number} of kinship.csv does not name a parent, a child (both here) and a family."
                )
            yield Relation(_pictures(places[0]), _pictures(places[1]), said[2], row.get("group") or "")


def _kinfacew(folder: Path) -> Iterator[Relation]:
    """KinFaceW-I and -II: images/father-dau/fd_001_1.jpg is the parent, fd_001_2.jpg the child."""
    for parent in sorted(folder.glob("**/*-*/??_*_1.jpg")):
        match = re.fullmatch(r"([fm][ds]_\d+)_1", parent.stem)
        child = parent.with_name(f"{match[1]}_2.jpg") if match else None
        if child is not None and child.is_file() and match:
            yield Relation((parent,), (child,), f"{parent.parent.name}/{match[1]}", parent.parent.name)


def _families(folder: Path) -> Iterator[Relation]:
    """Families in the Wild: in F0001/mid.csv row and column are members; 4 says that the row is the column's parent."""
    for file in sorted(folder.glob("**/mid.csv")):
        with file.open(newline="", encoding="utf-8-sig") as opened:
            rows = [[cell.strip() for cell in row] for row in csv.reader(opened)]
        if not rows:
            continue
        members = {place: cell for place, cell in enumerate(rows[0]) if cell.isdecimal()}
        pictures = {number: _pictures(file.parent / f"MID{number}") for number in members.values()}
        for row in rows[1:]:
            for place, number in members.items():
                if place < len(row) and row[place] == "4" and row[0] in pictures:
                    yield Relation(pictures[row[0]], pictures[number], file.parent.name)
