"""The zoo's cases: small programs with known causes, read from their `case.toml`.

A case is a folder with a program as a user would have it, and `case.toml`, which says what is true of it:

    title = "…"               one sentence
    verdict = "cured"         what `bitfast check` should say: cured, same, nondeterministic or differs
    path = "roots.c"          what to give to `check`, where it is not the folder itself
    tarball = "tidal-1.2"     the folder to pack as tidal-1.2.tar.gz, where `check` is given a tarball
    agree = true              the cure must change both sides
    target = "riscv64-linux-gnu"  where it is not aarch64-linux-gnu
    masked = ['…']            regular expressions of what does not repeat on one chip
    [[cause]]                 one for each cause; none where nothing differs
    name = "libm"
    any = true                any one of the places is enough; otherwise all of them are needed
                              (`nondeterminism` with the verdict same: `check` holds still what it follows)
    certainty = "indicated"   what `check` can reach; "proved" where nothing is said
    off = "-ffp-contract=off" switches the cause off by hand: compiler options, "libm" for one library on both sides, or
                              "patch" for `fixed.patch` beside `case.toml`
    [[cause.place]]
    file = "src/x.c"          relative to the project's root
    line = 12
    function = "dot"
    fixed = "…"               the line as it is when the cause is cured there
"""

from __future__ import annotations

import shutil
import tarfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ZOO = Path(__file__).parent
ONLY_OURS = shutil.ignore_patterns("case.toml", "fixed.patch")


@dataclass(frozen=True)
class TruePlace:
    file: str
    line: int
    function: str
    fixed: str | None


@dataclass(frozen=True)
class TrueCause:
    name: str
    places: tuple[TruePlace, ...]
    any: bool
    certainty: str
    off: str | None


@dataclass(frozen=True)
class Case:
    folder: Path
    title: str
    verdict: str
    causes: tuple[TrueCause, ...]
    path: str
    tarball: str
    agree: bool
    target: str
    masked: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def root(self) -> Path:
        """The project's root inside the case, which the places' files are relative to."""
        return self.folder / self.tarball if self.tarball else self.folder

    def material(self, directory: Path) -> Path:
        """Copy the project to `directory`, without what only the zoo needs, and return what `check` is to be given."""
        if self.tarball:
            packed = directory / f"{self.tarball}.tar.gz"
            with tarfile.open(packed, "w:gz") as archive:
                archive.add(self.root, arcname=self.tarball)
            return packed
        tree = directory / self.name
        shutil.copytree(self.root, tree, ignore=ONLY_OURS)
        return tree / self.path


def load(folder: Path) -> Case:
    """Read one case. Raises KeyError or ValueError with the folder's name where `case.toml` is wrong."""
    said = tomllib.loads((folder / "case.toml").read_text())
    unknown = set(said) - {"title", "verdict", "path", "tarball", "agree", "target", "masked", "cause"}
    if unknown:
        raise ValueError(f"{folder.name}/case.toml: unknown keys {sorted(unknown)}")
    return Case(
        folder=folder,
        title=said["title"],
        verdict=said["verdict"],
        causes=tuple(_cause(folder, cause) for cause in said.get("cause", [])),
        path=said.get("path", "."),
        tarball=said.get("tarball", ""),
        agree=said.get("agree", False),
        target=said.get("target", "aarch64-linux-gnu"),
        masked=tuple(said.get("masked", [])),
    )


def load_all(names: list[str] | None = None) -> list[Case]:
    """All cases in the order of their names, or those named."""
    folders = sorted(file.parent for file in ZOO.glob("*/case.toml"))
    if names:
        missing = set(names) - {folder.name for folder in folders}
        if missing:
            raise ValueError(f"no such case: {', '.join(sorted(missing))}")
        folders = [folder for folder in folders if folder.name in names]
    return [load(folder) for folder in folders]


def _cause(folder: Path, said: dict[str, Any]) -> TrueCause:
    unknown = set(said) - {"name", "any", "certainty", "off", "place"}
    unknown |= {key for place in said.get("place", []) for key in set(place) - {"file", "line", "function", "fixed"}}
    if unknown:
        raise ValueError(f"{folder.name}/case.toml: unknown keys {sorted(unknown)} in a cause")
    places = tuple(
        TruePlace(place["file"], place["line"], place.get("function", ""), place.get("fixed"))
        for place in said.get("place", [])
    )
    return TrueCause(said["name"], places, said.get("any", False), said.get("certainty", "proved"), said.get("off"))
