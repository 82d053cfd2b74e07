"""Starting other programs: nothing that they start outlives them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bitfast.process import run

STRAY = "setsid sh -c 'echo $$ > %s; exec sleep 300' %s & while ! [ -s %s ]; do sleep 0.01; done"


def stray(note: Path, *, silent: bool = True) -> str:
    """A shell command that starts a process in a session of its own, which notes its number."""
    return STRAY % (note, "> /dev/null 2>&1" if silent else "", note)


def ended(note: Path) -> bool:
    """Whether the stray is gone: a zombie has no memory."""
    status = Path(f"/proc/{note.read_text().strip()}/status")
    return not status.exists() or "VmSize" not in status.read_text()


def test_what_moves_to_another_session_ends_with_the_run(tmp_path: Path) -> None:
    note = tmp_path / "note"
    assert run(["/bin/sh", "-c", stray(note)]).ok
    assert ended(note)


def test_it_ends_with_the_last_of_the_runs_that_are_under_way(tmp_path: Path) -> None:
    notes = [tmp_path / "1", tmp_path / "2"]
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda note: run(["/bin/sh", "-c", stray(note) + "; sleep 0.2"]), notes))
    assert all(each.ok for each in runs) and all(map(ended, notes))


def test_a_stray_that_holds_the_output_does_not_prolong_a_run_whose_time_is_up(tmp_path: Path) -> None:
    note = tmp_path / "note"
    finished = run(["/bin/sh", "-c", stray(note, silent=False)], timeout_seconds=0.5)
    assert finished.timed_out and finished.seconds < 4
    assert ended(note)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_strays_too(number: signal.Signals, tmp_path: Path) -> None:
    note = tmp_path / "note"
    code = (
        "import signal, sys; from bitfast.process import interrupt, run\n"
        "for number in (signal.SIGINT, signal.SIGTERM): signal.signal(number, interrupt)\n"
        "run(['/bin/sh', '-c', sys.argv[1]])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, stray(note) + "; sleep 300"],
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
        stderr=subprocess.DEVNULL,
    )
    while not note.exists() or not note.read_text().strip():
        time.sleep(0.01)
    process.send_signal(number)
    process.wait(timeout=20)
    assert ended(note)


def test_programs_of_others_are_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen(["sleep", "300"], env={**os.environ, "BITFAST_RUN": "0000000001-00000000"})
    try:
        assert run(["true"]).ok
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
