"""How many experiments, links and runs the search needs for k places among n functions.

    python -m bench.search [--most N]

Plants programs of n functions in which every function multiplies and adds, but only k of them inexactly: a fused
multiply-add exists everywhere and matters in k places. QuickXplain needs O(k log(n/k)) tests (Junker 2004).
"""

from __future__ import annotations

import argparse
import json
import math
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PER_FILE = 8
FUNCTIONS, CULPRITS = (16, 64, 256), (1, 2, 4)


@dataclass(frozen=True)
class Searched:
    """What one search took. `right` says whether exactly the planted functions were named."""

    functions: int
    culprits: int
    experiments: int
    compiled: int
    links: int
    runs: int
    seconds: float
    right: bool

    @property
    def per_bound(self) -> float:
        """Experiments over k·log2(n): bounded where the search is O(k log n)."""
        return self.experiments / (self.culprits * math.log2(self.functions))


def plant(tree: Path, functions: int, culprits: frozenset[int]) -> None:
    """A C program of that many functions, PER_FILE to a file, with a Makefile; the culprits' sums are inexact."""
    for first in range(0, functions, PER_FILE):
        text = []
        for number in range(first, min(first + PER_FILE, functions)):
            factor = f"0.1{number:03}" if number in culprits else f"{number + 3}.0"  # equal functions would be merged
            text.append(
                f"double step{number}(double x, double y);\n"
                f"double step{number}(double x, double y)\n{{\n    return x * ({factor} * y) + y;\n}}\n"
            )
        (tree / f"part{first // PER_FILE}.c").write_text("\n".join(text))
    names = range(functions)
    declared = "".join(f"double step{number}(double, double);\n" for number in names)
    calls = "".join(
        f'    for (int i = 1; i < 60; ++i) printf("%d %.17g\\n", {number}, step{number}(i, {number} + i));\n'
        for number in names
    )
    (tree / "main.c").write_text(f"#include <stdio.h>\n{declared}int main(void)\n{{\n{calls}    return 0;\n}}\n")
    (tree / "Makefile").write_text(
        "CFLAGS = -O2\nobjects = $(patsubst %.c,%.o,$(wildcard *.c))\nprogram: $(objects)\n\t$(CC) -o $@ $^\n"
    )


def searched(functions: int, culprits: int) -> Searched:
    """Plant, check by the command line, and count."""
    planted = frozenset((7 + number * functions // culprits) % functions for number in range(culprits))
    with tempfile.TemporaryDirectory(prefix="bitfast-search-") as directory:
        tree, report = Path(directory) / "planted", Path(directory) / "report.json"
        tree.mkdir()
        plant(tree, functions, planted)
        command = [sys.executable, "-m", "bitfast", "check", str(tree), "--json", str(report), "--quiet"]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        if not report.exists():
            raise SystemExit(f"bitfast check failed:\n{finished.stderr}")
        said = json.loads(report.read_text())
    counted = re.search(r"(\d+) units compiled, (\d+) links, (\d+) runs", " ".join(said["notes"]))
    compiled, links, runs = (int(number) for number in counted.groups()) if counted else (0, 0, 0)
    named = {place["function"] for cause in said["causes"] for place in cause["places"]}
    right = named == {f"step{number}" for number in planted} and said["verdict"] == "cured"
    return Searched(functions, culprits, len(said["steps"]), compiled, links, runs, said["seconds"], right)


def table(most: int) -> tuple[list[str], bool]:
    """The table in Markdown, and whether every search found exactly what was planted."""
    lines = [
        "| functions n | culprits k | experiments | ÷ k·log2 n | units compiled | links | runs | exact | seconds |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    print(*lines, sep="\n", flush=True)
    right = True
    for functions in (number for number in FUNCTIONS if number <= most):
        for culprits in CULPRITS:
            one = searched(functions, culprits)
            right &= one.right
            lines.append(
                f"| {functions} | {culprits} | {one.experiments} | {one.per_bound:.2f} | {one.compiled} | {one.links} |"
                f" {one.runs} | {'yes' if one.right else 'NO'} | {one.seconds:.1f} |"
            )
            print(lines[-1], flush=True)
    return lines, right


def main() -> int:
    """Print the table; status 1 when a search found something else than what was planted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--most", type=int, default=max(FUNCTIONS), help="the largest n")
    return 0 if table(parser.parse_args().most)[1] else 1


if __name__ == "__main__":
    sys.exit(main())
