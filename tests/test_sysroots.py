"""Programs build against the target's libraries and against musl, and run."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast import chips, sysroots
from bitfast.chips import Target
from bitfast.words import BitfastError

pytestmark = pytest.mark.network
Online = Callable[[Callable[[], Path]], Path]

USES_ZLIB = r"""
#include <stdio.h>
#include <zlib.h>
int main(void) { printf("%lx\n", crc32(0, (const Bytef *)"123456789", 9)); return 0; }
"""


def test_a_program_uses_a_library_of_the_target(
    target_here: Callable[[str], Target], online: Online, tmp_path: Path
) -> None:
    target = target_here("aarch64")
    libraries = online(lambda: sysroots.add_packages(target, ["zlib1g-dev"]))
    (tmp_path / "p.c").write_text(USES_ZLIB)
    subprocess.run(
        [target.tools["gcc"], *sysroots.compile_flags(target, libraries), tmp_path / "p.c", "-o", tmp_path / "p",
         *sysroots.link_flags(target, libraries), "-lz"], check=True,
    )  # fmt: skip
    command = [*chips.qemu_command(target, libraries=libraries), tmp_path / "p"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "cbf43926\n"
    assert sysroots.add_packages(target, ["zlib1g-dev"]) == libraries


def test_absolute_links_of_packages_are_made_to_stay_inside(tmp_path: Path) -> None:
    (tmp_path / "usr" / "lib").mkdir(parents=True)
    (tmp_path / "usr" / "lib" / "real.so").write_text("inside")
    (tmp_path / "usr" / "lib" / "link.so").symlink_to("/usr/lib/real.so")
    (tmp_path / "lib").symlink_to("/usr/lib")
    sysroots._make_links_relative(tmp_path)
    assert (tmp_path / "lib" / "link.so").read_text() == "inside"
    assert str((tmp_path / "lib").readlink()) == "usr/lib"


def test_no_link_of_a_sysroot_leaves_it(target_here: Callable[[str], Target], online: Online) -> None:
    target = target_here("aarch64")
    libraries = online(lambda: sysroots.add_packages(target, ["zlib1g-dev"]))
    assert [path for path in libraries.rglob("*") if path.is_symlink() and path.readlink().is_absolute()] == []
    assert not (libraries / "usr/include/stdio.h").exists()  # the compiler's own


def test_an_unknown_library_is_an_error_and_leaves_nothing(
    target_here: Callable[[str], Target], online: Online
) -> None:
    target = target_here("aarch64")
    with pytest.raises(BitfastError, match="no package libno-such-thing-dev"):
        online(lambda: sysroots.add_packages(target, ["libno-such-thing-dev"]))


@pytest.mark.parametrize("linking", [(), ("-static",)])
def test_a_c_program_runs_on_musl(
    linking: tuple[str, ...], target_here: Callable[[str], Target], online: Online, tmp_path: Path
) -> None:
    target_here("aarch64")
    target = chips.target_named("aarch64-linux-musl")
    online(lambda: sysroots.install_musl(target))
    (tmp_path / "p.c").write_text(
        "#include <stdio.h>\n#ifdef __GLIBC__\n#error glibc\n#endif\n"
        '_Atomic long n; int main(int c, char **v) { n += c; printf("%ld %La\\n", n, c / 3.0L); return 0; }'
    )
    subprocess.run([target.tools["gcc"], *linking, tmp_path / "p.c", "-o", tmp_path / "p"], check=True)
    said = subprocess.run([*chips.qemu_command(target), tmp_path / "p"], check=True, capture_output=True, text=True)
    assert said.stdout == "1 0x1.5555555555555555555555555555p-2\n"
    interpreter = b"/lib/ld-musl-aarch64.so.1" in (tmp_path / "p").read_bytes()[:4096]
    assert interpreter == (linking == ())
    assert chips.libc_version(target).startswith("musl 1.")


def test_musl_has_no_packages_and_says_what_to_do() -> None:
    with pytest.raises(BitfastError, match="no libraries for aarch64-linux-musl"):
        sysroots.add_packages(chips.target_named("aarch64-linux-musl"), ["zlib1g-dev"])
