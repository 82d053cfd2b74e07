"""libbitfast as other projects take it in: its folder alone, any layout of directories, CMake's add_subdirectory."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

NATIVE = Path(__file__).parents[1] / "native"

pytestmark = pytest.mark.skipif(
    shutil.which("cmake") is None or shutil.which("pkg-config") is None, reason="needs cmake and pkg-config"
)


def run(*command: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def configured(source: Path, build: Path, *options: str) -> Path:
    run("cmake", "-S", source, "-B", build, *options)
    return build


def test_the_folder_is_enough_without_the_package_around_it(tmp_path: Path) -> None:
    """An installation of the package has native/ without what Python alone needs."""
    alone = tmp_path / "alone"
    shutil.copytree(NATIVE, alone, ignore=shutil.ignore_patterns("python"))
    configured(alone, tmp_path / "build")
    version = re.search(r"^CMAKE_PROJECT_VERSION:.*=(.*)$", (tmp_path / "build/CMakeCache.txt").read_text(), re.M)
    assert version and f'#define BITFAST_VERSION "{version[1]}"' in (NATIVE / "include/bitfast.h").read_text()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"LIBDIR": "lib"}, ("lib", "include")),
        ({"LIBDIR": "lib/x86_64-linux-gnu", "INCLUDEDIR": "include/some"}, ("lib/x86_64-linux-gnu", "include/some")),
        ({"LIBDIR": "/far/lib", "INCLUDEDIR": "/far/include"}, ("/far/lib", "/far/include")),
        ({"LIBDIR": "/far/lib64"}, ("/far/lib64", "include")),
    ],
)
def test_pkg_config_names_the_directories(tmp_path: Path, options: dict[str, str], expected: tuple[str, str]) -> None:
    prefix = tmp_path / "prefix"
    build = configured(
        NATIVE,
        tmp_path / "build",
        f"-DCMAKE_INSTALL_PREFIX={prefix}",
        *(f"-DCMAKE_INSTALL_{name}={value}" for name, value in options.items()),
    )
    libraries = prefix / options["LIBDIR"]  # an absolute directory stays one
    found = tmp_path if libraries.is_absolute() and not libraries.is_relative_to(prefix) else libraries
    (found / "pkgconfig").mkdir(parents=True)
    for name in ("bitfast", "bitfast_m"):
        installed = shutil.copy(build / f"{name}.pc", found / "pkgconfig")
        variable = [run("pkg-config", f"--variable={part}", installed).strip() for part in ("libdir", "includedir")]
        wanted = [prefix / part for part in expected]
        assert [Path(part).resolve() for part in variable if part] == wanted[: 2 if name == "bitfast" else 1]


@pytest.mark.skipif(shutil.which("aarch64-linux-gnu-gcc") is None, reason="needs a cross compiler")
@pytest.mark.parametrize("also", [(), ("-DCMAKE_SYSTEM_NAME=Linux",)])
def test_a_cross_compiler_without_its_processors_name_is_refused(tmp_path: Path, also: tuple[str, ...]) -> None:
    """It would make a library without vectors, or stop at an option of another processor."""
    command = ["cmake", "-S", str(NATIVE), "-B", str(tmp_path), "-DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc", *also]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode != 0
    assert "compiles for aarch64, but CMAKE_SYSTEM_PROCESSOR is" in " ".join(done.stderr.split())
    configured(
        NATIVE, tmp_path / "named", *command[5:], "-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_PROCESSOR=aarch64"
    )


def test_a_project_may_contain_it_and_have_a_selftest_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "main.c").write_text("int main(void) { return 0; }\n")
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.20)\nproject(user C)\nadd_executable(selftest main.c)\n"
        f"add_subdirectory({NATIVE} bitfast)\ntarget_link_libraries(selftest PRIVATE bitfast::bitfast_static)\n"
        "if(CMAKE_BUILD_TYPE)\n    message(FATAL_ERROR build type ${CMAKE_BUILD_TYPE})\nendif()\n"
    )
    build = configured(tmp_path, tmp_path / "build", f"-DCMAKE_INSTALL_PREFIX={tmp_path / 'prefix'}")
    assert "file(INSTALL" not in (build / "bitfast/cmake_install.cmake").read_text()
