"""From files and folders to faces with the names that they suggest. Reads pictures; keeps nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bitfast_faces import native
from bitfast_faces.ahead import in_order
from bitfast_faces.errors import FacesError, printable
from bitfast_faces.file_names import told_apart
from bitfast_faces.images import SUFFIXES
from bitfast_faces.kin.guess import MOST_FACES, name_in, too_many
from bitfast_faces.kin.records import Photo
from bitfast_faces.types import Analysis, Box, Face, Pixels

MOST_PICTURES = 1000
THUMBNAIL = 264  # twice what the shareable picture shows
BACKGROUND = (226, 229, 233)


class Analyses(Protocol):
    """What is needed of an `Engine`."""

    def analyse(self, source: Path, /) -> Analysis: ...


@dataclass(frozen=True)
class Source:
    """A picture's file, and the name that its place suggests for whoever is alone in it."""

    path: Path
    name: str


@dataclass(frozen=True)
class Gathered:
    """The faces of all pictures, suggested names by face, faces by file, and files that gave none, with why."""

    photos: tuple[Photo, ...]
    names: dict[tuple[str, int], str]
    by_path: dict[Path, tuple[Photo, ...]]
    problem_by_path: dict[Path, str]

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(self.problem_by_path.values())


def sources(paths: Sequence[Path]) -> tuple[Source, ...]:
    """Pictures in files and folders, by path, with the name of whoever is alone in one: its folder's, or its own.

    `photos/anna/1.jpg` suggests anna whether `photos` or `photos/anna photos/maria` was given; pictures lying
    directly in the only folder, and single files, go by their own names. FacesError where there is nothing.
    """
    folders = [path for path in paths if path.is_dir()]
    found: dict[Path, Source] = {}
    for path in paths:
        if not path.exists():
            advice = "Check the path."
            raise FacesError("Looking for photos.", f"There is nothing at {path}.", advice)
        if not path.is_dir():
            found.setdefault(path.resolve(), Source(path, name_in(path)))
            continue
        for file in _pictures(path):
            inner = file.relative_to(path).parts[:-1]
            folder = inner[0] if inner else path.resolve().name if len(folders) > 1 else ""
            found.setdefault(file.resolve(), Source(file, printable(folder) or name_in(file)))
    tried = "Looking for photos."
    if not found:
        if not paths:
            raise FacesError(tried, "No photos were given.", "Try: bitfast-faces kin family/ --child anna")
        where = ", ".join(map(str, paths))
        raise FacesError(tried, f"There is no picture in {where}.", "Give photos, or folders with photos.")
    if len(found) > MOST_PICTURES:
        happened = f"There are {len(found)} pictures; {MOST_PICTURES} are the most."
        raise FacesError(tried, happened, "Give the family's best photos: ten of each person are plenty.")
    return tuple(found[path] for path in sorted(found))


def _pictures(folder: Path) -> Iterable[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                yield Path(parent, name)


def gather(
    engine: Analyses,
    given: Sequence[Source],
    progress: Callable[[str], object] = lambda name: None,
    *,
    workers: int = 0,
) -> Gathered:
    """The faces in the pictures. One that cannot be read or shows nobody is a problem to tell, not an error.

    `workers` pictures are analysed at the same time, by default as many as there are cores; the answer is the same.
    FacesError as soon as there are more than MOST_FACES faces: each is kept with its thumbnail of 209 kB.
    """
    by_digest: dict[str, tuple[Photo, ...]] = {}
    names: dict[tuple[str, int], str] = {}
    by_path: dict[Path, tuple[Photo, ...]] = {}
    problems: dict[Path, str] = {}
    called = dict(zip((s.path for s in given), map(printable, told_apart([s.path for s in given])), strict=True))
    count = 0

    def seen(source: Source) -> tuple[str, tuple[Photo, ...]]:
        analysis = engine.analyse(source.path)
        return analysis.picture.digest, photos_of(analysis, called[source.path])

    with closing(in_order(seen, given, workers or len(os.sched_getaffinity(0)))) as answers:
        for source, answer in answers:
            name, path = called[source.path], source.path.resolve()
            progress(name)
            if isinstance(answer, FacesError):
                problems[path] = f"{name}: {answer.happened}"
                continue
            digest, photos = answer
            if not photos:
                problems[path] = f"{name}: no face was found in it."
            count += 0 if digest in by_digest else len(photos)
            if count > MOST_FACES:
                raise too_many(count)
            by_path[path] = by_digest.setdefault(digest, photos)
            if len(photos) == 1 and source.name:
                names.setdefault(photos[0].key, source.name)
    return Gathered(tuple(photo for photos in by_digest.values() for photo in photos), names, by_path, problems)


def photos_of(analysis: Analysis, name: str) -> tuple[Photo, ...]:
    """The faces of one analysed picture, which people see as `name`, with thumbnails."""
    picture = analysis.picture
    return tuple(
        Photo(
            picture=name,
            digest=picture.digest,
            face=place,
            faces=len(analysis.faces),
            template=analysis.templates[place],
            usable=face.quality.usable,
            reasons=face.quality.reasons,
            thumbnail=thumbnail(picture.pixels, face),
        )
        for place, face in enumerate(analysis.faces)
    )


def thumbnail(pixels: Pixels, face: Face, side: int = THUMBNAIL) -> Pixels:
    """The face and some of what is around it, (side, side, 3): a square of 1.6 times the box, in integers."""
    box = face.box
    half = max(box.width, box.height) * 4 // 5
    x, y = (box.left + box.right) // 2, (box.top + box.bottom) // 2
    return native.resize(pixels, Box(x - half, y - half, x + half, y + half), side, side, BACKGROUND)
