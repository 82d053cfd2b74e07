"""Unpacking archives that nobody vouches for."""

from __future__ import annotations

import copy
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from bitfast.words import BitfastError

ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".zip")


class UnsafeMember(tarfile.TarError):
    """A member of an archive that is not unpacked: a device, or a name or a link outside its folder."""


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
                extract(opened_tar, opened_tar, destination)
    except UnsafeMember as error:
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


def extract(archive: tarfile.TarFile, members: Iterable[tarfile.TarInfo], into: Path) -> None:
    """Write members of an archive below `into`, where nobody else writes meanwhile: nothing through a link, owned by
    this user, with modes that sources have. Raises UnsafeMember.

    Python's own filter does about this, but not every Python 3.11 has it (Debian 12's 3.11.2 has not).
    """
    links: list[Path] = []

    def harmless() -> Iterator[tarfile.TarInfo]:
        for member in members:
            path = _path_of(member.name, into)
            if not (member.isreg() or member.isdir() or member.issym() or member.islnk()):
                raise UnsafeMember(f"{member.name!r} is a device or a pipe")
            if path.is_symlink():
                path.unlink()
            if member.islnk() and _path_of(member.linkname, into).is_symlink():
                raise UnsafeMember(f"{member.name!r} is another name of the link {member.linkname!r}")
            if member.issym():
                links.append(path)
                _require_inside(path, path.parent / member.linkname, into)
            yield _plain(member, path.relative_to(into).as_posix())

    archive.extraction_filter = lambda member, _: member  # all is done here, whatever this Python does by itself
    archive.extractall(into, harmless())
    for link in links:  # once more: the folders on its way may have been unpacked after it
        if link.is_symlink():
            _require_inside(link, link, into)


def _path_of(name: str, into: Path) -> Path:
    """Where a member goes, an absolute one too; no folder on the way is a link."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise UnsafeMember(f"{name!r} may lie outside")
    path = into.joinpath(*parts)
    for number in range(1, len(parts)):
        if into.joinpath(*parts[:number]).is_symlink():
            raise UnsafeMember(f"{name!r} lies behind a link")
    return path


def _require_inside(link: Path, leads_to: Path, into: Path) -> None:
    if not Path(os.path.realpath(leads_to)).is_relative_to(os.path.realpath(into)):
        raise UnsafeMember(f"the link {link.relative_to(into).as_posix()!r} leads outside")


def _plain(member: tarfile.TarInfo, name: str) -> tarfile.TarInfo:
    """The member as this user's own, with no more rights than sources need."""
    executable = member.isdir() or member.mode & stat.S_IXUSR
    own = copy.copy(member)
    own.name = name
    own.mode = 0o755 if executable else 0o644
    own.uid, own.gid, own.uname, own.gname = os.getuid(), os.getgid(), "", ""
    if own.islnk():
        own.linkname = "/".join(part for part in member.linkname.split("/") if part not in ("", "."))
    return own


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
