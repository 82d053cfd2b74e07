"""Who may come in: tokens with their scopes, the one-time link, sessions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_ISDIR
from typing import Any

import pytest
from starlette.testclient import TestClient

from bitfast_faces.errors import FacesError
from bitfast_faces.web.app import openapi
from bitfast_faces.web.rates import Rates
from bitfast_faces.web.sessions import CODE_SECONDS, IDLE_SECONDS, LONGEST_SECONDS, Sessions
from bitfast_faces.web.tokens import SCOPES, TokenFile
from faces_web import ORIGIN, RED, Site, consent, photo, site

FACE = "0" * 16
# Every route and the scope it asks for; a route that is missing here fails a test below.
ROUTES: list[tuple[str, str, str | None, Any]] = [
    ("GET", "/session", None, None),
    ("DELETE", "/session", None, None),
    ("POST", "/pictures", "analyse", None),
    ("GET", "/pictures", "analyse", None),
    ("GET", "/pictures/{id}", "analyse", None),
    ("GET", "/pictures/{id}/image", "analyse", None),
    ("GET", "/faces/{id}/image", "analyse", None),
    ("DELETE", "/pictures/{id}", "analyse", None),
    ("POST", "/pictures/forget", "analyse", {}),
    ("POST", "/compare", "analyse", {"face": FACE, "other": FACE}),
    ("GET", "/people", "people", None),
    ("POST", "/people", "enrol", {"name": "Ann", "faces": [FACE], "consent": consent()}),
    ("GET", "/people/{id}", "people", None),
    ("POST", "/people/{id}/faces", "enrol", {"faces": [FACE]}),
    ("POST", "/people/{id}/consents", "enrol", consent()),
    ("POST", "/people/{id}/rejections", "enrol", {"face": FACE}),
    ("DELETE", "/people/{id}", "delete", None),
    ("POST", "/people/expire", "delete", None),
    ("POST", "/search", "search", {"faces": [FACE], "purpose": "entrance"}),
    ("POST", "/recognise", "search", {"faces": [FACE], "purpose": "entrance"}),
    ("POST", "/verify", "search", {"face": FACE, "person": 1, "purpose": "entrance"}),
    ("GET", "/audit", "audit", None),
    ("POST", "/audit/verify", "audit", None),
    ("POST", "/kin/groups", "family", {"faces": [FACE]}),
    ("POST", "/kin/rank", "family", None),
    ("POST", "/kin/picture", "family", None),
    ("POST", "/clusters", "cluster", {"folder": "photos"}),
    ("GET", "/jobs", None, None),
    ("GET", "/jobs/{id}", None, None),
    ("DELETE", "/jobs/{id}", None, None),
    ("GET", "/events", "events", None),
]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path, open_store=None) as one:
        yield one


def ask(client: TestClient, method: str, path: str, body: Any, **more: Any) -> Any:
    shown = path.replace("{id}", "1" if path.startswith("/people") else FACE)
    return client.request(method, f"/api/v1{shown}", json=body, **more)


class TestTokens:
    def test_a_request_without_a_token_gets_nothing(self, here: Site) -> None:
        stranger = TestClient(here.app, base_url=ORIGIN, headers={"Authorization": "Bearer wrong"})
        others = [
            ("GET", each) for each in ("/openapi.json", "/static/main.js", "/docs", "/nothing", "/static/../app.py")
        ]
        asked = [(method, f"/api/v1{path}".replace("{id}", "1")) for method, path, *_ in ROUTES] + others
        here.app._strangers = Rates(1000, 1000)
        for method, path in asked:
            answer = stranger.request(method, path)
            assert answer.status_code == 401, path
            assert answer.json()["advice"] and answer.headers["www-authenticate"].startswith("Bearer")

    def test_the_page_without_a_token_is_the_one_that_asks_for_it(self, here: Site) -> None:
        answer = here.stranger().get("/")
        assert answer.status_code == 401 and "Sign in" in answer.text and "main.js" not in answer.text
        assert "main.js" in here.client.get("/").text

    def test_every_route_is_known_with_its_scope(self, here: Site) -> None:
        paths = openapi(here.app._inner)["paths"]  # type: ignore[arg-type, attr-defined]
        described = {(m.upper(), p.removeprefix("/api/v1")) for p, each in paths.items() for m in each}  # type: ignore[attr-defined]
        assert described == {(method, path) for method, path, *_ in ROUTES} | {("POST", "/session")}

    @pytest.mark.parametrize(("method", "path", "scope", "body"), [each for each in ROUTES if each[2]])
    def test_a_token_without_the_scope_is_refused(
        self, here: Site, method: str, path: str, scope: str, body: Any
    ) -> None:
        answer = ask(here.with_scopes(*(set(SCOPES) - {scope})), method, path, body)
        if body is None and answer.status_code == 422:
            pytest.fail("the body was looked at before the scope")
        assert answer.status_code == 403 and scope in answer.json()["advice"]

    def test_only_hashes_are_kept_and_only_for_the_owner(self, tmp_path: Path) -> None:
        file = TokenFile(tmp_path / "deep" / "tokens.json")
        text, _ = file.new("camera", ["search"], timedelta(days=1))
        kept = file.path.read_text()
        assert text not in kept and text.split("_", 2)[2] not in kept
        assert file.path.stat().st_mode & 0o777 == 0o600

    def test_a_token_ends_with_its_term(self, tmp_path: Path) -> None:
        file, now = TokenFile(tmp_path / "tokens.json"), datetime(2026, 1, 1, tzinfo=UTC)
        text, _ = file.new("camera", ["search"], timedelta(days=1), now)
        assert file.find(text, now + timedelta(hours=23)) is not None
        assert file.find(text, now + timedelta(hours=24)) is None

    def test_a_revoked_token_is_refused_from_the_next_request_on(self, here: Site) -> None:
        client = here.with_scopes("analyse")
        assert client.get("/api/v1/pictures").status_code == 200
        assert here.tokens.revoke("another") == 1
        assert client.get("/api/v1/pictures").status_code == 401

    @pytest.mark.parametrize(
        "change", ["", "x", "bff__", "bff_0000_x", "bff_{id}_", "bff_{id}_{other}", "{text}x", "é"]
    )
    def test_what_is_no_token_is_refused(self, tmp_path: Path, change: str) -> None:
        file = TokenFile(tmp_path / "tokens.json")
        text, token = file.new("camera", ["search"], timedelta(days=1))
        other, _ = file.new("door", ["search"], timedelta(days=1))
        assert file.find(change.format(id=token.id, other=other.split("_", 2)[2], text=text)) is None
        assert file.find(text) == token

    @pytest.mark.parametrize(
        ("scopes", "days"), [(["searching"], 1), ([], 1), (["search"], 0), (["search"], 367), (["search"], -1)]
    )
    def test_a_token_that_cannot_be_is_not_made(self, tmp_path: Path, scopes: list[str], days: int) -> None:
        file = TokenFile(tmp_path / "tokens.json")
        with pytest.raises(FacesError):
            file.new("camera", scopes, timedelta(days=days))
        assert file.all() == []

    @pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
    def test_tokens_that_others_may_write_are_not_believed(self, tmp_path: Path, mode: int) -> None:
        file = TokenFile(tmp_path / "tokens.json")
        text, _ = file.new("camera", ["search"], timedelta(days=1))
        file.path.chmod(mode)
        with pytest.raises(FacesError, match="chmod 600"):
            TokenFile(file.path).find(text)

    def test_a_revocation_is_on_the_disk_with_its_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file, synced = TokenFile(tmp_path / "tokens.json"), []
        file.new("camera", ["search"], timedelta(days=1))
        monkeypatch.setattr("os.fsync", lambda opened: synced.append((S_ISDIR(os.fstat(opened).st_mode), file.all())))
        file.revoke("camera")
        assert synced[-1] == (True, [])

    @pytest.mark.parametrize("content", ["", "{}", '{"tokens": [{}]}', "[]", '{"tokens": 3}'])
    def test_a_damaged_file_of_tokens_is_an_error_in_words(self, tmp_path: Path, content: str) -> None:
        file = tmp_path / "tokens.json"
        file.write_text(content)
        with pytest.raises(FacesError, match="token new"):
            TokenFile(file).all()


class TestSessions:
    def sign_in(self, here: Site, body: dict[str, str], **headers: str) -> tuple[TestClient, Any]:
        browser = here.stranger()
        sent = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", **headers}
        return browser, browser.post("/api/v1/session", json=body, headers=sent)

    def test_the_link_signs_one_browser_in_once(self, here: Site) -> None:
        code = here.sessions.new_code()
        browser, answer = self.sign_in(here, {"code": code})
        cookie = answer.headers["set-cookie"].lower()
        assert answer.status_code == 204 and "httponly" in cookie and "samesite=strict" in cookie
        assert set(browser.get("/api/v1/session").json()["scopes"]) == set(SCOPES)
        assert self.sign_in(here, {"code": code})[1].status_code == 401

    def test_a_token_signs_in_with_its_scopes_and_until_it_is_revoked(self, here: Site) -> None:
        text, _ = here.tokens.new("door", ["search"], timedelta(days=1))
        browser, _ = self.sign_in(here, {"token": text})
        assert browser.get("/api/v1/session").json()["scopes"] == ["search"]
        here.tokens.revoke("door")
        assert browser.get("/api/v1/session").status_code == 401

    @pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "guess"}, {"token": "guess"}])
    def test_a_wrong_code_or_token_signs_nobody_in(self, here: Site, body: dict[str, str]) -> None:
        here.sessions.new_code()
        browser, answer = self.sign_in(here, body)
        assert answer.status_code == 401 and "set-cookie" not in answer.headers
        assert browser.get("/api/v1/session").status_code == 401

    def test_signing_out_forgets_the_pictures_and_the_session(self, here: Site) -> None:
        browser, _ = self.sign_in(here, {"code": here.sessions.new_code()})
        browser.post("/api/v1/pictures", content=photo(RED), headers={"Origin": ORIGIN})
        cookie = dict(browser.cookies)
        assert here.app._inner.state.services.shelf._pictures  # type: ignore[attr-defined]
        assert browser.delete("/api/v1/session", headers={"Origin": ORIGIN}).status_code == 204
        assert not here.app._inner.state.services.shelf._pictures  # type: ignore[attr-defined]
        assert TestClient(here.app, base_url=ORIGIN, cookies=cookie).get("/api/v1/session").status_code == 401

    @pytest.mark.parametrize(
        ("method", "headers", "status"),
        [
            ("POST", {"Origin": ORIGIN}, 200),
            ("POST", {"Sec-Fetch-Site": "same-origin"}, 200),
            ("GET", {}, 200),
            ("GET", {"Sec-Fetch-Site": "none"}, 200),
            ("POST", {}, 403),
            ("POST", {"Origin": "https://evil.example"}, 403),
            ("POST", {"Origin": "null"}, 403),
            ("POST", {"Origin": "http://127.0.0.1:9999"}, 403),
            ("POST", {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}, 403),
            ("GET", {"Sec-Fetch-Site": "same-site"}, 403),
            ("GET", {"Origin": "http://127.0.0.1:9999"}, 403),
        ],
    )
    def test_a_cookie_counts_only_for_the_page_itself(
        self, here: Site, method: str, headers: dict[str, str], status: int
    ) -> None:
        browser, _ = self.sign_in(here, {"code": here.sessions.new_code()})
        path = "/api/v1/pictures/forget" if method == "POST" else "/api/v1/pictures"
        assert (
            browser.request(method, path, json={} if method == "POST" else None, headers=headers).status_code == status
        )

    def test_another_page_cannot_use_up_the_link(self, here: Site) -> None:
        code = here.sessions.new_code()
        assert self.sign_in(here, {"code": code}, Origin="https://evil.example")[1].status_code == 403
        assert self.sign_in(here, {"code": code})[1].status_code == 204

    def test_an_idle_session_ends(self) -> None:
        now = [0.0]
        sessions = Sessions(clock=lambda: now[0])
        cookie = sessions.open("browser", frozenset({"search"}))
        now[0] = IDLE_SECONDS - 1
        assert sessions.find(cookie) is not None
        now[0] += IDLE_SECONDS + 1
        assert sessions.find(cookie) is None

    def test_a_session_ends_though_it_is_used(self) -> None:
        now = [0.0]
        sessions = Sessions(clock=lambda: now[0])
        cookie = sessions.open("browser", frozenset({"search"}))
        while now[0] < LONGEST_SECONDS:
            now[0] += 3600
            assert sessions.find(cookie) is not None
        now[0] += 3600
        assert sessions.find(cookie) is None

    def test_the_link_is_good_for_a_few_minutes(self) -> None:
        now = [0.0]
        sessions = Sessions(clock=lambda: now[0])
        code = sessions.new_code()
        now[0] = CODE_SECONDS + 1
        assert not sessions.redeem(code)
        code = sessions.new_code()
        now[0] += CODE_SECONDS - 1
        assert sessions.redeem(code) and not sessions.redeem(code)

    def test_one_token_ends_no_session_but_its_own(self) -> None:
        sessions = Sessions()
        browser = sessions.open("browser", frozenset({"audit"}))
        low = [sessions.open("low", frozenset({"events"}), "low") for _ in range(70)]
        assert sessions.find(browser) is not None
        assert [sessions.find(each) is not None for each in low] == [False] * 62 + [True] * 8

    def test_many_links_end_no_tokens_session(self) -> None:
        sessions = Sessions()
        token = sessions.open("door", frozenset({"events"}), "door")
        links = [sessions.open("browser", frozenset({"audit"})) for _ in range(70)]
        assert sessions.find(token) is not None and sum(sessions.find(each) is not None for each in links) == 63

    def test_a_token_that_signs_in_again_has_the_same_pictures_and_limits(self, here: Site) -> None:
        text, token = here.tokens.new("door", ["analyse"], timedelta(days=1))
        bearer = TestClient(here.app, base_url=ORIGIN, headers={"Authorization": f"Bearer {text}"})
        browsers = [bearer, *(self.sign_in(here, {"token": text})[0] for _ in range(2))]
        for browser in browsers:
            assert browser.post("/api/v1/pictures", content=photo(RED), headers={"Origin": ORIGIN}).status_code == 201
        assert [len(browser.get("/api/v1/pictures").json()) for browser in browsers] == [3] * 3
        assert set(here.app._rates._buckets) == {f"token:{token.id}"}
