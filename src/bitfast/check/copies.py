"""Files that a build copied or moved from what it linked (install, cp, mv): they follow when it is linked anew."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from bitfast.check.one_call import Link
from bitfast.process import run

_STRIPPING: Sequence[tuple[str, ...]] = ((), ("--strip-unneeded",), ("--strip-debug",))


def copies_of(links: Sequence[Link], tree: Path) -> Mapping[Path, tuple[Path, ...]]:
    """Output of a link → the other files in the tree that hold the same bytes."""
    outputs = {path for link in links if (path := link.output.resolve()).exists()}
    sizes = {path.stat().st_size for path in outputs}
    digests = {digest(path): path for path in outputs}
    copies: dict[Path, list[Path]] = {}
    for directory, _, names in os.walk(tree):
        for name in names:
            path = Path(directory) / name
            if path.is_symlink() or path.resolve() in outputs or path.stat().st_size not in sizes:
                continue
            if (original := digests.get(digest(path))) is not None:
                copies.setdefault(original, []).append(path)
    return {original: tuple(paths) for original, paths in copies.items()}


def stripped_of(
    programs: Sequence[Path], outputs: Sequence[Path], strip: str, scratch: Path
) -> Mapping[Path, tuple[tuple[Path, tuple[str, ...]], ...]]:
    """Output of a link → the programs that are stripped copies of it (install -s), and the options that made them."""
    found: dict[Path, list[tuple[Path, tuple[str, ...]]]] = {}
    wanted = {digest(path): path for path in programs}
    trial = scratch / "stripped"
    for output in outputs if programs else ():
        for options in _STRIPPING:
            shutil.copy2(output, trial)
            if run([strip, *options, trial], timeout_seconds=60).ok and (path := wanted.get(digest(trial))):
                found.setdefault(output, []).append((path, options))
                break
    return {output: tuple(several) for output, several in found.items()}


def digest(path: Path) -> str:
    """A hash of a file's bytes; "" where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
