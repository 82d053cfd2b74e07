"""bitfast.array_api: the namespace of bf.Array, what `x.__array_namespace__()` gives.

The functions are those of `import bitfast as bf` and of bf.linalg, taking and returning Arrays.
"""

from types import SimpleNamespace as _SimpleNamespace
from typing import NoReturn as _NoReturn

from bitfast.arrays.array import Array as Array
from bitfast.arrays.array import on_arrays as _on_arrays
from bitfast.arrays.table import FACTORISATIONS as _FACTORISATIONS
from bitfast.arrays.table import LINALG as _LINALG
from bitfast.arrays.table import MISSING as _MISSING
from bitfast.arrays.table import NAMESPACE as _NAMESPACE
from bitfast.arrays.table import Entry as _Entry

__all__ = ["Array", "linalg", *_NAMESPACE]  # noqa: F822 (linalg is made when it is asked for)


def _of(entry: _Entry) -> object:
    function = entry.load()
    plain = entry.chapter in ("constants", "inspection", "data types") and entry.name != "astype"
    if plain and entry.name not in ("result_type", "can_cast", "finfo", "iinfo"):
        return function
    return _on_arrays(function)  # type: ignore[arg-type]


class _Linalg(_SimpleNamespace):
    def __getattr__(self, name: str) -> _NoReturn:
        hint = _FACTORISATIONS if name in _MISSING["linalg"] else ""
        raise AttributeError(f"bitfast.array_api.linalg has no attribute {name!r}{hint}")


def __getattr__(name: str) -> object:
    if name == "linalg":
        globals()[name] = _Linalg(**{one: _of(entry) for one, entry in _LINALG.items()})
    elif name in _NAMESPACE:
        globals()[name] = _of(_NAMESPACE[name])
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
