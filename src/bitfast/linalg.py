"""bitfast.linalg: the product functions of the array API standard's linear algebra, in `bitfast.arrays.table`.

Factorisations (solve, inv, svd, …) are not here: NumPy's have other bits on another chip.
"""

from bitfast.arrays.table import FACTORISATIONS as _FACTORISATIONS
from bitfast.arrays.table import LINALG as _LINALG
from bitfast.arrays.table import MISSING as _MISSING

__all__ = [*_LINALG]


def __getattr__(name: str) -> object:
    if name in _LINALG:
        globals()[name] = _LINALG[name].load()
        return globals()[name]
    hint = _FACTORISATIONS if name in _MISSING["linalg"] else ""
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    return __all__
