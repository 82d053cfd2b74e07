"""Whether faces that were given as one person's are alike, before they are kept as one person's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bitfast_faces.errors import FacesError
from bitfast_faces.matching import percent, similarities
from bitfast_faces.store.base import Store
from bitfast_faces.types import Templates


def require_one_person(
    templates: Templates, sources: Sequence[str], own: Templates, threshold: int, tried: str
) -> None:
    """FacesError naming the faces, by their sources, that are not alike enough to be one person's with the others.

    `own` are the templates that the person has already. A face belongs to them if it is at `threshold` or above with
    one of them, or with a face that belongs to them; with no own ones, the greatest such group is the person.
    """
    every = np.concatenate([own, templates])
    scores = similarities(every, every)
    person = _person(scores >= threshold, len(own))
    odd = [at for at in np.flatnonzero(~person).tolist() if at >= len(own)]
    if not odd:
        return
    told = ", ".join(f"{sources[at - len(own)]} (similarity {percent(int(scores[at][person].max()))})" for at in odd)
    raise FacesError(
        tried,
        f"By their faces, not all are one person: least like the others {'is' if len(odd) == 1 else 'are'} {told}; "
        f"{percent(threshold)} is needed.",
        "Leave such photos out; or, if you know that they show the same person, say --different (API: different).",
    )


def _person(near: NDArray[np.bool_], own: int) -> NDArray[np.bool_]:
    """Which faces belong to the person: those that can be reached from the first `own`; else the greatest group."""
    if own:
        return _reached(near, np.arange(len(near)) < own)
    best, left = np.zeros(len(near), bool), np.ones(len(near), bool)
    while left.any():
        group = _reached(near, np.arange(len(near)) == int(left.argmax()))
        left &= ~group
        if group.sum() > best.sum():
            best = group
    return best


def _reached(near: NDArray[np.bool_], start: NDArray[np.bool_]) -> NDArray[np.bool_]:
    reached = start
    while (more := reached | near[reached].any(axis=0)).sum() > reached.sum():
        reached = more
    return reached


def require_newcomer(
    store: Store, templates: Templates, sources: Sequence[str], purpose: str, threshold: int, space: str, by: str = ""
) -> None:
    """FacesError if a face looks like somebody who agreed to this purpose already; a search, and in the log as one."""
    if purpose not in store.purposes():
        return
    found = store.search(templates, purpose=purpose, limit=1, threshold=threshold, space=space, by=by)
    for source, row in zip(sources, found, strict=True):
        for one in row:
            raise FacesError(
                "Enrolling a person.",
                f"{source} looks like person {one.person}, who is enrolled (similarity {percent(one.score)}).",
                f"If it is the same person: bitfast-faces add {one.person} PHOTO. If it is another, as a twin, say "
                "--different (API: different).",
            )
