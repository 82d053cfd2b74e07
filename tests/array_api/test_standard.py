"""The array API standard's own tests, which are no package: ARRAY_API_TESTS names a copy of data-apis/array-api-tests.

`make test-array-api ARRAY_API_TESTS=path` runs this. The copy needs its array-api submodule, and pytest-json-report and
ndindex beside our own test tools. ARRAY_API_EXAMPLES is how many examples each test tries.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = os.environ.get("ARRAY_API_TESTS", "")
HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.skipif(not SUITE, reason="ARRAY_API_TESTS does not name a copy of github.com/data-apis/array-api-tests")
@pytest.mark.parametrize("namespace", ["bitfast", "bitfast.array_api"])
def test_the_standards_own_tests_pass(namespace: str, tmp_path: Path) -> None:
    exceptions = (HERE / "exceptions.txt").read_text()
    if namespace == "bitfast":
        exceptions += (HERE / "exceptions_numpy_arrays.txt").read_text()
    xfails = tmp_path / "xfails.txt"
    xfails.write_text(exceptions)
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "array_api_tests", "-q", "-p", "no:cacheprovider", "--disable-deadline"),
            *("--max-examples", os.environ.get("ARRAY_API_EXAMPLES", "20"), "--xfails-file", str(xfails)),
        ],
        cwd=Path(SUITE).resolve(),
        env={
            **os.environ,
            "ARRAY_API_TESTS_MODULE": namespace,
            "ARRAY_API_TESTS_XFAIL_MARK": "skip",  # to find a smaller example of each would take hours
            "PYTHONPATH": os.pathsep.join([str(Path(path).resolve()) for path in sys.path if path]),
        },
        capture_output=True,
        text=True,
    )
    failed = re.findall(r"^(?:FAILED|ERROR).*", run.stdout, re.MULTILINE)
    assert run.returncode == 0, "\n".join(failed) or run.stdout[-3000:] + run.stderr[-3000:]
    assert "don't match any collected tests" not in run.stdout, "exceptions.txt names tests that are not there"
