"""Unpacking archives that nobody vouches for."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from bitfast.words import BitfastError

ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".zip")
_MOST_UNPACKED_BYTES, _MOST_MEMBERS = 4 << 30, 500_000


def unpack(archive: Path, into: Path) -> Path:
    """Unpack an archive below `into` and return the tree: the single folder in it, or the whole.

    Nothing is written outside `into`, whatever names or links the archive holds; such members are an error.
    """
    destination = into / "unpacked"
    destination.mkdir()
    try:
        if archive.name.endswith(".zip"):
            with zipfile.ZipFile(archive) as opened:
                _require_modest(archive, (info.file_size for info in opened.infolist()))
                for name in opened.namelist():
                    if not (destination / name).resolve().is_relative_to(destination.resolve()):
                        raise BitfastError(f"{archive.name} holds {name!r}, which would be written outside its folder")
                opened.extractall(destination)
        else:
            with tarfile.open(archive) as opened_tar:
                _require_modest(archive, (member.size for member in opened_tar))
                opened_tar.extractall(destination, filter="data")
    except tarfile.FilterError as error:
        raise BitfastError(
            f"{archive.name} holds what is not unpacked here, a device or a name outside its folder: {error}",
            next_step="do not trust it",
        ) from None
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
        raise BitfastError(f"{archive.name} cannot be unpacked: {error}") from None
    except (RuntimeError, ValueError) as error:  # zipfile's words for encryption, unknown compression, impossible names
        raise BitfastError(f"{archive.name} cannot be unpacked: {error}") from None
    inside = list(destination.iterdir())
    if not inside:
        raise BitfastError(f"{archive.name} is empty")
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else destination


def _require_modest(archive: Path, sizes: Iterable[int]) -> None:
    """Refuse an archive of more bytes or members than sources have, before anything of it is written."""
    total = 0
    for count, size in enumerate(sizes, 1):
        total += size
        if total > _MOST_UNPACKED_BYTES or count > _MOST_MEMBERS:
            raise BitfastError(
                f"{archive.name} unpacks to more than {_MOST_UNPACKED_BYTES >> 30} GiB or {_MOST_MEMBERS:,} files",
                next_step="if you trust it, unpack it yourself and give the folder",
            )
