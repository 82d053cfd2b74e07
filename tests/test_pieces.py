"""What the program that ran is made of: known by its bytes where a build renamed, overwrote or stripped it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast.check.laboratory import Bench
from bitfast.check.variants import Switched
from bitfast.chips import Target
from bitfast.words import Environment, Flags, SourceEdits
from tests.benches import said, target_bench
from tests.test_variants import edit_of

FIRST = (
    '#include <stdio.h>\n#ifndef A\n#define A 1\n#endif\nint b(void);\nint main(void) { printf("%d %d\\n", A, b()); }\n'
)
SECOND = "#ifndef A\n#define A 1\n#endif\nint b(void) { return A; }\n"
COMPILED = {
    "renamed": "gcc -c a.c -o a.tmp.o && mv a.tmp.o a.o; gcc -c b.c -o b.tmp.o && mv b.tmp.o b.o; gcc a.o b.o -o prog",
    "renamed from one name": "gcc -c a.c -o t.o; mv t.o a.o; gcc -c b.c -o t.o; mv t.o b.o; gcc a.o b.o -o prog",
    "one name for two, linked": "gcc -c a.c -o t.o; ar r l1.a t.o; gcc -c b.c -o t.o; ar r l2.a t.o;"
    " gcc l1.a l2.a -o prog",
    "one name for two, in one archive": "gcc -c a.c -o t.o; ar q l.a t.o; gcc -c b.c -o t.o; ar q l.a t.o; ranlib l.a;"
    " gcc l.a -o prog",
    "stripped": "gcc a.c b.c -o p; install p prog; strip prog",
    "stripped of symbols": "gcc a.c b.c -o p; cp p prog; strip --strip-unneeded prog",
    "installed stripped": "gcc a.c b.c -o p; install -s p prog",
}


def made(folder: Path, build: str) -> Bench:
    bench = target_bench(folder, {"a.c": FIRST, "b.c": SECOND}, build=(build,), run=("./prog",))
    bench.activate()
    bench.rebuilder.only([bench.workspace.tree.resolve() / "prog"])
    return bench


@pytest.mark.parametrize("shape", COMPILED)
def test_every_piece_reaches_the_program(tmp_path: Path, target_here: Callable[[str], Target], shape: str) -> None:
    target_here("aarch64-linux-gnu")
    bench = made(tmp_path, COMPILED[shape])
    assert bench.rebuilder.beyond == ()
    assert sorted(unit.source for unit in bench.rebuilder.units) == ["a.c", "b.c"]
    assert said(bench) == "1 1\n"
    assert said(bench, Switched(Flags(("-DA=5",)), "a.c")) == "5 1\n"
    assert said(bench, Switched(Flags(("-DA=5",)), "b.c")) == "1 5\n"
    assert said(bench) == "1 1\n"


BEYOND = {
    "gcc a.c b.c -o p; objcopy --add-section .x=a.c p prog": ("prog",),
    "gcc -c a.c; cp b.c g.c; gcc a.o g.c -o prog; rm g.c": ("prog",),
    "gcc -c b.c; objcopy --add-section .x=a.c b.o; mv b.o x.o; gcc a.c x.o -o prog": ("x.o",),
}


@pytest.mark.parametrize("build", BEYOND)
def test_what_cannot_be_made_anew_is_named(tmp_path: Path, target_here: Callable[[str], Target], build: str) -> None:
    target_here("aarch64-linux-gnu")
    bench = made(tmp_path, build)
    assert bench.rebuilder.beyond == BEYOND[build]
    assert said(bench, Switched(Flags(("-DA=5",)), "b.c")) == "1 1\n", "left alone"


def test_merged_objects_take_no_options_of_links(tmp_path: Path, target_here: Callable[[str], Target]) -> None:
    target_here("aarch64-linux-gnu")
    bench = made(tmp_path, "gcc -c a.c b.c; gcc -r -nostdlib a.o b.o -o c.o; ld -r c.o -o d.o; gcc d.o -o prog")
    switches = [Switched(Flags(("-DA=5",))), Switched(Environment(link_flags=("-lm", "-Wl,--no-undefined", "-pie")))]
    assert said(bench, *switches) == "5 5\n"
    assert said(bench) == "1 1\n"


def test_headers_of_system_folders_in_the_tree_are_followed(
    tmp_path: Path, target_here: Callable[[str], Target]
) -> None:
    target_here("aarch64-linux-gnu")
    files = {"v/h.h": "#define B 1\n", "a.c": FIRST, "b.c": "#include <h.h>\nint b(void) { return B; }\n"}
    bench = target_bench(tmp_path, files, build=("gcc -isystem v a.c b.c -o prog",))
    assert said(bench, edit_of(bench, "v/h.h", "1", "7")) == "1 7\n"
    assert said(bench) == "1 1\n"


def test_no_unit_reads_an_edited_file_that_its_recipe_does_not_name(
    tmp_path: Path, target_here: Callable[[str], Target]
) -> None:
    target_here("aarch64-linux-gnu")
    files = {
        "h.h": "#define B 1\n",
        "a.c": f'#include "h.h"\n{FIRST}',
        "b.c": '#include "h.h"\nint b(void) { return B; }\n',
    }
    bench = target_bench(tmp_path, files, build=("gcc a.c b.c -o prog",))
    (unit,) = (unit for unit in bench.rebuilder.units if unit.source == "b.c")
    bench.rebuilder._headers[unit] = frozenset({"b.c"})  # what a compiler that says too little would bring about
    edit = edit_of(bench, "h.h", "1", "7")
    assert isinstance(edit.action, SourceEdits)
    assert said(bench, edit, Switched(Flags(("-DUNUSED",)))) == "1 1\n"
