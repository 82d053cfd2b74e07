"""The private copy of a project's sources. Nothing that runs in it may reach the user's own files through a link."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from bitfast.check.project import NEVER_COPIED, Project
from bitfast.words import BitfastError


def copy_tree(project: Project, destination: Path) -> None:
    """A private, writable copy of the project's sources; version control folders stay behind. Links that stay in the
    tree stay links; in the place of one that leaves it lies a copy of what it points to."""
    if project.source.is_file():
        destination.mkdir(parents=True)
        shutil.copy2(project.source, destination / project.source.name)
        _add(project, destination)
        return
    try:
        _copy(project.source.resolve(), destination.absolute(), {})
    except (OSError, shutil.Error) as error:
        raise BitfastError(
            f"the sources cannot be copied: {error}",
            next_step="free some space, or set TMPDIR to a larger disk",
            exit_status=3,
        ) from None
    _add(project, destination)


def _copy(source: Path, destination: Path, copies: dict[Path, Path]) -> None:
    """Copy one folder; `copies` are those made so far, by where they are from, so that links lead to the copy."""
    shutil.copytree(source, destination, symlinks=True, ignore=_ignored)
    copies[source] = destination
    links = []
    for directory, folders, names in os.walk(destination):
        for path in (Path(directory), *(Path(directory) / name for name in (*folders, *names))):
            if path.is_symlink():
                links.append(path)
            else:
                path.chmod(path.stat().st_mode | stat.S_IWUSR | stat.S_IRUSR)
    for link in links:
        if link.readlink().is_absolute() or not _stays(link, destination):
            _replace(link, source / link.relative_to(destination), copies)


def _replace(link: Path, original: Path, copies: dict[Path, Path]) -> None:
    """Let a link lead into a copy: one that is there, or one made in its place."""
    points_to = original.resolve()
    link.unlink()
    for source, copy in copies.items():
        if points_to.is_relative_to(source):
            link.symlink_to(os.path.relpath(copy / points_to.relative_to(source), link.parent))
            return
        if source.is_relative_to(points_to):
            raise BitfastError(
                f"the link {original} leads to {points_to}, which holds the project itself, so it cannot be copied",
                next_step="check a copy of the project without this link",
            )
    if points_to.is_dir():
        _copy(points_to, link, copies)
    elif points_to.is_file():
        shutil.copy2(points_to, link)
        link.chmod(link.stat().st_mode | stat.S_IWUSR | stat.S_IRUSR)


def _stays(link: Path, root: Path) -> bool:
    return link.resolve().is_relative_to(root.resolve())


def _ignored(directory: str, names: list[str]) -> list[str]:
    return [name for name in names if name in NEVER_COPIED or not _copyable(Path(directory) / name)]


def _add(project: Project, tree: Path) -> None:
    for file in project.added:
        shutil.copyfile(file, tree / file.name)


def _copyable(path: Path) -> bool:
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)
