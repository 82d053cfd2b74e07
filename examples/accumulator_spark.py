"""The same sum of a Spark RDD for any number of partitions: accumulators are its partial results.

Needs `pip install pyspark` and a Java runtime.

    python examples/accumulator_spark.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from pyspark import RDD, SparkConf, SparkContext

import bitfast as bf


def summed(partition: Iterable[float]) -> Iterator[bf.Accumulator]:
    yield bf.Accumulator(np.fromiter(partition, np.float64))


def exact_sum(numbers: RDD[float]) -> float:
    """The exact sum, rounded once."""
    return float(numbers.mapPartitions(summed).treeReduce(lambda a, b: a + b).value())


def local_context(workers: int = 2) -> SparkContext:
    quiet = SparkConf().setMaster(f"local[{workers}]").set("spark.ui.enabled", "false")
    return SparkContext.getOrCreate(quiet.set("spark.driver.host", "localhost").setAppName("bitfast"))


if __name__ == "__main__":
    context = local_context()
    numbers = np.random.default_rng(1).standard_normal(100_000) * 10.0 ** (np.arange(100_000) % 100)
    for partitions in (1, 2, 7, 20):
        rdd = context.parallelize(numbers.tolist(), partitions)
        print(f"{partitions:2} partitions: bitfast {exact_sum(rdd).hex()}  Spark {float(rdd.sum()).hex()}")
    context.stop()
