"""Applying a cure to the user's tree: all of it or nothing."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from bitfast.files import write_atomically
from bitfast.process import run
from bitfast.words import BitfastError


def apply_patch(patch: str, source: Path) -> tuple[str, ...]:
    """Apply a unified diff (-p1) to a tree or a lone source file; returns the names of the files changed.

    It is applied to copies first; only when every hunk fits are the files replaced, each in one step. Raises
    BitfastError when it does not fit (the sources changed meanwhile), with nothing written.
    """
    root = source.parent if source.is_file() else source
    names = tuple(
        dict.fromkeys(line[6:].split("\t")[0].rstrip("\n") for line in patch.splitlines() if line.startswith("+++ b/"))
    )
    with tempfile.TemporaryDirectory(prefix="bitfast-fix-") as directory:
        copies = Path(directory) / "tree"
        for name in names:
            if not (root / name).resolve().is_relative_to(root.resolve()):
                raise BitfastError(f"the patch names {name!r}, which is outside of {root}")
            (copies / name).parent.mkdir(parents=True, exist_ok=True)
            if (root / name).is_file():
                shutil.copy2(root / name, copies / name)
        diff = Path(directory) / "cure.patch"
        diff.write_bytes(patch.encode(errors="surrogateescape"))
        finished = run(
            ["patch", "-p1", "--no-backup-if-mismatch", "--fuzz=0", "--batch", "-i", str(diff)], directory=copies
        )
        if not finished.ok:
            raise BitfastError(
                f"the cure does not fit the sources any more; nothing was changed:\n{finished.text.strip()}",
                next_step="check again, the sources have changed since",
                exit_status=2,
            )
        originals = {name: (root / name).read_bytes() for name in names}
        done: list[str] = []
        try:
            for name in names:
                write_atomically(root / name, (copies / name).read_bytes())
                done.append(name)
        except BaseException:
            for name in done:
                write_atomically(root / name, originals[name])
            raise
    return names
