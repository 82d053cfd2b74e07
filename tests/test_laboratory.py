"""Experiments: bounded in time by what the program took, and no answer of theirs stays on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitfast.check.variants import Switched
from bitfast.words import Flags, Place, Toggle
from tests.benches import pair, target_bench
from tests.command_line import FUSED, Shell, tree

HANGING = "#include <unistd.h>\nint main(void)\n{\n#ifdef HUNG\n    sleep(100);\n#endif\n    return 0;\n}\n"


def test_a_variant_that_hangs_is_ended_soon_after_what_the_program_took(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bitfast.check.laboratory._LEAST_SECONDS", 0.5)
    bench = target_bench(tmp_path, {"a.c": HANGING})
    bench.limit(bench.run().seconds)
    outcome = bench.run([Switched(Flags(("-DHUNG",)))])
    assert outcome.timed_out and outcome.seconds < 30


def test_the_projects_own_limit_stays_the_upper_one(tmp_path: Path) -> None:
    bench = target_bench(tmp_path, {"a.c": HANGING})
    before = bench.project.time_limit_seconds
    bench.limit(1e9)
    assert bench.project.time_limit_seconds == before


def test_answers_of_experiments_do_not_stay_on_the_disk(tmp_path: Path) -> None:
    laboratory = pair(tmp_path, {"a.c": FUSED}).laboratory
    answers = laboratory.target.workspace.scratch("answers")
    laboratory.agrees([], "nothing")
    before = set(answers.iterdir())
    switches = [Flags(("-O1", "-ffp-contract=off")), Flags(("-O0", "-ffp-contract=off")), Flags(("-O3",))]
    toggles = [Toggle("contraction", Place("a.c"), switch) for switch in switches]
    assert [laboratory.agrees([toggle], "one") for toggle in toggles] == [True, True, False]
    assert set(answers.iterdir()) == before
    assert laboratory.agrees([], "nothing") is False


LIBM = """
#include <math.h>
#include <stdio.h>
int main(void)
{
    for (int i = 1; i < 300; i++)
        printf("%.17g %.17g\\n", cbrt(i), FUNCTION(0.017 * i));
    return 0;
}
"""


@pytest.mark.parametrize(("function", "verdict"), [("sin", "cured"), ("tgamma", "differs")])
def test_without_fetching_bitfasts_own_functions_cure_and_other_calls_are_named(
    shell: Shell, tmp_path: Path, function: str, verdict: str
) -> None:
    folder = tree(tmp_path / "p", a__c=LIBM.replace("FUNCTION", function))
    said = shell.check(folder, "--agree", environment={"BITFAST_CACHE": str(tmp_path / "empty")})
    result = said.result
    assert result["verdict"] == verdict, said.stderr
    not_tried = [note for note in result["notes"] if "not tried" in note]  # type: ignore[attr-defined]
    assert not_tried == [] if verdict == "cured" else "calls of tgamma were not tried" in not_tried[0]
