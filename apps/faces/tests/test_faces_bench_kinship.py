"""What bench/faces measures of kinship holds on made families, and its folders are read in their layouts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.faces import kinship, scores
from bench.faces.kinship import STRANGERS, by_colour, by_face, halves, outcome, trials, with_faces
from bench.faces.kinship_data import Relation, read
from bench.faces.pictures import Templates
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.kin.calibration import Calibration, load
from faces_kin_people import template
from faces_pictures import encoded, portrait


def kinship_folder(folder: Path, layout: str) -> None:
    def put(*names: str) -> None:
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode())

    if layout == "table":
        put("f1/maria/1.jpg", "f1/maria/2.jpg", "f1/anna.jpg", "f2/olga.png", "f2/ivan.png")
        rows = ["parent,child,family", "f1/maria,f1/anna.jpg,1", "f2/olga.png,f2/ivan.png,2"]
        (folder / "kinship.csv").write_text("\n".join(rows))
    elif layout == "KinFaceW":
        put(*(f"images/mother-dau/md_00{n}_{m}.jpg" for n in (1, 2) for m in (1, 2)), "images/father-son/fs_001_1.jpg")
    else:
        for family in ("F0001", "F0002"):
            put(f"FIDs/{family}/MID1/a.jpg", f"FIDs/{family}/MID2/b.jpg", f"FIDs/{family}/MID3/c.jpg")
            rows = ["MID,1,2,3,Gender,Name", "1,0,4,5,f,x", "2,1,0,1,m,y", "3,5,4,0,m,z"]
            (folder / "FIDs" / family / "mid.csv").write_text("\n".join(rows))


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("table", [("1.jpg 2.jpg", "anna.jpg", "1"), ("olga.png", "ivan.png", "2")]),
        (
            "KinFaceW",
            [
                ("md_001_1.jpg", "md_001_2.jpg", "mother-dau/md_001"),
                ("md_002_1.jpg", "md_002_2.jpg", "mother-dau/md_002"),
            ],
        ),
        ("FIW", [(parent, "b.jpg", family) for family in ("F0001", "F0002") for parent in ("a.jpg", "c.jpg")]),
    ],
)
def test_kinship_folders_are_read_in_their_layouts(
    tmp_path: Path, layout: str, expected: list[tuple[str, str, str]]
) -> None:
    kinship_folder(tmp_path, layout)
    found = [
        (" ".join(path.name for path in one.parent), " ".join(path.name for path in one.child), one.family)
        for one in read(tmp_path)
    ]
    assert found == expected


@pytest.mark.parametrize(
    "row", ["f1/maria,../../x.jpg,1", "f1/none.jpg,f1/anna.jpg,1", "f1/maria,,1", "f1/maria,f1/anna.jpg,"]
)
def test_a_line_of_a_kinship_table_that_does_not_fit_is_told(tmp_path: Path, row: str) -> None:
    kinship_folder(tmp_path, "table")
    with (tmp_path / "kinship.csv").open("a") as file:
        file.write(f"\n{row}\n")
    with pytest.raises(FacesError, match="Line 4"):
        read(tmp_path)


def test_a_folder_without_families_is_told(tmp_path: Path) -> None:
    with pytest.raises(FacesError, match="fewer than two families"):
        read(tmp_path)


def families(count: int, lean: int, photos: int = 2, tint: bool = False) -> tuple[tuple[Relation, ...], Templates]:
    """Families whose child leans towards the parent; with `tint` they share the colours of their pictures."""
    faces: dict[Path, NDArray[np.int16]] = {}
    colours: dict[Path, NDArray[np.int64]] = {}
    relations = []
    generator = np.random.default_rng(7)
    for family in range(count):
        colour = generator.integers(0, 256, 12)
        made = []
        for who, toward in (("p", ()), ("c", ((f"{family}p", lean),) if lean else ())):
            paths = tuple(Path(f"{family}/{who}{number}.jpg") for number in range(photos))
            for path in paths:
                faces[path] = template(str(path), (f"{family}{who}", 2), *toward)
                colours[path] = colour if tint else generator.integers(0, 256, 12)
            made.append(paths)
        relations.append(Relation(made[0], made[1], str(family)))
    return tuple(relations), Templates(faces, colours, ())


def test_families_that_resemble_are_found_and_families_that_do_not_are_chance() -> None:
    relations, known = families(60, lean=1)
    found = outcome(trials(relations), by_face(known))
    assert found.full == 60
    assert found.first > Fraction(4, 5)
    assert (
        scores.auc(found.parents_mean, found.strangers_mean) > scores.auc(found.parents_one, found.strangers_one) - 0.01
    )
    relations, known = families(60, lean=0)
    found = outcome(trials(relations), by_face(known))
    assert abs(float(scores.auc(found.parents_one, found.strangers_one)) - 0.5) < 0.1
    assert found.first < Fraction(1, 4)


def test_pairs_cut_from_one_photo_are_given_away_by_their_colours() -> None:
    relations, known = families(40, lean=0, tint=True)
    by_light = outcome(trials(relations), by_colour(known))
    assert by_light.first == 1
    assert scores.auc(by_light.parents_one, by_light.strangers_one) == 1
    relations, known = families(40, lean=0)
    by_chance = outcome(trials(relations), by_colour(known))
    assert by_chance.first < Fraction(1, 3)


def test_where_all_are_equal_the_parent_is_first_once_in_ten() -> None:
    relations, _ = families(12, lean=0)
    found = outcome(trials(relations), lambda first, second: np.zeros((len(first), len(second)), np.int64))
    assert (found.first, found.three) == (Fraction(1, 10), Fraction(3, 10))


def test_strangers_are_nine_of_other_families_and_the_same_whatever_the_order() -> None:
    relations, _ = families(15, lean=0)
    drawn = {trial.relation: trial.strangers for trial in trials(relations)}
    assert all(len(set(strangers)) == STRANGERS for strangers in drawn.values())
    assert all(one.family not in {other.family for other in strangers} for one, strangers in drawn.items())
    assert {trial.relation: trial.strangers for trial in trials(relations[::-1])} == drawn
    couples = [replace(one, family=str(number // 2)) for number, one in enumerate(relations)]
    assert all(other.family != trial.relation.family for trial in trials(couples) for other in trial.strangers)
    grouped = [replace(one, group=str(number % 3)) for number, one in enumerate(relations)]
    assert all(other.group == trial.relation.group for trial in trials(grouped) for other in trial.strangers)


def test_a_calibration_from_a_folder_says_what_is_found(tmp_path: Path) -> None:
    relations, known = families(150, lean=1, photos=3)
    said = kinship.report(relations, known, "feed", "made", tmp_path / "out.json")
    calibration = load(tmp_path / "out.json")
    assert calibration.space == "feed"
    assert "made: 150 pairs" in calibration.source
    assert not calibration.rough
    found = outcome(trials(relations), by_face(known))
    assert calibration.mean == scores.mean_deviation(found.strangers_one)[0]
    assert calibration.auc == pytest.approx(float(scores.auc(found.parents_one, found.strangers_one)), abs=1e-3)
    assert "Left out: 0 pairs of pictures cut from one photo; 0 parents and children who have no others." in said
    assert "| twelve colour numbers | 0." in said


def test_likeness_is_checked_in_families_that_it_was_not_fitted_to() -> None:
    relations, known = families(150, lean=1, photos=3)
    fitted, others = halves(relations)
    assert {one.family for one in fitted} & {one.family for one in others} == set()
    assert len(fitted) == len(others) == 75
    # In the other half parents look like strangers do: what was fitted to the first half is found to be wrong.
    astray = {path: template(f"x{path}") for one in others for path in one.parent}
    lines = kinship.checked(relations, replace(known, faces=known.faces | astray), "feed")
    assert lines[0] == "Likeness fitted to 75 pairs, and found in 75 of other families:"
    *_, highest = (line for line in lines if not line.endswith("| – |"))
    assert int(highest.split("|")[2]) <= 5  # parents said to be likely, of whom the first half has dozens
    honest = [line for line in kinship.checked(relations, known, "feed") if line.startswith("| 70 to 100 %")]
    assert int(honest[0].split("|")[2]) >= 20
    assert kinship.checked(relations[:2], known, "feed") == [
        "Too few families to fit likeness to one half and check it in the other."
    ]


def test_a_spread_that_nobody_measured_is_called_rough(tmp_path: Path) -> None:
    relations, known = families(30, lean=1, photos=1)
    kinship.report(relations, known, "feed", "made", tmp_path / "out.json")
    calibration = load(tmp_path / "out.json")
    assert calibration.rough and "not measured: how far photos of one person differ" in calibration.source


def from_one_photo(count: int) -> tuple[tuple[Relation, ...], Templates]:
    """Families in the Wild's names; parent and child are like strangers, but where they stand in one photo its light
    makes them alike, and that photo comes first."""
    faces, colours, relations = {}, {}, []
    for family in range(count):
        shared = Path(f"F{family}/MID1/P1_face0.jpg"), Path(f"F{family}/MID2/P1_face1.jpg")
        own = Path(f"F{family}/MID1/P7_face0.jpg"), Path(f"F{family}/MID2/P9_face0.jpg")
        for path in (*shared, *own):
            faces[path] = template(str(path), *([(f"light {family}", 2)] if path in shared else []))
            colours[path] = np.full(12, family)
        relations.append(Relation((shared[0], own[0]), (shared[1], own[1]), str(family)))
    return tuple(relations), Templates(faces, colours, ())


def test_faces_cut_from_one_photo_are_not_compared(tmp_path: Path) -> None:
    relations, known = from_one_photo(60)
    found = outcome(trials(relations), by_face(known))
    for parents, strangers in ((found.parents_one, found.strangers_one), (found.parents_mean, found.strangers_mean)):
        assert abs(float(scores.auc(parents, strangers)) - 0.5) < 0.1
    alone = Relation(relations[0].parent[:1], relations[0].child[:1], "alone")
    said = kinship.report((*relations, alone), known, "feed", "made", tmp_path / "out.json")
    assert "Left out: 61 pairs of pictures cut from one photo; 1 parents and children who have no others." in said
    assert "made: 60 pairs" in load(tmp_path / "out.json").source


def test_families_without_a_stranger_are_told() -> None:
    relations, known = families(2, lean=0)
    apart = [replace(one, group=one.family) for one in relations]
    with pytest.raises(FacesError, match="no stranger"):
        outcome(trials(apart), by_face(known))


def test_likeness_counts_what_it_says_it_counts() -> None:
    # Scores as the model has them; in every range of likeness, parents are as many as was said.
    generator = np.random.default_rng(3)
    strangers = (generator.standard_normal(200_000) * 1e6).astype(np.int64)
    parents = (generator.standard_normal(20_000) * 1e6 + 0.7e6).astype(np.int64)
    mean, deviation = scores.mean_deviation(strangers)
    calibration = Calibration(float(scores.auc(parents, strangers)), mean, deviation, 1, "made")
    for low, high in ((400, 450), (500, 550), (600, 700)):
        inside = [
            np.mean([low <= calibration.permille(int(value)) < high for value in values[:5_000]])
            for values in (parents, strangers)
        ]
        assert low - 30 <= 1000 * inside[0] / (inside[0] + inside[1]) <= high + 30


def test_pictures_without_a_face_leave_their_person_with_the_others() -> None:
    relations, known = families(3, lean=0)
    first, second = relations[0], relations[1]
    gone = {first.parent[0], *second.child}
    left = with_faces(relations, replace(known, faces={path: t for path, t in known.faces.items() if path not in gone}))
    assert left[0].parent == first.parent[1:]
    assert second.family not in {one.family for one in left}


def test_a_kinship_folder_is_measured_end_to_end(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, pixels in [("p1", portrait()), ("c1", portrait()[:, ::-1]), ("p2", portrait() // 2), ("c2", portrait())]:
        (tmp_path / f"{name}.png").write_bytes(encoded(np.ascontiguousarray(pixels), "PNG"))
    (tmp_path / "kinship.csv").write_text("parent,child,family\np1.png,c1.png,one\np2.png,c2.png,two\n")
    assert kinship.main([str(tmp_path), "--write", str(tmp_path / "out.json")]) == 0
    said = capsys.readouterr().out
    assert "2 pairs of parent and child; 4 pictures, 0 without a face." in said
    assert "Among ten: 0 children" in said
    assert load(tmp_path / "out.json").space == engine.space
    assert kinship.main([str(tmp_path / "none")]) == 2
    assert "fewer than two families" in capsys.readouterr().err
