"""libbitfast_blas: the reference's own test programs, our definitions bit for bit, programs that link it."""

import ctypes
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.test_native_library import PROGRAMS, exported, flags, prefix, run, written

__all__ = ["prefix"]  # a fixture

# Debian's package libblas-test.
REFERENCE = next(Path("/usr/lib").glob("*/blas/xblat1d"), Path("/nowhere/none")).parent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("cmake") is None or shutil.which("pkg-config") is None, reason="cmake, pkg-config"),
]

TYPES = {
    "s": ("float", 0, "fmaf"),
    "d": ("double", 0, "fma"),
    "c": ("float", 1, "fmaf"),
    "z": ("double", 1, "fma"),
}


@pytest.fixture(scope="module")
def library(prefix: Path) -> Path:
    return prefix / "lib" / "libbitfast_blas.so"


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="needs Debian's libblas-test")
@pytest.mark.parametrize("letter", TYPES)
@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("interface", ["fortran", "c"])
def test_the_references_test_programs_pass(
    library: Path, tmp_path: Path, interface: str, level: int, letter: str
) -> None:
    program = REFERENCE / (f"x{letter}cblat{level}" if interface == "c" else f"xblat{level}{letter}")
    given = REFERENCE / (f"{letter}in{level}" if interface == "c" else f"{letter}blat{level}.in")
    done = subprocess.run(
        [program],
        cwd=tmp_path,
        env={**os.environ, "LD_PRELOAD": str(library)},
        input=given.read_text() if level > 1 else "",
        capture_output=True,
        text=True,
        timeout=300,
    )
    said = done.stdout + done.stderr + "".join(path.read_text() for path in tmp_path.glob("*blat*.out"))
    assert done.returncode == 0, said[-2000:]
    assert not re.search(r"FAIL|SUSPECT|\*{3}|INSTEAD", said), said[-4000:]
    passed = len(re.findall(r"PASS(?:ED)?\b", said))
    assert passed >= {1: 10, 2: 32, 3: 12}[level], said[-2000:]


@pytest.fixture(scope="module")
def programs(prefix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """tests/native/blas.c, once per type."""
    folder = tmp_path_factory.mktemp("blas")
    found = {}
    for letter, (real, is_complex, fma) in TYPES.items():
        found[letter] = folder / f"blas_{letter}"
        kind = (f"-DLETTER={letter}", f"-DREAL={real}", f"-DCOMPLEX={is_complex}", f"-DFMA={fma}")
        options = ("-O1", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-fno-builtin-fma", "-fno-builtin-fmaf")
        link = (*flags(prefix, "--cflags", "--libs", "bitfast_blas"), f"-Wl,-rpath,{prefix}/lib", "-lm")
        run("gcc", *options, *kind, PROGRAMS / "blas.c", "-o", found[letter], *link)
    yield found


def levels(prefix: Path) -> list[str]:
    native = ctypes.CDLL(str(prefix / "lib" / "libbitfast.so"))
    native.bitfast_level_name.restype = ctypes.c_char_p
    found = []
    while name := native.bitfast_level_name(len(found)):
        found.append(name.decode())
    return found


@pytest.mark.parametrize("letter", TYPES)
def test_every_routine_is_the_plain_loop_of_its_definition(
    prefix: Path,
    programs: dict[str, Path],
    letter: str,
) -> None:
    for turn, level in enumerate(levels(prefix)):
        for threads in (1, 2 + turn):
            rounds = "36" if threads == 1 else "16"
            said = run(programs[letter], rounds, BITFAST_LEVEL=level, BITFAST_NUM_THREADS=str(threads))
            assert said.endswith("elements\n"), (level, threads)


@pytest.mark.parametrize("letter", TYPES)
def test_without_memory_the_bits_are_the_same(programs: dict[str, Path], tmp_path: Path, letter: str) -> None:
    """A malloc that gives only what the C library itself needs."""
    source = """
#include <stddef.h>
void *__libc_malloc(size_t n);
void *malloc(size_t n) { return n < 64 ? __libc_malloc(n) : NULL; }
"""
    run("gcc", "-shared", "-fPIC", "-fno-builtin", written(tmp_path / "none.c", source), "-o", tmp_path / "none.so")
    said = run(programs[letter], "12", LD_PRELOAD=str(tmp_path / "none.so"), BITFAST_NUM_THREADS="1")
    assert said.endswith("elements\n")


def test_the_callers_environment_changes_no_bit_and_is_kept(prefix: Path, tmp_path: Path) -> None:
    """Of sums and products as well."""
    program = tmp_path / "callers"
    options = ("-O2", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-frounding-math")
    link = (*flags(prefix, "--cflags", "--libs", "bitfast_blas", "bitfast"), f"-Wl,-rpath,{prefix}/lib", "-lm")
    run("gcc", *options, PROGRAMS / "callers.c", "-o", program, *link)
    run(program)


def fractions(values: np.ndarray) -> list[Fraction]:
    return [Fraction(float(value)) for value in values]


@pytest.mark.parametrize(("real", "letter"), [(np.float64, "d"), (np.float32, "s")])
def test_dot_products_norms_and_magnitudes_are_rounded_once(library: Path, real: type, letter: str) -> None:
    native = ctypes.CDLL(str(library))
    kind = ctypes.c_double if letter == "d" else ctypes.c_float
    random = np.random.default_rng(1)

    def pointer(values: np.ndarray) -> ctypes.c_void_p:
        return ctypes.c_void_p(values.ctypes.data)

    def rounded(exact: Fraction) -> float:
        if real is np.float64:
            return exact.numerator / exact.denominator
        low = np.float32(exact.numerator / exact.denominator)
        near = (np.nextafter(low, -np.inf, dtype=np.float32), low, np.nextafter(low, np.inf, dtype=np.float32))
        return float(min(near, key=lambda x: (abs(Fraction(float(x)) - exact), int(x.view(np.uint32)) & 1)))

    for name in (f"cblas_{letter}dot", f"cblas_{letter}nrm2", f"cblas_{letter}asum"):
        getattr(native, name).restype = kind
    for n, incx, incy in [(0, 1, 1), (1, 1, 1), (7, 2, -1), (100, -3, 2), (501, 1, 1), (33, 0, 1)]:
        x = (random.standard_normal(3 * n + 4) * 2.0 ** random.integers(-20, 20, 3 * n + 4)).astype(real)
        y = (random.standard_normal(3 * n + 4) * 2.0 ** random.integers(-20, 20, 3 * n + 4)).astype(real)
        first = [x[(i if incx >= 0 else i - n + 1) * incx] for i in range(n)]
        second = [y[(i if incy >= 0 else i - n + 1) * incy] for i in range(n)]
        exact = sum((a * b for a, b in zip(fractions(first), fractions(second), strict=True)), Fraction(0))
        got = getattr(native, f"cblas_{letter}dot")(n, pointer(x), incx, pointer(y), incy)
        assert got == rounded(exact)
        if incx > 0:
            got = getattr(native, f"cblas_{letter}asum")(n, pointer(x), incx)
            assert got == rounded(sum(map(abs, fractions(first)), Fraction(0)))
        got = getattr(native, f"cblas_{letter}nrm2")(n, pointer(x), incx)
        squares = sum((a * a for a in fractions(first)), Fraction(0))
        below, above = (Fraction(float(np.nextafter(real(got), real(to)))) for to in (-np.inf, np.inf))
        if squares:
            assert ((below + Fraction(got)) / 2) ** 2 <= squares <= ((above + Fraction(got)) / 2) ** 2
    native.cblas_dsdot.restype = ctypes.c_double
    native.cblas_sdsdot.restype = ctypes.c_float
    if letter == "s":
        exact = sum((a * b for a, b in zip(fractions(x[:33]), fractions(y[:33]), strict=True)), Fraction(0))
        assert native.cblas_dsdot(33, pointer(x), 1, pointer(y), 1) == exact.numerator / exact.denominator
        got = native.cblas_sdsdot(33, ctypes.c_float(0.5), pointer(x), 1, pointer(y), 1)
        assert got == rounded(exact + Fraction(1, 2))


def test_it_has_blass_names_and_needs_no_libm(prefix: Path) -> None:
    names = exported("-D", prefix / "lib" / "libbitfast_blas.so")
    assert {"dgemm_", "cblas_zher2k", "xerbla_", "cblas_xerbla", "lsame_", "dsdot_", "cblas_izamax"} <= names
    assert not {name for name in names if name.startswith("bitfast")}
    assert names == {name for name in exported("-g", prefix / "lib" / "libbitfast_blas.a") if "bitfast_" not in name}
    if REFERENCE.is_dir():
        theirs = exported("-D", REFERENCE / "libblas.so.3")
        internal = {name for name in theirs if name.endswith("sub_")}  # of the reference's CBLAS
        assert theirs - internal - names == set()
    header = (prefix / "include" / "bitfast" / "cblas.h").read_text()
    assert "cblas_##t##gemm" in header
    undefined = run("nm", "-D", "--undefined-only", prefix / "lib" / "libbitfast_blas.so")
    assert "GLIBC" in undefined
    assert "libm.so" not in run("readelf", "-d", prefix / "lib" / "libbitfast_blas.so")


C_PROGRAM = """
#include <cblas.h>
#include <stdio.h>
int main(void) {
    double a[4] = {1, 2, 3, 4}, b[4] = {5, 6, 7, 8}, c[4];
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 2, 2, 2, 1, a, 2, b, 2, 0, c, 2);
    printf("%g %g %g %g\\n", c[0], c[1], c[2], c[3]);
    return 0;
}
"""

FORTRAN_PROGRAM = """
program main
    implicit none
    double precision :: a(2, 2) = reshape([1d0, 3d0, 2d0, 4d0], [2, 2])
    double precision :: b(2, 2) = reshape([5d0, 7d0, 6d0, 8d0], [2, 2]), c(2, 2)
    complex(kind(1d0)) :: z(2) = [(1d0, 2d0), (3d0, -1d0)]
    complex(kind(1d0)), external :: zdotc, zdotu
    call dgemm('N', 'n', 2, 2, 2, 1d0, a, 2, b, 2, 0d0, c, 2)
    print '(4(F0.0, 1X), 4(F0.0, 1X))', transpose(c), zdotc(2, z, 1, z, 1), zdotu(2, z, 1, z, -1)
    if (command_arguments() > 0) call dgemm('N', 'X', 2, 2, 2, 1d0, a, 2, b, 2, 0d0, c, 2)
contains
    integer function command_arguments()
        command_arguments = command_argument_count()
    end function
end program
"""


def test_programs_in_c_and_fortran_link_it_by_pkg_config(prefix: Path, tmp_path: Path) -> None:
    link = (*flags(prefix, "--cflags", "--libs", "bitfast_blas"), f"-Wl,-rpath,{prefix}/lib")
    run("gcc", "-Wall", "-Werror", written(tmp_path / "use.c", C_PROGRAM), "-o", tmp_path / "use", *link)
    assert run(tmp_path / "use") == "19 22 43 50\n"
    archive = prefix / "lib" / "libbitfast_blas.a"
    run("gcc", tmp_path / "use.c", *link[:1], archive, "-pthread", "-o", tmp_path / "static")
    assert run(tmp_path / "static") == "19 22 43 50\n"
    if shutil.which("gfortran") is None:
        return
    run("gfortran", written(tmp_path / "main.f90", FORTRAN_PROGRAM), "-o", tmp_path / "main", *link)
    assert run(tmp_path / "main").split() == "19. 22. 43. 50. 15. 0. 10. 10.".split()
    wrong = subprocess.run([tmp_path / "main", "wrong"], capture_output=True, text=True)
    assert wrong.returncode != 0
    assert wrong.stderr == " ** On entry to DGEMM parameter number  2 had an illegal value\n"


def test_a_programs_own_error_handler_is_called(prefix: Path, tmp_path: Path) -> None:
    source = """
#include <cblas.h>
#include <stdarg.h>
#include <stdio.h>
void cblas_xerbla(CBLAS_INT position, const char *name, const char *format, ...) {
    (void)format;
    printf("%s %d\\n", name, (int)position);
}
int main(void) {
    float a[4] = {0};
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 2, 3, 2, 1, a, 2, a, 2, 0, a, 3);
    cblas_sgemv(0, CblasNoTrans, 2, 2, 1, a, 2, a, 1, 0, a, 1);
    return 0;
}
"""
    for libraries in (["-lbitfast_blas", f"-Wl,-rpath,{prefix}/lib"], ["-l:libbitfast_blas.a", "-pthread"]):
        where = (*flags(prefix, "--cflags", "bitfast_blas"), f"-L{prefix}/lib")
        run("gcc", written(tmp_path / "own.c", source), "-o", tmp_path / "own", *where, *libraries)
        assert run(tmp_path / "own") == "cblas_sgemm 11\ncblas_sgemv 1\n"
