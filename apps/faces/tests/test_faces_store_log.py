"""The audit log of a store: who asked what, in a chain that shows what was changed, taken out, put in or cut off."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bitfast_faces.errors import FacesError
from bitfast_faces.store import audit, open_store
from bitfast_faces.store.books import Books
from bitfast_faces.store.vault import new_key
from faces_stores import SPACE, TODAY, agreed, pictures_of, strangers

TRIGGERS = ("audit_is_not_changed", "audit_is_not_deleted", "audit_is_appended_to")


def change(file: Path, statements: Sequence[str]) -> None:
    """Changes the file as somebody does who has it, but not the key."""
    with sqlite3.connect(file) as other:
        for trigger in TRIGGERS:
            other.execute(f"DROP TRIGGER {trigger}")
        for one in statements:
            assert other.execute(one).rowcount > 0
    other.close()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET action = 'none' WHERE id = 2", "DELETE FROM audit WHERE id = 2", "DELETE FROM audit",
     "INSERT INTO audit VALUES (99, '', '', '{}', '')", "INSERT INTO audit VALUES (1, '', '', '{}', '')"],
)  # fmt: skip
def test_the_log_refuses_to_be_changed(store: Books, file: Path, statement: str) -> None:
    other = sqlite3.connect(file)
    with pytest.raises(sqlite3.DatabaseError, match=r"append-only|UNIQUE"):
        other.execute(statement)
    other.close()
    store.verify_audit()


CUT = [
    "DELETE FROM audit WHERE id > 3",
    "UPDATE meta SET value = '3' WHERE name = 'head'",
    "UPDATE meta SET value = (SELECT digest FROM audit WHERE id = 3) WHERE name = 'head_digest'",
]


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["UPDATE audit SET action = 'none' WHERE id = 3"], "entry 3 .* is not as it was written"),
        (["UPDATE audit SET at = '2020-01-01T00:00:00Z' WHERE id = 2"], "entry 2 .* is not as it was written"),
        (["""UPDATE audit SET detail = replace(detail, '"person":1', '"person":9') WHERE id = 2"""], "entry 2 .* not"),
        (["UPDATE audit SET digest = (SELECT digest FROM audit WHERE id = 2) WHERE id = 3"], "entry 3 .* not as"),
        (["DELETE FROM audit WHERE id = 2"], "entry 2 is missing"),
        (["DELETE FROM audit WHERE id = 1"], "entry 1 is missing"),
        (["DELETE FROM audit WHERE id = 4"], "entry 4 is missing"),
        (["DELETE FROM audit"], "entry 1 is missing"),
        (["UPDATE audit SET detail = '{' WHERE id = 2"], "audit 2 is not as it was written"),
        (CUT, "its end is not as it was written"),
        (["UPDATE meta SET value = 'ffffffffffffffff' WHERE name = 'space'"], "its end is not as it was written"),
    ],
)  # fmt: skip
def test_who_changes_the_log_all_the_same_is_seen(store: Books, file: Path, statements: list[str], words: str) -> None:
    store.verify_audit()
    change(file, statements)
    with pytest.raises(FacesError, match=words):
        store.verify_audit()


def test_nothing_is_answered_after_the_log_was_cut_off_at_the_end(store: Books, file: Path) -> None:
    change(file, CUT)
    with pytest.raises(FacesError, match="its end is not as it was written"):
        store.search(pictures_of(0, 1), purpose="door")


def test_an_honest_log_verifies_while_another_program_searches(store: Books, file: Path, key: Path) -> None:
    """An entry is appended after the entries were read and before the head is."""
    other = open_store(file, key, today=lambda: TODAY)
    read = store._ledger.entries

    def entries(after: int = 0) -> object:
        found = read(after)
        writer = threading.Thread(target=lambda: other.search(strangers(1, 1), purpose="door"))
        writer.start()
        writer.join()
        return found

    store._ledger.entries = entries  # type: ignore[method-assign,assignment]
    store.verify_audit()
    store.check()
    other.close()


# Who asked


def test_the_log_says_who_asked_and_of_which_space(store: Books) -> None:
    face = pictures_of(0, 1)
    asked = [
        ("search", lambda: store.search(face, purpose="door", by="token 3")),
        ("recognise", lambda: store.recognise(face, purpose="door", by="token 3")),
        ("verify", lambda: store.verify(face[0], 1, purpose="door", by="token 3")),
        ("reject", lambda: store.reject(pictures_of(0, 5)[4], 1, by="token 3")),
        ("people", lambda: store.people(by="token 3")),
        ("person", lambda: store.person(1, by="token 3")),
        ("add", lambda: store.add(1, face, source="", by="token 3")),
        ("consent", lambda: store.consent(1, agreed("gym"), by="token 3")),
        ("enrol", lambda: store.enrol("N", face, agreed(), space=SPACE, source="", by="token 3")),
        ("delete", lambda: store.delete(4, by="token 3")),
    ]  # fmt: skip
    for action, ask in asked:
        head = store.audit()[-1].id
        ask()
        entry = store.audit(head)[0]
        assert (entry.action, entry.detail["by"]) == (action, "token 3")
        if action in ("search", "recognise", "verify", "reject", "add", "enrol"):
            assert entry.detail["space"] == SPACE


def test_who_is_not_said_to_have_asked_is_the_systems_user(store: Books) -> None:
    store.people()
    assert str(store.audit()[-1].detail["by"]).startswith("user ")


@pytest.mark.parametrize(("person", "why"), [(1, "purpose"), (99, "nobody"), (10**22, "nobody")])
def test_a_verification_that_is_refused_is_in_the_log_too(store: Books, person: int, why: str) -> None:
    with pytest.raises(FacesError):
        store.verify(pictures_of(0, 1)[0], person, purpose="other", by="token 3")
    last = store.audit()[-1]
    assert (last.action, last.detail["refused"], last.detail["by"]) == ("verify", why, "token 3")
    assert "score" not in last.detail


# The whole


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM corrections", "person 1 has 0 corrections, and by the log 1"),
        ("DELETE FROM templates WHERE id IN (1, 2)", "person 1 has 2 templates, and by the log 4"),
        ("DELETE FROM consents WHERE id = 4", "person 4 has 1 consents, and by the log 2"),
        ("DELETE FROM templates WHERE person = 3", "person 3 has 0 templates, and by the log 3"),
        ("INSERT INTO consents VALUES (99, 7, 'x')", "person 7 has 1 consents, and by the log 0"),
    ],
)
def test_rows_that_are_missing_are_noticed_by_the_log(store: Books, file: Path, statement: str, words: str) -> None:
    store.add(1, pictures_of(0, 5)[3:4], source="b")
    store.reject(pictures_of(0, 5)[4], 1)
    store.delete(2)
    assert store.enrol("P", pictures_of(1, 1), agreed(), space=SPACE, source="") == 4
    store.consent(4, agreed("gym"))
    store.consent(4, agreed("pool"))
    store.withdraw(4, "pool")
    store.check()
    with sqlite3.connect(file) as other:
        other.execute(statement)
    other.close()
    with pytest.raises(FacesError, match=words):
        store.check()


def test_a_person_who_is_missing_altogether_is_noticed(store: Books, file: Path) -> None:
    with sqlite3.connect(file) as other:
        for table in ("templates", "consents", "corrections"):
            other.execute(f"DELETE FROM {table} WHERE person = 3")
        other.execute("DELETE FROM people WHERE id = 3")
    other.close()
    with pytest.raises(FacesError, match="person 3 "):
        store.check()


def test_after_a_rotation_the_old_log_key_writes_nothing_that_verifies(store: Books, tmp_path: Path) -> None:
    stolen = store._ledger._log_keys
    store.rotate(new_key(tmp_path / "keys" / "new"))
    store.search(pictures_of(0, 1), purpose="door")
    store.verify_audit()
    entries = store.audit()
    forged = audit.entry(stolen[-1][1], entries[-2], entries[-1].at, "search", {})
    with pytest.raises(FacesError, match=f"entry {forged.id} .* is not as it was written"):
        audit.verify(store._ledger._log_keys, [*entries[:-1], forged], (forged.id, forged.digest))


def test_the_log_is_read_in_pieces(store: Books) -> None:
    store.expire(agreed().expires + timedelta(days=1))
    assert [entry.id for entry in store.audit(after=1, limit=2)] == [2, 3]
    assert store.audit(after=10**22) == []
