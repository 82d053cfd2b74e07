"""Predicted speed of matrix products on tsv110, the core of the Kunpeng 920: `python -m bench.arrays.tsv110`.

A prediction on paper: nothing here was measured on hardware. The NEON tiles are compiled as the library compiles them,
and the innermost loop, which does nearly all of the work, goes to llvm-mca, whose model of tsv110 says how many cycles
it takes with all memory in the first cache. The core has two units for fused multiply-adds of 128 bits: 8 float64 (16
float32) operations per cycle at most.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

from bench.functions.tsv110 import MCA, OPTIONS, ROOT
from bitfast.chips import compiler_version, has, target_named
from bitfast.process import run
from bitfast.words import BitfastError

ITERATIONS = 1000
MOST = {"f64": 8, "f32": 16}  # operations per cycle
LANES = {"f64": 2, "f32": 4}
FUNCTIONS = {"multiply": "real", "multiply_complex_as_is": "complex"}
FUSED = re.compile(r"\bfml[as]\s")


def compiled(compiler: str, dtype: str, directory: Path) -> str:
    """The assembly of the tiles of one type."""
    source, result = ROOT / "native/blas/kernels" / f"tiles_{dtype}.c", directory / f"{dtype}.s"
    done = run([compiler, *OPTIONS, "-DBITFAST_LEVEL=neon", "-S", source, "-o", result], timeout_seconds=600)
    if not done.ok:
        what = f"cannot compile {source.name}:\n{done.last_lines()}"
        raise BitfastError(what, next_step="see the compiler's message")
    return result.read_text()


def innermost_loop(assembly: str, function: str) -> list[str]:
    """The instructions of the loop that has most fused multiply-adds, of those without a loop in them."""
    body = re.search(rf"^{function}:\n(.*?)^\s*\.size\s+{function},", assembly, re.MULTILINE | re.DOTALL)
    if body is None:
        raise BitfastError(f"{function} is not in the assembly", next_step="see FUNCTIONS in bench/arrays/tsv110.py")
    labels: dict[str, int] = {}
    best: list[str] = []
    lines = [line.split("//")[0].strip() for line in body[1].splitlines()]
    for index, line in enumerate(lines):
        if label := re.match(r"(\.L\w+):", line):
            labels[label[1]] = index
        jump = re.match(r"(?:b\.?\w+|cbn?z|tbn?z)\s+(?:.*,\s*)?(\.L\w+)$", line)
        if jump and jump[1] in labels:
            loop = lines[labels[jump[1]] + 1 : index + 1]
            inner = any(re.match(r"\.L\w+:", part) for part in loop)
            if not inner and sum(map(bool, map(FUSED.search, loop))) > sum(map(bool, map(FUSED.search, best))):
                best = [part for part in loop if part and not part.startswith(".")]
    return best


def cycles(mca: str, loop: list[str], directory: Path) -> float:
    """Per round, as llvm-mca simulates it."""
    text = directory / "loop.s"
    text.write_text("\n".join(loop) + "\n")
    arguments = ["-mtriple=aarch64-linux-gnu", "-mcpu=tsv110", f"-iterations={ITERATIONS}", str(text)]
    said = re.search(r"Total Cycles:\s+(\d+)", run([mca, *arguments], timeout_seconds=120).text)
    if said is None:
        raise BitfastError("llvm-mca said no cycles", next_step=f"run it on {text}")
    return int(said[1]) / ITERATIONS


def table() -> str:
    target = target_named("aarch64-linux-gnu")
    compiler = target.tools["gcc"]
    mca = next((command for command in MCA if has(command)), None)
    if mca is None:
        raise BitfastError("llvm-mca is not here", next_step="apt-get install llvm-19")
    lines = [
        "**A prediction on paper, not measured on hardware**: the innermost loop of the NEON tiles, compiled by "
        f"{compiler_version(compiler)}, in llvm-mca's model of tsv110, all memory in the first cache.",
        "",
        "| tile | instructions | fused multiply-adds | cycles | operations per cycle | of the most there can be |",
        "|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory(prefix="bitfast-bench-") as name:
        for dtype in LANES:
            assembly = compiled(compiler, dtype, Path(name))
            for function, kind in FUNCTIONS.items():
                loop = innermost_loop(assembly, function)
                fused = sum(map(bool, map(FUSED.search, loop)))
                taken = cycles(mca, loop, Path(name))
                rate = 2 * LANES[dtype] * fused / taken
                lines.append(
                    f"| {kind} {dtype} | {len(loop)} | {fused} | {taken:.2f} | {rate:.2f} "
                    f"| {rate / MOST[dtype]:.0%} of {MOST[dtype]} |"
                )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", nargs="?", help="not needed: the sources are compiled")
    parser.parse_args()
    print(table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
