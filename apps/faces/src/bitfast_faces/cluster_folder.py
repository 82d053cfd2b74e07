"""A folder of photos sorted into people: analyse each photo once, group the faces, keep nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np

from bitfast_faces.ahead import in_order
from bitfast_faces.clustering import groups
from bitfast_faces.commands_look import pictures_in
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import THRESHOLD
from bitfast_faces.types import DIMENSIONS, Analysis, Templates

Progress = Callable[[int, int], None]


class Analyser(Protocol):
    """What is needed of engine.Engine."""

    @property
    def space(self) -> str: ...

    def analyse(self, source: Path) -> Analysis: ...


@dataclass(frozen=True)
class Look:
    """What is remembered of a photo while its folder is sorted: the usable faces, 256 bytes each, and no pixels.

    `faces` are the numbers of the usable faces in the photo, from the left; `boxes` theirs, in pixels.
    """

    digest: str
    faces: tuple[int, ...]
    boxes: tuple[tuple[int, int, int, int], ...]
    templates: Templates


class Memory(Protocol):
    """Where looks are kept until all photos are seen (cluster_progress.py keeps them on disk, sealed)."""

    def get(self, digest: str) -> Look | None: ...

    def put(self, look: Look) -> None: ...


@dataclass(frozen=True)
class Sighting:
    """A face in a photo: the file's path below the folder, the face's number from the left, its box in pixels."""

    photo: str
    face: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Sorting:
    """A sorted folder. `people` have two faces or more; `alone` are usable faces like no other; `unknown` photos have
    no usable face, `failed` could not be read. A photo that is there twice is listed with every path."""

    people: tuple[tuple[Sighting, ...], ...]
    alone: tuple[Sighting, ...]
    unknown: tuple[str, ...]
    failed: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        def told(one: Sighting) -> dict[str, Any]:
            return {"photo": one.photo, "face": one.face, "box": list(one.box)}

        return {
            "groups": [[told(one) for one in group] for group in self.people],
            "alone": [told(one) for one in self.alone],
            "unknown": list(self.unknown),
            "failed": dict(self.failed),
        }


def sort_folder(
    engine: Analyser,
    folder: Path,
    progress: Progress = lambda done, total: None,
    *,
    threshold: int = THRESHOLD,
    memory: Memory | None = None,
    workers: int = 0,
) -> Sorting:
    """Sorts the photos in and below a folder. A photo that cannot be read does not end the others.

    `workers` photos are analysed at the same time, by default as many as there are cores; the answer is the same.
    `progress(done, total)` is called after each photo and may raise to stop. Nothing is kept but what `memory` keeps.
    """
    paths = pictures_in([folder])
    looks: dict[str, Look] = {}
    where: dict[str, list[str]] = {}
    failed: dict[str, str] = {}
    broken: dict[str, str] = {}
    begun: set[str] = set()
    lock = Lock()

    def seen(path: Path) -> tuple[str, Look | FacesError | None]:
        digest = _digest(path)
        with lock:
            if digest in begun:  # there under another name too
                return digest, None
            begun.add(digest)
        try:
            return digest, (memory.get(digest) if memory else None) or _look(engine, path, digest)
        except FacesError as error:
            return digest, error

    with closing(in_order(seen, paths, workers or len(os.sched_getaffinity(0)))) as answers:
        for done, (path, answer) in enumerate(answers, start=1):
            name = path.relative_to(folder).as_posix()
            if isinstance(answer, FacesError):
                failed[name] = answer.happened
            else:
                digest, look = answer
                where.setdefault(digest, []).append(name)
                if isinstance(look, FacesError):
                    broken[digest] = look.happened
                elif look:
                    looks[digest] = look
                    if memory:
                        memory.put(look)
            progress(done, len(paths))
    failed |= {name: happened for digest, happened in broken.items() for name in where[digest]}
    failed = dict(sorted(failed.items()))
    return _sorted(list(looks.values()), where, failed, threshold)


def cluster_for_web(engine: Analyser, folder: Path, progress: Progress) -> dict[str, Any]:
    """`sort_folder` as the web page's jobs take it."""
    return sort_folder(engine, folder, progress).as_json()


def link(sorting: Sorting, folder: Path, into: Path) -> int:
    """Makes a folder of symbolic links for each person below `into`, which must not exist yet; the number of links.

    A link lies in the sub-folders that its photo is in.
    """
    tried = f"Making folders of links in {into}."
    count = 0
    try:
        into.mkdir(parents=True)
        for number, group in enumerate(sorting.people, start=1):
            own = into / f"person-{number:04}"
            own.mkdir()
            for photo in sorted({one.photo for one in group}):
                target = (folder / photo).resolve()
                link_to_it = own / photo  # in the same sub-folders, so that no two have one name
                link_to_it.parent.mkdir(parents=True, exist_ok=True)
                link_to_it.symlink_to(target)
                count += 1
    except FileExistsError as error:
        raise FacesError(tried, f"{error.filename} is there already.", "Name a folder that does not exist.") from None
    except OSError as error:
        raise FacesError(tried, f"{error.strerror}.", "Choose a folder that you may write to.") from None
    return count


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FacesError(f"Reading {path}.", f"{error.strerror}.", "Check the file's permissions.") from None


def _look(engine: Analyser, path: Path, digest: str) -> Look:
    analysis = engine.analyse(path)
    usable = [number for number, face in enumerate(analysis.faces) if face.quality.usable]
    boxes = tuple(analysis.faces[number].box.pixels for number in usable)
    return Look(digest, tuple(usable), boxes, analysis.templates[usable])


def _sorted(
    looks: Iterable[Look], where: Mapping[str, list[str]], failed: Mapping[str, str], threshold: int
) -> Sorting:
    faces = [(look, at) for look in looks for at in range(len(look.faces))]
    templates = np.stack([look.templates[at] for look, at in faces]) if faces else np.zeros((0, DIMENSIONS), np.int16)
    found = groups(templates, [look.digest for look, _ in faces], threshold)

    def sightings(group: tuple[int, ...]) -> tuple[Sighting, ...]:
        chosen = [faces[index] for index in group]
        every = [
            Sighting(path, look.faces[at], look.boxes[at]) for look, at in chosen for path in sorted(where[look.digest])
        ]
        return tuple(sorted(every, key=lambda one: (one.photo, one.face)))

    people = tuple(sightings(group) for group in found if len(group) > 1)
    alone = [one for group in found if len(group) == 1 for one in sightings(group)]
    empty = sorted(path for look in looks if not look.faces for path in where[look.digest])
    return Sorting(people, tuple(sorted(alone, key=lambda one: (one.photo, one.face))), tuple(empty), failed)
