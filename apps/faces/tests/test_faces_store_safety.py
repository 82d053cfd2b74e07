"""What the SQLite store survives: kills, full disks, damage and wrong keys."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast_faces.errors import FacesError
from bitfast_faces.store import open_store, vault
from bitfast_faces.store.books import Books
from bitfast_faces.store.cabinet import Cabinet
from faces_stores import SPACE, TODAY, agreed, pictures_of

# Enrols people of three templates each until it is ended; prints the number of each one that is acknowledged.
ENROLLER = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from faces_stores import SPACE, TODAY, agreed, pictures_of
from bitfast_faces.errors import FacesError
from bitfast_faces.store import open_store
store = open_store({file!r}, Path({key!r}), create=True, today=lambda: TODAY)
templates = pictures_of(1, 3)
{before}
try:
    while True:
        print(store.enrol("Anna", templates, agreed(), space=SPACE, source="a.jpg" * {size}), flush=True)
except FacesError as error:
    print("error", str(error).replace(chr(10), " | "), flush=True)
"""


def enroller(file: Path, key: Path, before: str = "", size: int = 1) -> subprocess.Popen[str]:
    text = ENROLLER.format(path=sys.path, file=str(file), key=str(key), before=before, size=size)
    return subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True)


def test_what_was_acknowledged_survives_sigkill_and_nothing_is_half_there(file: Path, key: Path) -> None:
    chance, acknowledged = random.Random(5), 0
    for _ in range(5):
        child = enroller(file, key)
        assert child.stdout
        for _ in range(chance.randrange(1, 30)):
            acknowledged = int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        rest = child.communicate(timeout=30)[0].split()
        acknowledged = int(rest[-1]) if rest else acknowledged
        store = open_store(file, key, today=lambda: TODAY)
        numbers = [one.id for one in store.people()]
        assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) - acknowledged in (0, 1)
        assert {(one.name, one.templates, len(one.consents)) for one in store.people()} == {("Anna", 3, 1)}
        assert store.check() == 3 * len(numbers)
        assert sum(entry.action == "enrol" for entry in store.audit()) == len(numbers)
        store.close()


def test_a_full_disk_is_told_and_what_was_there_before_stays(file: Path, key: Path) -> None:
    open_store(file, key, create=True).close()
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))"
    told = enroller(file, key, limit, size=500).communicate(timeout=60)[0].splitlines()
    assert len(told) > 2 and told[-1].startswith("error") and "disk is full or fails" in told[-1]
    store = open_store(file, key, today=lambda: TODAY)
    assert [one.id for one in store.people()] == [int(line) for line in told[:-1]]
    assert store.check() == 3 * (len(told) - 1)
    store.close()


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda file, key: file.write_bytes(b"not a database" * 100), "damaged, or not a store"),
        (lambda file, key: file.write_bytes(file.read_bytes()[:5000]), "damaged, or not a store"),
        (lambda file, key: file.write_bytes(b"\0" * 4096), "damaged, or not a store"),
        (lambda file, key: file.unlink(), "no store yet"),
        (lambda file, key: file.write_bytes(b""), "no store yet"),
        (lambda file, key: (file.unlink(), file.mkdir()), "cannot be opened"),
        (lambda file, key: key.unlink(), "Its key is not there"),
        (lambda file, key: key.chmod(0o640), "Others than its owner"),
        (lambda file, key: key.write_text("bitfast-faces key 1\nAAAA\n"), "not a key"),
        (lambda file, key: key.write_text(""), "not a key"),
        (lambda file, key: key.write_bytes(b"\xff" * 60), "cannot be read"),
        (lambda file, key: (key.unlink(), vault.new_key(key)), "not the store's"),
    ],
)
def test_a_store_that_cannot_be_used_says_why(
    store: Books, file: Path, key: Path, prepare: Callable[[Path, Path], object], words: str
) -> None:
    store.close()
    prepare(file, key)
    with pytest.raises(FacesError, match=words):
        open_store(file, key).people()


def test_a_store_is_not_made_where_its_key_lies(tmp_path: Path) -> None:
    with pytest.raises(FacesError, match="lies beside it"):
        open_store(tmp_path / "faces.db", tmp_path / "key", create=True)
    assert not list(tmp_path.iterdir())


def test_a_missing_key_of_a_store_that_exists_is_never_made_anew(store: Books, file: Path, key: Path) -> None:
    store.close()
    key.unlink()
    with pytest.raises(FacesError, match="Its key is not there"):
        open_store(file, key, create=True)
    assert not key.exists()


def test_a_key_that_could_not_be_written_leaves_no_file(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(vault.os, "fsync", full)
        with pytest.raises(FacesError, match="No space left"):
            vault.new_key(key)
    assert not list(key.parent.iterdir())
    assert vault.read_key(vault.new_key(key).path or key).secret
    assert list(key.parent.iterdir()) == [key]


def test_a_key_is_never_overwritten_and_readable_by_its_owner_only(store: Books, key: Path) -> None:
    before = key.read_bytes()
    with pytest.raises(FacesError, match="a file already"):
        vault.new_key(key)
    assert key.read_bytes() == before and oct(key.stat().st_mode & 0o777) == "0o600"


def test_a_damaged_byte_is_noticed_or_changes_nothing(store: Books, file: Path, key: Path) -> None:
    people = store.people()
    store.close()
    whole = file.read_bytes()
    chance, noticed = random.Random(1), 0
    for _ in range(60):
        at = chance.randrange(len(whole))
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        try:
            again = open_store(file, key, today=lambda: TODAY)
            try:
                assert (again.check(), again.people()) == (9, people)
            finally:
                again.close()
        except FacesError:
            noticed += 1
        for suffix in ("-wal", "-shm"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
    assert noticed > 5


@pytest.mark.parametrize(
    "swap",
    [
        "UPDATE templates SET sealed = (SELECT sealed FROM templates WHERE id = 4) WHERE id = 1",
        "UPDATE templates SET sealed = (SELECT sealed FROM templates WHERE id = 2) WHERE id = 1",
        "UPDATE templates SET person = 2 WHERE id = 1",
        "UPDATE people SET sealed = (SELECT sealed FROM consents WHERE id = 1) WHERE id = 1",
        "INSERT INTO corrections SELECT 1, person, sealed FROM templates WHERE id = 1",
        "UPDATE consents SET sealed = (SELECT sealed FROM consents WHERE id = 2) WHERE id = 1",
        "UPDATE people SET sealed = (SELECT sealed FROM people WHERE id = 2) WHERE id = 1",
        "UPDATE people SET sealed_key = (SELECT sealed_key FROM people WHERE id = 2) WHERE id = 1",
        "UPDATE people SET sealed = sealed_key WHERE id = 1",
    ],
)
def test_a_ciphertext_put_elsewhere_no_longer_opens(store: Books, file: Path, swap: str) -> None:
    with sqlite3.connect(file) as other:
        other.execute(swap)
    with pytest.raises(FacesError, match="is not as it was written"):
        store.check()


def test_an_enrolment_that_fails_half_way_leaves_nothing(store: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Cabinet, *_: object) -> None:
        raise OSError("no more")

    before = store.audit()
    with monkeypatch.context() as patch:
        patch.setattr(Cabinet, "put_templates", fails)
        with pytest.raises(OSError, match="no more"):
            store.enrol("Anna", pictures_of(9, 1), agreed(), space=SPACE, source="")
    assert store.audit() == before and len(store.people()) == 3
    assert store.enrol("Anna", pictures_of(9, 1), agreed(), space=SPACE, source="") == 4


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, key: Path) -> None:
    tmp_path.joinpath("file").touch()
    with pytest.raises(FacesError, match="Choose a folder that you may write to"):
        open_store(tmp_path / "file" / "faces.db", key, create=True)
