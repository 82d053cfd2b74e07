"""Bad input through the real command line: a clear error, the documented status, and nothing lost or left behind."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src"
FUSED = """#include <stdio.h>
int main(void)
{
    for (int i = 1; i < 40; i++) {
        volatile double a = 1.0 / i;
        printf("%.17g\\n", a * 3.7 + 0.1);
    }
    return 0;
}
"""
HELLO = '#include <stdio.h>\nint main(void)\n{\n    puts("42");\n    return 0;\n}\n'


@dataclass(frozen=True)
class Said:
    status: int
    stdout: str
    stderr: str

    @property
    def result(self) -> dict[str, object]:
        return dict(json.loads(self.stdout))


class Shell:
    """A user's command line with a folder for temporary files of its own."""

    def __init__(self, directory: Path) -> None:
        self.temporary = directory / "tmp"
        self.temporary.mkdir()
        self.environment = {**os.environ, "PYTHONPATH": str(SOURCE), "TMPDIR": str(self.temporary)}

    def command(self, *arguments: str | bytes | Path) -> list[str | bytes | Path]:
        return [sys.executable, "-m", "bitfast", *arguments]

    def check(self, *arguments: str | bytes | Path, environment: Mapping[str, str] | None = None) -> Said:
        """`bitfast check`, with the result as JSON on stdout; nothing may be left behind."""
        finished = subprocess.run(
            self.command("check", "-q", "--json", "/dev/stdout", *arguments),
            env={**self.environment, **(environment or {})},
            capture_output=True,
            timeout=300,
            check=False,
        )
        said = Said(finished.returncode, finished.stdout.decode(), finished.stderr.decode(errors="replace"))
        assert "Traceback" not in said.stderr
        assert "an error of bitfast itself" not in said.stderr
        assert list(self.temporary.iterdir()) == []
        assert processes_in(self.temporary) == []
        return said


def processes_in(directory: Path) -> list[str]:
    """The processes that work in a directory, run a program from it, or name it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = [str((process / link).readlink()) for link in ("cwd", "exe")]
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if process.name != str(os.getpid()) and any(str(directory) in text for text in (*where, words)):
            found.append(words)
    return found


def state(tree: Path) -> dict[str, tuple[object, ...]]:
    """All that a user could notice of a tree: names, kinds, permissions, times, contents."""
    found: dict[str, tuple[object, ...]] = {}
    for path in (tree, *sorted(tree.rglob("*"))):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        found[str(path.relative_to(tree))] = (status.st_mode, status.st_mtime_ns, status.st_size, content)
    return found


def tree(directory: Path, **files: str) -> Path:
    """A folder with these files; `__` in a name stands for a dot."""
    directory.mkdir(parents=True)
    for name, text in files.items():
        (directory / name.replace("__", ".")).write_text(text)
    return directory


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    yield Shell(tmp_path)


# -- tools, building -----------------------------------------------------------------------------------------------------


def test_a_missing_compiler_is_named_with_what_gets_it(shell: Shell, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for folder in ("/usr/bin", "/bin"):
        for path in Path(folder).iterdir():
            if not path.name.startswith("aarch64") and not (tools / path.name).exists():
                (tools / path.name).symlink_to(path)
    project = tree(tmp_path / "p", hello__c=HELLO)
    said = shell.check(project, environment={"PATH": str(tools)})
    assert said.status == 3
    assert "aarch64" in said.stderr and "bitfast targets --install aarch64-linux-gnu" in said.stderr


def test_a_build_that_fails_here_shows_its_last_lines(shell: Shell, tmp_path: Path) -> None:
    said = shell.check(tree(tmp_path / "p", a__c="int main(void) { return undeclared_thing; }\n"))
    assert said.status == 3
    assert "on the reference" in said.stderr and "undeclared_thing" in said.stderr


@pytest.mark.parametrize(
    ("text", "hindrance"),
    [
        (
            'int main(void) { unsigned a; __asm__ __volatile__("cpuid" : "=a"(a) :: "ebx", "ecx", "edx"); return 0; }',
            "inline-assembly",
        ),
        ("#include <immintrin.h>\nint main(void) { return _mm_cvtsi128_si32(_mm_setzero_si128()); }", "intrinsics"),
    ],
)
def test_a_build_that_fails_there_names_what_hinders_it(
    text: str, hindrance: str, shell: Shell, tmp_path: Path
) -> None:
    said = shell.check(tree(tmp_path / "p", a__c=text + "\n"))
    assert said.status == 3
    assert said.result["verdict"] == "not-built"
    (found,) = [one for one in said.result["hindrances"] if one["cause"] == hindrance]  # type: ignore[attr-defined]
    assert found["places"][0]["file"] == "a.c"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("true", "linked no program"),
        ("gcc a.c -o one && gcc a.c -o two", "linked 2 programs: one, two"),
        ("exit 7", "exit 7"),
    ],
)
def test_a_build_with_nothing_to_run_or_a_choice_asks(command: str, words: str, shell: Shell, tmp_path: Path) -> None:
    said = shell.check(tree(tmp_path / "p", a__c=HELLO), "--build", command)
    assert said.status in (2, 3)
    assert words in said.stderr and "→" in said.stderr


def test_an_empty_folder_says_what_was_looked_for(shell: Shell, tmp_path: Path) -> None:
    said = shell.check(tree(tmp_path / "p"))
    assert said.status == 2
    assert "CMakeLists.txt" in said.stderr and "--build" in said.stderr


# -- running -------------------------------------------------------------------------------------------------------------


def test_a_crash_on_both_sides_is_the_same_answer(shell: Shell, tmp_path: Path) -> None:
    said = shell.check(tree(tmp_path / "p", a__c="#include <stdlib.h>\nint main(void) { abort(); }\n"))
    assert (said.status, said.result["verdict"]) == (0, "same")


def test_a_crash_on_one_side_is_a_difference(shell: Shell, tmp_path: Path) -> None:
    text = "#include <stdlib.h>\nint main(void)\n{\n#ifdef __aarch64__\n    abort();\n#endif\n    return 0;\n}\n"
    said = shell.check(tree(tmp_path / "p", a__c=text), "--no-search")
    assert (said.status, said.result["verdict"]) == (1, "differs")
    (difference,) = said.result["differences"]  # type: ignore[misc]
    assert difference["output"] == "exit status"
    assert "SIGABRT" in difference["first"]["target"] or "SIGABRT" in json.dumps(said.result)


def test_a_program_that_hangs_is_ended_after_its_time(shell: Shell, tmp_path: Path) -> None:
    project = tree(tmp_path / "p", a__c="int main(void) { for (;;) {} }\n", bitfast__toml="time-limit-seconds = 1\n")
    said = shell.check(project)
    assert said.status == 3
    assert "did not end within 1 s" in said.stderr and "time-limit-seconds" in said.stderr


def test_a_program_that_hangs_there_only_differs(shell: Shell, tmp_path: Path) -> None:
    text = "int main(void)\n{\n#ifdef __aarch64__\n    for (;;) {}\n#endif\n    return 0;\n}\n"
    project = tree(tmp_path / "p", a__c=text, bitfast__toml="time-limit-seconds = 0.1\n")
    said = shell.check(project, "--no-search")
    assert (said.status, said.result["verdict"]) == (1, "differs")
    assert "did not end in time" in json.dumps(said.result)


def test_silence_is_compared_and_said(shell: Shell, tmp_path: Path) -> None:
    said = shell.check(tree(tmp_path / "p", a__c="int main(void) { return 0; }\n"))
    assert said.status == 0
    assert "wrote nothing" in json.dumps(said.result)


def test_a_program_that_wants_input_meets_its_end_or_the_file_given(shell: Shell, tmp_path: Path) -> None:
    text = (
        '#include <stdio.h>\nint main(void) { double x; return scanf("%lf", &x) == 1 ? printf("%g\\n", x) < 0 : 3; }\n'
    )
    project = tree(tmp_path / "p", a__c=text)
    assert shell.check(project).status == 0
    (project / "in.txt").write_text("2.5\n")
    (project / "bitfast.toml").write_text('stdin = "in.txt"\n')
    assert shell.check(project).status == 0
    (project / "bitfast.toml").write_text('stdin = "no.txt"\n')
    said = shell.check(project)
    assert said.status == 2 and "no.txt" in said.stderr


def test_more_output_than_the_limit_is_an_error(shell: Shell, tmp_path: Path) -> None:
    text = '#include <stdio.h>\nint main(void) { for (;;) puts("0123456789012345678901234567890123456789"); }\n'
    said = shell.check(tree(tmp_path / "p", a__c=text, bitfast__toml="output-limit-mib = 3\n"))
    assert said.status == 3
    assert "more than 3 MiB" in said.stderr and "output-limit-mib" in said.stderr


def test_a_library_that_is_missing_there_is_not_run(shell: Shell, tmp_path: Path) -> None:
    project = tree(
        tmp_path / "p", a__c="int f(void);\nint main(void) { return f(); }\n", f__c="int f(void) { return 0; }\n"
    )
    build = (
        "gcc -shared -fPIC f.c -o libf.so && gcc a.c -L. -lf -Wl,-rpath,'$ORIGIN' -o a &&"
        " if readelf -h a | grep -q AArch64; then rm libf.so; fi"
    )
    said = shell.check(project, "--build", build)
    assert (said.status, said.result["verdict"]) == (3, "not-run")
    assert "libf.so" in json.dumps(said.result["notes"])


def test_a_run_command_that_is_not_there_is_named(shell: Shell, tmp_path: Path) -> None:
    said = shell.check(tree(tmp_path / "p", a__c=HELLO), "--run", "./no-such-program 1")
    assert said.status == 3
    assert "no-such-program" in said.stderr and "--run" in said.stderr


# -- names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [b"two words", b'it\'s "quoted"', "Grüße 数".encode(), b"broken \xff byte", b"-dash", b"$(touch x)"]
)
def test_any_name_of_a_folder_and_a_file_works(name: bytes, shell: Shell, tmp_path: Path) -> None:
    folder = os.path.join(os.fsencode(tmp_path), b"p", name)
    os.makedirs(folder)
    with open(os.path.join(folder, name + b".c"), "w") as file:
        file.write(FUSED)
    for what in (folder, os.path.join(folder, name + b".c")):
        said = shell.check(what)
        assert (said.status, said.result["verdict"]) == (0, "cured"), said.stderr


# -- nothing is lost -----------------------------------------------------------------------------------------------------


def test_a_read_only_tree_is_checked_and_stays_as_it_is(shell: Shell, tmp_path: Path) -> None:
    project = tree(tmp_path / "p", a__c=FUSED, Makefile="prog: a.c\n\t$(CC) -O2 a.c -o prog\n", data__txt="1\n")
    (project / "link").symlink_to(project / "data.txt")
    for path in project.iterdir():
        if not path.is_symlink():
            path.chmod(0o444)
    project.chmod(0o555)
    before = state(project)
    said = shell.check(
        project, "--run", "./prog && date >> data.txt && echo more >> link && rm a.c", "--compare", "nothing"
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
    assert process.returncode in (130, 0, -number), said  # 0: it was done; the signal itself: Python was not yet up
    if process.returncode == 130:
        assert said.decode() == "\nbitfast: interrupted; nothing was written\n"
        assert not report.exists() and not patch.exists()
    assert list(shell.temporary.iterdir()) == []
    assert processes_in(shell.temporary) == []
    assert state(project) == before


# -- configuration and options -------------------------------------------------------------------------------------------


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


# -- the patch -----------------------------------------------------------------------------------------------------------


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
    from bitfast.patching import apply_patch
    from bitfast.words import BitfastError

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


# -- archives ------------------------------------------------------------------------------------------------------------


def member(name: str, **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info, content = tarfile.TarInfo(name), HELLO.encode()
    info.size = len(content)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content if info.isreg() else b""


TARS = {
    "a name above": [member("../outside.c")],
    "an absolute name": [member("/OUTSIDE/outside.c")],
    "a link above": [member("p/a", type=tarfile.SYMTYPE, linkname="../../..", size=0), member("p/a/outside.c")],
    "an absolute link": [member("p/a", type=tarfile.SYMTYPE, linkname="/OUTSIDE", size=0), member("p/a/outside.c")],
    "a hard link out": [member("p/a.c", type=tarfile.LNKTYPE, linkname="../../../etc/passwd", size=0)],
    "a device": [member("p/a.c"), member("p/null", type=tarfile.CHRTYPE, devmajor=1, devminor=3, size=0)],
    "nothing": [],
}


@pytest.mark.parametrize("kind", TARS)
def test_an_untrusted_tarball_writes_nothing_outside(kind: str, shell: Shell, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    archive = tmp_path / "x.tar.gz"
    with tarfile.open(archive, "w:gz") as opened:
        for info, content in TARS[kind]:
            info.name = info.name.replace("/OUTSIDE", str(outside))
            info.linkname = info.linkname.replace("/OUTSIDE", str(outside))
            opened.addfile(info, io.BytesIO(content))
    before = state(outside)
    said = shell.check(archive)
    assert said.status == 2, said.stderr
    assert kind == "an absolute name" or "x.tar.gz" in said.stderr  # its name is made relative: nothing to build there
    assert state(outside) == before
    assert not list(tmp_path.glob("**/outside.c"))


@pytest.mark.parametrize("name", ["../outside.c", "/OUTSIDE/outside.c", "p/../../outside.c"])
def test_an_untrusted_zip_writes_nothing_outside(name: str, shell: Shell, tmp_path: Path) -> None:
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(zipfile.ZipInfo(name.replace("/OUTSIDE", str(tmp_path))), HELLO)
    said = shell.check(archive)
    assert said.status == 2 and "outside its folder" in said.stderr
    assert not list(tmp_path.glob("**/outside.c"))


def test_a_bomb_is_refused_before_it_is_unpacked(shell: Shell, tmp_path: Path) -> None:
    head = tarfile.TarInfo("p/huge")
    head.size = 1 << 40
    (tmp_path / "x.tar").write_bytes(head.tobuf(tarfile.GNU_FORMAT) + bytes(10240))
    said = shell.check(tmp_path / "x.tar")
    assert said.status == 2 and "GiB" in said.stderr


@pytest.mark.parametrize("name", ["x.tar.gz", "x.tar.xz", "x.tar.bz2", "x.tar", "x.zip"])
@pytest.mark.parametrize("damage", ["truncated", "garbage", "empty", "flipped"])
def test_a_broken_archive_is_status_2(name: str, damage: str, shell: Shell, tmp_path: Path) -> None:
    whole = tree(tmp_path / "p", a__c=HELLO * 400)
    archive = tmp_path / name
    kind = {"gz": "gztar", "xz": "xztar", "bz2": "bztar", "tar": "tar", "zip": "zip"}[name.rsplit(".", 1)[1]]
    made = Path(shutil.make_archive(str(tmp_path / "made"), kind, whole.parent, whole.name)).read_bytes()
    middle = len(made) // 3
    damaged = {
        "truncated": made[:middle],
        "garbage": b"this is no archive" * 50,
        "empty": b"",
        "flipped": made[:middle] + bytes(byte ^ 0x55 for byte in made[middle : middle + 9]) + made[middle + 9 :],
    }[damage]
    archive.write_bytes(damaged)
    said = shell.check(archive, "--build", "true", "--run", "true")
    if (name, damage) == ("x.tar", "flipped"):  # no checksum covers contents there
        return
    assert said.status == 2, said.stderr
    assert name in said.stderr
