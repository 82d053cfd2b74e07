"""What an earlier build left in the tree is never taken for a build of the target's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from bitfast.check.leftovers import age_leftovers
from tests.benches import written
from tests.command_line import Shell

SIGN = '#include <stdio.h>\nint main(void) { char c = (char)200; printf("%d\\n", c > 0); return 0; }\n'


def built_here(folder: Path, makefile: str) -> Path:
    written(folder, {"a.c": SIGN, "Makefile": makefile})
    subprocess.run("gcc -c a.c -o a.o && gcc a.o -o prog && ar rcs liba.a a.o", shell=True, cwd=folder, check=True)
    return folder


def test_objects_archives_and_programs_become_older_than_sources(tmp_path: Path) -> None:
    tree = built_here(tmp_path, "prog: a.c\n\tgcc a.c -o prog\n")
    written(tree, {"text.a": "!<arch>\n", "b.o": "text", "short.a": b"!<arch>\na.txt/" + b" " * 9})
    os.utime(tree / "a.c", (1e9, 1e9))
    assert age_leftovers(tree) == ("a.o", "liba.a", "prog")
    assert (tree / "prog").stat().st_mtime == (tree / "a.o").stat().st_mtime == 1e9 - 1
    assert (tree / "b.o").stat().st_mtime > 1e9


def test_what_an_earlier_build_left_is_built_anew(tmp_path: Path, shell: Shell) -> None:
    tree = built_here(tmp_path / "t", "prog: a.o\n\tgcc a.o -o prog\na.o: a.c\n\tgcc -c a.c\n")
    said = shell.check(tree, "--no-search", "--run", "./prog")
    assert said.result["verdict"] == "differs", said
    assert any("a.o, liba.a, prog" in note for note in said.result["notes"])  # type: ignore[attr-defined]


def test_a_prebuilt_program_that_takes_part_is_named(tmp_path: Path, shell: Shell) -> None:
    tree = built_here(tmp_path / "t", "b: b.c\n\tgcc b.c -o b\n")
    written(tree, {"b.c": "int main(void) { return 0; }\n"})
    said = shell.check(tree, "--run", "./b && ./prog")
    assert (said.status, said.result["verdict"]) == (3, "not-built")
    assert "were executed: prog;" in str(said.result["notes"])
