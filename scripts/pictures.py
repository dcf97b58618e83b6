"""Take the pictures of the README from a running demonstration system.

Usage: python -m scripts.pictures [ADDRESS] [CREDENTIALS]; the defaults fit `make run`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.support.browser import find_chromium, launch

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "gambar"
DESKTOP: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}


def main() -> None:
    """Sign in as each kind of user and keep what the page shows."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    paper = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "instance" / "demo-accounts.txt"
    sign_ins = _sign_ins(paper)
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        program = find_chromium() or playwright.chromium.executable_path
        browser = launch(playwright, program)
        with _as(browser, address, sign_ins["officer"]) as page:
            page.goto("/kursi?keadaan=vacant")
            page.locator("table a[data-row-link]").first.click()
            page.locator("details.ek-details summary", has_text="Mengapa").first.click()
            _keep(page, "kursi")
        with _as(browser, address, sign_ins["employee"], PHONE) as page:
            page.goto("/profil")
            _keep(page, "profil")
        with _as(browser, address, sign_ins["assessor"]) as page:
            page.goto("/verifikasi")
            page.locator("table a[data-row-link]").first.click()
            _keep(page, "verifikasi")
        page = browser.new_page(base_url=address, viewport=DESKTOP)
        page.goto("/sertifikat/cek")
        _keep(page, "sertifikat")
        browser.close()


def _sign_ins(paper: Path) -> dict[str, tuple[str, str]]:
    rows = [line.split() for line in paper.read_text().splitlines()]
    return {row[0]: (row[1], row[2]) for row in rows if len(row) > 3 and row[1].isdigit()}


@contextmanager
def _as(
    browser: Browser, address: str, who: tuple[str, str], size: ViewportSize | None = None
) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport=size or DESKTOP, locale="id-ID")
    page = context.new_page()
    page.goto("/masuk")
    page.fill("input[name=login]", who[0])
    page.fill("input[name=password]", who[1])
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
    if "/privasi/setuju" in page.url:
        for box in page.locator("main form input[type=checkbox]").all():
            box.check()
        page.locator("main form button[type=submit]").click()
        page.wait_for_load_state()
    yield page
    context.close()


def _keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=TARGET / f"{name}.png")


if __name__ == "__main__":
    main()
