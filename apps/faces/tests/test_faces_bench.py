"""What bench/faces measures is held to scikit-learn and to definitions written out; its folders are made by script."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score, roc_curve  # type: ignore[import-untyped]

from bench.faces import accuracy, scores, spread
from bench.faces.accuracy import LOWEST, Pair, evaluate, pair_scores, read_pairs
from bench.faces.pictures import Templates, templates
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
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
        (LINES[:2], "1 1", "It has one fold"),
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
