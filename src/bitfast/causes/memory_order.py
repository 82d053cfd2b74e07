"""memory-order: threads share memory without saying so, which x86-64 forgives and Arm, RISC-V and POWER do not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bitfast.causes.base import Cause
from bitfast.causes.lexer import Kind, Token, closing
from bitfast.causes.sourcefile import SourceFile, unit_files
from bitfast.words import Context, Finding, Unit

_THREADS = re.compile(r"\b(pthread_create|thrd_create|std::(jthread|thread|async)|_beginthread\w*|CreateThread)\b")
_BARRIER = re.compile(r"\b(?:asm|__asm__)\s*(?:volatile|__volatile__)?\s*\(\s*\"\"\s*:\s*:\s*:\s*\"memory\"\s*\)")
_DOUBLE_CHECK = re.compile(
    r"\bif\s*\(\s*(!\s*[\w.>-]+|[\w.>-]+\s*==\s*(?:NULL|nullptr|0))\s*\)\s*\{?[^;{}]*(?:lock|guard)[^;{}]*;\s*if\s*\(\s*\1\s*\)",
    re.IGNORECASE,
)


class MemoryOrder(Cause):
    """volatile shared by threads, double-checked locking, barriers for the compiler alone, ThreadSanitizer's reports.

    Neither QEMU on x86-64 nor a few runs on Arm can prove it: it is always "indicated".
    """

    name = "memory-order"
    summary = "stores become visible to other threads in another order on Arm, RISC-V and POWER than on x86-64"
    advice = "use C11 or C++ atomics with release and acquire order, or a mutex"
    evidence = ("tsan",)
    tier = 2
    indicates = "always"

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        if unit.language == "fortran":
            return
        files = list(unit_files(unit, context.root))
        for event, place, message in context.evidence.events:
            if event == "tsan" and place.file in {file.path for file in files}:
                yield Finding(self.name, place, message, self.advice)
        threads = any(_THREADS.search(file.text) for file in files)
        for file in files:
            for token, why in _suspicious(file, threads):
                yield Finding(self.name, file.place(token), why, self.advice)


def _suspicious(file: SourceFile, threads: bool) -> Iterator[tuple[Token, str]]:
    if threads and "volatile" in file.text:
        for shared in _shared_volatile(file):
            yield shared, "volatile orders nothing between threads"
    for pattern, why in (
        (_BARRIER, "this barrier binds the compiler only, not the chip"),
        (_DOUBLE_CHECK, "double-checked locking reads the pointer outside the lock without acquire order"),
    ):
        for match in pattern.finditer(file.text):
            token = next((token for token in file.code if token.start >= match.start()), None)
            if token is not None and token.start < match.end():
                yield token, why


def _shared_volatile(file: SourceFile) -> Iterator[Token]:
    """volatile in declarations outside functions: variables and members; not in `asm volatile`, not sig_atomic_t."""
    code = file.code
    for index, token in enumerate(code):
        if token.text == "volatile" and token.kind is Kind.WORD:
            span = file.function_at(token.start)
            around = {code[other].text for other in range(max(0, index - 3), min(len(code), index + 3))}
            if span is None and "sig_atomic_t" not in around and not _parameter(code, index):
                yield token


def _parameter(code: list[Token], index: int) -> bool:
    """Inside the brackets of a function's parameters."""
    for earlier in range(index, -1, -1):
        if code[earlier].text in (";", "{", "}"):
            return False
        if code[earlier].text == "(":
            return closing(code, earlier) > index
    return False
