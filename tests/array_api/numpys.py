"""Every function of the namespace that is NumPy's own, on what chips treat differently: hashes of the results.

`python tests/array_api/numpys.py` compares with numpys.json, made on x86-64; `--write` makes it anew.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

COMMITTED = Path(__file__).with_name("numpys.json")

_REALS = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, -2.5, 1e-310, -5e-324, 1e300, -1e300, np.inf, -np.inf, np.nan, 3.0, 3.0]
_INTEGERS = [0, 1, 2, 3, 5, 7, 63, 100, 127, 127, 1, 0, 64, 31, 8, 9]


def inputs() -> dict[str, np.ndarray[Any, Any]]:
    """By dtype, 4 × 16 items: special values, then the same in other orders, so that vectors and tails see them all."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for name in ("float64", "float32"):
        with np.errstate(all="ignore"):
            row = np.array(_REALS).astype(name)
        arrays[name] = np.stack([np.roll(row, k) for k in (0, 3, 7, 13)])
    for name in ("int8", "int64", "uint8", "uint64"):
        row = np.array(_INTEGERS).astype(name)
        row[5] = np.iinfo(name).min
        arrays[name] = np.stack([np.roll(row, k) for k in (0, 3, 7, 13)])
    arrays["bool"] = arrays["int8"] > 5
    return arrays


def _cases(name: str, x: np.ndarray[Any, Any]) -> list[tuple[Any, ...]]:
    """The arguments of one function, for one input."""
    real, integer = x.dtype.kind == "f", x.dtype.kind in "iub"
    y = np.roll(x, 5, axis=1)
    indices = np.arange(16) % 4
    if name.startswith("bitwise"):
        if not integer or (name.endswith("shift") and x.dtype.kind == "b"):
            return []
        if name.endswith("shift"):
            y = np.abs(y.astype("int64") % 100).astype(x.dtype)
        return [(x,)] if name == "bitwise_invert" else [(x, y)]
    if name in ("conj", "imag", "positive", "real", "signbit") and not real:
        return []
    table: dict[str, list[tuple[Any, ...]]] = {
        "take": [(x, indices, 1)], "take_along_axis": [(x, np.stack([indices] * 4), 1)],
        "broadcast_to": [(x, (2, 4, 16))], "broadcast_arrays": [(x, x[:1])], "concat": [((x, y),)],
        "stack": [((x, y),)], "expand_dims": [(x, 0)], "flip": [(x,)], "moveaxis": [(x, 0, 1)],
        "permute_dims": [(x, (1, 0))], "repeat": [(x, 3)], "reshape": [(x, (8, 8))], "roll": [(x, 3)],
        "squeeze": [(x[:1], 0)], "tile": [(x, (2, 1))], "unstack": [(x,)], "eye": [(4,)], "ones": [(4,)],
        "zeros": [(4,)], "meshgrid": [(x[0], y[1])], "searchsorted": [(np.sort(x[0], kind="stable"), y)],
        "where": [(x > 0, x, y)], "isin": [(x, y[:2, :5])], "argmax": [(x,), (x, 1), (x, 0)],
        "argmin": [(x,), (x, 1), (x, 0)], "all": [(x,), (x, 1)], "any": [(x,), (x, 0)],
    }  # fmt: skip
    if name in table:
        return table[name]
    return [(x, y)] if name in _TWO else [(x,)]


_TWO = "equal greater greater_equal less less_equal not_equal logical_and logical_or logical_xor".split()
LOOKS_ONLY = {"constants", "data types", "inspection"}  # no arrays in their results


def _bytes_of(result: Any) -> bytes:
    if isinstance(result, (tuple, list)):
        return b"".join(map(_bytes_of, result))
    array = np.asarray(result)
    return str((array.dtype.name, array.shape)).encode() + array.astype(array.dtype.newbyteorder("<")).tobytes()


def hashes(names: list[str]) -> dict[str, str]:
    result = {}
    for name in names:
        function = getattr(np, name)
        said = hashlib.sha256()
        for x in inputs().values():
            for arguments in _cases(name, x):
                said.update(_bytes_of(function(*arguments)))
        result[name] = said.hexdigest()[:16]
    return result


def names() -> list[str]:
    """Without the package: NumPy for another chip is enough. tests/test_namespace.py holds this list to the table."""
    return (
        "all any argmax argmin bitwise_and bitwise_invert bitwise_left_shift bitwise_or bitwise_right_shift "
        "bitwise_xor broadcast_arrays broadcast_to concat conj count_nonzero equal expand_dims eye flip "
        "greater greater_equal imag isfinite isin isinf isnan less less_equal logical_and logical_not "
        "logical_or logical_xor matrix_transpose meshgrid moveaxis nonzero not_equal ones ones_like "
        "permute_dims positive real repeat reshape roll searchsorted signbit squeeze stack take "
        "take_along_axis tile tril triu unstack where zeros zeros_like"
    ).split()


if __name__ == "__main__":
    found = hashes(names())
    if "--write" in sys.argv:
        COMMITTED.write_text(json.dumps(found, indent=1) + "\n")
    committed = json.loads(COMMITTED.read_text())
    different = [name for name in found if found[name] != committed.get(name)]
    print(f"NumPy {np.__version__}: {len(found)} functions, {len(different)} differ", *different)
    sys.exit(bool(different))
