"""Builds and runs small programs for this machine and, edited, for aarch64: the native answer of the unedited program
is the oracle."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from bitfast.causes.base import Cause
from bitfast.edits import apply_for_patch, apply_for_search
from bitfast.process import run
from bitfast.words import Context, Evidence, SourceEdits, Toggle, Unit

COMPILERS = {"c": "gcc", "c++": "g++"}
EMULATOR = ("qemu-aarch64", "-cpu", "neoverse-n1", "-L", "/usr/aarch64-linux-gnu")


@functools.cache
def target_includes(language: str) -> tuple[str, ...]:
    asked = run([f"aarch64-linux-gnu-{COMPILERS[language]}", "-x", language, "-E", "-v", "/dev/null"])
    listed = re.search(
        r"#include <\.\.\.> search starts here:\n(.*?)End of search list", asked.stderr.decode(), re.DOTALL
    )
    assert listed is not None
    return tuple(listed[1].split())


def context_of(
    folder: Path,
    files: dict[str, str],
    *,
    arguments: tuple[str, ...] = ("-O2",),
    reference_arguments: tuple[str, ...] | None = None,
    evidence: Evidence | None = None,
) -> Context:
    """Write the files; those that end in .c and .cc are the units."""
    for name, text in files.items():
        (folder / name).write_text(text)
    units = tuple(
        Unit(name, "c" if name.endswith(".c") else "c++", folder, "gcc", arguments, folder / f"{name}.o")
        for name in files
        if name.endswith((".c", ".cc"))
    )
    reference = tuple(
        Unit(unit.source, unit.language, folder, unit.compiler, reference_arguments or arguments, unit.output)
        for unit in units
    )
    includes = {language: target_includes(language) for language in COMPILERS}
    return Context(folder, units, reference, "aarch64-linux-gnu", includes, evidence or Evidence())


def answer(folder: Path, context: Context, *, native: bool) -> tuple[int, str]:
    """(exit status, output) of the program built from the folder's files."""
    units = context.reference_units if native else context.units
    compiler = ("" if native else "aarch64-linux-gnu-") + COMPILERS[units[0].language]
    program = folder / ("native" if native else "target")
    built = run(
        [compiler, *units[0].arguments, *(unit.source for unit in units), "-o", program, "-lm"], directory=folder
    )
    assert built.ok, built.last_lines(30)
    finished = run([program] if native else [*EMULATOR, program], directory=folder, timeout_seconds=60)
    # QEMU hands a signal on as one; a shell would say 128 + the number.
    return finished.status, finished.stdout.decode(errors="replace")


def edited(folder: Path, context: Context, toggles: Iterable[Toggle], *, patch: bool = False) -> Path:
    """A copy of the project with the toggles' edits made."""
    edits, preludes = defaultdict(list), defaultdict(list)
    for toggle in toggles:
        assert isinstance(toggle.action, SourceEdits)
        for edit in toggle.action.edits:
            edits[edit.file].append(edit)
        for file, text in toggle.action.preludes:
            preludes[file].append(text)
    folder.mkdir()
    for path in context.root.iterdir():
        if path.is_file() and path.suffix in (".c", ".cc", ".h"):
            text = path.read_bytes()
            if patch:
                text = apply_for_patch(text, edits[path.name], preludes[path.name])
            else:
                text = apply_for_search(text, edits[path.name], preludes[path.name], path.name)
            (folder / path.name).write_bytes(text)
    return folder


def assert_cured(tmp_path: Path, cause: Cause, context: Context) -> tuple[Toggle, ...]:
    """The target's answer differs as it is, and equals the reference's with all toggles, in both ways to write them."""
    expected = answer(context.root, context, native=True)
    assert answer(context.root, context, native=False) != expected, "the program does not show the cause"
    toggles = tuple(cause.toggles(context))
    for patch in (False, True):
        copy = edited(tmp_path / ("patched" if patch else "searched"), context, toggles, patch=patch)
        assert answer(copy, context, native=False) == expected
    return toggles


def lines(toggles: Iterable[Toggle]) -> list[int]:
    return sorted(toggle.place.line for toggle in toggles)
