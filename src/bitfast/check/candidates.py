"""Candidates for a cure: the changes of the sources that the causes offer, as new texts of files, smallest first."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bitfast.causes import cause_named
from bitfast.causes.base import merged
from bitfast.check.buildfile import with_options
from bitfast.check.project import Project
from bitfast.check.search import Explanation
from bitfast.edits import apply_for_patch
from bitfast.words import Flags, SourceEdits, Toggle

MOST_CANDIDATES = 8


@dataclass(frozen=True)
class Candidate:
    """New texts for some files of the tree, and whether the link must change."""

    files: tuple[tuple[str, bytes], ...]
    one_libm: bool = False  # both sides link the portable mathematical library


def candidates(project: Project, explanation: Explanation, pristine: Path) -> Iterator[Candidate]:
    """Changes that should cure, the smallest first: every combination of what the causes offer."""
    by_cause: dict[str, list[Toggle]] = {}
    for toggle in explanation.toggles:
        by_cause.setdefault(toggle.cause, []).append(toggle)
    context = replace(explanation.context, root=pristine)
    offers: list[list[SourceEdits | Flags | None]] = []
    for name, toggles in by_cause.items():
        offered: list[SourceEdits | Flags | None] = list(cause_named(name).cures(toggles, context))
        switch = cause_named(name).switch
        flags = [toggle.action for toggle in toggles if isinstance(toggle.action, Flags)]
        if name != "libm" and (flags or switch is not None):
            offered.append(flags[0] if flags else switch)
        if name == "libm":
            offered.append(None)  # nothing in the sources: the link
        if not offered:
            return
        offers.append(offered)
    languages = tuple(dict.fromkeys(unit.language for unit in explanation.context.units))
    needs_link = "libm" in by_cause
    for combination in itertools.islice(itertools.product(*offers), MOST_CANDIDATES):
        edits = merged([offer for offer in combination if isinstance(offer, SourceEdits)])
        texts = _edited(pristine, edits)
        flags_wanted = tuple(
            dict.fromkeys(flag for offer in combination if isinstance(offer, Flags) for flag in offer.flags)
        )
        if flags_wanted:
            extended = with_options(pristine, _system(project), languages, flags_wanted)
            if extended is None:
                continue
            texts |= extended
        if texts or needs_link:
            yield Candidate(tuple(sorted(texts.items())), needs_link)


def _system(project: Project) -> str:
    if project.system != "command":
        return project.system
    text = " ".join(project.build)
    for word, system in (("cmake", "cmake"), ("meson", "meson"), ("configure", "autotools")):
        if word in text:
            return system
    return "command"


def _edited(pristine: Path, edits: SourceEdits) -> dict[str, bytes]:
    files = dict.fromkeys([*(edit.file for edit in edits.edits), *(file for file, _ in edits.preludes)])
    return {
        file: apply_for_patch(
            (pristine / file).read_bytes(),
            [edit for edit in edits.edits if edit.file == file],
            list(dict.fromkeys(text for name, text in edits.preludes if name == file)),
        )
        for file in files
        if (pristine / file).is_file()
    }


def unified_diff(pristine: Path, files: Sequence[tuple[str, bytes]]) -> str:
    """A patch for `patch -p1`. Bytes that are no UTF-8 come through unharmed with errors="surrogateescape"."""
    parts = []
    for name, new in files:
        old_lines = _lines((pristine / name).read_bytes())
        end = "\t" if " " in name else ""  # where patch(1) would take a space for the end of the name
        diff = list(difflib.unified_diff(old_lines, _lines(new), f"a/{name}{end}", f"b/{name}{end}"))
        for line in diff:
            parts.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(parts)


def _lines(text: bytes) -> list[str]:
    return (
        [line.decode(errors="surrogateescape") for line in text.splitlines(keepends=True)]
        if b"\r" not in text.replace(b"\r\n", b"")
        else [line.decode(errors="surrogateescape") + "\n" for line in text.split(b"\n")]
    )
