"""From aligned faces to templates: the network, the mean over a face and its mirror image, the unit vector in int16.

A template is round(32767 · u), u the unit vector along the sum of the two descriptors. The sum of two float32 numbers
is rounded at most once in float64, the norm is correctly rounded by bitfast, and the rest is one IEEE operation each:
the template follows from the network's output to the bit, on every chip.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bitfast.arrays import linalg
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import UNIT
from bitfast_faces.runtime import Model
from bitfast_faces.types import DIMENSIONS, Pixels, Templates

BATCH = 16


def tensor(chips: Pixels) -> NDArray[np.float32]:
    """The network's input for aligned faces (n, 150, 150, 3): each and its mirror image, (2·n, 3, 150, 150) float32."""
    both = np.stack([chips, chips[:, :, ::-1]], axis=1).reshape(-1, *chips.shape[1:])
    return np.ascontiguousarray(both.transpose(0, 3, 1, 2)).astype(np.float32)


def templates_of(descriptors: NDArray[np.float32]) -> Templates:
    """Templates (n, 128) from the network's descriptors (2·n, 128) of faces and their mirror images.

    Raises FacesError where a descriptor is 0 or no number."""
    pairs = descriptors.astype(np.float64).reshape(-1, 2, DIMENSIONS)
    sums = pairs[:, 0] + pairs[:, 1]
    norms = np.asarray(linalg.vector_norm(sums, axis=1, keepdims=True))
    if not (np.isfinite(norms) & (norms > 0)).all():
        raise FacesError(
            "Computing a face's template.",
            "The network's answer is 0 or no number.",
            "Run `bitfast-faces setup` again; if it stays so, please report it, with the CPU.",
        )
    templates: Templates = np.rint(sums / norms * UNIT).astype(np.int16)
    return templates


class Embedder:
    def __init__(self, model: Model) -> None:
        self._model = model

    def templates(self, chips: Pixels) -> Templates:
        """Templates (n, 128) int16 of aligned faces (n, 150, 150, 3) uint8; the network takes `BATCH` at a time."""
        parts = [
            templates_of(self._model.run({self._model.inputs[0]: tensor(chips[start : start + BATCH])})[0])
            for start in range(0, len(chips), BATCH)
        ]
        return np.concatenate(parts) if parts else np.empty((0, DIMENSIONS), np.int16)
