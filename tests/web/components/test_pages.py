"""The living page, the frame and the error pages as a browser sees them."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.support.application import Client
from tests.support.browser import DESKTOP, PHONE, NewPage, accessibility_findings

pytestmark = pytest.mark.sqlite_only  # these pages read nothing

LOOKS = (
    ("/komponen", PHONE),
    ("/komponen", DESKTOP),
    ("/komponen?bahasa=en", PHONE),
    ("/komponen/masuk", PHONE),
    ("/komponen/masuk", DESKTOP),
    ("/komponen/galat/500", PHONE),
)
CODES = (400, 403, 404, 409, 413, 429, 500)


@pytest.mark.parametrize(("address", "size"), LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    new_page: NewPage, address: str, size: dict[str, int]
) -> None:
    page = new_page(viewport=size)
    page.goto(address)

    assert accessibility_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_dark_theme_is_as_readable(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/komponen")
    page.locator("[data-theme-toggle]").first.click()

    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert accessibility_findings(page) == []


def test_rows_are_walked_and_picked_with_the_keyboard(browser_page: Page) -> None:
    browser_page.goto("/komponen")
    for key in ("j", "x", "j", "x"):
        browser_page.keyboard.press(key)

    assert browser_page.locator("[data-bulk-count]").inner_text() == "2"
    browser_page.keyboard.press("/")
    assert browser_page.evaluate("document.activeElement.name") == "q"


def test_a_wrong_file_is_named_before_it_is_sent(browser_page: Page) -> None:
    browser_page.goto("/komponen")
    wrong = {"name": "surat.exe", "mimeType": "application/pdf", "buffer": b"x"}
    browser_page.set_input_files("#f-bukti", files=[wrong])

    assert "tidak diterima" in browser_page.locator("[data-drop-list]").first.inner_text()
    assert not browser_page.evaluate("document.getElementById('f-bukti').checkValidity()")


def test_a_dialog_opens_and_closes_with_the_keyboard(browser_page: Page) -> None:
    browser_page.goto("/komponen")
    browser_page.locator("[data-dialog-open]").focus()
    browser_page.keyboard.press("Enter")
    dialog = browser_page.locator("dialog")
    assert dialog.is_visible()

    browser_page.keyboard.press("Escape")

    assert not dialog.is_visible()


def test_a_dialog_can_be_reached_without_scripts(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False, viewport=PHONE)
    page.goto("/komponen#contoh-dialog")

    assert page.locator("dialog").is_visible()


def test_the_first_tab_offers_to_skip_the_navigation(browser_page: Page) -> None:
    browser_page.goto("/komponen")
    browser_page.keyboard.press("Tab")

    assert browser_page.evaluate("document.activeElement.hash") == "#isi"
    assert browser_page.locator(".ek-skip").bounding_box()["y"] >= 0


def test_the_bottom_bar_of_a_phone_holds_five_places(client: Client) -> None:
    page = client.get("/komponen").text
    bar = page[page.index('class="ek-bottom"') :]

    assert len(re.findall(r'class="ek-bottom-link"', bar)) == 5


@pytest.mark.parametrize("code", CODES)
def test_every_error_page_offers_a_way_on(client: Client, code: int) -> None:
    page = client.get(f"/komponen/galat/{code}").text

    assert f"Kode {code}" in page
    assert "Ke beranda" in page
    assert "Traceback" not in page


def test_an_error_page_shown_for_real_has_its_status(client: Client) -> None:
    answer = client.get("/tidak-ada")

    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in answer.text


def test_icons_used_by_templates_are_in_the_sprite(app: Flask, client: Client) -> None:
    known = set(client.get("/static/vendor/icons.txt").text.split())
    source = app.jinja_env.loader.get_source
    names = [name for name in app.jinja_env.list_templates() if name.endswith(".html")]
    used = {
        icon
        for name in names
        for icon in re.findall(r'\bicon\("([a-z0-9-]+)"', source(app.jinja_env, name)[0])
    }

    assert used - known == set()


def test_an_error_page_says_its_sentence_once(client: Client) -> None:
    page = client.get("/tidak-ada").text

    assert page[page.index("<main") :].count("Halaman tidak ditemukan") == 1
