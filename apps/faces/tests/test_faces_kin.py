"""A child's relatives are ranked in integers; what a likeness claims is what was measured, and not more."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from scipy.stats import binom, norm  # type: ignore[import-untyped]

from bitfast_faces.errors import FacesError
from bitfast_faces.kin import DEFAULT, MEANING, ROUGH_MEANING, STATEMENT, Calibration, Person, Resemblance, load, rank
from bitfast_faces.kin.calibration import ONE, separation, text
from bitfast_faces.kin.document import document
from bitfast_faces.kin.document import text as json_text
from bitfast_faces.kin.ranking import PRIOR
from bitfast_faces.kin.records import span
from faces_kin_people import person, photo, template

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "kin.schema.json").read_text())
WIDE = Calibration(auc=0.64, mean=ONE // 2, deviation=ONE // 8, photo_deviation=ONE // 50, source="a test")


def family() -> tuple[Person, list[Person]]:
    child = person("anna", 3, ("maria", 2), ("peter", 1))
    relatives = [person("peter", 4), person("maria", 2, role="mother"), person("olga", 3, ("maria", 1))]
    return child, relatives


@pytest.mark.parametrize("auc", [0.5, 0.51, 0.64, 0.9, 0.999])
def test_the_separation_is_that_of_the_binormal_model(auc: float) -> None:
    assert separation(auc) == pytest.approx(2**0.5 * norm.ppf(auc), abs=1e-12)


@pytest.mark.parametrize(("places", "share"), [(1, 0.20), (3, 0.48)])
def test_the_model_puts_the_true_parent_among_ten_where_the_documentation_says(places: int, share: float) -> None:
    x = np.linspace(-9, 9, 20_001)
    density = norm.pdf(x - separation(0.64)) * (x[1] - x[0])
    above = sum(binom.pmf(k, 9, norm.sf(x)) for k in range(places))
    assert (density * above).sum() == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize("z", [-3, -2, -1, 0, 0.5, 1, 2, 3])
def test_likeness_is_the_share_of_parents_among_equally_many_of_both(z: float) -> None:
    distance = 2**0.5 * norm.ppf(DEFAULT.auc)
    share = norm.pdf(z - distance) / (norm.pdf(z - distance) + norm.pdf(z))
    assert abs(DEFAULT.permille(DEFAULT.mean + round(z * DEFAULT.deviation)) - 1000 * share) <= 0.51


@given(st.integers(-ONE, ONE), st.integers(-ONE, ONE))
def test_more_alike_is_never_less_likeness(a: int, b: int) -> None:
    assert DEFAULT.permille(min(a, b)) <= DEFAULT.permille(max(a, b))


def test_beyond_three_deviations_no_more_is_claimed_than_at_three() -> None:
    edge = DEFAULT.mean + 3 * DEFAULT.deviation
    assert DEFAULT.permille(edge + DEFAULT.deviation) == DEFAULT.permille(edge) < 850


def test_an_area_of_one_half_or_less_shows_no_resemblance_at_all() -> None:
    blind = replace(DEFAULT, auc=0.5)
    assert {blind.permille(s) for s in range(-ONE, ONE, ONE // 9)} == {500}
    assert separation(0.3) == 0


def test_the_person_whom_the_child_leans_to_comes_first() -> None:
    child, relatives = family()
    ranked = rank(child, relatives, WIDE)
    assert [one.person.name for one in ranked.relatives] == ["maria", "peter", "olga"]
    assert [one.rank for one in ranked.relatives] == [1, 2, 3]
    assert ranked.relatives[0].person.role == "mother"


@given(st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_no_order_of_photos_or_people_changes_a_byte(shuffle: object) -> None:
    child, relatives = family()
    expected = json_text(rank(child, relatives, WIDE))

    def mixed(items: list[Person]) -> list[Person]:
        shuffle.shuffle(items)  # type: ignore[attr-defined]
        return items

    def turned(one: Person) -> Person:
        photos = list(one.photos)
        shuffle.shuffle(photos)  # type: ignore[attr-defined]
        return Person(one.name, tuple(photos), one.role)

    assert json_text(rank(turned(child), mixed([turned(one) for one in relatives]), WIDE)) == expected


def test_the_answer_has_these_bits_on_every_chip() -> None:
    child, relatives = family()
    ranked = [one for by in (WIDE, DEFAULT) for one in rank(child, relatives, by).relatives]
    figures = [[one.likeness, one.similarity, one.deviation, one.clear, one.pairs] for one in ranked]
    assert hashlib.sha256(repr(figures).encode()).hexdigest()[:16] == "a5a650221a50141f"


def scores(child: Person, other: Person) -> np.ndarray:
    rows, columns = (np.stack([p.template for p in sorted(one.photos, key=lambda p: p.key)]) for one in (child, other))
    return rows.astype(np.int64) @ columns.astype(np.int64).T


@pytest.mark.parametrize(("m", "n"), [(1, 1), (1, 4), (2, 1), (3, 5), (6, 6)])
def test_the_deviation_is_the_two_way_jackknife_shrunk_towards_the_calibration(m: int, n: int) -> None:
    child, other = person("c", m), person("o", n, ("c", 1))
    found = rank(child, [other], WIDE).relatives[0]
    matrix = scores(child, other)
    expected = 0.0
    for axis, count in ((1, m), (0, n)):
        means = matrix.mean(axis=axis)
        squares = ((means - means.mean()) ** 2).sum()
        expected += (PRIOR * WIDE.photo_deviation**2 + squares) / (PRIOR + count - 1) / count
    assert found.similarity == Fraction(int(matrix.sum()), m * n).__floor__()
    assert found.deviation == pytest.approx(expected**0.5, abs=1.5)
    half = 1.28155 * expected**0.5
    low, high = (WIDE.permille(round(found.similarity + sign * half)) for sign in (-1, 1))
    assert abs(found.likeness.low - low) <= 1
    assert abs(found.likeness.high - high) <= 1


@pytest.mark.parametrize(("m", "n"), [(2, 2), (4, 3)])
def test_the_range_holds_where_a_great_many_photos_lead_four_times_in_five(m: int, n: int) -> None:
    generator = np.random.default_rng(5)

    def photos(middle: np.ndarray, count: int) -> np.ndarray:
        vectors = middle + 0.4 * generator.standard_normal((count, 128)) / 128**0.5
        rounded: np.ndarray = np.rint(32767 * vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.int16)
        return rounded

    def somebody(name: str, rows: np.ndarray) -> Person:
        return Person(name, tuple(photo(f"{name}{number}", row) for number, row in enumerate(rows)))

    held = 0
    for _ in range(150):
        middles = generator.standard_normal((2, 128)) / 128**0.5
        crowds = [photos(middle, 60).astype(np.int64) for middle in middles]
        many = crowds[0] @ crowds[1].T
        moved = round(float(np.std([*many.mean(axis=0), *many.mean(axis=1)])))
        by = Calibration(auc=0.9, mean=0, deviation=ONE // 2, photo_deviation=moved, source="made")
        child, other = (
            somebody(name, photos(middle, k)) for name, middle, k in zip("co", middles, (m, n), strict=True)
        )
        likeness = rank(child, [other], by).relatives[0].likeness
        held += likeness.low <= by.permille(int(many.mean())) <= likeness.high
    assert 0.75 <= held / 150 <= 0.95


def test_fewer_photos_make_the_range_wider() -> None:
    child = person("c", 5)
    widths = []
    for photos in (1, 2, 5, 20):
        same = Person("o", tuple(photo(f"o{i}", template("o", ("c", 1))) for i in range(photos)))
        likeness = rank(child, [same], WIDE).relatives[0].likeness
        assert likeness.low <= likeness.permille <= likeness.high
        widths.append(likeness.high - likeness.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 1.2 * widths[-1]


def test_relatives_that_photos_cannot_tell_apart_are_said_to_be_about_equal() -> None:
    child = person("c", 3)
    twins = (
        Person(name, tuple(photo(f"{name}{i}", template(f"twin{i}", ("twin", 3), ("c", 2))) for i in range(3)))
        for name in ("a", "b")
    )
    first, second, third = rank(child, [*twins, person("z", 3)], WIDE).relatives
    assert (first.clear, second.clear, third.clear) == (False, True, True)


def test_pairs_cut_from_one_picture_do_not_count_where_there_are_others() -> None:
    both: dict[str, Any] = {"picture": "party.jpg", "faces": 2}
    alike = template("light")
    child = Person("c", (photo("c0", alike, face=0, **both), photo("c1", template("c"))))
    other = Person("o", (photo("o0", alike, face=1, **both), photo("o1", template("o"))))
    found = rank(child, [other], WIDE).relatives[0]
    assert len(found.pairs) == 3
    assert all(child.photos[0].digest != other.photos[0].digest or pair.similarity < ONE // 2 for pair in found.pairs)
    assert any("same picture" in note for note in found.notes)
    only = rank(Person("c", child.photos[:1]), [Person("o", other.photos[:1])], WIDE).relatives[0]
    assert len(only.pairs) == 1
    assert any("both" in note for note in only.notes)


def test_the_pairs_that_spoke_for_a_relative_are_told_most_alike_first() -> None:
    child, relatives = family()
    result = rank(child, relatives, WIDE)
    for relative in result.relatives:
        matrix = scores(result.child, relative.person)
        assert [pair.similarity for pair in relative.pairs] == sorted(matrix.ravel().tolist(), reverse=True)
        assert all(matrix[pair.child, pair.relative] == pair.similarity for pair in relative.pairs)


def test_a_child_and_a_relative_who_look_like_one_person_are_told() -> None:
    alike = template("one")
    child = Person("anna", (photo("party-1", alike), *person("anna", 2).photos))
    twice = Person("maria", (photo("crop", alike), *person("maria", 2).photos))
    notes = [" ".join(relative.notes) for relative in rank(child, [twice, person("olga", 3)]).relatives]
    assert ["party-1.jpg and crop.jpg look like one person" in note for note in notes] == [True, False]


def test_a_range_that_reaches_beyond_what_was_measured_says_so() -> None:
    def spoken(similarity: int) -> tuple[str, str]:
        by = replace(DEFAULT, mean=DEFAULT.mean - similarity)  # unrelated templates: their similarity is about 0
        relative = rank(ANNA, [MARIA], by).relatives[0]
        return span(relative.likeness), " ".join(relative.notes)

    anna, maria = ANNA.photos[0].template.astype(np.int64), MARIA.photos[0].template.astype(np.int64)
    own = int(anna @ maria) - DEFAULT.mean
    away = DEFAULT.deviation
    shown, note = spoken(-own + 9 * away)
    assert shown == "80 % or more" and "80 % is the most that this calibration says" in note
    shown, note = spoken(-own - 9 * away)
    assert shown == "16 % or less" and "16 % is the least that this calibration says" in note
    shown, note = spoken(-own)
    assert re.fullmatch(r"\d\d to \d\d %", shown) and "this calibration" not in note


def test_poor_and_few_photos_are_told() -> None:
    child, relatives = family()
    blurred = replace(child.photos[0], usable=False, reasons=("the face is blurred",))
    notes = " ".join(rank(Person("anna", (blurred, *child.photos[1:])), relatives).notes)
    assert "blurred" in notes
    assert "maria" in notes
    assert "peter" not in notes


ANNA, MARIA = person("anna", 1), person("maria", 1)


@pytest.mark.parametrize(
    ("relatives", "said"),
    [
        ([], "nobody to compare"),
        ([Person("maria", ())], "maria has no photo"),
        ([MARIA, Person("maria", person("x", 1).photos)], "Two people are called maria"),
        ([Person("anna", MARIA.photos)], "Two people are called anna"),
        ([Person("maria", ANNA.photos)], "given twice: anna-0.jpg"),
        ([Person("maria", MARIA.photos * 2)], "given twice: maria-0.jpg"),
        ([person("maria", 101)], "101 photos"),
    ],
)
def test_what_cannot_be_ranked_is_told_in_words(relatives: list[Person], said: str) -> None:
    with pytest.raises(FacesError, match=said):
        rank(ANNA, relatives)


def schema_errors(result: Resemblance) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document(result))]


def test_the_document_is_what_its_schema_says() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    child, relatives = family()
    result = rank(child, relatives)
    assert schema_errors(result) == []
    assert schema_errors(replace(result, statement="")) != []
    broken = document(result) | {"folder": "/home"}
    assert list(Draft202012Validator(SCHEMA).iter_errors(broken)) != []


def test_the_document_says_that_likeness_is_not_kinship() -> None:
    child, relatives = family()
    said = document(rank(child, relatives))
    assert "not kinship" in said["statement"]
    assert said["statement"] == STATEMENT
    assert "0.64" in said["calibration"]


def test_figures_that_rest_on_rough_spreads_say_so_wherever_they_are_shown() -> None:
    child, relatives = family()
    assert DEFAULT.rough
    assert rank(child, relatives).meaning == ROUGH_MEANING
    assert document(rank(child, relatives))["meaning"] == ROUGH_MEANING
    assert rank(child, relatives, WIDE).meaning == MEANING


def test_a_calibration_reads_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(text(WIDE))
    assert load(path) == WIDE
    path.write_text(text(DEFAULT))
    assert load(path) == DEFAULT


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        ("{", "not JSON"),
        ("[]", "does not say"),
        (text(WIDE).replace("calibration 1", "calibration 2"), "does not say"),
        (text(WIDE).replace('"mean"', '"men"'), "lacks.*mean"),
        (text(WIDE).replace("0.64", "1.5"), "auc is 1.5"),
        (text(WIDE).replace("0.64", "NaN"), "auc is nan"),
        (text(replace(WIDE, deviation=0)), "out of range"),
        (text(WIDE).replace("false", '"no"'), "another type: rough"),
        (text(replace(WIDE, photo_deviation=-1)), "out of range"),
    ],
)
def test_a_file_that_is_no_calibration_is_told_in_words(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "calibration.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(FacesError, match=said):
        load(path)
