"""The memory of an unfinished sorting: a file of sealed records, one for each photo, so that it can be resumed.

There is none unless the user names a file, and it is removed when the sorting is done. It holds templates of people who
were not asked, so each record is sealed like a store's rows, by a key derived from the user's key file.
"""

from __future__ import annotations

import base64
import errno
import json
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np

from bitfast_faces.cluster_folder import Look
from bitfast_faces.errors import FacesError
from bitfast_faces.store.vault import Key, seal, unseal
from bitfast_faces.types import DIMENSIONS

_HEAD = "bitfast-faces sorting 1"
_ID_BYTES = 16


class SealedMemory:
    """A cluster_folder.Memory in a file. A record cut off by a crash is dropped, and its photo looked at again.

    A file of anything else is refused and stays as it is: nothing is written before all of it was understood.
    """

    def __init__(self, path: Path, key: Key, space: str) -> None:
        self._path = path
        self._tried = f"Resuming from {path}."
        self._looks: dict[str, Look] = {}
        self._space = space
        self._file = self._opened()
        try:
            self._take(self._file.read(), key)
        except BaseException:
            self._file.close()
            raise

    def _opened(self) -> BinaryIO:
        """The file; a link is never followed, for what it names is not ours."""
        try:
            try:
                descriptor = os.open(self._path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
            except FileNotFoundError:
                descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            happened = "It is a link" if error.errno == errno.ELOOP else error.strerror
            raise FacesError(self._tried, f"{happened}.", "Choose a file that you may write.") from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise self._not_ours()
        return os.fdopen(descriptor, "r+b")

    def _take(self, whole: bytes, key: Key) -> None:
        head = f"{_HEAD} ".encode()
        if whole and not whole.startswith(head):
            raise self._not_ours()
        if os.fstat(self._file.fileno()).st_mode & 0o077:
            raise FacesError(self._tried, "Others than its owner may read or write it.", "Name another file.")
        complete = whole[: whole.rfind(b"\n") + 1]
        if not complete and len(whole) > len(head) + 2 * _ID_BYTES:  # longer than a first line that was cut off
            raise self._not_ours()
        try:
            lines = complete.decode("ascii").splitlines()
            self._id = bytes.fromhex(lines[0].rpartition(" ")[2]) if lines else os.urandom(_ID_BYTES)
        except ValueError:
            raise self._not_ours() from None
        self._key = key.derived("sorting", self._id)
        for number, line in enumerate(lines[1:]):
            self._read(number, line, self._space)
        self._count = max(len(lines) - 1, 0)
        self._file.truncate(len(complete))
        self._file.seek(0, os.SEEK_END)
        if not lines:
            self._append(f"{_HEAD} {self._id.hex()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if kind is None:
            self._path.unlink(missing_ok=True)

    def get(self, digest: str) -> Look | None:
        return self._looks.get(digest)

    def put(self, look: Look) -> None:
        """Writes a look to the disk, unless it is there."""
        if look.digest in self._looks:
            return
        fields = {
            "space": self._space, "digest": look.digest, "faces": look.faces, "boxes": look.boxes,
            "templates": base64.b64encode(look.templates.astype("<i2").tobytes()).decode(),
        }  # fmt: skip
        sealed = seal(self._key, json.dumps(fields).encode(), self._id, "record", self._count)
        self._append(base64.b64encode(sealed).decode())
        self._count += 1
        self._looks[look.digest] = look

    def _append(self, line: str) -> None:
        try:
            self._file.write(line.encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise FacesError(
                f"Writing {self._path}.", f"{error.strerror}.", "Free some space, then give the same command again."
            ) from None

    def _read(self, number: int, line: str, space: str) -> None:
        try:
            fields = json.loads(unseal(self._key, base64.b64decode(line), self._id, "record", number))
        except (FacesError, ValueError):
            raise self._not_ours() from None
        if fields["space"] != space:
            raise FacesError(self._tried, "Other weights or another alignment made it.", "Remove the file.")
        templates = np.frombuffer(base64.b64decode(fields["templates"]), "<i2").astype(np.int16)
        boxes = tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in fields["boxes"])
        look = Look(fields["digest"], tuple(fields["faces"]), boxes, templates.reshape(-1, DIMENSIONS))
        self._looks[look.digest] = look

    def _not_ours(self) -> FacesError:
        return FacesError(
            self._tried, "It is no unfinished sorting, is damaged, or was made with another key.", "Name another file."
        )
