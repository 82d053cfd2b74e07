"""What a store says of photos that are not of one person, or of somebody enrolled; of a mistyped purpose; and more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result

from bitfast_faces import commands_cluster, commands_keeping
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import similarity
from bitfast_faces.store import open_store
from bitfast_faces.store.alike import require_one_person
from bitfast_faces.store.books import Books
from bitfast_faces.store.vault import new_key
from faces_stores import SPACE, TODAY, agreed, pictures_of, write_photo

Run = Callable[..., Result]
LAST = str(date.today() + timedelta(days=2))
AGREED = ["--purpose", "door", "--expires", LAST, "--given-by", "herself", "--evidence", "binder 3"]


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., str]:
    return lambda name, *faces: str(write_photo(tmp_path / f"{name}.jpg", *faces))


def test_photos_of_two_people_are_not_enrolled_as_one_without_being_told_to(
    run: Run, photo: Callable[..., str]
) -> None:
    photos = photo("anna 1", (1, 0)), photo("bert", (2, 0)), photo("anna 2", (1, 1))
    with pytest.raises(FacesError, match=r"(?s)bert\.jpg.*93\.0 %.*--different") as refused:
        run("enrol", "Anna", *photos, *AGREED)
    assert "anna" not in refused.value.happened
    run("enrol", "Anna", *photos, *AGREED, "--different")
    assert "(3 faces)" in run("people").output


def test_a_photo_of_somebody_else_is_not_added_without_being_told_to(run: Run, photo: Callable[..., str]) -> None:
    run("enrol", "Anna", photo("anna", (1, 0)), *AGREED)
    with pytest.raises(FacesError, match=r"(?s)bert\.jpg.*--different"):
        run("add", "1", photo("anna 2", (1, 1)), photo("bert", (2, 0)), photo("bert 2", (2, 1)))
    assert "(1 faces)" in run("people").output
    run("add", "1", photo("bert", (2, 0)), "--different")
    assert "(2 faces)" in run("people").output


@pytest.mark.parametrize("above", [0, 1])
def test_faces_exactly_as_alike_as_the_threshold_are_one_persons(above: int) -> None:
    pair = pictures_of(1, 2)
    least = similarity(pair[0], pair[1]) + above
    if above:
        with pytest.raises(FacesError):
            require_one_person(pair, ["a", "b"], pair[:0], least, "Trying.")
    else:
        require_one_person(pair, ["a", "b"], pair[:0], least, "Trying.")


def test_a_second_name_for_an_enrolled_face_is_questioned_and_the_question_is_in_the_log(
    run: Run, photo: Callable[..., str]
) -> None:
    run("enrol", "Anna", photo("anna", (1, 0)), *AGREED)
    with pytest.raises(FacesError, match=r"(?s)again\.jpg.*person 1.*bitfast-faces add 1.*--different"):
        run("enrol", "Anne", photo("again", (1, 1)), *AGREED)
    actions = [json.loads(line)["action"] for line in run("audit", "--json").output.splitlines()]
    assert actions == ["create", "enrol", "search"]
    run("enrol", "Anne", photo("again", (1, 1)), *AGREED, "--different")
    run("enrol", "Bert", photo("bert", (2, 0)), *AGREED)
    assert "3 people" in run("people").output


def test_who_agreed_to_another_purpose_is_not_searched_by_an_enrolment(run: Run, photo: Callable[..., str]) -> None:
    run("enrol", "Anna", photo("anna", (1, 0)), *AGREED)
    run("enrol", "Anne", photo("again", (1, 1)), "--purpose", "gym", *AGREED[2:])
    assert "2 people" in run("people").output


def test_one_photos_template_is_taken_out_and_the_others_stay(run: Run, photo: Callable[..., str]) -> None:
    run("enrol", "Anna", photo("anna", (1, 0)), photo("bert", (2, 0)), *AGREED, "--different")
    assert "face 1: anna.jpg" in run("people", "1").output and "face 2: bert.jpg" in run("people", "1").output
    told = run("remove", "1", "2").output
    assert "1 face of person 1 is deleted" in told and "hold none of it" in told and "receipt" in told
    assert "bert.jpg" not in run("people", "1").output
    assert "unknown" in run("search", photo("later", (2, 1)), "--purpose", "door").output
    assert "Anna" in run("search", photo("later", (1, 1)), "--purpose", "door").output
    assert "1 people, 1 templates" in run("check").output
    with pytest.raises(FacesError, match="no face 2"):
        run("remove", "1", "2")
    with pytest.raises(FacesError, match=r"(?s)the only one.*bitfast-faces delete 1"):
        run("remove", "1", "1")


def test_a_template_taken_out_leaves_the_memory_of_every_open_store(tmp_path: Path) -> None:
    key = new_key(tmp_path / "keys" / "key").path
    stores = [
        open_store(tmp_path / "store" / "faces.db", key, create=True, today=lambda: TODAY) for _ in range(2)
    ]  # fmt: skip
    both = np.concatenate([pictures_of(1, 1), pictures_of(2, 1)])
    stores[0].enrol("Anna", both, agreed(), space=SPACE, source=["a.jpg", "b.jpg"])
    assert all(_known(store) for store in stores)
    stores[0].remove(1, 2)
    assert not any(_known(store) for store in stores)
    for store in stores:
        store.close()


def _known(store: Books) -> bool:
    return bool(store.search(pictures_of(2, 2)[1:], purpose="door")[0])


def test_a_purpose_that_nobody_agreed_to_is_said(run: Run, photo: Callable[..., str]) -> None:
    anna = photo("anna", (1, 0))
    run("enrol", "Anna", anna, *AGREED)
    assert "Nobody in the store agreed to “dor”; agreed to: “door”." in run("search", anna, "--purpose", "dor").output
    assert "agreed to" not in run("search", photo("bert", (2, 0)), "--purpose", "door").output


@pytest.mark.parametrize("words", [["people"], ["audit"], ["check"], ["delete", "1"]])
def test_where_there_is_no_store_that_is_said_and_not_a_missing_key(run: Run, words: list[str]) -> None:
    with pytest.raises(FacesError, match=r"(?s)There is no store yet.*enrol makes it and its key"):
        run(*words)


def test_a_store_whose_key_is_missing_is_not_answered_with_a_new_key(
    run: Run, photo: Callable[..., str], tmp_path: Path
) -> None:
    run("enrol", "Anna", photo("anna", (1, 0)), *AGREED)
    (tmp_path / "keys" / "key").unlink()
    with pytest.raises(FacesError, match="a new one cannot open it") as missing:
        run("people")
    assert "key new" not in str(missing.value)


def test_a_consent_is_told_with_its_purpose_and_its_own_last_day(run: Run, photo: Callable[..., str]) -> None:
    run("enrol", "Anna", photo("anna", (1, 0)), *AGREED)
    today = str(date.today())
    told = run("consent", "1", "--purpose", "gym", "--expires", today, *AGREED[4:]).output
    assert told == f"Person 1 agreed to “gym” until {today}, and is kept until {LAST}.\n"


@pytest.mark.parametrize(("answer", "left"), [("n\n", 1), ("y\n", 0)])
def test_on_a_terminal_delete_names_the_person_and_asks(
    run: Run, photo: Callable[..., str], monkeypatch: pytest.MonkeyPatch, answer: str, left: int
) -> None:
    run("enrol", "Anna", photo("anna", (1, 0)), *AGREED)
    monkeypatch.setattr(commands_keeping, "asks", lambda: True)
    assert "Delete person 1, Anna," in run("delete", "1", answer=answer, ends=left).output
    assert ("Anna" in run("people").output) == bool(left)


def test_delete_does_not_ask_who_said_yes(run: Run, photo: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    run("enrol", "Anna", photo("anna", (1, 0)), *AGREED)
    monkeypatch.setattr(commands_keeping, "asks", lambda: True)
    assert "Delete person" not in run("delete", "1", "--yes").output


def test_audit_says_that_the_log_is_as_it_was_written(run: Run, photo: Callable[..., str]) -> None:
    run("enrol", "Anna", photo("anna", (1, 0)), *AGREED)
    assert run("audit").output.endswith("All 2 entries of the log are as they were written.\n")


def test_a_folder_for_links_that_is_there_is_refused_before_any_photo_is_looked_at(
    run: Run, photo: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo("anna", (1, 0))
    monkeypatch.setattr(commands_cluster, "sort_folder", lambda *_, **__: pytest.fail("photos were looked at"))
    with pytest.raises(FacesError, match="is there already"):
        run("cluster", str(tmp_path), "--links", str(tmp_path))
