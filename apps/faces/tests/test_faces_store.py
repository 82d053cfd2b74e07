"""What every store does, in SQLite and in PostgreSQL: only people who agreed are found, and what is deleted is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from bitfast_faces.errors import FacesError
from bitfast_faces.matching import ONE, THRESHOLD, similarities
from bitfast_faces.store import open_store
from bitfast_faces.store.books import Books
from bitfast_faces.store.keeping import system_user
from bitfast_faces.store.vault import new_key, read_key
from bitfast_faces.types import Templates
from faces_stores import SPACE, TODAY, agreed, pictures_of, rounded, strangers

Open = Callable[..., Books]


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store" / "faces.db")
    import psycopg

    url: str = request.getfixturevalue("postgres_url")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bitfast_faces CASCADE")
    return url


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return new_key(tmp_path / "keys" / "key").path or tmp_path


@pytest.fixture
def opened(place: str, key_file: Path) -> Iterator[Open]:
    stores: list[Books] = []

    def open_one(**options: object) -> Books:
        settings = {"key_file": key_file, "create": True, "today": lambda: TODAY, **options}
        stores.append(open_store(place, **settings))  # type: ignore[arg-type]
        return stores[-1]

    yield open_one
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Open) -> Books:
    return opened()


def enrol(store: Books, name: str, seed: int, count: int = 3, **terms: object) -> int:
    return store.enrol(name, pictures_of(seed, count), agreed(**terms), space=SPACE, source="a.jpg")  # type: ignore[arg-type]


def test_a_person_who_agreed_is_found_and_a_stranger_is_unknown(store: Books) -> None:
    anna, bert = enrol(store, "Anna", 1), enrol(store, "Bert", 2)
    queries = np.concatenate([pictures_of(1, 4)[3:], pictures_of(2, 4)[3:], strangers(9, 1)])
    found = store.search(queries, purpose="door")
    assert [[(one.person, one.name) for one in row] for row in found] == [[(anna, "Anna")], [(bert, "Bert")], []]


def test_the_score_is_the_exact_product_with_the_nearest_template(store: Books) -> None:
    enrol(store, "Anna", 1)
    query = pictures_of(1, 4)[3:]
    ((match,),) = store.search(query, purpose="door")
    scores = similarities(pictures_of(1, 3), query)[0]
    assert (match.score, match.template) == (scores.max(), 1 + scores.argmax())


@pytest.mark.parametrize("above", [0, 1])
def test_the_threshold_itself_is_enough_and_one_less_is_not(store: Books, above: int) -> None:
    enrol(store, "Anna", 1, count=1)
    query = pictures_of(1, 2)[1:]
    score = int(similarities(pictures_of(1, 1), query)[0, 0])
    assert len(store.search(query, purpose="door", threshold=score + above)[0]) == 1 - above


def test_what_the_store_finds_is_what_comparing_everything_finds(store: Books) -> None:
    families = [pictures_of(seed, 2, 0.3) for seed in range(12)]
    for seed, templates in enumerate(families):
        store.enrol(f"P{seed}", templates, agreed(), space=SPACE, source="")
    queries = np.concatenate(
        [families[3][:1], rounded(families[1][:1].astype(float) + families[2][:1]), strangers(5, 2)]
    )
    threshold = ONE // 4
    best = np.stack([similarities(one, queries).max(axis=1) for one in families], axis=1)
    expected = [
        sorted(((int(s), person + 1) for person, s in enumerate(row) if s >= threshold), key=lambda x: (-x[0], x[1]))
        for row in best
    ]
    found = store.search(queries, purpose="door", threshold=threshold, limit=99)
    assert [[(one.score, one.person) for one in row] for row in found] == expected
    assert sum(map(len, expected)) >= 3


def test_of_equal_people_the_lower_number_comes_first_and_limit_cuts_the_rest(store: Books) -> None:
    same = pictures_of(1, 1)
    for name in "ABC":
        store.enrol(name, same, agreed(), space=SPACE, source="")
    assert [one.person for one in store.search(same, purpose="door", limit=2)[0]] == [1, 2]


@pytest.mark.parametrize(
    ("terms", "purpose"),
    [
        ({"purpose": "class photo"}, "door"),
        ({}, "door "),
        ({}, "Door"),
    ],
)
def test_nobody_is_found_for_a_purpose_that_was_not_agreed_to(
    store: Books, terms: dict[str, str], purpose: str
) -> None:
    enrol(store, "Anna", 1, **terms)
    assert store.search(pictures_of(1, 1), purpose=purpose) == [[]]
    with pytest.raises(FacesError, match="not agreed to the purpose"):
        store.verify(pictures_of(1, 1), 1, purpose=purpose)


def test_nobody_is_found_after_the_consent_ended_even_before_expire_ran(opened: Open) -> None:
    enrol(opened(), "Anna", 1, expires=TODAY + timedelta(days=1))
    for days, people in ((0, 1), (1, 1), (2, 0)):
        later = opened(today=lambda days=days: TODAY + timedelta(days=days))
        assert len(later.search(pictures_of(1, 1), purpose="door")[0]) == people


def test_expire_deletes_those_whose_last_consent_ended_and_nobody_else(store: Books) -> None:
    enrol(store, "Anna", 1, expires=date(2026, 3, 1))
    enrol(store, "Bert", 2, expires=date(2026, 3, 2))
    enrol(store, "Cleo", 3, expires=date(2026, 3, 1))
    store.consent(3, agreed(expires=date(2027, 3, 1)))
    assert store.expire() == []
    gone = store.expire(date(2026, 3, 2))
    assert [(one.person, one.reason) for one in gone] == [(1, "expired")]
    assert [one.name for one in store.people()] == ["Bert", "Cleo"]


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"purpose": " "}, "no purpose"),
        ({"given_by": ""}, "no name of who gave it"),
        ({"evidence": ""}, "no evidence"),
        ({"minor": True}, "guardian"),
        ({"minor": True, "guardian": " "}, "guardian"),
        ({"expires": date(2025, 12, 31)}, "before it begins"),
        ({"granted": date(2026, 3, 2)}, "begins on 2026-03-02"),
        ({"expires": date(2026, 2, 28)}, "ended on 2026-02-28"),
        ({"expires": date(2031, 1, 3)}, "five years are the most.\nLet it end on 2031-01-02"),
        ({"expires": date(9999, 12, 31)}, "five years are the most"),
        ({"minor": True, "guardian": "Anna"}, "given by herself, and a minor's is given by the guardian, Anna"),
    ],
)
def test_nobody_is_enrolled_without_a_valid_consent(store: Books, terms: dict[str, object], words: str) -> None:
    with pytest.raises(FacesError, match=words):
        enrol(store, "Anna", 1, **terms)
    assert store.people() == []


@pytest.mark.parametrize("name", ["", " ", "Anna\x1b[2J", "An\nna"])
def test_a_name_that_a_terminal_would_obey_is_refused(store: Books, name: str) -> None:
    with pytest.raises(FacesError, match="name"):
        enrol(store, name, 1)
    assert store.people() == []


def test_a_minor_is_enrolled_by_a_guardian(store: Books) -> None:
    enrol(store, "Kim", 1, minor=True, guardian="Anna", given_by="Anna")
    assert store.person(1).consents == (agreed(minor=True, guardian="Anna", given_by="Anna"),)


def test_a_rejected_match_is_never_offered_again(store: Books) -> None:
    enrol(store, "Anna", 1)
    face = pictures_of(1, 5)[3]
    store.reject(face, 1)
    assert store.search(face[None], purpose="door") == [[]]
    assert store.recognise(face[None], purpose="door") == [None]
    verdict = store.verify(face, 1, purpose="door")
    assert not verdict.same and "not this person" in verdict.why_not
    almost = rounded(face[None] + 3000 * strangers(4, 1) / 32767.0)
    assert store.search(almost, purpose="door") == [[]]


def test_a_correction_leaves_the_persons_own_pictures_and_other_people_alone(store: Books) -> None:
    enrol(store, "Anna", 1)
    enrol(store, "Bert", 1)
    face = pictures_of(1, 5)[3]
    store.reject(face, 1)
    assert [one.person for one in store.search(face[None], purpose="door")[0]] == [2]
    assert [one.person for one in store.search(pictures_of(1, 1), purpose="door")[0]] == [1, 2]


@pytest.mark.parametrize("seed", [2, 9])
def test_of_a_face_that_nobody_was_offered_for_nothing_is_kept(store: Books, seed: int) -> None:
    enrol(store, "Anna", 1)
    enrol(store, "Bert", 2)
    with pytest.raises(FacesError, match="nothing is kept of it"):
        store.reject(pictures_of(seed, 1)[0], 1)
    assert store._database.rows("SELECT count(*) FROM corrections") == [(0,)]


def test_a_correction_is_kept_once_and_not_without_end(store: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bitfast_faces.store.books.MOST_CORRECTIONS", 2)
    store.enrol("Anna", pictures_of(1, 1), agreed(), space=SPACE, source="")
    faces = wrong_matches(3)
    for face in (faces[0], faces[0], faces[1]):
        store.reject(face, 1)
    assert store._database.rows("SELECT count(*) FROM corrections") == [(2,)]
    with pytest.raises(FacesError, match="more are not kept"):
        store.reject(faces[2], 1)
    store.check()


def test_a_correction_is_taken_back_and_the_face_is_gone(store: Books) -> None:
    store.enrol("Anna", pictures_of(1, 1), agreed(), space=SPACE, source="")
    first, second, third = wrong_matches(3)
    store.reject(first, 1)
    store.reject(second, 1)
    assert store.search(first[None], purpose="door") == [[]]
    assert store.unreject(first, 1).corrections == 1
    assert len(store.search(first[None], purpose="door")[0]) == 1
    assert store.search(second[None], purpose="door") == [[]]
    assert store._database.rows("SELECT count(*) FROM corrections") == [(1,)]
    with pytest.raises(FacesError, match="Nobody has said it of this face"):
        store.unreject(third, 1)
    store.check()


def wrong_matches(count: int) -> Templates:
    """Faces each like pictures_of(1, 1), and less like one another."""
    person = pictures_of(1, 1).astype(float)
    sides = strangers(8, count) - strangers(8, count) @ person.T @ person / (person @ person.T)
    return rounded(person + 0.3 * sides)


def test_one_identity_is_given_once_in_a_picture(store: Books) -> None:
    enrol(store, "Anna", 1)
    faces = pictures_of(1, 5)[1:4]
    assert [len(row) for row in store.search(faces, purpose="door")] == [1, 1, 1]
    chosen = store.recognise(faces, purpose="door")
    assert [one.person if one else None for one in chosen] == [1, None, None]


def test_templates_of_two_spaces_are_never_compared(store: Books, opened: Open) -> None:
    enrol(store, "Anna", 1)
    other = "f" * 16
    for attempt in (
        lambda: store.enrol("Bert", pictures_of(2, 1), agreed(), space=other, source=""),
        lambda: store.add(1, pictures_of(1, 1), source="", space=other),
        lambda: store.search(pictures_of(1, 1), purpose="door", space=other),
        lambda: store.recognise(pictures_of(1, 1), purpose="door", space=other),
        lambda: store.verify(pictures_of(1, 1), 1, purpose="door", space=other),
        lambda: store.reject(pictures_of(1, 1), 1, space=other),
        lambda: opened(space=other),
    ):
        with pytest.raises(FacesError, match="of space 0123456789abcdef, these of ffff"):
            attempt()
    store.delete(1)
    store.enrol("Bert", pictures_of(2, 1), agreed(), space=other, source="")
    assert len(store.search(pictures_of(2, 1), purpose="door", space=other)[0]) == 1


@pytest.mark.parametrize(
    ("templates", "error"),
    [
        (np.zeros((1, 128), np.int16), FacesError),
        (np.full((1, 128), 32767, np.int16), FacesError),
        (np.zeros((0, 128), np.int16), FacesError),
        (np.zeros((1, 127), np.int16), ValueError),
        (np.zeros((1, 128), np.float32), ValueError),
    ],
)
def test_what_is_not_a_template_is_refused(store: Books, templates: np.ndarray, error: type[Exception]) -> None:
    with pytest.raises(error):
        store.enrol("Anna", templates, agreed(), space=SPACE, source="")
    assert store.people() == []


def test_a_deleted_person_is_gone_and_the_receipt_is_in_the_log(store: Books) -> None:
    enrol(store, "Anna", 1)
    enrol(store, "Bert", 2)
    store.reject(pictures_of(1, 5)[3], 1)
    receipt = store.delete(1)
    assert (receipt.templates, receipt.corrections, receipt.reason) == (3, 1, "asked")
    assert store.search(pictures_of(1, 1), purpose="door") == [[]]
    assert [one.name for one in store.people()] == ["Bert"]
    (told,) = [entry for entry in store.audit() if entry.id == receipt.audit]
    assert told.detail["receipt"] == receipt.receipt
    with pytest.raises(FacesError, match="nobody of this number"):
        store.person(1)
    assert enrol(store, "Cleo", 3) == 3, "a number is never given twice"


def test_another_process_sees_what_was_enrolled_and_deleted(store: Books, opened: Open) -> None:
    other = opened()
    enrol(store, "Anna", 1)
    enrol(store, "Bert", 2)
    assert len(other.search(pictures_of(1, 1), purpose="door")[0]) == 1
    store.delete(1)
    assert other.search(pictures_of(1, 1), purpose="door") == [[]]
    store.add(2, pictures_of(5, 1), source="b.jpg")
    assert [one.person for one in other.search(pictures_of(5, 1), purpose="door")[0]] == [2]


def test_every_search_is_in_the_log_before_its_answer_and_no_name_is(store: Books) -> None:
    enrol(store, "Anna Example", 1)
    ((match,),) = store.search(pictures_of(1, 1), purpose="door")
    store.recognise(strangers(3, 2), purpose="door")
    store.verify(pictures_of(1, 1), 1, purpose="door")
    log = store.audit()
    assert [entry.action for entry in log] == ["create", "enrol", "search", "recognise", "verify"]
    assert log[2].detail == {
        "purpose": "door", "faces": 1, "threshold": THRESHOLD, "found": [[[1, match.score, match.template]]],
        "space": SPACE, "by": system_user(),
    }  # fmt: skip
    assert log[3].detail["found"] == [[], []]
    assert "Anna" not in str(log) and "a.jpg" not in str(log)
    assert store.audit(after=3) == log[3:]
    store.verify_audit()


def test_there_is_no_answer_if_the_log_cannot_be_written(store: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol(store, "Anna", 1)

    def fails(*_: object) -> None:
        raise FacesError("Writing the log.", "No.", "None.")

    monkeypatch.setattr(store._ledger, "log", fails)
    for ask in (
        lambda: store.search(pictures_of(1, 1), purpose="door"),
        lambda: store.recognise(pictures_of(1, 1), purpose="door"),
        lambda: store.verify(pictures_of(1, 1), 1, purpose="door"),
    ):
        with pytest.raises(FacesError, match="Writing the log"):
            ask()


def test_a_wrong_key_opens_nothing(store: Books, opened: Open, tmp_path: Path) -> None:
    enrol(store, "Anna", 1)
    new_key(tmp_path / "keys" / "other")
    with pytest.raises(FacesError, match="The key is not the store's"):
        opened(key_file=tmp_path / "keys" / "other")
    assert len(store.people()) == 1


def test_after_a_rotation_only_the_new_key_opens_and_all_is_there(
    store: Books, opened: Open, tmp_path: Path, key_file: Path
) -> None:
    enrol(store, "Anna", 1)
    store.reject(pictures_of(1, 5)[3], 1)
    stale = opened()
    new = new_key(tmp_path / "keys" / "new")
    store.rotate(new)
    with pytest.raises(FacesError, match="The key is not the store's"):
        opened(key_file=key_file)
    for attempt in (
        lambda: stale.search(pictures_of(1, 1), purpose="door"),
        lambda: enrol(stale, "Bert", 2),
        lambda: stale.people(),
    ):
        with pytest.raises(FacesError, match="the key was changed since"):
            attempt()
    for again in (store, opened(key_file=new.path)):
        assert len(again.search(pictures_of(1, 1), purpose="door")[0]) == 1
        assert again.search(pictures_of(1, 5)[3:4], purpose="door") == [[]]
        assert again.check() == 3
    assert read_key(new.path or tmp_path).secret == new.secret


def test_check_counts_all_templates(store: Books) -> None:
    enrol(store, "Anna", 1)
    enrol(store, "Bert", 2, count=2)
    assert store.check() == 5


def test_nothing_readable_is_in_the_database(place: str, store: Books, tmp_path: Path) -> None:
    enrol(store, "Anna Example", 1, purpose="door of house 7", given_by="Anna Example", evidence="binder 3")
    face = pictures_of(1, 5)[3]
    store.reject(face, 1)
    if place.startswith("postgresql"):
        rows = [str(row) for table in ("people", "consents", "templates", "corrections", "vectors")
                for row in store._database.rows(f"SELECT * FROM {table}")]  # fmt: skip
        held = "\n".join(rows).encode()
        first = pictures_of(1, 1)[0].astype(float) / 32767
        kept = np.array([float(x) for x in rows[-3].split("[")[1].split("]")[0].split(",")])
        assert abs(float(kept @ first)) < 0.5, "the vector column is not the template"
    else:
        held = b"".join(file.read_bytes() for file in Path(place).parent.iterdir())
    for secret in (
        b"Anna",
        b"binder",
        b"a.jpg",
        pictures_of(1, 1)[0].tobytes()[:16],
        face.tobytes()[:16],
    ):
        assert secret not in held
    if not place.startswith("postgresql"):
        assert oct(Path(place).stat().st_mode & 0o777) == "0o600"
