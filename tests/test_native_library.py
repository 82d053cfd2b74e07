"""The C library as its users meet it: built, installed, linked through pkg-config, loaded before libm."""

import ctypes
import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import bitfast
from bitfast import contract
from derive import fortran

ROOT = Path(__file__).parents[1]
NATIVE = ROOT / "native"
PROGRAMS = Path(__file__).parent / "native"
BUILD = ROOT / "build" / "native"

pytestmark = pytest.mark.skipif(
    shutil.which("cmake") is None or shutil.which("pkg-config") is None, reason="needs cmake and pkg-config"
)


def run(*command: object, cwd: Path | None = None, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=1500,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="session")
def prefix() -> Iterator[Path]:
    """Where the library is installed; built once for all workers, and only what has changed since."""
    BUILD.mkdir(parents=True, exist_ok=True)
    installed = BUILD / "prefix"
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run("cmake", "-S", NATIVE, "-B", BUILD, f"-DCMAKE_INSTALL_PREFIX={installed}", "-DCMAKE_INSTALL_LIBDIR=lib")
        run("cmake", "--build", BUILD, "--parallel", os.cpu_count() or 1)
        run("cmake", "--install", BUILD)
    yield installed


def flags(prefix: Path, *arguments: str) -> list[str]:
    return run("pkg-config", *arguments, PKG_CONFIG_PATH=str(prefix / "lib" / "pkgconfig")).split()


def compiled(prefix: Path, folder: Path, source: Path, compiler: str = "gcc", *options: str) -> Path:
    program = folder / source.stem
    libraries = flags(prefix, "--cflags", "--libs", "bitfast")
    run(
        *(compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", *options, source, "-o", program),
        *(*libraries, f"-Wl,-rpath,{prefix}/lib", "-lm", "-pthread"),
    )
    return program


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def names(shape: str) -> set[str]:
    return set(re.findall(rf"^{shape}\((\w+)\)", (NATIVE / "functions.h").read_text(), re.MULTILINE))


def exported(*command: object) -> set[str]:
    """The names that an archive or a shared library defines for others."""
    return set(re.findall(r" [TDBRVWi] (\w+)", run("nm", "--defined-only", *command)))


FUNCTIONS = names("UNARY") | names("BINARY") | names("UNARY_EXACT") | names("BINARY_EXACT")


def test_the_header_and_the_fortran_module_have_every_function() -> None:
    header = (NATIVE / "include" / "bitfast.h").read_text()
    assert set(re.findall(r"^BITFAST_(?:UNARY|BINARY|BINARY_OF)\((\w+)[,)]", header, re.MULTILINE)) == FUNCTIONS
    assert {function.name for function in fortran.functions()} > FUNCTIONS


def test_the_fortran_module_is_what_its_generator_writes(tmp_path: Path) -> None:
    fortran.main(tmp_path)
    kept = NATIVE / "include" / "bitfast.f90"
    assert (tmp_path / "bitfast.f90").read_bytes() == kept.read_bytes(), "python -m derive fortran"


def test_only_unsigned_casts_are_not_in_the_fortran_module(tmp_path: Path) -> None:
    """Every name of the C headers is bound, but for functions of complex numbers."""
    source = "#include <bitfast_arrays.h>\n"
    header = run("gcc", "-E", "-P", "-x", "c", "-I", NATIVE / "include", written(tmp_path / "header.h", source))
    in_c = set(re.findall(r"\b(bitfast_\w+)\(", header))
    module = (NATIVE / "include" / "bitfast.f90").read_text()
    bound = set(re.findall(r"name='(bitfast_\w+)'", module)) | set(
        re.findall(r"(bitfast_\w+)\(\w*\) bind\(c\)", module)
    )
    assert bound <= in_c
    assert {name for name in in_c - bound if "_to_uint" not in name} == set()


def test_the_versions_are_the_packages() -> None:
    header = (NATIVE / "include" / "bitfast.h").read_text()
    assert f'#define BITFAST_VERSION "{bitfast.__version__}"' in header
    assert f"#define BITFAST_CONTRACT {contract.load().version}\n" in header
    assert f"\n# The contract, version {contract.load().version}\n" in "\n" + (ROOT / "docs/contract.md").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "options"),
    [("exact", ("-fno-builtin",)), ("arrays", ()), ("environment", ("-frounding-math",)), ("products", ())],
)
def test_every_level_gives_the_bits(prefix: Path, tmp_path: Path, program: str, options: tuple[str, ...]) -> None:
    run(compiled(prefix, tmp_path, PROGRAMS / f"{program}.c", "gcc", *options))


@pytest.mark.slow
def test_sums_are_exact_and_rounded_once(prefix: Path, tmp_path: Path) -> None:
    program, libraries = tmp_path / "sums", flags(prefix, "--cflags", "--libs", "bitfast")
    options = ("-O2", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-frounding-math")
    libraries += [f"-Wl,-rpath,{prefix}/lib", "-lmpfr", "-lgmp", "-lm"]
    run("gcc", *options, PROGRAMS / "sums.c", "-o", program, *libraries)
    run(program)


@pytest.mark.slow
def test_reductions_round_once_and_read_what_they_are_told(prefix: Path, tmp_path: Path) -> None:
    program, include = tmp_path / "reductions", ("-I", NATIVE, "-I", NATIVE / "include")
    options = ("-O2", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", *include)
    run("gcc", *options, PROGRAMS / "reductions.c", "-o", program, prefix / "lib" / "libbitfast.a", "-pthread")
    run(program)


@pytest.mark.slow
def test_the_threads_have_no_race(tmp_path: Path) -> None:
    program = tmp_path / "threads"
    sources = (PROGRAMS / "threads.c", NATIVE / "threads.c", NATIVE / "environment.c")
    include = ("-I", NATIVE, "-I", NATIVE / "include")
    run("gcc", "-O1", "-g", "-fsanitize=thread", *include, *sources, "-o", program, "-pthread")
    run(program, TSAN_OPTIONS="halt_on_error=1")


@pytest.mark.slow
def test_nothing_of_libm_is_called(prefix: Path) -> None:
    for library in ("libbitfast.so", "libbitfast_m.so"):
        undefined = set(re.findall(r" U (\w+)", run("nm", "-D", "--undefined-only", prefix / "lib" / library)))
        assert not {name.removesuffix("f") for name in undefined} & (FUNCTIONS | {"fma", "ldexp", "frexp", "modf"})
        assert "libm.so" not in run("readelf", "-d", prefix / "lib" / library)


@pytest.mark.slow
def test_names_that_are_not_ours_are_left_to_the_program(prefix: Path) -> None:
    """A program may have an environment_begin, or an rsqrt of its own meaning."""
    libm = exported("-D", run("gcc", "-print-file-name=libm.so.6").strip())
    ours = exported("-g", prefix / "lib" / "libbitfast.a")
    assert {name for name in ours if not name.startswith("bitfast_")} == set()
    assert exported("-D", prefix / "lib" / "libbitfast.so") - ours == set()
    beneath = {name for name in exported("-g", prefix / "lib" / "libbitfast_m.a") if not name.startswith("bitfast_")}
    names = exported("-D", prefix / "lib" / "libbitfast_m.so")
    assert names == beneath and {"exp", "sincosf", "fma"} <= names
    assert names - libm == set()


@pytest.mark.slow
def test_a_machine_without_python_is_held_to_the_contract(prefix: Path, tmp_path: Path) -> None:
    run("cmake", "--build", BUILD, "--target", "bitfast_selftest")

    def selftest(file: Path) -> tuple[int, str]:
        command = [str(BUILD / "bitfast_selftest"), "--contract", str(file), "exp", "exp2", "fma"]
        done = subprocess.run(command, capture_output=True, text=True)
        return done.returncode, done.stdout.rpartition("contract's\n")[0].rpartition("\n")[2]

    assert prefix and selftest(contract.CONTRACT) == (0, "all 6 are the ")
    digest = contract.load().digests["exp2", "float32", "core"]
    other = written(tmp_path / "contract.json", contract.CONTRACT.read_text().replace(digest, digest[::-1]))
    assert selftest(other) == (1, "1 of 6 are not the ")
    assert selftest(tmp_path / "nowhere.json") == (2, "")


C_PROGRAM = """
#include <bitfast.h>
#include <stdio.h>
#include <string.h>
int main(void) {
    double x[3] = {0, 1, 2}, y[3];
    bitfast_exp_array(3, x, 1, y, 1);
    printf("%a %a %a\\n", y[0], bitfast_exp(1), bitfast_fma(2, 3, 4));
#if defined BITFAST_UNARY || defined BITFAST_BINARY || defined BITFAST_BINARY_OF || defined BITFAST_CAST
#error "the header leaves macros behind"
#endif
    return y[1] != bitfast_exp(1) || strcmp(bitfast_version(), BITFAST_VERSION) ||
           bitfast_contract() != BITFAST_CONTRACT;
}
"""

FORTRAN_PROGRAM = """
program main
    use bitfast
    use iso_c_binding
    implicit none
    real(c_double) :: x(5) = [0d0, 1d0, 2d0, -3d0, 1d22], y(5), z(5), table(2, 2), part, whole
    real(c_float) :: narrow(3) = [1.0, 2.0, 3.0], low(3)
    real(c_double) :: a(2, 3), b(3, 2), c(2, 2)
    real(c_float) :: a4(2, 3), c4(2, 2)
    complex(c_double) :: za(2, 3), zc(2, 2)
    complex(c_float) :: ca(2, 3), cc(2, 2)
    type(bitfast_accumulator) :: exact, more
    integer(c_int8_t) :: bytes(bitfast_accumulator_bytes)
    integer(c_int32_t) :: exponent, exponents(5), whole_c(2, 2)
    integer :: i
    table = bitfast_exp(reshape(x(:4), [2, 2]))
    print '(Z16)', table(2, 1)
    call bitfast_exp_array(x(:4), y(:4))
    call check(all(y(:4) == reshape(table, [4])), 1)
    call bitfast_exp_array(x(4:1:-1), z(1:4))
    call check(all(z(4:1:-1) == y(:4)), 2)
    z = 7
    call bitfast_sin_array(x(1::2), z(2:4))
    call check(all(z == [7d0, bitfast_sin(x(1)), bitfast_sin(x(3)), bitfast_sin(x(5)), 7d0]), 3)
    call bitfast_exp_array(x(:0), y(:0))
    call bitfast_pow_array(x, 2d0, y)
    call check(all(y == bitfast_pow(x, 2d0)) .and. y(4) == 9, 4)
    call bitfast_pow_array(2d0, x(1:4), y(1:4))
    call check(all(y(:4) == [1d0, 2d0, 4d0, 0.125d0]), 5)
    call bitfast_atan2_array(x, z, y)
    call check(all(y == bitfast_atan2(x, z)), 6)
    call bitfast_atan2_array(x(1:3), x(5:1:-2), z(1:5:2))
    call check(all(z(1:5:2) == bitfast_atan2(x(1:3), x(5:1:-2))), 20)
    call check(abs(bitfast_atan2(1d0, 0d0) - acos(0d0)) < 1d-15, 7)
    call bitfast_fma_array(2d0, x, 1d0, y)
    call check(all(y == bitfast_fma(x, 2d0, 1d0)) .and. y(3) == 5, 8)
    call bitfast_frexp(-6d0, part, exponent)
    call check(part == -0.75d0 .and. exponent == 3, 9)
    call bitfast_frexp_array(x, y, exponents)
    call check(all(bitfast_ldexp(y, exponents) == x), 10)
    call bitfast_ldexp_array(y, exponents, y)
    call check(all(y == x), 11)
    call bitfast_modf(-2.5d0, part, whole)
    call check(part == -0.5d0 .and. whole == -2, 12)
    call bitfast_modf_array(x + 0.25d0, y, z)
    call check(all(y(:3) == 0.25d0) .and. all(z(:3) == x(:3)), 13)
    call check(all(bitfast_to_int8([300d0, -1.5d0]) == [127, -1]), 14)
    call bitfast_to_int32_array(x, exponents)
    call check(all(exponents == [0, 1, 2, -3, huge(1)]), 15)
    call bitfast_cbrt_array(narrow**3, low)
    call check(all(low == narrow) .and. all(bitfast_hypot(3 * narrow, 4 * narrow) == 5 * narrow), 16)
    i = 0
    do while (bitfast_level_name(i + 1) /= '')
        i = i + 1
    end do
    call check(bitfast_use_level('pentium') == -1 .and. bitfast_use_level(bitfast_level_name(i)) == 0, 17)
    call check(bitfast_level() == bitfast_level_name(i), 18)
    call bitfast_set_num_threads(3)
    call check(bitfast_get_num_threads() == 3 .and. bitfast_contract() > 0 .and. len(bitfast_version()) > 4, 19)
    call check(bitfast_sum([1d16, 1d0, -1d16]) == 1 .and. bitfast_sum(x(4:2:-2)) == -2, 21)
    call check(bitfast_sum([1e8, 1.0, -1e8]) == 1 .and. bitfast_norm(3 * [1.0, 0.0] + 4 * [0.0, 1.0]) == 5, 22)
    call check(bitfast_dot([1d200, 1d0, 1d200], [1d200, 2d0, -1d200]) == 2 .and. bitfast_norm([6d0, 8d0]) == 10, 23)
    call check(bitfast_dot(narrow, narrow(3:1:-1)) == 10, 24)
    call check(bitfast_dot_to_double([1e8, 2.0], [1e8, 1.0]) == 1d16 + 2, 25)
    call bitfast_accumulator_clear(exact)
    call bitfast_accumulator_clear(more)
    call bitfast_accumulator_add(exact, [1d300, 0.5d0])
    call bitfast_accumulator_add(more, narrow(1:3:2))
    call bitfast_accumulator_add_absolute(more, [-1d300])
    call bitfast_accumulator_add_squares(more, narrow)
    call bitfast_accumulator_add_products(more, x(1:3), x(3:1:-1))
    call bitfast_accumulator_negate(more)
    call bitfast_accumulator_store(more, bytes)
    call check(bitfast_accumulator_load(more, bytes) == 0, 26)
    call bitfast_accumulator_merge(exact, more)
    call check(bitfast_accumulator_value(exact) == -18.5d0 .and. bitfast_accumulator_valuef(exact) == -18.5, 27)
    bytes = 1
    call check(bitfast_accumulator_load(more, bytes) == -1, 28)
    a = reshape([1, 2, 3, 4, 5, 6], [2, 3])
    b = reshape([1, 0, 2, -1, 3, 1], [3, 2])
    c = 1
    call bitfast_dgemm(2_c_size_t, 2_c_size_t, 3_c_size_t, 2d0, a, 1_c_intptr_t, 2_c_intptr_t, b, 1_c_intptr_t, &
        3_c_intptr_t, -1d0, c, 1_c_intptr_t, 2_c_intptr_t)
    call check(all(c == 2 * matmul(a, b) - 1), 29)
    a4 = real(a, c_float)
    c4 = 0
    call bitfast_sgemm(2_c_size_t, 2_c_size_t, 3_c_size_t, 1.0, a4, 1_c_intptr_t, 2_c_intptr_t, a4, 2_c_intptr_t, &
        1_c_intptr_t, 0.0, c4, 1_c_intptr_t, 2_c_intptr_t)
    call check(all(c4 == matmul(a4, transpose(a4))), 30)
    za = cmplx(a, 1 - a, c_double)
    zc = (1d0, 2d0)
    call bitfast_zgemm(2_c_size_t, 2_c_size_t, 3_c_size_t, (0d0, 1d0), za, 1_c_intptr_t, 2_c_intptr_t, 0_c_int, za, &
        2_c_intptr_t, 1_c_intptr_t, 1_c_int, (2d0, 0d0), zc, 1_c_intptr_t, 2_c_intptr_t)
    call check(all(zc == (0d0, 1d0) * matmul(za, conjg(transpose(za))) + (2d0, 4d0)), 31)
    ca = cmplx(a, 1 - a, c_float)
    call bitfast_cgemm(2_c_size_t, 2_c_size_t, 3_c_size_t, (0.0, 1.0), ca, 1_c_intptr_t, 2_c_intptr_t, 1_c_int, ca, &
        2_c_intptr_t, 1_c_intptr_t, 0_c_int, (0.0, 0.0), cc, 1_c_intptr_t, 2_c_intptr_t)
    call check(all(cc == (0.0, 1.0) * matmul(conjg(ca), transpose(ca))), 32)
    call bitfast_gemm_int8(2_c_size_t, 2_c_size_t, 3_c_size_t, int(a, c_int8_t), 1_c_intptr_t, 2_c_intptr_t, &
        int(b, c_int8_t), 1_c_intptr_t, 3_c_intptr_t, whole_c, 1_c_intptr_t, 2_c_intptr_t)
    call check(all(whole_c == nint(matmul(a, b))), 33)
    if (command_argument_count() > 0) call bitfast_exp_array(x(:3), y(:4))
contains
    subroutine check(holds, line)
        logical, intent(in) :: holds
        integer, intent(in) :: line
        if (holds) return
        print *, 'wrong:', line
        error stop
    end subroutine
end program
"""


@pytest.mark.slow
@pytest.mark.parametrize(("compiler", "name"), [("gcc", "use.c"), ("g++", "use.cc")])
def test_a_program_in_c_and_cxx(prefix: Path, tmp_path: Path, compiler: str, name: str) -> None:
    (tmp_path / name).write_text(C_PROGRAM)
    assert run(compiled(prefix, tmp_path, tmp_path / name, compiler)) == "0x1p+0 0x1.5bf0a8b145769p+1 0x1.4p+3\n"


@pytest.mark.slow
def test_cmake_finds_it(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "use.c").write_text(C_PROGRAM)
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.20)\nproject(use C)\nfind_package(bitfast 0.1 REQUIRED)\n"
        "foreach(kind bitfast bitfast_static)\n    add_executable(use_${kind} use.c)\n"
        "    target_link_libraries(use_${kind} PRIVATE bitfast::${kind})\nendforeach()\n"
    )
    run("cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", tmp_path / "build")
    for kind in ("bitfast", "bitfast_static"):
        assert run(tmp_path / "build" / f"use_{kind}").startswith("0x1p+0 0x1.5bf0a8b145769p+1")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
def test_a_program_in_fortran(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "main.f90").write_text(FORTRAN_PROGRAM)
    link = (*flags(prefix, "--libs", "bitfast"), f"-Wl,-rpath,{prefix}/lib")
    sources = (NATIVE / "include" / "bitfast.f90", "main.f90")
    warnings = ("-std=f2008", "-pedantic", "-Wall", "-Wextra", "-Wno-compare-reals", "-Werror", "-fcheck=all")
    run("gfortran", *warnings, *sources, "-o", "main", *link, cwd=tmp_path)
    assert run(tmp_path / "main").strip() == "4005BF0A8B145769"
    unequal = subprocess.run([tmp_path / "main", "unequal"], capture_output=True, text=True)
    assert unequal.returncode and unequal.stderr.startswith("bitfast_exp_array: the arrays are not of one size\n")


LIBM_PROGRAM = """
#include <errno.h>
#include <math.h>
#include <stdio.h>
int main(void) {
    static const double xs[] = {0, 1, -1, 1000, -1000, -745.5, 1e308, 1e-308, INFINITY, -INFINITY, NAN, 2, 0.5, -0.0};
#define EACH(f) for (int i = 0; i < 14; ++i) { \\
    volatile double x = xs[i]; errno = 0; f(x); printf(#f "(%g) %d\\n", x, errno); }
    EACH(exp) EACH(exp2) EACH(log) EACH(log2) EACH(log10) EACH(log1p) EACH(expm1) EACH(sin) EACH(cos) EACH(tan)
    EACH(sinh) EACH(cosh) EACH(tanh) EACH(asin) EACH(acos) EACH(atan) EACH(cbrt) EACH(erf) EACH(sqrt) EACH(floor)
#define PAIR(f) for (int i = 0; i < 14; ++i) for (int j = 0; j < 14; ++j) { \\
    volatile double x = xs[i], y = xs[j]; errno = 0; f(x, y); printf(#f "(%g, %g) %d\\n", x, y, errno); }
    PAIR(pow) PAIR(atan2) PAIR(hypot) PAIR(fmod) PAIR(remainder) PAIR(nextafter)
    return 0;
}
"""


@pytest.mark.slow
def test_errno_is_what_the_c_library_sets(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "errors.c").write_text(LIBM_PROGRAM)
    run("gcc", "-O0", "-fno-builtin", tmp_path / "errors.c", "-o", tmp_path / "errors", "-lm")
    theirs = run(tmp_path / "errors")
    ours = run(tmp_path / "errors", LD_PRELOAD=str(prefix / "lib" / "libbitfast_m.so"))
    assert ours == theirs


SINCOS_PROGRAM = """
#include <math.h>
#include <stdio.h>
int main(int argc, char **argv) {
    (void)argv;
    double x = 0x1.0d31f02d92aadp+2 * argc;
    printf("%a %a\\n", sin(x) + cos(x), (double)cbrtf(0x1.8p1f * (float)argc + 0x1p-20f));
    return 0;
}
"""


@pytest.mark.slow
def test_a_program_takes_the_functions_when_linked_or_preloaded(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "program.c").write_text(SINCOS_PROGRAM)
    library = ctypes.CDLL(str(prefix / "lib" / "libbitfast.so"))
    library.bitfast_level.restype = ctypes.c_char_p
    level = library.bitfast_level().decode()
    before_libm = flags(prefix, "--libs", "bitfast_m")
    run("gcc", "-O2", tmp_path / "program.c", "-o", tmp_path / "ordinary", "-lm")
    run("gcc", "-O2", tmp_path / "program.c", "-o", tmp_path / "linked", *before_libm, "-lm")
    run("gcc", "-O2", tmp_path / "program.c", "-o", tmp_path / "static", prefix / "lib" / "libbitfast_m.a", "-pthread")
    preload = {"LD_PRELOAD": str(prefix / "lib" / "libbitfast_m.so"), "LD_DEBUG": "bindings", "LD_BIND_NOW": "1"}
    bindings = subprocess.run(
        [tmp_path / "ordinary"], env={**os.environ, **preload}, capture_output=True, text=True, check=True
    )
    assert re.search(r"ordinary .* to .*libbitfast_m\.so \[0\]: normal symbol `sincos'", bindings.stderr), level
    linked = run(tmp_path / "linked", LD_LIBRARY_PATH=str(prefix / "lib"))
    assert bindings.stdout == linked == run(tmp_path / "static")


@pytest.mark.slow
def test_an_unknown_level_is_named_with_the_possible_ones(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "level.c").write_text(
        "#include <bitfast.h>\n#include <stdio.h>\nint main(void) { return puts(bitfast_level()) < 0; }\n"
    )
    program = compiled(prefix, tmp_path, tmp_path / "level.c")
    best = run(program)
    done = subprocess.run(
        [program], env={**os.environ, "BITFAST_LEVEL": "pentium"}, capture_output=True, text=True, check=True
    )
    assert done.stdout == best
    assert "BITFAST_LEVEL=pentium" in done.stderr and best.strip() in done.stderr
    for level in done.stderr.partition("has ")[2].partition(";")[0].split():
        assert run(program, BITFAST_LEVEL=level).strip() == level
