"""`bitfast scan`: what can be said of a source tree without building it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bitfast.causes import catalogue
from bitfast.check.toolbox import include_directories
from bitfast.chips import DEFAULT_TARGET, target_named
from bitfast.hindrances import hindrances
from bitfast.words import BitfastError, Context, Finding, Hindrance, Unit

_LANGUAGES = {
    ".c": "c", ".cc": "c++", ".cpp": "c++", ".cxx": "c++", ".C": "c++", ".c++": "c++",
    ".f": "fortran", ".for": "fortran", ".ftn": "fortran", ".f77": "fortran", ".F": "fortran",
    ".f90": "fortran", ".F90": "fortran", ".f95": "fortran", ".F95": "fortran", ".f03": "fortran", ".f08": "fortran",
}  # fmt: skip
_HEADERS = frozenset({".h", ".hh", ".hpp", ".hxx"})
_COMPILERS = {"c": "gcc", "c++": "g++", "fortran": "gfortran"}
_INCLUDE = re.compile(
    r"^[ \t]*#[ \t]*include[ \t]*[\"<]([^\">\n]+)[\">]|^[ \t]*include[ \t]*['\"]([^'\"\n]+)", re.MULTILINE
)
_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", "CMakeFiles"})
_BUILD_FILES = ("Makefile", "makefile", "GNUmakefile", "CMakeLists.txt", "meson.build")
_OPTION = re.compile(
    r"(?<![\w-])-(?:O(?:fast|[0-3sg])|f(?:no-)?[a-z]+-math(?:-optimizations)?|ffpe-trap=[\w,]+)(?![\w-])"
)
_LINKING = re.compile(r"\s*(?:LD_?FLAGS|LDLIBS)\b|.*\blink_(?:args|options)", re.IGNORECASE)
_TAKES_VALUE = frozenset({"-o", "-MF", "-MT", "-MQ"})
_DROPPED = frozenset({"-c", "-MD", "-MMD", "-MP"})


@dataclass(frozen=True)
class Scan:
    """What the sources and files of a tree say."""

    root: Path
    files: int  # sources and headers read
    findings: tuple[Finding, ...]
    hindrances: tuple[Hindrance, ...]


def scan(path: Path, target: str = DEFAULT_TARGET) -> Scan:
    """Look at a folder or one source file: every cause's findings, each place once, and the hindrances.

    Options come from a compile_commands.json in the folder or in its build folder; without one, each source is its own
    unit without options. Raises BitfastError when there is nothing to read.
    """
    root = path.parent if path.is_file() else path
    if not path.exists():
        raise BitfastError(f"there is no {path}", next_step="name a folder with sources, or one source file")
    units = _unit_of(path, root) if path.is_file() else _units(root)
    if not units:
        raise BitfastError(
            f"no C, C++ or Fortran source in {path}", next_step="name the folder in which the sources are"
        )
    context = Context(root.resolve(), units, (), target, _include_directories(units, target))
    findings = dict.fromkeys(
        finding for unit in units for cause in catalogue() for finding in cause.scan(unit, context)
    )
    ordered = sorted(findings, key=lambda finding: (finding.place, finding.cause))
    files = {file for unit in units for file in (unit.source, *unit.headers)}
    return Scan(root, len(files), tuple(ordered), () if path.is_file() else hindrances(root, target=target))


def _include_directories(units: tuple[Unit, ...], target: str) -> dict[str, tuple[str, ...]]:
    """Where the target's headers are, where a cross compiler says so: without them types are guesses."""
    tools = target_named(target).tools
    compilers = {"c": tools.get("gcc", ""), "c++": tools.get("g++", "")}
    used = {unit.language for unit in units} & {name for name, compiler in compilers.items() if compiler}
    return {language: include_directories(compilers[language], language) for language in used}


def _unit_of(path: Path, root: Path) -> tuple[Unit, ...]:
    language = _LANGUAGES.get(path.suffix)
    return (_unit(root.resolve(), path.name, language, (), root.resolve()),) if language else ()


def _units(root: Path) -> tuple[Unit, ...]:
    root = root.resolve()
    for database in (root / "compile_commands.json", *sorted(root.glob("*/compile_commands.json"))):
        if database.is_file():
            units = tuple(_recorded(database, root))
            if units:
                return units
    options = (*dict.fromkeys(_guessed_options(root)), *_folders_of_headers(root))
    sources = (file for file in sorted(root.rglob("*")) if file.suffix in _LANGUAGES and file.is_file())
    return tuple(
        _unit(root, file.relative_to(root).as_posix(), _LANGUAGES[file.suffix], options, root)
        for file in sources
        if not _SKIPPED.intersection(file.relative_to(root).parts)
    )


def _guessed_options(root: Path) -> Iterator[str]:
    """Options that change answers, from the build files at the top; which sources they are for is not known."""
    for name in _BUILD_FILES:
        if (root / name).is_file():
            for line in (root / name).read_bytes().decode("latin-1").splitlines():
                if not line.lstrip().startswith("#") and not _LINKING.match(line):
                    yield from _OPTION.findall(line)


def _folders_of_headers(root: Path) -> Iterator[str]:
    """Options that find the project's own headers, wherever they are."""
    folders = {file.parent for file in root.rglob("*.h*") if file.suffix in _HEADERS and file.is_file()}
    for folder in sorted(folders):
        if not _SKIPPED.intersection(folder.relative_to(root).parts):
            yield f"-I{folder}"


def _recorded(database: Path, root: Path) -> Iterator[Unit]:
    """The units of a compile_commands.json (Clang's JSON compilation database)."""
    try:
        entries = json.loads(database.read_text(errors="surrogateescape"))
        for entry in entries:
            directory = Path(entry["directory"])
            source = (directory / entry["file"]).resolve()
            words = entry.get("arguments") or shlex.split(entry["command"])
            language = _LANGUAGES.get(source.suffix)
            if language and source.is_relative_to(root) and source.is_file():
                name = source.relative_to(root).as_posix()
                yield _unit(root, name, language, tuple(_options(words[1:], entry["file"])), directory)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BitfastError(
            f"{database} is not a compilation database: {error}",
            next_step="make it again (cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON), or remove it",
        ) from None


def _options(words: Iterable[str], source: str) -> Iterator[str]:
    remaining = iter(words)
    for word in remaining:
        if word in _TAKES_VALUE:
            next(remaining, None)
        elif word not in _DROPPED and word != source:
            yield word


def _unit(root: Path, name: str, language: str, arguments: tuple[str, ...], directory: Path) -> Unit:
    source = root / name
    folders = [source.parent, root, root / "include", *_include_folders(arguments, directory)]
    headers = tuple(sorted(_headers(source, folders, root)))
    return Unit(name, language, directory, _COMPILERS[language], arguments, source.with_suffix(".o"), headers)


def _include_folders(arguments: tuple[str, ...], directory: Path) -> Iterator[Path]:
    for index, argument in enumerate(arguments):
        if argument in ("-I", "-isystem", "-iquote") and index + 1 < len(arguments):
            yield directory / arguments[index + 1]
        elif argument.startswith("-I"):
            yield directory / argument[2:]


def _headers(source: Path, folders: list[Path], root: Path) -> set[str]:
    """The project's files that a source includes, directly or through others."""
    found: set[Path] = set()
    waiting = [source]
    while waiting:
        file = waiting.pop()
        try:
            text = file.read_bytes().decode("latin-1")
        except OSError:
            continue
        for match in _INCLUDE.finditer(text):
            name = match[1] or match[2]
            candidates = (folder / name for folder in (file.parent, *folders))
            header = next((each.resolve() for each in candidates if each.is_file()), None)
            if header is not None and header not in found and header.is_relative_to(root):
                found.add(header)
                waiting.append(header)
    return {header.relative_to(root).as_posix() for header in found - {source}}
