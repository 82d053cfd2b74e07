"""The page in a real browser: Chromium by Playwright, the server on loopback, people who are colours."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bitfast_faces.cameras.events import Event, EventBus, Who
from bitfast_faces.engine import Engine
from bitfast_faces.web.sessions import Sessions
from bitfast_faces.web.tokens import TokenFile
from faces_pictures import encoded, portrait
from faces_web import BLACK, BLUE, GREEN, NEAR_BLUE, NEAR_RED, RED, YELLOW, live, photo

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
CHECKS = Path(__file__).with_name("faces_web_checks.js").read_text()
Photos = list[tuple[str, bytes]]
FAMILY: Photos = [
    ("ann_1.png", photo(RED)),
    ("ann_2.png", photo(NEAR_RED)),
    ("bea.png", photo(BLUE)),
    ("party.png", photo(GREEN, BLACK, NEAR_BLUE)),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@dataclass(frozen=True)
class Server:
    origin: str
    sessions: Sessions
    tokens: TokenFile
    bus: EventBus

    def link(self) -> str:
        return f"{self.origin}/#code={self.sessions.new_code()}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    bus = EventBus()
    with live(tmp_path_factory.mktemp("web"), bus=bus) as one:
        yield Server(one.origin, one.sessions, one.tokens, bus)
        bus.close()


@pytest.fixture
def opened(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Opens the page by the one-time link; the page's own errors fail the test."""
    contexts, faults = [], []

    def opening(section: str = "family", **options: Any) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1100, "height": 900}, "reduced_motion": "reduce", **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.goto(server.link())
        page.wait_for_selector("h1")
        expect(page.get_by_role("link", name="Family")).to_have_attribute("aria-current", "page")
        if section != "family":
            page.evaluate("section => { location.hash = section; }", section)
        return page

    yield opening
    for context in contexts:
        context.close()
    assert faults == []


def add(page: Page, photos: Photos) -> None:
    page.locator("main input[type=file]").set_input_files(as_files(photos))


def as_files(photos: Photos) -> Any:
    return [{"name": name, "mimeType": "image/png", "buffer": content} for name, content in photos]


def has_people(page: Page, **faces: int) -> None:
    """Waits until these people are shown, in this order, each with so many faces."""
    names = [name.replace("_", " ") for name in faces]
    expect(page.locator(".person h3")).to_contain_text(names)
    expect(page.locator(".person")).to_have_count(len(names))
    for name, count in zip(names, faces.values(), strict=True):
        group = page.get_by_role("group", name=f"Faces of {name}", exact=True)
        expect(group.get_by_role("button")).to_have_count(count)


def keeps(page: Page, count: int) -> None:
    """Waits until the server keeps so many pictures for this page."""
    kept = -1
    for _ in range(80):
        kept = page.evaluate("fetch('/api/v1/pictures').then((a) => a.json()).then((all) => all.length)")
        if kept == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the server keeps {kept} pictures, not {count}")


class TestFamily:
    @contextmanager
    def with_family(self, opened: Callable[..., Page], **options: Any) -> Iterator[Page]:
        page = opened(**options)
        add(page, FAMILY)
        expect(page.get_by_role("heading", name="4 photos")).to_be_visible()
        expect(page.locator(".person")).to_have_count(3)
        yield page

    def test_photos_are_grouped_by_guess_and_ranked_for_the_child(self, opened: Callable[..., Page]) -> None:
        with self.with_family(opened) as page:
            has_people(page, ann=2, bea=2, Person_3=1)
            page.get_by_role("radio", name="ann is the child").check()
            page.get_by_label("To the child").first.fill("Aunt")
            page.keyboard.press("Tab")
            expect(page.get_by_role("heading", name="Whom does ann resemble?")).to_be_visible()
            ranks = page.locator(".rank")
            expect(ranks).to_have_count(2)
            expect(page.locator(".ranks")).to_contain_text(re.compile("aunt", re.IGNORECASE))
            expect(
                ranks.first.get_by_role("img", name=re.compile(r"Likeness \d+ of 100, range \d+ to \d+"))
            ).to_be_visible()
            expect(page.locator("main")).to_contain_text("Likeness is not kinship")
            expect(page.locator("#polite")).to_contain_text("ann looks most like")
            ranks.first.locator("summary").click()
            expect(ranks.first.locator(".pairs li").first).to_contain_text("ann_")

    def test_a_wrong_guess_is_corrected_and_taken_back(self, opened: Callable[..., Page]) -> None:
        with self.with_family(opened) as page:
            page.get_by_role("button", name="Face in party.png, bea. Correct it").click()
            dialog = page.get_by_role("dialog", name="Who is this?")
            dialog.get_by_role("button", name="Person 3").click()
            has_people(page, ann=2, bea=1, Person_3=2)
            expect(page.locator("#polite")).to_contain_text("Undo is possible")
            page.locator(".toast").get_by_role("button", name="Undo").click()
            has_people(page, ann=2, bea=2, Person_3=1)

    def test_somebody_who_is_two_becomes_one_and_not_a_face_is_left_out(self, opened: Callable[..., Page]) -> None:
        with self.with_family(opened) as page:
            page.get_by_role("button", name="Merge Person 3 with somebody").click()
            page.get_by_role("dialog").get_by_role("button", name="ann").click()
            has_people(page, ann=3, bea=2)
            page.get_by_role("button", name="Face in bea.png, bea. Correct it").click()
            page.get_by_role("button", name="Not a face, or nobody of the family").click()
            has_people(page, ann=3, bea=1)
            page.keyboard.press("Control+z")
            page.keyboard.press("Control+z")
            has_people(page, ann=2, bea=2, Person_3=1)

    def test_a_removed_photo_is_forgotten_by_the_server_once_it_cannot_be_taken_back(
        self, opened: Callable[..., Page]
    ) -> None:
        with self.with_family(opened) as page:
            page.get_by_role("button", name="Remove photo bea.png").click()
            has_people(page, ann=2, bea=1, Person_3=1)
            page.locator(".toast").get_by_role("button", name="Undo").click()
            has_people(page, ann=2, bea=2, Person_3=1)
            keeps(page, 4)
            page.clock.install()
            page.get_by_role("button", name="Remove photo bea.png").click()
            with page.expect_response("**/pictures/forget"):
                page.clock.fast_forward(9000)
            keeps(page, 3)

    def test_everything_is_forgotten_when_asked(self, opened: Callable[..., Page]) -> None:
        with self.with_family(opened) as page:
            page.get_by_role("button", name="Forget everything").click()
            page.get_by_role("dialog").get_by_role("button", name="Forget everything").click()
            expect(page.locator("#polite")).to_contain_text("Everything is forgotten")
            keeps(page, 0)
            expect(page.locator(".person")).to_have_count(0)

    def test_everything_is_forgotten_when_the_page_is_left(self, opened: Callable[..., Page]) -> None:
        with self.with_family(opened) as page:
            other = page.context.new_page()
            other.goto(page.url.split("#")[0])
            keeps(other, 4)
            page.on("dialog", lambda dialog: dialog.accept())
            page.close(run_before_unload=True)
            keeps(other, 0)

    def test_the_result_is_saved_as_a_picture(self, opened: Callable[..., Page], tmp_path: Path) -> None:
        with self.with_family(opened) as page:
            page.get_by_role("radio", name="ann is the child").check()
            with page.expect_download() as download:
                page.get_by_role("button", name="Save as a picture").click()
            download.value.save_as(tmp_path / "likeness.png")
            with Image.open(tmp_path / "likeness.png") as image:
                assert image.format == "PNG" and image.width == 1080 and not image.info

    def test_photos_come_by_drop_and_paste_and_the_same_one_only_once(self, opened: Callable[..., Page]) -> None:
        page = opened()
        bring = """([kind, bytes]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], `${kind}.png`, { type: "image/png" }));
            const target = kind === "drop" ? document.querySelector(".drop") : document;
            target.dispatchEvent(kind === "drop" ? new DragEvent("drop", { dataTransfer: data, bubbles: true })
                : new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
        page.evaluate(bring, ["drop", list(photo(RED))])
        expect(page.get_by_role("heading", name="1 photo")).to_be_visible()
        page.evaluate(bring, ["paste", list(photo(BLUE))])
        expect(page.get_by_role("heading", name="2 photos")).to_be_visible()
        page.evaluate(bring, ["paste", list(photo(BLUE))])
        expect(page.locator(".toast")).to_contain_text("paste.png is here already")
        expect(page.get_by_role("heading", name="2 photos")).to_be_visible()
        keeps(page, 2)

    def test_a_bad_photo_is_named_and_the_others_go_on(self, opened: Callable[..., Page]) -> None:
        page = opened()
        add(page, [("broken.png", b"no picture"), ("ann.png", photo(RED)), ("empty.png", photo(BLACK))])
        expect(page.get_by_role("heading", name="2 photos")).to_be_visible()
        expect(page.locator(".notice.bad")).to_contain_text("broken.png")
        expect(page.locator(".photos")).to_contain_text("no face found")

    def test_names_are_text_and_never_markup(self, opened: Callable[..., Page]) -> None:
        page = opened()
        add(page, [("<img src=x onerror=alert(1)>.png", photo(RED)), ("bea.png", photo(BLUE))])
        expect(page.locator(".person")).to_have_count(2)
        page.get_by_label("Name").first.fill("<b>Ann</b>")
        page.get_by_label("Name").first.press("Enter")
        page.get_by_role("radio").first.check()
        expect(page.get_by_role("heading", name="Whom does <b>Ann</b> resemble?")).to_be_visible()
        assert page.locator("main b, main img[src=x]").count() == 0


class TestByKeyboard:
    def test_a_family_is_ranked_without_a_mouse(self, opened: Callable[..., Page]) -> None:
        page = opened()
        # Listening from here on: told only just before, Chromium does not always hand the chooser over.
        page.on("filechooser", lambda chooser: chooser.set_files(as_files(FAMILY)))
        page.wait_for_timeout(100)
        page.keyboard.press("Tab")
        assert focused(page) == "Skip to the content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        page.keyboard.press("Tab")
        assert focused(page) == "Choose photos"
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="4 photos")).to_be_visible()
        expect(page.locator(".working .progress")).to_be_hidden()
        until(page, "Face in party.png, bea. Correct it")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name="Who is this?")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert focused(page) == "Face in party.png, bea. Correct it", "the focus goes back to where it was"
        page.keyboard.press("Enter")
        until(page, "Somebody new")
        page.keyboard.press("Enter")
        has_people(page, ann=2, bea=1, Person_3=1, Person_4=1)
        page.evaluate("document.getElementById('content').focus()")
        until(page, "ann is the child")
        page.keyboard.press("Space")
        expect(page.get_by_role("heading", name="Whom does ann resemble?")).to_be_visible()
        assert focused(page) == "ann is the child", "a new rendering keeps the focus"

    def test_the_focus_can_always_be_seen(self, opened: Callable[..., Page]) -> None:
        page = opened()
        add(page, FAMILY)
        expect(page.locator(".person")).to_have_count(3)
        seen = set()
        for _ in range(45):
            page.keyboard.press("Tab")
            outline = page.evaluate(
                """() => {
                    if (document.activeElement === document.body) return true;
                    const style = getComputedStyle(document.activeElement);
                    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                }"""
            )
            assert outline, focused(page)
            seen.add(focused(page))
        assert len(seen) > 20


def focused(page: Page) -> str:
    """The name of what has the focus."""
    return str(
        page.evaluate(
            """() => {
                const active = document.activeElement;
                return active.ariaLabel || active.labels?.[0]?.textContent.trim() || active.textContent.trim();
            }"""
        )
    )


def until(page: Page, name: str) -> None:
    for _ in range(60):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name!r} was not reached by Tab")


class TestRecognition:
    def test_a_person_is_enrolled_found_corrected_and_deleted(self, opened: Callable[..., Page]) -> None:
        page = opened("recognition/enrol")
        add(page, [("ann.png", photo(YELLOW)), ("two.png", photo(GREEN, YELLOW))])
        expect(page.get_by_role("checkbox", name=re.compile("^Face"))).to_have_count(3)
        page.get_by_role("checkbox", name="Face 3 is this person").check()
        page.get_by_label("Name", exact=True).fill("Ann")
        page.get_by_label("Purpose").fill("entrance")
        page.get_by_label("Given by").fill("Ann")
        page.get_by_label("Where the signed paper is").fill("folder 3")
        page.get_by_role("button", name="Enrol").click()
        agreed = page.get_by_role("checkbox", name=re.compile("has agreed"))
        expect(agreed).to_be_focused()  # without the consent's tick nothing is sent
        agreed.check()
        page.get_by_role("checkbox", name="The person is a minor").check()
        expect(page.get_by_role("textbox", name="Guardian")).to_be_visible()
        page.get_by_role("button", name="Enrol").click()
        expect(page.get_by_role("textbox", name="Guardian")).to_be_focused()  # a minor needs one
        page.get_by_role("textbox", name="Guardian").fill("Mother")
        page.get_by_role("button", name="Enrol").click()
        expect(page.locator(".notice.good")).to_contain_text("Ann is enrolled.")
        keeps(page, 0)

        page.get_by_role("link", name="Search").click()
        expect(page.get_by_label("Purpose of the search")).to_have_value("entrance")
        add(page, [("door.png", photo((222, 202, 44), BLUE))])
        expect(page.get_by_role("heading", name="2 faces")).to_be_visible()
        expect(page.get_by_role("heading", name="Unknown")).to_have_count(1)
        page.get_by_role("button", name="This is not Ann").click()
        expect(page.get_by_role("heading", name="Unknown")).to_have_count(2)

        page.get_by_role("link", name="People").click()
        row = page.get_by_role("row", name=re.compile("Ann"))
        expect(row).to_contain_text("guardian Mother")
        row.get_by_role("button", name="Delete Ann").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete Ann").click()
        expect(page.locator(".notice.good")).to_contain_text("Receipt")
        expect(page.locator("main")).to_contain_text("Nobody is enrolled.")

        page.get_by_role("link", name="Audit log").click()
        expect(page.get_by_role("row", name=re.compile("search"))).not_to_have_count(0)
        page.get_by_role("button", name="Check that it is intact").click()
        expect(page.locator(".notice.good")).to_contain_text("as they were written")

    def test_a_token_without_scopes_is_offered_nothing_more(self, browser: Browser, server: Server) -> None:
        from datetime import timedelta

        text, _ = server.tokens.new("page", ["analyse", "family"], timedelta(days=1))
        context = browser.new_context()
        page = context.new_page()
        page.goto(server.origin)
        page.get_by_label("Token").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("not valid")
        page.get_by_label("Token").fill(text)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector(".drop")
        page.get_by_role("link", name="Recognition").click()
        assert page.get_by_role("link", name="People").count() == 0
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_label("Token")).to_be_visible()
        context.close()


def test_events_of_cameras_come_live_and_strangers_have_no_name(opened: Callable[..., Page], server: Server) -> None:
    page = opened("cameras")
    expect(page.get_by_role("status")).to_have_text("live")
    server.bus.publish(Event(kind="enter", at=1_700_000_000_000, camera="door", zone="in", count=1))
    who = Who(1, "Ann", 1 << 30)
    server.bus.publish(Event(kind="known", at=1_700_000_001_000, camera="hall", who=who))
    expect(page.locator(".event")).to_have_count(2)
    assert "Ann was recognised" in page.locator(".event").first.inner_text(), "the newest is first"
    assert "Somebody unknown came in" in page.locator(".event").last.inner_text()
    expect(page.locator("#polite")).to_contain_text("Ann was recognised")
    page.get_by_label("Camera").select_option("door")
    expect(page.locator(".event")).to_have_count(1)


class TestShapes:
    @pytest.mark.parametrize("width", [320, 360, 768])
    def test_nothing_is_cut_off_on_a_narrow_screen(self, opened: Callable[..., Page], width: int) -> None:
        page = opened(viewport={"width": width, "height": 700}, has_touch=True)
        add(page, [("a very long name of a photo that nobody could shorten_1.png", photo(RED)), *FAMILY[2:]])
        expect(page.locator(".person")).to_have_count(3)
        page.get_by_role("radio").first.check()
        expect(page.locator(".rank")).to_have_count(2)
        for section in ("family", "recognition/enrol", "recognition/people", "recognition/audit", "cameras"):
            page.evaluate("section => { location.hash = section; }", section)
            page.wait_for_timeout(60)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, section
            assert small_targets(page) == [], section

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_every_text_has_enough_contrast_and_every_control_a_name(
        self, opened: Callable[..., Page], scheme: str
    ) -> None:
        page = opened(color_scheme=scheme)
        grounds = {page.evaluate("getComputedStyle(document.body).backgroundColor")}
        add(page, [*FAMILY, ("broken.png", b"")])
        expect(page.locator(".person")).to_have_count(3)
        page.get_by_role("radio").first.check()
        expect(page.locator(".rank")).to_have_count(2)
        for section in ("family", "recognition/search", "recognition/enrol", "recognition/people", "cameras"):
            page.evaluate("section => { location.hash = section; }", section)
            page.wait_for_timeout(80)
            assert page.evaluate(CHECKS) == [], section
        assert grounds == {"rgb(246, 244, 239)" if scheme == "light" else "rgb(18, 23, 28)"}

    def test_nothing_moves_for_who_wants_no_motion(self, opened: Callable[..., Page]) -> None:
        moving = (
            "[...document.querySelectorAll('*')].some((e) => parseFloat(getComputedStyle(e).transitionDuration) > 0)"
        )
        assert opened(reduced_motion="reduce").evaluate(moving) is False
        assert opened(reduced_motion="no-preference").evaluate(moving) is True


def small_targets(page: Page) -> list[str]:
    """Controls of less than 24 × 24 pixels (WCAG 2.2, 2.5.8), but for those whose label is the target."""
    return list(
        page.evaluate(
            "[...document.querySelectorAll('main button, main input:not([type=file]), nav a')]"
            ".filter((e) => e.offsetParent && !['checkbox', 'radio'].includes(e.type))"
            ".filter((e) => { const r = e.getBoundingClientRect(); return r.width < 24 || r.height < 24; })"
            ".map((e) => e.outerHTML.slice(0, 80))"
        )
    )


def test_real_photos_are_ranked_by_the_real_networks(browser: Browser, engine: Engine, tmp_path: Path) -> None:
    def turned(degrees: int) -> bytes:
        file = io.BytesIO()
        Image.fromarray(portrait()).rotate(degrees).save(file, "JPEG", quality=92)
        return file.getvalue()

    with live(tmp_path, engine=engine) as server:
        context = browser.new_context()
        page = context.new_page()
        page.goto(server.link())
        page.wait_for_selector(".drop")
        add(page, [("eileen_1.jpg", encoded(portrait(), "JPEG")), ("eileen_2.jpg", turned(6))])
        expect(page.get_by_role("heading", name="2 photos")).to_be_visible(timeout=20000)
        has_people(page, eileen=2)
        page.get_by_role("button", name=re.compile("Face in eileen_2.jpg")).click()
        page.get_by_role("button", name="Somebody new").click()
        page.get_by_role("radio").first.check()
        expect(page.locator(".rank")).to_have_count(1)
        likeness = int(re.findall(r"(\d+) of 100", page.locator(".rank").inner_text())[0])
        assert likeness > 60, "one woman is very like herself"
        context.close()
