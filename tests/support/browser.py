"""A real browser for journeys: Chromium of the system, pages that fail on what users would see."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.support.parts import missing_part
from tests.support.servers import LiveServer

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
REMEDY = "Install the package chromium, or set CHROMIUM to the program"

# Colours half-way through a transition are nobody's colours; endless animations cannot be finished.
SETTLE = """() => document.getAnimations().forEach((one) => {
  if (Number.isFinite(one.effect.getComputedTiming().endTime)) one.finish();
})"""

NewPage = Callable[..., Page]


def find_chromium() -> str | None:
    """Return the program of an installed Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


# Once per module and not per run: a running Playwright keeps an event loop in this thread, and
# tests of other modules start their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, one for a module."""
    with sync_playwright() as playwright:
        program = find_chromium() or playwright.chromium.executable_path
        if not Path(program).exists():
            missing_part("Browser journeys", REMEDY)
        running = launch(playwright, program)
        yield running
        running.close()


def launch(playwright: Playwright, program: str) -> Browser:
    """Start Chromium with its usual options."""
    return playwright.chromium.launch(executable_path=program, args=chromium_options())


def chromium_options() -> list[str]:
    """Return the options of Chromium; without its sandbox for root, whom it refuses."""
    options = ["--disable-dev-shm-usage"]
    return [*options, "--no-sandbox"] if os.geteuid() == 0 else options


@pytest.fixture
def new_page(
    browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest
) -> Iterator[NewPage]:
    """Make pages of separate people: `new_page()`, `new_page(viewport=PHONE)`.

    At the end the test fails on script errors, on messages of the content policy and on requests
    to another host; a failed test leaves pictures in test-artifacts/.
    """
    watched: list[tuple[Page, list[str]]] = []

    def make(**options: Any) -> Page:
        options = {"locale": "id-ID", "viewport": DESKTOP, "base_url": live_server.url, **options}
        page = browser.new_context(**options).new_page()
        page.set_default_timeout(15_000)
        watched.append((page, watch(page, live_server.url)))
        return page

    yield make
    failed = getattr(request.node, "failed_call", False)
    for number, (page, _complaints) in enumerate(watched):
        if failed:
            ARTIFACTS.mkdir(exist_ok=True)
            page.screenshot(path=ARTIFACTS / f"{request.node.name}-{number}.png", full_page=True)
        page.context.close()
    complaints = [words for _page, found in watched for words in found]
    if complaints and not failed:
        pytest.fail("The browser complained:\n" + "\n".join(complaints), pytrace=False)


@pytest.fixture
def browser_page(new_page: NewPage) -> Page:
    """One page at desktop width."""
    return new_page()


def watch(page: Page, address: str) -> list[str]:
    """Collect script errors, console errors and requests that leave the server."""
    complaints: list[str] = []
    host = urlsplit(address).netloc
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))

    def on_console(message: Any) -> None:
        # A refused form answers 4xx on purpose; the console reports that as an error as well.
        # So does a test that cuts the line.
        expected = ("status of 4", "ERR_INTERNET_DISCONNECTED")
        if message.type == "error" and not any(words in message.text for words in expected):
            complaints.append(f"console: {message.text}")

    def on_request(sent: Any) -> None:
        parts = urlsplit(sent.url)
        if parts.scheme in ("http", "https") and parts.netloc != host:
            complaints.append(f"request to another host: {sent.url}")

    page.on("console", on_console)
    page.on("request", on_request)
    return complaints


def sign_in_by_cookie(page: Page, live_server: LiveServer, token: str) -> None:
    """Put the cookie of an open session into the page's browser (see factories.accounts)."""
    serializer = live_server.app.session_interface.get_signing_serializer(live_server.app)  # type: ignore[attr-defined]
    name = live_server.app.config["SESSION_COOKIE_NAME"]
    value = serializer.dumps({"_user_id": token, "_fresh": True})
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])


@contextmanager
def _whole_page(page: Page) -> Iterator[None]:
    """Make the window as tall as the page: what a fixed bar covers there, no scrolling frees."""
    size = page.viewport_size
    assert size is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    yield
    page.set_viewport_size(size)


# Only what is wrong leaves the page: the whole report of axe, every passed check with its elements,
# takes longer on its way here than the checks themselves.
FIND_VIOLATIONS = """options => axe.run(document, options).then(report => report.violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id} (${rule.impact}): ${node.target.join(" ")}`)))"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    from axe_playwright_python.sync_playwright import Axe

    return str(Axe().axe_script)


def accessibility_findings(page: Page) -> list[str]:
    """Return what axe finds wrong on the page: `rule (impact): selector`."""
    with _whole_page(page):
        page.evaluate(SETTLE)
        page.evaluate(_axe())
        found: list[str] = page.evaluate(
            FIND_VIOLATIONS, {"runOnly": RULES, "resultTypes": ["violations"]}
        )
    return found
