"""Runs every float32 argument, and a great many float64 ones, against MPFR: `make exhaustive FUNCTION=exp`.

Jobs that are done are kept in a file, one line each, and not done again while the function's code is the same: stop
and start as you like, or carry the file to another machine. `--ray local` or `--ray ADDRESS` spreads the jobs over a
cluster whose machines have this repository and library at the same paths.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bitfast.library import place
from tests.exhaustive.jobs import BLOCK, ROOT, Job, Outcome, build_judge, fingerprint, functions, jobs, run

LEVELS = ["x86-64-v4", "x86-64-v4 scalar", "x86-64-v3", "x86-64-v2"]


def done_before(results: Path) -> dict[Job, dict[str, Any]]:
    """The outcomes on file that are of the code as it is now; a line cut short by a kill is left out."""
    kept: dict[Job, dict[str, Any]] = {}
    for line in results.read_text().splitlines() if results.exists() else []:
        try:
            outcome = json.loads(line)
            job = Job(**outcome["job"])
        except (ValueError, KeyError, TypeError):
            continue
        if outcome["fingerprint"] == fingerprint(job.function):
            kept[job] = outcome
    return kept


def locally(todo: list[Job], library: Path, judge: Path, workers: int) -> Iterator[Outcome]:
    with ProcessPoolExecutor(workers) as pool:
        for future in as_completed([pool.submit(run, job, fingerprint(job.function), library, judge) for job in todo]):
            yield future.result()


def with_ray(todo: list[Job], library: Path, judge: Path, address: str) -> Iterator[Outcome]:
    """The same on a Ray cluster; "local" starts one here."""
    import ray

    ray.init(
        address=None if address == "local" else address,
        include_dashboard=False,
        log_to_driver=False,
        runtime_env={"env_vars": {"PYTHONPATH": str(ROOT)}},
    )
    try:
        remote = ray.remote(run)
        waiting = [remote.remote(job, fingerprint(job.function), library, judge) for job in todo]
        while waiting:
            ready, waiting = ray.wait(waiting)
            yield from ray.get(ready)
    finally:
        ray.shutdown()


def report(function: str, dtype: str, outcomes: Iterable[dict[str, Any]]) -> tuple[str, bool]:
    """One line on a function, and whether all is right: nothing wrong, and the same hashes at every level."""
    outcomes = list(outcomes)
    wrong = sum(o["wrong"] for o in outcomes)
    hashes: dict[tuple[int, int], set[int]] = {}
    judged = {"fast": 0, "mpfr": 0}
    for o in outcomes:
        job = o["job"]
        if job["oracle"] != "none":
            judged[job["oracle"]] += job["count"] * BLOCK
        if job["oracle"] != "mpfr":
            hashes.setdefault((job["first"], job["count"]), set()).add(o["hash"])
    differing = sum(len(values) > 1 for values in hashes.values())
    levels = ", ".join(sorted({o["job"]["level"] for o in outcomes}))
    line = (
        f"{function} {dtype}: {wrong} wrong of {judged['fast']:,}, and of {judged['mpfr']:,} against MPFR alone; "
        f"{differing} blocks differ between {levels}"
    )
    for x, y, got, want in [example for o in outcomes for example in o["examples"]][:5]:
        line += f"\n    {x} {y}: got {got}, want {want}"
    return line, wrong == 0 and differing == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, help="libbitfast.so (default: the installed one)")
    parser.add_argument("--functions", nargs="*", default=list(functions()), choices=list(functions()), metavar="NAME")
    parser.add_argument("--dtypes", nargs="*", default=["float32", "float64"], choices=["float32", "float64"])
    parser.add_argument(
        "--levels", nargs="*", default=LEVELS, help="the first is judged, the others must agree with it"
    )
    parser.add_argument("--blocks", type=int, default=1 << 18, help="random blocks of 4096 arguments (default 2^18)")
    parser.add_argument("--blocks-slow", type=int, default=1 << 13, help="the same at x86-64-v2")
    parser.add_argument("--blocks-mpfr", type=int, default=2442, help="blocks against MPFR alone")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--ray", metavar="ADDRESS", help="run on a Ray cluster; `local` starts one here")
    parser.add_argument("--results", type=Path, default=ROOT / "build/exhaustive/results.jsonl")
    arguments = parser.parse_args()
    library = (arguments.library or place("libraries") / "libbitfast.so").resolve()
    judge = build_judge(ROOT / "build/exhaustive")
    arguments.results.parent.mkdir(parents=True, exist_ok=True)
    described = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(described, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    when = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "commit": commit}
    right = True
    for function in arguments.functions:
        for dtype in arguments.dtypes:
            wanted = list(
                jobs(
                    function, dtype, arguments.levels, blocks=arguments.blocks,
                    blocks_slow=arguments.blocks_slow, blocks_mpfr=arguments.blocks_mpfr,
                )
            )  # fmt: skip
            known = done_before(arguments.results)
            todo = [job for job in wanted if job not in known]
            outcomes = (
                with_ray(todo, library, judge, arguments.ray)
                if arguments.ray
                else locally(todo, library, judge, arguments.workers)
            )
            with arguments.results.open("a") as kept:
                for number, outcome in enumerate(outcomes, 1):
                    kept.write(json.dumps(outcome.as_json() | when) + "\n")
                    kept.flush()
                    if sys.stderr.isatty():
                        print(f"{function} {dtype}: {number} of {len(todo)} jobs", end="   \r", file=sys.stderr)
            known = done_before(arguments.results)
            line, fine = report(function, dtype, (known[job] for job in wanted))
            print(line, flush=True)
            right = right and fine
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
