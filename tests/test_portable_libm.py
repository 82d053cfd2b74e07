"""One math library for every chip: the same bits of every function, and programs that really use it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast import chips, portable_libm
from bitfast.chips import Target

pytestmark = pytest.mark.network
Online = Callable[[Callable[[], Path]], Path]
HERE = Path(__file__).parent
INCLUDE = HERE.parent / "src" / "bitfast"
INPUTS = "6000"  # per function; 300 000 were tried by hand: 0 of 132 functions differ on four chips


def output(target: Target, program: Path, *arguments: str) -> str:
    command = [*chips.qemu_command(target), program, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def build(target: Target, sources: list[Path], into: Path, *arguments: str, compiler: str = "gcc") -> Path:
    program = into / target.triple
    command = [target.tools[compiler], "-O2", "-w", *sources, "-o", program, *arguments]
    subprocess.run(command, check=True)
    return program


@pytest.fixture(scope="module")
def reference_answers(online: Online, tmp_path_factory: pytest.TempPathFactory) -> str:
    return driver_answers(chips.reference(), online, tmp_path_factory.mktemp("reference"))


def driver_answers(target: Target, online: Online, into: Path) -> str:
    archive = online(lambda: portable_libm.portable_libm(target, fetch=True))
    driver = HERE / "portable_libm_driver.c"
    return output(target, build(target, [driver], into, f"-I{INCLUDE}", str(archive), "-lm"), INPUTS)


@pytest.mark.parametrize("name", ["aarch64", "riscv64", "powerpc64le", "s390x"])
def test_every_function_gives_the_same_bits(
    name: str, reference_answers: str, target_here: Callable[[str], Target], online: Online, tmp_path: Path
) -> None:
    expected = reference_answers.splitlines()
    answers = driver_answers(target_here(name), online, tmp_path).splitlines()
    assert sorted(line.split()[0] for line in expected) == list(portable_libm.functions())
    assert [(was, now) for was, now in zip(expected, answers, strict=True) if was != now] == []


def public_names(target: Target, archive: Path) -> list[str]:
    command = [target.tools["nm"], "--extern-only", "--defined-only", "--format=posix", archive]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted(line.split()[0] for line in listed if not line.endswith(":"))


def test_only_the_prefixed_names_are_public(online: Online) -> None:
    reference = chips.reference()
    archive = online(lambda: portable_libm.portable_libm(reference, fetch=True))
    assert public_names(reference, archive) == [f"bitfast_{name}" for name in portable_libm.functions()]
    undefined = subprocess.run(
        [reference.tools["nm"], "-u", archive], check=True, capture_output=True, text=True
    ).stdout
    assert set(re.findall(r" U (\w+)", undefined)) <= {
        "_GLOBAL_OFFSET_TABLE_", "feclearexcept", "fegetround", "feraiseexcept", "fetestexcept", "signgam",
        "__cpu_indicator_init", "__cpu_model", "__cpu_features2", "__errno_location", "__modti3", "__umodti3",
        "__udivmodti4", "fprintf", "fwrite", "getenv", "memcpy", "stderr", "strcmp",
    }  # fmt: skip


# y1, gamma and j0 are the program's own here, and must stay so.
CALLER = r"""
#include <math.h>
#include <stdio.h>
extern int signgam;
double y1 = 4.5, gamma = 2.5;
int j0(int k) { return k + 1; }
int main(int argc, char **argv)
{
    unsigned long long hash = 0;
    for (int i = 0; i < 4000; i++) {
        double x = argc * 0.37 * i, answers[] = { sin(x), exp(x / 1000), pow(x, 1.3), tgamma(x / 100), erf(x / 500) };
        for (int k = 0; k < 5; k++) {
            union { double x; unsigned long long bits; } u = { answers[k] };
            hash = hash * 31 + u.bits;
        }
    }
    lgamma(-0.5 * argc);
    printf("%llx %g %g %d %d %g\n", hash, y1, gamma, j0(1), signgam, sqrt(-argc));
    return 0;
}
"""


@pytest.mark.parametrize("linking", [(), ("-static",)])
def test_a_program_linked_with_it_agrees_on_both_chips(
    linking: tuple[str, ...], target_here: Callable[[str], Target], online: Online, tmp_path: Path
) -> None:
    source = tmp_path / "p.c"
    source.write_text(CALLER)
    plain, cured = [], []
    for target in (chips.reference(), target_here("aarch64")):
        archive = online(lambda: portable_libm.portable_libm(target, fetch=True))  # noqa: B023
        flags = ["-ffp-contract=off", "-std=c99", *linking]
        plain.append(output(target, build(target, [source], tmp_path, *flags, "-lm")))
        cured.append(output(target, build(target, [source], tmp_path, *flags, *portable_libm.link_flags(archive))))
    assert plain[0] != plain[1]
    assert cured[0] == cured[1]
    assert cured[0].split()[1:] == ["4.5", "2.5", "2", "-1", "nan"]


def test_c_plus_plus_calls_reach_it(target_here: Callable[[str], Target], online: Online, tmp_path: Path) -> None:
    target = target_here("aarch64")
    if not chips.has(target.tools["g++"]):
        pytest.skip("no C++ compiler for the target")
    archive = online(lambda: portable_libm.portable_libm(target, fetch=True))
    (tmp_path / "p.cc").write_text("#include <cmath>\nint main(int c, char **) { return std::sin(float(c)) > 2; }")
    program = build(target, [tmp_path / "p.cc"], tmp_path, *portable_libm.link_flags(archive), compiler="g++")
    undefined = subprocess.run([target.tools["nm"], "-u", program], check=True, capture_output=True, text=True).stdout
    assert "sinf" not in undefined
    assert output(target, program) == ""


ERRORS = r"""
#include <errno.h>
#include <math.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    double x[] = { exp(argc * 1000.0), log(argc - 1.0), sqrt(-argc), pow(-argc * 2.0, 0.5), fmod(argc, 0.0) };
    for (int k = 0; k < 5; k++) {
        errno = 0;
        double again[] = { k == 0 ? exp(argc * 1000.0) : k == 1 ? log(argc - 1.0) : k == 2 ? sqrt(-argc)
                           : k == 3 ? pow(-argc * 2.0, 0.5) : fmod(argc, 0.0) };
        printf("%d %d\n", errno, again[0] == x[k]);
    }
    double s, c;
    sincos(argc * 0x1.0d31f02d92aadp+2, &s, &c);
    return printf("%a %a %a\n", s, c, scalbn(0.75, argc)) < 0;
}
"""


def test_bitfasts_own_functions_need_no_fetching(
    monkeypatch: pytest.MonkeyPatch, target_here: Callable[[str], Target], tmp_path: Path
) -> None:
    monkeypatch.setenv("BITFAST_CACHE", str(tmp_path / "cache"))
    (tmp_path / "p.c").write_text(ERRORS)
    answers = []
    for target in (chips.reference(), target_here("aarch64")):
        archive = portable_libm.portable_libm(target)
        assert portable_libm.functions_in(archive) == portable_libm.own_functions() == portable_libm.functions_here()
        assert public_names(target, archive) == sorted(f"bitfast_{name}" for name in portable_libm.own_functions())
        flags = ["-D_GNU_SOURCE", "-fno-builtin", *portable_libm.link_flags(archive)]
        answers.append(output(target, build(target, [tmp_path / "p.c"], tmp_path, *flags)))
    assert answers[0] == answers[1]
    assert [line.split()[0] for line in answers[0].splitlines()[:5]] == ["34", "34", "33", "33", "33"]


def test_the_own_functions_are_the_correctly_rounded_ones() -> None:
    own = portable_libm.own_functions()
    assert {"sin", "powf", "erf", "hypotf", "sincos", "scalbn", "fma", "frexpf"} <= own
    assert not own & {"rsqrt", "lgamma", "j0", "floor_divide", "minimum"}
