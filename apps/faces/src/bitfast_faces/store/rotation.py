"""Templates turned by a secret orthogonal matrix, so that a server can compare them without having them.

Inner products stay what they are, so pgvector can search. This is not encryption in the strict sense: who reads the
column learns how alike any two templates are, and who also has 128 independent templates of the same rows can work out
the matrix. It keeps a copied column from being used with the same network elsewhere; the template itself is sealed.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from bitfast_faces.matching import UNIT
from bitfast_faces.store.vault import Key
from bitfast_faces.types import DIMENSIONS, Templates

SLACK = 2.0**-15
"""How far the server's inner product may be from ours, at most.

Rounding both vectors to float32 gives 2 · 2^-24, adding up 128 products in float32 128 · 2^-24 (Higham, Accuracy and
Stability of Numerical Algorithms, §3.1: γ_n), each times norms below 1.0002; the matrix is orthogonal to about 1e-13.
Together below 7.8e-6 < 2^-16.
"""


def rotation(key: Key, store: bytes) -> NDArray[np.float64]:
    """The store's matrix, (128, 128): a product of 128 reflections I − 2·v·vᵀ / (vᵀ·v).

    The numbers of each v are sums of twelve uniform bytes, nearly normal, so that no direction is preferred. All come
    from SHAKE-256 of a derived key. Only + − × ÷ are used.
    """
    stream = hashlib.shake_256(key.derived("rotation", store)).digest(DIMENSIONS * DIMENSIONS * 12)
    bytes_ = np.frombuffer(stream, np.uint8).reshape(DIMENSIONS, DIMENSIONS, 12)
    turn = np.eye(DIMENSIONS)
    for v in bytes_.sum(axis=2, dtype=np.float64) - 12 * 127.5:
        turn -= np.outer(turn @ v, v) * (2.0 / float((v * v).sum()))
    return turn


def rotated(turn: NDArray[np.float64], templates: Templates) -> list[str]:
    """Each template (n, 128) as pgvector's text of its turned unit vector, in float32 to the last bit."""
    vectors = (templates.astype(np.float64) / UNIT) @ turn
    return ["[" + ",".join(str(x) for x in row) + "]" for row in vectors.astype(np.float32)]
