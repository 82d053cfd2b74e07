"""What the API keeps callers from: lists of everybody, exact scores, numbers and names that are none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from bitfast_faces.matching import ONE, THRESHOLD
from bitfast_faces.store.keeping import today_utc
from bitfast_faces.web.config import WebConfig
from faces_web import BLUE, GREEN, NEAR_RED, RED, Site, consent, enrol, problem, site


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as one:
        yield one


def asked(path: str, face: str, **more: Any) -> dict[str, Any]:
    which = {"face": face, "person": 1} if path == "verify" else {"faces": [face]}
    return {**which, "purpose": "entrance", **more}


class TestThresholds:
    @pytest.mark.parametrize("path", ["search", "recognise", "verify"])
    @pytest.mark.parametrize("threshold", [0, 1, THRESHOLD - 1])
    def test_no_caller_makes_strangers_known(self, here: Site, path: str, threshold: int) -> None:
        enrol(here, "Red", *here.faces(RED))
        answer = here.client.post(f"/api/v1/{path}", json=asked(path, *here.faces(GREEN), threshold=threshold))
        assert "Red" not in answer.text
        assert str(THRESHOLD) in problem(answer, 422)["happened"]

    def test_the_servers_threshold_is_everybodys(self, tmp_path: Path) -> None:
        with site(tmp_path, WebConfig(threshold=ONE)) as here:
            enrol(here, "Red", *here.faces(RED))
            face = here.faces(NEAR_RED)
            assert here.client.post("/api/v1/search", json=asked("search", *face)).json()[0]["matches"] == []
            problem(here.client.post("/api/v1/search", json=asked("search", *face, threshold=THRESHOLD)), 422)

    def test_scores_are_rounded_and_a_stranger_gets_neither_score_nor_name(self, here: Site) -> None:
        enrol(here, "Red", *here.faces(RED))
        (near, green) = here.faces(NEAR_RED, GREEN)
        known = here.client.post("/api/v1/verify", json=asked("verify", near)).json()
        assert known["same"] and known["name"] == "Red" and known["score"] % (1 << 20) == 0
        assert known["similarity"] == round(known["score"] / ONE, 3) and known["score"] > THRESHOLD - (1 << 20)
        found = here.client.post("/api/v1/search", json=asked("search", near)).json()[0]["matches"]
        assert found[0]["score"] % (1 << 20) == 0
        other = here.client.post("/api/v1/verify", json=asked("verify", green)).json()
        assert not other["same"] and other["why_not"]
        assert (other["name"], other["score"], other["similarity"]) == ("", None, None)

    @pytest.mark.parametrize("path", ["search", "recognise"])
    def test_a_hundred_faces_are_asked_for_at_once_and_no_more(self, here: Site, path: str) -> None:
        body = {**asked(path, "x"), "faces": here.faces(BLUE) * 101}
        assert "100" in problem(here.client.post(f"/api/v1/{path}", json=body), 422)["happened"]
        assert here.client.post(f"/api/v1/{path}", json={**body, "faces": body["faces"][1:]}).status_code == 200


def test_the_log_says_which_token_asked(here: Site) -> None:
    number = enrol(here, "Red", *here.faces(RED))
    face = here.faces(NEAR_RED)
    for path in ("search", "recognise", "verify"):
        assert here.client.post(f"/api/v1/{path}", json=asked(path, *face)).status_code == 200
    here.client.post(f"/api/v1/people/{number}/rejections", json={"face": face[0]})
    here.client.post(f"/api/v1/people/{number}/faces", json={"faces": face})
    here.client.post(f"/api/v1/people/{number}/consents", json=consent(purpose="canteen"))
    here.client.get("/api/v1/people")
    here.client.delete(f"/api/v1/people/{number}")
    here.client.post("/api/v1/people/expire")
    (token,) = here.tokens.all()
    entries = [
        each
        for each in here.client.get("/api/v1/audit").json()
        if each["action"] not in ("create", "deletion-verified")
    ]
    assert {"enrol", "search", "recognise", "verify", "reject", "add", "consent", "people", "delete"} <= {
        each["action"] for each in entries
    }
    assert {each["detail"].get("by") for each in entries} == {f"token:{token.id}"}
    assert [each["id"] for each in here.client.get("/api/v1/audit?after=2&limit=3").json()] == [3, 4, 5]


class TestRetention:
    def test_whose_consent_has_ended_is_deleted_the_next_day(self, here: Site) -> None:
        enrol(here, "Red", *here.faces(RED))
        enrol(here, "Blue", *here.faces(BLUE), expires=str(today_utc() + timedelta(days=9)))
        services = here.app._inner.state.services  # type: ignore[attr-defined]
        assert here.client.portal is not None
        here.client.portal.call(services.retain, today_utc() + timedelta(days=10))
        assert [each["name"] for each in here.client.get("/api/v1/people").json()] == ["Red"]

    def test_whose_consent_has_ended_is_deleted_when_the_server_starts(self, tmp_path: Path) -> None:
        with site(tmp_path) as here:
            enrol(here, "Red", *here.faces(RED), expires=str(today_utc()))
        later = today_utc() + timedelta(days=1)
        with patch("bitfast_faces.web.services.today_utc", lambda: later), site(tmp_path) as here:
            assert here.client.get("/api/v1/people").json() == []
            assert "serve" in [each["detail"].get("by") for each in here.client.get("/api/v1/audit").json()]


class TestNumbersAndNames:
    @pytest.mark.parametrize("number", [1 << 63, 10**22, 0, -1])
    def test_a_number_that_nothing_has_is_a_problem_in_words(self, here: Site, number: int) -> None:
        for path in (f"people/{number}", f"audit?after={number - (number <= 0)}"):
            problem(here.client.get(f"/api/v1/{path}"), 422)
        problem(here.client.delete(f"/api/v1/people/{number}"), 422)
        body = {**asked("verify", *here.faces(RED)), "person": number}
        problem(here.client.post("/api/v1/verify", json=body), 422)

    @pytest.mark.parametrize("name", ["Red\x1b[2J", "Red\n", "a\x00b", "\u202eder", "\u200e", "\u200d"])
    def test_a_name_that_a_terminal_would_obey_is_refused(self, here: Site, name: str) -> None:
        faces = here.faces(RED)
        body = {"name": name, "faces": faces, "consent": consent()}
        problem(here.client.post("/api/v1/people", json=body), 422)
        body = {"name": "Red", "faces": faces, "consent": consent(evidence=name)}
        problem(here.client.post("/api/v1/people", json=body), 422)
        assert here.client.get("/api/v1/people").json() == []

    @pytest.mark.parametrize("name", ["Zoë", "नीलम", "علی‌رضا", "李", "O’Neill", "Ann 👩‍🦰"])
    def test_names_of_all_languages_are_taken(self, here: Site, name: str) -> None:
        assert here.client.get(f"/api/v1/people/{enrol(here, name, *here.faces(RED))}").json()["name"] == name


def test_faces_of_two_people_or_of_somebody_enrolled_are_enrolled_only_where_that_is_meant(tmp_path: Path) -> None:
    with site(tmp_path) as here:
        (red, green, near) = here.faces(RED, GREEN, NEAR_RED)
        body = {"name": "Red", "faces": [red, green], "consent": consent()}
        assert "one person" in problem(here.client.post("/api/v1/people", json=body), 422)["happened"]
        one = enrol(here, "Red", red)
        body = {"name": "Rosa", "faces": [near], "consent": consent()}
        assert f"person {one}" in problem(here.client.post("/api/v1/people", json=body), 422)["happened"]
        added = {"faces": [green]}
        problem(here.client.post(f"/api/v1/people/{one}/faces", json=added), 422)
        told = here.client.post(f"/api/v1/people/{one}/faces", json={**added, "different": True})
        assert told.json()["templates"] == 2
        assert here.client.post("/api/v1/people", json={**body, "different": True}).status_code == 201
