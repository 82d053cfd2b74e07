"""A search that has used up its experiments still names places that are enough."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast.check import search
from bitfast.chips import Target
from tests.test_search import found_and_planted

PARTS = [("fused-multiply-add", number % 3 == 0, True) for number in range(24)]


@pytest.mark.parametrize("most", [4, 16])
def test_a_search_cut_short_names_all_that_is_needed_and_perhaps_more(
    tmp_path: Path, target_here: Callable[[str], Target], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    target_here("aarch64-linux-gnu")
    monkeypatch.setattr(search, "MOST_EXPERIMENTS", most)
    named, planted, experiments = found_and_planted(tmp_path, PARTS)
    assert experiments <= most + 3  # two compiler switches are tried before anything is made smaller
    if most == 4:  # no more than files could be told apart
        assert {(cause, file) for cause, file, _ in named} >= {(cause, file) for cause, file, _ in planted}
    else:
        assert named > planted
