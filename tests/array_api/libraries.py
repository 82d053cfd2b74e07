"""Functions of SciPy and scikit-learn on bf.Array: prints, for each level of this processor, name, type and bits.

SCIPY_ARRAY_API must be 1 before SciPy is imported, so this is a program of its own; see tests/test_array_libraries.py.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.cluster.vq as vq
import scipy.integrate as integrate
import scipy.special as special
import scipy.stats as stats
import sklearn
from sklearn import metrics, preprocessing
from sklearn.metrics import pairwise

import bitfast as bf

x = np.random.default_rng(0).normal(size=(50, 3))
y = np.random.default_rng(1).normal(size=(50, 3))

Call = Callable[[Any, Any], Any]


def of_one(function: Callable[..., Any], **options: Any) -> Call:
    return lambda x, y: function(x, **options)


def of_magnitudes(function: Callable[..., Any]) -> Call:
    return lambda x, y: function(abs(x))


def scaled_by(scaler: Callable[[], Any]) -> Call:
    return lambda x, y: scaler().fit_transform(x)


CALLS: dict[str, Call] = {
    **{name: of_one(getattr(stats, name)) for name in "zscore skew kurtosis variation sem moment".split()},
    **{name: of_magnitudes(getattr(stats, name)) for name in "gmean hmean entropy".split()},
    "ttest_ind": lambda x, y: stats.ttest_ind(x, y).statistic,
    "pearsonr": lambda x, y: stats.pearsonr(x, y, axis=0).statistic,
    **{name: of_one(getattr(special, name), axis=0) for name in "logsumexp softmax log_softmax".split()},
    **{name: of_one(getattr(integrate, name), axis=0) for name in "trapezoid cumulative_trapezoid".split()},
    "whiten": of_one(vq.whiten),
    **{name: scaled_by(getattr(preprocessing, name)) for name in (
        "StandardScaler MinMaxScaler MaxAbsScaler Normalizer".split())},
    "mean_squared_error": lambda x, y: metrics.mean_squared_error(x, y, multioutput="raw_values"),
    **{name: getattr(pairwise, name) for name in (
        "cosine_similarity euclidean_distances linear_kernel polynomial_kernel".split())},
}  # fmt: skip

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sklearn.set_config(array_api_dispatch=True)
    results: dict[str, list[list[Any]]] = {name: [] for name in CALLS}
    for level in bf.levels():
        bf.use_level(level)
        for name, call in CALLS.items():
            result = call(bf.Array(x), bf.Array(y))
            near = np.allclose(np.asarray(result), np.asarray(call(x, y)), rtol=1e-9, atol=1e-12)
            results[name].append([type(result).__name__, bool(near), np.asarray(result).tobytes().hex()])
    print(json.dumps(results))
