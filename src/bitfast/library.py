"""Where the C library of this installation is: `bitfast library`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from bitfast.words import BitfastError


def places() -> dict[str, Path]:
    """What a compiler, a linker or a loader wants to know, by the name that the command has for it.

    Raises BitfastError where the library is not built.
    """
    # Beside the extension module: in an editable installation that is not where this file is.
    extension = find_spec("bitfast._native")
    if extension is None or extension.origin is None:
        raise BitfastError(
            "the math library is not built", next_step="install bitfast: make setup, or pip install .", exit_status=3
        )
    prefix = Path(extension.origin).parent
    return {
        "headers": prefix / "include",
        "libraries": prefix / "lib",
        "pkg-config": prefix / "lib" / "pkgconfig",
        "preload": prefix / "lib" / "libbitfast_m.so",
        "preload-blas": prefix / "lib" / "libbitfast_blas.so",
    }


def place(name: str) -> Path:
    """One of them. Raises BitfastError for a name that is not among them."""
    found = places()
    if name not in found:
        raise BitfastError(f"the library has no {name}", next_step="one of: " + " ".join(found))
    return found[name]
