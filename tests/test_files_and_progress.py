"""Files are written whole or not at all; progress goes to stderr and only where somebody looks."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import pytest
from rich.console import Console

from bitfast.check import progress as progress_module
from bitfast.check.progress import Progress
from bitfast.files import write_atomically
from bitfast.words import BitfastError


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    write_atomically(path, b"old")

    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]


def test_a_file_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    for path in (tmp_path / "no such folder" / "r.html", tmp_path, Path("/proc/r.html"), Path("/dev/full")):
        with pytest.raises(BitfastError, match="cannot write") as caught:
            write_atomically(path, b"x")
        assert str(path) in caught.value.message and caught.value.next_step
        assert caught.value.exit_status == 2


def test_permissions_and_symbolic_links_survive(tmp_path: Path) -> None:
    path = tmp_path / "real ä.json"
    write_atomically(path, b"1")
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask
    path.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(path.name)
    write_atomically(link, b"2")
    assert link.is_symlink() and path.read_bytes() == b"2"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    read, write = os.pipe()
    write_atomically(f"/dev/fd/{write}", b"report")
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        assert pipe.read() == b"report"


def recorded(terminal: bool) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=60, force_terminal=terminal, _environ={"TERM": "xterm-256color"}), out


def test_without_a_terminal_nothing_is_said() -> None:
    console, out = recorded(False)
    with Progress(console=console) as progress, progress.stage("building") as stage:
        stage.update("3 of 9")
    assert out.getvalue() == ""


def test_verbose_gives_plain_lines_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "_PLAIN_SECONDS", 0.0)
    console, out = recorded(False)
    with Progress(verbose=True, console=console) as progress, progress.stage("searching") as stage:
        stage.update("12 of ~40")
    assert out.getvalue().splitlines() == ["searching", "searching: 12 of ~40", "searching: 0.0 s"]


def test_a_failing_stage_says_that_it_ended_and_the_error_goes_on() -> None:
    console, out = recorded(False)
    with (
        pytest.raises(KeyboardInterrupt),
        Progress(verbose=True, console=console) as progress,
        progress.stage("running"),
    ):
        raise KeyboardInterrupt
    assert out.getvalue().splitlines()[-1].startswith("running: ended after")


def test_a_terminal_shows_the_stage_and_gets_its_cursor_back() -> None:
    console, out = recorded(True)
    with Progress(console=console) as progress, progress.stage("searching [bold]") as stage:
        stage.update("12 of ~40 \x1b]0;owned\x07")
        progress.refresh()
    said = out.getvalue()
    assert "searching [bold]: 12 of ~40 \\x1b]0;owned" in said and "\x07" not in said
    assert said.rindex("\x1b[?25h") > said.rindex("\x1b[?25l")


def test_quiet_is_silent_at_a_terminal_too() -> None:
    console, out = recorded(True)
    with Progress(quiet=True, verbose=True, console=console) as progress, progress.stage("building") as stage:
        stage.update("x")
    assert out.getvalue() == ""
