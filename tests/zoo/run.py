"""Runs `bitfast check` over the zoo and says, per program, whether verdict, causes, places and cure are right.

    python -m tests.zoo.run [--jobs N] [--write FILE] [CASE…]

A case is right when the verdict is the true one, every cause named is a true one (no false cause) and every true one is
named, each true place is named to its line (one of them where any will do), and the cure was verified by a clean
rebuild. Ends with status 1 when a case is wrong.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bitfast.chips import compiler_version, host_cpu, libc_version, reference, runner_version, target_named
from tests.zoo.cases import Case, load_all


@dataclass(frozen=True)
class Score:
    """How `check` did on one case. `level` is how near the places came: line, function, file or none."""

    name: str
    verdict: str
    causes: str
    level: str
    verified: bool
    seconds: float
    wrong: tuple[str, ...]

    @property
    def judgement(self) -> str:
        """ "yes", or what is wrong."""
        return "yes" if not self.wrong else "NO: " + "; ".join(self.wrong)


def run_case(case: Case) -> Score:
    """Check one case by the command line, as a user would, and compare with its truth."""
    with tempfile.TemporaryDirectory(prefix="bitfast-zoo-") as directory:
        material = case.material(Path(directory))
        result = Path(directory) / "result.json"
        command = [
            sys.executable,
            "-m",
            "bitfast",
            "check",
            str(material),
            "--target",
            case.target,
            "--json",
            str(result),
            "-q",
        ]
        if case.agree:
            command.append("--agree")
        begin = time.monotonic()
        finished = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        seconds = time.monotonic() - begin
        said = json.loads(result.read_text()) if result.exists() else None
    if said is None:
        return Score(case.name, "error", "", "none", False, seconds, (finished.stderr.strip() or "no report",))
    return _score(case, said, seconds)


def _score(case: Case, said: dict[str, Any], seconds: float) -> Score:
    wrong = []
    if said["verdict"] != case.verdict:
        wrong.append(f"verdict {said['verdict']}, truth {case.verdict}")
    named = {cause["cause"]: cause for cause in said["causes"]}
    true = {cause.name: cause for cause in case.causes}
    wrong += [f"false cause {name}" for name in named if name not in true]
    wrong += [f"missed cause {name}" for name in true if name not in named]
    levels = ["line"]
    for name, cause in true.items():
        if name not in named:
            levels.append("none")
            continue
        if named[name]["certainty"] != cause.certainty:
            wrong.append(f"{name} is {named[name]['certainty']}, truth {cause.certainty}")
        places = named[name]["places"]
        hits = [_level(place.file, place.line, place.function, places) for place in cause.places]
        if hits:
            levels.append(min(hits, key=_LEVELS.index) if cause.any else max(hits, key=_LEVELS.index))
        allowed = {(place.file, place.line) for place in cause.places}
        extra = [f"{p['file']}:{p['line']}" for p in places if (p["file"], p["line"]) not in allowed]
        if extra:
            wrong.append(f"{name} also at {', '.join(extra[:4])}")
    level = max(levels, key=_LEVELS.index)
    if case.causes and level != "line":
        wrong.append(f"places to the {level} only")
    verified = bool(said["cure"] and said["cure"]["verified"])
    if case.verdict == "cured" and not verified:
        wrong.append("no verified cure")
    return Score(
        case.name,
        said["verdict"],
        " ".join(named) or "–",
        level if case.causes else "–",
        verified,
        seconds,
        tuple(wrong),
    )


_LEVELS = ["line", "function", "file", "none"]


def _level(file: str, line: int, function: str, places: list[dict[str, Any]]) -> str:
    same_file = [place for place in places if place["file"] == file]
    if any(place["line"] == line for place in same_file):
        return "line"
    if function and any(place["function"] == function for place in same_file):
        return "function"
    return "file" if same_file else "none"


def page(scores: list[Score], summary: str) -> str:
    """The page of docs: one row for each program, below what was measured with what."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    here, there = reference(), target_named()
    lines = [
        "<!-- written by `make zoo ARGS='--write docs/zoo.md'` -->",
        "# The zoo",
        "",
        "Small programs with known causes (`tests/zoo/*/case.toml`), checked by the command line as a user would.",
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit.stdout.strip() or 'unknown'}, {host_cpu()},"
        f" {compiler_version(here.tools['gcc'])}, {libc_version(here)};"
        f" {runner_version(there)}, {libc_version(there)}.",
        "",
        f"**{summary}**",
        "",
        "*Place*: how near the named places came to the true ones. *s*: seconds, on a shared machine.",
        "",
        "| program | verdict | causes named | place | cured and verified | s | right |",
        "|---|---|---|---|---|---|---|",
    ]
    for score in scores:
        cells = (score.name, score.verdict, score.causes, score.level, "yes" if score.verified else "–")
        lines.append(f"| {' | '.join(cells)} | {score.seconds:.1f} | {score.judgement.replace('|', '/')} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run the cases named, or all, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=1, help="cases at a time; seconds are only comparable with 1")
    parser.add_argument("--write", type=Path, help="write the table as a page of docs")
    parser.add_argument("cases", nargs="*")
    arguments = parser.parse_args()
    cases = load_all(arguments.cases or None)
    print(f"{'program':34} {'verdict':17} {'causes':38} {'place':9} {'cured':6} {'s':>6}  right")
    scores = []
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for score in pool.map(run_case, cases):
            scores.append(score)
            row = f"{score.name:34} {score.verdict:17} {score.causes:38} {score.level:9}"
            print(f"{row} {'yes' if score.verified else '–':6} {score.seconds:6.1f}  {score.judgement}", flush=True)
    right_count = sum(not score.wrong for score in scores)
    slowest = max(scores, key=lambda score: score.seconds)
    summary = f"{right_count} of {len(scores)} right; slowest {slowest.name}, {slowest.seconds:.1f} s"
    print(summary)
    if arguments.write:
        arguments.write.write_text(page(scores, summary))
    return 0 if right_count == len(scores) else 1


if __name__ == "__main__":
    sys.exit(main())
