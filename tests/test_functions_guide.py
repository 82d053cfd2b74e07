"""docs/functions.md is right: its Python prints what it says there, its programs compile and answer so, and it names
every function. examples/ricker.py gives the same numbers at every level, and with NumPy alone it does not."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import gmpy2
import numpy as np
import numpy.typing as npt
import pytest

import bitfast as bf
from bitfast import ufuncs
from examples import ricker

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs/functions.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def test_its_python_prints_what_it_says() -> None:
    text = "\n".join(block for language, block in BLOCKS if language == "python")
    names: dict[str, object] = {}
    example = doctest.DocTestParser().get_doctest(text, names, "functions.md", None, 0)
    assert len(example.examples) > 10
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example).failed == 0


@pytest.mark.slow
def test_its_programs_answer_what_it_says(tmp_path: Path) -> None:
    for tool in ("gcc", "g++", "gfortran", "pkg-config"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool}")
    (tmp_path / "bitfast").write_text(f'#!/bin/sh\nexec {sys.executable} -m bitfast "$@"\n')
    (tmp_path / "bitfast").chmod(0o755)
    for language, block in BLOCKS:
        if language in ("c", "cpp", "fortran"):
            [name] = re.findall(r"\A(?:/\*|//|!) (\S+)", block)
            (tmp_path / name).write_text(block)
    script = "\n".join(block for language, block in BLOCKS if language == "sh")
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "".join(block for language, block in BLOCKS if language == "text")


def test_it_names_every_function() -> None:
    table = GUIDE[: GUIDE.index("The levels")]
    assert set(ufuncs._NAMES) <= set(re.findall(r"\w+", table))


def stocks(**environment: str) -> dict[str, str]:
    """What examples/ricker.py says of each library."""
    done = subprocess.run(
        [sys.executable, ROOT / "examples/ricker.py"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(re.findall(r"^(bitfast|NumPy) +(.*)$", done.stdout, re.MULTILINE))


def test_the_fish_are_mpfrs_at_every_level() -> None:
    def exp(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        with gmpy2.context(precision=53):
            return np.array([float(gmpy2.exp(gmpy2.mpfr(value))) for value in x.tolist()])

    answers = {level: stocks(BITFAST_LEVEL=level)["bitfast"] for level in bf.levels()}
    assert set(answers.values()) == {ricker.answer(exp)}


def test_the_fish_are_others_where_numpy_lacks_avx512() -> None:
    from numpy._core import _multiarray_umath as numpy_core

    features = [name for name in numpy_core.__cpu_dispatch__ if numpy_core.__cpu_features__[name]]
    wide = [name for name in features if "512" in name or name == "X86_V4"]
    if not wide:
        pytest.skip("this CPU has no AVX-512")
    assert stocks()["NumPy"] != stocks(NPY_DISABLE_CPU_FEATURES=" ".join(wide))["NumPy"]
