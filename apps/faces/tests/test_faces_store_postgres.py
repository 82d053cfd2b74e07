"""What only the PostgreSQL store has: a server that goes away, an inexact index, a matrix made from the key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bitfast_faces.errors import FacesError
from bitfast_faces.matching import UNIT, similarities
from bitfast_faces.store import open_store
from bitfast_faces.store.rotation import SLACK, rotated, rotation
from bitfast_faces.store.vault import Key, new_key
from faces_stores import SPACE, TODAY, agreed, pictures_of, strangers

psycopg = pytest.importorskip("psycopg")
postgres = pytest.importorskip("bitfast_faces.store.postgres")


@pytest.fixture
def url(postgres_url: str) -> str:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bitfast_faces CASCADE")
    return postgres_url


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return new_key(tmp_path / "key")


@pytest.fixture(params=[False, True])
def store(request: pytest.FixtureRequest, url: str, key: Key) -> Iterator[postgres.PostgresBooks]:
    settings = {"create": True, "space": SPACE, "today": lambda: TODAY, "approximate": request.param}
    opened = postgres.open_postgres(url, key, **settings)
    for seed in range(20):
        opened.enrol(f"P{seed}", pictures_of(seed, 3), agreed(), space=SPACE, source="a.jpg")
    yield opened
    opened.close()


def test_everybody_is_found_and_nobody_is_named_whom_the_integers_do_not_name(store: postgres.PostgresBooks) -> None:
    found = store.search(np.concatenate([pictures_of(seed, 4)[3:] for seed in range(30)]), purpose="door")
    assert [[one.person for one in row] for row in found] == [[seed + 1] for seed in range(20)] + [[]] * 10
    indexes = store._database.rows("SELECT 1 FROM pg_indexes WHERE indexname = 'nearest'")
    assert bool(indexes) is store._approximate


def test_a_lost_connection_is_told_and_made_again(store: postgres.PostgresBooks, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bitfast-faces'")
    with pytest.raises(FacesError, match="no connection, or it was lost"):
        store.people()
    assert len(store.people()) == 20
    store.verify_audit()


@pytest.mark.parametrize("change", ["UPDATE audit SET action = ''", "DELETE FROM audit WHERE id = 1", "TRUNCATE audit"])
def test_the_log_on_the_server_refuses_to_be_changed(store: postgres.PostgresBooks, change: str) -> None:
    with pytest.raises(FacesError, match="append-only"):
        store._database.run(change)
    store.verify_audit()


def test_a_template_without_its_vector_is_noticed(store: postgres.PostgresBooks) -> None:
    store._database.run("DELETE FROM vectors WHERE template = 5")
    with pytest.raises(FacesError, match="1 templates have no vector"):
        store.check()


def test_a_deleted_persons_vectors_go_too(store: postgres.PostgresBooks) -> None:
    assert store.delete(3).verified == "rows"
    assert store._database.rows("SELECT count(*) FROM vectors") == [(57,)]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://faces@/postgres?host=/nowhere/at/all", "no connection"),
        ("postgresql://faces@[", "address|connection|says"),
    ],
)
def test_a_server_that_is_not_there_is_told(key: Key, address: str, words: str) -> None:
    assert key.path
    with pytest.raises(FacesError, match=words):
        open_store(address, key.path)


def test_a_database_without_a_store_is_told(url: str, key: Key) -> None:
    assert key.path
    with pytest.raises(FacesError, match="none in this database yet"):
        open_store(url, key.path)


def test_turning_keeps_products_within_a_quarter_of_the_slack_and_hides_the_directions() -> None:
    turn = rotation(Key(b"k" * 32), b"s" * 16)
    assert abs(turn @ turn.T - np.eye(128)).max() < 1e-12
    templates = np.concatenate([pictures_of(1, 20), strangers(2, 80)])
    kept = np.array([[float(x) for x in text[1:-1].split(",")] for text in rotated(turn, templates)], np.float32)
    exact = similarities(templates, templates) / (UNIT * UNIT)
    assert abs(kept @ kept.T - exact).max() < SLACK / 4
    unit = templates / UNIT
    assert abs((unit * kept).sum(axis=1)).max() < 0.5
    assert (rotation(Key(b"K" * 32), b"s" * 16) != turn).all() and (rotation(Key(b"k" * 32), b"S" * 16) != turn).all()
