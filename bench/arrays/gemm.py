"""Matrix products beside NumPy's OpenBLAS and MKL's mode that promises the same bits on every x86-64 (CBWR=COMPATIBLE).

All sides multiply the same matrices in turn, in random order; the table has 2·n³ operations (8·n³ of complex numbers)
by the median time, and ratios of the medians. One thread is timed by its processor time, which other users of the
machine disturb less; several by the clock, in turns with a rest before each, for the peers' threads go on spinning for
up to 0.2 s after a call and would take a processor from whoever is next. `make bench-arrays` tells the libraries how
many threads to use.
"""

from __future__ import annotations

import argparse
import ctypes
import math
import random
import statistics
import sysconfig
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bitfast.library import place

SIZES = (256, 1024, 2048)
SECONDS = 6.0  # per line of the table, about
REST, TURN = 0.3, 0.1  # seconds before and of a turn, where there are several threads
LETTERS = {"float64": "d", "float32": "s", "complex128": "z", "complex64": "c"}
Matrix = np.ndarray[Any, Any]
Call = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One comparison: seconds of one product, by library."""

    dtype: str
    n: int
    seconds: dict[str, float]

    def rate(self, name: str) -> float:
        """Operations per second, in thousand millions."""
        return (8 if self.dtype.startswith("complex") else 2) * self.n**3 / self.seconds[name] / 1e9


def ours(loaded: ctypes.CDLL, a: Matrix, b: Matrix, c: Matrix) -> Call:
    """c = a·b by libbitfast, without a Python layer."""
    function = getattr(loaded, f"bitfast_{LETTERS[a.dtype.name]}gemm")
    size, stride, address = ctypes.c_size_t, ctypes.c_ssize_t, ctypes.c_void_p
    n = a.shape[0]
    one, zero = np.ones(1, a.dtype), np.zeros(1, a.dtype)
    places = (a.ctypes.data, b.ctypes.data, c.ctypes.data)
    if a.dtype.kind == "c":
        of_a = (address, stride, stride, ctypes.c_int)
        function.argtypes = [size, size, size, address, *of_a, *of_a, address, address, stride, stride]
        return lambda: function(
            n, n, n, one.ctypes.data, places[0], n, 1, 0, places[1], n, 1, 0, zero.ctypes.data, places[2], n, 1
        )
    real = ctypes.c_float if a.dtype == np.float32 else ctypes.c_double
    function.argtypes = [size, size, size, real, *(address, stride, stride) * 2, real, address, stride, stride]
    return lambda: function(n, n, n, 1, places[0], n, 1, places[1], n, 1, 0, places[2], n, 1)


def mkl() -> ctypes.CDLL | None:
    """PyPI's mkl, where it is installed. MKL_CBWR must have been set before."""
    found = sorted((Path(sysconfig.get_path("data")) / "lib").glob("libmkl_rt.so*"))
    return ctypes.CDLL(str(found[-1]), ctypes.RTLD_GLOBAL) if found else None


def mkls(loaded: ctypes.CDLL, a: Matrix, b: Matrix, c: Matrix) -> Call | None:
    """c = a·b by MKL; of real numbers."""
    if a.dtype.kind == "c":
        return None
    function = getattr(loaded, f"cblas_{LETTERS[a.dtype.name]}gemm")
    real = ctypes.c_float if a.dtype == np.float32 else ctypes.c_double
    matrix = (ctypes.c_void_p, ctypes.c_int)
    function.argtypes = [*(ctypes.c_int,) * 6, real, *matrix * 2, real, *matrix]
    n, row_major, as_it_is = a.shape[0], 101, 111
    places = (a.ctypes.data, b.ctypes.data, c.ctypes.data)
    return lambda: function(
        row_major, as_it_is, as_it_is, n, n, n, 1, places[0], n, places[1], n, 0, places[2], n
    )  # fmt: skip


def measured(loaded: ctypes.CDLL, dtype: str, n: int, threads: int) -> Row:
    rng = np.random.default_rng(1)
    a, b = (rng.standard_normal((n, n)).astype(dtype) for _ in range(2))
    c, numpys, mkls_c = (np.zeros_like(a) for _ in range(3))
    calls: dict[str, Call] = {"bitfast": ours(loaded, a, b, c), "OpenBLAS": partial(np.matmul, a, b, out=numpys)}
    peer = mkl()
    third = mkls(peer, a, b, mkls_c) if peer else None
    if third:
        calls["MKL compatible"] = third
    clock = time.thread_time if threads == 1 else time.perf_counter
    times: dict[str, list[float]] = {name: [] for name in calls}
    until = time.perf_counter() + (SECONDS if threads == 1 else 2 * SECONDS)
    while time.perf_counter() < until or len(times["bitfast"]) < 5:
        for name in random.sample(list(calls), len(calls)):
            if threads > 1:
                time.sleep(REST)
                calls[name]()
            turn_ends = time.perf_counter() + (TURN if threads > 1 else 0)
            while True:
                start = clock()
                calls[name]()
                times[name].append(clock() - start)
                if time.perf_counter() >= turn_ends:
                    break
    assert np.allclose(c, numpys, rtol=1e-3 if dtype in ("float32", "complex64") else 1e-9, atol=1e-3)
    return Row(dtype, n, {name: statistics.median(some[1:]) for name, some in times.items()})


def table(rows: list[Row], threads: int) -> str:
    lines = [
        f"| threads {threads} | n | bitfast | OpenBLAS | ratio | MKL compatible | ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        beside = [f"{row.rate('OpenBLAS'):.1f}", f"{row.seconds['OpenBLAS'] / row.seconds['bitfast']:.2f}"]
        third = row.seconds.get("MKL compatible", math.nan)
        beside += ["–", "–"] if math.isnan(third) else [
            f"{row.rate('MKL compatible'):.1f}", f"{third / row.seconds['bitfast']:.1f}"]  # fmt: skip
        lines.append(f"| {row.dtype} | {row.n} | {row.rate('bitfast'):.1f} | {' | '.join(beside)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", nargs="?", help="libbitfast.so (default: the installed one)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--dtypes", nargs="*", default=["float64", "float32"])
    parser.add_argument("--sizes", nargs="*", type=int, default=list(SIZES))
    arguments = parser.parse_args()
    loaded = ctypes.CDLL(arguments.library or str(place("libraries") / "libbitfast.so"))
    loaded.bitfast_set_num_threads(arguments.threads)
    rows = [measured(loaded, dtype, n, arguments.threads) for dtype in arguments.dtypes for n in arguments.sizes]
    print(table(rows, arguments.threads))


if __name__ == "__main__":
    main()
