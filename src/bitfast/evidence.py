"""Reads what sanitizers and valgrind said of the reference's run into `words.Evidence`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from bitfast.words import Evidence, Place

# GCC 12 and Clang word the messages of libubsan alike (compiler-rt/lib/ubsan/ubsan_handlers.cpp).
_UBSAN_MESSAGES = (
    ("float-cast-overflow", r"outside the range of representable values"),
    ("shift", r"shift exponent|left shift of"),
    ("signed-integer-overflow", r"signed integer overflow|negation of .* cannot be represented"),
    ("signed-integer-overflow", r"division of .* by -1 cannot be represented"),
    ("integer-divide-by-zero", r"division by zero"),
    ("builtin", r"passing zero to (?:__builtin_)?c[lt]z"),
    ("bounds", r"index .* out of bounds"),
    ("bool", r"not a valid value for type '(?:_?[Bb]ool|const bool)'"),
    ("enum", r"not a valid value for type"),
    ("null", r"null pointer"),
    ("alignment", r"misaligned address|assumption of \d+ byte alignment"),
    ("object-size", r"insufficient space"),
    ("pointer-overflow", r"pointer index expression|offset .* (?:over|under)flowed"),
    ("vla-bound", r"variable length array bound"),
    ("return", r"reached the end of a value-returning function"),
    ("unreachable", r"reached an? (?:__builtin_unreachable|unreachable)"),
)
UBSAN_KINDS = frozenset(
    ("float-cast-overflow", "shift", "signed-integer-overflow", "integer-divide-by-zero", "builtin")
)
"""The kinds that `-fsanitize=undefined,float-cast-overflow` looks for and causes ask for."""

_UBSAN_LINE = re.compile(
    r"^(?P<file>[^\n]+?):(?P<line>\d+):(?P<column>\d+): runtime error: (?P<message>.*)$", re.MULTILINE
)
_TSAN_ACCESS = re.compile(r"^  (?=(?:Previous )?(?:atomic )?(?:write|read) of size)", re.MULTILINE | re.IGNORECASE)
_UNINITIALISED = frozenset({"UninitCondition", "UninitValue", "SyscallParam", "ClientCheck"})


def parse_ubsan(
    text: str, root: Path, directories: Sequence[Path] = (), complete: frozenset[str] = UBSAN_KINDS
) -> Evidence:
    """The "FILE:LINE:COLUMN: runtime error: …" lines of UBSan, each place and kind once.

    A relative file is looked for in `directories`, where the compiler ran, and in `root`; files outside the root are
    left out. `complete` is what the build was instrumented for.
    """
    find = _Finder(root, directories)
    events: dict[tuple[str, Place], str] = {}
    for match in _UBSAN_LINE.finditer(text):
        kind = next((kind for kind, words in _UBSAN_MESSAGES if re.search(words, match["message"])), "")
        file = find(match["file"])
        if kind and file:
            place = Place(file, int(match["line"]), int(match["column"]))
            events.setdefault((kind, place), match["message"])
    return Evidence(tuple((kind, place, message) for (kind, place), message in events.items()), complete)


def parse_valgrind(text: str, root: Path, directories: Sequence[Path] = ()) -> Evidence:
    """Uses of uninitialised values from valgrind's output (`--tool=memcheck --track-origins=yes`), XML or text.

    The place is where the value was created, when valgrind tells, else every function of the project on the stack of
    the use. Output that breaks off is read as far as it goes and is not complete.
    """
    find = _Finder(root, directories)
    start = text.find("<?xml")
    if start < 0:
        finished = "ERROR SUMMARY" in text
        stacks = _valgrind_text(text, find)
    else:
        document = text[start:]
        finished = "</valgrindoutput>" in document
        stacks = _valgrind_xml(document, find)
    events = dict.fromkeys(
        ("valgrind-uninitialised", place, what) for what, origin, use in stacks for place in (origin[:1] or use)
    )
    return Evidence(tuple(events), frozenset({"valgrind-uninitialised"}) if finished else frozenset())


def parse_tsan(text: str, root: Path, directories: Sequence[Path] = ()) -> Evidence:
    """Data races from ThreadSanitizer's reports: for each access the innermost place in the project."""
    find = _Finder(root, directories)
    events: dict[tuple[str, Place, str], None] = {}
    for report in re.split(r"^={10,}$", text, flags=re.MULTILINE):
        if "WARNING: ThreadSanitizer: data race" not in report:
            continue
        for access in _TSAN_ACCESS.split(report)[1:]:
            stack = access.split("\n\n")[0]
            kind = re.match(r"(?:Previous )?((?:atomic )?(?:write|read)) of size (\d+)", stack, re.IGNORECASE)
            places = [place for place in _frames(stack, find) if place is not None]
            if kind and places:
                what = f"ThreadSanitizer saw a data race: {kind[1].lower()} of {kind[2]} bytes"
                events[("tsan", places[0], what)] = None
    return Evidence(tuple(events), frozenset({"tsan"}))


def together(several: Iterable[Evidence]) -> Evidence:
    """Evidence of several tools or runs as one; a kind is complete when one of them looked for it."""
    listed = list(several)
    events = dict.fromkeys(event for evidence in listed for event in evidence.events)
    return Evidence(tuple(events), frozenset().union(*(evidence.complete for evidence in listed)))


class _Finder:
    """Turns a tool's file name into one relative to the root, "" for a file outside of the project."""

    def __init__(self, root: Path, directories: Sequence[Path]) -> None:
        self._root = root.resolve()
        self._directories = (*directories, root)
        self._known: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        if name not in self._known:
            self._known[name] = self._look(name)
        return self._known[name]

    def _look(self, name: str) -> str:
        for directory in self._directories:
            path = (directory / name).resolve()
            if path.is_relative_to(self._root) and path.is_file():
                return path.relative_to(self._root).as_posix()
        return ""

    def by_base_name(self, name: str) -> str:
        """For tools that say no folder: the one file of that name."""
        if f"*/{name}" not in self._known:
            found = [path for path in self._root.rglob(name) if path.is_file()] if name and "/" not in name else []
            self._known[f"*/{name}"] = found[0].relative_to(self._root).as_posix() if len(found) == 1 else ""
        return self._known[f"*/{name}"]


_FRAME = re.compile(
    r"^\s*#\d+ (?P<function>.+?) (?P<file>[^\s()][^()]*?):(?P<line>\d+)(?::(?P<column>\d+))?(?: \(|$)", re.MULTILINE
)


def _frames(stack: str, find: _Finder) -> Iterator[Place | None]:
    for match in _FRAME.finditer(stack):
        file = find(match["file"])
        function = match["function"].split("(")[0]
        yield Place(file, int(match["line"]), int(match["column"] or 0), function) if file else None


_Stack = tuple[str, list[Place], list[Place]]  # what happened, where the value was created, where it was used


def _valgrind_xml(document: str, find: _Finder) -> Iterator[_Stack]:
    for found in re.findall(r"<error>.*?</error>", document, re.DOTALL):
        try:
            error = ElementTree.fromstring(found)
        except ElementTree.ParseError:
            continue
        if error.findtext("kind") not in _UNINITIALISED:
            continue
        what = error.findtext("what") or error.findtext("xwhat/text") or "use of an uninitialised value"
        stacks = [
            [place for frame in stack.iter("frame") for place in _xml_place(frame, find)]
            for stack in error.iter("stack")
        ]
        origin = error.findtext("auxwhat") or ""
        yield what, stacks[1] if "created by" in origin and len(stacks) > 1 else [], stacks[0] if stacks else []


def _xml_place(frame: ElementTree.Element, find: _Finder) -> Iterator[Place]:
    name, folder = frame.findtext("file") or "", frame.findtext("dir") or ""
    file = find(f"{folder}/{name}" if folder else name) or ("" if folder else find.by_base_name(name))
    if file:
        yield Place(file, int(frame.findtext("line") or 0), 0, (frame.findtext("fn") or "").split("(")[0])


def _valgrind_text(text: str, find: _Finder) -> Iterator[_Stack]:
    plain = re.sub(r"^(?:==|--)\d+(?:==|--) ?", "", text, flags=re.MULTILINE)
    for block in re.split(r"\n\s*\n", plain):
        what = re.search(r"^.*uninitialised.*$", block, re.MULTILINE)
        if what is None or what[0].lstrip().startswith("Uninitialised value was created"):
            continue
        use, _, origin = block.partition("Uninitialised value was created")
        yield what[0].strip(), list(_text_places(origin, find)), list(_text_places(use, find))


def _text_places(stack: str, find: _Finder) -> Iterator[Place]:
    for function, name, line in re.findall(r"(?:at|by) 0x[0-9A-F]+: (.+?) \(([^():]+):(\d+)\)", stack):
        file = find(name) or find.by_base_name(name)
        if file:
            yield Place(file, int(line), 0, function.split("(")[0])
