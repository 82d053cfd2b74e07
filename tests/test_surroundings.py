"""The user's own environment decides no answer; the project's does, and the report says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitfast.check.surroundings import notes_on_dropped, without_choices
from tests.benches import written
from tests.command_line import FUSED, Shell

DROPPED = (
    "CC CFLAGS CXXFLAGS CPPFLAGS FFLAGS FCFLAGS LDFLAGS LDLIBS CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH LIBRARY_PATH"
    " GNUMAKEFLAGS MAKEFLAGS PKG_CONFIG_PATH CMAKE_TOOLCHAIN_FILE CMAKE_PREFIX_PATH QEMU_LD_PREFIX QEMU_CPU"
    " CCACHE_PREFIX GCC_EXEC_PREFIX COMPILER_PATH LD_LIBRARY_PATH LD_PRELOAD MESON MESON_ARGS CONFIG_SITE MAKEFILES"
).split()


@pytest.mark.parametrize("name", DROPPED)
def test_what_changes_compilers_and_searches_is_dropped(name: str) -> None:
    assert without_choices({name: "x", "HOME": "/root"}) == {"HOME": "/root"}


@pytest.mark.parametrize(
    "name", ["HOME", "PATH", "LANG", "LC_ALL", "TZ", "OMP_NUM_THREADS", "TMPDIR", "MY_CFLAGS", "CCX"]
)
def test_the_rest_stays(name: str) -> None:
    assert without_choices({name: "x"}) == {name: "x"} and not notes_on_dropped({name: "x"}, ())


def test_builds_and_rebuilds_see_the_projects_environment_and_not_the_users(shell: Shell, tmp_path: Path) -> None:
    elsewhere = written(tmp_path / "else where", {"elsewhere.h": ""})
    source = "#include <elsewhere.h>\n#ifdef USERS\n#error the environment of the user\n#endif\n" + FUSED
    files = {
        "a.c": source,
        "Makefile": "program: a.o\n\tcc a.o -o program\n",
        "bitfast.toml": f'environment = {{CPATH = "{elsewhere}", CFLAGS = "-O2"}}\n',
    }
    project = written(tmp_path / "p", files)
    mine = {"CPPFLAGS": "-DUSERS", "CPATH": "/nowhere", "CFLAGS": "-lnothing"}
    said = shell.check(project, environment=mine)
    assert said.status == 0, said.stderr
    result = said.result
    assert result["verdict"] == "cured"
    assert f"export CPATH='{elsewhere}'" in result["commands"]  # type: ignore[operator]
    told = [note.split()[0] for note in result["notes"] if "of your environment" in note]  # type: ignore[attr-defined]
    assert told == ["CPPFLAGS"]
