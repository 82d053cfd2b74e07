"""bitfast: the same answers on every chip.

`bitfast.exp`, `bitfast.sin` and the others of `bitfast.ufuncs` are NumPy ufuncs, correctly rounded, with the same bits
on every chip. They are loaded when they are first asked for.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bitfast import ufuncs

    if name not in ufuncs.__all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(ufuncs, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    from bitfast import ufuncs

    return sorted({*globals(), *ufuncs.__all__})
