"""What stands before the server: hosts and origins, sizes, rates, headers, and errors in words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bitfast_faces.errors import FacesError
from bitfast_faces.types import Analysis
from bitfast_faces.web.config import WebConfig
from bitfast_faces.web.guard import HEADERS
from bitfast_faces.web.listening import behind_proxy, folders, origins
from bitfast_faces.web.rates import Rates
from faces_web import ORIGIN, RED, ColourEngine, Site, photo, site


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path, open_store=None) as one:
        yield one


class TestHosts:
    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:80", "localhost:8600.evil.example", ""])
    def test_a_name_that_was_pointed_here_is_refused(self, here: Site, host: str) -> None:
        assert here.client.get("/api/v1/session", headers={"Host": host}).status_code == 421

    def test_the_servers_own_names_are_its_address_and_those_that_were_given(self) -> None:
        local = ["http://127.0.0.1:8600", "http://localhost:8600", "http://[::1]:8600"]
        assert origins("127.0.0.1", 8600, [], secure=False) == local
        assert origins("0.0.0.0", 443, ["faces.example.org"], secure=True) == ["https://faces.example.org"]
        with pytest.raises(FacesError, match="--name"):
            origins("0.0.0.0", 443, [], secure=True)

    def test_behind_a_proxy_with_tls_the_page_is_the_proxys(self, tmp_path: Path) -> None:
        called = "https://faces.example.org"
        config = WebConfig(origins=frozenset(behind_proxy([called])))
        with site(tmp_path, config, open_store=None) as here:
            browser = TestClient(here.app, base_url=called, headers={"Origin": called})
            answer = browser.post("/api/v1/session", json={"code": here.sessions.new_code()})
            assert answer.status_code == 204 and "secure" in answer.headers["set-cookie"].lower()
            assert browser.get("/api/v1/session").status_code == 200
        for wrong in ("http://faces.example.org", "https://faces.example.org/", "faces.example.org", "https://x@y"):
            with pytest.raises(FacesError, match="https://faces"):
                behind_proxy([wrong])

    def test_a_folder_that_is_none_is_refused(self, tmp_path: Path) -> None:
        assert folders([f"photos={tmp_path}"]) == {"photos": tmp_path.resolve()}
        for wrong in ("photos", "=/tmp", f"photos={tmp_path / 'none'}"):
            with pytest.raises(FacesError, match="NAME=PATH"):
                folders([wrong])


def received(
    here: Site, path: str, headers: dict[str, str], parts: list[bytes], pause_seconds: float = 0
) -> tuple[int, int]:
    """The answer's status, and how many parts were taken before it was given."""
    taken, status = 0, 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        await asyncio.sleep(pause_seconds)
        taken += 1
        return {"type": "http.request", "body": parts[min(taken, len(parts)) - 1], "more_body": taken < len(parts)}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    host, token = ORIGIN.removeprefix("http://"), str(here.client.headers["authorization"])
    sent = {"host": host, "authorization": token, **headers}
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8600),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }
    assert here.client.portal is not None
    here.client.portal.call(lambda: here.app(scope, receive, send))
    return status, taken


class TestSizes:
    def test_what_is_too_long_is_refused_before_a_byte_is_read(self, here: Site) -> None:
        limit = WebConfig().upload_bytes
        assert received(here, "/api/v1/pictures", {"content-length": str(limit + 1)}, [b"x"]) == (413, 0)
        assert received(here, "/api/v1/search", {"content-length": str((256 << 10) + 1)}, [b"x"]) == (413, 0)

    def test_a_chunked_picture_is_refused_as_soon_as_it_is_too_long(self, here: Site) -> None:
        parts = [b"x" * (8 << 20)] * 20
        status, taken = received(here, "/api/v1/pictures", {"transfer-encoding": "chunked"}, parts)
        assert (status, taken) == (413, 5)

    def test_other_requests_say_how_long_they_are(self, here: Site) -> None:
        chunked = {"transfer-encoding": "chunked"}
        assert received(here, "/api/v1/search", chunked, [b"{}"]) == (411, 0)

    def test_a_slow_upload_is_given_up(self, tmp_path: Path) -> None:
        with site(tmp_path, WebConfig(body_seconds=0.05), open_store=None) as here:
            chunked = {"transfer-encoding": "chunked"}
            status, taken = received(here, "/api/v1/pictures", chunked, [b"x"] * 100, pause_seconds=0.02)
            assert status == 408 and taken < 10

    @pytest.mark.parametrize("length", ["-1", "abc", "1e9", "9" * 40, "9" * 5000])
    def test_a_length_that_is_none_is_refused(self, here: Site, length: str) -> None:
        assert received(here, "/api/v1/pictures", {"content-length": length}, [b"x"]) == (413, 0)


class TestRates:
    @given(
        st.lists(st.tuples(st.floats(0, 5), st.sampled_from([1.0, 5.0])), max_size=60),
        st.floats(0.5, 20),
        st.floats(5, 50),
    )
    def test_no_more_is_let_through_than_the_bucket_holds_and_gains(
        self, steps: list[tuple[float, float]], per_second: float, burst: float
    ) -> None:
        now, through = [0.0], 0.0
        rates = Rates(per_second, burst, clock=lambda: now[0])
        for pause, cost in steps:
            now[0] += pause
            wait = rates.take("me", cost)
            through += cost if wait == 0 else 0
            assert wait >= 0
            assert through <= burst + per_second * now[0] + 1e-6
            if wait > 0:
                now[0] += wait * (1 + 1e-9) + 1e-9
                assert rates.take("me", cost) == 0, "after the wait that was told it goes on"
                through += cost

    def test_who_asks_too_often_is_told_when_to_go_on_and_others_are_not_held_up(self, tmp_path: Path) -> None:
        with site(tmp_path, WebConfig(requests_per_second=1, burst=3)) as here:
            answers = [here.client.get("/api/v1/jobs") for _ in range(5)]
            assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
            assert 1 <= int(answers[3].headers["retry-after"]) <= 2
            assert here.with_scopes("analyse").get("/api/v1/jobs").status_code == 200

    def test_guessing_tokens_is_slowed_down(self, tmp_path: Path) -> None:
        with site(tmp_path, WebConfig(strangers_per_second=0.1, strangers_burst=4)) as here:
            guesses = [here.stranger().get("/api/v1/jobs").status_code for _ in range(6)]
            assert guesses == [401] * 4 + [429] * 2
            assert here.client.get("/api/v1/jobs").status_code == 200

    def test_many_full_buckets_are_forgotten(self) -> None:
        now = [0.0]
        rates = Rates(1, 10, clock=lambda: now[0])
        for number in range(5000):
            rates.take(str(number))
        now[0] = 20
        rates.take("me")
        assert len(rates._buckets) == 1


class TestAnswers:
    @pytest.mark.parametrize(
        "path", ["/", "/static/main.js", "/openapi.json", "/api/v1/session", "/nothing", "/api/v1/x"]
    )
    @pytest.mark.parametrize("known", [True, False])
    def test_every_answer_carries_the_headers_that_keep_the_page_to_itself(
        self, here: Site, path: str, known: bool
    ) -> None:
        headers = (here.client if known else here.stranger()).get(path).headers
        assert set(HEADERS) <= set(headers)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
        assert "no-" in headers["cache-control"] and "server" not in headers

    def test_the_page_asks_nobody_else_for_anything(self) -> None:
        import bitfast_faces.web

        for file in (Path(bitfast_faces.web.__file__).parent / "static").iterdir():
            text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "http:" not in text and "https:" not in text and "innerHTML" not in text, file.name

    def test_an_unforeseen_error_shows_no_traceback(self, tmp_path: Path) -> None:
        class Broken(ColourEngine):
            def analyse(self, source: Any) -> Analysis:
                raise RuntimeError("secret detail")

        with site(tmp_path, engine=Broken()) as here:
            answer = here.client.post("/api/v1/pictures", content=photo(RED))
            assert answer.status_code == 500 and answer.json()["advice"]
            assert "secret" not in answer.text and "Traceback" not in answer.text

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b'{"faces": 3}', b"\xff\xfe", b'{"faces": [], "purpose": "x", "more": 1}']
    )
    def test_what_does_not_fit_is_named_and_not_repeated(self, here: Site, body: bytes) -> None:
        answer = here.client.post("/api/v1/search", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422 and answer.json()["happened"] and "input" not in answer.json()

    def test_openapi_describes_every_request_and_its_problems(self, here: Site) -> None:
        document = here.client.get("/openapi.json").json()
        assert document["openapi"].startswith("3.1") and document["security"] == [{"bearer": []}]
        for path, each in document["paths"].items():
            for method, operation in each.items():
                assert {"401", "422", "429"} <= set(operation["responses"]), (method, path)
                references = json.dumps(operation)
                for name in references.split('"#/components/schemas/')[1:]:
                    assert name.split('"')[0] in document["components"]["schemas"]
