"""Archives that nobody vouches for, and broken ones: nothing is written outside."""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

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
    "nothing": [],
}


@pytest.mark.parametrize("kind", TARS)
def test_an_untrusted_tarball_writes_nothing_outside(kind: str, shell: Shell, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    archive = tmp_path / "x.tar.gz"
    with tarfile.open(archive, "w:gz") as opened:
        for info, content in TARS[kind]:
            info.name = info.name.replace("/OUTSIDE", str(outside))
            info.linkname = info.linkname.replace("/OUTSIDE", str(outside))
            opened.addfile(info, io.BytesIO(content))
    before = state(outside)
    said = shell.check(archive)
    assert said.status == 2, said.stderr
    assert kind == "an absolute name" or "x.tar.gz" in said.stderr  # its name is made relative: nothing to build there
    assert state(outside) == before
    assert not list(tmp_path.glob("**/outside.c"))


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
