"""Whatever happens, the user's tree stays as it is, and neither processes nor files are left behind."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from bitfast.patching import apply_patch
from bitfast.words import BitfastError
from tests.command_line import FUSED, HELLO, Shell, processes_in, state, tree


def test_a_read_only_tree_is_checked_and_stays_as_it_is(shell: Shell, tmp_path: Path) -> None:
    project = tree(tmp_path / "p", a__c=FUSED, Makefile="prog: a.c\n\t$(CC) -O2 a.c -o prog\n", data__txt="1\n")
    (project / "link").symlink_to(project / "data.txt")
    for path in project.iterdir():
        if not path.is_symlink():
            path.chmod(0o444)
    project.chmod(0o555)
    before = state(project)
    said = shell.check(
        project,
        "--run",
        "./prog | tee out && date >> data.txt && echo more >> link && rm a.c",
        "--compare",
        "out",
    )
    assert said.status == 0, said.stderr
    assert state(project) == before
    project.chmod(0o755)


def test_no_space_is_said_and_nothing_is_left(shell: Shell, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("mounting needs privileges")
    try:
        project = tree(tmp_path / "p", a__c=HELLO)
        (project / "big").write_bytes(bytes(1 << 20))
        said = shell.check(project, environment={"TMPDIR": str(small)})
        assert said.status == 3 and "TMPDIR" in said.stderr
        (project / "big").write_bytes(bytes(170 << 10))
        said = shell.check(project, environment={"TMPDIR": str(small)})
        assert said.status == 3 and "o space" in said.stderr
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("seconds", [0.2, 0.9, 1.6, 2.3, 3.0, 4.0])
def test_an_interruption_leaves_nothing(number: signal.Signals, seconds: float, shell: Shell, tmp_path: Path) -> None:
    project = tree(
        tmp_path / "p",
        a__c=FUSED.replace("return 0", 'return system("sleep 0.3")').replace("stdio", "stdlib.h>\n#include <stdio"),
    )
    before = state(project)
    report, patch = tmp_path / "report.json", tmp_path / "cure.patch"
    process = subprocess.Popen(
        ["env", "--default-signal=INT", *shell.command("check", project, "--json", report, "--patch", patch)],
        env=shell.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    time.sleep(seconds)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    # 0: it was done. A signal: Python was starting; CPython ends so whenever SIGINT met it in an exec of a string.
    assert process.returncode in (130, 0, -number, -signal.SIGINT), said
    if process.returncode == 130:
        assert said.decode() == "\nbitfast: interrupted; nothing was written\n"
        assert not report.exists() and not patch.exists()
    assert list(shell.temporary.iterdir()) == []
    assert processes_in(shell.temporary) == []
    assert state(project) == before


def test_fix_cures_the_sources_and_a_second_check_says_same(shell: Shell, tmp_path: Path) -> None:
    project = tree(tmp_path / "p", a__c=FUSED)
    said = shell.check(project, "--fix", "--patch", str(tmp_path / "cure.patch"))
    assert (said.status, said.result["verdict"]) == (0, "cured")
    assert "a.c" in said.stderr
    again = shell.check(project)
    assert (again.status, again.result["verdict"]) == (0, "same")
    (project / "a.c").write_text(FUSED)
    subprocess.run(["patch", "-p1", "-i", tmp_path / "cure.patch"], cwd=project, check=True, capture_output=True)
    assert shell.check(project).result["verdict"] == "same"


def test_a_patch_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    project = tree(tmp_path / "p", a__c="one\n", b__c="two\n")
    before = state(project)
    good = "--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-one\n+eins\n"
    for bad in (
        "--- a/b.c\n+++ b/b.c\n@@ -1 +1 @@\n-drei\n+zwei\n",
        "--- a/none.c\n+++ b/none.c\n@@ -1 +1 @@\n-x\n+y\n",
        "--- a/../out\n+++ b/../out\n@@ -0,0 +1 @@\n+y\n",
    ):
        with pytest.raises(BitfastError):
            apply_patch(good + bad, project)
        assert state(project) == before
        assert not (tmp_path / "out").exists()
    assert apply_patch(good, project) == ("a.c",)
    assert (project / "a.c").read_text() == "eins\n"
