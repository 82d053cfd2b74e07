"""Prints a digest a line of all that must be the same on every chip: `python -m bench.faces.lines FOLDER [THREADS]`.

FOLDER is laid out by given.py. Pictures become the networks' inputs; answers that are given become detections,
templates and decisions. The networks themselves are left out: how far their answers differ is measured in chips.py.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bitfast_faces import align, clustering, detect, embed, images, matching, native, quality
from bitfast_faces.detect import Detector, Window
from bitfast_faces.kin import Person, Photo, rank
from bitfast_faces.kin.guess import guess
from bitfast_faces.runtime import Model
from bitfast_faces.store import Consent, open_store
from bitfast_faces.types import UNITS_PER_PIXEL, Box, Point, Templates

Line = tuple[str, object]
SPACE, TODAY = "0123456789abcdef", date(2026, 3, 1)


class Given:
    """Stands for a network: gives the answers that it was given."""

    inputs = ("pixels",)

    def __init__(self, logits: NDArray[np.float32], places: NDArray[np.float32]) -> None:
        self._answers = [logits[:512], logits[512:], places[:512], places[512:]]

    def run(self, inputs: object) -> list[NDArray[np.float32]]:
        flat = self._answers
        return [flat[0][None, :, None], flat[1][None, :, None], flat[2][None], flat[3][None]]


def lines(folder: Path, threads: int = 1) -> list[Line]:
    """Names and values, whatever the number of threads that compute them."""
    faces = [tuple(Point(x, y) for x, y in face) for face in json.loads((folder / "keypoints.json").read_text())]
    templates: Templates = np.load(folder / "templates.npy")
    answers = np.load(folder / "answers.npz")
    parts: list[Callable[[], Iterator[Line]]] = [
        *(lambda path=path: of_picture(path, faces) for path in sorted((folder / "pictures").iterdir())),
        lambda: of_answers(answers["logits"], answers["places"], answers["descriptors"]),
        lambda: of_search(templates),
        lambda: of_store(templates),
        lambda: of_families(templates),
    ]
    with ThreadPoolExecutor(threads) as pool:
        return [line for part in pool.map(lambda part: list(part()), parts) for line in part]


def of_picture(path: Path, faces: list[tuple[Point, ...]]) -> Iterator[Line]:
    """The decoded pixels and what the networks would be given of them."""
    picture = images.load(path)
    pixels = picture.pixels
    yield f"decoded {path.name}", pixels
    height, width = pixels.shape[:2]
    whole = max(height, width) * UNITS_PER_PIXEL
    unasked = cast(Model, None)
    for side, window in [
        (256, Window(0, 0, whole)),
        (256, Window(-whole // 3, whole // 7, whole // 3)),
        (128, Window(9000, 2000, 11111)),
        (128, Window(9001, 2003, 4099)),  # enlarged
    ]:
        tensor = Detector(unasked, side).tensor(pixels, window)
        yield f"detector's input {side} at {window.left},{window.top} of {path.name}", tensor
    chips = np.stack([align.aligned(pixels, face) for face in faces])
    yield f"aligned faces of {path.name}", chips
    yield f"embedder's input of {path.name}", embed.tensor(chips)
    box = Box(11144, 4649, 17735, 11239)
    both = zip(faces, chips, strict=True)
    yield f"quality of {path.name}", [quality.assess(box, face, chip) for face, chip in both]


def of_answers(
    logits: NDArray[np.float32], places: NDArray[np.float32], descriptors: NDArray[np.float32]
) -> Iterator[Line]:
    """What follows from a network's answers."""
    pixels, window = np.zeros((8, 8, 3), np.uint8), Window(-777, 12345, 54321)
    for number in range(len(logits)):
        network = cast(Model, Given(logits[number], places[number]))
        scores, found = Detector(network, 256).look(pixels, window, detect.FIRST_SCORE)
        yield f"detections {number}", [*scores.tolist(), *found.ravel().tolist()]
        groups = detect.merged(scores, found)
        yield f"merged detections {number}", [(score, place.tolist()) for score, place in groups]
    yield "templates of descriptors", embed.templates_of(descriptors)


def of_search(templates: Templates) -> Iterator[Line]:
    queries = np.ascontiguousarray(templates[::7])
    yield "similarities", matching.similarities(templates, queries)
    yield "scores", native.scores(templates, queries)
    together = native.nearest(templates, queries, 9)
    alone = [native.nearest(templates, query, 9) for query in queries]
    yield "nearest", together[0]
    yield "nearest, which", together[1]
    yield "nearest, one query at a time", np.stack([scores for scores, _ in alone])
    yield "nearest, one query at a time, which", np.stack([indices for _, indices in alone])
    table = matching.similarities(np.ascontiguousarray(templates[::6]), np.ascontiguousarray(templates[3::6]))
    yield "assignment", [matching.assign(table, threshold) for threshold in (0, matching.THRESHOLD, matching.ONE)]


def of_store(templates: Templates) -> Iterator[Line]:
    consent = Consent("door", date(2026, 1, 1), date(2026, 12, 31), "herself", None, False, "binder 3")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "store").mkdir()
        where, key = Path(folder) / "store" / "faces.db", Path(folder) / "key"
        store = open_store(where, key, create=True, space=SPACE, today=lambda: TODAY)
        for person in range(0, len(templates), 6):
            own = np.ascontiguousarray(templates[person : person + 3])
            store.enrol(f"person {person}", own, consent, space=SPACE, source="given")
        asked = np.ascontiguousarray(templates[3::6])
        store.reject(asked[2], 3)
        threshold = matching.ONE * 6 // 10
        yield "store's search", store.search(asked, purpose="door", limit=9, threshold=threshold)
        for at in range(3):
            one = np.ascontiguousarray(asked[at : at + 1])
            yield f"store's search for {at} alone", store.search(one, purpose="door", limit=9, threshold=threshold)
        yield "store's recognition", store.recognise(asked, purpose="door", threshold=threshold)
        yield "store's verification", store.verify(asked[4], 5, purpose="door", threshold=threshold)
        store.close()


def of_families(templates: Templates) -> Iterator[Line]:
    photos = [
        Photo(f"{number}.jpg", hashlib.sha256(b"%d" % (number // 2)).hexdigest(), number % 2, 2, template)
        for number, template in enumerate(templates)
    ]
    people = [Person(f"person {at}", tuple(photos[at : at + 6])) for at in range(0, 60, 6)]
    for number, child in enumerate(people):
        result = rank(child, [person for person in people if person is not child])
        yield (
            f"relatives of {number}",
            [
                (one.rank, one.person.name, one.likeness, one.similarity, one.deviation, one.clear, one.pairs)
                for one in result.relatives
            ],
        )
    threshold = matching.ONE * 8 // 10
    yield "guess", [[photo.key for photo in one.photos] for one in guess(photos, {}, threshold)]
    yield "clusters", clustering.groups(templates, [photo.digest for photo in photos], threshold)


def digest(value: object) -> str:
    """SHA-256 of an array's shape, type and little-endian bytes, or of what repr says."""
    if isinstance(value, np.ndarray):
        little = np.ascontiguousarray(value, value.dtype.newbyteorder("<"))
        data = f"{value.dtype.name} {value.shape} ".encode() + little.tobytes()
    else:
        data = repr(value).encode()
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    for name, value in lines(Path(sys.argv[1]), *map(int, sys.argv[2:])):
        print(digest(value), name)
