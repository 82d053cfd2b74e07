"""Long work: one job after the other in a thread, with progress, a result or a problem, and a way to stop it."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Literal

from bitfast_faces.errors import FacesError
from bitfast_faces.web import problems
from bitfast_faces.web.problems import Problem

State = Literal["waiting", "running", "done", "failed", "cancelled"]
Progress = Callable[[int, int], None]


class Cancelled(Exception):
    """Raised by a job's progress call after someone asked it to stop."""


@dataclass(frozen=True)
class Job:
    """A job as it stands: `done` of `total` steps (0 of 0 before it is known how many)."""

    id: str
    kind: str
    owner: str
    state: State
    done: int = 0
    total: int = 0
    result: Any = None
    problem: Problem | None = None
    ended: float = 0.0

    @property
    def open(self) -> bool:
        return self.state in ("waiting", "running")


OPEN_OF_ONE = 3
ENDED_OF_ONE = 8


class Jobs:
    """The jobs of one server. At most `waiting` are open, OPEN_OF_ONE of each owner.

    Ended ones are forgotten after `keep_seconds`, and when an owner has ENDED_OF_ONE, the oldest."""

    def __init__(
        self, waiting: int = 8, keep_seconds: float = 3600.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._waiting = waiting
        self._keep_seconds = keep_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._stopped: set[str] = set()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="job")

    def start(self, kind: str, owner: str, work: Callable[[Progress], Any]) -> Job:
        """Queues `work(progress)`, which calls `progress(done, total)` often. Problem 503 when too much waits."""
        with self._lock:
            self._forget()
            mine = [job for job in self._jobs.values() if job.owner == owner]
            if sum(job.open for job in self._jobs.values()) >= self._waiting or _many(mine):
                raise Problem(
                    503, f"Starting a {kind} job", "Too many jobs wait already.", "Wait for one to end or cancel it."
                )
            ended = [job.id for job in mine if not job.open]  # in the order that they were started
            for old in ended[: max(0, len(ended) + 1 - ENDED_OF_ONE)]:
                self._drop(old)
            job = Job(secrets.token_hex(8), kind, owner, "waiting")
            self._jobs[job.id] = job
        self._worker.submit(self._run, job.id, work)
        return job

    def all(self, owner: str) -> list[Job]:
        with self._lock:
            self._forget()
            return [job for job in self._jobs.values() if job.owner == owner]

    def get(self, id: str, owner: str) -> Job:
        """The owner's job; Problem 404 for any other, whether it exists or not."""
        with self._lock:
            self._forget()
            job = self._jobs.get(id)
        if job is None or job.owner != owner:
            raise Problem(404, f"Looking for job {id[:32]!r}", "There is no such job.", "GET /api/v1/jobs lists them.")
        return job

    def cancel(self, id: str, owner: str) -> Job:
        """Asks a job to stop; it does so at its next step. One that has ended is forgotten."""
        job = self.get(id, owner)
        with self._lock:
            if job.open:
                self._stopped.add(id)
            else:
                self._jobs.pop(id, None)
        return job

    def close(self) -> None:
        with self._lock:
            self._stopped.update(self._jobs)
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _run(self, id: str, work: Callable[[Progress], Any]) -> None:
        def progress(done: int, total: int) -> None:
            if id in self._stopped:
                raise Cancelled
            self._change(id, done=done, total=total)

        try:
            progress(0, 0)
            self._change(id, state="running")
            self._change(id, state="done", result=work(progress))
        except Cancelled:
            self._change(id, state="cancelled")
        except Problem as problem:
            self._change(id, state="failed", problem=problem)
        except FacesError as error:
            self._change(id, state="failed", problem=problems.of_faces_error(error))
        except Exception as error:  # a job's surprise is shown like a request's
            self._change(id, state="failed", problem=problems.of_surprise(error))
        finally:
            self._change(id, ended=self._clock())

    def _change(self, id: str, **changes: Any) -> None:
        with self._lock:
            if id in self._jobs:  # one that has just ended may be forgotten before its end is noted
                self._jobs[id] = replace(self._jobs[id], **changes)

    def _forget(self) -> None:
        old = self._clock() - self._keep_seconds
        for id in [job.id for job in self._jobs.values() if not job.open and 0 < job.ended < old]:
            self._drop(id)

    def _drop(self, id: str) -> None:
        self._jobs.pop(id, None)
        self._stopped.discard(id)


def _many(mine: list[Job]) -> bool:
    return sum(job.open for job in mine) >= OPEN_OF_ONE
