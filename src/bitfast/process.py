"""How bitfast starts other programs, always: bounded in time, output and memory, ended with all that they started."""

from __future__ import annotations

import contextlib
import os
import resource
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from bitfast.words import BitfastError

INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What is started carries this in its environment, and so does what that starts, whatever session it moves to. It is the
# same for all runs, lest a program that prints its environment seems not to repeat itself.
_MARK, _OWN_MARK = "BITFAST_RUN", f"{os.getpid():010d}-{secrets.token_hex(4)}"
_LAST_WORDS_SECONDS = 5.0  # how long the output of what was killed is waited for: a stray may hold its pipe
_running: set[subprocess.Popen[bytes]] = set()
_marked_runs = 0  # how many calls of `run` are under way whose strays are looked for
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
    lasting: bool = False,
) -> Finished:
    """Run a program to its end and return how it ended; never raises for a failing program.

    stdout and stderr go to the given files, or are returned. `output_bytes` bounds every file that the program writes
    (RLIMIT_FSIZE), `memory_bytes` its address space. When the time is up, or on an exception here (Ctrl-C), the whole
    process group is killed; what left the group is killed when no other run is under way. A `lasting` one runs beside
    all others. Raises BitfastError when the program cannot be started at all.
    """
    command = tuple(os.fspath(argument) for argument in arguments)

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory_bytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        if output_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (output_bytes, output_bytes))

    needs_limits = memory_bytes is not None or output_bytes is not None
    variables = dict(os.environ if environment is None else environment)
    begin = time.monotonic()
    with contextlib.ExitStack() as files:
        if not lasting:
            variables[_MARK] = _OWN_MARK
            files.enter_context(_strays_ended())

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
                env=variables,
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
                out, err = _last_words(process)
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
    """Kill all that is still running; for signal handlers and the end of the program."""
    with _lock:
        for process in _running:
            _kill_group(process)
        _kill_marked()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _last_words(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """What a killed process said. A stray that left its group may hold the pipes open for ever."""
    with _lock:
        if _marked_runs == 1:
            _kill_marked()
    try:
        return process.communicate(timeout=_LAST_WORDS_SECONDS)
    except subprocess.TimeoutExpired as late:
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        return late.stdout or b"", late.stderr or b""


@contextlib.contextmanager
def _strays_ended() -> Iterator[None]:
    """At the end of the last of the runs under way at a time, kill what they left running."""
    global _marked_runs
    with _lock:
        _marked_runs += 1
    try:
        yield
    finally:
        with _lock:
            _marked_runs -= 1
            if _marked_runs == 0:
                _kill_marked()


def _kill_marked() -> None:
    """Kill every process of this user that carries the mark, until there is none: they may fork meanwhile."""
    for _ in range(50):
        marked = [number for number in _own_processes() if _is_marked(number)]
        if not marked:
            return
        for number in marked:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(number, signal.SIGKILL)
        time.sleep(0.002)


def _own_processes() -> Iterator[int]:
    user = os.geteuid()
    with os.scandir("/proc") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and entry.stat().st_uid == user:
                    yield int(entry.name)


def _is_marked(number: int) -> bool:
    try:
        variables = Path(f"/proc/{number}/environ").read_bytes()
    except OSError:  # it ended, or has other rights
        return False
    return f"{_MARK}={_OWN_MARK}".encode() in variables.split(b"\0")
