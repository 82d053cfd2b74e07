"""floating-point-trap: a division by zero ends the program on one chip and goes on with infinity on another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.lexer import Kind, Token, closing
from bitfast.causes.sourcefile import SourceFile, project_files, unit_files
from bitfast.words import Context, Edit, Finding, Sides, SourceEdits, Toggle, Unit


class FloatingPointTrap(Cause):
    """`feenableexcept` turns traps on on x86-64 and returns -1 on aarch64 and riscv64, which have none.

    BOTH leaves them off everywhere: the program goes on and sees infinities and NaNs. A chip without traps cannot
    imitate one with them.
    """

    name = "floating-point-trap"
    summary = "floating-point exceptions end the program with SIGFPE on x86-64; Arm and RISC-V cannot trap them"
    advice = "test results with isnan and isinf, or the flags with fetestexcept, instead of relying on SIGFPE"
    tier = 3

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        for file in unit_files(unit, context.root):
            for token, _ in _sites(file):
                yield Finding(self.name, file.place(token), self.summary, self.advice)
            traps = [option for option in unit.arguments if option.startswith("-ffpe-trap=")]
            main = next((token for token in file.code if traps and token.text.lower() == "program"), None)
            if main is not None and unit.language == "fortran":  # no option takes it back: gfortran adds them up
                advice = f"build without {traps[-1]} and test results with ieee_is_finite"
                yield Finding(self.name, file.place(main), self.summary, advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        for file, _ in project_files(context):
            for token, edit in _sites(file):
                why = f"{token.text} enables no trap"
                yield Toggle(self.name, file.place(token), SourceEdits((edit,)), Sides.BOTH, why=why)


def _sites(file: SourceFile) -> Iterator[tuple[Token, Edit]]:
    """Calls of feenableexcept (-1 is what it returns where there are no traps) and ieee_set_halting_mode(…, .true.)."""
    wanted = "ieee_set_halting_mode" if file.language == "fortran" else "feenableexcept"
    if wanted not in file.text.lower():
        return
    code = file.code
    for index, token in enumerate(code[:-1]):
        end = closing(code, index + 1) if token.text.lower() == wanted and code[index + 1].text == "(" else -1
        if end < 0 or token.kind is not Kind.WORD:
            continue
        if file.language == "fortran":
            for inner in code[index + 2 : end]:
                if inner.text.lower() == ".true.":
                    yield token, Edit(file.path, inner.start, inner.end, replacement=".false.")
        elif file.function_at(token.start) is not None:
            breaks = "\n" * file.text.count("\n", token.start, code[end].end)
            yield token, Edit(file.path, token.start, code[end].end, replacement=f"(-1){breaks}")
