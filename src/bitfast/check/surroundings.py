"""Variables of the user's environment that do not reach builds and runs: they would silently decide the answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

# What compilers, linkers, build systems, pkg-config, ccache, QEMU and the loader read, and what says which ones to use.
# GCC manual, "Environment Variables Affecting GCC"; ld(1), ld.so(8), make's "Implicit Variables", cmake-env-variables.
_DROPPED = re.compile(
    r"CC|CXX|CPP|FC|F77|F90|F95|AS|AR|LD|NM|RANLIB|STRIP|OBJCOPY|OBJDUMP|READELF"
    r"|(C|CXX|CPP|F|FC|F77|F90|LD|AS|AR|GNUMAKE|MAKE|M|NINJA)FLAGS|LIBS|LDLIBS|LOADLIBES|MAKEFILES|CONFIG_SITE"
    r"|CPATH|(C|CPLUS|OBJC)_INCLUDE_PATH|LIBRARY_PATH|COMPILER_PATH|GCC_EXEC_PREFIX|GCC_COMPARE_DEBUG"
    r"|DEPENDENCIES_OUTPUT|SUNPRO_DEPENDENCIES|LD_\w+|GLIBC_TUNABLES|PYTHONPATH"
    r"|(PKG_CONFIG|CMAKE|MESON|CCACHE|QEMU|BITFAST)_\w+|MESON\w*"
)
# Dropped without a word: they change no answer, or callers such as make and Python's tools set them by themselves.
_NOT_TOLD = re.compile(r"M(AKE)?FLAGS|PYTHONPATH|LD_PRELOAD|CCACHE_\w+|BITFAST_\w+")


def without_choices(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would change compilers and searches."""
    return {name: value for name, value in environment.items() if not _DROPPED.fullmatch(name)}


def notes_on_dropped(environment: Mapping[str, str], said: Collection[str]) -> list[str]:
    """A note on every dropped variable that has a value here and that the project's own environment does not say."""
    return [
        f"{name} of your environment is not used; if it is wanted: environment = {{{name} = …}} in bitfast.toml"
        for name, value in sorted(environment.items())
        if value and name not in said and _DROPPED.fullmatch(name) and not _NOT_TOLD.fullmatch(name)
    ]
