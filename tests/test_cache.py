"""The cache keeps what is whole, makes it once, and leaves nothing of what failed."""

from __future__ import annotations

import stat
import threading
import time
from pathlib import Path

import pytest

from bitfast.cache import cache_directory, made_once
from bitfast.words import BitfastError


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BITFAST_CACHE", str(tmp_path / "a b" / "ä"))
    assert cache_directory() == tmp_path / "a b" / "ä"
    monkeypatch.delenv("BITFAST_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_directory() == tmp_path / "bitfast"
    assert stat.S_IMODE(cache_directory().stat().st_mode) == 0o700


def test_a_cache_that_cannot_be_made_is_an_error_for_people(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("BITFAST_CACHE", str(tmp_path / "file" / "below"))
    with pytest.raises(BitfastError, match="cannot make the cache") as error:
        cache_directory()
    assert "BITFAST_CACHE" in error.value.next_step


def test_several_at_a_time_make_it_once(tmp_path: Path) -> None:
    calls: list[Path] = []

    def make(into: Path) -> None:
        calls.append(into)
        time.sleep(0.05)
        (into / "content").write_text("whole")

    threads = [threading.Thread(target=made_once, args=(tmp_path / "thing", make)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1
    assert (tmp_path / "thing" / "content").read_text() == "whole"


def test_a_failure_leaves_nothing_and_the_next_attempt_starts_anew(tmp_path: Path) -> None:
    def fail(into: Path) -> None:
        (into / "half").touch()
        raise BitfastError("no")

    with pytest.raises(BitfastError):
        made_once(tmp_path / "thing", fail)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []
    made_once(tmp_path / "thing", lambda into: (into / "content").touch())
    assert [path.name for path in (tmp_path / "thing").iterdir()] == ["content"]
