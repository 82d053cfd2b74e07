"""What an earlier build left in the user's tree: objects, archives and programs that a build would take as made."""

from __future__ import annotations

import os
from pathlib import Path

_ELF, _ARCHIVE, _THIN_ARCHIVE = b"\x7fELF", b"!<arch>\n", b"!<thin>\n"
_HEADER_BYTES = 60  # of an archive's member (System V ABI, "Archive File")


def age_leftovers(tree: Path) -> tuple[str, ...]:
    """Make every ELF file and archive of ELF files in a private copy older than all else there; returns their names.

    Make and its kin then build anew what they have a rule for, and keep what only was delivered: leaving the files out
    would take away what no build can make, and what the program reads.
    """
    leftovers, oldest = [], float("inf")
    for directory, _, names in os.walk(tree):
        for path in (Path(directory) / name for name in names):
            if path.is_symlink() or not path.is_file():
                continue
            if _is_built(path):
                leftovers.append(path)
            else:
                oldest = min(oldest, path.stat().st_mtime)
    for path in leftovers:
        os.utime(path, (age := min(path.stat().st_mtime, max(1.0, oldest - 1)), age))
    return tuple(sorted(path.relative_to(tree).as_posix() for path in leftovers))


def _is_built(path: Path) -> bool:
    with path.open("rb") as file:
        magic = file.read(len(_ARCHIVE))
        if magic == _THIN_ARCHIVE or magic.startswith(_ELF):
            return True
        while magic == _ARCHIVE and len(header := file.read(_HEADER_BYTES)) == _HEADER_BYTES:
            name, size = header[:16], header[48:58].strip()
            if not size.isdigit():
                return False
            start = file.tell()
            inside = int(name[3:16]) if name.startswith(b"#1/") and name[3:16].strip().isdigit() else 0
            file.seek(inside, os.SEEK_CUR)
            if file.read(len(_ELF)) == _ELF:
                return True
            file.seek(start + int(size) + int(size) % 2)
    return False


def told(leftovers: tuple[str, ...]) -> str:
    """What the report says of them."""
    named = ", ".join(leftovers[:8]) + (f" and {len(leftovers) - 8} more" if len(leftovers) > 8 else "")
    return (
        f"the tree holds what an earlier build made or what came prebuilt: {named};"
        " in the private copies these files are older than all others, so that the build makes anew what it can make"
    )


def strangers_told(strangers: tuple[Path, ...], tree: Path, triple: str) -> str:
    """Why answers to which programs of another machine contributed say nothing of the target."""
    named = ", ".join(path.relative_to(tree).as_posix() for path in strangers[:8])
    return (
        f"programs in the tree that were not made for {triple} were executed: {named}; remove them if an earlier build"
        f" left them there, and let the build make them (--build), or bring what was prebuilt for {triple}"
    )
