"""Rebuilding parts of a finished build: only what is needed, everything behind it, and the sources as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast.check import variants
from bitfast.check.laboratory import Bench
from bitfast.check.variants import NotBuildable, Switched
from bitfast.chips import Target
from bitfast.words import Edit, Environment, Flags, SourceEdits
from tests.benches import said, target_bench

LIBRARY = '#include "shared.h"\n#ifndef A\n#define A 1\n#endif\nint first(void) { return A * SCALE; }\n'
OTHER = "#ifndef A\n#define A 1\n#endif\nint second(void) { return A; }\n"
MAIN = """\
#include <stdio.h>
#ifndef A
#define A 1
#endif
int first(void), second(void);
int main(void) { printf("%d %d %d\\n", first(), second(), A); return 0; }
"""
FILES: dict[str, str | bytes] = {
    "lib/first.c": LIBRARY,
    "lib/second.c": OTHER,
    "include/shared.h": "#define SCALE 10\n",
    "main.c": MAIN,
    "Makefile": """\
CFLAGS = -O1 -Iinclude
bin/prog: prog
	mkdir -p bin && cp prog bin/prog && install -m 755 prog installed
prog: main.o libx.a
	$(CC) main.o -L. -lx -o prog
libx.a: lib/first.o lib/second.o
	$(AR) rcs libx.a lib/first.o
	$(AR) rcs libx.a lib/second.o
""",
}


@pytest.fixture
def bench(tmp_path: Path, target_here: Callable[[str], Target]) -> Bench:
    target_here("aarch64-linux-gnu")
    return target_bench(tmp_path, FILES, run=("./bin/prog",))


def edit_of(bench: Bench, file: str, old: str, new: str) -> Switched:
    start = bench.rebuilder.original(file).index(old.encode())
    return Switched(SourceEdits((Edit(file, start, start + len(old), replacement=new),)))


def sources(bench: Bench) -> dict[str, str]:
    tree = bench.workspace.activate(bench.key)
    paths = [path for path in tree.rglob("*") if path.suffix in (".c", ".h", ".f90", ".mod")]
    return {str(path.relative_to(tree)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_only_what_a_switch_touches_is_compiled_and_all_behind_it_linked(bench: Bench) -> None:
    assert said(bench) == "10 1 1\n"
    assert (bench.rebuilder.compiled, bench.rebuilder.linked) == (0, 0)
    assert said(bench, Switched(Flags(("-DA=5",)), "lib/second.c")) == "10 5 1\n"
    assert (bench.rebuilder.compiled, bench.rebuilder.linked) == (1, 3)  # two calls of ar, one link
    assert said(bench, Switched(Flags(("-DA=7",)), "main.c")) == "10 1 7\n"
    assert bench.rebuilder.compiled == 2


def test_objects_are_kept_and_compiled_once(bench: Bench) -> None:
    switch = Switched(Flags(("-DA=5",)))
    assert said(bench, switch) == "50 5 5\n"
    assert said(bench) == "10 1 1\n"
    before = bench.rebuilder.compiled
    assert said(bench, switch) == "50 5 5\n"
    assert said(bench) == "10 1 1\n"
    assert bench.rebuilder.compiled == before == 3


def test_a_switch_that_changes_no_object_links_nothing(bench: Bench) -> None:
    assert said(bench, Switched(Flags(("-DUNUSED",)))) == "10 1 1\n"
    assert (bench.rebuilder.compiled, bench.rebuilder.linked) == (3, 0)


def test_copies_of_what_was_linked_follow(bench: Bench) -> None:
    said(bench, Switched(Flags(("-DA=5",))))
    tree = bench.workspace.tree
    assert (tree / "prog").read_bytes() == (tree / "bin/prog").read_bytes() == (tree / "installed").read_bytes()
    assert said(bench) == "10 1 1\n"
    assert (tree / "prog").read_bytes() == (tree / "bin/prog").read_bytes() == (tree / "installed").read_bytes()


def test_an_edited_header_recompiles_its_users_alone_and_is_put_back(bench: Bench) -> None:
    before = sources(bench)
    assert said(bench, edit_of(bench, "include/shared.h", "10", "20")) == "20 1 1\n"
    assert bench.rebuilder.compiled == 1
    assert sources(bench) == before
    assert said(bench) == "10 1 1\n"


def test_sources_are_put_back_when_an_edit_does_not_compile(bench: Bench) -> None:
    before = sources(bench)
    broken = edit_of(bench, "include/shared.h", "10", "((")
    for _ in range(2):
        with pytest.raises(NotBuildable, match=r"lib/first\.c does not compile"):
            bench.run([broken])
        assert sources(bench) == before
    assert bench.answer([broken]) is None
    assert said(bench) == "10 1 1\n"


def test_sources_are_put_back_when_the_compiler_is_interrupted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sources(bench)
    edit = edit_of(bench, "lib/first.c", "SCALE", "30")

    def interrupted(*arguments: object, **options: object) -> None:
        assert sources(bench) != before, "the edited text lies in the tree now"
        raise KeyboardInterrupt

    assert bench.rebuilder.headers(bench.rebuilder.units[0])
    bench.rebuilder.fingerprint([edit])
    with monkeypatch.context() as patched:
        patched.setattr(variants, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            bench.run([edit])
    assert sources(bench) == before
    assert said(bench, edit) == "30 1 1\n"


def test_equal_variants_have_equal_names_and_others_do_not(bench: Bench) -> None:
    name = bench.rebuilder.fingerprint
    five = Switched(Flags(("-DA=5",)), "main.c")
    assert name([]) == name([Switched(Flags(("-DA=5",)), "no-such.c")])
    assert len({name([]), name([five]), name([Switched(Flags(("-DA=5",)))])}) == 3
    scale = edit_of(bench, "include/shared.h", "10", "20")
    assert name([five, scale]) == name([scale, five]) != name([scale])
    assert name([Switched(Environment(variables=(("A", "1"),)))]) != name([])


def test_link_options_and_variables_of_an_environment_take_part(
    tmp_path: Path, target_here: Callable[[str], Target]
) -> None:
    target_here("aarch64-linux-gnu")
    main = "#include <stdio.h>\n#include <stdlib.h>\nint here, there = 1;\nint main(void)\n" + (
        '{ extern int chosen __attribute__((weak)); puts(&chosen ? "chosen" : "not");'
        ' puts(getenv("WORD") ? getenv("WORD") : "-"); }\n'
    )
    bench = target_bench(
        tmp_path, {"main.c": main, "Makefile": "prog: main.o\n\t$(CC) -no-pie main.o -o prog\nCFLAGS=-fno-pie\n"}
    )
    assert said(bench) == "not\n-\n"
    switched = Switched(Environment((("WORD", "x"),), ("-Wl,--defsym=chosen=there",)))
    assert said(bench, switched) == "chosen\nx\n"
    assert said(bench) == "not\n-\n"


def test_one_source_in_two_programs_with_its_own_options_each(
    tmp_path: Path, target_here: Callable[[str], Target]
) -> None:
    target_here("aarch64-linux-gnu")
    main = (
        '#include <stdio.h>\n#ifndef A\n#define A 1\n#endif\nint main(void) { printf("%d %d\\n", N, A); return 0; }\n'
    )
    makefile = "all:\n\t$(CC) -DN=1 main.c -o one\n\t$(CC) -DN=2 main.c -o two\n"
    bench = target_bench(tmp_path, {"main.c": main, "Makefile": makefile}, run=("./one; ./two",))
    assert said(bench) == "1 1\n2 1\n"
    assert said(bench, Switched(Flags(("-DA=5",)))) == "1 5\n2 5\n"
    assert said(bench) == "1 1\n2 1\n"
    bench.rebuilder.only([bench.workspace.tree / "two"])
    assert [unit.arguments for unit in bench.rebuilder.units] == [("-DN=2",)]


MODULES: dict[str, str | bytes] = {
    "base.f90": "module base\n  integer, parameter :: scale = 10\nend module\n",
    "middle.f90": "module middle\n  use base, only: scale\ncontains\n"
    "  integer function f()\n    f = scale\n  end function\nend module\n",
    "alone.f90": "subroutine alone()\nend subroutine\n",
    "main.f90": "program p\n  use :: middle\n  call alone()\n  print '(I0)', f()\nend program\n",
    "Makefile": "prog: base.o middle.o alone.o main.o\n\t$(FC) $^ -o prog\n%.o: %.f90\n\t$(FC) -c $<\nFC = gfortran\n"
    "middle.o: base.o\nmain.o: middle.o\n",
}


def test_an_edited_fortran_module_recompiles_all_that_use_it(
    tmp_path: Path, target_here: Callable[[str], Target]
) -> None:
    if "gfortran" not in target_here("aarch64-linux-gnu").tools:
        pytest.skip("no gfortran for the target")
    bench = target_bench(tmp_path, MODULES)
    before = sources(bench)
    assert said(bench) == "10\n"
    assert said(bench, edit_of(bench, "base.f90", "10", "20")) == "20\n"
    assert bench.rebuilder.compiled == 3, "base, middle and main, not alone"
    assert sources(bench) == before
    assert said(bench, edit_of(bench, "base.f90", "10", "30")) == "30\n"
    assert said(bench) == "10\n"


SHAPES = {
    "thin archive": "$(AR) rcsT libx.a first.o second.o && $(CC) main.o libx.a -o prog",
    "quick append": "$(AR) q libx.a first.o && $(AR) -qs libx.a second.o && $(CC) main.o libx.a -o prog",
    "ranlib after": "$(AR) cru libx.a first.o second.o && ranlib libx.a && $(CC) main.o libx.a -o prog",
    "P and D": "$(AR) rcsPD ./libx.a ./first.o $(CURDIR)/second.o && $(CC) main.o ./libx.a -o prog",
    "gcc-ar": "gcc-ar rcs libx.a first.o second.o && $(CC) main.o libx.a -o prog",
    "archive from a list": "echo first.o second.o > list; $(AR) rcs libx.a @list; rm list; $(CC) main.o libx.a -o prog",
    "link from a list": "echo main.o first.o second.o > list; $(CC) @list -o prog; rm list",
    "ld -r": "$(LD) -r first.o second.o -o both.o && $(CC) main.o both.o -o prog",
    "gcc -r": "$(CC) -r -nostdlib first.o second.o -o both.o && $(CC) main.o both.o -o prog",
    "shared library": "$(CC) -shared first.o second.o -o libx.so && $(CC) main.o -L. -lx -Wl,-rpath,'$$ORIGIN' -o prog",
    "versioned shared library": "$(CC) -shared first.o second.o -Wl,-soname,libx.so.1 -o libx.so.1.2"
    " && ln -sf libx.so.1.2 libx.so.1 && ln -sf libx.so.1 libx.so && $(CC) main.o -L. -lx"
    " -Wl,-rpath,'$$ORIGIN' -o prog",
    "libtool": "libtool --quiet --tag=CC --mode=link $(CC) -o libx.la first.lo second.lo -rpath /nowhere"
    " && libtool --quiet --tag=CC --mode=link $(CC) -o prog main.o libx.la",
    "one call with sources": "$(CC) $(CFLAGS) main.c first.c second.c -oprog",
    "source given with -x": "cp second.c second.txt; $(CC) $(CFLAGS) main.c first.o -x c second.txt -x none -o prog",
    "source given with -xc": "cp second.c second.txt; $(CC) $(CFLAGS) first.o main.c -xc second.txt -o prog",
    "moved after the link": "$(CC) main.o first.o second.o -o prog.tmp && mv prog.tmp prog",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_variant_reaches_the_program_through(
    tmp_path: Path, target_here: Callable[[str], Target], shape: str
) -> None:
    target_here("aarch64-linux-gnu")
    objects = "%.o: %.c\n\t$(CC) $(CFLAGS) -c $< -o $@\nCFLAGS = -O1 -I. -fPIC\n"
    objects += "%.lo: %.c\n\tlibtool --quiet --tag=CC --mode=compile $(CC) $(CFLAGS) -c $<\n"
    first = "first.lo second.lo" if shape == "libtool" else "first.o second.o"
    files = {
        "first.c": LIBRARY,
        "second.c": OTHER,
        "main.c": MAIN,
        "shared.h": "#define SCALE 10\n",
        "Makefile": f"all: main.o {first}\n\t{SHAPES[shape]}\n{objects}",
    }
    bench = target_bench(tmp_path, files, run=("./prog",))
    assert said(bench) == "10 1 1\n"
    assert said(bench, Switched(Flags(("-DA=5",)))) == "50 5 5\n"
    assert said(bench, edit_of(bench, "shared.h", "10", "20")) == "20 1 1\n"
    assert said(bench) == "10 1 1\n"
