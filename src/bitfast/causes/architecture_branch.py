"""architecture-branch: the preprocessor chooses other code on another chip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bitfast.causes.base import Cause, merged
from bitfast.causes.lexer import Kind, Token
from bitfast.causes.preprocessor import ARCHITECTURE, Condition, Macros, built_in_macros, conditions, predefined_macros
from bitfast.causes.sourcefile import SourceFile, project_files, unit_files
from bitfast.words import Context, Edit, Finding, Place, Sides, SourceEdits, Toggle, Unit

_ONLY_X86 = re.compile(
    r"[a-z]*mmintrin\.h|x86intrin|cpuid\.h|\b_mm\d*_|__builtin_ia32|__m(128|256|512)|\b(__)?asm(__)?\b|__rdtsc"
)
_ONLY_TARGET = re.compile(
    r"arm_\w+\.h|\bv\w+q?_[fsup]\d+\b|__builtin_aarch64|riscv_vector\.h|altivec\.h|\b(__)?asm(__)?\b"
)


class ArchitectureBranch(Cause):
    """Conditions on `__x86_64__`, `__SSE2__`, `__aarch64__`, `__FP_FAST_FMA`, … whose value differs between the sides.

    TARGET lets the condition be what it is on the reference, BOTH lets the reference take the target's branch. Neither
    is offered where the branch holds intrinsics or assembly that the other chip does not have.
    """

    name = "architecture-branch"
    summary = "the preprocessor chooses other code on another chip, and that code computes something else"
    advice = "let every chip take the same branch, or make the branches compute the same"
    tier = 2

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        here, there = built_in_macros("x86_64"), built_in_macros(context.target)
        for file in unit_files(unit, context.root):
            for condition, names in _differing(file, here, there):
                why = f"#{condition.keyword.text} on {', '.join(names)} is decided differently on {context.target}"
                yield Finding(self.name, _place(file, condition), why, self.advice)

    def toggles(self, context: Context) -> Iterable[Toggle]:
        for file, unit in project_files(context):
            if not ARCHITECTURE.search(file.text) and "__" not in file.text:
                continue
            there = predefined_macros(unit, context.target)
            here = predefined_macros(_same(unit, context.reference_units), "")
            for condition, names in _differing(file, here, there):
                place, why = _place(file, condition), f"#{condition.keyword.text} on {', '.join(names)}"
                branch = file.text[condition.keyword.end : condition.end]
                if not (condition.value(here) is not False and _ONLY_X86.search(branch)):
                    as_reference = SourceEdits(tuple(_decided(file, condition, here, there)))
                    yield Toggle(self.name, place, as_reference, why=f"{why}: as on the reference")
                if not (condition.value(there) is not False and _ONLY_TARGET.search(branch)):
                    as_target = SourceEdits(tuple(_decided(file, condition, there, here)))
                    why = f"{why}: as on the target"
                    yield Toggle(self.name, place, SourceEdits(()), Sides.BOTH, "", as_target, why)

    def cures(self, chosen: Sequence[Toggle], context: Context) -> Iterable[SourceEdits]:
        """One patch for both sides: what moves the reference to the target's branch changes nothing on the target."""
        actions = [toggle.reference_action or toggle.action for toggle in chosen]
        yield merged([action for action in actions if isinstance(action, SourceEdits)])


def _place(file: SourceFile, condition: Condition) -> Place:
    return file.place(condition.keyword)


def _same(unit: Unit, units: Iterable[Unit]) -> Unit:
    return next((other for other in units if other.source == unit.source), unit)


def _differing(file: SourceFile, here: Macros, there: Macros) -> Iterator[tuple[Condition, list[str]]]:
    """Conditions that name a macro which differs between the sides, and that can come out differently."""
    for condition in conditions(file):
        names = [token.text for token in condition.expression if _differs(token, here, there)]
        values = condition.value(here), condition.value(there)
        if names and (None in values or values[0] != values[1]):
            yield condition, list(dict.fromkeys(names))


def _differs(token: Token, here: Macros, there: Macros) -> bool:
    return token.kind is Kind.WORD and here.get(token.text) != there.get(token.text)


def _decided(file: SourceFile, condition: Condition, wanted: Macros, other: Macros) -> Iterator[Edit]:
    """Edits that give each differing macro in the condition the value it has among `wanted`."""
    tokens = condition.expression
    word = condition.keyword.text
    if word in ("ifdef", "ifndef"):
        holds = (tokens[0].text in wanted) == (word == "ifdef")
        yield Edit(file.path, condition.keyword.start, tokens[0].end, replacement=f"if {int(holds)}")
        return
    index = 0
    while index < len(tokens):
        token, start, end = tokens[index], index, index
        if token.text == "defined":
            bracket = index + 1 < len(tokens) and tokens[index + 1].text == "("
            token, end = tokens[min(index + 1 + bracket, len(tokens) - 1)], index + 1 + 2 * bracket
            value = str(int(token.text in wanted))
        else:
            value = f"({wanted[token.text]})" if wanted.get(token.text, "").strip() else "0"
        if _differs(token, wanted, other):
            last = tokens[min(end, len(tokens) - 1)]
            yield Edit(file.path, tokens[start].start, last.end, replacement=value)
        index = end + 1
