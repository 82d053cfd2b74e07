"""flush-to-zero: subnormal numbers are zero on one chip and not, or not in the same way, on the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bitfast.causes.base import Cause, merged
from bitfast.causes.lexer import Kind, Token, closing
from bitfast.causes.sourcefile import SourceFile, project_files, unit_files
from bitfast.causes.syntax import prelude
from bitfast.words import Context, Edit, Environment, Finding, Place, Sides, SourceEdits, Toggle, Unit

_CALLS = ("_MM_SET_FLUSH_ZERO_MODE", "_MM_SET_DENORMALS_ZERO_MODE", "_mm_setcsr", "__builtin_ia32_ldmxcsr")
_CALL = re.compile(r"\b(" + "|".join(_CALLS) + r")\b")
_FAST = frozenset({"-Ofast", "-ffast-math", "-funsafe-math-optimizations"})
_FAST_OPTION = re.compile(r"-Ofast\b|-ffast-math\b|-funsafe-math-optimizations\b")
_LINKING = re.compile(r"^[^#\n]*(LD_?FLAGS|LINK|link_args|link_options)", re.IGNORECASE | re.MULTILINE)
_BUILD_FILES = ("Makefile", "makefile", "GNUmakefile", "*.mk", "Makefile.in", "CMakeLists.txt", "meson.build")
_NO_FAST_START = ("-O2", "-fno-fast-math", "-fno-unsafe-math-optimizations")

# FPCR.FZ (bit 24) flushes inputs and results, of single and double precision (Arm ARM, C5.2.8). A constructor: threads
# inherit it.
_AARCH64_PRELUDE = prelude(
    "FLUSH_TO_ZERO",
    """\
#if defined(__aarch64__)
__attribute__((constructor)) static void bitfast_flush_to_zero(void)
{
    unsigned long mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1ul << 24)));
}
#endif
""",
)


class FlushToZero(Cause):
    """MXCSR on x86-64 and FPCR on aarch64 can flush subnormals; riscv64 cannot. Programs set the mode themselves, or
    GCC's crtfastmath.o does at the start of a program that was linked with -Ofast or -ffast-math."""

    name = "flush-to-zero"
    summary = "subnormal numbers are flushed to zero on one side and kept on the other"
    advice = "do not flush subnormals: link without -ffast-math and do not set MXCSR"
    tier = 2

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        fast = sorted(_FAST.intersection(unit.arguments))
        if fast:
            why = f"linked with {fast[0]}, the program starts in flush-to-zero mode"
            yield Finding(self.name, Place(unit.source), why, self.advice)
        for file in unit_files(unit, context.root):
            for token, _ in _calls(file):
                why = f"{token.text} changes how subnormals are treated"
                yield Finding(self.name, file.place(token), why, self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        for file, _ in project_files(context, ("c", "c++")):
            for token, edits in _calls(file):
                place = file.place(token)
                if context.target.startswith("aarch64"):
                    flushing = SourceEdits((), ((file.path, _AARCH64_PRELUDE),))
                    yield Toggle(self.name, place, flushing, why="the target flushes subnormals, too")
                if edits:
                    why = f"{token.text} is not called on the reference"
                    yield Toggle(self.name, place, SourceEdits(()), Sides.BOTH, "", SourceEdits(edits), why)
        fast = next((Place(unit.source) for unit in context.units if _FAST.intersection(unit.arguments)), None)
        linked = next((place for place, _ in _build_files(context.root)), fast)
        if linked is not None:
            action = Environment(link_flags=_NO_FAST_START)
            yield Toggle(self.name, linked, action, Sides.BOTH, why="linked without crtfastmath.o")

    def cures(self, chosen: Sequence[Toggle], context: Context) -> Iterable[SourceEdits]:
        """One patch for both sides; options of the linker go where the build file has them."""
        actions = [toggle.reference_action or toggle.action for toggle in chosen]
        sources = [action for action in actions if isinstance(action, SourceEdits)]
        if len(sources) < len(actions):
            linked = {toggle.place.file for toggle in chosen if isinstance(toggle.action, Environment)}
            edits = [edit for place, edit in _build_files(context.root) if place.file in linked]
            if not edits:
                return
            sources.append(SourceEdits(tuple(edits)))
        yield merged(sources)


def _build_files(root: Path) -> Iterator[tuple[Place, Edit]]:
    """Where build files say -ffast-math or -Ofast to the linker, with the edit that takes it away."""
    found = (path for pattern in _BUILD_FILES for path in (*root.glob(pattern), *root.glob(f"*/{pattern}")))
    for path in sorted(path for path in found if path.is_file()):
        text = path.read_bytes().decode("latin-1")
        name = path.relative_to(root).as_posix()
        for match in _FAST_OPTION.finditer(text):
            begin, line = text.rfind("\n", 0, match.start()) + 1, text.count("\n", 0, match.start()) + 1
            if _LINKING.search(text, begin, match.start()):
                place = Place(name, line, match.start() - begin + 1)
                replacement = "-O3" if match.group() == "-Ofast" else ""
                yield place, Edit(name, match.start(), match.end(), replacement=replacement)


def _calls(file: SourceFile) -> Iterator[tuple[Token, tuple[Edit, ...]]]:
    """The calls that change the mode, with the edits that take them away; in sections for other chips, too, because
    what matters is what the reference does."""
    if not _CALL.search(file.text):
        return
    code = file.code
    for index, token in enumerate(code[:-1]):
        if token.kind is Kind.WORD and token.text in _CALLS and code[index + 1].text == "(":
            end = closing(code, index + 1)
            if end >= 0 and "\n" not in file.text[token.start : code[end].end]:
                yield token, (Edit(file.path, token.start, code[end].end, replacement="((void)0)"),)
            else:
                yield token, ()
