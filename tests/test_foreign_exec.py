"""Programs of the target start wherever a build or a run starts one, and the machine looks like the target's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast.check.tools import Tools
from bitfast.chips import Target
from tests.benches import shell, tools_for, written

HELLO = """\
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
int main(int argc, char **argv)
{
    struct utsname name;
    uname(&name);
    printf("%s on %s:", getenv("WORD") ? getenv("WORD") : "hello", name.machine);
    for (int i = 0; i < argc; i++)
        printf(" [%s]", argv[i]);
    printf("\\n");
    return argc > 1 ? atoi(argv[1]) : 0;
}
"""
# Starts ./hello in the way that its argument names, as a child, and prints how the child ended.
STARTER = r"""
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
int main(int argc, char **argv)
{
    char *const words[] = {"h i", "3", "a b", NULL}, *const other[] = {"WORD=hola", NULL};
    const char *how = argc > 1 ? argv[1] : "";
    pid_t child = 0;
    int status = 0;
    setenv("PATH", "/nowhere:.:/usr/bin:/bin", 1);
    if (!strcmp(how, "system")) status = system("./hello 3 'a b'");
    else if (!strcmp(how, "popen")) {
        char line[200];
        FILE *from = popen("./hello 3 'a b'", "r");
        while (fgets(line, sizeof line, from)) fputs(line, stdout);
        status = pclose(from);
    } else if (!strcmp(how, "posix_spawn")) {
        if (posix_spawn(&child, "./hello", NULL, NULL, words, environ)) return 99;
    } else if (!strcmp(how, "posix_spawnp")) {
        if (posix_spawnp(&child, "hello", NULL, NULL, words, environ)) return 99;
    } else if (!(child = fork())) {
        if (!strcmp(how, "execve")) execve("./hello", words, other);
        if (!strcmp(how, "execv")) execv("./hello", words);
        if (!strcmp(how, "execvp")) execvp("hello", words);
        if (!strcmp(how, "execvpe")) execvpe("hello", words, other);
        if (!strcmp(how, "execl")) execl("./hello", "h i", "3", "a b", NULL);
        if (!strcmp(how, "execlp")) execlp("hello", "h i", "3", "a b", NULL);
        if (!strcmp(how, "execle")) execle("./hello", "h i", "3", "a b", NULL, other);
        if (!strcmp(how, "fexecve")) fexecve(fileno(fopen("./hello", "rb")), words, environ);
        _exit(99);
    }
    if (child) waitpid(child, &status, 0);
    printf("ended with %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
    return 0;
}
"""
WAYS = "execve execv execvp execvpe execl execlp execle posix_spawn posix_spawnp system popen fexecve".split()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, target_here: Callable[[str], Target]) -> tuple[Tools, Path]:
    """The tools of an aarch64 build, and a folder with hello and starter for it and native-starter for this machine."""
    folder = tmp_path_factory.mktemp("foreign")
    tools, _ = tools_for(folder, target_here("aarch64-linux-gnu"))
    tree = written(folder / "tree", {"hello.c": HELLO, "starter.c": STARTER})
    assert shell(tools, "gcc hello.c -o hello && gcc starter.c -o starter", tree).ok
    assert shell(tools, "PATH=/usr/bin:/bin gcc starter.c -o native-starter", tree).ok
    return tools, tree


@pytest.mark.parametrize("starter", ["starter", "native-starter"])
@pytest.mark.parametrize("way", WAYS)
def test_a_program_starts_in_every_way(built: tuple[Tools, Path], starter: str, way: str) -> None:
    tools, tree = built
    ended = shell(tools, f"./{starter} {way}", tree)
    name = "./hello" if way in ("system", "popen") else "h i"
    word = "hola" if way in ("execve", "execvpe", "execle") else "hello"
    assert ended.text.splitlines() == [f"{word} on aarch64: [{name}] [3] [a b]", "ended with 3"], ended.last_lines()


@pytest.mark.parametrize(
    "command",
    [
        "./hello 3 'a b'",
        "sh -c './hello 3 \"a b\"'",
        "bash -c './hello 3 \"a b\"'",
        "/usr/bin/env ./hello 3 'a b'",
        "env PATH=.:$PATH hello 3 'a b'",
        "env -i ./hello 3 'a b'",
        "timeout 20 ./hello 3 'a b'",
        "nice ./hello 3 'a b'",
        "echo ./hello 3 \"'a b'\" | sh",
        "printf '3\\0a b\\0' | xargs -0 ./hello",
        'python3 -c \'import subprocess as s; raise SystemExit(s.run(["./hello", "3", "a b"]).returncode)\'',
        'python3 -c \'import os; os.execv("./hello", ["./hello", "3", "a b"])\'',
        'perl -e \'exec "./hello", "3", "a b"\'',
    ],
)
def test_a_command_starts_it(built: tuple[Tools, Path], command: str) -> None:
    tools, tree = built
    ended = shell(tools, command, tree)
    assert "[3] [a b]" in ended.text, ended.last_lines()
    assert ended.text.startswith("hello on aarch64:")
    assert ended.status == (123 if "xargs" in command else 3)


GENERATING = {
    "Makefile": "all: user\n\t./user\nuser: user.c table.h\n\t$(CC) user.c -o $@\n"
    "table.h: gen\n\t./gen > $@\ngen: gen.c\n",
    "gen.c": '#include <stdio.h>\nint main(void) { printf("#define UNSIGNED %d\\n", (char)200 > 0); return 0; }\n',
    "user.c": '#include <stdio.h>\n#include "table.h"\n'
    'int main(void) { printf("unsigned: %d\\n", UNSIGNED); return 0; }\n',
}


def test_make_starts_what_it_built_and_builds_on_with_what_that_wrote(
    built: tuple[Tools, Path], tmp_path: Path
) -> None:
    ended = shell(built[0], "make", written(tmp_path, GENERATING))
    assert "\nunsigned: 1\n" in ended.text, ended.last_lines()


def test_a_chain_of_target_and_native_programs_runs_and_is_noted(built: tuple[Tools, Path], tmp_path: Path) -> None:
    tools, tree = built
    log = tmp_path / "executed"
    ended = shell(tools, "sh -c './starter system'", tree, BITFAST_EXECUTED=str(log))
    assert ended.text.startswith("hello on aarch64:")
    assert log.read_text().splitlines() == [str(tree / "starter"), str(tree / "hello")]
    native = tmp_path / "nothing"
    assert shell(tools, "sh -c 'true; ls'", tree, BITFAST_EXECUTED=str(native)).ok
    assert not native.exists()


def test_a_signal_ends_as_a_signal(built: tuple[Tools, Path], tmp_path: Path) -> None:
    tools, _ = built
    tree = written(tmp_path, {"a.c": "#include <stdlib.h>\nint main(void) { abort(); }\n"})
    assert shell(tools, "gcc a.c -o a", tree).ok
    assert shell(tools, "./a; echo $?", tree).text.strip() == "134"


def test_a_missing_program_is_missing_as_ever(built: tuple[Tools, Path]) -> None:
    tools, tree = built
    assert shell(tools, "./nosuch", tree).status == 127
    assert shell(tools, "./hello.c", tree).status == 126


def test_a_script_whose_interpreter_is_a_program_of_the_target_starts(built: tuple[Tools, Path]) -> None:
    tools, tree = built
    written(tree, {"script": f"#!{tree}/hello -x\n"})
    (tree / "script").chmod(0o755)
    ended = shell(tools, "./script 1 2", tree)
    assert ended.text == f"hello on aarch64: [{tree}/hello] [-x] [./script] [1] [2]\n", ended.last_lines()


@pytest.mark.parametrize("name", ["aarch64-linux-gnu", "riscv64-linux-gnu"])
@pytest.mark.parametrize(
    "command", ["uname -m", "arch", "python3 -c 'import os; print(os.uname().machine)'", "echo $(sh -c 'uname -m')"]
)
def test_the_machine_says_the_targets_name(
    tmp_path: Path, target_here: Callable[[str], Target], name: str, command: str
) -> None:
    target = target_here(name)
    tools, _ = tools_for(tmp_path, target)
    assert shell(tools, command, tmp_path).text.strip() == target.machine


def test_the_reference_says_its_own_name(tmp_path: Path) -> None:
    tools, _ = tools_for(tmp_path)
    here = shell(tools, "uname -m", tmp_path).text
    assert here == shell(tools, "env -u LD_PRELOAD uname -m", tmp_path).text


CONFIGURE = """\
AC_INIT([probe], [1])
AC_CONFIG_AUX_DIR([.])
AC_PROG_CC
AC_CANONICAL_HOST
AC_RUN_IFELSE([AC_LANG_PROGRAM([], [return (char)200 > 0 ? 0 : 1;])], [plain=unsigned], [plain=signed], [plain=crossed])
AC_CHECK_SIZEOF([long double])
AC_C_BIGENDIAN([order=big], [order=little])
AC_CONFIG_FILES([out])
AC_SUBST([plain]) AC_SUBST([order])
AC_OUTPUT
"""


def test_configure_decides_as_it_would_on_the_target(built: tuple[Tools, Path], tmp_path: Path) -> None:
    tools, _ = built
    tree = written(tmp_path / "tree", {"configure.ac": CONFIGURE, "out.in": "@host_cpu@ @plain@ @order@\n"})
    auxiliary = "for one in config.guess config.sub install-sh; do cp $(automake --print-libdir)/$one .; done"
    made = shell(tools, f"{auxiliary} && autoreconf -f 2>&1 && ./configure -q", tree)
    assert made.ok, made.last_lines()
    assert (tree / "out").read_text() == "aarch64 unsigned little\n"


def test_cmake_decides_as_it_would_on_the_target(built: tuple[Tools, Path], tmp_path: Path) -> None:
    tools, _ = built
    listing = """\
cmake_minimum_required(VERSION 3.10)
project(probe C)
include(CheckCSourceRuns)
check_c_source_runs("int main(void) { return (char)200 > 0 ? 0 : 1; }" PLAIN_UNSIGNED)
message(STATUS "probe: ${CMAKE_SYSTEM_PROCESSOR} ${PLAIN_UNSIGNED} ${CMAKE_CROSSCOMPILING}")
"""
    made = shell(tools, "cmake -S . -B out", written(tmp_path / "tree", {"CMakeLists.txt": listing}))
    assert "probe: aarch64 1 FALSE" in made.text, made.last_lines()


@pytest.mark.parametrize("command", ["./native-starter system", "sh ./calls", "env ./native-starter x"])
def test_programs_of_this_machine_in_the_tree_are_noted(
    built: tuple[Tools, Path], tmp_path: Path, command: str
) -> None:
    tools, tree = built
    written(tree, {"calls": "ls > /dev/null; ./starter x; ./native-starter x"})
    log = tmp_path / "strangers"
    shell(tools, command, tree, BITFAST_STRANGERS=str(log), BITFAST_TREE=str(tree))
    assert set(log.read_text().splitlines()) == {str(tree / "native-starter")}
    log.unlink()
    shell(tools, "ls; ./starter system", tree, BITFAST_STRANGERS=str(log), BITFAST_TREE=str(tree))
    assert not log.exists()
