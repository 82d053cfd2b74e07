"""Finding out how a project is built: every build system, lone files of odd names, archives; private copies."""

from __future__ import annotations

import os
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bitfast.check.private_copy import copy_tree
from bitfast.check.project import SOURCE_SUFFIXES, build_commands, find_project
from bitfast.process import run
from bitfast.words import BitfastError
from tests.benches import written

SYSTEMS = {
    "cmake": ["CMakeLists.txt", "Makefile", "a.c"],
    "meson": ["meson.build", "a.c"],
    "autotools": ["configure", "Makefile.in", "a.c"],
    "autotools from configure.ac": ["configure.ac", "Makefile.am"],
    "autotools from configure.in": ["configure.in"],
    "make": ["Makefile", "a.c", "b.c"],
    "make from makefile": ["makefile"],
    "make from GNUmakefile": ["GNUmakefile"],
    "source file": ["a.cpp", "data.txt", "header.h"],
}
FIRST = {"cmake": "cmake -S", "meson": "meson setup", "autotools": "sh ./configure", "autotools from": "autoreconf"}


@pytest.mark.parametrize("case", SYSTEMS)
def test_the_build_system_is_found(tmp_path: Path, case: str) -> None:
    system, commands = build_commands(written(tmp_path, dict.fromkeys(SYSTEMS[case], "")))
    assert system == case.partition(" from")[0]
    begin = FIRST.get("autotools from" if "autotools from" in case else case)
    assert begin is None or commands[0].startswith(begin)


@pytest.mark.parametrize("said", ["", "set(CMAKE_BUILD_TYPE Debug)", "SET( CMAKE_BUILD_TYPE Release )"])
def test_a_build_type_that_cmake_is_told_stays(tmp_path: Path, said: str) -> None:
    _, commands = build_commands(written(tmp_path, {"CMakeLists.txt": said}))
    assert ("-DCMAKE_BUILD_TYPE=Release" in commands[0]) is (not said)


@pytest.mark.parametrize("files", [[], ["a.c", "b.c"], ["readme"]])
def test_what_cannot_be_built_is_an_error_with_a_next_step(tmp_path: Path, files: list[str]) -> None:
    with pytest.raises(BitfastError, match="no way to build") as caught:
        build_commands(written(tmp_path, dict.fromkeys(files, "")))
    assert "--build" in caught.value.next_step


@pytest.mark.parametrize(
    "name", ["a.c", "a b.c", "-o.c", "it's.c", "$HOME;`x`.c", "é ü.c", "a\nb.c", 'q".c', "@a.c", "~.c"]
)
def test_a_lone_file_of_any_name_builds(tmp_path: Path, name: str) -> None:
    source = written(tmp_path / "source", {name: "int main(void) { return 7; }\n"}) / name
    project = find_project(source, tmp_path)
    assert project.system == "source file"
    copy_tree(project, tmp_path / "tree")
    built = run(["/bin/sh", "-c", project.build[0]], directory=tmp_path / "tree", timeout_seconds=60)
    assert built.ok, built.last_lines()
    assert run([tmp_path / "tree" / "program"], timeout_seconds=60).status == 7


@pytest.mark.parametrize("suffix", SOURCE_SUFFIXES)
def test_a_lone_file_is_compiled_by_its_languages_compiler(tmp_path: Path, suffix: str) -> None:
    project = find_project(written(tmp_path, {f"a{suffix}": ""}) / f"a{suffix}", tmp_path)
    expected = {"c": "gcc", "c++": "g++", "fortran": "gfortran"}[SOURCE_SUFFIXES[suffix]]
    assert project.build[0].split()[0] == expected


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tar.bz2", "tar.xz", "tgz", "zip"])
@pytest.mark.parametrize("top", ["tool-1.2/", ""])
def test_an_archive_is_unpacked_and_named(tmp_path: Path, kind: str, top: str) -> None:
    source = written(tmp_path / "source", {"Makefile": "all:\n", "a.c": ""})
    packed = tmp_path / f"tool-1.2.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(packed, "w") as zipped:
            for path in source.iterdir():
                zipped.write(path, f"{top}{path.name}")
    else:
        compression = {"tar": "", "tar.gz": "gz", "tgz": "gz", "tar.bz2": "bz2", "tar.xz": "xz"}[kind]
        with tarfile.open(packed, f"w:{compression}") as archive:  # type: ignore[call-overload]
            for path in source.iterdir():
                archive.add(path, f"{top}{path.name}")
    (tmp_path / "scratch").mkdir()
    project = find_project(packed, tmp_path / "scratch")
    assert (project.system, project.source.is_relative_to(tmp_path / "scratch")) == ("make", True)
    assert project.name.startswith("tool-1")


def test_a_private_copy_is_writable_complete_and_without_version_control(tmp_path: Path) -> None:
    source = written(tmp_path / "source", {"Makefile": "all:\n", "sub/a.c": "x", ".git/HEAD": "", ".hidden": ""})
    (source / "link").symlink_to("sub/a.c")
    (source / "broken").symlink_to("nowhere")
    os.mkfifo(source / "pipe")
    (source / "sub/a.c").chmod(0o444)
    (source / "sub").chmod(0o555)
    copy = tmp_path / "copy"
    copy_tree(find_project(source, tmp_path), copy)
    names = {path.relative_to(copy).as_posix() for path in copy.rglob("*")}
    assert names == {"Makefile", "sub", "sub/a.c", ".hidden", "link", "broken"}
    assert (copy / "link").readlink() == Path("sub/a.c")
    assert (copy / "sub/a.c").stat().st_mode & 0o200 and (copy / "sub").stat().st_mode & 0o200
    assert (source / "sub/a.c").stat().st_mode & 0o777 == 0o444


def test_no_link_of_the_private_copy_leads_out_of_it(tmp_path: Path) -> None:
    outside = written(tmp_path / "outside", {"data/in.txt": "1", "lone.h": "2"})
    source = written(tmp_path / "real" / "tree", {"Makefile": "all:\n", "out/r.txt": "mine"})
    (outside / "data/back").symlink_to(source / "out")
    (outside / "data/again").symlink_to(outside / "data")
    (tmp_path / "alias").symlink_to(tmp_path / "real")
    links: dict[str, str | Path] = {
        "through": tmp_path / "alias/tree/out",
        "beside": "../tree/out",
        "data": outside / "data",
        "lone.h": outside / "lone.h",
        "nowhere": outside / "not-there-yet",
        "deep/up": "../out",
    }
    (source / "deep").mkdir()
    for name, target in links.items():
        (source / name).symlink_to(target)
    first, copy = tmp_path / "first", tmp_path / "copy"
    project = find_project(tmp_path / "alias/tree", tmp_path)
    copy_tree(project, first)
    copy_tree(replace(project, source=first), copy)  # as a check does: the second copy is made of the first
    for folder in ("through", "beside", "data/back", "deep/up"):
        (copy / folder / "r.txt").write_text(folder)
        assert (copy / "out/r.txt").read_text() == folder
    (copy / "data/again/in.txt").write_text("changed")
    assert (copy / "data/in.txt").read_text() == "changed"
    (copy / "lone.h").write_text("changed")
    (copy / "nowhere").write_text("made")
    texts = {path.relative_to(outside).as_posix(): path.read_text() for path in outside.rglob("*") if path.is_file()}
    assert texts == {"data/in.txt": "1", "lone.h": "2"}
    assert (source / "out/r.txt").read_text() == (first / "out/r.txt").read_text() == "mine"


def test_a_link_to_what_holds_the_project_is_an_error(tmp_path: Path) -> None:
    source = written(tmp_path / "source", {"Makefile": "all:\n"})
    (source / "up").symlink_to("..")
    with pytest.raises(BitfastError, match="holds the project itself"):
        copy_tree(find_project(source, tmp_path), tmp_path / "copy")
