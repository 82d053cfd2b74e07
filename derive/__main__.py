"""Writes all data headers and the Fortran module: python -m derive [NAME…]."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

HELPERS = {"__init__", "__main__", "common", "proofs"}
names = sys.argv[1:] or sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in HELPERS)
for name in names:
    importlib.import_module(f"derive.{name}").main()
