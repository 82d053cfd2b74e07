"""Products by a vector, small ones in batches and int8, beside NumPy's: one thread on both sides.

Both sides are called in turn, in random order; the table has medians and the ratio of the medians. By itself:
OPENBLAS_NUM_THREADS=1 python -m bench.arrays.unpacked
"""

from __future__ import annotations

import math
import statistics
from functools import partial

import numpy as np

from bench.arrays.sums import Call, Row, in_turn, table
from bitfast import _native
from bitfast.arrays.products import matmul


def nothing() -> None:
    """Between two calls."""


def compared(operation: str, dtype: str, elements: int, where: str, peer: str, goal: float, ours: Call,
             theirs: Call) -> Row:  # fmt: skip
    calls: dict[str, Call] = {"ours": ours, peer: theirs}
    taken = {name: statistics.median(some) for name, some in in_turn(calls, 1, 30, nothing).items()}
    return Row(operation, dtype, elements, where, taken["ours"], peer, taken[peer], goal)


def by_a_vector(dtype: str) -> list[Row]:
    n = 4096
    a = np.random.default_rng(1).standard_normal((n, n)).astype(dtype)
    x = a[5].copy()
    return [
        compared(operation, dtype, n * n, where, "np.dot", 1.1, partial(matmul, *both), partial(np.dot, *both))
        for operation, where, both in (
            ("A @ x", "rows", (a, x)),
            ("A @ x", "columns", (np.asfortranarray(a), x)),
            ("x @ A", "rows", (x, a)),
        )
    ]


def batches(dtype: str) -> list[Row]:
    found = []
    for n in (4, 8, 16, 32, 64):
        a = np.random.default_rng(2).standard_normal((1000, n, n)).astype(dtype)
        b = a[::-1].copy()
        found.append(compared("A @ B", dtype, n * n, "1000 at once", "np.matmul", 1.0, partial(matmul, a, b),
                              partial(np.matmul, a, b)))  # fmt: skip
    return found


def int8() -> list[Row]:
    """Beside float32's product: NumPy has none of int8 into int32."""
    found = []
    for n in (64, 256, 1024):
        a = np.random.default_rng(3).integers(-128, 128, (n, n), dtype=np.int8)
        wide = a.astype(np.float32)
        found.append(compared("A @ B", "int8", n * n, "to int32", "float32 np.matmul", math.inf,
                              partial(matmul, a, a, dtype=np.int32), partial(np.matmul, wide, wide)))  # fmt: skip
    return found


def rows() -> list[Row]:
    """All comparisons. OpenBLAS must have been told to use one thread before NumPy was imported."""
    before = _native.get_num_threads()
    _native.set_num_threads(1)
    found = int8()
    for dtype in ("float64", "float32"):
        found += by_a_vector(dtype) + batches(dtype)
    _native.set_num_threads(before)
    return found


if __name__ == "__main__":
    print(table(rows()))
