"""Options added to a project's own build files: the cure where no change of the source can make one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

_MAKE_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "c": ("CFLAGS",),
    "c++": ("CXXFLAGS",),
    "fortran": ("FFLAGS", "FCFLAGS"),
}
_MESON_NAMES = {"c": "c", "c++": "cpp", "fortran": "fortran"}
_CMAKE_NAMES = {"c": "C", "c++": "CXX", "fortran": "Fortran"}


def with_options(tree: Path, system: str, languages: Sequence[str], flags: Sequence[str]) -> dict[str, bytes] | None:
    """The build files of a tree with compiler options added for the given languages: name → new text.

    None where the build system is not one that this knows how to extend (a lone source file, a command).
    """
    if system == "cmake":
        lines = [
            "add_compile_options("
            + " ".join(f"$<$<COMPILE_LANGUAGE:{_CMAKE_NAMES[name]}>:{flag}>" for flag in flags)
            + ")"
            for name in languages
        ]
        return _after_project(tree / "CMakeLists.txt", lines)
    if system == "meson":
        quoted = ", ".join(f"'{flag}'" for flag in flags)
        lines = [f"add_project_arguments({quoted}, language: '{_MESON_NAMES[name]}')" for name in languages]
        return _after_project(tree / "meson.build", lines)
    if system in ("make", "command"):
        for name in ("GNUmakefile", "makefile", "Makefile"):
            if (tree / name).is_file():
                return {name: _appended((tree / name).read_bytes(), _make_lines(languages, flags))}
        return None
    if system == "autotools":
        # automake copies a Makefile.am's assignments, and config.status a Makefile.in's, into every Makefile.
        names = [name for name in ("Makefile.am", "Makefile.in") if any(tree.rglob(name))]
        files = sorted(tree.rglob(names[0])) if names else []
        return {
            path.relative_to(tree).as_posix(): _appended(path.read_bytes(), _make_lines(languages, flags))
            for path in files
        } or None
    return None


def _make_lines(languages: Sequence[str], flags: Sequence[str]) -> list[str]:
    variables = [variable for name in languages for variable in _MAKE_VARIABLES[name]]
    return [f"override {variable} += {' '.join(flags)}" for variable in variables]


def _appended(text: bytes, lines: Sequence[str]) -> bytes:
    start = text if not text or text.endswith(b"\n") else text + b"\n"
    return start + "".join(line + "\n" for line in lines).encode()


def _after_project(path: Path, lines: Sequence[str]) -> dict[str, bytes] | None:
    """The lines behind the call of project(), which names the languages and must come first."""
    text = path.read_bytes()
    call = re.search(rb"^[ \t]*project[ \t]*\(", text, flags=re.MULTILINE | re.IGNORECASE)
    if call is None:
        return None
    depth, end = 0, call.end() - 1
    for end in range(call.end() - 1, len(text)):
        depth += {40: 1, 41: -1}.get(text[end], 0)
        if depth == 0:
            break
    if b"\n" not in text[end:]:
        text += b"\n"
    line_end = text.index(b"\n", end) + 1
    added = "".join(line + "\n" for line in lines).encode()
    return {path.name: text[:line_end] + added + text[line_end:]}
