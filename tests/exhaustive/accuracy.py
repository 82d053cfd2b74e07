"""docs/accuracy.md: per function what is proved, what was tried on every argument, on how many, and on hard cases.

`python -m tests.exhaustive.accuracy` adds what run.py found to docs/accuracy.json, which keeps the sums, and writes the
page from it. A line whose code has changed since says so: its runs are to be made again.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.exhaustive.jobs import BLOCK, EVERY, NATIVE, ROOT, fingerprint, functions
from tests.exhaustive.run import done_before

SUMS = ROOT / "docs/accuracy.json"
PAGE = ROOT / "docs/accuracy.md"


def sums(results: Path) -> dict[str, dict[str, Any]]:
    """What a results file says of each function and dtype: "exp float64" → its counts."""
    found: dict[str, dict[str, Any]] = {}
    hashes: dict[tuple[str, int], set[int]] = {}
    for job, outcome in done_before(results).items():
        key = f"{job.function} {job.dtype}"
        entry = found.setdefault(
            key,
            {
                "date": outcome["date"],
                "commit": outcome["commit"],
                "fingerprint": outcome["fingerprint"],
                "wrong": 0,
                "judged": 0,
                "judged-at": "",
                "mpfr": 0,
                "levels": {},
                "differing": 0,
            },
        )
        entry["wrong"] += outcome["wrong"]
        if job.oracle == "mpfr":
            entry["mpfr"] += job.count * BLOCK
            continue
        if job.oracle == "fast":
            entry["judged"] += job.count * BLOCK
            entry["judged-at"] = job.level
        entry["levels"][job.level] = entry["levels"].get(job.level, 0) + job.count * BLOCK
        hashes.setdefault((key, job.first), set()).add(outcome["hash"])
    for (key, _first), values in hashes.items():
        found[key]["differing"] += len(values) > 1
    return found


def extent(entry: dict[str, Any]) -> int:
    """How many arguments were tried, at all levels and against every oracle."""
    return int(entry["judged"] + entry["mpfr"] + sum(entry["levels"].values()))


def proofs(function: str) -> list[str]:
    """The scripts in derive/gappa that say they prove a bound used in the function's file or what it includes."""
    sources, waiting = set(), [f"{function}.c"]
    while waiting:
        name = waiting.pop()
        path = NATIVE / "elementary" / name
        if name not in sources and path.exists():
            sources.add(name)
            waiting += re.findall(r'#include "(\w+\.h)"', path.read_text())
    scripts = sorted((ROOT / "derive/gappa").glob("*.g"))
    used = {path.stem: set(re.findall(r"^# used in (\S+):", path.read_text(), re.MULTILINE)) for path in scripts}
    return [name for name, where in used.items() if where & sources]


def hard_cases(function: str, dtype: str) -> int:
    """How many hard cases tests/worst_cases has of a function."""
    path = ROOT / f"tests/worst_cases/{function}.txt"
    return sum(line.startswith(f"{dtype} ") for line in path.read_text().splitlines()) if path.exists() else 0


def page(kept: dict[str, dict[str, Any]]) -> str:
    """docs/accuracy.md."""
    lines = [INTRODUCTION.rstrip(), ""]
    for dtype, title in (("float32", "float32"), ("float64", "float64")):
        lines += [f"## {title}", "", *_header(dtype)]
        for function, arguments in functions().items():
            entry = kept.get(f"{function} {dtype}")
            lines.append(_row(function, dtype, arguments, entry))
        lines.append("")
    return "\n".join(lines)


def _header(dtype: str) -> list[str]:
    columns = ["function", "tried", "wrong", "against MPFR alone", "at other levels, same bits", "hard cases"]
    if dtype == "float64":
        columns += ["rounding proved by (all else by analysis)"]
    columns += ["date, commit"]
    return ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]


def _row(function: str, dtype: str, arguments: int, entry: dict[str, Any] | None) -> str:
    cells = [function]
    if entry is None:
        cells += ["not yet", "", "", ""]
    else:
        every = dtype == "float32" and arguments == 1 and entry["judged"] == EVERY * BLOCK
        cells.append("**every argument**" if every else f"{entry['judged']:,}")
        cells.append(str(entry["wrong"]))
        cells.append(f"{entry['mpfr']:,}")
        levels = sorted(entry["levels"].items())
        others = [f"{level} {count:,}" for level, count in levels if level != entry["judged-at"]]
        cells.append(("**differ** " if entry["differing"] else "") + ", ".join(others))
    cells.append(str(hard_cases(function, dtype) or ""))
    if dtype == "float64":
        cells.append(", ".join(f"{name}.g" for name in proofs(function)) or "–")
    stale = entry is not None and entry["fingerprint"] != fingerprint(function)
    cells.append(
        "" if entry is None else f"{entry['date']}, {entry['commit']}{' (code changed since)' if stale else ''}"
    )
    return "| " + " | ".join(cells) + " |"


INTRODUCTION = """\
# Accuracy of the elementary functions

Every function is correctly rounded to nearest, ties to even, in float32 and float64. This page says how far that is
proved and how far it is tested; it is written by `python -m tests.exhaustive.accuracy` from what `make exhaustive
FUNCTION=…` found.

**How an answer comes about.** A float64 kernel computes a sum of two doubles whose error is below the bound given in
the table, and tests whether any value within that bound rounds to the same number. If so, that is the answer; if not
(about one lane in several thousand) the accurate path answers: 256-bit integer arithmetic, the same code on every
chip. A float32 kernel computes in double and rounds once; the few arguments for which that is not enough are marked
in its source and go the same way.

**Proved.**

- The polynomials' errors are bounds by Sollya's `supnorm`, written into the data headers by the derivations in
  `derive/`.
- The rounding errors of fast paths with a script in `derive/gappa/` are proved by Gappa; `make test` runs the proofs.
  A bound without a script is by analysis on paper, stated in the kernel's first comment.
- float32, one argument: all 2^32 arguments were tried; that is a proof by enumeration for the level it was run at, as
  far as the oracle is right (below). All levels run the same sequence of IEEE operations.

**Tested.** The counts below, wrong answers at 0 unless a line says otherwise; the arguments at other levels gave the
same bits (compared by hash). The accurate path's error is measured to be below 2^-200 (`tests/test_accurate.py`),
which decides every case nearer than any known hard case (about 2^-120).

**Neither.** That no float64 argument lies so near to a rounding boundary that 2^-190 does not decide is known from
the literature for one argument (Lefèvre and Muller's worst cases of exp, log and others) and assumed for the others
and for pow, atan2 and hypot's inexact cases; see the comment in `native/accurate/wide.h`.

**The oracle.** A result is taken from the C library in the next wider format (double for float32, x87's extended for
float64); if its neighbourhood of 64 or 8 ulp rounds to one number, that is expected, else MPFR decides
(`tests/native/oracle.h`). The column "against MPFR alone" counts arguments of which MPFR said the answer without this
shortcut.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=ROOT / "build/exhaustive/results.jsonl")
    arguments = parser.parse_args()
    kept: dict[str, dict[str, Any]] = json.loads(SUMS.read_text()) if SUMS.exists() else {}
    for key, entry in sums(arguments.results).items():
        before = kept.get(key)
        # What is kept counts unless this run has more of it, or its code is gone.
        if before is None or before["fingerprint"] != entry["fingerprint"] or extent(before) < extent(entry):
            kept[key] = entry
    SUMS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    PAGE.write_text(page(kept))
    return 0


if __name__ == "__main__":
    sys.exit(main())
