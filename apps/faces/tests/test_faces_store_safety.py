"""What the SQLite store survives: kills, full disks, damage, wrong keys, and who tampers with its log."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bitfast_faces.errors import FacesError
from bitfast_faces.store import open_store, vault
from bitfast_faces.store.books import Books
from bitfast_faces.store.cabinet import Cabinet
from bitfast_faces.store.sqlite import SqliteDatabase
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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store" / "faces.db"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "key"


@pytest.fixture
def store(file: Path, key: Path) -> Iterator[Books]:
    opened = open_store(file, key, create=True, today=lambda: TODAY)
    for seed in range(3):
        opened.enrol(f"P{seed}", pictures_of(seed, 3), agreed(), space=SPACE, source="a.jpg")
    yield opened
    opened.close()


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
        (lambda file, key: file.unlink(), "none yet"),
        (lambda file, key: file.write_bytes(b""), "none yet"),
        (lambda file, key: (file.unlink(), file.mkdir()), "cannot be opened"),
        (lambda file, key: key.unlink(), "no such file"),
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
    with pytest.raises(FacesError, match="no such file"):
        open_store(file, key, create=True)
    assert not key.exists()


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


# The log


@pytest.mark.parametrize(
    "change",
    ["UPDATE audit SET action = 'none' WHERE id = 2", "DELETE FROM audit WHERE id = 2", "DELETE FROM audit",
     "INSERT INTO audit VALUES (99, '', '', '{}', '')", "INSERT INTO audit VALUES (1, '', '', '{}', '')"],
)  # fmt: skip
def test_the_log_refuses_to_be_changed(store: Books, file: Path, change: str) -> None:
    other = sqlite3.connect(file)
    with pytest.raises(sqlite3.DatabaseError, match=r"append-only|UNIQUE"):
        other.execute(change)
    other.close()
    store.verify_audit()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE audit SET action = 'none' WHERE id = 3", "entry 3 .* is not as it was written"),
        ("UPDATE audit SET at = '2020-01-01T00:00:00Z' WHERE id = 2", "entry 2 .* is not as it was written"),
        ("""UPDATE audit SET detail = replace(detail, '"person":1', '"person":9') WHERE id = 2""", "entry 2 .* not as"),
        ("UPDATE audit SET digest = (SELECT digest FROM audit WHERE id = 2) WHERE id = 3", "entry 3 .* not as"),
        ("DELETE FROM audit WHERE id = 2", "entry 2 is missing"),
        ("DELETE FROM audit WHERE id = 1", "entry 1 is missing"),
        ("DELETE FROM audit WHERE id = 4", "entry 4 is missing"),
        ("DELETE FROM audit", "entry 1 is missing"),
        ("UPDATE audit SET detail = '{' WHERE id = 2", "audit 2 is not as it was written"),
    ],
)
def test_who_changes_the_log_all_the_same_is_seen_and_the_entry_named(
    store: Books, file: Path, change: str, words: str
) -> None:
    store.verify_audit()
    with sqlite3.connect(file) as other:
        for trigger in ("audit_is_not_changed", "audit_is_not_deleted", "audit_is_appended_to"):
            other.execute(f"DROP TRIGGER {trigger}")
        assert other.execute(change).rowcount > 0
    with pytest.raises(FacesError, match=words):
        store.verify_audit()


# Deletion


def ciphertexts(file: Path, person: int) -> list[bytes]:
    with sqlite3.connect(file) as other:
        cells = other.execute("SELECT sealed_key FROM people WHERE id = ?", (person,)).fetchall()
        for table in ("consents", "templates", "corrections"):
            cells += other.execute(f"SELECT sealed FROM {table} WHERE person = ?", (person,)).fetchall()
    return [cell for (cell,) in cells]


def left_of(cells: list[bytes], file: Path) -> int:
    held = b"".join(path.read_bytes() for path in file.parent.iterdir())
    return sum(any(cell[at : at + 16] in held for at in range(0, len(cell) - 15, 16)) for cell in cells)


def test_no_piece_of_a_deleted_person_is_left_in_any_file(store: Books, file: Path) -> None:
    for seed in range(3, 60):  # so many that pages were split and cells moved
        store.enrol(f"P{seed}", pictures_of(seed, 1 + seed % 9), agreed(), space=SPACE, source="a.jpg" * (seed % 50))
    for person in (2, 30, 31, 32, 45):
        cells = ciphertexts(file, person)
        assert left_of(cells, file) == len(cells)
        receipt = store.delete(person)
        assert left_of(cells, file) == 0
        assert receipt.verified == "file" and receipt.bytes_read >= file.stat().st_size > 0
    assert store.check() > 0


def test_templates_of_the_deleted_leave_the_memory_of_every_process(store: Books, file: Path, key: Path) -> None:
    other = open_store(file, key, today=lambda: TODAY)
    for one in (store, other):
        one.search(pictures_of(0, 1), purpose="door")
        assert one._index.owners.tolist() == [1] * 3 + [2] * 3 + [3] * 3
    store.delete(2)
    assert store._index.owners.tolist() == [1] * 3 + [3] * 3
    other.search(pictures_of(0, 1), purpose="door")
    assert other._index.owners.tolist() == [1] * 3 + [3] * 3
    assert (other._index.templates[3:] == pictures_of(2, 3)).all()
    other.close()


def test_a_copy_left_behind_by_the_database_is_found_and_removed(
    store: Books, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (template, *_) = ciphertexts(file, 1)[2:]
    store._database.run("CREATE TABLE leftover (sealed BLOB)")
    store._database.run("INSERT INTO leftover VALUES (?)", template)
    with pytest.raises(FacesError, match="1 of 6 deleted ciphertexts are still in the file"):
        store.delete(1)
    compacted: list[bool] = []
    compact = store._database.compact
    monkeypatch.setattr(store._database, "compact", lambda: (compacted.append(True), compact()))
    cells = ciphertexts(file, 2)
    store._database.run("PRAGMA secure_delete = OFF")
    store.delete(2)
    assert compacted and left_of(cells, file) == 0


def test_a_deletion_cut_off_before_its_verification_is_finished_by_the_next_to_open(
    store: Books, file: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = ciphertexts(file, 1)
    store._database.run("PRAGMA secure_delete = OFF")

    def killed(self: SqliteDatabase, gone: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SqliteDatabase, "scrub", killed)
        with pytest.raises(KeyboardInterrupt):
            store.delete(1)
    assert left_of(cells, file) > 0
    store.close()
    again = open_store(file, key, today=lambda: TODAY)
    assert left_of(cells, file) == 0
    assert [entry.action for entry in again.audit()][-2:] == ["delete", "compacted"]
    again.close()


def test_a_deletion_that_a_reader_holds_up_says_so(
    store: Books, file: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store._database.run("PRAGMA busy_timeout = 50")
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM templates").fetchall()
    with pytest.raises(FacesError, match="another program is reading"):
        store.delete(1)
    reader.close()
    assert store.search(pictures_of(0, 1), purpose="door") == [[]]
    store.close()
    again = open_store(file, key, today=lambda: TODAY)
    assert again.audit()[-1].action == "compacted"
    again.close()


def test_an_enrolment_that_fails_half_way_leaves_nothing(store: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Cabinet, *_: object) -> None:
        raise OSError("no more")

    before = store.audit()
    with monkeypatch.context() as patch:
        patch.setattr(Cabinet, "put_templates", fails)
        with pytest.raises(OSError, match="no more"):
            store.enrol("Anna", pictures_of(9, 1), agreed(), space=SPACE, source="")
    assert len(store.people()) == 3 and store.audit() == before
    assert store.enrol("Anna", pictures_of(9, 1), agreed(), space=SPACE, source="") == 4


def test_expired_people_are_deleted_as_verifiably_as_others(store: Books, file: Path) -> None:
    cells = [cell for person in (1, 2, 3) for cell in ciphertexts(file, person)]
    gone = store.expire(agreed().expires + timedelta(days=1))
    assert [one.verified for one in gone] == ["file"] * 3
    assert left_of(cells, file) == 0 and store.people() == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, key: Path) -> None:
    tmp_path.joinpath("file").touch()
    with pytest.raises(FacesError, match="Choose a folder that you may write to"):
        open_store(tmp_path / "file" / "faces.db", key, create=True)
