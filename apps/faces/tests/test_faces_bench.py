"""What bench/faces measures is held to scikit-learn and to definitions written out; its folders are made by script."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score, roc_curve  # type: ignore[import-untyped]

from bench.faces import accuracy, kinship, scores, spread
from bench.faces.accuracy import LOWEST, Pair, evaluate, pair_scores, read_pairs
from bench.faces.kinship import STRANGERS, by_colour, by_face, outcome, reliability, trials, with_faces
from bench.faces.kinship_data import Relation, read
from bench.faces.pictures import Templates, templates
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.kin.calibration import Calibration, load
from bitfast_faces.matching import THRESHOLD
from faces_kin_people import template
from faces_pictures import encoded, noise, portrait

Scores = NDArray[np.int64]
numbers = st.lists(st.integers(-20, 20), min_size=1, max_size=40).map(lambda values: np.array(values, np.int64))


def both(same: Scores, different: Scores) -> tuple[NDArray[np.bool_], Scores]:
    return np.repeat([True, False], [len(same), len(different)]), np.concatenate([same, different])


@given(numbers, numbers)
def test_the_area_is_scikit_learns(same: Scores, different: Scores) -> None:
    assert float(scores.auc(same, different)) == pytest.approx(roc_auc_score(*both(same, different)), abs=1e-12)


@given(numbers, numbers, st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(1, 3), Fraction(1)]))
def test_the_threshold_for_a_false_acceptance_rate_is_the_lowest_that_keeps_it(
    same: Scores, different: Scores, far: Fraction
) -> None:
    found = scores.at_far(same, different, far)
    assert found.wrongly <= far
    if far < 1:
        assert scores.rate(same, different, found.threshold - 1).wrongly > far
    wrong, right, _ = roc_curve(*both(same, different), drop_intermediate=False)
    best = max(share for share, false in zip(right, wrong, strict=True) if false <= float(far) + 1e-12)
    assert float(found.accepted) == pytest.approx(best) or far == 1


@given(numbers, numbers)
def test_at_the_equal_error_rate_the_two_errors_are_nearest(same: Scores, different: Scores) -> None:
    found = scores.equal_error(same, different)
    gaps = [
        abs(1 - rate.accepted - rate.wrongly)
        for rate in (scores.rate(same, different, int(t)) for t in {*same.tolist(), *different.tolist()})
    ]
    assert abs(1 - found.accepted - found.wrongly) == min(gaps)


@given(numbers, numbers)
def test_no_threshold_has_more_right_answers_than_the_best(same: Scores, different: Scores) -> None:
    labels, values = both(same, different)
    right = [int(((values >= t) == labels).sum()) for t in range(-22, 23)]
    for order in (slice(None), slice(None, None, -1)):  # no order of equal scores promises more than there is
        best = scores.best_threshold(values[order], labels[order])
        assert int(((values >= best) == labels).sum()) == max(right)


def test_a_fold_never_sees_its_own_threshold() -> None:
    # 0 would be best for both folds together; the second alone says 10, which is wrong for the first one's same pairs.
    values = np.array([1, 2, -1, -2, 11, 9], np.int64)
    found = scores.cross_validated(
        values, np.array([True, True, False, False, True, False]), np.array([0, 0, 0, 0, 1, 1])
    )
    assert found.thresholds == (10, 0)
    assert found.accuracies == (Fraction(1, 2), Fraction(1, 2))
    mixed = scores.Folds((Fraction(1, 2), Fraction(1), Fraction(3, 4)), (0, 0, 0))
    assert mixed.mean == Fraction(3, 4)
    assert mixed.deviation == pytest.approx(np.std([0.5, 1, 0.75], ddof=1))
    assert mixed.error == pytest.approx(mixed.deviation / 3**0.5)


def test_intervals_are_wilsons() -> None:
    low, high = scores.wilson(Fraction(1, 2), 100)
    assert (round(low, 4), round(high, 4)) == (0.4038, 0.5962)  # Brown, Cai, DasGupta 2001, the same formula by hand
    assert scores.wilson(Fraction(0), 10)[0] == 0


@settings(max_examples=20)
@given(st.lists(st.integers(-(2**31), 2**31), min_size=2, max_size=30))
def test_mean_and_deviation_are_exact_and_rounded_down(values: list[int]) -> None:
    mean, deviation = scores.mean_deviation(values)
    exact = Fraction(sum(values), len(values))
    variance = sum((value - exact) ** 2 for value in values) / (len(values) - 1)
    assert mean <= exact < mean + 1
    assert deviation**2 <= variance < (deviation + 1) ** 2


def lfw(folder: Path, lines: Sequence[str], head: str = "2\t1") -> Path:
    for name, count in [("Anna_A", 3), ("Maria_M", 2)]:
        for number in range(1, count + 1):
            path = folder / name / f"{name}_{number:04}.jpg"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"")
    (folder / "pairs.txt").write_text("\n".join([head, *lines]) + "\n")
    return folder / "pairs.txt"


LINES = ["Anna_A\t1\t2", "Anna_A\t1\tMaria_M\t1", "Anna_A\t2\t3", "Anna_A\t3\tMaria_M\t2"]


def test_pairs_are_read_fold_by_fold(tmp_path: Path) -> None:
    pairs = read_pairs(tmp_path, lfw(tmp_path, LINES))
    assert [(pair.same, pair.fold) for pair in pairs] == [(True, 0), (False, 0), (True, 1), (False, 1)]
    assert [pairs[3].first.name, pairs[3].second.name] == ["Anna_A_0003.jpg", "Maria_M_0002.jpg"]
    alone = read_pairs(tmp_path, lfw(tmp_path, LINES * 5, head="1"))  # LFW's older heads leave out the ten folds
    assert {pair.fold for pair in alone} == set(range(10))


@pytest.mark.parametrize(
    ("lines", "head", "said"),
    [
        (LINES[:3], "2 1", "It has 3 pairs, its first line says 4"),
        (LINES, "x", "says 0"),
        ([*LINES[:3], "Anna_A 1"], "2 1", "Pair 4 is Anna_A 1"),
        ([*LINES[:3], "Anna_A one two"], "2 1", "Pair 4 is Anna_A one two"),
        ([*LINES[:3], "Anna_A 1 4"], "2 1", "names a picture that is not there"),
        ([*LINES[:3], "../x 1 2"], "2 1", "names a picture that is not there"),
    ],
)
def test_a_pairs_file_that_does_not_fit_is_told(tmp_path: Path, lines: list[str], head: str, said: str) -> None:
    with pytest.raises(FacesError, match=said):
        read_pairs(tmp_path, lfw(tmp_path, lines, head))


def test_a_pair_without_a_face_counts_as_different() -> None:
    paths = [Path(name) for name in "abc"]
    known = Templates({paths[0]: template("a"), paths[1]: template("a")}, {}, (paths[2],))
    pairs = [Pair(paths[0], paths[1], True, 0), Pair(paths[0], paths[2], True, 0)]
    values = pair_scores(pairs, known)
    assert values[0] > THRESHOLD
    assert values[1] == LOWEST


def test_a_report_of_known_scores_has_their_figures() -> None:
    generator = np.random.default_rng(1)
    pairs = [Pair(Path("a"), Path("b"), bool(n % 2), n // 200) for n in range(2000)]
    values = generator.integers(0, 1000, 2000) + np.array([400 * pair.same for pair in pairs])
    report = evaluate(pairs, values)
    same = np.array([pair.same for pair in pairs])
    assert float(report.area) == pytest.approx(roc_auc_score(same, values))
    assert report.far[Fraction(1, 100)].wrongly == Fraction(10, 1000)
    assert 0.6 < report.folds.mean < 0.8
    table = accuracy.table(report, Templates({}, {}, ()))
    assert f"| TAR at FAR 0.01 | {float(100 * report.far[Fraction(1, 100)].accepted):.2f} %" in table
    written = json.loads(accuracy.document(report, "feed"))
    assert written["thresholds"]["0.01"]["threshold"] == report.far[Fraction(1, 100)].threshold


def test_a_folder_of_pictures_is_measured_end_to_end(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "Astronaut_A"
    folder.mkdir()
    for number, pixels in enumerate([portrait(), portrait()[:, ::-1], portrait()[:400, 60:460]], 1):
        (folder / f"Astronaut_A_{number:04}.jpg").write_bytes(encoded(np.ascontiguousarray(pixels), "JPEG", quality=88))
    other = tmp_path / "Noise_N"
    other.mkdir()
    (other / "Noise_N_0001.jpg").write_bytes(encoded(noise(128, 128), "JPEG"))
    lines = [f"Astronaut_A {a} {b}" for a, b in ((1, 2), (1, 3))]
    lines = [lines[0], "Astronaut_A 1 Noise_N 1", lines[1], "Astronaut_A 2 Noise_N 1"]
    (tmp_path / "pairs.txt").write_text("\n".join(["2 1", *lines]))
    arguments = [str(tmp_path), str(tmp_path / "pairs.txt"), "--write", str(tmp_path / "out.json")]
    assert accuracy.main(arguments) == 0
    said = capsys.readouterr().out
    assert "2 same and 2 different pairs of 3 pictures; no face in 1 more" in said
    assert "| accuracy, 2 folds | 100.00 %" in said
    assert json.loads((tmp_path / "out.json").read_text())["space"] == engine.space
    assert spread.main([str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "3 faces of 1 people" in said
    assert "Similarity of 3 pairs of one person: 0.9" in said
    assert spread.main([str(other)]) == 2
    assert accuracy.main([str(tmp_path), str(tmp_path / "none.txt")]) == 2
    assert "Reading the pairs" in capsys.readouterr().err


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


def test_a_picture_cut_to_the_face_is_tried_again_with_a_border(engine: Engine, tmp_path: Path) -> None:
    face = engine.detect(portrait())[0].box
    left, top, right, bottom = face.pixels
    path = tmp_path / "cut.png"
    cut = np.ascontiguousarray(portrait()[top + 15 : bottom - 15, left + 15 : right - 15])
    assert not engine.detect(cut)
    path.write_bytes(encoded(cut, "PNG"))
    (tmp_path / "broken.png").write_bytes(b"no picture")
    found = templates(engine, [path, tmp_path / "broken.png"])
    assert set(found.faces) == {path}
    assert found.missed == (tmp_path / "broken.png",)


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
    found = outcome(trials(relations), by_face(known))
    assert calibration.mean == scores.mean_deviation(found.strangers_one)[0]
    assert calibration.auc == pytest.approx(float(scores.auc(found.parents_one, found.strangers_one)), abs=1e-3)
    for line in reliability(calibration, found.parents_one, found.strangers_one):
        assert line in said
    assert "| twelve colour numbers | 0." in said


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
