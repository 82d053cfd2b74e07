"""Long work: folders sorted into people, as jobs with progress."""

from __future__ import annotations

from fastapi import APIRouter

from bitfast_faces.web.access import Anyone, Clustering, Work
from bitfast_faces.web.jobs import Progress
from bitfast_faces.web.problems import Problem
from bitfast_faces.web.schemas import ClusterIn, Id, JobOut

router = APIRouter(tags=["jobs"])


@router.post("/clusters", status_code=202)
async def cluster(asked: ClusterIn, caller: Clustering, work: Work) -> JobOut:
    """Sorts the faces of a folder into people: a job. Only folders that `serve` was given, by their names there."""
    backends = work.backends
    run, folder = backends.cluster, backends.folders.get(asked.folder)
    if run is None or folder is None:
        raise Problem(
            404,
            "Sorting a folder",
            "There is no folder of that name here.",
            "Start `bitfast-faces serve` with --folder NAME=PATH; GET /api/v1/session lists the names.",
        )

    def job(progress: Progress) -> object:
        return run(backends.engine, folder, progress)

    return JobOut.of(work.jobs.start("cluster", caller.key, job))


@router.get("/jobs")
async def jobs(caller: Anyone, work: Work) -> list[JobOut]:
    """Your jobs, without their results."""
    return [JobOut.of(job).model_copy(update={"result": None}) for job in work.jobs.all(caller.key)]


@router.get("/jobs/{id}")
async def job(id: Id, caller: Anyone, work: Work) -> JobOut:
    """How far a job is; its result when it is done, the problem when it failed."""
    return JobOut.of(work.jobs.get(id, caller.key))


@router.delete("/jobs/{id}")
async def cancel(id: Id, caller: Anyone, work: Work) -> JobOut:
    """Stops a job at its next step; forgets one that has ended."""
    return JobOut.of(work.jobs.cancel(id, caller.key))
