"""What a build did: the shim's records, read as translation units, archives and links."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bitfast.check.one_call import Link, Record, of_archiver, of_compiler, of_linker
from bitfast.words import Unit

_SCRATCH = ("CMakeFiles/CMakeScratch", "CMakeFiles/CMakeTmp", "CompilerId", "meson-private", "conftest")


@dataclass(frozen=True)
class Build:
    """What was recorded of a build: its units and links in the order in which they ran, and swapped options.
    `moved` are units whose object another one replaced before anything was made of it: it was moved away (mv)."""

    units: tuple[Unit, ...]
    links: tuple[Link, ...]
    translated: tuple[str, ...] = ()
    moved: tuple[Unit, ...] = ()

    def behind(self, programs: Collection[Path]) -> Build:
        """What these programs are made of: their links, those behind them, and the units in those. Shared libraries
        that no link uses stay, they may be loaded while the program runs. The whole build where no program is known."""
        made = {link.output.resolve(): link for link in self.links}
        used = {path.resolve() for link in self.links for path in link.inputs}
        todo = [made[path.resolve()] for path in programs if path.resolve() in made]
        if not todo:
            return self
        todo += [link for link in self.links if link.shared and link.output.resolve() not in used]
        reached: set[Path] = set()
        while todo:
            link = todo.pop()
            if link.output.resolve() not in reached:
                reached.add(link.output.resolve())
                several = [other for other in self.links if other.output.resolve() == link.output.resolve()]
                inputs = {path.resolve() for other in several for path in other.inputs}
                reached |= {path for path in inputs if path not in made}
                todo += [made[path] for path in inputs if path in made]
        return replace(
            self,
            units=tuple(unit for unit in self.units if unit.output.resolve() in reached),
            links=tuple(link for link in self.links if link.output.resolve() in reached),
        )

    def executables(self) -> tuple[Path, ...]:
        """The programs that the build linked, in order, without those that are gone."""
        outputs = dict.fromkeys(link.output for link in self.links if not link.archive and not link.shared)
        return tuple(output for output in outputs if output.is_file())


def read_records(log: Path) -> list[Record]:
    """The records of a log directory in the order of the calls."""
    records = []
    for path in sorted(log.iterdir()):
        if path.name.startswith("."):
            continue
        fields = path.read_bytes().decode(errors="surrogateescape").split("\0")[:-1]
        name, tool, directory, count = fields[:4]
        given, used = fields[4 : 4 + int(count)], fields[4 + int(count) :]
        records.append(Record(path.name, name, tool, Path(directory), tuple(given), tuple(used)))
    return records


def read_build(log: Path, tree: Path) -> Build:
    """The build behind a log: what was tried by configure scripts and is gone, or was overwritten, is left out."""
    units: dict[Path, Unit] = {}
    links: dict[Path, list[tuple[Link, dict[Path, Unit]]]] = {}  # with what lay in the inputs' places just then
    replaced: dict[Unit, None] = {}
    translated: dict[str, None] = {}
    for record in read_records(log):
        if any(part in str(record.directory) for part in _SCRATCH):
            continue
        for line in _translations(record):
            translated[line] = None
        base = record.name.rsplit("-", 1)[-1]
        if base == "ar":
            link = of_archiver(record)
        elif base == "ld":
            link = of_linker(record)
            if link and link.output in links:
                continue
        elif base in ("nm", "ranlib", "strip", "as", "objcopy", "objdump", "readelf"):
            continue
        else:
            compiled, link = of_compiler(record, tree)
            for unit in compiled:
                if unit.output in units and units[unit.output].source != unit.source:
                    replaced[units[unit.output]] = None
                units[unit.output] = unit
        if link is not None and not any(part in str(link.output) for part in _SCRATCH):
            links.setdefault(link.output, [])
            if not link.archive:
                links[link.output].clear()
            links[link.output].append((link, {path: units[path] for path in link.inputs if path in units}))
    bound = [one for several in links.values() for one in several if _is_or_can_be_made(one[0])]
    kept = [_with_replaced(link, {p: unit for p, unit in of.items() if units[p] != unit}) for link, of in bound]
    apart = dict.fromkeys(unit for link in kept for _, unit in link.sources if unit.output not in units)
    present = [unit for unit in (*units.values(), *apart) if _is_present(unit, tree)]
    kept = [replace(link, frozen=not {unit for _, unit in link.sources} <= set(present)) for link in kept]
    consumed = {unit for _, of in bound for unit in of.values()}
    moved = tuple(unit for unit in replaced if unit not in consumed and _is_present(unit, tree))
    return Build(tuple(present), tuple(_in_order(kept)), tuple(translated), moved)


def _is_present(unit: Unit, tree: Path) -> bool:
    return (tree / unit.source).exists() and not any(part in unit.source for part in _SCRATCH)


def _with_replaced(link: Link, replaced: Mapping[Path, Unit]) -> Link:
    """The link with objects that the build overwrote after it: they are compiled anew, each in a folder of its own."""
    sources, inputs = list(link.sources), list(link.inputs)
    for path, unit in replaced.items():
        name = hashlib.sha256(repr((unit.source, unit.arguments)).encode(errors="surrogateescape")).hexdigest()[:16]
        own = replace(unit, output=path.parent / f".bitfast-{name}" / path.name)
        sources += [(i, own) for i, argument in enumerate(link.arguments) if link.directory / argument == path]
        inputs = [own.output if one == path else one for one in inputs]
    return replace(link, sources=tuple(sources), inputs=tuple(inputs))


def _is_or_can_be_made(link: Link) -> bool:
    """Whether it is still there, or was moved (mv prog.tmp prog) and can be made once more from what it was made of."""
    made_here = {unit.output for _, unit in link.sources}
    sources = [unit.directory / unit.spelled for _, unit in link.sources]
    needed = [*sources, *(path for path in link.inputs if path not in made_here)]
    return link.output.exists() or all(path.exists() for path in needed)


def _in_order(links: Sequence[Link]) -> Iterator[Link]:
    """Links so that what is made comes before what uses it; records are by start time: a stable sort by depth does."""
    made = {link.output: link for link in links}

    def depth(link: Link, seen: frozenset[Path] = frozenset()) -> int:
        deeper = [made[path] for path in link.inputs if path in made and path not in seen and path != link.output]
        return 1 + max((depth(other, seen | {link.output}) for other in deeper), default=0)

    yield from sorted(links, key=depth)


def _translations(record: Record) -> Iterator[str]:
    if record.given == record.used[: len(record.given)]:
        return
    used = list(record.used)
    for option in record.given:
        if option in used:
            used.remove(option)
        else:
            replaced = [new for new in record.used if new not in record.given and new.startswith(("-march", "-mcpu"))]
            swapped = option.startswith(("-march", "-mcpu", "-mtune")) and replaced
            yield f"{option} → {replaced[0]}" if swapped else f"{option} dropped"
