"""The same networks under onnxruntime with ordinary tools: Pillow's resize and affine transform, NumPy's floats.

It looks through the same windows and takes the same means, so that what differs in time is everything but the networks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image, ImageOps

from bitfast_faces import align, detect
from bitfast_faces.engine import SMALLEST, SMALLEST_SHARE
from bitfast_faces.types import UNITS_PER_PIXEL
from bitfast_faces.weights.place import BACK, EMBEDDER, FRONT

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Looked:
    """Scores (n,) and places (n, 16) of anchors, in pixels of the picture."""

    scores: Floats
    places: Floats


class Plain:
    """Detects, aligns and embeds in floating point."""

    def __init__(self, weights: Path, threads: int) -> None:
        self._far, self._near, self._embedder = (_session(weights / name, threads) for name in (BACK, FRONT, EMBEDDER))
        self._anchors = {side: (detect._anchors()).astype(np.float32) for side in (256, 128)}
        self._reference = np.array([complex(p.x, p.y) / UNITS_PER_PIXEL for p in align.REFERENCE])

    def analyse(self, path: Path) -> Floats:
        """Unit vectors (faces, 128) of a picture's faces."""
        image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        least = max(SMALLEST, max(image.size) // SMALLEST_SHARE)
        windows = list(detect.windows(*image.size, least))
        units = UNITS_PER_PIXEL
        first = [self._look(self._far, 256, image, w.left / units, w.top / units, w.side / units, 0.5) for w in windows]
        found = []
        for _, place in _merged(first):
            size = max(place[2] - place[0], place[3] - place[1]) * 2.5
            left, top = (place[0] + place[2] - size) / 2, (place[1] + place[3] - size) / 2
            close = self._look(self._near, 128, image, left, top, size, 0.73)
            for score, again in _merged([close]):
                if _overlap(again, place) > 0.3:
                    found.append(Looked(np.array([score], np.float32), again[None]))
                    break
        faces = [place for _, place in _merged(found)] if found else []
        if not faces:
            return np.empty((0, 128), np.float32)
        chips = np.stack([self._aligned(image, face) for face in faces])
        both = np.stack([chips, chips[:, :, ::-1]], axis=1).reshape(-1, *chips.shape[1:])
        tensor = np.ascontiguousarray(both.transpose(0, 3, 1, 2)).astype(np.float32)
        answers = self._embedder.run(None, {self._embedder.get_inputs()[0].name: tensor})[0]
        sums = answers.reshape(-1, 2, 128).sum(axis=1)
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), np.float32)

    def _look(
        self, session: onnxruntime.InferenceSession, side: int, image: Image.Image, left: float, top: float,
        size: float, least: float,
    ) -> Looked:  # fmt: skip
        box = (round(left), round(top), round(left + size), round(top + size))
        small = image.crop(box).resize((side, side), Image.Resampling.BILINEAR)
        tensor = (np.asarray(small, np.float32) / np.float32(127.5) - np.float32(1))[None]
        outputs = session.run(None, {session.get_inputs()[0].name: tensor})
        logits = np.concatenate([outputs[0][0, :, 0], outputs[1][0, :, 0]])
        scores = 1 / (1 + np.exp(-np.clip(logits, -50, 50)))
        chosen = np.flatnonzero(scores >= least)
        shares = np.concatenate([outputs[2][0], outputs[3][0]])[chosen].reshape(-1, 8, 2) / side
        half = np.abs(shares[:, 1].copy()) / 2
        shares += self._anchors[side][chosen][:, None]
        centre = shares[:, 0].copy()
        shares[:, 0], shares[:, 1] = centre - half, centre + half
        places = shares * np.float32(size) + np.array([left, top], np.float32)
        return Looked(scores[chosen], places.reshape(-1, 16).astype(np.float32))

    def _aligned(self, image: Image.Image, place: Floats) -> NDArray[np.uint8]:
        points = place[4:12:2] + 1j * place[5:12:2]
        q, p = self._reference - self._reference.mean(), points - points.mean()
        m = (p * q.conj()).sum() / (abs(q) ** 2).sum()
        t = points.mean() - m * self._reference.mean()
        matrix = (m.real, -m.imag, t.real, m.imag, m.real, t.imag)
        size = (align.SIDE, align.SIDE)
        return np.asarray(image.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR))


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _merged(looks: list[Looked]) -> Iterator[tuple[float, Floats]]:
    """Weighted means of overlapping places, the best first."""
    scores = np.concatenate([look.scores for look in looks])
    places = np.concatenate([look.places for look in looks])
    order = np.argsort(-scores)
    while order.size:
        best = order[0]
        near = np.array([i == best or _overlap(places[i], places[best]) > 0.3 for i in order])
        group, order = order[near], order[~near]
        yield float(scores[best]), np.average(places[group], axis=0, weights=scores[group]).astype(np.float32)


def _overlap(a: Floats, b: Floats) -> float:
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return float(shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared))
