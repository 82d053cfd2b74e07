"""What lies beside the code and goes into the wheel: licence, types, and how much of bitfast is asked for."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import bitfast_faces

HERE = Path(__file__).parents[1]
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]


def test_the_licence_goes_along_and_is_the_project_s() -> None:
    assert PROJECT["license"] == "Apache-2.0"  # an SPDX expression (PEP 639)
    assert PROJECT["license-files"] == ["LICENSE"]
    assert (HERE / "LICENSE").read_bytes() == (HERE.parents[1] / "LICENSE").read_bytes()


def test_type_checkers_are_told_that_there_are_types() -> None:
    assert (Path(bitfast_faces.__file__).parent / "py.typed").is_file()


def test_bitfast_is_asked_for_from_a_version_on_whose_functions_decide_bits() -> None:
    (needed,) = (re.fullmatch(r"bitfast>=([\d.]+)", one) for one in PROJECT["dependencies"] if "bitfast" in one)
    assert needed is not None
    assert [int(part) for part in needed[1].split(".")] <= [int(part) for part in version("bitfast").split(".")[:3]]


def test_the_readme_asks_no_index_for_names_that_are_not_there() -> None:
    lines = [line for line in (HERE / "README.md").read_text().splitlines() if "pip install" in line]
    assert lines
    assert all("--no-index --find-links wheels" in line for line in lines)
