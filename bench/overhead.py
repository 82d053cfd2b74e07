"""What `bitfast check` costs over building and running a program on both sides by hand, where the answers agree.

    python -m bench.overhead [--rounds N]

Both ways are timed in turn, round by round, from the same sources, with compilers' caches empty: bitfast's own cache is
a folder of this bench whose objects are removed before each check (its small tools stay: they are built once per
machine), and by hand no ccache is used. The goal is a median ratio of at most 1.3.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bitfast.chips import (
    compiler_version,
    host_cpu,
    libc_version,
    qemu_command,
    reference,
    runner_version,
    target_named,
)

GOAL = 1.3
FILES = 12
_UNIT = """#include <algorithm>
#include <iostream>
#include <map>
#include <regex>
#include <string>
#include <vector>

unsigned long work{number}(unsigned long seed);
unsigned long work{number}(unsigned long seed)
{{
    std::map<unsigned long, std::string> kept;
    std::vector<unsigned long> numbers;
    for (unsigned long i = 0; i < 4000; ++i) {{
        seed = seed * 6364136223846793005UL + 1442695040888963407UL;
        numbers.push_back(seed >> 40);
        kept[seed >> 54] = std::to_string(seed >> 50);
    }}
    std::sort(numbers.begin(), numbers.end());
    const std::regex sevens("[0-9]*7[0-9]*");
    unsigned long found = numbers[{number}];
    for (const auto &entry : kept)
        found += entry.first * std::regex_match(entry.second, sevens);
    return found;
}}
"""


@dataclass(frozen=True)
class Timed:
    """Seconds of every round, by hand and by check."""

    by_hand: tuple[float, ...]
    by_check: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return statistics.median(check / hand for hand, check in zip(self.by_hand, self.by_check, strict=True))


def plant(tree: Path) -> None:
    """A C++ program of integers and strings, in FILES units of about a second each, with a CMakeLists.txt."""
    for number in range(FILES):
        (tree / f"work{number}.cpp").write_text(_UNIT.format(number=number))
    declared = "".join(f"unsigned long work{number}(unsigned long);\n" for number in range(FILES))
    calls = "".join(f'    std::printf("%lu\\n", work{number}({number}));\n' for number in range(FILES))
    (tree / "main.cpp").write_text(f"#include <cstdio>\n{declared}int main()\n{{\n{calls}}}\n")
    (tree / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.10)\nproject(integers CXX)\nset(CMAKE_BUILD_TYPE Release)\n"
        "file(GLOB sources *.cpp)\nadd_executable(integers ${sources})\n"
    )


def by_hand(tree: Path, scratch: Path) -> float:
    """Copy, configure, build and run on both sides as one would without bitfast; the seconds."""
    there = target_named("aarch64-linux-gnu")
    jobs = str(len(os.sched_getaffinity(0)))
    sides: tuple[tuple[list[str], list[str]], ...] = (
        ([f"-DCMAKE_CXX_COMPILER={reference().tools['g++']}"], []),
        ([f"-DCMAKE_CXX_COMPILER={there.tools['g++']}", "-DCMAKE_SYSTEM_NAME=Linux"], qemu_command(there, "")),
    )
    environment = {**os.environ, "CCACHE_DISABLE": "1"}
    begin = time.monotonic()
    for number, (options, runner) in enumerate(sides):
        copy = scratch / str(number)
        shutil.copytree(tree, copy)
        _done(["cmake", "-S", ".", "-B", "build", *options], copy, environment)
        _done(["cmake", "--build", "build", "-j", jobs], copy, environment)
        _done([*runner, "build/integers"], copy, environment)
    seconds = time.monotonic() - begin
    shutil.rmtree(scratch)
    return seconds


def by_check(tree: Path, cache: Path) -> float:
    """`bitfast check` with no compiled object in its cache; the seconds."""
    shutil.rmtree(cache / "ccache", ignore_errors=True)
    environment = {**os.environ, "BITFAST_CACHE": str(cache)}
    begin = time.monotonic()
    _done([sys.executable, "-m", "bitfast", "check", str(tree), "--quiet"], tree, environment)
    return time.monotonic() - begin


def _done(command: list[str], directory: Path, environment: Mapping[str, str]) -> None:
    here = {**environment, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    finished = subprocess.run(command, cwd=directory, env=here, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {finished.returncode}:\n{finished.stderr}{finished.stdout}")


def measure(rounds: int) -> Timed:
    """Both ways in turn, after one check of a small program that builds bitfast's tools."""
    hand, check = [], []
    with tempfile.TemporaryDirectory(prefix="bitfast-overhead-") as directory:
        root = Path(directory)
        tree, cache, small = root / "integers", root / "cache", root / "small"
        for folder in (tree, cache, small):
            folder.mkdir()
        plant(tree)
        (small / "one.c").write_text('#include <stdio.h>\nint main(void) { puts("1"); }\n')
        by_check(small, cache)
        for number in range(rounds):
            hand.append(by_hand(tree, root / "hand"))
            check.append(by_check(tree, cache))
            print(f"round {number + 1}: by hand {hand[-1]:.1f} s, check {check[-1]:.1f} s", flush=True)
    return Timed(tuple(hand), tuple(check))


def sides() -> str:
    """Versions and machines of both sides, for the record."""
    here, there = reference(), target_named("aarch64-linux-gnu")
    versions = [
        f"{side.triple} with {compiler_version(side.tools['gcc'])}, {libc_version(side)}" for side in (here, there)
    ]
    return f"{versions[0]}, {host_cpu()}; {versions[1]}, {runner_version(there, '')}"


def commit() -> str:
    """The commit that is measured."""
    asked = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def main() -> int:
    """Print both sides, every round and the median ratio; status 1 where it is above the goal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    print(sides())
    timed = measure(parser.parse_args().rounds)
    print(f"median ratio check / by hand: {timed.ratio:.2f} (goal: {GOAL})")
    return 0 if timed.ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
