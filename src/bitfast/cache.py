"""The one cache on disk: where it is, and how something gets into it once, whole, also with several runs at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bitfast.words import BitfastError


def cache_directory() -> Path:
    """$BITFAST_CACHE, or bitfast in $XDG_CACHE_HOME or ~/.cache; made for this user only when it is not there."""
    chosen = os.environ.get("BITFAST_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    directory = Path(chosen) if chosen else Path(base) / "bitfast"
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BitfastError(
            f"cannot make the cache {directory}: {error.strerror}", next_step="set BITFAST_CACHE to a directory you own"
        ) from None
    return directory.resolve()


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Only one process at a time is inside for the same directory, which need not exist; the others wait."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    with directory.with_name(f".{directory.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def made_once(directory: Path, make: Callable[[Path], None]) -> Path:
    """The directory, filled by `make` unless it is there already.

    `make` fills a temporary directory beside it, which takes the name in one step: what has the name is whole. When
    `make` raises, nothing is left.
    """
    if directory.is_dir():
        return directory
    with locked(directory):
        if directory.is_dir():
            return directory
        temporary = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
        try:
            make(temporary)
            temporary.chmod(0o755)
            temporary.rename(directory)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return directory
