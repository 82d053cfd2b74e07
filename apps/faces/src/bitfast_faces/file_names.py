"""What files are called for people: their names, with as many folders as tell those of one name apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def told_apart(paths: Sequence[Path]) -> list[str]:
    """A name for each path: `1.jpg`, or `anna/1.jpg` where another folder has a `1.jpg` as well.

    >>> told_apart([Path("family/anna/1.jpg"), Path("family/maria/1.jpg"), Path("family/party.jpg")])
    ['anna/1.jpg', 'maria/1.jpg', 'party.jpg']
    """
    whole = [path.absolute().parts for path in paths]
    same: dict[str, set[tuple[str, ...]]] = {}
    for parts in whole:
        same.setdefault(parts[-1], set()).add(parts)
    depths = {name: _depth(sharing) for name, sharing in same.items()}
    return ["/".join(parts[-depths[parts[-1]] :]) for parts in whole]


def _depth(sharing: set[tuple[str, ...]]) -> int:
    """How many parts from the end tell all of them apart."""
    depth = 1
    while len({parts[-depth:] for parts in sharing}) < len(sharing):
        depth += 1
    return depth
