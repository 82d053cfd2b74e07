"""What the tests of faces share: the engine, opened once with the weights that `bitfast-faces setup` laid ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from typer.testing import CliRunner, Result

from bitfast_faces import commands_cluster, commands_store
from bitfast_faces.cli import app
from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.store import open_store
from bitfast_faces.store.books import Books
from faces_stores import SPACE, TODAY, WrittenFaces, agreed, pictures_of, postgres_programs, postgres_server

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def engine() -> Engine:
    try:
        return Engine.open()
    except FacesError as error:
        pytest.skip(f"needs the weights: {error.advice}")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server with pgvector, of this session only."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL with pgvector: postgresql-NN-pgvector of the distribution, or the wheel pgserver")
    pytest.importorskip("psycopg")
    with postgres_server(programs) as url:
        yield url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store" / "faces.db"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "key"


@pytest.fixture
def store(file: Path, key: Path) -> Iterator[Books]:
    """A store with three people, P0 to P2, of three templates each."""
    opened = open_store(file, key, create=True, today=lambda: TODAY)
    for seed in range(3):
        opened.enrol(f"P{seed}", pictures_of(seed, 3), agreed(), space=SPACE, source="a.jpg")
    yield opened
    opened.close()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command with a store of its own and faces that are written in the pictures."""

    class Opened:
        open = WrittenFaces

    for module in (commands_store, commands_cluster):
        monkeypatch.setattr(module, "Engine", Opened)
    monkeypatch.setenv("BITFAST_FACES_STORE", str(tmp_path / "store" / "faces.db"))
    monkeypatch.setenv("BITFAST_FACES_KEY", str(tmp_path / "keys" / "key"))
    monkeypatch.chdir(tmp_path)

    def given(*words: str, ends: int = 0, answer: str | None = None) -> Result:
        result = CliRunner().invoke(app, list(words), input=answer)
        if isinstance(result.exception, FacesError):
            raise result.exception
        assert result.exit_code == ends, result.output
        return result

    return given
