"""What the tests of faces share: the engine, opened once with the weights that `bitfast-faces setup` laid ready."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from faces_stores import postgres_programs, postgres_server

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
