"""Programs that do not build, run or end, through the real command line: a clear error, the documented status."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.command_line import FUSED, HELLO, Shell, tree


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


def test_a_crash_without_an_answer_is_nothing_to_compare(shell: Shell, tmp_path: Path) -> None:
    said = shell.check(tree(tmp_path / "p", a__c="#include <stdlib.h>\nint main(void) { abort(); }\n"))
    assert said.status == 3
    assert "SIGABRT" in said.stderr and "wrote nothing" in said.stderr


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
    without = shell.check(project)
    assert without.status == 3 and "stdin" in without.stderr
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


@pytest.mark.parametrize(
    "name", [b"two words", b'it\'s "quoted"', "Grüße 数".encode(), b"broken \xff byte", b"-dash", b"$(touch x)"]
)
def test_any_name_of_a_folder_and_a_file_works(name: bytes, shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "p" / os.fsdecode(name)
    folder.mkdir(parents=True)
    file = folder / os.fsdecode(name + b".c")
    file.write_text(FUSED)
    for what in (folder, file):
        said = shell.check(what)
        assert (said.status, said.result["verdict"]) == (0, "cured"), said.stderr


def test_without_a_command_the_help_is_printed_and_nothing_empty_said(shell: Shell) -> None:
    done = subprocess.run(shell.command(), env=shell.environment, capture_output=True, check=False)
    assert done.returncode == 2 and b"targets" in done.stdout
    assert done.stderr == b""


@pytest.mark.parametrize("path", ["absent.tar.gz", "absent.zip", "debian:absent"])
def test_fix_of_what_is_no_folder_is_refused_before_the_work(path: str, shell: Shell) -> None:
    said = shell.check(path, "--fix")
    assert said.status == 2 and "--fix needs the sources" in said.stderr
