"""One call of a compiler, a linker or an archiver: what it compiles and what it makes out of what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
_MERGING = frozenset(("-r", "-Wl,-r", "-Wl,--relocatable", "-i", "--relocatable"))
_OBJECT_SUFFIXES = (".o", ".lo", ".obj", ".a", ".so")


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
    shared: bool = False  # a shared library or a merged object: no program
    merged: bool = False  # an object out of objects (-r), which takes no libraries
    frozen: bool = False  # cannot be made once more: a source is gone since


def _language(path: str, chosen: str | None) -> str | None:
    if chosen:
        return _LANGUAGES.get(chosen)
    return SOURCE_SUFFIXES.get(Path(path).suffix)


def _relative(path: Path, tree: Path) -> str:
    try:
        return path.resolve().relative_to(tree.resolve()).as_posix()
    except ValueError:
        return str(path)


def of_compiler(record: Record, tree: Path) -> tuple[list[Unit], Link | None]:
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
    merged = bool(_MERGING & set(arguments))
    shared |= merged
    link = Link(
        record.tool, tuple(arguments), record.directory, made, everything, sources, shared=shared, merged=merged
    )
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


def of_archiver(record: Record) -> Link | None:
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


def of_linker(record: Record) -> Link | None:
    arguments = record.used
    if "-o" not in arguments[:-1]:
        return None
    output = record.directory / arguments[arguments.index("-o") + 1]
    named = (record.directory / a for a in arguments if a.endswith(_OBJECT_SUFFIXES) and not a.startswith("-"))
    inputs = tuple(path for path in named if path != output)
    merged = bool(_MERGING & set(arguments))
    shared = merged or bool({"-shared", "-Bshareable"} & set(arguments))
    return Link(record.tool, tuple(arguments), record.directory, output, inputs, shared=shared, merged=merged)
