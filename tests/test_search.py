"""The search on real builds: planted causes are found exactly, told apart, and innocent look-alikes never named."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast.check.observe import gather
from bitfast.check.search import Search
from bitfast.chips import Target
from tests.benches import line_of, pair

# Each kind as a function of one line that matters: guilty with the first argument, innocent with the second.
PARTS = {
    "fused-multiply-add": (
        "double", "double a, double b, double c", "return a * b + c;", ("0.1, 0.1, -0.01", "0.5, 0.25, -0.125"),
    ),
    "char-sign": (
        "double", "int code, int k, int j", "char c = (char)code; return c * k + j;", ("200, 1, 0", "65, 1, 0"),
    ),
    "float-to-int": ("double", "double a, double b, double c", "return (int)(a * b) + c;", ("1e10, 3, 1", "7, 3, 1")),
}  # fmt: skip
LOOK_ALIKES = """\
__attribute__((noinline)) double unused_product(double a, double b) { return a * b; }
__attribute__((noinline)) double exact(double a, double b, double c) { return 2.0 * a * 4.0 + b * c; }
"""


def program(parts: list[tuple[str, bool, bool]]) -> dict[str, str]:
    """Two sources and their callers: (kind, is guilty, is printed) of every function."""
    sources = [["double sink;"], ["double sink2;"]]
    calls, declarations = [], []
    for number, (kind, guilty, printed) in enumerate(parts):
        result, parameters, body, (bad, good) = PARTS[kind]
        head = f"{result} part{number}({parameters})"
        sources[number % 2] += [f"__attribute__((noinline)) {head} {{", f"    {body} /* {number} */", "}"]
        declarations.append(f"{head};")
        sort = "int" if kind == "char-sign" else "double"
        values = (bad if guilty else good).split(", ")
        calls += [f"    volatile {sort} v{number}_{i} = {value};" for i, value in enumerate(values)]
        call = f"part{number}({', '.join(f'v{number}_{i}' for i in range(len(values)))})"
        calls.append(
            f'    printf("{number} %a\\n", {call});' if printed else f"    volatile double r{number} = {call};"
        )
    lines = ["#include <stdio.h>", *declarations, LOOK_ALIKES, "int main(void) {", *calls]
    lines += ["    volatile double x = 3;", '    printf("%a\\n", unused_product(x, 0.1) + 0 * exact(x, 1, 2));']
    return {
        "a.c": "\n".join(sources[0]) + "\n",
        "b.c": "\n".join(sources[1]) + "\n",
        "main.c": "\n".join([*lines, "    return 0;", "}", ""]),
        "Makefile": "prog: a.o b.o main.o\n\t$(CC) a.o b.o main.o -o prog\nCFLAGS = -O2\n",
    }


SEEDS = (0, 2, 5, 10)


def drawn(seed: int) -> list[tuple[str, bool, bool]]:
    chance = random.Random(seed)
    parts = [(chance.choice(list(PARTS)), chance.random() < 0.4, chance.random() < 0.7) for _ in range(10)]
    return [*parts, (list(PARTS)[seed % len(PARTS)], True, True)]


def found_and_planted(
    folder: Path, parts: list[tuple[str, bool, bool]]
) -> tuple[set[tuple[str, str, int]], set[tuple[str, str, int]], int]:
    """(cause, file, line) of what the search names and of what was planted, and the number of experiments."""
    files = program(parts)
    material = pair(folder, files)
    search = Search(material.laboratory, material.context, lambda kinds: gather(material.laboratory.reference, kinds))
    explanation = search.explain()
    named = {(toggle.cause, toggle.place.file, toggle.place.line) for toggle in explanation.toggles}
    planted = set()
    for number, (kind, guilty, printed) in enumerate(parts):
        if guilty and printed:
            name = "ab"[number % 2] + ".c"
            planted.add((kind, name, line_of(files[name], f"/* {number} */")))
    return named, planted, explanation.experiments


@pytest.mark.parametrize("seed", SEEDS)
def test_random_sets_of_planted_causes_are_found_exactly(
    tmp_path: Path, target_here: Callable[[str], Target], seed: int
) -> None:
    target_here("aarch64-linux-gnu")
    parts = drawn(seed)
    named, planted, experiments = found_and_planted(tmp_path, parts)
    assert named == planted
    assert experiments <= 25 + 10 * len(planted)


def test_the_seeds_plant_one_two_and_three_causes_at_once() -> None:
    planted = [{kind for kind, guilty, printed in drawn(seed) if guilty and printed} for seed in SEEDS]
    assert {len(kinds) for kinds in planted} >= {1, 2, 3}
    assert set().union(*planted) == set(PARTS)


def test_one_guilty_place_among_a_hundred_takes_few_experiments(
    tmp_path: Path, target_here: Callable[[str], Target]
) -> None:
    target_here("aarch64-linux-gnu")
    parts = [("fused-multiply-add", number == 71, True) for number in range(100)]
    named, planted, experiments = found_and_planted(tmp_path, parts)
    assert named == planted
    assert experiments <= 24
