"""Templates are compared exactly, and nobody is twice in a picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bitfast_faces import matching
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import ONE, THRESHOLD, assign, checked, percent, similarities, similarity
from bitfast_faces.store.index import NEAR, Candidate, Index, candidates, rejected
from faces_stores import pictures_of, rounded, strangers

SOME = settings(max_examples=25, deadline=None)
DIRECTIONS = arrays.arrays(np.float64, (3, 128), elements=st.floats(-1, 1).map(lambda x: x or 0.5))


@SOME
@given(DIRECTIONS)
def test_similarities_are_the_sums_of_python_integers(directions: np.ndarray) -> None:
    templates = rounded(directions)
    expected = [[sum(int(a) * int(b) for a, b in zip(t, q, strict=True)) for t in templates] for q in templates[:2]]
    assert similarities(templates, templates[:2]).tolist() == expected
    assert similarity(templates[0], templates[1]) == expected[0][1]


@SOME
@given(DIRECTIONS)
def test_rounded_unit_vectors_are_templates_and_a_face_is_like_itself(directions: np.ndarray) -> None:
    templates = checked(rounded(directions))
    own = similarities(templates, templates).diagonal()
    assert (abs(own.astype(np.int64) - ONE) < ONE // 2000).all()


def test_products_beyond_32_bits_are_refused() -> None:
    huge = np.full((1, 128), 32767, np.int16)
    for other in (huge, -huge):
        with pytest.raises(ValueError, match="template 0 is none"):
            similarities(huge, other)


def test_the_order_of_the_numbers_and_the_batch_change_nothing() -> None:
    templates, queries = strangers(1, 500), strangers(2, 7)
    whole = similarities(templates, queries)
    order = np.random.default_rng(3).permutation(128)
    assert (similarities(templates[:, order], queries[:, order]) == whole).all()
    assert (np.concatenate([similarities(templates, one[None]) for one in queries]) == whole).all()


@pytest.mark.parametrize(
    ("score", "words"),
    [(0, "0.0 %"), (ONE, "100.0 %"), (ONE // 2, "50.0 %"), (-ONE // 4, "-25.0 %"), (THRESHOLD, "93.0 %"),
     (ONE // 2000, "0.0 %"), (ONE // 2000 + 1, "0.1 %"), (-ONE // 2000 + 1, "0.0 %")],
)  # fmt: skip
def test_a_similarity_is_told_in_percent_with_one_decimal(score: int, words: str) -> None:
    assert percent(score) == words


@pytest.mark.parametrize(
    ("scores", "chosen"),
    [
        ([], []),
        ([[], []], [None, None]),
        ([[60, 50]], [0]),
        ([[49, 50]], [1]),
        ([[49, 49]], [None]),
        ([[90, 80], [95, 10]], [1, 0]),
        ([[90, 40], [95, 10]], [None, 0]),
        ([[70, 70], [70, 70]], [0, 1]),  # of equal pairs the lower face first, then the lower person
        ([[60, 70], [70, 60]], [1, 0]),
        ([[90, 89], [89, 0]], [0, None]),  # the surest pair stays, though giving it up would name both
    ],
)
def test_every_person_is_given_once_surest_first(scores: list[list[int]], chosen: list[int | None]) -> None:
    assert assign(scores, 50) == chosen


TABLES = st.integers(1, 5).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 9), min_size=columns, max_size=columns), min_size=1, max_size=6)
)


@given(TABLES)
def test_an_assignment_is_stable_and_complete(table: list[list[int]]) -> None:
    chosen = assign(table, 5)
    named = [one for one in chosen if one is not None]
    assert len(set(named)) == len(named)
    holder = {person: face for face, person in enumerate(chosen) if person is not None}
    for face, row in enumerate(table):
        for person, score in enumerate(row):
            mine = table[face][chosen[face]] if chosen[face] is not None else -1  # type: ignore[index]
            theirs = table[holder[person]][person] if person in holder else -1
            assert score < 5 or mine >= score or theirs >= score, "a pair surer than what either has was passed over"


@pytest.mark.parametrize(
    "rows",
    [np.zeros((1, 128), np.int16), strangers(1, 1) // 2, np.full((2, 128), 2897, np.int16)],
)
def test_a_row_of_another_length_is_no_template(rows: np.ndarray) -> None:
    with pytest.raises(FacesError, match="not a template"):
        checked(rows)


def test_one_template_becomes_one_row() -> None:
    assert checked(strangers(1, 1)[0]).shape == (1, 128)


# The rule of a search (store/index.py)


def everything(index: Index, query: np.ndarray, threshold: int) -> list[Candidate]:
    """The oracle: every template, one after another."""
    best: dict[int, Candidate] = {}
    for template, row, owner in zip(index.templates, index.rows.tolist(), index.owners.tolist(), strict=True):
        score = sum(int(a) * int(b) for a, b in zip(template, query, strict=True))
        if score >= threshold and (owner not in best or score > best[owner].score):
            best[owner] = Candidate(owner, score, row)
    return sorted(best.values(), key=lambda one: (-one.score, one.person))


@pytest.mark.parametrize("threshold", [-(1 << 31), 0, ONE // 4, ONE // 2, ONE, (1 << 31) - 1])
def test_candidates_are_all_and_only_those_at_the_threshold(threshold: int) -> None:
    """More templates of one person than are asked for at first hide nobody."""
    templates = np.concatenate([pictures_of(1, 150), pictures_of(2, 3, 0.8), strangers(3, 60), pictures_of(1, 2)])
    owners = np.array([1] * 150 + [2] * 3 + [3 + i % 40 for i in range(60)] + [50, 51])
    index = Index(templates, np.arange(len(owners)) * 3 + 7, owners)
    queries = np.stack([templates[0], templates[151], templates[160]])
    assert candidates(index, queries, threshold) == [everything(index, one, threshold) for one in queries]


def test_an_empty_index_knows_nobody() -> None:
    assert candidates(Index.empty(), strangers(1, 2), 0) == [[], []]


@pytest.mark.parametrize(
    ("score", "to_rejected", "is_rejected"),
    [(500, 499, False), (500, 500, True), (500, 501, True), (NEAR + 5, NEAR - 1, False), (NEAR + 5, NEAR, True)],
)
def test_a_face_is_rejected_if_it_is_as_like_the_rejected_one(
    monkeypatch: pytest.MonkeyPatch, score: int, to_rejected: int, is_rejected: bool
) -> None:
    monkeypatch.setattr("bitfast_faces.store.index.similarities", lambda *_: np.array([[-9, to_rejected, 3]], np.int32))
    assert rejected(Candidate(1, score, 1), strangers(1, 1)[0], strangers(2, 3)) is is_rejected


def test_nothing_is_rejected_without_a_correction() -> None:
    assert not rejected(Candidate(1, ONE, 1), strangers(1, 1)[0], strangers(2, 0))


@pytest.mark.parametrize(("small", "taken"), [(55, True), (56, False)])
def test_the_bound_of_the_docstring_holds_for_the_longest_row_that_is_taken(small: int, taken: bool) -> None:
    longest = np.full((1, 128), small, np.int16)
    longest[0, 0] = matching.UNIT
    if taken:
        assert ONE < int(similarities(checked(longest), longest)[0, 0]) < 1.0741e9
    else:
        with pytest.raises(FacesError, match="not a template"):
            checked(longest)
