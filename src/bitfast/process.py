"""The one way in which bitfast starts other programs: bounded in time, output and memory, ended as a whole group."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from bitfast.words import BitfastError

INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.RLock()  # the signal handler may meet the main thread inside
_starting = threading.Event()  # the main thread starts a process that is not in _running yet
_stopping = threading.Event()  # a signal came: nothing new is to run


@dataclass(frozen=True)
class Finished:
    """How a process ended. `status` is the exit status, negative for the signal that ended it."""

    arguments: tuple[str, ...]
    status: int
    stdout: bytes
    stderr: bytes
    seconds: float
    timed_out: bool = False
    output_limit_hit: bool = False

    @property
    def ok(self) -> bool:
        return self.status == 0 and not self.timed_out

    @property
    def text(self) -> str:
        return self.stdout.decode(errors="replace")

    def last_lines(self, count: int = 12) -> str:
        """The end of what it said, standard error first."""
        said = (self.stderr or self.stdout).decode(errors="replace").rstrip()
        return "\n".join(said.splitlines()[-count:])


def run(
    arguments: Sequence[str | os.PathLike[str]],
    *,
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: Path | None = None,
    stdout: Path | None = None,
    stderr: Path | None = None,
    timeout_seconds: float | None = None,
    memory_bytes: int | None = None,
    output_bytes: int | None = None,
) -> Finished:
    """Run a program to its end and return how it ended; never raises for a failing program.

    stdout and stderr go to the given files, or are returned. `output_bytes` bounds every file that the program writes
    (RLIMIT_FSIZE), `memory_bytes` its address space. When the time is up, or on an exception here (Ctrl-C), the whole
    process group is killed. Raises BitfastError when the program cannot be started at all.
    """
    command = tuple(os.fspath(argument) for argument in arguments)

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory_bytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        if output_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (output_bytes, output_bytes))

    needs_limits = memory_bytes is not None or output_bytes is not None
    begin = time.monotonic()
    with contextlib.ExitStack() as files:

        def opened(path: Path | None) -> IO[bytes] | int:
            return files.enter_context(path.open("wb")) if path is not None else subprocess.PIPE

        source = files.enter_context(stdin.open("rb")) if stdin is not None else subprocess.DEVNULL
        in_main_thread = threading.current_thread() is threading.main_thread()
        try:
            if in_main_thread:
                _starting.set()
            process = subprocess.Popen(
                command,
                cwd=directory,
                env=dict(environment) if environment is not None else None,
                stdin=source,
                stdout=opened(stdout),
                stderr=opened(stderr),
                start_new_session=True,
                preexec_fn=limits if needs_limits else None,
            )
        except OSError as error:
            raise BitfastError(
                f"cannot start {command[0]}: {error.strerror}",
                next_step="check that it is installed and executable (`bitfast targets` lists what is missing)",
                exit_status=3,
            ) from None
        else:
            with _lock:
                _running.add(process)
        finally:
            if in_main_thread:
                _starting.clear()
        timed_out = False
        try:
            if _stopping.is_set():
                raise KeyboardInterrupt
            try:
                out, err = process.communicate(timeout=timeout_seconds)
            except subprocess.TimeoutExpired:
                timed_out = True
                _kill_group(process)
                out, err = process.communicate()
        finally:
            _kill_group(process)
            process.wait()
            with _lock:
                _running.discard(process)
    return Finished(
        command,
        process.returncode,
        out or b"",
        err or b"",
        time.monotonic() - begin,
        timed_out,
        process.returncode in (-signal.SIGXFSZ, 128 + signal.SIGXFSZ),  # itself, or what a shell started
    )


def interrupt(number: int, frame: FrameType | None) -> None:
    """The handler of INTERRUPTS: kills all that runs and raises KeyboardInterrupt, once; what cleans up after
    that is not disturbed. In the moment in which a process is being started, `run` does both instead."""
    for each in INTERRUPTS:
        signal.signal(each, signal.SIG_IGN)
    _stopping.set()
    if not _starting.is_set():
        end_all()
        raise KeyboardInterrupt


def end_all() -> None:
    """Kill every process group that is still running; for signal handlers and the end of the program."""
    with _lock:
        processes = list(_running)
    for process in processes:
        _kill_group(process)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
