"""A watch and its store: the log says which camera asked, lost connections come back, consents that end are kept to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from bitfast_faces.cameras.events import Event, Who
from bitfast_faces.cameras.pictures import Pictures
from bitfast_faces.cameras.recognise import Agreed, StoreRecogniser
from bitfast_faces.cameras.upkeep import Upkeep
from bitfast_faces.errors import FacesError
from bitfast_faces.store import open_store
from bitfast_faces.store.books import Books
from faces_stores import SPACE, TODAY, agreed, pictures_of, strangers

LATER = date(2026, 6, 1)


@dataclass
class Place:
    """A store with Anna (1), who agreed to pictures until April, and Bert (2), who did not and whose consent ends."""

    folder: Path
    today: date = TODAY
    opened: int = 0

    def open(self) -> Books:
        self.opened += 1
        return open_store(
            self.folder / "faces.db", self.folder / "keys" / "key", create=True, space=SPACE, today=lambda: self.today
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "keys").mkdir()
    made = Place(tmp_path)
    store = made.open()
    store.enrol("Anna", pictures_of(1, 3), agreed(), space=SPACE, source="a")
    store.consent(1, agreed("door: pictures", expires=date(2026, 4, 1)))
    store.enrol("Bert", pictures_of(2, 3), agreed(expires=date(2026, 5, 1)), space=SPACE, source="b")
    store.close()
    return made


@pytest.fixture
def recogniser(place: Place) -> Iterator[StoreRecogniser]:
    opened = StoreRecogniser(place.open, "door", SPACE, today=lambda: place.today)
    yield opened
    opened.close()


def shot_of(pictures: Pictures, person: int, at: int = 0) -> str:
    who = Who(person, "Anna", 1)
    return pictures(Event(kind="best", at=at, camera="door", count=1, who=who), np.zeros((9, 9, 3), np.uint8))


def kept(folder: Path) -> list[int]:
    return sorted(int(path.stem.rpartition("-")[2]) for path in folder.iterdir())


def test_the_log_says_which_camera_asked(place: Place, recogniser: StoreRecogniser) -> None:
    found = recogniser.who(np.concatenate([pictures_of(1, 1), strangers(9, 1)]), "yard")
    assert [who.name if who else None for who in found] == ["Anna", None]
    assert recogniser.agreed(1, "yard") == Agreed(True, True)
    assert recogniser.pictured() == {1}
    store = place.open()
    said = [(entry.action, entry.detail.get("by")) for entry in store.audit()][-3:]
    store.close()
    assert said == [("recognise", "camera yard"), ("person", "camera yard"), ("people", "cameras")]


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda store: None, Agreed(True, True)),
        (lambda store: store.delete(1), Agreed()),
        (lambda store: store.withdraw(1, "door: pictures"), Agreed(True, False)),
        (lambda store: (store.consent(1, agreed("lobby")), store.withdraw(1, "door")), Agreed()),
    ],
)
def test_what_a_person_agreed_to_is_asked_of_the_store_as_it_is_now(
    place: Place, recogniser: StoreRecogniser, change: Callable[[Books], object], left: Agreed
) -> None:
    recogniser.who(pictures_of(1, 1), "door")
    store = place.open()
    change(store)
    store.close()
    assert recogniser.agreed(1, "door") == left


def test_a_consent_that_ends_by_the_calendar_is_over_for_a_watch_too(place: Place, recogniser: StoreRecogniser) -> None:
    place.today = LATER
    assert recogniser.agreed(1, "door") == Agreed(True, False)
    assert recogniser.agreed(2, "door") == Agreed()
    place.today = TODAY
    store = place.open()
    store.consent(2, agreed("door: pictures"))
    store.close()
    place.today = LATER
    assert recogniser.agreed(2, "door") == Agreed()  # pictures alone mean nothing


def test_a_store_whose_connection_is_lost_is_opened_again(place: Place, recogniser: StoreRecogniser) -> None:
    before = place.opened
    recogniser._thread.submit(recogniser._store._database.close).result()  # type: ignore[union-attr]
    recogniser._store._ledger.require_space = _lost  # type: ignore[union-attr, method-assign, assignment]
    with pytest.raises(FacesError, match="connection"):
        recogniser.who(pictures_of(1, 1), "door")
    assert [who.name if who else None for who in recogniser.who(pictures_of(1, 1), "door")] == ["Anna"]
    assert place.opened == before + 1


def _lost(space: str | None) -> None:
    raise FacesError("Using the store.", "The server closed the connection.", "Is it running?")


def test_at_the_start_of_a_watch_who_agreed_no_more_is_deleted_with_the_pictures(
    place: Place, recogniser: StoreRecogniser
) -> None:
    pictures = Pictures(place.folder / "shots")
    for person in (1, 2, 9):
        shot_of(pictures, person)
    (place.folder / "shots" / "holiday-7.jpg").write_bytes(b"")  # not one of ours
    said: list[str] = []
    Upkeep(recogniser, pictures, said.append).close()
    assert kept(place.folder / "shots") == [1, 7]
    place.today = LATER
    Upkeep(recogniser, pictures, said.append).close()
    assert kept(place.folder / "shots") == [7]
    store = place.open()
    assert [person.name for person in store.people()] == ["Anna"]
    assert [entry.detail["by"] for entry in store.audit() if entry.action == "delete"] == ["cameras"]
    store.close()
    assert said == [
        "Pictures deleted, as the consent to them is over: 2.",
        "People deleted, as their last consent has ended: 1.",
        "Pictures deleted, as the consent to them is over: 1.",
    ]


def test_while_a_watch_runs_they_are_deleted_too(place: Place, recogniser: StoreRecogniser) -> None:
    pictures = Pictures(place.folder / "shots")
    shot_of(pictures, 1)
    gone = threading.Event()
    with closing(Upkeep(recogniser, pictures, lambda words: gone.set(), every=0.02)):
        assert not gone.is_set()
        place.today = place.today + timedelta(days=60)
        assert gone.wait(20)
    assert kept(place.folder / "shots") == []


def test_a_store_that_does_not_answer_is_said_and_keeps_the_pictures(place: Place, recogniser: StoreRecogniser) -> None:
    pictures = Pictures(place.folder / "shots")
    shot_of(pictures, 9)
    said: list[str] = []
    recogniser._open = lambda: _lost(None)  # type: ignore[assignment, return-value]
    recogniser._thread.submit(recogniser._drop).result()
    Upkeep(recogniser, pictures, said.append).close()
    assert kept(place.folder / "shots") == [9]
    assert ["closed the connection" in words for words in said] == [True, True]


def test_the_pictures_of_one_person_are_removed_and_nobody_elses(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "shots")
    for person, at in ((1, 0), (11, 0), (1, 7)):
        shot_of(pictures, person, at)
    assert pictures.remove(1) == 2
    assert kept(tmp_path / "shots") == [11]


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701])
def test_a_folder_that_others_can_look_into_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "shots").mkdir(mode=0o700)
    Pictures(tmp_path / "shots")
    (tmp_path / "shots").chmod(mode)
    with pytest.raises(FacesError, match="chmod 700"):
        Pictures(tmp_path / "shots")
