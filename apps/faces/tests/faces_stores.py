"""Templates, consents and photos made by script, and a PostgreSQL server with pgvector on a socket of its own."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np

from bitfast_faces.errors import FacesError
from bitfast_faces.matching import UNIT
from bitfast_faces.store import Consent
from bitfast_faces.types import Analysis, Box, Face, Picture, Point, Quality, Templates

SPACE = "0123456789abcdef"
TODAY = date(2026, 3, 1)


def rounded(directions: np.ndarray) -> Templates:
    """Templates (n, 128) of directions of any length."""
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    return np.floor(unit * UNIT + 0.5).astype(np.int16)


def strangers(seed: int, count: int) -> Templates:
    """Templates of people who are nothing alike."""
    return rounded(np.random.default_rng(seed).normal(size=(count, 128)))


def pictures_of(seed: int, count: int, spread: float = 0.15) -> Templates:
    """Templates of one person: cosines between them of about 1 / (1 + spread²)."""
    generator = np.random.default_rng(seed)
    middle = generator.normal(size=128)
    return rounded(middle + spread * generator.normal(size=(count, 128)))


def agreed(
    purpose: str = "door",
    granted: date = date(2026, 1, 1),
    expires: date = date(2026, 12, 31),
    given_by: str = "herself",
    guardian: str | None = None,
    minor: bool = False,
    evidence: str = "binder 3, page 14",
) -> Consent:
    return Consent(purpose, granted, expires, given_by, guardian, minor, evidence)


def postgres_programs() -> Path | None:
    """The folder of a PostgreSQL's programs that has pgvector: the distribution's, or the wheel pgserver's."""
    for control in sorted(Path("/usr/share/postgresql").glob("*/extension/vector.control")):
        programs = Path("/usr/lib/postgresql") / control.parts[4] / "bin"
        if (programs / "initdb").exists():
            return programs
    found = importlib.util.find_spec("pgserver")
    for place in (found.submodule_search_locations or []) if found else []:
        programs = Path(place) / "pginstall" / "bin"
        if (programs / "initdb").exists():
            return programs
    return None


@contextmanager
def postgres_server(programs: Path) -> Iterator[str]:
    """The URL of a server that lives as long as the context; it listens on a socket in its own folder only."""
    nobody = pwd.getpwnam("nobody") if os.getuid() == 0 else None  # PostgreSQL refuses to run as root
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if nobody else {}
    folder = Path(tempfile.mkdtemp(prefix="faces-pg-"))
    if nobody:
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(folder)}
    data = folder / "data"
    try:
        initdb = [programs / "initdb", "-D", data, "-U", "faces", "-A", "trust", "--no-sync", "-E", "UTF8"]
        subprocess.run(initdb, check=True, capture_output=True, env=environment, cwd=folder, timeout=60, **who)
        settings = f"-k {folder} -c listen_addresses= -c fsync=off -c shared_buffers=32MB"
        start = [programs / "pg_ctl", "-D", data, "-w", "-t", "30", "-l", folder / "log", "-o", settings, "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL, env=environment, cwd=folder, timeout=60, **who)
        try:
            yield f"postgresql://faces@/postgres?host={folder}"
        finally:
            stop = [programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"]
            subprocess.run(stop, check=True, stdout=subprocess.DEVNULL, env=environment, cwd=folder, timeout=60, **who)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_photo(path: Path, *faces: tuple[int, int], usable: bool = True) -> Path:
    """A file that WrittenFaces reads: each face is a person's number and which picture of the person it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"faces": faces, "usable": usable}))
    return path


class WrittenFaces:
    """An engine whose photos say whom they show: for tests of everything behind the engine."""

    space = SPACE

    def __init__(self) -> None:
        self.looked: list[str] = []

    def analyse(self, source: Path) -> Analysis:
        self.looked.append(source.name)
        try:
            written = json.loads(source.read_text())
        except ValueError:
            raise FacesError(f"Reading {source.name}.", "It is no picture.", "Give another.") from None
        quality = Quality(100, 100, 0, written["usable"], () if written["usable"] else ("blurred",))
        points = (Point(0, 0),) * 6
        faces = tuple(
            Face(Box(at * 6400, 0, at * 6400 + 6400, 6400), points, 5000, quality)  # type: ignore[arg-type]
            for at in range(len(written["faces"]))
        )
        chosen = [pictures_of(person, which + 1)[which] for person, which in written["faces"]]
        templates = np.stack(chosen) if chosen else np.zeros((0, 128), np.int16)
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        return Analysis(Picture(np.zeros((1, 1, 3), np.uint8), digest, source.name), faces, templates)
