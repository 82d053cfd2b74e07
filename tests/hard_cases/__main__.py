"""Searches the hardest arguments of every function and writes tests/worst_cases/NAME.txt: python -m tests.hard_cases.

Four sources: our own search (search.c, scan_f32.c) over the ranges of ranges.py; arguments that others have published
(published.txt, which names them); arguments at which a series' second term all but vanishes; and those whose value is
exact, or exactly a midpoint (special.py). MPFR measures all.
"""

from __future__ import annotations

import argparse
import datetime
import math
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import gmpy2

from tests.hard_cases.ranges import FLOAT32, FLOAT64, Range
from tests.hard_cases.special import exact, near_powers_of_two

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
WORST_CASES = ROOT / "tests/worst_cases"
FLAGS = "-O3 -march=native -std=gnu17 -Wall -Wextra".split()
PRECISION = {64: 53, 32: 24}


@dataclass(frozen=True, order=True)
class Case:
    """One input and how far its exact value is from a midpoint (tie) or a number, log2 of ulp."""

    kind: str
    distance: float
    arguments: tuple[float, ...]
    source: str = ""

    @property
    def said(self) -> str:
        return f"{self.kind} " + ("exactly" if self.distance == -math.inf else f"2^{self.distance:.2f}")

    def line(self, bits: int) -> str:
        numbers = " ".join(x.hex() for x in self.arguments)
        return f"float{bits} {numbers}  # {self.said}{self.source}"


def build(program: str, folder: Path, *flags: str) -> Path:
    output = folder / program
    command = ["gcc", *FLAGS, *flags, str(HERE / f"{program}.c"), "-o", str(output), "-lmpfr", "-lgmp", "-lm"]
    subprocess.run(command, check=True)
    return output


def value(function: str, arguments: tuple[float, ...]) -> gmpy2.mpfr:
    """The function by MPFR, with 400 bits."""
    with gmpy2.context(precision=400, emin=-100000, emax=100000):
        given = [gmpy2.mpfr(x) for x in arguments]
        if function == "pow":
            return given[0] ** given[1]
        return getattr(gmpy2, {"rsqrt": "rec_sqrt"}.get(function, function))(*given)


def measured(function: str, arguments: tuple[float, ...], bits: int, source: str) -> Case | None:
    """None where the value is not a normal number of the format."""
    exact = value(function, arguments)
    smallest, largest = (-1021, 1024) if bits == 64 else (-125, 128)
    if not gmpy2.is_finite(exact) or exact == 0 or not smallest <= gmpy2.get_exp(exact) <= largest:
        return None
    with gmpy2.context(precision=400, emin=-100000, emax=100000):
        scale = PRECISION[bits] + 1 - gmpy2.get_exp(exact)  # half an ulp becomes 1
        scaled = gmpy2.mul_2exp(exact, scale) if scale >= 0 else gmpy2.div_2exp(exact, -scale)
        nearest = gmpy2.rint(scaled)
        off = abs(scaled - nearest) / 2
        distance = float(gmpy2.log2(off)) if off else -math.inf
        return Case("tie" if int(nearest) & 1 else "double", distance, arguments, source)


def found(program: Path, function: str, where: Range, keep: int, *effort: str) -> tuple[list[tuple[float, ...]], int]:
    """The arguments that a search prints, and how many it covered."""
    command = [str(program), function, where.low, where.high, *effort, str(keep), *(where.fixed or ())]
    *lines, last = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    arguments: list[tuple[float, ...]] = []
    for line in lines:
        x = float.fromhex(line.split()[0])
        if where.fixed is None:
            arguments.append((x,))
        else:
            place, text = where.fixed
            fixed = float.fromhex(text) if "x" in text else float(text)
            arguments.append((fixed, x) if place == "first" else (x, fixed))
    return arguments, int(last.removeprefix("#"))


def published(function: str, bits: int) -> Iterator[tuple[float, ...]]:
    for line in (HERE / "published.txt").read_text().splitlines():
        words = line.partition("#")[0].split()
        if words[:2] == [function, f"float{bits}"]:
            yield tuple(map(float.fromhex, words[2:]))


def hardest(cases: list[Case], most: int) -> list[Case]:
    """As many of each kind, hardest first, each once."""
    chosen: list[Case] = []
    for kind in ("tie", "double"):
        unique = {case.arguments: case for case in sorted((case for case in cases if case.kind == kind), reverse=True)}
        chosen += sorted(unique.values())[:most]
    return chosen


def float64_cases(function: str, program: Path, segments: int, workers: int) -> tuple[list[Case], int]:
    ranges = FLOAT64[function]
    keep = max(3, math.ceil(40 / len(ranges)))
    cases: list[Case] = []
    covered = 0
    with ThreadPoolExecutor(workers) as pool:
        jobs = [
            pool.submit(found, program, function, where, keep, str(segments), str(seed))
            for seed, where in enumerate(ranges, 1)
        ]
        for job in jobs:
            arguments, number = job.result()
            cases += filter(None, (measured(function, given, 64, "") for given in arguments))
            covered += number
    for source, inputs, most in (
        (", published", published(function, 64), 60),
        (", of a series", near_powers_of_two(function), 8),
        ("", exact(function), 16),
    ):
        more = [case for given in inputs if (case := measured(function, given, 64, source))]
        if source == ", of a series":
            more = [case for case in more if -math.inf < case.distance < -35]
        cases += hardest(more, most)
    return hardest(cases, 1000), covered


def float32_cases(function: str, program: Path) -> tuple[list[Case], int]:
    cases = [case for x in published(function, 32) if (case := measured(function, x, 32, ", published")) is not None]
    covered = 0
    for where in FLOAT32.get(function, ()):
        arguments, number = found(program, function, where, 25)
        cases += filter(None, (measured(function, given, 32, "") for given in arguments))
        covered += number
    return hardest(cases, 25), covered


def write(function: str, folder: Path, segments: int, workers: int) -> str:
    wide, covered = float64_cases(function, folder / "search", segments, workers)
    narrow, scanned = float32_cases(function, folder / "scan_f32")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    today = datetime.datetime.now(datetime.UTC).date()
    said = f"2^{math.log2(covered):.1f} float64 arguments" + (f", {scanned} float32" if scanned else "")
    lines = [
        f"# The hardest arguments of {function} known to us: `python -m tests.hard_cases {function}`.",
        f"# Searched: {said}; {today}, commit {commit.strip()}. Also published ones (tests/hard_cases/published.txt).",
        "# Each: the input, and how far the exact value is from a midpoint of two numbers (tie) or from a number",
        "# (double), in ulp of the format, by MPFR.",
        *(case.line(64) for case in wide),
        *(case.line(32) for case in narrow),
    ]
    (WORST_CASES / f"{function}.txt").write_text("\n".join(lines) + "\n")
    ties = [case.distance for case in wide if case.kind == "tie" and not case.source and case.distance > -math.inf]
    return f"{function}: {said}, {len(wide)} + {len(narrow)} cases, nearest tie found 2^{min(ties):.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.hard_cases", description=__doc__)
    parser.add_argument("functions", nargs="*", metavar="NAME", help="all of them if none is named")
    parser.add_argument("--segments", type=int, default=1 << 24, help="segments per range (2^7 to 2^19 arguments each)")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    WORST_CASES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build("search", folder)
        build("scan_f32", folder, "-fno-math-errno")
        for function in arguments.functions or FLOAT64:
            print(write(function, folder, arguments.segments, arguments.workers), flush=True)


if __name__ == "__main__":
    main()
