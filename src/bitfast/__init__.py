"""bitfast: the same answers on every chip.

`bitfast.exp`, `bitfast.sin` and the others of `bitfast.ufuncs` are NumPy ufuncs, correctly rounded, with the same bits
on every chip. They are loaded when they are first asked for.
"""

from importlib import import_module as _import_module
from importlib.util import find_spec as _find_spec

__version__ = "0.1.0"  # as in native/include/bitfast.h

_NUMPYS_NAMES = {
    "power": "pow", "float_power": "pow", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "fix": "trunc", "round": "rint", "around": "rint",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name == "__all__":
        return list(_import_module("bitfast.ufuncs").__all__)
    # The import system asks for modules here too, before it looks for their files; they need no ufuncs.
    if not name.startswith("_") and _find_spec(f"{__name__}.{name}") is None:
        ufuncs = _import_module("bitfast.ufuncs")
        if name in ufuncs.__all__:
            globals()[name] = getattr(ufuncs, name)
            return globals()[name]
    hint = f"; here it is called {_NUMPYS_NAMES[name]!r}, as in C" if name in _NUMPYS_NAMES else ""
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    public = {name for name in globals() if name.startswith("__") or not name.startswith("_")}
    return sorted(public | {*_import_module("bitfast.ufuncs").__all__})
