"""Sums, dot products and norms, exact and rounded once, beside NumPy's and math.fsum: one thread on both sides.

Both sides are called in turn, in random order, for a second or so; the table has medians and the ratio of the medians.
"From memory" walks through arrays of 2·10^7 elements, 2·10^6 at a call, and reads others in between. By itself:
OPENBLAS_NUM_THREADS=1 python -m bench.arrays.sums
"""

from __future__ import annotations

import ctypes
import math
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bitfast.library import place

IN_CACHE, BIG, AT_ONCE = 8192, 20_000_000, 2_000_000
Call = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One comparison; seconds are those of one call, and the goal is for `ratio`, ours over the peer's."""

    operation: str
    dtype: str
    elements: int
    where: str
    ours: float
    peer: str
    theirs: float
    goal: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


class Ours:
    """The functions of libbitfast for one type, of contiguous arrays, without a Python layer."""

    def __init__(self, loaded: ctypes.CDLL, dtype: str) -> None:
        suffix, real = ("f", ctypes.c_float) if dtype == "float32" else ("", ctypes.c_double)
        array = (ctypes.c_void_p, ctypes.c_ssize_t)
        self._sum, self._dot = getattr(loaded, f"bitfast_sum{suffix}"), getattr(loaded, f"bitfast_dot{suffix}")
        self._sum.restype = self._dot.restype = real
        self._sum.argtypes, self._dot.argtypes = [ctypes.c_size_t, *array], [ctypes.c_size_t, *array, *array]

    def sum(self, x: np.ndarray[Any, Any]) -> Call:
        size, x_place = x.size, x.ctypes.data
        return lambda: self._sum(size, x_place, 1)

    def dot(self, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> Call:
        size, x_place, y_place = x.size, x.ctypes.data, y.ctypes.data
        return lambda: self._dot(size, x_place, 1, y_place, 1)


def seconds(call: Call, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def in_turn(calls: dict[str, Call], repeats: int, rounds: int, between: Call = lambda: None) -> dict[str, list[float]]:
    """Seconds per call of each, measured `rounds` times in changing order; `between` runs before each."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name in random.sample(list(calls), len(calls)):
            between()
            times[name].append(seconds(calls[name], repeats))
    return times


def in_cache(ours: Ours, dtype: str) -> list[Row]:
    x = np.random.default_rng(1).standard_normal(IN_CACHE).astype(dtype)
    y = x[::-1].copy()
    calls: dict[str, Call] = {
        "sum": ours.sum(x), "np.sum": partial(np.sum, x), "dot": ours.dot(x, y), "np.dot": partial(np.dot, x, y),
    }  # fmt: skip
    taken = {name: statistics.median(times) for name, times in in_turn(calls, 20, 500).items()}
    slow = in_turn({"sum": calls["sum"], "math.fsum": partial(math.fsum, x)}, 1, 60)
    fsum, beside = statistics.median(slow["math.fsum"]), statistics.median(slow["sum"])
    where = "in cache"
    return [
        Row("sum", dtype, IN_CACHE, where, taken["sum"], "np.sum", taken["np.sum"], 3),
        Row("sum", dtype, IN_CACHE, where, beside, "math.fsum", fsum, 1 / 12),
        Row("dot", dtype, IN_CACHE, where, taken["dot"], "np.dot", taken["np.dot"], math.inf),
    ]


def from_memory(ours: Ours, dtype: str) -> list[Row]:
    rng = np.random.default_rng(2)
    x, y = (rng.standard_normal(BIG).astype(dtype) for _ in range(2))
    times: dict[str, list[float]] = {}
    for _ in range(2):
        for first in range(0, BIG, AT_ONCE):
            a, b = x[first : first + AT_ONCE], y[first : first + AT_ONCE]
            other = (first + BIG // 2) % BIG
            calls: dict[str, Call] = {
                "sum": ours.sum(a), "np.sum": partial(np.sum, a),
                "dot": ours.dot(a, b), "np.dot": partial(np.dot, a, b),
            }  # fmt: skip
            elsewhere = x[other : other + AT_ONCE]
            for name, some in in_turn(calls, 1, 2, partial(np.max, elsewhere)).items():
                times.setdefault(name, []).extend(some)
    taken = {name: statistics.median(some) for name, some in times.items()}
    return [
        Row(name, dtype, AT_ONCE, "from memory", taken[name], f"np.{name}", taken[f"np.{name}"], goal)
        for name, goal in (("sum", 1.2), ("dot", 1.5))
    ]


def rows(loaded: ctypes.CDLL) -> list[Row]:
    """All comparisons. OpenBLAS must have been told to use one thread before NumPy was imported."""
    loaded.bitfast_set_num_threads(1)
    found = []
    for dtype in ("float64", "float32"):
        ours = Ours(loaded, dtype)
        found += in_cache(ours, dtype) + from_memory(ours, dtype)
    loaded.bitfast_set_num_threads(0)
    return found


def table(found: list[Row]) -> str:
    lines = ["| | elements | bitfast | | beside | ratio | goal |", "|---|---|---|---|---|---|---|"]
    for row in found:
        goal = "" if math.isinf(row.goal) else f"≤ {row.goal:.2f}"
        lines.append(
            f"| {row.operation} {row.dtype} {row.where} | {row.elements} | {row.ours * 1e6:.1f} µs | {row.peer} "
            f"| {row.theirs * 1e6:.1f} µs | {row.ratio:.2f} | {goal} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(rows(ctypes.CDLL(sys.argv[1] if sys.argv[1:] else str(place("libraries") / "libbitfast.so")))))
