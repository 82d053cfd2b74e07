"""What a build did, read from the shim's records: units, archives and links of calls of every shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitfast.check.calls import Build, read_build
from tests.benches import written


def build_of(folder: Path, *calls: str, gone: tuple[str, ...] = (), directory: str = "") -> Build:
    """The build of calls such as "gcc -c a.c"; files that the calls name are there, but for those that are gone."""
    tree, log = folder / "tree", folder / "log"
    (tree / directory).mkdir(parents=True, exist_ok=True)
    log.mkdir()
    for number, call in enumerate(calls):
        name, *arguments = call.split()
        fields = [name, f"/bin/{name}", str(tree / directory), str(len(arguments)), *arguments, *arguments]
        (log / f"{number:03}").write_bytes("".join(field + "\0" for field in fields).encode())
        for argument in [word.removeprefix("-o") for word in arguments] + ["a.o", "b.o", "a.out"]:
            if argument and argument[0] not in "-/" and "=" not in argument and argument not in gone:
                written(tree / directory, {argument: ""})
    return read_build(log, tree)


UNITS = {
    "gcc -O2 -c a.c": [("a.c", "c", ("-O2",), "a.o")],
    "gcc -O2 -c a.c -o sub/x.o": [("a.c", "c", ("-O2",), "sub/x.o")],
    "gcc -c a.c -osub/x.o": [("a.c", "c", (), "sub/x.o")],
    "gcc -c a.c b.c": [("a.c", "c", (), "a.o"), ("b.c", "c", (), "b.o")],
    "g++ -c a.cc -I include -DX=1": [("a.cc", "c++", ("-I", "include", "-DX=1"), "a.o")],
    "gcc -c -MMD -MF a.d -MT a.o a.c": [("a.c", "c", (), "a.o")],
    "gcc -c a.c -Wl,-x": [("a.c", "c", (), "a.o")],
    "gcc -c -x c++ a.txt": [("a.txt", "c++", ("-x", "c++"), "a.o")],
    "gcc -c -xc a.txt": [("a.txt", "c", ("-x", "c"), "a.o")],
    "gcc -c -x c a.txt -x none b.cc": [("a.txt", "c", ("-x", "c"), "a.o"), ("b.cc", "c++", (), "b.o")],
    "gfortran -c -J mod a.f90": [("a.f90", "fortran", ("-J", "mod"), "a.o")],
    "gcc a.c -o p -lm": [("a.c", "c", ("-lm",), ".bitfast-a.c-p.o")],
    "gcc -E a.c": [],
    "gcc -S a.c": [],
    "gcc -M a.c": [],
    "gcc --version": [],
    "gcc -print-search-dirs": [],
    "gcc -c conftest.c": [],
    "gcc a.o b.o -o p": [],
}


@pytest.mark.parametrize("call", UNITS)
def test_the_units_of_a_call(tmp_path: Path, call: str) -> None:
    units = build_of(tmp_path, call).units
    tree = tmp_path / "tree"
    found = [(unit.source, unit.language, unit.arguments, str(unit.output.relative_to(tree))) for unit in units]
    assert found == UNITS[call]


LINKS = {
    "gcc a.o b.o -o p": ("p", ["a.o", "b.o"], False, False),
    "gcc a.o -op": ("p", ["a.o"], False, False),
    "gcc a.o": ("a.out", ["a.o"], False, False),
    "gcc a.c b.o -o p": ("p", ["b.o", ".bitfast-a.c-p.o"], False, False),
    "gcc -shared a.o -o libx.so": ("libx.so", ["a.o"], False, True),
    "gcc -r a.o b.o -o c.o": ("c.o", ["a.o", "b.o"], False, True),
    "ld -r a.o b.o -o c.o": ("c.o", ["a.o", "b.o"], False, True),
    "ar rcs libx.a a.o b.o": ("libx.a", ["a.o", "b.o"], True, False),
    "ar -rcsD libx.a a.o": ("libx.a", ["a.o"], True, False),
    "ar rcsT libx.a a.o": ("libx.a", ["a.o"], True, False),
    "ar rcsP ./libx.a ./a.o": ("libx.a", ["a.o"], True, False),
    "ar q libx.a a.o": ("libx.a", ["a.o"], True, False),
    "aarch64-linux-gnu-ar cru libx.a a.o": ("libx.a", ["a.o"], True, False),
    "gcc-ar rcs libx.a a.o": ("libx.a", ["a.o"], True, False),
    "ar t libx.a": None,
    "ar x libx.a": None,
    "ranlib libx.a": None,
    "nm a.o": None,
    "strip p": None,
    "gcc -c a.c": None,
    "gcc conftest.o -o conftest": None,
}


@pytest.mark.parametrize("call", LINKS)
def test_the_link_of_a_call(tmp_path: Path, call: str) -> None:
    links = build_of(tmp_path, call).links
    tree = tmp_path / "tree"
    found = [
        (
            str(link.output.relative_to(tree)),
            [str(path.relative_to(tree)) for path in link.inputs],
            link.archive,
            link.shared,
        )
        for link in links
    ]
    expected = LINKS[call]
    assert found == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    "folder", ["CMakeFiles/CMakeScratch/x", "b/CMakeFiles/CMakeTmp", "meson-private/t", "CompilerIdC"]
)
def test_what_a_build_system_only_tries_is_left_out(tmp_path: Path, folder: str) -> None:
    build = build_of(tmp_path, "gcc -c a.c", "gcc a.o -o p", directory=folder)
    assert (build.units, build.links) == ((), ())


def test_an_output_compiled_twice_is_what_the_last_call_made(tmp_path: Path) -> None:
    build = build_of(tmp_path, "gcc -O0 -c a.c", "gcc -O2 -c a.c", "gcc a.o -o p", "gcc a.o b.o -o p")
    assert [unit.arguments for unit in build.units] == [("-O2",)]
    assert [len(link.inputs) for link in build.links] == [2]


def test_several_calls_make_one_archive_and_links_come_after_what_they_use(tmp_path: Path) -> None:
    calls = ("gcc a.o libx.a -o p", "ar r libx.a a.o", "ar r libx.a b.o")
    links = build_of(tmp_path, *calls).links
    assert [link.output.name for link in links] == ["libx.a", "libx.a", "p"]
    assert [path.name for link in links[:2] for path in link.inputs] == ["a.o", "b.o"]


def test_only_what_is_behind_the_programs_that_ran_is_kept(tmp_path: Path) -> None:
    build = build_of(
        tmp_path,
        "gcc -c a.c",
        "gcc -c b.c",
        "gcc -c tool.c",
        "ar r libx.a b.o",
        "gcc a.o libx.a -o p",
        "gcc tool.o -o t",
    )
    behind = build.behind([tmp_path / "tree" / "p"])
    assert [unit.source for unit in behind.units] == ["a.c", "b.c"]
    assert [link.output.name for link in behind.links] == ["libx.a", "p"]
    assert build.behind([]) == build
    assert {path.name for path in build.executables()} == {"p", "t"}


def test_a_library_named_by_l_is_an_input(tmp_path: Path) -> None:
    build = build_of(tmp_path, "ar r lib/libx.a a.o", "gcc a.o -Llib -lx -lm -o p")
    assert [path.name for path in build.links[-1].inputs] == ["a.o", "libx.a"]
