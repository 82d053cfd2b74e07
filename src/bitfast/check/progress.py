"""What the user sees while a check works: the stage it is at, on stderr, so that stdout holds the report alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

from bitfast.check.report.text import visible

_PLAIN_SECONDS = 2.0  # a plain log gets an update at most this often


class Progress:
    """Shows the running stages. At a terminal, live lines that vanish at the end; elsewhere nothing, or with `verbose`
    one plain line when a stage begins, moves and ends. `quiet` silences it. Stages may run in several threads.

    >>> with Progress(quiet=True) as progress, progress.stage("searching") as stage:
    ...     stage.update("12 of ~40")
    """

    def __init__(self, *, verbose: bool = False, quiet: bool = False, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        live = self._console.is_terminal and not self._console.is_dumb_terminal and not quiet
        self._plain = verbose and not quiet
        self._lock = threading.Lock()
        self._bars: Bars | None = None
        if live:
            words = TextColumn(
                "{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")
            )
            self._bars = Bars(SpinnerColumn(), words, TimeElapsedColumn(), console=self._console, transient=True)

    def __enter__(self) -> Self:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    @contextmanager
    def stage(self, title: str) -> Iterator[Stage]:
        """A stage such as "building for aarch64-linux-gnu", from the begin to the end of the `with` block."""
        begin = time.monotonic()
        task = self._bars.add_task(visible(title), total=None) if self._bars is not None else None
        if task is None:
            self.say(title)
        try:
            yield Stage(self, title, task)
        except BaseException:
            self.say(f"{title}: ended after {time.monotonic() - begin:.1f} s")
            raise
        else:
            self.say(f"{title}: {time.monotonic() - begin:.1f} s")
        finally:
            if task is not None and self._bars is not None:
                self._bars.remove_task(task)

    def say(self, line: str) -> None:
        """One line that stays; shown only where `verbose` asks for it."""
        if self._plain:
            with self._lock:
                self._console.print(Text(visible(line)), soft_wrap=True, highlight=False)

    def refresh(self) -> None:
        """Draw the live lines now; they are drawn ten times a second anyway."""
        if self._bars is not None:
            self._bars.refresh()

    def describe(self, task: TaskID, text: str) -> None:
        """Change what a live line says."""
        if self._bars is not None:
            self._bars.update(task, description=visible(text))


class Stage:
    """One running stage; `update` says how far it is."""

    def __init__(self, progress: Progress, title: str, task: TaskID | None) -> None:
        self._progress = progress
        self._title = title
        self._task = task
        self._said = time.monotonic()

    def update(self, detail: str) -> None:
        """Show `detail` behind the stage's title: "12 of ~40, fused-multiply-add"."""
        text = f"{self._title}: {detail}" if detail else self._title
        if self._task is not None:
            self._progress.describe(self._task, text)
        elif time.monotonic() - self._said >= _PLAIN_SECONDS:
            self._said = time.monotonic()
            self._progress.say(text)
