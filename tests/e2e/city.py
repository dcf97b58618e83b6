"""A running demonstration city, and people who sign in to it through the form."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from app.core.actor import SYSTEM, RoleName
from app.core.db import transaction
from app.demo.load import load_city
from tests.support.browser import DESKTOP, watch
from tests.support.servers import LiveServer


@dataclass(frozen=True)
class Visitor:
    """Somebody who can sign in."""

    nip: str
    password: str
    employee_id: int


@dataclass
class DemoCity:
    """A server with the demonstration city and its sign-ins."""

    server: LiveServer
    browser: Browser
    visitors: dict[RoleName, Visitor]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Session on the city's database, to see what the pages did."""
        with self.server.session() as session:
            yield session

    @contextmanager
    def signed_in(self, role: str, **options: object) -> Iterator[Page]:
        """A page of somebody who signed in through the form; fails on what the browser says."""
        who = self.visitors[RoleName(role)]
        settings = {"base_url": self.server.url, "viewport": DESKTOP, "locale": "id-ID", **options}
        context = self.browser.new_context(**settings)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(20_000)
        complaints = watch(page, self.server.url)
        page.goto("/masuk")
        page.get_by_label("NIP atau e-mail").fill(who.nip)
        page.get_by_label("Kata sandi").fill(who.password)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_load_state()
        _acknowledge(page)
        yield page
        context.close()
        assert complaints == []

    @contextmanager
    def signed_out(self, **options: object) -> Iterator[Page]:
        """A page of an outsider."""
        settings = {"base_url": self.server.url, "viewport": DESKTOP, "locale": "id-ID", **options}
        context = self.browser.new_context(**settings)  # type: ignore[arg-type]
        page = context.new_page()
        complaints = watch(page, self.server.url)
        yield page
        context.close()
        assert complaints == []


def _acknowledge(page: Page) -> None:
    """Take note of the privacy notice, which each person sees once."""
    if "/privasi/setuju" in page.url:
        for box in page.locator("main form input[type=checkbox]").all():
            box.check()
        page.locator("main form button[type=submit]").click()
        page.wait_for_load_state()


def settle(server: LiveServer, *, people: int, seed: int) -> dict[RoleName, Visitor]:
    """Load the city into the server's database and return who can sign in."""
    with server.app.app_context(), transaction(SYSTEM) as session:
        found = load_city(session, people=people, seed=seed).sign_ins
        return {
            role: Visitor(who.account.nip or "", who.password, who.account.employee_id or 0)
            for role, who in found.items()
        }


def certificate_png(folder: Path, number: str) -> Path:
    """Draw a small certificate as an employee would photograph it."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (900, 600), "white")
    ImageDraw.Draw(image).text((60, 60), f"SERTIFIKAT {number}", fill="black")
    path = folder / "sertifikat.png"
    image.save(path)
    return path
