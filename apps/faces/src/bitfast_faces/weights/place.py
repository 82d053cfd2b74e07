"""Where the weights are, and whether they are the ones that this version was made with."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from bitfast_faces.errors import FacesError

FRONT, BACK, EMBEDDER = "detector-front.onnx", "detector-back.onnx", "embedder.onnx"
# What decides a template is pinned here, not in a file beside it. The embedder is what weights/embedder.py writes.
NETWORKS = {
    FRONT: "d388b1cf8a5f6f1af2b3f4c14f6d0f138bab970cd618cccd12dddb7484e82e51",
    BACK: "427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2",
    EMBEDDER: "37ccc03889a67513995b8ebab4542ed08049a3e1dccca616fab7dfdd3ceb16ab",
}


def home() -> Path:
    """Where the weights are: $BITFAST_FACES_HOME, or bitfast-faces in the user's data folder."""
    chosen = os.environ.get("BITFAST_FACES_HOME")
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return (Path(chosen) if chosen else Path(data) / "bitfast-faces") / "weights"


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(folder: Path) -> None:
    """Raises FacesError unless the three networks are there, each with its pinned SHA-256."""
    for name, digest in NETWORKS.items():
        path = folder / name
        try:
            if sha256_of(path) == digest:
                continue
            happened = f"{name} is not the file that this version was made with."
        except FileNotFoundError:
            happened = f"{name} is not there." if folder.is_dir() else "They have not been set up here."
        except OSError as error:
            happened = f"{name} cannot be read: {error.strerror}."
        raise FacesError(f"Opening the weights in {folder}.", happened, "Run `bitfast-faces setup`.")
