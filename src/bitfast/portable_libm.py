"""The portable math library: one libm for every chip, musl's generic C under the names bitfast_sin, bitfast_pow, ….

It is the cure of the cause `libm` until bitfast's own, correctly rounded functions exist. Its sources are the
distribution's package of musl (MIT licence), fetched once and only when asked for. tests/test_portable_libm.py
compares its bits between chips. Unlike the system's, it leaves errno alone.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Sequence
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
# Replaced by portable_libm.c, because signgam is the C library's own.
_REPLACED = {"lgamma", "lgammaf", "signgam"}


def portable_libm(target: Target, *, fetch: bool = False) -> Path:
    """The static library for a target, or for this machine (`chips.reference()`); built on first use and then cached.

    Its public symbols are `bitfast_NAME` for every name of `functions()`; see `link_flags`. The sources are fetched
    from the distribution only with `fetch`. Raises BitfastError without them, and when the compiler fails.
    """
    source = _source(target, fetch)
    compiler = target.tools["gcc"]
    ours = b"".join((_HERE / name).read_bytes() for name in ("portable_libm.c", "portable_libm_functions.h"))
    said = f"{source.name} {compiler_version(compiler)} {_FLAGS}".encode()
    key = hashlib.sha256(said + ours + Path(__file__).read_bytes()).hexdigest()[:12]
    directory = cache_directory() / "portable-libm" / f"{target.triple}-{key}"
    return made_once(directory, lambda into: _build(target, source, into)) / ARCHIVE


@cache
def functions() -> tuple[str, ...]:
    """The names that the library replaces, float64 and float32: "acos", "acosf", …."""
    text = re.sub(r"/\*.*?\*/", "", (_HERE / "portable_libm_functions.h").read_text(), flags=re.DOTALL)
    names = []
    for shape, name in re.findall(r"([A-Z_]+)\((\w+)", text):
        names += [f"{name}_r", f"{name}f_r"] if shape == "LOG_GAMMA_R" else [name, f"{name}f"]
    return tuple(sorted(names))


def link_flags(archive: Path) -> tuple[str, ...]:
    """Linker arguments, put behind the objects, that make a program call the portable library where it would call libm.

    A name that the program defines itself (y1 is a popular variable) keeps its meaning: PROVIDE defines only what
    nothing but a shared library defines (GNU ld, "PROVIDE").
    """
    return ("-Wl,--undefined=bitfast_sin", str(archive), str(archive.with_name(REDIRECTIONS)), "-lm")


def _source(target: Target, fetch: bool) -> Path:
    home = cache_directory() / "sources"
    with locked(home / "musl"):
        present = sorted(home.glob("musl-*"))
        if present:
            return present[-1]
        if not fetch:
            raise BitfastError(
                "the portable math library is not on this machine yet",
                next_step=f"fetch its sources from the distribution: bitfast targets --install {target.triple}",
            )
        return debian.fetch_source("musl", home)


def _build(target: Target, source: Path, into: Path) -> None:
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
    combined, public = into / "portable_libm.o", into / "public"
    _must(target, [target.tools["ld"], "-r", "-o", combined, *sorted(objects.iterdir())], into)
    public.write_text("".join(f"bitfast_{name}\n" for name in functions()))
    _must(target, [target.tools["objcopy"], f"--keep-global-symbols={public}", combined], into)
    _must(target, [target.tools["ar"], "rcsD", ARCHIVE, combined.name], into)
    for leftover in (objects, into / "include"):
        shutil.rmtree(leftover)
    (into / REDIRECTIONS).write_text("".join(f"PROVIDE({name} = bitfast_{name});\n" for name in functions()))


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
