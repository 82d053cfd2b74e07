"""Nanoseconds per element of every function beside its peers: `make bench-functions`.

Each level runs in a process of its own (NumPy chooses its level when it is imported). In it, for every function, all
libraries take turns, round after round, over the same 8 192 elements; a figure is the median of the rounds. Compare the
ratios of one line: the machine is shared, and another's absolute figures are not to be had here.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.functions import peers
from bitfast.library import place

ROOT = Path(__file__).parent.parent.parent
ELEMENTS = 8192
# Where the functions are evaluated: uniformly between these, the arguments that programs have.
RANGES: dict[str, tuple[float, float]] = {
    "exp": (-10, 10), "exp2": (-10, 10), "exp10": (-10, 10), "expm1": (-2, 2), "log": (1e-3, 1e3), "log2": (1e-3, 1e3),
    "log10": (1e-3, 1e3), "log1p": (-0.5, 10), "pow": (0.1, 10), "sin": (-10, 10), "cos": (-10, 10), "tan": (-10, 10),
    "sinh": (-5, 5), "cosh": (-5, 5), "tanh": (-3, 3), "asin": (-1, 1), "acos": (-1, 1), "atan": (-10, 10),
    "atan2": (-10, 10), "cbrt": (-100, 100), "hypot": (-10, 10), "rsqrt": (1e-3, 1e3), "erf": (-3, 3),
    "asinh": (-10, 10), "acosh": (1, 10), "atanh": (-1, 1),
}  # fmt: skip
LEVELS = {"v4": "x86-64-v4", "v3": "x86-64-v3"}
NUMPY_NAMES = {
    "pow": "power",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "atan2": "arctan2",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
}


def measure(level: str, library_path: Path, rounds: int, names: list[str]) -> dict[str, Any]:
    """All figures of one level, in this process: {name: {dtype: {peer: nanoseconds}}}."""
    import numpy as np

    library = ctypes.CDLL(str(library_path))
    library.bitfast_use_level.argtypes = [ctypes.c_char_p]
    library.bitfast_use_level(LEVELS[level].encode())
    calls = ctypes.CDLL(str(compiled_calls()))
    calls.nanoseconds.restype = ctypes.c_double
    calls.nanoseconds.argtypes = [ctypes.c_int, ctypes.c_int, *[ctypes.c_void_p] * 4, ctypes.c_size_t, ctypes.c_int]
    random = np.random.default_rng(1)
    result: dict[str, Any] = {}
    for name in names:
        low, high = RANGES[name]
        for dtype in ("float64", "float32"):
            x, y = (random.uniform(low, high, ELEMENTS).astype(dtype) for _ in range(2))
            out = np.empty_like(x)
            entries = {"bitfast": peers.bitfast_array(library, name, dtype)}
            entries |= {peer: find(name, dtype, level) for peer, find in peers.PEERS.items()}
            entries["bitfast-scalar"] = peers.bitfast_scalar(library, name, dtype)
            ufunc = getattr(np, NUMPY_NAMES.get(name, name), None)
            arguments = (x, y) if name in peers.TWO_ARGUMENTS else (x,)
            taken: dict[str, list[float]] = {peer: [] for peer, entry in entries.items() if entry}
            for _ in range(rounds):
                for peer, entry in entries.items():
                    if entry:
                        taken[peer].append(
                            calls.nanoseconds(
                                entry.kind, name in peers.TWO_ARGUMENTS, entry.address,
                                x.ctypes.data, y.ctypes.data, out.ctypes.data, ELEMENTS, 3,
                            )
                        )  # fmt: skip
                if ufunc:
                    taken.setdefault("numpy", []).append(_numpy(ufunc, arguments, out))
            result.setdefault(name, {})[dtype] = {peer: statistics.median(times) for peer, times in taken.items()}
            print(f"{level} {name} {dtype}", file=sys.stderr, end="   \r")
    return {"level": level, "numpy": np.__version__, "figures": result}


def _numpy(ufunc: Any, arguments: tuple[Any, ...], out: Any) -> float:
    from time import perf_counter_ns

    start = perf_counter_ns()
    for _ in range(3):
        ufunc(*arguments, out=out)
    return (perf_counter_ns() - start) / (3 * ELEMENTS)


def compiled_calls() -> Path:
    """The timing loops as a shared library."""
    directory = Path(tempfile.mkdtemp(prefix="bitfast-bench-"))
    built = directory / "calls.so"
    source = Path(__file__).parent / "calls.c"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", source, "-o", built], check=True)
    return built


def geometric_mean(values: list[float]) -> float:
    return statistics.geometric_mean(values) if values else float("nan")


def table(report: dict[str, Any], dtype: str) -> list[str]:
    """Markdown: a line per function, nanoseconds per element, and ratios of the geometric means over what both have."""
    order = ["bitfast", "svml-cr", "sleef", "libmvec", "numpy", "bitfast-scalar", "libc"]
    lines = [f"| {dtype} | " + " | ".join(order) + " |", "|---" * (len(order) + 1) + "|"]
    figures = {name: by_dtype[dtype] for name, by_dtype in report["figures"].items()}
    for name, row in figures.items():
        lines.append(f"| {name} | " + " | ".join(f"{row[peer]:.2f}" if peer in row else "–" for peer in order) + " |")
    lines.append("")
    for ours, theirs in [("bitfast", peer) for peer in order[1:5]] + [("bitfast-scalar", "libc")]:
        both = [(row[ours], row[theirs]) for row in figures.values() if theirs in row and ours in row]
        if both:
            ratio = geometric_mean([a / b for a, b in both])
            worst = max(both, key=lambda pair: pair[0] / pair[1])
            lines.append(
                f"- {ours} / {theirs}: {ratio:.2f} (geometric mean of {len(both)}; at most {worst[0] / worst[1]:.2f})"
            )
    return lines


def markdown(reports: list[dict[str, Any]], rounds: int) -> str:
    described = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(described, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    compiler = subprocess.run(["gcc", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    versions = [cpu[1] if cpu else platform.machine(), compiler, " ".join(platform.libc_ver())]
    lines = [
        "# Speed of the elementary functions",
        "",
        f"`make bench-functions`, {datetime.now(UTC):%Y-%m-%d}, commit {commit}; {', '.join(versions)}, "
        f"NumPy {reports[0]['numpy']}.",
        "",
        f"Nanoseconds per element at {ELEMENTS} elements, median of {rounds} rounds in which all libraries took turns.",
        "The machine is shared: compare within a line. Only bitfast and svml-cr are correctly rounded; sleef has the",
        "same bits on every chip, the others promise neither.",
    ]
    for report in reports:
        for dtype in ("float64", "float32"):
            lines += ["", f"## {LEVELS[report['level']]}, {dtype}", "", *table(report, dtype)]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path, help="libbitfast.so (default: the installed one)")
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--functions", nargs="*", default=list(RANGES))
    parser.add_argument("--levels", nargs="*", default=list(LEVELS))
    parser.add_argument("--write", type=Path, help="write the tables to this file")
    parser.add_argument("--level", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    library = (arguments.library or place("libraries") / "libbitfast.so").resolve()
    if arguments.level:
        print(json.dumps(measure(arguments.level, library, arguments.rounds, arguments.functions)))
        return 0
    reports = []
    for level in arguments.levels:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS")}
        if level == "v3":
            environment["NPY_DISABLE_CPU_FEATURES"] = disabled_for_v3()
        command = [sys.executable, "-m", "bench.functions.run", "--library", library, "--level", level]
        command += ["--rounds", str(arguments.rounds), "--functions", *arguments.functions]
        done = subprocess.run(
            [str(part) for part in command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        reports.append(json.loads(done.stdout))
    text = markdown(reports, arguments.rounds)
    if arguments.write:
        arguments.write.write_text(text)
    print(text)
    return 0


def disabled_for_v3() -> str:
    """NumPy's names of the AVX-512 features that it found here."""
    code = "import numpy._core._multiarray_umath as m; print(*[f for f in m.__cpu_dispatch__ if m.__cpu_features__[f]])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return " ".join(name for name in found if "512" in name or name in {"X86_V4"})


if __name__ == "__main__":
    sys.exit(main())
