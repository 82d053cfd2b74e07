"""bitfast: the same answers on every chip.

`bitfast.exp`, `bitfast.sin` and the others of `bitfast.ufuncs` are NumPy ufuncs, correctly rounded, with the same bits
on every chip. They are loaded when they are first asked for.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # The import system asks for modules here too, before it looks for their files; they need no ufuncs.
    if not name.startswith("_") and find_spec(f"{__name__}.{name}") is None:
        ufuncs = import_module("bitfast.ufuncs")
        if name in ufuncs.__all__:
            globals()[name] = getattr(ufuncs, name)
            return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *import_module("bitfast.ufuncs").__all__})
