"""Keeps the best shots of known people who agreed to pictures, in a folder that only its owner can read."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path

from PIL import Image

from bitfast_faces.cameras.events import Event, iso
from bitfast_faces.errors import FacesError
from bitfast_faces.types import Pixels

_NAME = re.compile(r"[\w.-]+-\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z-(\d+)\.jpg")


class Pictures:
    """A folder of JPEG files, CAMERA-TIME-PERSON.jpg, for one store. Raises FacesError where it cannot be written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _failed(folder, error) from error

    def sweep(self, agreed: Collection[int]) -> int:
        """Deletes the pictures of everybody else than these people, by the number in the name; returns how many."""
        gone = [
            path
            for path in self._folder.iterdir()
            if (name := _NAME.fullmatch(path.name)) and int(name[1]) not in agreed
        ]
        try:
            for path in gone:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise _failed(self._folder, error) from error
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
