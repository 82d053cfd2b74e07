"""The report's sentences: right in number, true of the patch, without internal names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bitfast.causes import catalogue
from bitfast.check.report import wording
from bitfast.check.search import told
from bitfast.scan import Scan
from bitfast.scan_report import scan_headline
from bitfast.words import Certainty, Flags, Hindrance, NamedCause, Place, Toggle
from tests.report_examples import PATCH, QHULL

FMA = QHULL.causes[0]
CHAR = NamedCause("char-sign", Certainty.PROVED, (Place("a.c", 3),), "…")


def test_one_of_a_kind_has_no_plural() -> None:
    one = Scan(Path(), 1, (), (Hindrance("intrinsics", (), ""),))
    assert scan_headline(one).startswith("1 file read; 0 places") and scan_headline(one).endswith("1 kind of hindrance")


def test_a_cure_is_counted_by_what_its_patch_changes_and_not_by_its_places() -> None:
    assert QHULL.cure
    cure = replace(QHULL.cure, places=12)
    assert wording.headline(replace(QHULL, cure=cure)).endswith("; cured by a patch of 2 changes in 1 file")
    assert wording.cure_title(cure) == "a patch of 2 changes in 1 file, on the target only"
    two_files = PATCH + PATCH.replace("geom.c", "geom2.c")
    assert wording.patch_size(two_files) == "a patch of 4 changes in 2 files"
    assert wording.headline(replace(QHULL, cure=replace(cure, patch=""))).endswith("; cured without touching a source")


def test_of_two_causes_neither_is_said_to_restore_the_answer_alone() -> None:
    assert wording.certainty_means(FMA, QHULL).endswith("at these places alone restores the answer")
    both = replace(QHULL, causes=(FMA, CHAR))
    said = "switching it off at these places, together with the other cause, restores the answer"
    assert wording.certainty_means(CHAR, both) == said
    three = replace(both, causes=(FMA, CHAR, replace(CHAR, cause="libm")))
    assert "together with the other causes" in wording.certainty_means(CHAR, three)
    indicated = replace(QHULL, causes=(FMA, replace(CHAR, certainty=Certainty.INDICATED)))
    assert "alone" in wording.certainty_means(FMA, indicated)


@pytest.mark.parametrize(
    ("cost", "instructions", "said"),
    [
        (1.004, 1.011, "1.00 × the run time on the reference, 1.01 × the instructions on the target"),
        (None, 1.2, "the run is too short to measure the time, 1.20 × the instructions on the target"),
    ],
)
def test_what_a_cure_costs(cost: float | None, instructions: float, said: str) -> None:
    assert QHULL.cure
    assert wording.cost(replace(QHULL.cure, cost=cost, instruction_cost=instructions)) == said


def test_steps_of_the_search_say_what_was_switched_off() -> None:
    toggle = Toggle("fused-multiply-add", Place("a.c"), Flags(("-ffp-contract=off",)))
    other = replace(toggle, cause="char-sign")
    assert told([], 3, []) == "nothing switched off"
    assert told([], 3, [other]) == "char-sign alone"
    assert told([toggle], 1, []) == "fused-multiply-add off at a.c"


def test_parts_of_a_cause_are_reported_under_its_name() -> None:
    names = {cause.name: cause.reported_name for cause in catalogue()}
    assert names["float-to-int-fortran"] == "float-to-int" and names["wide-char-sign"] == "char-sign"
    assert all(names[name] == name for name in names.values())
