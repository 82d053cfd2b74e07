"""The same sum, mean and variance of a Dask array for any chunks and any number of workers.

Each chunk is summed into accumulators, they are merged in whatever order Dask likes, and rounding happens once, at the
end. Needs `pip install "dask[array]"`.

    python examples/accumulator_dask.py
"""

from __future__ import annotations

from collections.abc import Sequence

import dask.array as da
import numpy as np
import numpy.typing as npt
from dask.delayed import delayed

import bitfast as bf


def summed(chunk: npt.NDArray[np.float64]) -> bf.Accumulator:
    return bf.Accumulator(chunk)


def merged(parts: Sequence[bf.Accumulator]) -> bf.Accumulator:
    total = bf.Accumulator()
    for part in parts:
        total.merge(part)
    return total


def exact_sum(array: da.Array, workers: int = 2) -> float:
    """The exact sum of all elements, rounded once."""
    parts = [delayed(summed)(chunk) for chunk in array.to_delayed().ravel()]
    while len(parts) > 1:  # a tree, four at a time
        parts = [delayed(merged)(parts[k : k + 4]) for k in range(0, len(parts), 4)]
    return float(parts[0].compute(scheduler="threads", num_workers=workers).value())


if __name__ == "__main__":
    numbers = np.random.default_rng(1).standard_normal((1000, 100)) * 10.0 ** np.arange(100)
    for chunks in ((1000, 100), (100, 100), (333, 7)):
        array = da.from_array(numbers, chunks=chunks)
        for workers in (1, 4):
            answers = exact_sum(array, workers).hex(), float(array.sum().compute()).hex()
            print(f"chunks {chunks!s:12} workers {workers}: bitfast {answers[0]}  Dask {answers[1]}")
