"""What a run leaves in its tree: the files that are its answer, and the tree put back as it was for the next run."""

from __future__ import annotations

import fnmatch
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

State = tuple[int, int, int, str]
"""Kind (S_IFMT), size, time of change in nanoseconds, where a link points to; all but the kind are 0 for folders."""

_KINDS = {stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}
_MAGIC = {  # first bytes of what is never an answer: GCC's gcov-io.h, glibc's sys/gmon_out.h
    b"adcg": "a coverage profile",
    b"gcda": "a coverage profile",
    b"gmon": "a profile of gprof",
}
_ELF_TYPES = {1: "an object file", 4: "a core dump"}  # ET_REL and ET_CORE of the System V ABI


@dataclass(frozen=True)
class Left:
    """What a run left: the answer's files as name → copy, every name that it wrote, changed or removed, and what of
    that is no answer by its content, with the reason."""

    outputs: dict[str, Path]
    written: tuple[str, ...]
    left_out: tuple[str, ...]


class Snapshot:
    """What lies in a tree before its program runs, so that each run begins with the same files.

    Files that a run makes are moved into its answer; files that it changes are copied there and put back from a spare.
    """

    def __init__(self, tree: Path, spare: Path) -> None:
        self.spare = spare
        self.before: dict[str, State] = {}
        self._spared: dict[str, State] = {}
        self.begin(tree)

    def begin(self, tree: Path) -> None:
        """Take note of what is there now; what changed since the last time (a program linked anew) is spared anew."""
        self.before = _listing(tree)
        for name, state in self.before.items():
            if self._spared.get(name) != state and _spares(state):
                _remove(self.spare / name)
                (self.spare / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(tree / name, self.spare / name, follow_symlinks=False)
        self._spared = self.before

    def collect(self, tree: Path, into: Path, wanted: tuple[str, ...]) -> Left:
        """What the run wrote, or of it what matches a pattern of `wanted`; the tree is as before afterwards. What is
        no regular file, and what was removed, is answered in words."""
        after = _listing(tree)
        outputs: dict[str, Path] = {}
        written, left_out = [], []
        for number, name in enumerate(sorted(set(after) | set(self.before))):
            state = after.get(name)
            if state == self.before.get(name) or stat.S_ISDIR((state or self.before[name])[0]):
                continue
            written.append(name)
            path = tree / name if state else self.spare / name
            if wanted and not any(fnmatch.fnmatch(name, pattern) for pattern in wanted):
                continue
            if not wanted and (reason := _no_answer(path)):
                left_out.append(f"{name} ({reason})")
                continue
            if state and stat.S_ISREG(state[0]):
                outputs[name] = into / "files" / name
                outputs[name].parent.mkdir(parents=True, exist_ok=True)
                shutil.move(path, outputs[name])
            else:
                outputs[name] = into / "words" / str(number)
                outputs[name].parent.mkdir(exist_ok=True)
                outputs[name].write_text((_words(state) if state else "removed") + "\n", errors="surrogateescape")
        self._restore(tree, after)
        return Left(outputs, tuple(written), tuple(left_out))

    def _restore(self, tree: Path, after: dict[str, State]) -> None:
        for name in sorted(after, reverse=True):  # what lies in a folder comes before the folder
            if self.before.get(name) != after[name]:
                _remove(tree / name)
        for name, state in sorted(self.before.items()):
            path = tree / name
            if after.get(name) == state:
                continue
            if stat.S_ISDIR(state[0]):
                path.mkdir()
            elif _spares(state):
                shutil.copy2(self.spare / name, path, follow_symlinks=False)
            elif stat.S_ISFIFO(state[0]):
                os.mkfifo(path)


def _listing(tree: Path) -> dict[str, State]:
    """Everything below a tree by its name; no link is followed."""
    found: dict[str, State] = {}
    for directory, folders, names in os.walk(tree):
        for name in (*folders, *names):
            path = Path(directory) / name
            status = path.lstat()
            kind = stat.S_IFMT(status.st_mode)
            points_to = str(path.readlink()) if stat.S_ISLNK(kind) else ""
            changes = (0, 0) if stat.S_ISDIR(kind) else (status.st_size, status.st_mtime_ns)
            found[path.relative_to(tree).as_posix()] = (kind, *changes, points_to)
    return found


def _spares(state: State) -> bool:
    return stat.S_ISREG(state[0]) or stat.S_ISLNK(state[0])


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _words(state: State) -> str:
    return f"a link to {state[3]}" if stat.S_ISLNK(state[0]) else _KINDS.get(state[0], "no regular file")


def _no_answer(path: Path) -> str:
    """What a file is that is no program's answer: object code, a dump, a profile; "" for all else. Its content says
    it, never its name alone: core.csv and mesh.o may be results."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as stream:
        head = stream.read(20)
    if head[:4] == b"\x7fELF" and len(head) >= 18:
        return _ELF_TYPES.get(int.from_bytes(head[16:18], "big" if head[5] == 2 else "little"), "")
    if path.suffix == ".pyc" and head[2:4] == b"\r\n":  # PEP 3147's magic number ends so
        return "Python's byte code"
    return _MAGIC.get(head[:4], "")
