"""The portable math library: one libm for every chip, under the names bitfast_sin, bitfast_lgamma, ….

It is the cure of the cause `libm`. The functions of native/ are bitfast's own: correctly rounded, in code for the
processor's levels, with the C library's errno. The others are musl's generic C (MIT licence), whose bits are the same
on every chip and which leave errno alone; their source is the distribution's package, fetched once and only when asked
for. Without it the library has bitfast's own functions only. tests/test_portable_libm.py compares the chips' bits.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from bitfast import debian
from bitfast.cache import cache_directory, locked, made_once
from bitfast.chips import Target, compiler_version
from bitfast.process import run
from bitfast.words import BitfastError

ARCHIVE = "libbitfast_m.a"
REDIRECTIONS = "redirect.ld"

_HERE = Path(__file__).parent
_MUSL_ARCHITECTURES = {"powerpc64le": "powerpc64"}  # others have the same name
# Strict IEEE operations in the order written: no fusing, no folding by the compiler's own libm. "fast" excess precision
# means none on these chips; "standard" would make s390x evaluate float32 as float64.
_FLAGS = (
    "-std=c99", "-D_XOPEN_SOURCE=700", "-O2", "-fPIC", "-fno-builtin", "-ffp-contract=off", "-frounding-math",
    "-fexcess-precision=fast", "-U__FP_FAST_FMA", "-U__FP_FAST_FMAF", "-fvisibility=hidden", "-w", "-c",
)  # fmt: skip
# As native/CMakeLists.txt has them; functions of one value only.
_OWN_FLAGS = (
    "-std=gnu17", "-O3", "-fPIC", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-fwrapv",
    "-fno-lto", "-fno-strict-aliasing", "-fvisibility=hidden", "-DBITFAST_ONE_VALUE", "-w", "-c",
)  # fmt: skip
_LEVELS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "x86_64": {f"v{n}": (f"-march=x86-64-v{n}",) for n in (2, 3, 4)},
    "aarch64": {"neon": ()},
}
_OTHER_LEVELS = {"generic": ("-DBITFAST_GENERIC",)}
# Replaced by portable_libm.c, because signgam is the C library's own.
_REPLACED = {"lgamma", "lgammaf", "signgam"}


def portable_libm(target: Target, *, fetch: bool = False) -> Path:
    """The static library for a target, or for this machine (`chips.reference()`); built on first use and then cached.

    Its public symbols are `bitfast_NAME` for the names that `functions_in` gives: all of `functions()` where musl's
    source is there, else `own_functions()`; see `link_flags`. That source is fetched from the distribution only with
    `fetch`. Raises BitfastError when fetching or the compiler fails.
    """
    source = _source(fetch=fetch)
    compiler = target.tools["gcc"]
    said = f"{source and source.name} {compiler_version(compiler)} {_FLAGS} {_OWN_FLAGS}".encode()
    key = hashlib.sha256(said + Path(__file__).read_bytes())
    for path in (*(_HERE / name for name in ("portable_libm.c", "portable_libm_functions.h")), *_own_files()):
        key.update(path.name.encode() + path.read_bytes())
    directory = cache_directory() / "portable-libm" / f"{target.triple}-{key.hexdigest()[:12]}"
    return made_once(directory, lambda into: _build(target, source, into)) / ARCHIVE


@cache
def functions() -> tuple[str, ...]:
    """The names that the library replaces, float64 and float32: "acos", "acosf", …."""
    text = re.sub(r"/\*.*?\*/", "", (_HERE / "portable_libm_functions.h").read_text(), flags=re.DOTALL)
    names = []
    for shape, name in re.findall(r"([A-Z_]+)\((\w+)", text):
        names += [f"{name}_r", f"{name}f_r"] if shape == "LOG_GAMMA_R" else [name, f"{name}f"]
    return tuple(sorted(names))


@cache
def own_functions() -> frozenset[str]:
    """Those of `functions()` that are bitfast's own: native/functions.h as far as libm has it, and their relatives."""
    listed = re.findall(r"^[A-Z_]+\((\w+)\)", (_native() / "functions.h").read_text(), flags=re.MULTILINE)
    listed += ["fma", "frexp", "ldexp", "modf", "scalbn", "scalbln", "sincos"]
    return frozenset(functions()) & {f"{name}{suffix}" for name in listed for suffix in ("", "f")}


def functions_here() -> frozenset[str]:
    """The names that a library built now without fetching anything replaces."""
    return frozenset(functions()) if _source(fetch=False) else own_functions()


def functions_in(archive: Path) -> frozenset[str]:
    """The names that this library, given by `portable_libm`, replaces."""
    return frozenset(re.findall(r"PROVIDE\((\w+)", archive.with_name(REDIRECTIONS).read_text()))


def link_flags(archive: Path) -> tuple[str, ...]:
    """Linker arguments, put behind the objects, that make a program call the portable library where it would call libm.

    A name that the program defines itself (y1 is a popular variable) keeps its meaning: PROVIDE defines only what
    nothing but a shared library defines (GNU ld, "PROVIDE").
    """
    return ("-Wl,--undefined=bitfast_sin", str(archive), str(archive.with_name(REDIRECTIONS)), "-lm")


def _source(*, fetch: bool) -> Path | None:
    home = cache_directory() / "sources"
    with locked(home / "musl"):
        present = sorted(home.glob("musl-*"))
        if present:
            return present[-1]
        return debian.fetch_source("musl", home) if fetch else None


def _native() -> Path:
    """The C sources: in the package where it is installed, beside src where it is a working copy."""
    for place in (_HERE / "native", _HERE.parents[1] / "native"):
        if (place / "functions.h").is_file():
            return place
    raise BitfastError("the C sources of bitfast's functions are missing", next_step="install bitfast anew")


def _own_files() -> list[Path]:
    parts = ("*.[ch]", "elementary/*.[ch]", "accurate/*.[ch]", "compat/*.[ch]", "include/*.h")
    return sorted(path for part in parts for path in _native().glob(part))


def _build(target: Target, source: Path | None, into: Path) -> None:
    whole, names = _build_own(target, into), own_functions()
    if source is not None:
        # One object: a linker script may then name any of its symbols, whichever the program needs.
        parts, names = [whole, _build_musl(target, source, into)], frozenset(functions())
        whole = _combined(target, parts, [f"bitfast_{name}" for name in functions()], into / "bitfast_m.o")
    _must(target, [target.tools["ar"], "rcsD", ARCHIVE, whole.name], into)
    for leftover in into.glob("*.o"):
        leftover.unlink()
    (into / REDIRECTIONS).write_text("".join(f"PROVIDE({name} = bitfast_{name});\n" for name in sorted(names)))


def _build_own(target: Target, into: Path) -> Path:
    """libm's names from native/compat, with all that is beneath them, as one object with bitfast_ before each name."""
    native, gcc = _native(), target.tools["gcc"]
    common = [native / name for name in ("dispatch.c", "environment.c", "software_fma.c")]
    calls: list[tuple[list[str | Path], list[Path]]] = [
        ([f"-I{native / 'include'}"], common),
        (["-fno-builtin"], [native / "compat/libm.c"]),
        ([], sorted(native.glob("accurate/*.c"))),
    ]
    for level, flags in _LEVELS.get(target.machine, _OTHER_LEVELS).items():
        defined = [*flags, "-DBITFAST_SCALAR", f"-DBITFAST_LEVEL={level}"]
        calls.append(([*defined], sorted(native.glob("elementary/*.c"))))

    def compiled(number: int) -> Path:
        directory = into / f"own-{number}"
        directory.mkdir()
        flags, sources = calls[number]
        _must(target, [gcc, *_OWN_FLAGS, *flags, *sources], directory)
        return directory

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        directories = list(pool.map(compiled, range(len(calls))))
    own = sorted(own_functions())
    objects = [path for directory in directories for path in sorted(directory.iterdir())]
    combined = _combined(target, objects, own, into / "bitfast_own.o")
    renamed = into / "renamed"
    renamed.write_text("".join(f"{name} bitfast_{name}\n" for name in own))
    _must(target, [target.tools["objcopy"], f"--redefine-syms={renamed}", combined], into)
    for directory in directories:
        shutil.rmtree(directory)
    renamed.unlink()
    return combined


def _build_musl(target: Target, source: Path, into: Path) -> Path:
    """musl's other functions, as one object."""
    architecture = source / "arch" / _MUSL_ARCHITECTURES.get(target.machine, target.machine)
    headers = into / "include/bits"
    headers.mkdir(parents=True)
    types = run(
        ["sed", "-f", source / "tools/mkalltypes.sed", architecture / "bits/alltypes.h.in",
         source / "include/alltypes.h.in"], timeout_seconds=60,
    )  # fmt: skip
    (headers / "alltypes.h").write_bytes(types.stdout)
    searched = [
        into / "include",
        architecture,
        source / "arch/generic",
        source / "src/include",
        source / "src/internal",
    ]
    includes = [f"-I{directory}" for directory in [*searched, source / "include"]]
    # musl knows no double-double; the long double functions are left out anyway.
    narrow = ["-mlong-double-64"] if target.long_double == "double-double" else []
    objects = into / "objects"
    objects.mkdir()
    sources = [*_sources(source / "src/math"), _HERE / "portable_libm.c"]
    _must(target, [target.tools["gcc"], *_FLAGS, *narrow, "-nostdinc", *includes, f"-I{_HERE}", *sources], objects)
    others = [f"bitfast_{name}" for name in functions() if name not in own_functions()]
    combined = _combined(target, sorted(objects.iterdir()), others, into / "musl.o")
    for leftover in (objects, into / "include"):
        shutil.rmtree(leftover)
    return combined


def _combined(target: Target, objects: Sequence[Path], public: Iterable[str], combined: Path) -> Path:
    """The objects as one, in which only these names are visible."""
    _must(target, [target.tools["ld"], "-r", "-o", combined, *objects], combined.parent)
    listed = combined.with_suffix(".public")
    listed.write_text("".join(f"{name}\n" for name in public))
    _must(target, [target.tools["objcopy"], f"--keep-global-symbols={listed}", combined], combined.parent)
    listed.unlink()
    return combined


def _sources(directory: Path) -> list[Path]:
    """musl's generic C without the long double functions: those named like another with an l behind, and helpers."""
    stems = {path.stem for path in directory.glob("*.c")}
    long_double = {stem for stem in stems if stem.endswith("l") and stem[:-1] in stems}
    long_double |= {"__polevll", "__invtrigl", "nexttoward", "nexttowardf"}
    return [directory / f"{stem}.c" for stem in sorted(stems - long_double - _REPLACED)]


def _must(target: Target, command: Sequence[str | Path], directory: Path) -> None:
    done = run(command, directory=directory, timeout_seconds=900)
    if not done.ok:
        raise BitfastError(
            f"building the portable math library for {target.triple} failed:\n{done.last_lines(6)}",
            next_step=f"check the target's tools with `bitfast targets`; {target.tools['gcc']} must compile C",
            exit_status=3,
        )
