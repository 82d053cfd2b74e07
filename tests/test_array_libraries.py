"""Libraries that take arrays of the array API standard compute on bf.Array, with the same bits at every level."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_scipy_and_scikit_learn_dispatch_on_our_arrays() -> None:
    for library in ("scipy", "sklearn"):
        pytest.importorskip(library)
    script = Path(__file__).parent / "array_api" / "libraries.py"
    env = {**os.environ, "SCIPY_ARRAY_API": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, str(script)], env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    results = json.loads(run.stdout)
    assert len(results) > 20
    for name, levels in results.items():
        for kind, near_numpys, _ in levels:
            assert (kind, near_numpys) == ("Array", True), name
        assert len({bits for _, _, bits in levels}) == 1, f"{name} has other bits at another level"
