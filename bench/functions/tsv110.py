"""Predicted cycles per element on tsv110, the core of the Kunpeng 920, beside SLEEF and glibc: `make bench-tsv110`.

A prediction on paper: nothing here was measured on hardware. QEMU runs every function on ordinary arguments and writes
down the address of each instruction that it executes (tsv110.c calls; its loop of load, call and store counts). These
instructions, in the order of execution, are then straight code for llvm-mca, whose model of tsv110 says how many cycles
they take: 4 instructions at a time, out of order, all memory in the first cache, every branch predicted. Ours, SLEEF's
and glibc's code is treated the same way.

Our accurate path is not linked: arguments that ask for it (about one in 10 000) end the run, and others are taken.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import statistics
import struct
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bench.functions.peers import TWO_ARGUMENTS
from bench.functions.run import RANGES
from bitfast.chips import Target, compiler_version, has, libc_version, qemu_command, runner_version, target_named
from bitfast.process import run
from bitfast.sysroots import add_packages
from bitfast.words import BitfastError

ROOT = Path(__file__).parent.parent.parent
ELEMENTS = 256
ITERATIONS = 3
SEEDS = 40
MCA = ("llvm-mca-19", "llvm-mca")  # 19 is the first that lets a call's latency be said
# As native/CMakeLists.txt compiles the kernels.
OPTIONS = ("-O3", "-std=gnu17", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-fPIC", "-Wno-psabi")
ORACLES: dict[str, Callable[..., float]] = {"exp10": lambda x: 10.0**x, "rsqrt": lambda x: 1 / math.sqrt(x)}
PEERS = ("bitfast", "sleef", "bitfast-scalar", "libc")


@dataclass(frozen=True)
class Symbol:
    """A function to trace: where it is, and how it is called (a word of tsv110.c)."""

    library: Path
    name: str
    form: str  # scalar, vector, array


@dataclass(frozen=True)
class Figure:
    """What llvm-mca says, per element: simulated cycles, the bound that units and dispatch set, and instructions."""

    cycles: float
    bound: float
    instructions: float


@dataclass(frozen=True)
class Tools:
    """What the tracing needs, made once: the calling program and the libraries."""

    target: Target
    mca: str
    caller: Path
    ours: Mapping[str, Path]  # by form
    sleef: Path
    libm: Path
    directory: Path


def prepare(directory: Path, names: Sequence[str], flags: Sequence[str]) -> Tools:
    """Compile the caller and our kernels, and fetch SLEEF's package for aarch64."""
    target = target_named("aarch64-linux-gnu")
    mca = next((command for command in MCA if has(command)), None)
    if mca is None:
        raise BitfastError("llvm-mca is not here", next_step="apt-get install llvm-19")
    caller = directory / "tsv110"
    options = ("-O2", "-fno-optimize-sibling-calls", "-no-pie")  # a last call that is a jump would not come back
    _compile(target, [*options, Path(__file__).with_suffix(".c"), "-ldl"], caller)
    sources = [ROOT / "native/elementary" / f"{name}.c" for name in names]
    ours = {}
    for form, defined in (("scalar", ["-DBITFAST_SCALAR"]), ("array", [])):
        ours[form] = directory / f"{form}.so"
        kernels = (*OPTIONS, *flags, "-DBITFAST_LEVEL=neon", *defined, "-shared", "-Wl,-z,lazy")
        _compile(target, [*kernels, *sources], ours[form])
    sleef = next((add_packages(target, ["libsleef3"]) / "usr/lib").glob("*/libsleef.so.3"))
    printed = run([target.tools["gcc"], "-print-file-name=libm.so.6"], timeout_seconds=30).text.strip()
    return Tools(target, mca, caller, ours, sleef, Path(printed).resolve(), directory)


def _compile(target: Target, arguments: Sequence[str | Path], into: Path) -> None:
    done = run([target.tools["gcc"], *arguments, "-o", into], timeout_seconds=1800)
    if not done.ok:
        raise BitfastError(f"cannot compile {into.name}:\n{done.last_lines()}", next_step="see the compiler's message")


def symbols(tools: Tools, name: str, dtype: str) -> dict[str, Symbol]:
    """Who has the function, and under which name."""
    single = dtype == "float32"
    called, bits = f"{name}{'f' if single else ''}", dtype[-2:]
    found = {
        "bitfast": Symbol(tools.ours["array"], f"bitfast_neon_{name}_array_f{bits}", "array"),
        "bitfast-scalar": Symbol(tools.ours["scalar"], f"bitfast_neon_{name}_scalar_f{bits}", "scalar"),
    }
    nm = tools.target.tools["nm"]
    if called in exported(nm, tools.libm):
        found["libc"] = Symbol(tools.libm, called, "scalar")
    for accuracy in ("u10", "u05"):  # "finz": the same bits on every chip with FMA
        vector = f"Sleef_finz_{name}{'f4' if single else 'd2'}_{accuracy}advsimd"
        if vector in exported(nm, tools.sleef) and "sleef" not in found:
            found["sleef"] = Symbol(tools.sleef, vector, "vector")
    return found


@cache
def exported(nm: str, library: Path) -> frozenset[str]:
    listed = run([nm, "-D", "--defined-only", library], timeout_seconds=60).text
    return frozenset(re.findall(r" [TWi] ([^@\s]+)", listed))


@cache
def disassembled(objdump: str, binary: Path) -> dict[int, str]:
    """The text of every instruction by its address in the file, as llvm-mca reads it."""
    listed = run([objdump, "-d", "--no-show-raw-insn", binary], timeout_seconds=300).text
    return {int(address, 16): _plain(text) for address, text in re.findall(r"^ *([0-9a-f]+):\t(.+)$", listed, re.M)}


def _plain(instruction: str) -> str:
    """Without comments; a branch's goal does not matter, the trace says where it went."""
    text = re.sub(r"\s*(//|<).*", "", instruction).strip()
    mnemonic, _, operands = text.partition("\t")
    if re.fullmatch(r"b|bl|b\..*|cbn?z|tbn?z|adrp?", mnemonic):
        *first, _ = operands.split(", ")
        return f"{mnemonic}\t{', '.join([*first, '#0'])}"
    return text


def arguments_of(name: str, dtype: str, seed: int) -> list[float]:
    """ELEMENTS values of x, then as many of y, in the ranges of the measured bench, exact in the format."""
    source = random.Random(seed)
    low, high = RANGES[name]
    values = [source.uniform(low, high) for _ in range(2 * ELEMENTS)]
    code = _code(dtype)
    return list(struct.unpack(code, struct.pack(code, *values)))


def _code(dtype: str, count: int = 2 * ELEMENTS) -> str:
    return f"<{count}{'f' if dtype == 'float32' else 'd'}"


def executed(tools: Tools, name: str, dtype: str, symbol: Symbol) -> list[str] | None:
    """The instructions of ELEMENTS calls in the order they ran; None where every seed met an undecided argument."""
    label = tools.directory / f"{symbol.name}"
    file, log = label.with_suffix(".arguments"), label.with_suffix(".trace")
    two = " two" if name in TWO_ARGUMENTS else ""
    form = f"{symbol.form} {dtype}{two}"
    call: list[str | Path] = [tools.caller, symbol.library, symbol.name, form, file, str(ELEMENTS)]
    qemu = qemu_command(tools.target)
    for seed in range(SEEDS):
        values = arguments_of(name, dtype, seed)
        file.write_bytes(struct.pack(_code(dtype), *values))
        plain = run([*qemu, *call], timeout_seconds=120)
        if not plain.ok and b"bitfast_accurate_" in plain.stderr:
            continue
        if not plain.ok:
            raise BitfastError(f"{symbol.name} does not run:\n{plain.last_lines(4)}", next_step="run it by hand")
        line, _, results = plain.stdout.partition(b"\n")
        base, start, stop = (int(word, 16) for word in line.split())
        _check(name, dtype, symbol, values, results)
        size = symbol.library.stat().st_size + 0x100000  # segments are apart by up to 64 KiB
        traced: list[str | Path] = [qemu[0], "-D", log, "-d", "exec,nochain", "-singlestep"]
        traced += ["-dfilter", f"{base:#x}+{size:#x},{start:#x}..{stop:#x}", *qemu[1:], *call]
        again = run(traced, timeout_seconds=300)
        if not again.ok or again.stdout != plain.stdout:  # the library was loaded elsewhere
            raise BitfastError(f"{symbol.name} does not repeat itself under QEMU", next_step="run the bench again")
        counters = [int(word, 16) for word in re.findall(r"\[[0-9a-f]+/([0-9a-f]+)/", log.read_text())]
        log.unlink()
        calling = [index for index, counter in enumerate(counters) if start <= counter < stop]
        objdump = tools.target.tools["objdump"]
        library, caller = disassembled(objdump, symbol.library), disassembled(objdump, tools.caller)
        return [
            caller[counter] if start <= counter < stop else library[counter - base]
            for counter in counters[calling[0] : calling[-1] + 1]
        ]
    return None


def _check(name: str, dtype: str, symbol: Symbol, values: Sequence[float], results: bytes) -> None:
    """The function was called as it wants to be: its answers are about right."""
    oracle = ORACLES.get(name) or getattr(math, name)
    bound = 1e-5 if dtype == "float32" else 1e-14
    got = struct.unpack(_code(dtype, ELEMENTS), results)
    for x, y, result in zip(values[:ELEMENTS], values[ELEMENTS:], got, strict=True):
        want = oracle(x, y) if name in TWO_ARGUMENTS else oracle(x)
        if not abs(result - want) <= bound * abs(want):
            raise BitfastError(f"{symbol.name}({x}) gave {result}, not {want}", next_step="check how it is called")


def predicted(tools: Tools, label: str, instructions: Sequence[str]) -> Figure:
    """llvm-mca over the straight code of ELEMENTS calls."""
    source = tools.directory / f"{label}.s"
    source.write_text("\n".join(instructions) + "\n")
    # Unless told, llvm-mca takes every call for 100 cycles, although what is called stands behind it.
    options = ["-mtriple=aarch64", "-mcpu=tsv110", "-call-latency=1", f"-iterations={ITERATIONS}"]
    options += ["-instruction-info=false", "-resource-pressure=false"]
    done = run([tools.mca, *options, source], timeout_seconds=1800)
    said = dict(re.findall(r"^(Total Cycles|Instructions|Block RThroughput): +([\d.]+)$", done.text, re.M))
    if not done.ok or len(said) != 3:
        raise BitfastError(f"llvm-mca fails on {source}:\n{done.last_lines(4)}", next_step="see the file")
    total = ELEMENTS * ITERATIONS
    return Figure(
        float(said["Total Cycles"]) / total, float(said["Block RThroughput"]) / ELEMENTS,
        float(said["Instructions"]) / total,
    )  # fmt: skip


Figures = dict[str, dict[str, Figure]]  # by function and peer


def all_figures(tools: Tools, names: Sequence[str], peers: Sequence[str], dtype: str, workers: int) -> Figures:
    figures: Figures = {name: {} for name in names}

    def one(name: str, peer: str, symbol: Symbol) -> None:
        instructions = executed(tools, name, dtype, symbol)
        if instructions is not None:
            figures[name][peer] = predicted(tools, symbol.name, instructions)
        print(f"{name} {dtype} {peer}", file=sys.stderr, end="          \r")

    with ThreadPoolExecutor(workers) as pool:
        for task in [
            pool.submit(one, name, peer, symbol)
            for name in names
            for peer, symbol in symbols(tools, name, dtype).items()
            if peer in peers
        ]:
            task.result()
    return figures


def table(figures: Figures, dtype: str) -> list[str]:
    """Markdown: a line per function, cycles per element, the bound in brackets, and the ratios that matter."""
    heads = [dtype, "bitfast", "sleef", "ratio", "bitfast-scalar", "libc", "ratio", "instructions: bitfast", "sleef"]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]

    def cycles(row: Mapping[str, Figure], peer: str) -> str:
        return f"{row[peer].cycles:.1f} ({row[peer].bound:.1f})" if peer in row else "–"

    def ratio(row: Mapping[str, Figure], ours: str, theirs: str) -> str:
        return f"{row[ours].cycles / row[theirs].cycles:.2f}" if ours in row and theirs in row else "–"

    def count(row: Mapping[str, Figure], peer: str) -> str:
        return f"{row[peer].instructions:.0f}" if peer in row else "–"

    for name, row in figures.items():
        cells = [name, cycles(row, "bitfast"), cycles(row, "sleef"), ratio(row, "bitfast", "sleef")]
        cells += [cycles(row, "bitfast-scalar"), cycles(row, "libc"), ratio(row, "bitfast-scalar", "libc")]
        lines.append("| " + " | ".join([*cells, count(row, "bitfast"), count(row, "sleef")]) + " |")
    lines.append("")
    for ours, theirs in (("bitfast", "sleef"), ("bitfast", "libc"), ("bitfast-scalar", "libc")):
        both = {
            name: row[ours].cycles / row[theirs].cycles
            for name, row in figures.items()
            if ours in row and theirs in row
        }
        if both:
            worst = sorted(both, key=lambda name: -both[name])[:3]
            lines.append(
                f"- {ours} / {theirs}: {statistics.geometric_mean(both.values()):.2f} (geometric mean of {len(both)}; "
                f"largest: {', '.join(f'{name} {both[name]:.2f}' for name in worst)})"
            )
    return lines


def _git(*arguments: str) -> str:
    return run(["git", *arguments], directory=ROOT, timeout_seconds=60).text.strip()


def markdown(tools: Tools, by_dtype: Mapping[str, Figures], flags: Sequence[str]) -> str:
    commit = _git("rev-parse", "--short", "HEAD") + (" and changes" if _git("status", "--short", "native") else "")
    version = re.search(r"LLVM version (\S+)", run([tools.mca, "--version"], timeout_seconds=30).text)
    versions = [
        f"{compiler_version(tools.target.tools['gcc'])} {' '.join([OPTIONS[0], *flags])}",
        f"llvm-mca {version[1] if version else ''}", runner_version(tools.target), libc_version(tools.target),
        f"SLEEF {tools.sleef.resolve().name.removeprefix('libsleef.so.')}",
    ]  # fmt: skip
    lines = [
        "<!-- generated by `make bench-tsv110` (bench/functions/tsv110.py) -->",
        "# Speed on tsv110 (Kunpeng 920), predicted",
        "",
        f"`make bench-tsv110`, {datetime.now(UTC):%Y-%m-%d}, commit {commit}; {', '.join(versions)}.",
        "",
        "**A prediction on paper, not measured on hardware.** Cycles per element: QEMU lists the instructions that",
        f"{ELEMENTS} elements in ordinary ranges execute, load, call and store included, and llvm-mca says how many",
        "cycles this straight code takes there, with all memory in the first cache and every branch predicted. In",
        "brackets: the bound that units and dispatch width set, which perfect overlap would reach. bitfast is an array",
        "call (NEON, two lanes), correctly rounded; sleef its NEON function with the same bits on every chip, within",
        "1 ulp (Sleef_finz_…, two or four lanes); libc glibc's scalar function, which promises neither. Differences of",
        "a tenth mean little: the model is LLVM's, not the chip.",
    ]
    for dtype, figures in by_dtype.items():
        lines += ["", f"## {dtype}", "", *table(figures, dtype)]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", nargs="*", default=list(RANGES))
    parser.add_argument("--peers", nargs="*", default=list(PEERS))
    parser.add_argument("--dtypes", nargs="*", default=["float64", "float32"])
    parser.add_argument("--flags", default="", help="more options for our kernels, as --flags=-mcpu=tsv110")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it")
    parser.add_argument("--write", type=Path, help="write the tables to this file")
    arguments = parser.parse_args()
    flags = arguments.flags.split()
    try:
        with tempfile.TemporaryDirectory(prefix="bitfast-tsv110-") as temporary:
            directory = arguments.keep or Path(temporary)
            directory.mkdir(parents=True, exist_ok=True)
            tools = prepare(directory.resolve(), arguments.functions, flags)
            by_dtype = {
                dtype: all_figures(tools, arguments.functions, arguments.peers, dtype, arguments.workers)
                for dtype in arguments.dtypes
            }
            text = markdown(tools, by_dtype, flags)
    except BitfastError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.write:
        arguments.write.write_text(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
