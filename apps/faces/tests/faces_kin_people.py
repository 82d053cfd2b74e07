"""People for the tests of kin: templates made in whole numbers, so that they are the same wherever the tests run."""

from __future__ import annotations

import hashlib
import random
from math import isqrt

import numpy as np

from bitfast_faces.kin import Person, Photo
from bitfast_faces.types import Templates


def template(seed: int | str, *toward: tuple[int | str, int]) -> Templates:
    """A direction of its own; with (seed, weight)… it leans towards theirs, itself having weight 1."""
    generator = random.Random(str(seed))
    own = [generator.getrandbits(16) - 32768 for _ in range(128)]
    for other, weight in toward:
        theirs = template(other).tolist()
        own = [a + weight * b * 13 // 2 for a, b in zip(own, theirs, strict=True)]  # 13/2: as long as one's own
    norm = isqrt(sum(a * a for a in own) << 20)
    return np.array([(2 * 32767 * (a << 10) + norm) // (2 * norm) for a in own], np.int16)


def photo(name: str, values: Templates, *, picture: str = "", face: int = 0, faces: int = 1) -> Photo:
    file = picture or f"{name}.jpg"
    thumbnail = np.full((264, 264, 3), 40 + sum(name.encode()) % 160, np.uint8)
    return Photo(file, hashlib.sha256(file.encode()).hexdigest(), face, faces, values, thumbnail=thumbnail)


def person(name: str, photos: int, *toward: tuple[int | str, int], role: str = "") -> Person:
    """A person whose photos lean towards themselves, 3 : 1, and towards others."""
    made = (template(f"{name} {number}", (name, 3), *toward) for number in range(photos))
    return Person(name, tuple(photo(f"{name}-{number}", values) for number, values in enumerate(made)), role)
