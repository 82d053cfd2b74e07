"""What is deleted from the SQLite store is gone from its files and from memory, whatever happens meanwhile."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from bitfast_faces.errors import FacesError
from bitfast_faces.store import open_store
from bitfast_faces.store.books import Books
from bitfast_faces.store.sqlite import SqliteDatabase
from bitfast_faces.store.vault import new_key, unseal
from faces_stores import SPACE, TODAY, agreed, pictures_of


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


def test_expired_people_are_deleted_as_verifiably_as_others(store: Books, file: Path) -> None:
    cells = [cell for person in (1, 2, 3) for cell in ciphertexts(file, person)]
    gone = store.expire(agreed().expires + timedelta(days=1))
    assert [one.verified for one in gone] == ["file"] * 3
    assert left_of(cells, file) == 0 and store.people() == []


def test_two_deletions_at_once_are_each_verified(
    store: Books, file: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process deletes, and ends before it has verified it, while this one verifies its own."""
    other = open_store(file, key, today=lambda: TODAY)

    def killed(gone: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(other._database, "scrub", killed)
    scrub = store._database.scrub

    def slow(gone: list[bytes]) -> object:
        with pytest.raises(KeyboardInterrupt):
            other.delete(2)
        return scrub(gone)

    monkeypatch.setattr(store._database, "scrub", slow)
    store.delete(1)
    monkeypatch.undo()
    other.close()
    again = open_store(file, key, today=lambda: TODAY)
    last = again.audit()[-1]
    assert last.action == "compacted" and len(last.detail["entries"]) == 1
    again.close()
    once_more = open_store(file, key, today=lambda: TODAY)
    assert once_more.audit()[-1] == last
    once_more.close()


@pytest.mark.parametrize("cell", ["zeroblob(40)", "x''", "randomblob(40)", "CAST('x' AS BLOB)"])
def test_a_person_who_cannot_be_read_is_deleted_all_the_same(store: Books, file: Path, cell: str) -> None:
    with sqlite3.connect(file) as other:
        other.execute(f"UPDATE consents SET sealed = {cell} WHERE person = 2")
        other.execute(f"UPDATE templates SET sealed = {cell} WHERE person = 2")
    other.close()
    assert store.delete(2).templates == 3
    assert [one.id for one in store.people()] == [1, 3]
    store.check()


def test_one_damaged_row_does_not_keep_others_whose_consent_has_ended(store: Books, file: Path) -> None:
    with sqlite3.connect(file) as other:
        other.execute("UPDATE consents SET sealed = randomblob(60) WHERE person = 2")
    other.close()
    with pytest.raises(FacesError, match=r"2 had to be and are deleted.* damaged: 2\.\nbitfast-faces delete 2 "):
        store.expire(date(2030, 1, 1))
    assert store._cabinet.numbers() == [2]
    store.delete(2)
    assert store.people() == []


def test_a_person_whose_consents_were_taken_out_of_the_file_is_not_kept(store: Books, file: Path) -> None:
    with sqlite3.connect(file) as other:
        other.execute("DELETE FROM consents WHERE person = 2")
    other.close()
    assert store.search(pictures_of(1, 1), purpose="door") == [[]]
    assert [one.person for one in store.expire()] == [2]


def test_a_consent_given_while_expire_runs_is_respected(store: Books, key: Path, file: Path) -> None:
    later = agreed().expires + timedelta(days=1)
    expired = store._expired

    def renewed(person: int, day: date) -> object:
        if person == 2:
            store._cabinet.put_consent(2, agreed(expires=date(2027, 12, 31)))
        return expired(person, day)

    store._expired = renewed  # type: ignore[method-assign,assignment]
    assert [one.person for one in store.expire(later)] == [1, 3]


# One purpose


def test_one_purpose_is_withdrawn_and_its_consent_is_gone_from_the_file(store: Books, file: Path) -> None:
    store.consent(1, agreed("gym"))
    store.consent(1, agreed("door: pictures"))
    with sqlite3.connect(file) as other:
        cells = [cell for (cell,) in other.execute("SELECT sealed FROM consents WHERE person = 1").fetchall()]
    other.close()
    receipt = store.withdraw(1, "door")
    assert (receipt.person, receipt.templates, receipt.reason, receipt.verified) == (1, 0, "withdrawn", "file")
    assert [one.purpose for one in store.person(1).consents] == ["gym"]
    assert store.search(pictures_of(0, 1), purpose="door") == [[]]
    assert len(store.search(pictures_of(0, 1), purpose="gym")[0]) == 1
    assert left_of([cells[0], cells[2]], file) == 0 and left_of([cells[1]], file) == 1
    store.check()


def test_with_the_last_consent_the_person_goes(store: Books) -> None:
    receipt = store.withdraw(1, "door")
    assert (receipt.templates, receipt.reason) == (3, "withdrawn")
    assert [one.id for one in store.people()] == [2, 3]
    with pytest.raises(FacesError, match="none to the purpose “gym”"):
        store.withdraw(2, "gym")
    store.check()


# The key


def test_a_change_of_key_that_a_reader_holds_up_is_a_success_and_finished_later(
    store: Books, file: Path, key: Path, tmp_path: Path
) -> None:
    old = store._database.rows("SELECT sealed_key FROM people WHERE id = 1")[0][0]
    store._database.run("PRAGMA busy_timeout = 50")
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM templates").fetchall()
    new = new_key(tmp_path / "keys" / "new")
    assert store.rotate(new) is False
    assert left_of([old], file) == 1
    reader.close()
    store.close()
    assert new.path
    again = open_store(file, new.path, today=lambda: TODAY)
    assert again.audit()[-1].action == "compacted" and left_of([old], file) == 0
    assert again.check() == 9
    again.close()


def test_after_a_change_of_key_no_key_out_of_an_old_copy_opens_anything(
    store: Books, file: Path, tmp_path: Path
) -> None:
    ledger, place = store._ledger, store._cabinet._bound("people", 1, 1)
    ((sealed, named),) = store._database.rows("SELECT sealed_key, sealed FROM people WHERE id = 1")
    stolen = unseal(ledger.wrap, sealed, *place, "key")
    assert unseal(stolen, named, *place, "name") == b"P0"
    before = [cell for person in (1, 2, 3) for cell in ciphertexts(file, person)]
    log_key = ledger.value("log_key").encode()
    assert store.rotate(new_key(tmp_path / "keys" / "new")) is True
    assert left_of(before, file) == 0 and log_key not in file.read_bytes()
    store.add(1, pictures_of(0, 4)[3:], source="b.jpg")
    for table, column in (("people", "id"), ("templates", "person"), ("consents", "person")):
        for number, cell in store._database.rows(f"SELECT id, sealed FROM {table} WHERE {column} = 1"):
            with pytest.raises(FacesError, match="not as it was written"):
                unseal(stolen, cell, *store._cabinet._bound(table, number, 1), *(["name"] * (table == "people")))
    assert store.check() == 10
