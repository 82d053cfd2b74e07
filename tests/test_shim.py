"""The compiler shim: what it writes down of a call, what it hands on, and which options it changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bitfast.check.calls import read_build, read_records
from bitfast.chips import Target, reference
from bitfast.process import run
from tests.benches import shell, tools_for, written

MAIN = "int main(void) { return 0; }\n"
TargetHere = Callable[[str], Target]


@pytest.fixture
def aarch64(target_here: TargetHere) -> Target:
    return target_here("aarch64-linux-gnu")


def test_a_record_holds_the_name_the_tool_the_folder_and_the_arguments(tmp_path: Path, aarch64: Target) -> None:
    tools, _ = tools_for(tmp_path, aarch64)
    tree = written(tmp_path / "t r ü", {"a.c": MAIN})
    assert shell(tools, "cc -O2 -march=native -c a.c -o b.o", tree).ok
    (record,) = read_records(tools.log)
    assert (record.name, Path(record.tool).name) == ("cc", "aarch64-linux-gnu-gcc")
    assert record.directory == tree
    assert record.given == ("-O2", "-march=native", "-c", "a.c", "-o", "b.o")
    assert record.used == ("-O2", "-mcpu=neoverse-n1", "-c", "a.c", "-o", "b.o")


@pytest.mark.parametrize(
    "odd",
    ["a b", "a\nb", "", "'\"$x", "ä€", b"\xff\xfe".decode(errors="surrogateescape"), "\t", "x" * 120_000, "-DX=\\\n y"],
    ids=["space", "newline", "empty", "quotes", "unicode", "no-utf8", "tab", "very-long", "continued"],
)
def test_odd_arguments_reach_the_record_and_the_tool_unharmed(tmp_path: Path, odd: str) -> None:
    tools, _ = tools_for(tmp_path)
    echo = tmp_path / "echo.py"
    echo.write_text("#!/usr/bin/python3\nimport os, sys\nos.write(1, b'\\0'.join(map(os.fsencode, sys.argv[1:])))\n")
    echo.chmod(0o755)
    config = Path(tools.environment["BITFAST_SHIM_CONFIG"])
    config.write_text(f"log\t{tools.log}\ntool\tgcc\t{echo}\n")
    bin_directory = tools.environment["PATH"].split(":")[0]
    ended = run([f"{bin_directory}/gcc", "-c", odd, "end"], environment=tools.environment, timeout_seconds=60)
    assert ended.stdout.decode(errors="surrogateescape").split("\0") == ["-c", odd, "end"]
    (record,) = read_records(tools.log)
    assert record.given == record.used == ("-c", odd, "end")


def test_thousands_of_arguments_are_recorded(tmp_path: Path) -> None:
    tools, _ = tools_for(tmp_path)
    tree = written(tmp_path / "tree", {"a.c": MAIN})
    many = " ".join(f"-DNAME{number}={number}" for number in range(5000))
    assert shell(tools, f"gcc {many} -c a.c", tree).ok
    (record,) = read_records(tools.log)
    assert len(record.given) == 5002


def test_response_files_are_read_where_the_call_is(tmp_path: Path, aarch64: Target) -> None:
    tools, _ = tools_for(tmp_path, aarch64)
    tree = written(tmp_path / "tree", {"sub/a b.c": MAIN, "sub/flags": "-O2\n@more\n", "sub/more": '-c "a b.c"\n-DX'})
    assert shell(tools, "cd sub && gcc @flags -o x.o", tree).ok
    (unit,) = read_build(tools.log, tree).units
    assert (unit.source, unit.arguments, unit.output) == ("sub/a b.c", ("-O2", "-DX"), tree / "sub/x.o")


def test_options_of_the_other_chip_in_a_response_file_are_translated_too(tmp_path: Path, aarch64: Target) -> None:
    tools, _ = tools_for(tmp_path, aarch64)
    tree = written(
        tmp_path / "tree", {"a.c": MAIN, "flags": '-msse4.2 -march=native -DTEXT="\\"two words\\"" -c a.c\n'}
    )
    ended = shell(tools, "gcc @flags", tree)
    assert ended.ok, ended.last_lines()
    build = read_build(tools.log, tree)
    assert build.translated == ("-msse4.2 dropped", "-march=native → -mcpu=neoverse-n1")
    assert build.units[0].arguments == ("-mcpu=neoverse-n1", '-DTEXT="two words"')


def test_every_one_of_many_calls_at_a_time_is_recorded(tmp_path: Path) -> None:
    tools, _ = tools_for(tmp_path)
    tree = written(tmp_path / "tree", {"a.c": MAIN})
    with ThreadPoolExecutor(8) as pool:
        ended = list(pool.map(lambda number: shell(tools, f"gcc -E -DN={number} a.c", tree).ok, range(60)))
    assert all(ended)
    assert {record.given[1] for record in read_records(tools.log)} == {f"-DN={number}" for number in range(60)}


TRANSLATED = {
    "-march=native": "-march=native → -mcpu=neoverse-n1",
    "-mtune=native": "-mtune=native → -mcpu=neoverse-n1",
    "-mcpu=native": "-mcpu=native → -mcpu=neoverse-n1",
    "-march=x86-64-v3": "-march=x86-64-v3 → -mcpu=neoverse-n1",
    "-march=haswell": "-march=haswell → -mcpu=neoverse-n1",
    "-march=skylake-avx512": "-march=skylake-avx512 → -mcpu=neoverse-n1",
    "-mtune=generic": None,
    "-mtune=core2": "-mtune=core2 dropped",
    "-march=znver2": "-march=znver2 → -mcpu=neoverse-n1",
    "-march=armv8-a": None,
    "-m64": "-m64 dropped",
    "-msse": "-msse dropped",
    "-msse4.2": "-msse4.2 dropped",
    "-mavx2": "-mavx2 dropped",
    "-mfma": "-mfma dropped",
    "-mbmi2": "-mbmi2 dropped",
    "-mf16c": "-mf16c dropped",
    "-mssse3": "-mssse3 dropped",
    "-mfpmath=sse": "-mfpmath=sse dropped",
    "-mno-avx": "-mno-avx dropped",
    "-mno-sse3": "-mno-sse3 dropped",
    "-mprefer-vector-width=256": "-mprefer-vector-width=256 dropped",
    "-O3": None,
    "-mcmodel=small": None,
    "-mcmodel=medium": "-mcmodel=medium dropped",
}


@pytest.mark.parametrize("option", TRANSLATED)
def test_an_option_is_translated_for_the_target_and_said(tmp_path: Path, aarch64: Target, option: str) -> None:
    tools, _ = tools_for(tmp_path, aarch64)
    tree = written(tmp_path / "tree", {"a.c": MAIN})
    ended = shell(tools, f"gcc {option} -c a.c", tree)
    assert ended.ok, ended.last_lines()
    expected = TRANSLATED[option]
    assert read_build(tools.log, tree).translated == (() if expected is None else (expected,))


def test_nothing_is_translated_on_the_reference(tmp_path: Path) -> None:
    tools, _ = tools_for(tmp_path)
    tree = written(tmp_path / "tree", {"a.c": MAIN})
    assert shell(tools, "gcc -march=native -msse4.2 -m64 -c a.c", tree).ok
    build = read_build(tools.log, tree)
    assert build.translated == ()
    assert build.units[0].arguments == ("-march=native", "-msse4.2", "-m64")


def test_the_chosen_cpu_is_compiled_for_whatever_the_build_says(tmp_path: Path, aarch64: Target) -> None:
    tools, _ = tools_for(tmp_path, aarch64, cpu="tsv110")
    tree = written(tmp_path / "tree", {"a.c": MAIN})
    assert shell(tools, "gcc -march=native -c a.c; gcc -c a.c -o b.o; gcc --version", tree).ok
    used = [record.used for record in read_records(tools.log)]
    assert all(arguments[-1] == "-mcpu=tsv110" for arguments in used)


LINKS = {
    "a.c -o p": True,
    "a.o -o p": True,
    "-shared -fPIC a.c -o p.so": True,
    "-O2 a.c": True,
    "-c a.c": False,
    "-E a.c": False,
    "-S a.c": False,
    "-M a.c": False,
    "-MM a.c": False,
    "-fsyntax-only a.c": False,
    "--version": False,
    "-v": False,
    "-dumpmachine": False,
    "-print-search-dirs": False,
    "-Wl,--version": False,
    "--help": False,
    "-MMD -MP -O2 a.c -o p": True,
}


@pytest.mark.parametrize("arguments", LINKS)
def test_link_options_stand_behind_links_and_nothing_else(tmp_path: Path, arguments: str) -> None:
    tools, _ = tools_for(tmp_path, last_link=("-L.", "-Wl,--as-needed"))
    tree = written(tmp_path / "tree", {"a.c": MAIN})
    assert run(["gcc", "-c", "a.c"], directory=tree, timeout_seconds=60).ok
    shell(tools, f"gcc {arguments}", tree)
    record = read_records(tools.log)[0]  # this machine's gcc finds the shim of ld too
    assert (record.used[len(record.given) :] == ("-L.", "-Wl,--as-needed")) is LINKS[arguments]


def test_every_name_of_a_compiler_makes_programs_of_the_target(tmp_path: Path, aarch64: Target) -> None:
    tools, _ = tools_for(tmp_path, aarch64)
    tree = written(tmp_path / "tree", {"a.c": MAIN, "a.cc": MAIN, "a.f90": "end\n"})
    names = {"a.c": "cc gcc c99 c89", "a.cc": "c++ g++ CC", "a.f90": "gfortran f77 f95"}
    for source, several in names.items():
        for name in [*several.split(), *(f"{reference().triple}-{one}" for one in ("gcc", "g++", "gfortran"))]:
            if "-" in name and not name.endswith({"a.c": "gcc", "a.cc": "g++", "a.f90": "gfortran"}[source]):
                continue
            (tree / "out.o").unlink(missing_ok=True)
            assert shell(tools, f"{name} -c {source} -o out.o", tree).ok, name
            header = (tree / "out.o").read_bytes()
            assert header[18] == aarch64.elf_machine, name


def test_a_compiler_that_the_target_lacks_is_said_by_name(tmp_path: Path, aarch64: Target) -> None:
    tools, _ = tools_for(tmp_path, aarch64)
    config = Path(tools.environment["BITFAST_SHIM_CONFIG"])
    gfortran = shutil.which("aarch64-linux-gnu-gfortran") or ""
    config.write_text(config.read_text().replace(gfortran, "") if gfortran else config.read_text())
    ended = shell(tools, "gfortran -c a.f90", written(tmp_path / "tree", {"a.f90": "end\n"}))
    assert ended.status == 127
    assert "the build calls gfortran, which is not installed for this target" in ended.stderr.decode()


def test_outside_of_a_check_the_shim_says_so(tmp_path: Path) -> None:
    tools, _ = tools_for(tmp_path)
    bin_directory = tools.environment["PATH"].split(":")[0]
    ended = run([f"{bin_directory}/gcc", "a.c"], environment={"PATH": "/usr/bin"}, timeout_seconds=60)
    assert ended.status == 127
    assert b"only works inside a check" in ended.stderr


@pytest.mark.parametrize(
    "name", ["gcc-{}", "x86_64-linux-gnu-gcc-{}", "aarch64-linux-gnu-gcc-{}", "aarch64-linux-gnu-g++"]
)
def test_names_with_a_version_are_compilers_too(name: str, tmp_path: Path, aarch64: Target) -> None:
    major = run(["gcc", "-dumpversion"]).text.split(".")[0].strip()
    if not shutil.which(f"gcc-{major}"):
        pytest.skip("no GCC by version")
    tools, _ = tools_for(tmp_path, aarch64, last_link=("-Wl,-Map=map",))
    tree = written(tmp_path / "tree", {"a.c": MAIN})
    ended = shell(tools, f"{name.format(major)} -march=native -msse4.2 a.c -o a", tree)
    assert ended.ok, ended.last_lines()
    (record,) = read_records(tools.log)
    assert record.used == ("-mcpu=neoverse-n1", "a.c", "-o", "a", "-Wl,-Map=map")
    assert read_build(tools.log, tree).units[0].source == "a.c"
