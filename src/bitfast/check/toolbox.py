"""The small native tools of check (native/*.c, *.cc), built once per compiler and kept in the cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from bitfast.cache import cache_directory
from bitfast.chips import Target, compiler_version
from bitfast.process import run
from bitfast.words import BitfastError

_SOURCES = Path(__file__).parent / "native"


def _built(source: str, compiler: str, flags: Sequence[str], name: str, *, loaded_by: str = "") -> Path:
    """The tool built from native/SOURCE by `compiler`; from the cache where it was built before. `loaded_by` is the
    version of the program that will load it, where that must fit."""
    text = (_SOURCES / source).read_bytes()
    recipe = "\0".join((compiler_version(compiler), compiler, *flags, loaded_by)).encode()
    key = hashlib.sha256(text + b"\0" + recipe).hexdigest()[:16]
    destination = cache_directory() / "tools" / key / name
    if destination.exists():
        return destination
    destination.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=destination.parent)
    os.close(handle)
    finished = run([compiler, str(_SOURCES / source), "-o", temporary, *flags], timeout_seconds=300)
    if not finished.ok:
        Path(temporary).unlink()
        raise BitfastError(
            f"bitfast's own tool {source} does not build with {compiler}:\n{finished.last_lines()}",
            next_step="`bitfast targets` says what is missing",
            exit_status=3,
        )
    Path(temporary).chmod(0o755)
    Path(temporary).replace(destination)
    return destination


@cache
def shim() -> Path:
    """The program that stands in the PATH in place of compilers."""
    return _built("shim.c", "gcc", ("-O2", "-std=gnu11"), "shim")


@cache
def instruction_counter() -> Path:
    """The QEMU plugin that counts executed instructions."""
    return _built("count_instructions.c", "gcc", ("-O2", "-fPIC", "-shared"), "count_instructions.so")


def library_folder(compiler: str) -> str:
    """What the loader puts for $LIB on this distribution: lib/TRIPLE."""
    triple = run([compiler, "-dumpmachine"], timeout_seconds=30).text.strip()
    return f"lib/{triple}"


@cache
def preloaded(source: str, target: Target) -> str:
    """The value of LD_PRELOAD that loads native/SOURCE.c into programs of this machine and of the target alike."""
    stem = Path(source).stem
    flags = ("-O2", "-std=gnu11", "-fPIC", "-shared", "-ldl")
    compilers = {"gcc", target.tools["gcc"]}
    key = hashlib.sha256((_SOURCES / source).read_bytes() + repr(sorted(compilers)).encode()).hexdigest()[:16]
    root = cache_directory() / "preloaded" / key
    for compiler in compilers:
        link = root / library_folder(compiler) / f"lib{stem}.so"
        if not link.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            built = _built(source, compiler, flags, f"lib{stem}.so")
            temporary = link.with_name(f".{os.getpid()}")
            temporary.symlink_to(built)
            temporary.replace(link)
    if " " in str(root) or ":" in str(root):
        raise BitfastError(
            f"the cache {root} has a space or colon in its name, which LD_PRELOAD cannot carry",
            next_step="set BITFAST_CACHE to a directory without",
        )
    return f"{root}/$LIB/lib{stem}.so"


@cache
def site_plugin(compiler: str) -> Path | None:
    """The GCC plugin that lists and switches single sites; None where the compiler's plugin headers are missing."""
    headers = Path(run([compiler, "-print-file-name=plugin"], timeout_seconds=30).text.strip()) / "include"
    if not (headers / "gcc-plugin.h").exists():
        return None
    flags = ("-O1", "-fPIC", "-shared", "-fno-rtti", f"-I{headers}")
    return _built("sites.cc", "g++", flags, "sites.so", loaded_by=compiler_version(compiler).split()[-1])


@cache
def include_directories(compiler: str, language: str) -> tuple[str, ...]:
    """Where a compiler looks for system headers, in its order; empty where it cannot be started."""
    if shutil.which(compiler) is None:
        return ()
    said = run([compiler, "-E", "-v", "-x", language, "/dev/null"], timeout_seconds=30).stderr.decode(errors="replace")
    listed = said.partition("#include <...> search starts here:")[2].partition("End of search list.")[0]
    return tuple(line.strip() for line in listed.splitlines() if line.strip())
