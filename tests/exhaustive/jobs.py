"""What is run for a function, cut into jobs of a second or so, and how one job is run."""

from __future__ import annotations

import ctypes
import hashlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
NATIVE = ROOT / "native"
BLOCK = 4096  # judge.c's
JOB_BLOCKS = 1 << 13
EVERY = (1 << 32) // BLOCK
MPFR_FIRST = 1 << 40  # blocks that no other run has seen
ORACLES = {"none": 0, "fast": 1, "mpfr": 2}


@dataclass(frozen=True)
class Job:
    """Some blocks of a function's arguments, at one level, judged by one oracle ("none": only hashed).

    `level` is a level's name, and " scalar" behind it for the scalar calls instead of the array calls.
    """

    function: str
    dtype: str
    level: str
    oracle: str
    first: int
    count: int


@dataclass(frozen=True)
class Outcome:
    """What a job found. `hash` stands for all answers; equal on every level and machine."""

    job: Job
    fingerprint: str
    wrong: int
    examples: tuple[tuple[float, float, float, float], ...]
    hash: int

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "examples": [[value.hex() for value in example] for example in self.examples]}


def functions() -> dict[str, int]:
    """Every correctly rounded function of native/functions.h with the number of its arguments."""
    table = (NATIVE / "functions.h").read_text()
    found = re.findall(r"^(UNARY|BINARY)\((\w+)\)$", table, flags=re.MULTILINE)
    return {name: {"UNARY": 1, "BINARY": 2}[shape] for shape, name in found}


def jobs(
    function: str, dtype: str, levels: list[str], *, blocks: int, blocks_slow: int, blocks_mpfr: int
) -> Iterator[Job]:
    """All jobs of a function: judged at the first level, hashed at the others, and a part against MPFR alone.

    float32 functions of one argument are run on every argument, the others on `blocks` blocks of random ones;
    at x86-64-v2, whose fused multiply-add is software, on `blocks_slow`.
    """
    every = dtype == "float32" and functions()[function] == 1
    for level in levels:
        oracle = "fast" if level == levels[0] else "none"
        total = EVERY if every else blocks
        if level == "x86-64-v2":
            total = min(total, blocks_slow)
        yield from (
            Job(function, dtype, level, oracle, first, min(JOB_BLOCKS, total - first))
            for first in range(0, total, JOB_BLOCKS)
        )
    step = JOB_BLOCKS // 64
    yield from (
        Job(function, dtype, levels[0], "mpfr", MPFR_FIRST + first, min(step, blocks_mpfr - first))
        for first in range(0, blocks_mpfr, step)
    )


def _declarations(text: str) -> Iterator[tuple[str, str]]:
    """What a preprocessed file says at its top level: the name that each defines, "" for types, and its text."""
    start = depth = 0
    for at, character in enumerate(text):
        depth += (character in "{(") - (character in "})")
        after = text[at + 1 : at + 2]
        if depth == 0 and (character == ";" or (character == "}" and after == "\n" and "(" in text[start:at])):
            said, start = text[start : at + 1].strip(), at + 1
            head = re.sub(r"__attribute__ ?\(\(.*?\)\)(?=[\s;])", "", said)
            named = re.match(r"[^={(\[;]*?(\w+)\s*[=(\[;]", head)
            is_type = head.startswith(("typedef", "enum", "struct", "union", "_Static_assert"))
            yield "" if is_type or not named else named[1], " ".join(said.split())


def _ours(path: Path) -> str:
    """The preprocessed text at x86-64-v4 of a file and of what it includes of native/."""
    flags = ["-E", "-std=c17", "-march=x86-64-v4", "-DBITFAST_LEVEL=v4"]
    text = subprocess.run(["gcc", *flags, path], capture_output=True, text=True, check=True).stdout
    kept, ours = [], False
    for line in text.splitlines():
        if line.startswith("# "):  # where the lines that follow are from
            ours = "native" in Path(line.split('"')[1]).parts
        elif ours:
            kept.append(line)
    return "\n".join(kept) + "\n"


@cache
def _accurate() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((NATIVE / "accurate").glob("*.c")):
        for name, said in _declarations(_ours(path)):
            if name and (said.endswith("}") or "=" in said) and said not in found.setdefault(name, []):
                found[name].append(said)
    return found


@cache
def fingerprint(function: str) -> str:
    """A hash of the code that a function's array answers come from, as the preprocessor leaves it at x86-64-v4.

    That is its kernel and its accurate path with all that they call. How arrays are walked through is not in it:
    tests/test_native_library.py tries that. The scalar form, where it has code of its own, is not either.
    """
    kernel: dict[str, list[str]] = {}
    for name, said in _declarations(_ours(NATIVE / f"elementary/{function}.c")):
        kernel.setdefault(name, []).append(said)
    parts = []
    for said_of, roots in ((kernel, {f"{function}_f64", f"{function}_f32"}), (_accurate(), {f"{function}_of"})):
        reached: set[str] = set()
        waiting = [name for name in roots if name in said_of]
        while waiting:
            name = waiting.pop()
            reached.add(name)
            words = set(re.findall(r"\w+", " ".join(said_of[name])))
            waiting += [word for word in words & said_of.keys() if word not in reached and word not in waiting]
        parts += [said for name in sorted(reached) for said in sorted(said_of[name])]
    return hashlib.sha256("".join("".join(parts).split()).encode()).hexdigest()[:16]


class _Wrong(ctypes.Structure):
    _fields_ = [(name, ctypes.c_double) for name in ("x", "y", "got", "want")]


def run(job: Job, code: str, library: Path, judge: Path) -> Outcome:
    """One job in this process, of the code whose fingerprint is given.

    Raises OSError where a library cannot be loaded, ValueError for an unknown level.
    """
    bitfast, judging = ctypes.CDLL(str(library)), ctypes.CDLL(str(judge))
    bitfast.bitfast_set_num_threads(1)
    level, _, form = job.level.partition(" ")
    if bitfast.bitfast_use_level(level.encode()) != 0:
        raise ValueError(f"this CPU does not have the level {level}")
    single = job.dtype == "float32"
    call = getattr(bitfast, f"bitfast_{job.function}{'f' if single else ''}{'' if form else '_array'}")
    judged = judging.judge_f32 if single else judging.judge_f64
    judged.restype = ctypes.c_uint64
    judged.argtypes = [
        ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_int,
        ctypes.POINTER(_Wrong), ctypes.c_uint64, ctypes.POINTER(ctypes.c_uint64),
    ]  # fmt: skip
    room = 8
    found, hashed = (_Wrong * room)(), ctypes.c_uint64()
    address = ctypes.cast(call, ctypes.c_void_p)
    name, scalar = job.function.encode(), form == "scalar"
    oracle = ORACLES[job.oracle]
    wrong = judged(name, scalar, address, job.first, job.count, oracle, found, room, ctypes.byref(hashed))
    examples = tuple((w.x, w.y, w.got, w.want) for w in found[: min(wrong, room)])
    return Outcome(job, code, wrong, examples, hashed.value)


def build_judge(directory: Path) -> Path:
    """judge.c as a shared library; needs a C compiler and MPFR's headers, and x86-64 for its long double."""
    directory.mkdir(parents=True, exist_ok=True)
    built = directory / "judge.so"
    flags = ["-O2", "-std=gnu17", "-shared", "-fPIC", "-ffp-contract=off"]
    source = Path(__file__).parent / "judge.c"
    subprocess.run(["gcc", *flags, source, "-o", built, "-lmpfr", "-lgmp", "-lm"], check=True)
    return built
