"""The place on disk of one check."""

from __future__ import annotations

import shutil
from pathlib import Path


class Workspace:
    """The place on disk of one check. Both sides are built and run under the same path, so that no answer differs
    because a path does: the side that is not in use is parked beside it."""

    def __init__(self, directory: Path, name: str) -> None:
        self.directory = directory
        self.tree = directory / "tree" / (name.replace("/", "-") or "project")
        self.tree.parent.mkdir(parents=True, exist_ok=True)
        self._active: str | None = None

    def scratch(self, name: str) -> Path:
        """A folder for one stage's own files."""
        path = self.directory / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def activate(self, key: str) -> Path:
        """Put the copy of that key in its place and return the tree; the copy need not exist yet."""
        if self._active != key:
            if self._active is not None and self.tree.exists():
                self.tree.rename(self._parked(self._active))
            if self._parked(key).exists():
                self._parked(key).rename(self.tree)
            self._active = key
        return self.tree

    def discard(self, key: str) -> None:
        """Remove a copy that is not needed any more."""
        if self._active == key:
            shutil.rmtree(self.tree, ignore_errors=True)
            self._active = None
        shutil.rmtree(self._parked(key), ignore_errors=True)

    def _parked(self, key: str) -> Path:
        return self.directory / f"parked-{key}"
