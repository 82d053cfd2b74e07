"""How bitfast writes files for the user: whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from bitfast.words import BitfastError


def write_atomically(path: Path | str, content: bytes) -> None:
    """Write `content` to `path` so that a reader, a crash or Ctrl-C meets the old file or the new one, never a part.

    The content goes to a temporary file in the same folder, which then takes the name (rename(2) is atomic within a
    file system). A symbolic link keeps pointing: the file behind it is replaced. What cannot be replaced, a pipe or a
    device such as /dev/stdout, is written to directly. An existing file keeps its permissions; a new one gets those
    that the umask leaves.

    Raises BitfastError when the folder does not exist or cannot be written, or when no space is left.
    """
    wanted = Path(path)
    try:
        if wanted.is_relative_to("/dev") or (wanted.exists() and not wanted.is_file()):
            with wanted.open("ab") as file:  # a folder raises here
                file.write(content)
        else:
            _replace(wanted.resolve(), content)
    except OSError as error:
        raise BitfastError(
            f"cannot write {wanted}: {error.strerror or error}",
            next_step="name a file in an existing folder that you may write to, on a disk with free space",
        ) from None


def require_writable(path: Path) -> None:
    """Raise BitfastError when `write_atomically` could not write there: to be asked before the work, not after it."""
    folder = path.resolve().parent
    if path.is_dir():
        raise BitfastError(f"cannot write {path}: it is a folder", next_step="name a file")
    if not folder.is_dir():
        raise BitfastError(f"cannot write {path}: {folder} is no folder", next_step="make it first, or name another")
    if path.is_relative_to("/dev") or (path.exists() and not path.is_file()):
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BitfastError(f"cannot write {path}: {folder} is not yours to write to", next_step="name another folder")


def _replace(final: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".bitfast-", suffix=".tmp", dir=final.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), _permissions(final))
            os.fsync(file.fileno())
        Path(name).replace(final)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _permissions(path: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_mode & 0o777
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask
