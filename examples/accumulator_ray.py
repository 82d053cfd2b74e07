"""The same sum for any number of Ray tasks, merged in the order in which they end.

Needs `pip install ray`.

    python examples/accumulator_ray.py
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import ray

import bitfast as bf


@ray.remote
def summed(chunk: npt.NDArray[np.float64]) -> bf.Accumulator:
    return bf.Accumulator(chunk)


def exact_sum(numbers: npt.NDArray[np.float64], pieces: int) -> float:
    """The exact sum, rounded once."""
    total = bf.Accumulator()
    waiting = [summed.remote(chunk) for chunk in np.array_split(numbers, pieces)]
    while waiting:
        ready, waiting = ray.wait(waiting)  # whichever comes first
        total.merge(ray.get(ready[0]))
    return float(total.value())


if __name__ == "__main__":
    ray.init(num_cpus=2, include_dashboard=False)
    numbers = np.random.default_rng(1).standard_normal(100_000) * 10.0 ** (np.arange(100_000) % 100)
    for pieces in (1, 2, 7, 20):
        print(f"{pieces:2} tasks: {exact_sum(numbers, pieces).hex()}")
    ray.shutdown()
