"""Fortran's modules: which sources a unit is compiled from through `use`, and the .mod files that carry them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bitfast.words import Unit

_LINES = re.IGNORECASE | re.MULTILINE
_DEFINED = re.compile(rb"^[ \t]*(?:sub)?module[ \t]+(?:\([^)]*\)[ \t]*)?(?!procedure\b)(\w+)[ \t]*(?:!.*)?$", _LINES)
_USED = re.compile(rb"^[ \t]*(?:use\b[ \t]*(?:,[ \t]*\w+[ \t]*)?(?:::)?|submodule[ \t]*\()[ \t]*(\w+)", _LINES)
_COMPILED = (".mod", ".smod")


def sources_behind(units: Sequence[Unit], tree: Path) -> Mapping[Unit, frozenset[str]]:
    """For every Fortran unit the project's sources that it depends on, itself and those of the modules it uses, and
    theirs. A source that cannot be read depends on nothing."""
    fortran = [unit for unit in units if unit.language == "fortran"]
    texts = {unit.source: _text(tree / unit.source) for unit in fortran}
    defining = {name.lower(): source for source, text in texts.items() for name in _DEFINED.findall(text)}
    direct = {
        source: {defining[name.lower()] for name in _USED.findall(text) if name.lower() in defining}
        for source, text in texts.items()
    }
    behind = {}
    for unit in fortran:
        reached, todo = set[str](), [unit.source]
        while todo:
            source = todo.pop()
            if source not in reached:
                reached.add(source)
                todo += direct.get(source, ())
        behind[unit] = frozenset(reached)
    return behind


@contextmanager
def modules_kept(tree: Path) -> Iterator[None]:
    """The compiled modules in a tree are, after the block, what they were before it."""
    before = {path: path.read_bytes() for path in _compiled(tree)}
    try:
        yield
    finally:
        for path in _compiled(tree):
            if path not in before:
                path.unlink()
        for path, content in before.items():
            if not path.exists() or path.read_bytes() != content:
                path.write_bytes(content)


def _compiled(tree: Path) -> list[Path]:
    return [path for path in tree.rglob("*") if path.suffix in _COMPILED and path.is_file()]


def _text(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
