"""Fish stocks over two centuries: the same numbers on every chip with bitfast, others on each with NumPy alone.

Ricker's model of a stock that breeds and competes: next year's stock is n·exp(r·(1 - n)). W. E. Ricker, "Stock and
recruitment", Journal of the Fisheries Research Board of Canada 11 (1954). Beyond a growth rate r of about 2.7 it is
chaotic: one bit of difference in exp grows until, decades later, the stocks have nothing to do with each other.

    python examples/ricker.py
    BITFAST_LEVEL=x86-64-v2 python examples/ricker.py            # bitfast at another level: the same
    NPY_DISABLE_CPU_FEATURES=X86_V4 python examples/ricker.py    # NumPy without AVX-512 (NumPy 2.4's name): others
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

import bitfast as bf

Function = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]
GROWTH_RATES = np.arange(2000, 3500) / 1000  # one stock for each
YEARS = 200


def stocks(exp: Function) -> npt.NDArray[np.float64]:
    """All stocks after YEARS years; 1 is what their water can feed."""
    n = np.full(GROWTH_RATES.shape, 0.5)
    for _ in range(YEARS):
        n = n * exp(GROWTH_RATES * (1 - n))
    return n


def answer(exp: Function) -> str:
    """One stock, and a fingerprint of all."""
    n = stocks(exp)
    fingerprint = hashlib.sha256(n.astype("<f8").tobytes()).hexdigest()[:16]
    return f"r = 3.1: {n[GROWTH_RATES == 3.1][0]:.12f}   all stocks: {fingerprint}"


if __name__ == "__main__":
    print(f"bitfast {bf.__version__} at {bf.level()}, NumPy {np.__version__}")
    print("bitfast ", answer(bf.exp))
    print("NumPy   ", answer(np.exp))
