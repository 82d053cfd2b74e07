"""What the tests share: a cache of their own with the portable math library's sources, and skipping where a compiler,
QEMU or the network is not there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast import chips, portable_libm, targets
from bitfast.chips import Target
from bitfast.words import BitfastError
from tests.command_line import Shell

ROOT = Path(__file__).parent.parent

# Kept between runs: what is in it is named by what it was made from.
os.environ.setdefault("BITFAST_CACHE", str(ROOT / "build" / "cache"))


@pytest.fixture(scope="session", autouse=True)
def _portable_libm_sources() -> None:
    """Cures of the cause `libm` need them; where they cannot be fetched, the tests that do will say so."""
    with contextlib.suppress(BitfastError):
        portable_libm.portable_libm(chips.reference(), fetch=True)


@pytest.fixture(scope="session")
def target_here() -> Callable[[str], Target]:
    """target_here(name): the target, or a skip where this machine cannot build and run C for it."""

    def find(name: str) -> Target:
        target = chips.target_named(name)
        lacking = [missing.what for missing in targets.missing(target) if missing.required]
        if lacking:
            pytest.skip(f"{target.triple}: no {', '.join(lacking)}")
        return target

    return find


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A user's command line in a folder of its own."""
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def online() -> Callable[[Callable[[], Path]], Path]:
    """online(fetch): what fetch() gives, or a skip where the distribution's archive cannot be reached."""

    def attempt(fetch: Callable[[], Path]) -> Path:
        try:
            return fetch()
        except BitfastError as error:
            if error.message.startswith("cannot fetch the distribution's package lists"):
                pytest.skip(error.message.splitlines()[0])
            raise

    return attempt
