"""Answers written to disk for the tests of the comparer and of masks."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path

from hypothesis import HealthCheck, settings

from bitfast.check.answer import Answer
from bitfast.words import Difference

Write = Callable[..., Answer]
"""Makes an answer of stdout's text and other outputs by name."""

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def writer(folder: Path) -> Write:
    """Writes every answer into a folder of its own below `folder`."""
    count = itertools.count()

    def answer(stdout: str | bytes | None = None, others: Mapping[str, str | bytes] | None = None) -> Answer:
        own = folder / str(next(count))
        own.mkdir()
        contents = {**({} if stdout is None else {"stdout": stdout}), **(others or {})}
        for name, content in contents.items():
            (own / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return Answer({name: own / name for name in contents})

    return answer


def keyword_writer(folder: Path) -> Write:
    """Like `writer`, with outputs by keyword: a__csv stands for a.csv, exit_status for "exit status"."""
    make = writer(folder)

    def answer(**outputs: str | bytes) -> Answer:
        names = {key: key.replace("__", ".").replace("exit_status", "exit status") for key in outputs}
        return make(None, {names[key]: content for key, content in outputs.items()})

    return answer


def only(differences: tuple[Difference, ...]) -> Difference:
    assert len(differences) == 1, differences
    return differences[0]
