"""`bitfast-faces watch` from end to end: a video, the real networks, a real store, its audit log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("av", reason="reads videos")

import bitfast_faces
from bitfast_faces.cameras.config import preset_text
from bitfast_faces.cli import main
from bitfast_faces.engine import Engine
from bitfast_faces.store import Consent, open_store
from bitfast_faces.types import Picture, Pixels
from faces_pictures import head, portrait
from faces_videos import record

PURPOSE = "entrance"
SIZE = (640, 360)


def passing(number: int) -> Pixels:
    """Her head, which walks through a room from the left to the right."""
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    room = np.stack([90 + rows // 6, 110 + columns // 10, 130 + (rows + columns) // 20], axis=2).astype(np.uint8)
    one, left = head(200), 20 + 8 * number
    y, x = np.mgrid[0:200, 0:200]
    oval = ((x - 100) ** 2 * 100 + (y - 100) ** 2 * 92 <= 92 * 10000)[..., None]
    place = room[80:280, left : left + 200]
    place[:] = np.where(oval, one, place)
    return room


@dataclass(frozen=True)
class Place:
    """A video of somebody, and a store and key for people."""

    video: Path
    store: Path
    key: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Place:
    folder = tmp_path_factory.mktemp("watch")
    (folder / "keys").mkdir()
    found = Place(record(folder / "hall.mp4", passing, 40), folder / "people.db", folder / "keys" / "key")
    with_consent(found, engine, None)
    return found


def with_consent(place: Place, engine: Engine, *purposes: str | None) -> int | None:
    """Enrols her for purposes; for None only makes the store."""
    store = open_store(place.store, place.key, create=True, space=engine.space)
    try:
        person = None
        today = datetime.now(UTC).date()
        for purpose in filter(None, purposes):
            consent = Consent(purpose, today, today + timedelta(days=1), "Ada", None, False, "folder 7")
            if person is None:
                found = engine.analyse(Picture(portrait(), "", "portrait"))
                person = store.enrol("Ada", found.templates, consent, space=engine.space, source="portrait")
            else:
                store.consent(person, consent)
        return person
    finally:
        store.close()


def watch(*arguments: str | Path) -> tuple[int, list[dict[str, Any]], str]:
    """The exit status, the events and what went to the standard error."""
    process = subprocess.run(command(*arguments), capture_output=True, text=True, timeout=120, env=environment())
    return process.returncode, [json.loads(line) for line in process.stdout.splitlines()], process.stderr


def command(*arguments: str | Path) -> list[str]:
    program = "import sys; from bitfast_faces.cli import main; sys.argv[0] = 'bitfast-faces'; main()"
    return [sys.executable, "-c", program, "watch", *map(str, arguments)]


def environment() -> dict[str, str]:
    source = str(Path(bitfast_faces.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([source, *filter(None, sys.path)])}


def searches(place: Place) -> int:
    store = open_store(place.store, place.key)
    try:
        store.verify_audit()
        return sum(entry.action == "recognise" for entry in store.audit())
    finally:
        store.close()


def test_a_stranger_is_counted_searched_in_the_open_and_forgotten(place: Place, tmp_path: Path) -> None:
    code, events, words = watch(
        place.video, "--purpose", PURPOSE, "--store", place.store, "--key", place.key, "--pictures", tmp_path / "shots"
    )
    assert (code, [event["event"] for event in events]) == (0, ["connected", "enter", "leave", "ended"]), words
    assert set(events[1]) == {"event", "time", "camera", "count", "known"}
    assert set(events[2]) == {"event", "time", "camera", "count", "known", "duration_ms"}
    assert list((tmp_path / "shots").iterdir()) == []
    assert searches(place) >= 2
    store = open_store(place.store, place.key)
    assert store.people() == []
    store.close()


def test_somebody_who_agreed_is_named_and_her_best_shot_kept(place: Place, tmp_path: Path, engine: Engine) -> None:
    person = with_consent(place, engine, PURPOSE, f"{PURPOSE}: pictures")
    assert person is not None
    arguments = (place.video, "--purpose", PURPOSE, "--store", place.store, "--key", place.key)
    code, events, words = watch(*arguments, "--pictures", tmp_path, "--begin", "2026-11-02T08:00:00")
    assert (code, [event["event"] for event in events]) == (0, ["connected", "enter", "best", "leave", "ended"]), words
    assert [event["name"] for event in events[1:4]] == ["Ada"] * 3
    assert events[1]["time"].startswith("2026-11-02T08:00:0")
    picture = tmp_path / events[2]["picture"]
    assert picture.read_bytes().startswith(b"\xff\xd8")
    assert picture.stat().st_mode & 0o077 == 0
    strangers = tmp_path / "camera-2026-11-02T080000.000Z-99.jpg"
    strangers.write_bytes(b"")
    (tmp_path / "holiday.jpg").write_bytes(b"")
    assert "the consent to them is over: 1" in watch(*arguments, "--pictures", tmp_path)[2]
    assert picture.exists() and (tmp_path / "holiday.jpg").exists() and not strangers.exists()
    again = watch(*arguments, "--begin", "2026-11-02T08:00:00")[1]
    assert again == [event for event in events if event["event"] != "best"]
    other = watch(place.video, "--purpose", "another purpose", "--store", place.store, "--key", place.key)[1]
    assert [event["known"] for event in other if "known" in event] == [False, False]


def test_without_a_purpose_people_are_counted_and_no_store_is_opened(place: Place) -> None:
    code, events, _ = watch(place.video, "--preset", "entrance")
    assert code == 0
    assert [(event["event"], event.get("zone")) for event in events] == [
        ("connected", None), ("enter", "mat"), ("leave", "mat"), ("ended", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "what to watch"),
        (["none.mp4"], "no such file"),
        (["VIDEO", "--purpose", "entrance", "--key", "KEY"], "none.db"),
        (["VIDEO", "--pictures", "shots"], "without a purpose"),
        (["VIDEO", "--preset", "prison"], "no preset"),
        (["VIDEO", "--purpose", "entrance", "--store", "STORE", "--key", "VIDEO"], "key"),
        (["STORE"], "no video that can be read"),
        (["usb:97"], "no such device"),
        (["rtsp://127.0.0.1:9/door", "--give-up", "1"], "tried for 1 s (give_up)"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(
    place: Place,
    arguments: list[str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    names = {"VIDEO": str(place.video), "STORE": str(place.store), "KEY": str(place.key)}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BITFAST_FACES_STORE", str(tmp_path / "none.db"))
    monkeypatch.setattr(sys, "argv", ["bitfast-faces", "watch", *(names.get(each, each) for each in arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert words in " ".join(said.split())
    assert "Traceback" not in said


def test_ctrl_c_ends_visits_and_the_program_in_order(tmp_path: Path, engine: Engine) -> None:
    still = passing(10)
    video = record(tmp_path / "stands.mp4", lambda number: still, 200)
    process = subprocess.Popen(
        command(video, "--real-time"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        process.send_signal(signal.SIGINT)
        rest, words = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait(10)
    kinds = [json.loads(line)["event"] for line in [*lines, *rest.splitlines()]]
    assert (process.returncode, kinds) == (0, ["connected", "enter", "leave", "ended"]), words


def test_a_preset_is_printed_to_begin_a_file_with(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bitfast-faces", "watch", "--show-preset", "--preset", "shop"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capsys.readouterr().out == preset_text("shop")
