"""What a build did: the shim's records, read as translation units, archives and links."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from bitfast.check.project import SOURCE_SUFFIXES
from bitfast.words import Unit

# GCC options that take the next argument (GCC manual, "Invoking GCC").
_WITH_ARGUMENT = frozenset(
    """
    -o -I -L -D -U -l -include -imacros -isystem -iquote -idirafter -iprefix -iwithprefix -isysroot -MF -MT -MQ -x
    -Xlinker -Xassembler -Xpreprocessor -T -u -z -e -J -aux-info -dumpbase -dumpdir --param -target -arch -b -V -wrapper
    -specs -h -Ttext -Tdata -soname -rpath -framework
    """.split()
)
_NO_OUTPUT = frozenset(
    ("-E", "-M", "-MM", "-S", "-fsyntax-only", "--version", "-dumpversion", "-dumpmachine", "-v", "-###")
)
_LANGUAGES = {
    "c": "c",
    "c++": "c++",
    "f95": "fortran",
    "f77": "fortran",
    "f95-cpp-input": "fortran",
    "f77-cpp-input": "fortran",
}
_OBJECT_SUFFIXES = (".o", ".lo", ".obj", ".a", ".so")
_SCRATCH = ("CMakeFiles/CMakeScratch", "CMakeFiles/CMakeTmp", "CompilerId", "meson-private", "conftest")


@dataclass(frozen=True)
class Record:
    """One call of a tool: its name as the build said it, the real tool, where, and the arguments that were used."""

    order: str
    name: str
    tool: str
    directory: Path
    given: tuple[str, ...]
    used: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """One call that makes an executable, a shared library, a merged object or an archive out of objects.

    `arguments` starts with the tool; `sources` maps positions in it to the units that were compiled in the same call.
    """

    tool: str
    arguments: tuple[str, ...]
    directory: Path
    output: Path
    inputs: tuple[Path, ...]
    sources: tuple[tuple[int, Unit], ...] = ()
    archive: bool = False
    shared: bool = False


@dataclass(frozen=True)
class Build:
    """What was recorded of a build: its units and links in the order in which they ran, and swapped options."""

    units: tuple[Unit, ...]
    links: tuple[Link, ...]
    translated: tuple[str, ...] = ()

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
    links: dict[Path, list[Link]] = {}
    translated: dict[str, None] = {}
    for record in read_records(log):
        if any(part in str(record.directory) for part in _SCRATCH):
            continue
        for line in _translations(record):
            translated[line] = None
        base = record.name.rsplit("-", 1)[-1]
        if base == "ar":
            link = _archive(record)
        elif base == "ld":
            link = _linker(record)
            if link and link.output in links:
                continue
        elif base in ("nm", "ranlib", "strip", "as", "objcopy", "objdump", "readelf"):
            continue
        else:
            compiled, link = _compiler(record, tree)
            for unit in compiled:
                units[unit.output] = unit
        if link is not None and not any(part in str(link.output) for part in _SCRATCH):
            links.setdefault(link.output, [])
            if not link.archive:
                links[link.output].clear()
            links[link.output].append(link)
    present = tuple(
        unit
        for unit in units.values()
        if (tree / unit.source).exists() and not any(part in unit.source for part in _SCRATCH)
    )
    kept = [link for several in links.values() for link in several if _can_be_repeated(link)]
    return Build(present, tuple(_in_order(kept)), tuple(translated))


def _can_be_repeated(link: Link) -> bool:
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


def _language(path: str, chosen: str | None) -> str | None:
    if chosen:
        return _LANGUAGES.get(chosen)
    return SOURCE_SUFFIXES.get(Path(path).suffix)


def _relative(path: Path, tree: Path) -> str:
    try:
        return path.resolve().relative_to(tree.resolve()).as_posix()
    except ValueError:
        return str(path)


def _compiler(record: Record, tree: Path) -> tuple[list[Unit], Link | None]:
    """The units of one call of a compiler driver, and its link where it links."""
    arguments = record.used
    options: list[str] = []  # for compiling
    positions: list[tuple[int, str, str, tuple[str, ...]]] = []  # (index, source, language, how the call says it)
    inputs: list[Path] = []
    output: Path | None = None
    compile_only = shared = False
    language: str | None = None
    index = 0
    while index < len(arguments):
        argument = arguments[index]
        if argument in _NO_OUTPUT or argument.startswith("-print-"):
            return [], None
        if argument in _WITH_ARGUMENT and index + 1 < len(arguments):
            value = arguments[index + 1]
            if argument == "-o":
                output = record.directory / value
            elif argument == "-x":
                language = None if value == "none" else value
            elif argument in ("-MF", "-MT", "-MQ"):
                pass
            else:
                options += [argument, value]
            index += 2
            continue
        if argument == "-c":
            compile_only = True
        elif argument.startswith("-o") and len(argument) > 2 and not argument.startswith("-openmp"):
            output = record.directory / argument[2:]
        elif argument.startswith("-x") and argument[2:] in (*_LANGUAGES, "none"):
            language = None if argument[2:] == "none" else argument[2:]
        elif argument in ("-MD", "-MMD", "-MP", "-MG"):
            pass
        elif argument in ("-shared", "-r"):
            shared = True
            options.append(argument)
        elif argument.startswith("-") and argument != "-":
            options.append(argument)
        elif (found := _language(argument, language)) is not None:
            positions.append((index, argument, found, ("-x", language) if language else ()))
        elif argument.endswith(_OBJECT_SUFFIXES) or ".so." in argument:
            inputs.append(record.directory / argument)
        index += 1
    compiling = [option for option in options if not option.startswith("-Wl,") and option not in ("-shared", "-r")]
    units = []
    for _, source, found, said in positions:
        if compile_only and output is not None:
            made = output
        elif compile_only:
            made = record.directory / (Path(source).stem + ".o")
        else:  # compiled and linked in one call: the object gets a name of its own
            made = record.directory / f".bitfast-{Path(source).name}-{(output or Path('a.out')).name}.o"
        path = record.directory / source
        units.append(
            Unit(_relative(path, tree), found, record.directory, record.tool, (*compiling, *said), made, spelled=source)
        )
    if compile_only or not (positions or inputs):
        return units, None
    if not any(argument not in ("-v",) for argument in arguments):
        return units, None
    sources = tuple((position, unit) for (position, *_), unit in zip(positions, units, strict=True))
    made = output or record.directory / "a.out"
    everything = (*inputs, *_named_libraries(arguments, record.directory))
    link = Link(record.tool, tuple(arguments), record.directory, made, everything, sources, shared=shared)
    return units, replace(link, inputs=(*everything, *(unit.output for unit in units)))


def _named_libraries(arguments: Sequence[str], directory: Path) -> Iterator[Path]:
    """Libraries given as -lNAME that lie in one of the build's own -L folders."""
    folders = [directory / argument[2:] for argument in arguments if argument.startswith("-L") and len(argument) > 2]
    folders += [directory / value for option, value in pairwise(arguments) if option == "-L"]
    for argument in arguments:
        if argument.startswith("-l") and len(argument) > 2:
            for folder in folders:
                for name in (f"lib{argument[2:]}.so", f"lib{argument[2:]}.a"):
                    if (folder / name).exists():
                        yield folder / name


def _archive(record: Record) -> Link | None:
    arguments = record.used
    if not arguments:
        return None
    operation = arguments[0].lstrip("-")
    if not set(operation) & set("rq") or operation.startswith("-"):
        return None
    rest = [argument for argument in arguments[1:] if not argument.startswith("--")]
    if not rest:
        return None
    inputs = tuple(record.directory / argument for argument in rest[1:])
    return Link(record.tool, tuple(arguments), record.directory, record.directory / rest[0], inputs, archive=True)


def _linker(record: Record) -> Link | None:
    arguments = record.used
    if "-o" not in arguments[:-1]:
        return None
    output = record.directory / arguments[arguments.index("-o") + 1]
    named = (record.directory / a for a in arguments if a.endswith(_OBJECT_SUFFIXES) and not a.startswith("-"))
    inputs = tuple(path for path in named if path != output)
    shared = bool({"-r", "-shared", "--relocatable", "-Bshareable"} & set(arguments))
    return Link(record.tool, tuple(arguments), record.directory, output, inputs, shared=shared)
