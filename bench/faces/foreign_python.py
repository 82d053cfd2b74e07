"""A real CPython for aarch64 with NumPy, Pillow, onnxruntime, bitfast and bitfast-faces, made once and run by QEMU.

The interpreter and the C library are the distribution's packages, unpacked and not installed; the libraries are the
wheels that users of aarch64 get, in the versions that are installed here; our two extensions are cross-compiled.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bitfast import debian
from bitfast.cache import locked, made_once
from bitfast.words import BitfastError

ROOT = Path(__file__).parents[2]
MADE = ROOT / "build" / "aarch64-python"
TRIPLE = "aarch64-linux-gnu"
# The distribution's Python and its headers, what they depend on included, and what wheels expect of every system.
PACKAGES = ("libgomp1", "libpython3-dev", "libstdc++6", "python3")
# What is compared must be of the same version on both sides; the rest is what these ask for.
WHEELS = ("cryptography", "numpy", "onnx", "onnxruntime", "pillow", "rich", "typer")
PLATFORMS = ("manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux2014_aarch64")
# onnxruntime reads the processor from here, and does not survive another chip's file. HiSilicon's TSV110 (Kunpeng 920).
CPUINFO = """\
processor\t: {number}
BogoMIPS\t: 200.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
CPU implementer\t: 0x48
CPU architecture: 8
CPU variant\t: 0x1
CPU part\t: 0xd01
CPU revision\t: 0

"""


class MissingError(Exception):
    """Something that is needed is not here: which, in one line."""


@dataclass(frozen=True)
class ForeignPython:
    """An interpreter below `root`, with libraries in `site` and ours in `own`."""

    root: Path
    site: Path
    own: Path

    def run(self, arguments: Sequence[str | Path], *, timeout_seconds: int = 600) -> str:
        """What `python ARGUMENTS` prints; raises CalledProcessError where it fails."""
        python = self.root / "usr/bin/python3"
        paths = f"{self.own}:{self.site}"
        command = [
            "qemu-aarch64", "-cpu", "neoverse-n1", "-L", self.root, "-E", f"PYTHONPATH={paths}",
            "-E", "LD_LIBRARY_PATH=", "-E", "OPENBLAS_CORETYPE=TSV110", python.resolve(), *arguments,
        ]  # fmt: skip
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=timeout_seconds)
        return done.stdout


def aarch64() -> ForeignPython:
    """The interpreter with the checkout's present state; raises MissingError where a tool or the network is missing."""
    for tool in ("qemu-aarch64", f"{TRIPLE}-gcc", "cmake"):
        if shutil.which(tool) is None:
            raise MissingError(f"{tool} is not installed")
    versions = [f"{name}=={version(name)}" for name in WHEELS]
    root = made_once(MADE / "root", _root)
    names = "-".join(versions).replace("==", "-")
    site = made_once(MADE / names, lambda into: _site(root, versions, into))
    own = MADE / "own"
    with locked(own):
        _compile(root, site)
        _copy(own)
    return ForeignPython(root, site, own)


def _root(into: Path) -> None:
    try:
        debian.unpack_packages("arm64", PACKAGES, into)
    except BitfastError as error:
        raise MissingError(f"the distribution's packages for arm64: {error}") from error
    (into / "proc").mkdir()
    (into / "proc/cpuinfo").write_text("".join(CPUINFO.format(number=number) for number in range(os.cpu_count() or 1)))


def _site(root: Path, versions: Sequence[str], into: Path) -> None:
    wheels = into / "wheels"
    platforms = [word for name in PLATFORMS for word in ("--platform", name)]
    tag = _version(root).replace(".", "")
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--only-binary=:all:",
        *platforms, "--python-version", _version(root), "--implementation", "cp", "--abi", f"cp{tag}", "--abi", "abi3",
        "--abi", "none", "--dest", str(wheels), *versions,
    ]  # fmt: skip
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise MissingError(f"wheels for aarch64 are not to be had: {done.stderr.strip().splitlines()[-1:]}")
    for wheel in wheels.glob("*.whl"):
        shutil.unpack_archive(wheel, into, "zip")
    shutil.rmtree(wheels)


def _version(root: Path) -> str:
    return (root / "usr/bin/python3").readlink().name.removeprefix("python")


def _compile(root: Path, site: Path) -> None:
    """bitfast's extension module and libfaces, in build folders that are kept: what is there already is not redone."""
    include, common = root / "usr/include", ["-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_PROCESSOR=aarch64"]
    common += [f"-DCMAKE_C_COMPILER={TRIPLE}-gcc", "-DCMAKE_BUILD_TYPE=Release"]
    python = [
        "-DSKBUILD=ON", "-DBITFAST_INSTALL=OFF", f"-DPython_EXECUTABLE={sys.executable}",
        f"-DPython_INCLUDE_DIR={include}/python{_version(root)}",
        f"-DPython_NumPy_INCLUDE_DIR={site}/numpy/_core/include",
        f"-DPython_LIBRARY={root}/usr/lib/{TRIPLE}/libpython{_version(root)}.so", f"-DCMAKE_C_FLAGS=-isystem {include}",
    ]  # fmt: skip
    for source, name, options, target in [
        (ROOT / "native", "bitfast", python, "_native"),
        (ROOT / "apps/faces", "faces", [], "faces"),
    ]:
        folder = MADE / name
        commands: list[list[str | Path]] = [
            ["cmake", "-S", source, "-B", folder, *common, *options],
            ["cmake", "--build", folder, "--target", target, "--parallel", str(os.cpu_count() or 1)],
        ]
        for command in commands:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"{' '.join(map(str, command))}:\n{done.stdout[-3000:]}")


def _copy(own: Path) -> None:
    """The modules of both packages and of this folder, with the extensions of the other chip beside them."""
    shutil.rmtree(own, ignore_errors=True)
    skipped = shutil.ignore_patterns("__pycache__", "*.so", "static")
    shutil.copytree(ROOT / "src/bitfast", own / "bitfast", ignore=skipped)
    shutil.copytree(ROOT / "apps/faces/src/bitfast_faces", own / "bitfast_faces", ignore=skipped)
    shutil.copytree(ROOT / "bench/faces", own / "bench/faces", ignore=skipped)
    extension = next((MADE / "bitfast/python").glob("_native*.so"))
    shutil.copy(extension, own / "bitfast/_native.so")  # found without the tag, which would name the building Python
    shutil.copy(MADE / "faces/libfaces.so", own / "bitfast_faces")
