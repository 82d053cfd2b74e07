"""Keeps the best shots of known people who agreed to pictures, in a folder that only its owner can read, and deletes
them when the consent ends."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from pathlib import Path

from PIL import Image

from bitfast_faces.cameras.events import Event, iso
from bitfast_faces.errors import FacesError
from bitfast_faces.types import Pixels

PICTURES = ": pictures"
"""What a purpose ends with that is the consent to pictures: "door: pictures" beside "door"."""

_NAME = re.compile(r"[\w.-]+-\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z-(\d+)\.jpg")


class Pictures:
    """A folder of JPEG files, CAMERA-TIME-PERSON.jpg, for one store.

    Raises FacesError where it cannot be made or written, and for one that others than its owner can read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = folder.stat()
        except OSError as error:
            raise _failed(folder, error) from error
        if status.st_mode & 0o077 or status.st_uid != os.getuid():
            raise FacesError(
                f"Keeping pictures in {folder}.",
                "Others than you can read the folder, or it is not yours.",
                f"chmod 700 {folder}, or name a new folder, which is made for you only.",
            )

    def sweep(self, agreed: Collection[int]) -> int:
        """Deletes the pictures of everybody else than these people, by the number in the name; returns how many."""
        return self._delete(lambda person: person not in agreed)

    def remove(self, person: int) -> int:
        """Deletes the pictures of one person; returns how many."""
        return self._delete(lambda one: one == person)

    def _delete(self, which: Callable[[int], bool]) -> int:
        try:
            names = [(path, _NAME.fullmatch(path.name)) for path in self._folder.iterdir()]
            gone = [path for path, name in names if name and which(int(name[1]))]
            for path in gone:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise FacesError(
                f"Deleting pictures in {self._folder}.",
                f"It did not work: {error.strerror or error}.",
                "They are still there: delete them yourself.",
            ) from error
        return len(gone)

    def __call__(self, event: Event, pixels: Pixels) -> str:
        """Writes the picture whole or not at all and returns its name."""
        person = event.who.person if event.who else 0
        name = f"{event.camera}-{iso(event.at).replace(':', '')}-{person}.jpg"
        half = self._folder / f".{name}.part"
        try:
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                Image.fromarray(pixels).save(file, "JPEG", quality=90)
            half.replace(self._folder / name)
        except OSError as error:
            half.unlink(missing_ok=True)
            raise _failed(self._folder, error) from error
        return name


def _failed(folder: Path, error: OSError) -> FacesError:
    return FacesError(
        f"Keeping a picture in {folder}.",
        f"It cannot be written: {error.strerror or error}.",
        "Make room or choose another folder with --pictures.",
    )
