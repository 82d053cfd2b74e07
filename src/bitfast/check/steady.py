"""What can be held still while a program runs (the clock, random bytes, process ids, addresses, threads) and how."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bitfast.check.toolbox import preloaded
from bitfast.chips import Target

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "TBB_NUM_THREADS")


@dataclass(frozen=True, eq=False)
class Hold:
    """One thing that is held still. `portable`: held alike on every chip, so that answers can be compared under it; the
    layout of memory differs between chips even where it repeats on each."""

    name: str
    words: str  # what reports call it
    calls: frozenset[str] = frozenset()  # names in a source that bring it in, in lower case
    variables: Mapping[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()  # a command in front of the program's
    preload: bool = True
    portable: bool = True


def _names(*several: str) -> frozenset[str]:
    return frozenset(name for names in several for name in names.split())


TIME = Hold(
    "time",
    "the clock",
    _names(
        "time clock clock_gettime gettimeofday times getrusage timespec_get ftime localtime gmtime",
        "system_clock steady_clock high_resolution_clock cpu_time date_and_time secnds dtime etime omp_get_wtime",
    ),
)
RANDOM = Hold(
    "random",
    "random bytes of the system",
    _names("getrandom getentropy arc4random arc4random_buf arc4random_uniform random_device random_seed random_init"),
    {"PYTHONHASHSEED": "0", "PERL_HASH_SEED": "0"},
)
PROCESS = Hold("process", "the process id", _names("getpid getppid gettid"))
THREADS = Hold(
    "threads",
    "the order in which threads run",
    _names(
        "pthread_create thrd_create thread jthread async hardware_concurrency",
        "omp_get_num_threads omp_get_thread_num",
    ),
    dict.fromkeys(_ONE_THREAD, "1"),
    ("taskset", "-c", str(min(os.sched_getaffinity(0)))),
    preload=False,
)
ADDRESSES = Hold("addresses", "where things lie in memory", prefix=("setarch", "-R"), preload=False, portable=False)

MOVED_SECONDS = 400 * 86400 + 3600 + 60 + 1
MOVED = Hold("moved", "the calendar, some 400 days later", variables={"BITFAST_CLOCK_SHIFT": str(MOVED_SECONDS)})
CONTROL = Hold("still", "nothing, in as many bytes of environment", variables={"BITFAST_CLOCK_SHIFT": "0" * 8})
"""Without the move but otherwise the same: the environment's size moves the stack."""

HOLDS = (TIME, RANDOM, PROCESS, THREADS, ADDRESSES)
_ALL: Mapping[str, Hold] = {hold.name: hold for hold in (*HOLDS, MOVED, CONTROL)}


def holds(names: Sequence[str]) -> tuple[Hold, ...]:
    """The holds of these names."""
    return tuple(_ALL[name] for name in names)


def holding_environment(names: Sequence[str], target: Target, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that hold these things in programs of a target, given the environment they are added to."""
    held = holds(names)
    variables = {name: value for hold in held for name, value in hold.variables.items()}
    if any(hold.preload for hold in held):
        libraries = [environment.get("LD_PRELOAD", ""), preloaded("steady.c", target)]
        variables["LD_PRELOAD"] = ":".join(filter(None, libraries))
        variables["BITFAST_STEADY"] = ",".join(hold.name for hold in held)
    return variables


def holding_command(names: Sequence[str], command: str) -> str:
    """The shell command under which a shell command runs with these things held."""
    words = [word for hold in holds(names) for word in hold.prefix]
    return shlex.join([*words, "/bin/sh", "-c", command]) if words else command
