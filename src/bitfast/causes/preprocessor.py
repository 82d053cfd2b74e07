"""Preprocessor conditions: where they stand, what they are worth on each side, and what they leave out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bitfast.causes.lexer import Kind, Token
from bitfast.causes.sourcefile import SourceFile
from bitfast.chips import reference, target_named
from bitfast.process import run
from bitfast.words import BitfastError, Unit

Macros = Mapping[str, str]

_X86 = ("__x86_64__", "__x86_64", "__amd64__", "__amd64", "__SSE__", "__SSE2__", "__SSE2_MATH__", "__MMX__", "__k8__")
_AARCH64 = ("__aarch64__", "__ARM_NEON", "__ARM_FEATURE_FMA", "__FP_FAST_FMA", "__FP_FAST_FMAF", "__CHAR_UNSIGNED__")
_BUILT_IN: Mapping[str, Macros] = {
    "x86_64": {**dict.fromkeys(_X86, "1"), "__LDBL_MANT_DIG__": "64"},
    "aarch64": {**dict.fromkeys(_AARCH64, "1"), "__LDBL_MANT_DIG__": "113", "__ARM_ARCH": "8"},
    "riscv64": {"__riscv": "1", "__riscv_xlen": "64", "__LDBL_MANT_DIG__": "113", "__CHAR_UNSIGNED__": "1"},
    "powerpc64le": {"__powerpc64__": "1", "__powerpc__": "1", "__PPC64__": "1", "__CHAR_UNSIGNED__": "1"},
    "s390x": {"__s390x__": "1", "__s390__": "1", "__CHAR_UNSIGNED__": "1"},
}
_BYTE_ORDER = ("__BYTE_ORDER__", "__BYTE_ORDER", "BYTE_ORDER")
_COMMON = {"__GNUC__": "12", "__linux__": "1", "__linux": "1", "__unix__": "1", "__LP64__": "1", "__STDC__": "1"}
_ORDERS = {"__ORDER_LITTLE_ENDIAN__": "1234", "__LITTLE_ENDIAN": "1234", "LITTLE_ENDIAN": "1234"}
_ORDERS |= {"__ORDER_BIG_ENDIAN__": "4321", "__BIG_ENDIAN": "4321", "BIG_ENDIAN": "4321"}

# Names of compilers, systems and chips: where the compiler does not define one, it is known to be undefined.
ARCHITECTURE = re.compile(
    r"_M_(X64|AMD64|IX86|ARM64|ARM)\b.*|__(i[3-6]86|x86_64|amd64|aarch64|arm|arm64|riscv|powerpc\w*|ppc\w*|PPC\w*|s390x?"
    r"|mips\w*|loongarch\w*|sparc\w*|e2k)(__)?|__(SSE|AVX|FMA|BMI|F16C|POPCNT|AES|MMX|XOP|3dNOW)\w*|__ARM_\w+|__VSX__"
    r"|__ALTIVEC__|__FP_FAST_FMAF?|__(CHAR_UNSIGNED|LDBL_MANT_DIG|SIZEOF_FLOAT(80|128)|BYTE_ORDER)__|__BYTE_ORDER"
)
_OTHER_SYSTEMS = re.compile(r"_WIN32|_WIN64|__APPLE__|_MSC_VER|__CYGWIN__|__MINGW\w+|__FreeBSD__|__OpenBSD__|__sun")


def built_in_macros(triple: str) -> Macros:
    """The macros by which programs tell chips apart, from a table: for looking at sources without a compiler."""
    machine = triple.partition("-")[0]
    order = "4321" if machine == "s390x" else "1234"
    return _with_limits({**_COMMON, **_ORDERS, **dict.fromkeys(_BYTE_ORDER, order), **_BUILT_IN.get(machine, {})})


def _with_limits(macros: Macros) -> Macros:
    """<float.h> and <limits.h> give some of the compiler's macros names that programs ask for."""
    low, high = ("0", "255") if "__CHAR_UNSIGNED__" in macros else ("(-128)", "127")
    limits = {"CHAR_MIN": low, "CHAR_MAX": high}
    return {**macros, **limits, "LDBL_MANT_DIG": macros.get("__LDBL_MANT_DIG__", "113")}


def predefined_macros(unit: Unit, triple: str) -> Macros:
    """What that side's compiler defines before the first line, with the unit's own options (`-dM -E`).

    `triple` is "" for the reference. Falls back to the table when the compiler is missing or refuses.
    """
    try:
        chip = target_named(triple) if triple else reference()
        compiler = chip.tools.get("g++" if unit.language == "c++" else "gcc", "")
        defined = _ask(compiler, unit.language, unit.arguments, unit.directory) if compiler else {}
    except BitfastError:
        defined = {}
    known = built_in_macros(triple or "x86_64")
    if not defined:
        return known
    return _with_limits({**_COMMON, **_ORDERS, **dict.fromkeys(_BYTE_ORDER, known["BYTE_ORDER"]), **defined})


@lru_cache(maxsize=256)
def _ask(compiler: str, language: str, arguments: tuple[str, ...], directory: Path) -> dict[str, str]:
    where = directory if directory.is_dir() else None
    options = [option for option in arguments if option[:2] in ("-m", "-O", "-f", "-D", "-U") or option[:4] == "-std"]
    plain = [option for option in options if not option.startswith(("-fdump", "-fplugin", "-MF", "-fprofile"))]
    asked = run([compiler, *plain, "-dM", "-E", "-x", language, "/dev/null"], directory=where, timeout_seconds=60)
    defined = re.findall(r"^#define (\w+) ?(.*)$", asked.text, re.MULTILINE) if asked.ok else []
    return dict(defined)


@dataclass(frozen=True)
class Condition:
    """One `#if`, `#ifdef`, `#ifndef`, `#elif` or `#else`: its tokens from the keyword on, and the bytes it governs."""

    keyword: Token
    expression: tuple[Token, ...]
    group: int  # the same for all branches of one #if … #endif
    start: int
    end: int  # where the next branch or the #endif begins

    def value(self, macros: Macros) -> bool | None:
        """Whether it holds, None where that hangs on macros that are not known here."""
        word = self.keyword.text
        if word == "else":
            return True
        if word in ("ifdef", "ifndef"):
            defined = _defined(self.expression[0].text, macros) if self.expression else None
            return defined if word == "ifdef" or defined is None else not defined
        known = _Expression(self.expression, macros).value()
        return None if known is None else known != 0


def conditions(file: SourceFile) -> tuple[Condition, ...]:
    """All conditions of a file in order."""
    open_groups: list[list[tuple[Token, tuple[Token, ...], int]]] = []
    found: list[Condition] = []
    group = 0
    for directive in _directives(file.tokens):
        name, rest = directive[0], tuple(directive[1:])
        if name.text in ("elif", "else", "endif") and open_groups:
            keyword, expression, number = open_groups[-1].pop()
            found.append(Condition(keyword, expression, number, keyword.start, name.start))
            if name.text == "endif":
                open_groups.pop()
            else:
                open_groups[-1].append((name, rest, number))
        elif name.text in ("if", "ifdef", "ifndef"):
            group += 1
            open_groups.append([(name, rest, group)])
    return tuple(sorted(found, key=lambda condition: condition.start))


def inactive(file: SourceFile, macros: Macros) -> tuple[tuple[int, int], ...]:
    """Bytes of the file that the preprocessor certainly leaves out with these macros."""
    if "#" not in file.text:
        return ()
    ranges, satisfied = [], set()
    for condition in conditions(file):
        value = condition.value(macros)
        if condition.group in satisfied or value is False:
            ranges.append((condition.start, condition.end))
        elif value:
            satisfied.add(condition.group)
    return tuple(ranges)


def inside(offset: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in ranges)


def _directives(found: Sequence[Token]) -> Iterator[list[Token]]:
    current: list[Token] = []
    for token in found:
        if token.directive and token.kind is Kind.END:
            if len(current) > 1:
                yield current[1:]
            current = []
        elif token.directive and token.kind is not Kind.COMMENT:
            current.append(token)


def _defined(name: str, macros: Macros) -> bool | None:
    if name in macros:
        return True
    return False if ARCHITECTURE.fullmatch(name) or _OTHER_SYSTEMS.fullmatch(name) else None


_PRECEDENCE = {"||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6}
_PRECEDENCE |= {"<": 7, ">": 7, "<=": 7, ">=": 7, "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10}


class _Expression:
    """The value of a preprocessor expression (C17 §6.10.1) with None for what is not known (Kleene's logic)."""

    def __init__(self, expression: Sequence[Token], macros: Macros, depth: int = 0) -> None:
        self._words = [token.text for token in expression]
        self._macros = macros
        self._next = 0
        self._depth = depth

    def value(self) -> int | None:
        result = self._binary(0)
        return result if self._next >= len(self._words) else None

    def _take(self) -> str:
        self._next += 1
        return self._words[self._next - 1] if self._next <= len(self._words) else ""

    def _peek(self) -> str:
        return self._words[self._next] if self._next < len(self._words) else ""

    def _binary(self, lowest: int) -> int | None:
        left = self._unary()
        while _PRECEDENCE.get(self._peek(), 0) > lowest:
            operator = self._take()
            left = _apply(operator, left, self._binary(_PRECEDENCE[operator]))
        return left

    def _unary(self) -> int | None:
        word = self._take()
        if word in ("!", "-", "+", "~"):
            operand = self._unary()
            if operand is None:
                return None
            return {"!": int(not operand), "-": -operand, "~": ~operand, "+": operand}[word]
        if word == "(":
            inner = self._binary(0)
            self._take()
            return inner
        if word == "defined":
            name = self._take()
            if name == "(":
                name = self._take()
                self._take()
            known = _defined(name, self._macros)
            return None if known is None else int(known)
        return self._operand(word)

    def _operand(self, word: str) -> int | None:
        if re.fullmatch(r"0[xX][0-9a-fA-F]+[uUlL]*|[0-9]+[uUlL]*", word):
            digits = word.rstrip("uUlL")
            return int(digits, 8 if re.fullmatch("0[0-7]+", digits) else 0)
        if self._peek() == "(":  # a macro with arguments, __has_include(…)
            self._next = len(self._words) + 1
            return None
        if word in self._macros and self._depth < 8:
            replaced = [Token(Kind.WORD, text, 0, 0, 0, 0) for text in re.findall(r"\w+|\W", self._macros[word])]
            words = [token for token in replaced if token.text.strip()]
            return _Expression(words, self._macros, self._depth + 1).value()
        return 0 if _defined(word, self._macros) is False else None


def _apply(operator: str, left: int | None, right: int | None) -> int | None:
    if operator == "&&":
        return 0 if 0 in (left, right) else None if None in (left, right) else 1
    if operator == "||":
        return 1 if left or right else None if None in (left, right) else 0
    if left is None or right is None or (operator in "/%" and right == 0):
        return None
    results = {
        "|": left | right, "^": left ^ right, "&": left & right,
        "+": left + right, "-": left - right, "*": left * right,
        "==": int(left == right), "!=": int(left != right), "<": int(left < right), ">": int(left > right),
        "<=": int(left <= right), ">=": int(left >= right),
    }  # fmt: skip
    if operator in results:
        return results[operator]
    if operator in ("<<", ">>"):
        return None if not 0 <= right < 64 else left << right if operator == "<<" else left >> right
    return left // right if operator == "/" else left % right
