"""Accumulators in Dask, Ray and Spark, the engines themselves: the same bits for any partition and any workers."""

from __future__ import annotations

import importlib.util
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]

NUMBERS = np.random.default_rng(5).standard_normal(6_000) * 10.0 ** (np.arange(6_000) % 150)
SUM = math.fsum(NUMBERS)


def _engine(module: str, *programs: str) -> pytest.MarkDecorator:
    missing = [module] if importlib.util.find_spec(module) is None else []
    missing += [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {' and '.join(missing)} (`pip install bitfast[engines]`)")


def _run(code: str) -> list[str]:
    """In a process of its own, with the examples to import from: engines leave threads and children behind."""
    path = os.pathsep.join([str(ROOT / "examples"), *filter(None, sys.path)])
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "PYSPARK_PYTHON": sys.executable,
        "RAY_USAGE_STATS_ENABLED": "0",
        "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # to compile more than that takes longer
    }
    code = f"import numpy as np\nfrom tests.test_accumulator_engines import NUMBERS\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [line for line in done.stdout.splitlines() if line.startswith(("0x", "-0x"))]


@_engine("dask.array")
def test_a_dask_array_has_one_sum_for_any_chunks_and_workers() -> None:
    import dask.array as da

    sys.path.insert(0, str(ROOT / "examples"))
    from accumulator_dask import exact_sum

    array = NUMBERS.reshape(60, 100)
    for chunks in ((60, 100), (7, 100), (60, 1), (13, 17)):
        for workers in (1, 2, 5):
            assert exact_sum(da.from_array(array, chunks=chunks), workers) == SUM, (chunks, workers)


@pytest.mark.slow
@_engine("ray")
def test_ray_tasks_have_one_sum_in_the_order_in_which_they_end() -> None:
    said = _run(
        "import ray, accumulator_ray\n"
        "ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)\n"
        "for pieces in (1, 7): print(accumulator_ray.exact_sum(NUMBERS, pieces).hex())\n"
    )
    assert said == [SUM.hex()] * 2


@pytest.mark.slow
@_engine("pyspark", "java")
def test_a_spark_rdd_has_one_sum_for_any_partitions() -> None:
    said = _run(
        "import accumulator_spark\n"
        "context = accumulator_spark.local_context()\n"
        "for n in (1, 5): print(accumulator_spark.exact_sum(context.parallelize(NUMBERS.tolist(), n)).hex())\n"
    )
    assert said == [SUM.hex()] * 2
