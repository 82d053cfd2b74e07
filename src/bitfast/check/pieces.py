"""What the programs that ran are made of, known by path or by bytes, and what of it cannot be made once more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bitfast.check.calls import Build
from bitfast.check.copies import digest, stripped_of
from bitfast.words import Unit


@dataclass(frozen=True)
class Pieces:
    """The part of a build that is behind some programs."""

    build: Build
    stripped: Mapping[Path, tuple[tuple[Path, tuple[str, ...]], ...]]  # output of a link → stripped copies of it
    beyond: tuple[str, ...]  # programs that no link made, or one that cannot be repeated, and objects that no unit did


def pieces_of(
    programs: Sequence[Path],
    build: Build,
    copies: Mapping[Path, tuple[Path, ...]],
    tree: Path,
    strip: str,
    scratch: Path,
) -> Pieces:
    """What the executed programs are made of; `copies` as copies_of gives them, `strip` is the side's tool."""
    tree = tree.resolve()
    outputs = [output for link in build.links if not link.frozen and (output := link.output.resolve()).exists()]
    origins = {copy.resolve(): output for output, several in copies.items() for copy in several}
    strange = [path for path in programs if path.is_relative_to(tree) and path not in origins and path not in outputs]
    stripped = stripped_of(strange, outputs, strip, scratch)
    origins |= {copy: output for output, several in stripped.items() for copy, _ in several}
    behind = build.behind([origins.get(path, path) for path in programs])
    known = {*origins, *outputs, *(unit.output.resolve() for unit in behind.units)}
    inputs = {path.resolve() for link in behind.links for path in link.inputs if digest(path)}
    beyond = [path for path in (*strange, *sorted(inputs)) if path not in known and path.is_relative_to(tree)]
    links = tuple(link for link in behind.links if not link.frozen)
    names = tuple(path.relative_to(tree).as_posix() for path in dict.fromkeys(beyond))
    return Pieces(replace(behind, links=links), stripped, names)


def with_moved(build: Build, scratch: Path, compile_to: Callable[[Unit, Path], bool]) -> Build:
    """The build with the units whose objects were renamed (gcc -o x.tmp && mv x.tmp x.o) known by their bytes."""
    made = {unit.output.resolve() for unit in build.units} | {link.output.resolve() for link in build.links}
    inputs = {path.resolve() for link in build.links for path in link.inputs}
    orphans = {digest(path): path for path in inputs - made if path.suffix in (".o", ".lo", ".obj") and path.exists()}
    linked_at_once = {unit for link in build.links for _, unit in link.sources}
    gone = [unit for unit in build.units if not unit.output.exists() and unit not in linked_at_once]
    found: dict[Unit, Unit] = {}
    for number, unit in enumerate((*gone, *build.moved) if orphans else ()):
        trial = scratch / f"moved-{number}.o"
        if compile_to(unit, trial) and (path := orphans.get(digest(trial))) is not None:
            found[unit] = replace(unit, output=path)
    kept = tuple(found.pop(unit, unit) for unit in build.units)
    return replace(build, units=(*kept, *found.values()))
