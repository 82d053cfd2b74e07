"""Hindrances: what keeps a program from building or running on another chip at all, and what to do about each."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bitfast.causes.lexer import Kind, Token, closing
from bitfast.causes.preprocessor import Macros, built_in_macros, inactive, inside
from bitfast.causes.sourcefile import SourceFile
from bitfast.chips import DEFAULT_TARGET
from bitfast.words import BitfastError, Hindrance, Place

ADVICE = {
    "intrinsics": "map SSE and AVX intrinsics with SIMDe or sse2neon (for equal answers SSE2NEON_PRECISE_MINMAX, "
    "SSE2NEON_PRECISE_DIV, SSE2NEON_PRECISE_SQRT and SSE2NEON_PRECISE_DP), or add a plain C branch for other chips",
    "inline-assembly": "write it in C or with compiler built-ins, and keep the assembly behind #ifdef __x86_64__; "
    "for rdtsc use clock_gettime",
    "compiler-option": "let the build add such options only on x86-64; bitfast translates or drops them for the target",
    "missing-dependency": "install the library for the target, for instance `dpkg --add-architecture arm64` and "
    "`apt-get install libNAME-dev:arm64`, or name its folder with -I and -L",
    "prebuilt-binary": "get the same version built for the target, or build it from source as part of the project",
    "generated-code": "let the build find the target: `autoreconf -fi` renews config.guess and config.sub; "
    "machine code made at run time needs a generator for the target",
}

_INTRINSICS = re.compile(r"_mm(?:256|512)?_\w+|__builtin_ia32_\w+|__rdtscp?|_xgetbv|__cpuidex?|__get_cpuid\w*")
_INTRINSIC_HEADER = re.compile(
    r"^[ \t]*#[ \t]*include[ \t]*[<\"]([a-z]*mmintrin\.h|x86intrin\.h|cpuid\.h)", re.MULTILINE
)
_OPTION = re.compile(
    r"(?<![\w-])-(?:m(?:64|32|sse[\d.a-z]*|ssse3|avx\w*|fma4?|bmi2?|popcnt|aes|pclmul|f16c|xsave|rdrnd|mmx|fpmath=\w+)"
    r"|(?:march|mtune|mcpu)=(?:native|x86-64\S*|i[3-6]86|haswell|broadwell|skylake\S*|sandybridge|ivybridge|nehalem"
    r"|westmere|icelake\S*|sapphirerapids|alderlake|core\S*|znver\d|btver\d|bdver\d|k8\S*))(?![\w-])"
)
_BUILD_FILES = re.compile(
    r"(?:GNU)?[Mm]akefile(?:\.\w+)?|.*\.(?:mk|cmake|pro|ninja|gyp)|CMakeLists\.txt|meson\.build|configure\.(?:ac|in)"
    r"|SConstruct|SConscript|BUILD(?:\.bazel)?|setup\.py|pyproject\.toml"
)
_SOURCES = {
    ".c": "c",
    ".h": "c++",
    ".cc": "c++",
    ".cpp": "c++",
    ".cxx": "c++",
    ".hpp": "c++",
    ".hh": "c++",
    ".inl": "c++",
}
_ASSEMBLY = frozenset({".s", ".asm", ".nasm"})
_X86_MACHINES = {3: "i386", 62: "x86-64"}  # e_machine, System V gABI chapter 4
_ELF_MACHINES = {"aarch64": 183, "riscv64": 243, "powerpc64le": 21, "s390x": 22, "x86_64": 62}
_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__"})
_LARGEST_BYTES = 8 << 20
_JIT = re.compile(r"\bPROT_EXEC\b|\bVirtualAlloc\b")


def hindrances(root: Path, said: str = "", target: str = DEFAULT_TARGET) -> tuple[Hindrance, ...]:
    """What stands in the way in the tree, and in what the target's build said (`said`), by kind.

    Code that the preprocessor leaves out for the target is no hindrance.
    """
    places: dict[str, dict[Place, None]] = {}
    details: dict[str, dict[str, None]] = {}
    macros = built_in_macros(target)
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        for kind, line, column, detail in _in_file(path, name, macros, target):
            places.setdefault(kind, {})[Place(name, line, column)] = None
            details.setdefault(kind, {})[detail] = None
    for kind, place, detail in _in_output(said, root):
        places.setdefault(kind, {})[place] = None
        details.setdefault(kind, {})[detail] = None
    return tuple(
        Hindrance(kind, tuple(places[kind]), f"{_listed(list(details[kind]))}: {ADVICE[kind]}")
        for kind in ADVICE
        if kind in places
    )


def _listed(details: list[str], most: int = 4) -> str:
    return ", ".join(details[:most]) + (f" and {len(details) - most} more" if len(details) > most else "")


def _files(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        raise BitfastError(f"{root} is not a folder", next_step="name the folder of the project")
    for path in sorted(root.rglob("*")):
        if not _SKIPPED.intersection(path.relative_to(root).parts) and path.is_file() and not path.is_symlink():
            yield path


_Seen = tuple[str, int, int, str]  # the hindrance, line, column, detail


def _in_file(path: Path, name: str, macros: Macros, target: str) -> Iterator[_Seen]:
    try:
        with path.open("rb") as file:
            head = file.read(64)
        size = path.stat().st_size
        if head.startswith((b"\x7fELF", b"!<arch>", b"PK")):
            yield from _in_binary(path, head, target)
        elif size <= _LARGEST_BYTES and b"\0" not in head:
            text = path.read_bytes().decode("latin-1")
            if path.suffix in _SOURCES:
                yield from _in_source(SourceFile(name, _SOURCES[path.suffix], text), macros)
            elif path.suffix.lower() in _ASSEMBLY:
                yield from _in_assembly(SourceFile(name, "c", text), macros, path.suffix == ".S")
            elif path.name == "config.guess" and not re.search(rf"\b{target.partition('-')[0]}\b", text):
                yield "generated-code", 0, 0, f"config.guess does not know {target.partition('-')[0]}"
            elif _BUILD_FILES.fullmatch(path.name):
                yield from _in_build_file(text)
    except (OSError, zipfile.BadZipFile):
        return


def _in_source(file: SourceFile, macros: Macros) -> Iterator[_Seen]:
    if not re.search(r"mmintrin|x86intrin|cpuid|_mm\d*_|__builtin_ia32|__rdtsc|asm|PROT_EXEC|VirtualAlloc", file.text):
        return
    left_out = inactive(file, macros)
    for match in _INTRINSIC_HEADER.finditer(file.text):
        if not inside(match.start(1), left_out):
            line = file.text.count("\n", 0, match.start(1)) + 1
            yield "intrinsics", line, 1, match[1]
    for index, token in enumerate(file.tokens):
        if token.kind is not Kind.WORD or inside(token.start, left_out):
            continue
        called = index + 1 < len(file.tokens) and file.tokens[index + 1].text == "("
        if called and _INTRINSICS.fullmatch(token.text):
            yield "intrinsics", token.line, token.column, token.text
        elif token.text in ("asm", "__asm__", "__asm", "_asm") and _assembles(file.tokens, index):
            yield "inline-assembly", token.line, token.column, "inline assembly"
        elif token.text == "PROT_EXEC" and re.search(r"\\x[0-9a-fA-F]{2}|0x[0-9a-fA-F]{2},", file.text):
            yield "generated-code", token.line, token.column, "machine code in writable memory"


def _assembles(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether an asm has instructions: `asm("" ::: "memory")` has none, `int x asm("name")` names a symbol."""
    opening = index + 1
    while opening < len(tokens) and tokens[opening].text in ("volatile", "__volatile__", "goto", "inline"):
        opening += 1
    if opening >= len(tokens) or tokens[opening].text != "(":
        return opening < len(tokens) and tokens[opening].text == "{"
    previous = tokens[index - 1].text if index else ";"
    if previous == ")" or (tokens[index - 1].kind is Kind.WORD and previous not in ("else", "do", "__extension__")):
        return False  # a declarator's asm label
    end = closing(tokens, opening)
    strings = [token.text for token in tokens[opening + 1 : max(end, opening)] if token.kind is Kind.STRING]
    return bool(strings) and strings[0].strip('"').strip() != ""


def _in_assembly(file: SourceFile, macros: Macros, preprocessed: bool) -> Iterator[_Seen]:
    left_out = inactive(file, macros) if preprocessed else ()
    offset = 0
    for number, line in enumerate(file.text.splitlines(keepends=True), 1):
        code = re.sub(r"[;/#].*", "", line).strip()
        if re.search(r"%[er][a-d]x|%xmm|%rsp|\b[er][abcd]x\b|\bxmm\d|\brsp\b", code) and not inside(offset, left_out):
            yield "inline-assembly", number, 1, "assembly source for x86"
            return
        offset += len(line)


def _in_build_file(text: str) -> Iterator[_Seen]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.lstrip().startswith(("#", "//")):
            for match in _OPTION.finditer(line):
                yield "compiler-option", number, match.start() + 1, match.group()


def _in_binary(path: Path, head: bytes, target: str) -> Iterator[_Seen]:
    wanted = _ELF_MACHINES.get(target.partition("-")[0])
    if head.startswith(b"PK"):
        if path.suffix == ".whl" and re.search(r"(x86_64|amd64|i686)\.whl$", path.name):
            yield "prebuilt-binary", 0, 0, path.name
        elif path.suffix in (".jar", ".whl", ".aar"):
            with zipfile.ZipFile(path) as archive:
                members = [member for member in archive.namelist() if re.search(r"\.so(\.\d+)*$", member)]
                for member in members:
                    with archive.open(member) as library:
                        machine = _machine(library.read(20))
                    if machine not in (wanted, 0):
                        yield "prebuilt-binary", 0, 0, f"{path.name}/{member}"
        return
    if head.startswith(b"!<arch>"):
        with path.open("rb") as file:
            start = file.read(1 << 16)
        offset = start.find(b"\x7fELF")
        head = start[offset : offset + 20] if offset >= 0 else b""
    machine = _machine(head)
    if machine and machine != wanted:
        yield "prebuilt-binary", 0, 0, f"{path.name} for {_X86_MACHINES.get(machine, f'ELF machine {machine}')}"


def _machine(head: bytes) -> int:
    """e_machine of an ELF header, 0 where there is none."""
    if len(head) < 20 or not head.startswith(b"\x7fELF"):
        return 0
    return int.from_bytes(head[18:20], "little" if head[5] == 1 else "big")


_AT = r"(?P<file>[^\s:]+):(?P<line>\d+):(?:(?P<column>\d+):)? "
_OUTPUT = (
    ("missing-dependency", re.compile(_AT + r"fatal error: (?P<what>\S+): No such file")),
    ("missing-dependency", re.compile(r"cannot find -l\s?(?P<what>[\w+.-]+)")),
    ("missing-dependency", re.compile(r"(?:Package|Dependency) '?(?P<what>[\w+.-]+)'?,? (?:.*)not found")),
    ("compiler-option", re.compile(r"error: (?:unrecognized|unsupported|unknown) .*option .(?P<what>-[\w=+.-]+)")),
    ("compiler-option", re.compile(r"error: unknown value .(?P<what>[\w+.-]+). for .-m(?:arch|cpu|tune)")),
    (
        "prebuilt-binary",
        re.compile(r"(?P<what>[^\s:]+): (?:error adding symbols: )?(?:file in wrong format|Relocations in gen)"),
    ),
    ("inline-assembly", re.compile(_AT + r"Error: (?P<what>unknown mnemonic .*|operand .*)")),
    (
        "inline-assembly",
        re.compile(_AT + r"error: (?P<what>impossible constraint|(?:unknown|invalid) register name .*)"),
    ),
    ("generated-code", re.compile(r"(?P<what>[^\n]*): cannot execute binary file: Exec format error")),
    ("generated-code", re.compile(r"(?P<what>[^\n]*[Ii]nvalid (?:configuration|host) .*aarch64[^\n]*)")),
)


def _in_output(said: str, root: Path) -> Iterator[tuple[str, Place, str]]:
    """What compilers, linkers, pkg-config, CMake and configure say when the target's build fails."""
    for kind, pattern in _OUTPUT:
        for match in pattern.finditer(said):
            fields = match.groupdict()
            file = _relative(fields.get("file") or "", root)
            detail = fields["what"].strip()
            header = kind == "missing-dependency" and _INTRINSIC_HEADER.search(f"#include <{detail}>")
            yield (
                "intrinsics" if header else kind,
                Place(file, int(fields.get("line") or 0), int(fields.get("column") or 0)),
                detail,
            )


def _relative(file: str, root: Path) -> str:
    path = Path(file)
    if file and path.is_absolute() and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return file if file and (root / file).is_file() else ""
