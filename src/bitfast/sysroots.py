"""Libraries for targets, unpacked into the cache from the distribution's packages; nothing is installed.

Debian's package names are the same on every architecture: add_packages(target, ["zlib1g-dev"]).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from bitfast import debian
from bitfast.cache import cache_directory, made_once
from bitfast.chips import MUSL, Target, has, library_directories
from bitfast.process import run
from bitfast.words import BitfastError


def add_packages(target: Target, names: Sequence[str]) -> Path:
    """A folder with the packages, and all that they depend on, as they are on the target; fetched on first use.

    See `compile_flags`, `link_flags`, `pkg_config_environment`, and `chips.qemu_command(libraries=…)` for its use.
    Raises BitfastError for an unknown name, without network, and for a target without packages (musl).
    """
    if target.triple == MUSL:
        raise BitfastError(
            f"the distribution has no libraries for {target.triple}",
            next_step="build them from source as part of the project, or use --target aarch64-linux-gnu",
        )
    wanted = sorted(set(names))
    key = hashlib.sha256(" ".join(wanted).encode()).hexdigest()[:12]
    directory = cache_directory() / "sysroots" / f"{target.triple}-{key}"

    def unpack(into: Path) -> None:
        debian.unpack_packages(target.debian_architecture, wanted, into, provided=_brought_by_the_toolchain(target))
        _make_links_relative(into)

    return made_once(directory, unpack)


def compile_flags(target: Target, libraries: Path) -> tuple[str, ...]:
    """Compiler arguments that find the headers of a folder from add_packages."""
    return ("-isystem", str(libraries / "usr/include" / target.triple), "-isystem", str(libraries / "usr/include"))


def link_flags(target: Target, libraries: Path) -> tuple[str, ...]:
    """Linker arguments that find the libraries of a folder from add_packages."""
    return tuple(
        flag for path in library_directories(target, libraries) for flag in (f"-L{path}", f"-Wl,-rpath-link,{path}")
    )


def pkg_config_environment(target: Target, libraries: Path) -> dict[str, str]:
    """What makes pkg-config answer from a folder from add_packages, and only from there."""
    directories = [libraries / "usr/lib" / target.triple / "pkgconfig", libraries / "usr/share/pkgconfig"]
    return {
        "PKG_CONFIG_LIBDIR": ":".join(str(directory) for directory in directories),
        "PKG_CONFIG_SYSROOT_DIR": str(libraries),
        "PKG_CONFIG_PATH": "",
    }


def install_musl(target: Target) -> Path:
    """The toolchain of aarch64-linux-musl: the distribution's cross GCC over its musl, made once; C only.

    The distribution has no libstdc++ and no libgfortran that is built over musl.
    """
    home = target.sysroot.parent
    compiler = target.tools["objcopy"].replace("objcopy", "gcc")
    if not has(compiler):
        raise BitfastError(
            f"{target.triple} needs {compiler}", next_step="bitfast targets --install aarch64-linux-gnu", exit_status=3
        )
    if re.search(r"\s", str(home)):
        raise BitfastError(
            f"GCC's specs files cannot name a directory with spaces: {home}", next_step="set BITFAST_CACHE to another"
        )

    def fill(into: Path) -> None:
        root = into / "root"
        packages = ["musl", "musl-dev"]
        debian.unpack_packages(target.debian_architecture, packages, root, dependencies=False)
        _make_links_relative(root)
        libraries = root / "usr/lib" / target.triple
        if not (libraries / "libc.so").exists():  # without it programs would be linked with libc.a
            (libraries / "libc.so").symlink_to(f"../../../lib/{target.triple}/libc.so")
        specs = (libraries / "musl-gcc.specs").read_text()
        specs = re.sub(r"/usr/(include|lib)/" + target.triple, rf"{home}/root/usr/\1/{target.triple}", specs)
        (into / "musl-gcc.specs").write_text(specs)
        (into / "bin").mkdir()
        wrapper = into / "bin" / f"{target.triple}-gcc"
        # libgcc's out-of-line atomics ask glibc for the processor's features.
        wrapper.write_text(f'#!/bin/sh\nexec {compiler} -mno-outline-atomics -specs "{home}/musl-gcc.specs" "$@"\n')
        wrapper.chmod(0o755)
        # Run without arguments, musl's libc.so is its dynamic loader and says its version on standard error.
        loader = root / f"lib/ld-musl-{target.machine}.so.1"
        said = run([*([] if target.native else [target.qemu]), loader], timeout_seconds=30).stderr.decode()
        version = re.search(r"Version (\S+)", said)
        (into / "version").write_text(version[1] if version else "(unknown version)")

    return made_once(home, fill)


def _brought_by_the_toolchain(target: Target) -> set[str]:
    """Packages whose files the compiler has already: the C library and GCC's run-time libraries."""
    suffix = f"-{target.debian_architecture}-cross"
    listed = run(["dpkg-query", "--show", "--showformat", "${Package}\\n", f"*{suffix}"], timeout_seconds=30).text
    return {name.removesuffix(suffix) for name in listed.split()} | {"gcc-12-base", "libc-dev-bin", "rpcsvc-proto"}


def _make_links_relative(root: Path) -> None:
    """Absolute links mean the target's own root; here they must stay inside the folder."""
    for directory, subdirectories, files in os.walk(root):
        for name in subdirectories + files:
            path = Path(directory, name)
            if path.is_symlink() and (goal := path.readlink()).is_absolute():
                path.unlink()
                path.symlink_to(os.path.relpath(root / goal.relative_to("/"), path.parent))
