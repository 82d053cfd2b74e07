"""Proves that the zoo's `case.toml` files tell the truth, without bitfast: the sides differ or agree as they are, and
agree when the known causes are switched off by hand, in each way that the case names.

    python -m tests.zoo.verify [CASE …]
"""

from __future__ import annotations

import argparse
import itertools
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.zoo.cases import Case, TrueCause, load_all
from tests.zoo.workbench import Bench, Experiment, Failed


def ways_off(cause: TrueCause) -> Iterator[Experiment]:
    """Each way in which a cause can be switched off by hand; each alone must do it."""
    if cause.off == "libm":
        yield Experiment(library=True)
    elif cause.off == "patch":
        yield Experiment(patch=True)
    elif cause.off:
        yield Experiment(flags=tuple(re.sub(r"^[A-Z]+\+=", "", cause.off).split()))
    fixed = tuple(place for place in cause.places if place.fixed is not None)
    if cause.any:
        yield from (Experiment(lines=(place,)) for place in fixed)
    elif fixed and len(fixed) == len(cause.places):
        yield Experiment(lines=fixed)


def problems(case: Case, directory: Path) -> Iterator[str]:
    """Everything in `case.toml` that is not so."""
    for place in (place for cause in case.causes for place in cause.places):
        lines = (case.root / place.file).read_text().splitlines()
        if not 0 < place.line <= len(lines) or not lines[place.line - 1].strip():
            yield f"{place.file} has no line {place.line}"
            return
        if place.function.split("::")[-1].lower() not in "\n".join(lines).lower():
            yield f"{place.file} has no function {place.function}"
    bench = Bench(case, directory)
    reference = bench.answer(False, Experiment())
    repeats = [bench.answer(False, Experiment(), repeat=True) for _ in range(2)]
    unsteady = any(cause.name == "nondeterminism" for cause in case.causes)
    if unsteady or case.verdict == "nondeterministic":
        if reference in repeats:
            yield "the reference repeats itself"
        if unsteady and case.verdict == "same":
            yield from steadied_problems(case, bench)
        return
    if any(repeat != reference for repeat in repeats):
        yield "the reference does not repeat itself"
        return
    if not any(content for _, content in reference.outputs):
        yield "prints nothing"
    agrees = bench.agrees(Experiment())
    if case.verdict == "same":
        if not agrees:
            yield "the sides differ"
        return
    if agrees:
        yield "the sides agree as they are"
        return
    if case.verdict == "cured" or any(cause.off for cause in case.causes):
        yield from cure_problems(case, bench)


def steadied_problems(case: Case, bench: Bench) -> Iterator[str]:
    """With what changes from run to run written out as a constant, the reference must repeat and the sides agree."""
    for experiment in (way for cause in case.causes for way in ways_off(cause)):
        answers = [bench.answer(cross, experiment, repeat=True) for cross in (False, False, True)]
        if answers[0] != answers[1]:
            yield f"the reference does not repeat itself with {experiment}"
        elif answers[0] != answers[2]:
            yield f"the sides differ with {experiment}"


def cure_problems(case: Case, bench: Bench) -> Iterator[str]:
    ways = [list(ways_off(cause)) for cause in case.causes]
    for cause, found in zip(case.causes, ways, strict=True):
        if not found:
            yield f"{cause.name}: says no way to switch it off (`off`, or `fixed` at each place)"
            return
    for combination in itertools.product(*ways):
        experiment = sum(combination, Experiment())
        if not bench.agrees(experiment):
            yield f"still differs with {experiment}"
    if len(ways) > 1:
        for index, cause in enumerate(case.causes):
            rest = sum((found[0] for other, found in enumerate(ways) if other != index), Experiment())
            if bench.agrees(rest):
                yield f"{cause.name} need not be switched off"
    for index, cause in enumerate(case.causes):
        if cause.any or len(cause.places) < 2 or not ways[index][-1].lines:
            continue
        others = sum((found[0] for other, found in enumerate(ways) if other != index), Experiment())
        for place in cause.places:
            kept = tuple(other for other in cause.places if other != place)
            if bench.agrees(others + Experiment(lines=kept)):
                yield f"{place.file}:{place.line} need not be changed"


def main() -> int:
    parser = argparse.ArgumentParser(description="Prove that the zoo's case.toml files tell the truth.")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    wrong = 0
    for case in load_all(parser.parse_args().cases):
        begin = time.monotonic()
        if shutil.which(f"{case.target}-gcc") is None:
            print(f"{case.name:40} {case.verdict:16} not checked: no {case.target}-gcc here")
            continue
        with tempfile.TemporaryDirectory(prefix="zoo-") as directory:
            try:
                found = list(problems(case, Path(directory)))
            except Failed as failure:
                found = [str(failure)]
        wrong += bool(found)
        seconds = time.monotonic() - begin
        print(f"{case.name:40} {case.verdict:16} {'; '.join(found) or 'true':8} {seconds:5.1f} s", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
