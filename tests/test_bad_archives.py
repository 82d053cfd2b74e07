"""Archives that nobody vouches for, and broken ones: nothing is written outside."""

from __future__ import annotations

import copy
import io
import os
import shutil
import stat
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import bitfast
from bitfast.check.archives import unpack
from bitfast.process import run
from bitfast.words import BitfastError
from tests.command_line import HELLO, Shell, state, tree


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
    "a link out through one that comes later": [
        member("p/a", type=tarfile.SYMTYPE, linkname="b/../../x", size=0),
        member("p/b", type=tarfile.SYMTYPE, linkname=".", size=0),
        member("p/c/d", type=tarfile.SYMTYPE, linkname="e/e/e/../../../../../../x", size=0),
        member("p/c/e", type=tarfile.SYMTYPE, linkname=".", size=0),
    ],
    "nothing": [],
}


def tar_of(kind: str, folder: Path, outside: Path) -> Path:
    archive = folder / "x.tar.gz"
    with tarfile.open(archive, "w:gz") as opened:
        for info, content in TARS[kind]:
            own = copy.copy(info)
            own.name = info.name.replace("/OUTSIDE", str(outside))
            own.linkname = info.linkname.replace("/OUTSIDE", str(outside))
            opened.addfile(own, io.BytesIO(content))
    return archive


@pytest.mark.parametrize("kind", TARS)
def test_an_untrusted_tarball_writes_nothing_outside(kind: str, shell: Shell, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    archive = tar_of(kind, tmp_path, outside)
    before = state(outside)
    said = shell.check(archive)
    assert said.status == 2, said.stderr
    assert kind == "an absolute name" or "x.tar.gz" in said.stderr  # its name is made relative: nothing to build there
    assert state(outside) == before
    assert not list(tmp_path.glob("**/outside.c"))


@pytest.mark.parametrize("kind", TARS)
def test_a_python_without_filters_of_its_own_unpacks_no_less_carefully(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("data_filter", "tar_filter", "fully_trusted_filter", "FilterError"):  # Python 3.11.2 has none
        monkeypatch.delattr(tarfile, name, raising=False)
    archive = tar_of(kind, tmp_path, tmp_path / "outside")
    into = tmp_path / "into"
    into.mkdir()
    if kind == "an absolute name":
        unpack(archive, into)
    else:
        with pytest.raises(BitfastError, match=r"x\.tar"):
            unpack(archive, into)
    assert not list(tmp_path.glob("outside/*"))


@pytest.mark.parametrize("python", [sys.executable, "/usr/bin/python3"])
def test_modes_links_and_contents_of_a_sound_archive_are_kept(python: str, tmp_path: Path) -> None:
    members = [
        member("./p/", type=tarfile.DIRTYPE, mode=0, size=0),
        member("./p/a.c", mode=0o6777, uid=4711, uname="nobody"),
        member("./p/b.c", mode=0o4),
        member("./p/c.c", type=tarfile.LNKTYPE, linkname="./p/a.c", mode=0o777, size=0),
        member("./p/d/e.c", type=tarfile.SYMTYPE, linkname="../b.c", size=0),
    ]
    archive = tmp_path / "x.tar"
    with tarfile.open(archive, "w") as opened:
        for info, content in members:
            opened.addfile(info, io.BytesIO(content))
    code = "import sys, pathlib, bitfast.check.archives as a; a.unpack(*map(pathlib.Path, sys.argv[1:]))"
    if not Path(python).exists() or not run([python, "-c", "import enum; enum.StrEnum"]).ok:
        pytest.skip(f"no {python} of 3.11 or later")
    into = tmp_path / "into"
    into.mkdir()
    environment = {"PYTHONPATH": str(Path(bitfast.__file__).parent.parent)}
    done = run([python, "-W", "error", "-c", code, archive, into], environment=environment)
    assert done.ok, done.last_lines()
    tree = into / "unpacked/p"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tree, *tree.iterdir())}
    assert modes == {"p": 0o755, "a.c": 0o755, "b.c": 0o644, "c.c": 0o755, "d": modes["d"]}
    assert (tree / "a.c").stat().st_uid == os.getuid()
    assert (tree / "c.c").samefile(tree / "a.c") and (tree / "d/e.c").samefile(tree / "b.c")


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
