"""The REST API of long work: progress, results, stopping, and how much may wait."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bitfast_faces.web.jobs import Progress
from faces_web import (
    Site,
    problem,
    site,
)


class TestJobs:
    def test_a_folder_is_sorted_as_a_job_with_progress(self, tmp_path: Path) -> None:
        def work(engine: object, folder: Path, progress: Progress) -> object:
            progress(1, 2)
            return {"groups": [], "unknown": [folder.name]}

        with site(tmp_path, cluster=work, folders={"photos": tmp_path}) as here:
            job = here.client.post("/api/v1/clusters", json={"folder": "photos"})
            assert job.status_code == 202
            ended = _ended(here, job.json()["id"])
            assert (ended["state"], ended["done"], ended["total"]) == ("done", 1, 2)
            assert ended["result"] == {"groups": [], "unknown": [tmp_path.name]}
            problem(here.with_scopes("cluster").get(f"/api/v1/jobs/{ended['id']}"), 404)

    def test_a_job_is_stopped_at_its_next_step(self, tmp_path: Path) -> None:
        begun, go_on = threading.Event(), threading.Event()

        def work(engine: object, folder: Path, progress: Progress) -> object:
            begun.set()
            go_on.wait(10)
            progress(1, 2)
            return "went on"

        with site(tmp_path, cluster=work, folders={"photos": tmp_path}) as here:
            id = here.client.post("/api/v1/clusters", json={"folder": "photos"}).json()["id"]
            assert begun.wait(10)
            here.client.delete(f"/api/v1/jobs/{id}")
            go_on.set()
            assert _ended(here, id)["state"] == "cancelled"

    def test_a_job_that_fails_says_why_without_a_traceback(self, tmp_path: Path) -> None:
        def work(engine: object, folder: Path, progress: Progress) -> object:
            raise RuntimeError("secret detail")

        with site(tmp_path, cluster=work, folders={"photos": tmp_path}) as here:
            ended = _ended(here, here.client.post("/api/v1/clusters", json={"folder": "photos"}).json()["id"])
            assert ended["state"] == "failed" and ended["problem"]["advice"]
            assert "secret" not in str(ended)

    @pytest.mark.parametrize("folder", ["/etc", "..", "photos/../..", "other"])
    def test_only_folders_that_the_server_was_given_are_sorted(self, tmp_path: Path, folder: str) -> None:
        with site(tmp_path, cluster=lambda *_: None, folders={"photos": tmp_path}) as here:
            problem(here.client.post("/api/v1/clusters", json={"folder": folder}), 404)

    def test_too_many_waiting_jobs_are_refused_and_one_asker_does_not_take_every_place(self, tmp_path: Path) -> None:
        hold = threading.Event()
        with site(tmp_path, cluster=lambda *_: hold.wait(10), folders={"photos": tmp_path}) as here:
            askers = [here.client, here.with_scopes("cluster"), here.with_scopes("cluster")]
            answers = [[_start(asker).status_code for _ in range(4)] for asker in askers]
            hold.set()
            assert answers == [[202] * 3 + [503], [202] * 3 + [503], [202] * 2 + [503] * 2]

    def test_the_results_of_the_last_jobs_are_kept_and_no_more(self, tmp_path: Path) -> None:
        with site(tmp_path, cluster=lambda *_: "sorted", folders={"photos": tmp_path}) as here:
            ids = [_ended(here, _start(here.client).json()["id"])["id"] for _ in range(10)]
            assert [job["id"] for job in here.client.get("/api/v1/jobs").json()] == ids[-8:]


def _start(client: TestClient) -> Any:
    return client.post("/api/v1/clusters", json={"folder": "photos"})


def _ended(here: Site, id: str) -> dict[str, Any]:
    for _ in range(1000):
        job = dict(here.client.get(f"/api/v1/jobs/{id}").json())
        if job["state"] not in ("waiting", "running"):
            return job
        threading.Event().wait(0.01)
    raise AssertionError("the job did not end")
