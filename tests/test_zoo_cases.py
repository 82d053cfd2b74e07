"""The zoo can be read, its places exist, and the verification finds a case out that does not tell the truth."""

from __future__ import annotations

import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.zoo.cases import Case, load, load_all
from tests.zoo.verify import problems

VERDICTS = {"cured", "same", "nondeterministic", "differs"}


def named(name: str) -> Case:
    return load_all([name])[0]


@pytest.mark.parametrize("case", load_all(), ids=lambda case: case.name)
def test_a_case_says_what_is_true_of_existing_lines(case: Case) -> None:
    assert case.verdict in VERDICTS
    assert case.title.strip()
    assert (case.root / case.path).exists()
    assert case.causes or case.verdict in ("same", "nondeterministic")
    for place in (place for cause in case.causes for place in cause.places):
        lines = (case.root / place.file).read_text().splitlines()
        assert lines[place.line - 1].strip(), f"{place.file}:{place.line}"


def test_the_zoo_has_every_language_and_build_system() -> None:
    cases = load_all()
    for mark in ("Makefile", "CMakeLists.txt", "meson.build", "configure.ac", "configure"):
        assert any((case.root / mark).exists() for case in cases), mark
    for suffix in ("c", "cpp", "f90", "f"):
        assert any(list(case.root.rglob(f"*.{suffix}")) for case in cases), suffix
    assert any(case.tarball for case in cases)
    assert any(case.path != "." for case in cases)
    assert len(cases) >= 45
    assert sum(case.verdict == "same" for case in cases) >= 8


@pytest.mark.parametrize("name", ["two-fma-char-sign-c", "masked-date-and-fma-c", "libm-cbrt-c", "division-calculator"])
def test_a_true_case_has_no_problem(name: str, tmp_path: Path) -> None:
    assert list(problems(named(name), tmp_path)) == []


def test_a_look_alike_that_differs_is_found_out(tmp_path: Path) -> None:
    lie = replace(named("fma-quadratic-c"), verdict="same")
    assert list(problems(lie, tmp_path)) == ["the sides differ"]


def test_a_cause_that_is_none_is_found_out(tmp_path: Path) -> None:
    lie = replace(named("same-ascii-char-c"), verdict="cured")
    assert list(problems(lie, tmp_path)) == ["the sides agree as they are"]


def test_a_wrong_cause_is_found_out(tmp_path: Path) -> None:
    case = named("fma-quadratic-c")
    cause = replace(case.causes[0], off="-fsigned-char")
    assert list(problems(replace(case, causes=(cause,)), tmp_path)) == ["still differs with -fsigned-char"]


def test_a_place_that_matters_not_is_found_out(tmp_path: Path) -> None:
    case = named("fma-quadratic-c")
    cause = case.causes[0]
    idle = replace(cause.places[0], line=1, fixed="/* Roots. */")
    lie = replace(case, causes=(replace(cause, places=(*cause.places, idle)),))
    assert list(problems(lie, tmp_path)) == ["roots.c:1 need not be changed"]


def test_a_forgotten_cause_is_found_out(tmp_path: Path) -> None:
    case = named("two-fma-char-sign-c")
    found = list(problems(replace(case, causes=case.causes[:1]), tmp_path))
    assert found == ["still differs with -ffp-contract=off", "still differs with scale.c:5 rewritten"]


def test_a_repeating_program_is_not_called_nondeterministic(tmp_path: Path) -> None:
    lie = replace(named("same-ascii-char-c"), verdict="nondeterministic")
    assert list(problems(lie, tmp_path)) == ["the reference repeats itself"]


def test_what_does_not_repeat_must_be_masked(tmp_path: Path) -> None:
    lie = replace(named("masked-cpu-time-c"), masked=())
    assert list(problems(lie, tmp_path)) == ["the reference does not repeat itself"]


def test_a_tarball_is_packed_with_its_folder_and_without_what_only_the_zoo_needs(tmp_path: Path) -> None:
    packed = named("fma-tarball-c").material(tmp_path)
    with tarfile.open(packed) as archive:
        names = archive.getnames()
    assert "tidal-1.2/configure.ac" in names
    assert not any(name.endswith("case.toml") for name in names)


def test_material_is_a_copy_of_the_program_alone(tmp_path: Path) -> None:
    given = named("fma-quadratic-c").material(tmp_path)
    assert given == tmp_path / "fma-quadratic-c" / "roots.c"
    assert given.is_file() and not (given.parent / "case.toml").exists()


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text('title = "t"\nverdict = "same"\nverdikt = "same"\n')
    with pytest.raises(ValueError, match="verdikt"):
        load(tmp_path)
