"""Malformed configurations and impossible options: which, and what was expected, before any work."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.command_line import HELLO, Shell, tree


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("build = = 'make'\n", ("bitfast.toml", "line 1")),
        ("bild = 'make'\n", ("'bild'", "build")),
        ("run = 3\n", ("run is 3", "a shell command")),
        ("compare = [1]\n", ("compare", "a glob")),
        ("time-limit-seconds = 'long'\n", ("time-limit-seconds", "a number of seconds")),
        ("time-limit-seconds = -1\n", ("time-limit-seconds is -1", "more than zero")),
        ("time-limit-seconds = nan\n", ("time-limit-seconds", "more than zero")),
        ("time-limit-seconds = inf\n", ("time-limit-seconds", "number of seconds")),
        ("reference-runs = 1\n", ("reference-runs is 1", "2 is the least")),
        ("reference-runs = true\n", ("reference-runs is True", "whole number")),
        ("tolerance = {ulps = 2}\n", ("tolerance.ulps", "ulp (whole number)")),
        ("tolerance = {relative = nan}\n", ("tolerance.relative", "relative")),
        ("environment = {A = 1}\n", ("environment", "a table of strings")),
        ("environment = {'A=B' = 'x'}\n", ("environment", "A=B")),
        ('environment = {A = "x\\u0000y"}\n', ("environment", "A")),
        ('run = "a\\u0000b"\n', ("run", "NUL")),
        ("build = []\n", ("build", "a shell command")),
        ("target = 'vax'\n", ("vax", "aarch64-linux-gnu")),
        ("stdin = '../secret'\n", ("stdin", "../secret")),
    ],
)
def test_a_malformed_configuration_names_the_key_and_what_was_expected(
    text: str, words: tuple[str, ...], shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("1\n")
    said = shell.check(tree(tmp_path / "p", a__c=HELLO, bitfast__toml=text))
    assert said.status == 2, said.stderr
    assert all(word in said.stderr for word in words), said.stderr


def test_a_configuration_that_is_no_text_is_an_error(shell: Shell, tmp_path: Path) -> None:
    project = tree(tmp_path / "p", a__c=HELLO)
    (project / "bitfast.toml").write_bytes(b"name = '\xff'\n")
    assert shell.check(project).status == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--no-such-option",), "--no-such-option"),
        (("--target", "vax"), "vax"),
        (("--cpu", "z80"), "z80"),
        (("--ulp", "-1"), "ulp"),
        (("--relative", "nan"), "relative"),
        (("--config", "/no/such/bitfast.toml"), "/no/such/bitfast.toml"),
        (("--on", "gopher://x"), "gopher://x"),
    ],
)
def test_an_option_that_cannot_be_is_status_2(
    options: tuple[str, ...], words: str, shell: Shell, tmp_path: Path
) -> None:
    said = shell.check(tree(tmp_path / "p", a__c=HELLO), *options)
    assert said.status == 2, said.stderr
    assert words in said.stderr


@pytest.mark.parametrize("option", ["--json", "--html", "--sarif", "--svg", "--patch"])
def test_a_report_that_cannot_be_written_fails_before_the_work(option: str, shell: Shell, tmp_path: Path) -> None:
    project = tree(tmp_path / "p", a__c=HELLO)
    for place in (tmp_path / "missing" / "report", tmp_path):
        begin = time.monotonic()
        marker = tmp_path / "built"
        said = shell.check(project, option, str(place), "--build", f"touch {marker}")
        assert said.status == 2 and str(place) in said.stderr
        assert not marker.exists()
        assert time.monotonic() - begin < 20


def test_what_is_not_there_or_no_program_is_status_2(shell: Shell, tmp_path: Path) -> None:
    assert shell.check(tmp_path / "nothing").status == 2
    (tmp_path / "notes.txt").write_text("hello\n")
    said = shell.check(tmp_path / "notes.txt")
    assert said.status == 2 and "notes.txt" in said.stderr
    os.mkfifo(tmp_path / "pipe.c")
    assert shell.check(tmp_path / "pipe.c").status == 2
