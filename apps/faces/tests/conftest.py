"""What the tests of faces share: the engine, opened once with the weights that `bitfast-faces setup` laid ready."""

from __future__ import annotations

import pytest

from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError


@pytest.fixture(scope="session")
def engine() -> Engine:
    try:
        return Engine.open()
    except FacesError as error:
        pytest.skip(f"needs the weights: {error.advice}")
