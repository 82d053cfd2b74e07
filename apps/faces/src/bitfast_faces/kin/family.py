"""Who is who as the user says it: `--person NAME=FILES`, or a family file in TOML or JSON. Reads no picture."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bitfast_faces.errors import FacesError
from bitfast_faces.kin.gather import Gathered
from bitfast_faces.kin.records import Photo

_EXAMPLE = (
    'For example: child = "anna", and under [people.maria]: role = "mother", photos = ["maria.jpg", "party.jpg#2"].'
)


@dataclass(frozen=True)
class Member:
    """A person whom the user named; `photos` are files, each with the face's place from the left (0: the only one)."""

    name: str
    photos: tuple[tuple[Path, int], ...]
    role: str = ""


@dataclass(frozen=True)
class Family:
    """What the user said; `child` is empty where they did not."""

    members: tuple[Member, ...] = ()
    child: str = ""

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(dict.fromkeys(path for member in self.members for path, _ in member.photos))


def member(argument: str) -> Member:
    """`NAME=FILE,FILE…`; a file may end in #2, the second face from the left.

    >>> member("mother=a.jpg,party.jpg#2").photos
    ((PosixPath('a.jpg'), 0), (PosixPath('party.jpg'), 2))
    """
    name, equals, files = argument.partition("=")
    if not name.strip() or not equals or not files.strip(", "):
        advice = "Write --person NAME=FILE,FILE, for example --person mother=a.jpg,party.jpg#2."
        raise FacesError(f"Reading --person {argument}.", "It does not name a person and files.", advice)
    return Member(name.strip(), tuple(_photo(file.strip(), Path()) for file in files.split(",") if file.strip()))


def role(argument: str) -> tuple[str, str]:
    """`NAME=ROLE`: what the person is to the child, in the user's words."""
    name, _, said = argument.partition("=")
    if not name.strip() or not said.strip():
        advice = "Write --role NAME=ROLE, for example --role maria=mother."
        raise FacesError(f"Reading --role {argument}.", "It does not name a person and a role.", advice)
    return name.strip(), said.strip()


def read(path: Path) -> Family:
    """A family file (.toml, else JSON); its photos' paths are relative to it. FacesError where it is none."""
    tried = f"Reading the family file {path}."
    try:
        data = path.read_bytes()
        text = data.decode()
        parsed = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except OSError as error:
        raise FacesError(tried, f"{error.strerror or error}.", "Check the path and its permissions.") from error
    except ValueError as error:  # of the decoder, of TOML, of JSON
        raise FacesError(tried, f"It cannot be read: {error}", _EXAMPLE) from error
    people = parsed.get("people") if isinstance(parsed, Mapping) else None
    child = parsed.get("child", "") if isinstance(parsed, Mapping) else None
    if not isinstance(people, Mapping) or not isinstance(child, str):
        raise FacesError(tried, "It has no people, or its child is not a name.", _EXAMPLE)
    return Family(tuple(_member(name, said, path.parent, tried) for name, said in people.items()), child)


def _member(name: str, said: object, folder: Path, tried: str) -> Member:
    photos = said.get("photos") if isinstance(said, Mapping) else None
    role = said.get("role", "") if isinstance(said, Mapping) else None
    if not isinstance(photos, list) or not all(isinstance(photo, str) and photo for photo in photos) or not photos:
        raise FacesError(tried, f"{name} has no list of photos.", _EXAMPLE)
    if not isinstance(role, str):
        raise FacesError(tried, f"{name}'s role is not a text.", _EXAMPLE)
    return Member(name, tuple(_photo(photo, folder) for photo in photos), role)


def _photo(text: str, folder: Path) -> tuple[Path, int]:
    file, mark, number = text.rpartition("#")
    if mark and number.isdecimal() and file:
        return folder / file, int(number)
    return folder / text, 0


def faces(members: Sequence[Member], gathered: Gathered) -> dict[tuple[str, int], str]:
    """The name that the user gave each face. FacesError where a file shows nobody, or several without saying which."""
    named: dict[tuple[str, int], str] = {}
    for one in members:
        for path, number in one.photos:
            photo = _face(one.name, path, number, gathered)
            if named.setdefault(photo.key, one.name) != one.name:
                happened = f"{photo.label} was given to {named[photo.key]} and to {one.name}."
                raise FacesError(_tried(one.name), happened, "Give each face to one person.")
    return named


def _face(name: str, path: Path, number: int, gathered: Gathered) -> Photo:
    photos = gathered.by_path.get(path.resolve(), ())
    if not photos:
        problem = gathered.problem_by_path.get(path.resolve(), f"{path.name} shows nobody.")
        raise FacesError(_tried(name), problem, "Give another photo, larger or sharper.")
    if number == 0 and len(photos) > 1:
        happened = f"{path.name} shows {len(photos)} faces."
        raise FacesError(_tried(name), happened, f"Say which one, from the left: {path.name}#1 to #{len(photos)}.")
    if number > len(photos):
        happened = f"{path.name} has no face {number}: {len(photos)} were found."
        raise FacesError(_tried(name), happened, f"Count from the left, from #1 to #{len(photos)}.")
    return photos[max(number - 1, 0)]


def _tried(name: str) -> str:
    return f"Looking for {name}'s face."
