"""bitfast: the same answers on every chip.

`import bitfast as bf` is a namespace of functions on NumPy arrays, after the Python array API standard, whose results
are the same bits on every chip: `bf.exp`, `bf.sum`, `bf.matmul` (docs/namespace.md). A name is loaded when it is first
asked for.
"""

from importlib import import_module as _import_module
from importlib.util import find_spec as _find_spec

__version__ = "0.1.0"  # as in native/include/bitfast.h

_NUMPYS_NAMES = {
    "power": "pow", "float_power": "pow", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "fix": "trunc", "around": "round",
    "true_divide": "divide", "conjugate": "conj", "invert": "bitwise_invert", "left_shift": "bitwise_left_shift",
    "right_shift": "bitwise_right_shift", "concatenate": "concat", "transpose": "permute_dims", "cumsum":
    "cumulative_sum", "cumprod": "cumulative_prod", "unique": "unique_values", "amax": "max", "amin": "min",
    "bool_": "bool",
}  # fmt: skip


def _names() -> dict[str, str]:
    """What is here beside the modules, and the module that has it; the ufuncs of ours come first."""
    more = {
        "bitfast.arrays.array": ["Array"],
        "bitfast.arrays.accumulator": ["Accumulator"],
        "bitfast.arrays.products": _import_module("bitfast.arrays.products").__all__,
        "bitfast.arrays.reductions": _import_module("bitfast.arrays.reductions").__all__,
    }
    names = {name: module for module, those in more.items() for name in those}
    return names | dict.fromkeys(_import_module("bitfast.ufuncs").__all__, "bitfast.ufuncs")


def _load(name: str) -> object:
    """Raises KeyError for what is not here."""
    entry = _import_module("bitfast.arrays.table").NAMESPACE.get(name)
    if entry is not None:
        return entry.load()
    module = _names()[name]
    found = getattr(_import_module(module), name)
    return _import_module("bitfast.arrays.array").on_both(found) if module == "bitfast.arrays.reductions" else found


def __getattr__(name: str) -> object:
    if name == "__all__":  # sum, any and the like stay Python's where all names are imported
        builtins, ufuncs = dir(_import_module("builtins")), _import_module("bitfast.ufuncs").__all__
        return [one for one in __dir__() if not one.startswith("_") and (one in ufuncs or one not in builtins)]
    if name in ("linalg", "array_api"):
        return _import_module(f"{__name__}.{name}")
    # The import system asks for modules here too, before it looks for their files; they need no arrays.
    of_the_standard = name in ("__array_api_version__", "__array_namespace_info__")
    if of_the_standard or (not name.startswith("_") and _find_spec(f"{__name__}.{name}") is None):
        try:
            globals()[name] = _load(name)
        except KeyError:
            pass
        else:
            return globals()[name]
    hint = f"; here it is called {_NUMPYS_NAMES[name]!r}, as in the array API" if name in _NUMPYS_NAMES else ""
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    public = {name for name in globals() if name.startswith("__") or not name.startswith("_")}
    table = _import_module("bitfast.arrays.table")
    return sorted(public | {*_names(), *table.NAMESPACE, "linalg", "array_api"})
