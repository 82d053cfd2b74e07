"""Which files of the project a C or C++ unit is compiled from, as its compiler says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bitfast.process import run
from bitfast.words import Unit


def files_behind(unit: Unit, tree: Path, environment: Mapping[str, str]) -> frozenset[str]:
    """Their names relative to the tree, found in whatever way (-isystem too). All files of the tree where the compiler
    does not say: a unit must never be taken for one that an edited file does not reach."""
    asked = [unit.compiler, *unit.arguments, "-M", "-MG", unit.spelled or str(tree / unit.source)]
    made = run(asked, directory=unit.directory, environment=environment)
    root = tree.resolve()
    if not made.ok:
        return frozenset(path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file())
    words = made.text.replace("\\\n", " ").replace("\\ ", "\0").split(":", 1)[-1].split()
    paths = ((unit.directory / word.replace("\0", " ")).resolve() for word in words)
    return frozenset(path.relative_to(root).as_posix() for path in paths if path.is_relative_to(root))
