"""The REST API of recognition: who agreed is found, corrected, deleted, and all of it is in the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from faces_web import (
    BLUE,
    GREEN,
    NEAR_RED,
    POOR,
    RED,
    Site,
    consent,
    enrol,
    problem,
    site,
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as one:
        yield one


def found(here: Site, *faces: str, purpose: str = "entrance", path: str = "search") -> list[list[str]]:
    answer = here.client.post(f"/api/v1/{path}", json={"faces": faces, "purpose": purpose})
    assert answer.status_code == 200, answer.text
    by_face = {each["face"]: [match["name"] for match in each["matches"]] for each in answer.json()}
    return [by_face[face] for face in faces]


class TestPeople:
    def test_who_agreed_is_found_and_others_are_unknown(self, here: Site) -> None:
        enrol(here, "Red", *here.faces(RED))
        near, green = here.faces(NEAR_RED, GREEN)
        assert found(here, near, green) == [["Red"], []]

    def test_nobody_is_two_people_of_one_picture(self, here: Site) -> None:
        enrol(here, "Red", *here.faces(RED))
        first, second = here.faces(RED, NEAR_RED)
        assert found(here, first, second, path="recognise") == [["Red"], []]
        again = here.faces(NEAR_RED)
        assert found(here, first, *again, path="recognise") == [["Red"], ["Red"]], "another picture asks anew"

    def test_consent_to_one_purpose_is_none_to_another(self, here: Site) -> None:
        faces = here.faces(RED)
        enrol(here, "Red", *faces)
        assert found(here, *faces, purpose="advertising") == [[]]

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"purpose": " "}, "purpose"),
            ({"evidence": ""}, "evidence"),
            ({"minor": True}, "guardian"),
            ({"minor": True, "guardian": " "}, "guardian"),
            ({"expires": "2001-01-01"}, "ends"),
            ({"granted": "2999-01-01", "expires": "2999-12-31"}, "begins"),
            ({"granted": "yesterday"}, "granted"),
            ({"signed": "yes"}, "signed"),
        ],
    )
    def test_without_a_valid_consent_nobody_is_enrolled(self, here: Site, changes: dict[str, Any], said: str) -> None:
        asked = {"name": "Red", "faces": here.faces(RED), "consent": consent(**changes)}
        assert said in problem(here.client.post("/api/v1/people", json=asked), 422)["happened"]
        assert here.client.get("/api/v1/people").json() == []

    def test_a_minor_is_enrolled_by_a_guardian(self, here: Site) -> None:
        id = enrol(here, "Red", *here.faces(RED), minor=True, given_by="Mother Red", guardian="Mother Red")
        (agreed,) = here.client.get(f"/api/v1/people/{id}").json()["consents"]
        assert agreed["minor"] and agreed["guardian"] == "Mother Red"

    def test_a_rejected_match_is_not_offered_again(self, here: Site) -> None:
        id = enrol(here, "Red", *here.faces(RED, BLUE))
        (near,) = here.faces(NEAR_RED)
        assert found(here, near) == [["Red"]]
        assert here.client.post(f"/api/v1/people/{id}/rejections", json={"face": near}).status_code == 204
        assert found(here, near) == [[]]
        assert found(here, *here.faces(BLUE)) == [["Red"]], "her other face is still hers"

    def test_a_face_that_is_not_usable_is_nobody_and_enrols_nobody(self, here: Site) -> None:
        poor, red = here.faces(POOR, RED)
        asked = {"name": "Grey", "faces": [red, poor], "consent": consent()}
        assert "blurred" in problem(here.client.post("/api/v1/people", json=asked), 422)["happened"]
        id = enrol(here, "Red", red)
        assert found(here, poor, red) == found(here, poor, red, path="recognise") == [[], ["Red"]]
        verify = here.client.post("/api/v1/verify", json={"face": poor, "person": id, "purpose": "entrance"})
        problem(verify, 422)

    def test_a_stricter_threshold_knows_fewer(self, here: Site) -> None:
        enrol(here, "Red", *here.faces(RED))
        (near,) = here.faces(NEAR_RED)
        asked = {"faces": [near], "purpose": "entrance", "threshold": 1 << 30}
        assert here.client.post("/api/v1/search", json=asked).json() == [{"face": near, "matches": []}]
        problem(here.client.post("/api/v1/search", json={**asked, "threshold": -1}), 422)

    def test_verification_is_one_to_one(self, here: Site) -> None:
        id = enrol(here, "Red", *here.faces(RED))
        answers = [
            here.client.post("/api/v1/verify", json={"face": face, "person": id, "purpose": "entrance"}).json()
            for face in here.faces(NEAR_RED, GREEN)
        ]
        assert [answer["same"] for answer in answers] == [True, False]

    def test_more_faces_and_a_longer_term_are_added(self, here: Site) -> None:
        id = enrol(here, "Red", *here.faces(RED))
        more = here.client.post(f"/api/v1/people/{id}/faces", json={"faces": here.faces(BLUE), "different": True})
        assert more.status_code == 201 and more.json()["templates"] == 2
        longer = here.client.post(f"/api/v1/people/{id}/consents", json=consent(purpose="canteen"))
        assert [each["purpose"] for each in longer.json()["consents"]] == ["entrance", "canteen"]
        assert found(here, *here.faces(BLUE), purpose="canteen") == [["Red"]]

    def test_a_deleted_person_is_gone_and_there_is_a_receipt(self, here: Site) -> None:
        faces = here.faces(RED)
        id = enrol(here, "Red", *faces)
        receipt = here.client.delete(f"/api/v1/people/{id}").json()
        assert receipt["templates"] == 1 and receipt["verified"] == "file" and len(receipt["receipt"]) == 64
        assert found(here, *faces) == [[]]
        problem(here.client.delete(f"/api/v1/people/{id}"), 422)
        assert "Red" not in here.client.get("/api/v1/audit").text

    def test_a_search_is_in_the_log_before_it_is_answered(self, here: Site) -> None:
        before = len(here.client.get("/api/v1/audit").json())
        found(here, *here.faces(RED, GREEN))
        entries = here.client.get(f"/api/v1/audit?after={before}").json()
        assert [entry["action"] for entry in entries] == ["search"] and entries[0]["detail"]["faces"] == 2
        assert here.client.post("/api/v1/audit/verify").json() == {"entries": before + 1, "intact": True}

    def test_without_a_store_recognition_is_switched_off(self, tmp_path: Path) -> None:
        with site(tmp_path, open_store=None) as here:
            assert here.client.get("/api/v1/session").json()["store"] is False
            problem(here.client.get("/api/v1/people"), 404)
