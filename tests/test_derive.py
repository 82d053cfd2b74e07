"""The math library's data are what the derivations give, and the bounds of its errors are proved."""

from __future__ import annotations

import importlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import mpmath
import pytest

from derive import common, erf, hard_cases, proofs

ROOT = Path(__file__).parent.parent
NATIVE = ROOT / "native"
NO_DATA = {"common", "fortran", "proofs"}
MODULES = sorted(path.stem for path in (ROOT / "derive").glob("[!_]*.py") if path.stem not in NO_DATA)
SCRIPTS = {path.stem: path for path in proofs.scripts()}
LONG = {"cbrt", "erf"}

sollya = pytest.mark.skipif(not shutil.which("sollya"), reason="no sollya")
gappa = pytest.mark.skipif(not shutil.which("gappa"), reason="no gappa")


@sollya
@pytest.mark.parametrize("name", MODULES)
def test_a_derivation_gives_the_same_bytes(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module(f"derive.{name}")
    if module is hard_cases:
        monkeypatch.setattr(hard_cases, "HEADER", tmp_path / hard_cases.HEADER.name)
        module.main()
        kept = NATIVE / "digest"
    else:
        module.main(tmp_path)
        kept = NATIVE / ("accurate" if name.startswith("accurate") else "elementary")
    written = sorted(tmp_path.iterdir())
    assert written
    for header in written:
        assert header.read_bytes() == (kept / header.name).read_bytes(), f"python -m derive {name}"


@gappa
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in LONG else ()) for name in SCRIPTS]
)
def test_gappa_accepts_a_proof(name: str) -> None:
    for proof in proofs.proofs(SCRIPTS[name]):
        assert not proofs.failure(proof), proof.name


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_proof_is_about_the_kernel_as_it_is(name: str) -> None:
    assert proofs.USED.search(SCRIPTS[name].read_text()), f"{name}.g does not say where its bound is used"
    assert proofs.drift(SCRIPTS[name]) == []


def changed(into: Path, name: str, old: str, new: str) -> Path:
    """A copy of a script with one change."""
    text = SCRIPTS[name].read_text()
    assert old in text
    script = into / f"{name}.g"
    script.write_text(text.replace(old, new))
    return script


@gappa
def test_a_smaller_bound_than_the_proofs_is_refused(tmp_path: Path) -> None:
    script = changed(tmp_path, "hypot", "<= 0x1p-104", "<= 0x1p-106")
    assert "not satisfied" in proofs.failure(next(proofs.proofs(script)))


@gappa
def test_a_rule_that_is_no_identity_is_refused(tmp_path: Path) -> None:
    script = changed(tmp_path, "hypot", "s / v -> 1 + (s / v - 1)", "s / v -> 1 + (s / v - 2)")
    assert "not trivially equal" in proofs.failure(next(proofs.proofs(script)))


def test_another_coefficient_and_another_bound_in_the_kernel_are_noticed(tmp_path: Path) -> None:
    for file in ("cbrt.c", "cbrt_data.h"):
        shutil.copy(NATIVE / "elementary" / file, tmp_path)
    assert proofs.drift(SCRIPTS["cbrt"], tmp_path) == []
    header, kernel = tmp_path / "cbrt_data.h", tmp_path / "cbrt.c"
    header.write_text(header.read_text().replace("0x1.555430726db94p-2", "0x1.555430726db95p-2"))
    kernel.write_text(kernel.read_text().replace("0x1p-97", "0x1p-99"))
    bound, coefficient = proofs.drift(SCRIPTS["cbrt"], tmp_path)
    assert "cbrt.c no longer has rounded(" in bound
    assert "R1" in coefficient


@dataclass(frozen=True)
class Polynomial:
    """What Gappa cannot know: the error that a script supposes of a polynomial.

    `unit` is the size of the function, where the error is relative to it, in the unit of the script's hypothesis.
    """

    script: str
    hypothesis: str
    function: str
    header: str
    array: str
    monomials: range
    low: str
    high: str
    absolute: bool = False
    unit: float = 1


START, ROOT_START = "0.1025390625", "0.069122314453125"
POLYNOMIALS = [
    Polynomial(
        "exp", "|missing|", "expm1(x)-x", "exp_data.h", "QUOTIENT", range(2, 6), "-0x1.63p-10", "0x1.63p-10", True
    ),
    Polynomial(
        "atan", "|lost|", "atan(x)-x", "atan_data.h", "CUBIC", range(3, 13, 2), "1b-12", "0x1.917p-6", unit=0.3334
    ),
    Polynomial(
        "atan2_f32", "|lost|", "atan(x)-x", "atan_data.h", "CUBIC_F32", range(3, 25, 2), "1b-12", "0.41422", unit=0.055
    ),
    Polynomial(
        "asin", "|lost|", "asin(x)-x", "asin_data.h", "CUBIC", range(3, 11, 2), "1b-12", "0x1.b8p-7", unit=0.1667
    ),
    Polynomial(
        "cbrt",
        "|start * exact_r0 * c - 1|",
        "(1-x)^(-1/3)",
        "cbrt_data.h",
        "CBRT_STEP",
        range(5),
        f"-{START}",
        START,
    ),
    Polynomial(
        "reciprocal_root",
        "|start * exact_r0 * s - 1|",
        "1/sqrt(1-x)",
        "rsqrt_data.h",
        "ROOT_STEP",
        range(4),
        f"-{ROOT_START}",
        ROOT_START,
    ),
]


def supposed(script: str, hypothesis: str) -> list[float]:
    """The bounds that the formulas of a script give to one expression."""
    return [
        float.fromhex(bound) for bound in re.findall(re.escape(hypothesis) + r" <= (\S+)", SCRIPTS[script].read_text())
    ]


@sollya
@pytest.mark.parametrize("case", POLYNOMIALS, ids=lambda case: case.script)
def test_a_polynomial_is_as_good_as_its_proof_supposes(case: Polynomial) -> None:
    text = common.polynomial(proofs.entries(case.header, case.array), list(case.monomials))
    error = common.error_exponent(case.function, text, case.low, case.high, absolute=case.absolute)
    assert 2**error * case.unit <= min(supposed(case.script, case.hypothesis))


@pytest.mark.parametrize(
    ("script", "rests"), [("atan", ("atan_data.h", "ANGLES_REST")), ("asin", ("asin_data.h", "TURNS_REST"))]
)
def test_the_tables_rests_are_as_small_as_the_proofs_suppose(script: str, rests: tuple[str, str]) -> None:
    assert max(map(abs, proofs.entries(*rests))) <= max(supposed(script, "|AL|"))


def remainder(c: mpmath.mpf) -> mpmath.mpf:
    """A bound of what erf's seven coefficients leave of the series from d^3 on, over d^3, for |d| <= 1/128."""
    d = mpmath.mpf(1) / 128
    missing = sum(abs(mpmath.hermite(n, c)) / mpmath.factorial(n + 1) * d ** (n - 2) for n in range(9, 40))
    for order in erf.ORDERS:
        for power, coefficient in enumerate(erf.hermite(order)[order % 2 :: 2]):
            exact = mpmath.mpf((-1) ** order * coefficient) / mpmath.factorial(order + 1)
            missing += abs(exact - float(exact)) * c ** (2 * power + order % 2) * d ** (order - 2)
    return missing


NUMBER = r"([-+.0-9a-fxp]+)"
REGION = re.compile(rf"\|c\| in \[{NUMBER}, {NUMBER}\].*G in \[{NUMBER}, {NUMBER}\] /\\ \|lost\| <= {NUMBER}(.*)")


def test_erfs_points_lie_where_its_proof_takes_them() -> None:
    slopes = proofs.entries("erf_data.h", "SLOPES")
    met = set()
    for first, last, low, high, lost, more in REGION.findall(SCRIPTS["erf"].read_text()):
        points = range(int(float(first) * erf.STEPS), int(float(last) * erf.STEPS) + 1)
        met.update(points)
        assert all(float(low) <= slopes[point] <= float(high) for point in points), first
        assert max(remainder(mpmath.mpf(point) / erf.STEPS) for point in points) <= float.fromhex(lost), first
        if more:
            smallest = mpmath.erf(mpmath.mpf(points[0]) / erf.STEPS - mpmath.mpf(1) / 128)
            assert smallest >= float(more.split("[")[1].split(",")[0]), first
    assert met == set(range(len(slopes)))
    rests = zip(slopes, proofs.entries("erf_data.h", "SLOPES_REST"), strict=True)
    assert max(abs(rest / slope) for slope, rest in rests) <= min(supposed("erf", "|GL / G|"))
    assert max(map(abs, proofs.entries("erf_data.h", "VALUES_REST"))) <= min(supposed("erf", "|VL|"))
