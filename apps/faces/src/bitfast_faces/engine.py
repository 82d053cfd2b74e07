"""The pipeline as one object: pictures in, faces and templates out."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from bitfast_faces import align, embed, images, quality
from bitfast_faces.detect import Detection, Detector, detect
from bitfast_faces.runtime import Model
from bitfast_faces.types import DIMENSIONS, Analysis, Face, Picture, Pixels, Quality, Templates
from bitfast_faces.weights.place import BACK, EMBEDDER, FRONT, NETWORKS, check, home

# Raised whenever the definition of a template changes: alignment, mirror mean, rounding.
DEFINITION = "bitfast-faces template 1"
SMALLEST, SMALLEST_SHARE = 32, 48
"""By default faces are looked for from 32 pixels on, in large pictures from 1/48 of the longer side on."""

_UNKNOWN = Quality(0, 0, 0, False, ())


class Engine:
    """Detects, aligns and embeds faces. One engine may be used by several threads."""

    def __init__(self, far: Detector, near: Detector, embedder: embed.Embedder, space: str) -> None:
        self._far, self._near, self._embedder = far, near, embedder
        self.space = space

    @classmethod
    def open(cls, folder: Path | None = None, threads: int = 1) -> Engine:
        """The engine with the weights in `folder` (default: where `bitfast-faces setup` puts them), each network on
        `threads` threads. Raises FacesError where they are missing or changed."""
        place = folder or home()
        check(place)
        # The detector is part of a template's definition: its keypoints decide what is embedded.
        parts = "\n".join([DEFINITION, *NETWORKS.values(), *map(str, align.REFERENCE)])
        return cls(
            Detector(Model(place / BACK, threads), 256),
            Detector(Model(place / FRONT, threads), 128),
            embed.Embedder(Model(place / EMBEDDER, threads)),
            hashlib.sha256(parts.encode()).hexdigest()[:16],
        )

    def detect(self, pixels: Pixels, smallest: int | None = None) -> tuple[Face, ...]:
        """The faces in an RGB picture (height, width, 3), from the left to the right; `smallest` is in pixels."""
        return tuple(face for face, _ in self._found(pixels, smallest))

    def align(self, pixels: Pixels, face: Face) -> Pixels:
        """The face turned and scaled as the network takes it, (150, 150, 3)."""
        return align.aligned(pixels, face.keypoints)

    def embed(self, chips: Pixels) -> Templates:
        """Templates (n, 128) int16 of aligned faces (n, 150, 150, 3); each is what it is alone, whatever the batch."""
        return self._embedder.templates(chips)

    def analyse(self, source: Path | bytes | Picture, smallest: int | None = None) -> Analysis:
        """A picture's faces and their templates. Raises FacesError where it cannot be read."""
        picture = source if isinstance(source, Picture) else images.load(source)
        both = self._found(picture.pixels, smallest)
        chips = np.stack([chip for _, chip in both]) if both else np.empty((0, align.SIDE, align.SIDE, 3), np.uint8)
        templates = self.embed(chips) if both else np.empty((0, DIMENSIONS), np.int16)
        return Analysis(picture, tuple(face for face, _ in both), templates)

    def _found(self, pixels: Pixels, smallest: int | None) -> list[tuple[Face, Pixels]]:
        least = smallest or max(SMALLEST, max(pixels.shape[:2]) // SMALLEST_SHARE)
        return [self._assessed(pixels, found) for found in detect(self._far, self._near, pixels, least)]

    def _assessed(self, pixels: Pixels, found: Detection) -> tuple[Face, Pixels]:
        chip = align.aligned(pixels, found.keypoints)
        face = Face(found.box, found.keypoints, found.score, _UNKNOWN)
        return replace(face, quality=quality.assess(found.box, found.keypoints, chip)), chip
