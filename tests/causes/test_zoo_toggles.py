"""The zoo's programs: all toggles of the planted cause restore the answer, and one of them stands at the true place."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from bitfast.causes import cause_named
from bitfast.words import Side, Sides
from tests.causes.both_sides import program

ZOO = Path(__file__).parent.parent / "zoo"
CASES = [
    ("branch-hash", Sides.TARGET, ()),
    ("branch-sse-sum", Sides.BOTH, ()),
    ("fast-math-energy-fortran", Sides.BOTH, ("-Ofast",)),
    ("fast-math-mean", Sides.BOTH, ("-O3", "-ffast-math")),
    ("flush-decay", Sides.TARGET, ()),
    ("kind-compound-fortran", Sides.BOTH, ()),
    ("kind-modules-fortran", Sides.BOTH, ()),
    ("long-double-moving-average", Sides.BOTH, ()),
    ("long-double-random-cxx", Sides.BOTH, ()),
    ("long-double-series", Sides.BOTH, ()),
    ("nan-digest", Sides.TARGET, ()),
    ("nan-print", Sides.TARGET, ()),
    ("trap-ratio", Sides.BOTH, ()),
    ("uninitialised-rate", Sides.BOTH, ()),
    ("uninitialised-stats-cxx", Sides.BOTH, ()),
]
ORDER = ("precision", "particles", "energy", "newton")


@pytest.mark.parametrize(("name", "sides", "options"), CASES, ids=[case[0] for case in CASES])
def test_the_toggles_of_the_planted_cause_restore_the_answer(name, sides, options, tmp_path):
    folder = ZOO / name
    truth = tomllib.loads((folder / "case.toml").read_text())["cause"][0]
    paths = [path for path in folder.rglob("*") if path.suffix in (".c", ".cpp", ".f90", ".h", ".hpp")]
    paths.sort(key=lambda path: ORDER.index(path.stem) if path.stem in ORDER else len(ORDER))
    files = {path.relative_to(folder).as_posix(): path.read_text() for path in paths}
    includes = sorted({f"-I{path.parent.relative_to(folder)}" for path in paths if path.suffix.startswith(".h")})
    made = program(tmp_path, files, (*(options or ("-O2",)), *includes))
    toggles = made.toggles(cause_named(truth["name"]), sides)
    assert made.answer(Side.REFERENCE) != made.answer(Side.TARGET)
    assert made.answer(Side.REFERENCE, toggles) == made.answer(Side.TARGET, toggles)
    places = {(toggle.place.file, toggle.place.line) for toggle in toggles}
    true = {(place["file"], place["line"]) for place in truth["place"]}
    assert places & true, (sorted(places), true)
    functions = {(place["file"], place["line"]): place.get("function", "") for place in truth["place"]}
    for toggle in toggles:
        where = (toggle.place.file, toggle.place.line)
        if where in functions:
            assert replace(toggle.place, column=0).function == functions[where]
