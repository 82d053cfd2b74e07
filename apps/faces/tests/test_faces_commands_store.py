"""The commands of the store, as a user gives them: photos that say whom they show stand in for the engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from bitfast_faces.errors import FacesError
from bitfast_faces.store.sqlite import SqliteDatabase
from faces_stores import pictures_of, write_photo

Run = Callable[..., Result]
TOMORROW = str(date.today() + timedelta(days=2))
AGREED = ["--purpose", "door", "--expires", TOMORROW, "--given-by", "herself", "--evidence", "binder 3"]


@pytest.fixture
def anna(run: Run, tmp_path: Path) -> str:
    photos = [str(write_photo(tmp_path / f"anna {at}.jpg", (1, at))) for at in range(3)]
    run("enrol", "Anna", *photos, *AGREED)
    return str(write_photo(tmp_path / "later.jpg", (1, 5)))


def test_enrol_makes_the_store_and_its_key_and_says_so(run: Run, tmp_path: Path) -> None:
    told = run("enrol", "Anna", str(write_photo(tmp_path / "a.jpg", (1, 0))), *AGREED).output
    assert "The new store's key is" in told and f"Anna is person 1, with 1 faces, until {TOMORROW}." in told
    told = run("enrol", "Bert", str(write_photo(tmp_path / "b.jpg", (2, 0))), *AGREED).output
    assert "key" not in told


def test_a_person_is_found_verified_corrected_and_deleted(run: Run, anna: str, tmp_path: Path) -> None:
    group = str(write_photo(tmp_path / "group.jpg", (7, 0), (1, 5)))
    told = run("search", group, "--purpose", "door").output
    assert "1. at 0, 0: unknown" in told and "2. at 100, 0: Anna (person 1, " in told
    assert "Anna? yes" in run("verify", anna, "1", "--purpose", "door").output
    assert "Anna? no: not alike enough" in run(
        "verify", group, "1", "--face", "1", "--purpose", "door", ends=1
    ).output  # fmt: skip
    run("reject", anna, "1")
    assert "Anna" not in run("search", anna, "--purpose", "door").output
    assert "somebody said" in run("verify", anna, "1", "--purpose", "door", ends=1).output
    told = run("delete", "1").output
    assert "Person 1 is deleted: 3 templates, 1 corrections" in told and "hold none of it" in told and "receipt" in told
    assert run("people").output == "Nobody yet.\n"
    actions = [json.loads(line)["action"] for line in run("audit", "--json").output.splitlines()]
    assert actions == ["create", "enrol", "search", "verify", "verify", "reject", "search", "verify", "delete",
                       "deletion-verified", "people"]  # fmt: skip


def test_answers_come_as_json_too(run: Run, anna: str) -> None:
    (face,) = json.loads(run("search", anna, "--purpose", "door", "--json").output)["faces"]
    assert (face["box"], face["people"][0]["name"]) == ([0, 0, 100, 100], "Anna")
    assert json.loads(run("verify", anna, "1", "--purpose", "door", "--json").output)["same"] is True
    run("enrol", "Bert", anna, *AGREED, "--different")
    (person,) = json.loads(run("people", "1", "--json").output)
    assert person["consents"][0]["expires"] == TOMORROW and person["templates"] == 3


def test_once_names_nobody_twice_in_a_photo(run: Run, anna: str, tmp_path: Path) -> None:
    twice = str(write_photo(tmp_path / "twice.jpg", (1, 0), (1, 5)))
    assert run("search", twice, "--purpose", "door").output.count("Anna") == 2
    assert run("search", twice, "--purpose", "door", "--once").output.count("Anna") == 1


def test_a_face_that_is_not_good_enough_is_unknown_and_says_why(run: Run, anna: str, tmp_path: Path) -> None:
    blurred = str(write_photo(tmp_path / "blurred.jpg", (1, 5), usable=False))
    assert "1. at 0, 0: unknown (blurred)" in run("search", blurred, "--purpose", "door").output
    assert json.loads(run("search", blurred, "--purpose", "door", "--json").output)["faces"][0]["people"] == []
    assert run("search", str(write_photo(tmp_path / "no.jpg")), "--purpose", "door").output.endswith(
        "no.jpg: no face\n"
    )


def test_a_stricter_threshold_is_kept_to(run: Run, anna: str) -> None:
    assert "unknown" in run("search", anna, "--purpose", "door", "--threshold", "99.99").output
    assert "not alike enough" in run(
        "verify", anna, "1", "--purpose", "door", "--threshold", "99.99", ends=1
    ).output  # fmt: skip


def test_more_photos_and_consents_are_added(run: Run, anna: str) -> None:
    assert "1 faces were added" in run("add", "1", anna).output
    terms = ["--purpose", "class photo", "--expires", "2031-05-01", "--given-by", "herself", "--evidence", "mail"]
    assert "“class photo” until 2031-05-01, and is kept until 2031-05-01" in run("consent", "1", *terms).output
    told = run("people").output
    assert "Anna  (4 faces)" in told and "class photo: " in told and "1 person." in told
    assert "Anna" in run("search", anna, "--purpose", "class photo").output


def test_a_correction_is_taken_back_by_a_command(run: Run, anna: str) -> None:
    run("reject", anna, "1")
    assert "1 corrections are deleted" in run("reject", anna, "1", "--undo").output
    assert "Anna" in run("search", anna, "--purpose", "door").output
    with pytest.raises(FacesError, match="Nobody has said it"):
        run("reject", anna, "1", "--undo")


def test_one_purpose_is_withdrawn_and_with_the_last_one_the_person_goes(run: Run, anna: str) -> None:
    run("consent", "1", "--purpose", "gym", *AGREED[2:])
    told = run("withdraw", "1", "door").output
    assert "consent to “door” is deleted" in told and "receipt" in told
    assert "unknown" in run("search", anna, "--purpose", "door").output
    assert "Person 1 is deleted: 3 templates" in run("withdraw", "1", "gym").output


def test_a_change_of_key_that_cannot_overwrite_yet_says_that_it_is_done(
    run: Run, anna: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reading(*_: object) -> None:
        raise FacesError("Verifying.", "Another program is reading.", "Close it.")

    new = str(tmp_path / "keys" / "new")
    with monkeypatch.context() as patch:
        patch.setattr(SqliteDatabase, "scrub", reading)
        told = run("key", "rotate", new).output
    assert "The store's key is" in told and "The key IS changed" in told
    assert "Anna" in run("people", "--key", new).output


@pytest.mark.parametrize("words", [["people"], ["delete"]])
def test_a_number_too_large_for_any_row_is_nobodys(run: Run, anna: str, words: list[str]) -> None:
    with pytest.raises(FacesError, match="nobody of this number"):
        run(*words, str(10**22))


def test_expire_says_how_many_consents_had_ended(run: Run, anna: str) -> None:
    assert run("expire").output == "No consents had ended.\n"


def test_the_whole_store_is_checked_and_the_logs_head_printed(run: Run, anna: str) -> None:
    assert "1 people, 3 templates" in run("check").output
    number, digest = run("audit", "--head").output.split()
    assert number == "3" and len(bytes.fromhex(digest)) == 32


def test_the_key_is_changed_by_a_command(run: Run, anna: str, tmp_path: Path) -> None:
    new = str(tmp_path / "keys" / "new")
    assert "The store's key is" in run("key", "rotate", new).output
    with pytest.raises(FacesError, match="The key is not the store's"):
        run("people")
    assert "Anna" in run("people", "--key", new).output
    assert "is a new key" in run("key", "new", str(tmp_path / "keys" / "third")).output


@pytest.mark.parametrize(
    ("faces", "extra", "words"),
    [
        ([], [], "There is none"),
        ([(1, 0), (2, 0)], [], "There are 2"),
        ([(1, 0)], ["--face", "2"], "There is 1 only"),
    ],
)
def test_a_photo_without_exactly_the_face_meant_enrols_nobody(
    run: Run, tmp_path: Path, faces: list[tuple[int, int]], extra: list[str], words: str
) -> None:
    photo = str(write_photo(tmp_path / "a.jpg", *faces))
    with pytest.raises(FacesError, match=words):
        run("enrol", "Anna", photo, *AGREED, *extra)
    assert not (tmp_path / "store").exists() and not (tmp_path / "keys").exists()


def test_an_unusable_face_is_not_enrolled(run: Run, tmp_path: Path) -> None:
    with pytest.raises(FacesError, match="not usable: blurred"):
        run("enrol", "Anna", str(write_photo(tmp_path / "a.jpg", (1, 0), usable=False)), *AGREED)


def test_a_minor_without_a_guardian_is_not_enrolled(run: Run, tmp_path: Path) -> None:
    with pytest.raises(FacesError, match="guardian"):
        run("enrol", "Kim", str(write_photo(tmp_path / "a.jpg", (1, 0))), *AGREED, "--minor")
    with pytest.raises(FacesError, match="a minor's is given by the guardian"):
        run("enrol", "Kim", str(tmp_path / "a.jpg"), *AGREED, "--minor", "--guardian", "Anna")
    run("enrol", "Kim", str(tmp_path / "a.jpg"), *AGREED, "--minor", "--guardian", "Anna", "--given-by", "Anna")
    assert "guardian Anna" in run("people").output


def test_a_store_that_is_not_there_is_not_made_by_a_search(run: Run, tmp_path: Path) -> None:
    run("key", "new")
    with pytest.raises(FacesError, match="There is no store yet"):
        run("people")
    assert not (tmp_path / "store").exists()


def test_a_folder_is_sorted_by_a_command(run: Run, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    for name, *faces in (("a", (1, 0)), ("b", (1, 1)), ("c", (2, 0)), ("d",)):
        write_photo(photos / f"{name}.jpg", *faces)
    told = run("cluster", str(photos), "--links", str(tmp_path / "links")).output
    assert "person 1: 2 faces\n  a.jpg, at 0, 0\n  b.jpg, at 0, 0\n" in told
    assert "faces like no other: 1\n  c.jpg\n" in told and "photos without a usable face: 1\n  d.jpg\n" in told
    assert (tmp_path / "links" / "person-0001" / "a.jpg").read_bytes() == (photos / "a.jpg").read_bytes()
    run("key", "new")
    told = run("cluster", str(photos), "--json", "--resume", str(tmp_path / "unfinished")).output
    assert [len(group) for group in json.loads(told)["groups"]] == [2]
    assert not (tmp_path / "unfinished").exists()
    strict = run("cluster", str(photos), "--json", "--threshold", "99.99").output
    assert json.loads(strict)["groups"] == []
    (photos / "e.jpg").write_text("broken")
    assert "e.jpg: It is no picture." in run("cluster", str(photos), ends=1).output


def test_a_template_is_never_printed(run: Run, anna: str) -> None:
    told = "".join(
        run(*words).output
        for words in (["people", "--json"], ["search", anna, "--purpose", "door", "--json"], ["audit", "--json"])
    )
    numbers = [str(number) for number in pictures_of(1, 6)[5] if abs(int(number)) > 999]
    assert sum(number in told for number in numbers) < len(numbers) // 2
