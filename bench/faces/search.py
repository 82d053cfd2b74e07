"""The exact search of a million templates on one core, beside NumPy's ways: `python -m bench.faces.search`.

NumPy has no product of int16 with sums of int32 that uses vectors: its float32 product is fast and not exact, its exact
ways are slow. All in one run, interleaved; medians. Memory is read once: a million templates are 256 MB.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bitfast_faces import native
from bitfast_faces.matching import UNIT

Answer = NDArray[np.int64]
K, STEP = 5, 1 << 16


def templates(count: int) -> NDArray[np.int16]:
    """Random unit vectors, made STEP at a time."""
    generator = np.random.default_rng(1)
    found = np.empty((count, 128), np.int16)
    for at in range(0, count, STEP):
        vectors = generator.standard_normal((min(STEP, count - at), 128), dtype=np.float32)
        found[at : at + STEP] = np.rint(vectors / np.linalg.norm(vectors, axis=1, keepdims=True) * UNIT)
    return found


def best(scores: NDArray[np.generic]) -> Answer:
    """The K greatest; argpartition, and these sorted."""
    candidates = np.argpartition(scores, -K)[-K:]
    return np.asarray(candidates[np.lexsort((candidates, -scores[candidates].astype(np.float64)))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    database = templates(options.count)
    native.check_templates(database)
    floats = database.astype(np.float32)
    queries = np.ascontiguousarray(database[:: max(1, options.count // 4)][:4])
    query = queries[0]
    ways: dict[str, Callable[[], Answer]] = {
        "bitfast-faces, exact": lambda: native.nearest(database, query, K)[1],
        "bitfast-faces, four faces at once": lambda: native.nearest(database, queries, K)[1][0],
        "bitfast-faces, all scores": lambda: best(native.scores(database, queries[:1])[0]),
        "NumPy float32 (not exact, twice the memory)": lambda: best(floats @ query.astype(np.float32)),
        "NumPy einsum of int16 as int32, exact": lambda: best(np.einsum("nd,d->n", database, query, dtype=np.int32)),
    }
    expected = ways["bitfast-faces, exact"]()
    same = {name: bool((way() == expected).all()) for name, way in ways.items()}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    busy: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, way in ways.items():
            start, start_busy = time.perf_counter(), time.process_time()
            way()
            seconds[name].append(time.perf_counter() - start)
            busy[name].append(time.process_time() - start_busy)
    medians = {name: statistics.median(times) * 1e3 for name, times in seconds.items()}
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    print(f"{cpu[1] if cpu else platform.machine()}, one core, numpy {np.__version__}, {options.count:,} templates\n")
    print("| search for the five nearest | milliseconds, median (least) | of the processor | ratio | the same five |")
    print("|---|---|---|---|---|")
    for name, median in medians.items():
        least, own = min(seconds[name]) * 1e3, statistics.median(busy[name]) * 1e3
        ratio, answer = median / medians["bitfast-faces, exact"], "yes" if same[name] else "no"
        print(f"| {name} | {median:.1f} ({least:.1f}) | {own:.1f} | {ratio:.2f} | {answer} |")


if __name__ == "__main__":
    main()
