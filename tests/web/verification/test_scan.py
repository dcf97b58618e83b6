"""The QR code by photo and by camera, with the server and without any network."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import transaction
from courses.certificates.keystore import open_keystore
from courses.certificates.render import Renderer, SealSigner, qr_png
from courses.models import Session
from courses.services.certificate_records import facts_of, find_by_code, revoke
from courses.services.validity import change_validity
from tests.factories.courses import certificates_of, make_completed, start_issue
from tests.support.browser import PHONE, accessibility_findings, chromium_options, find_chromium


@pytest.fixture
def issued(live_server):
    """A certificate on the running server, and the text of its QR code."""
    # In a thread of its own: the browser keeps an event loop in this one, and signing starts one.
    with ThreadPoolExecutor(1) as pool:
        run_id = pool.submit(issue, live_server.app).result()
    with live_server.session() as session:
        run = session.get_one(Session, run_id)
        facts = facts_of(certificates_of(session, run)[0])
        folder = Path(live_server.app.config["SETTINGS"].instance) / "keys"
        store = open_keystore(folder, organisation="Uji", now=clock.now())
        url = Renderer(SealSigner(store.seal_key, store.seal)).sealed_url(facts)
    return facts, url


def issue(app):
    with app.app_context():
        with transaction(SYSTEM) as session:
            run = make_completed(session, 1)
            start_issue(session, run)
        return run.id


def photo_of(url, tmp_path, size=640):
    """A photo of the paper: the code on grey, not filling the picture."""
    code = Image.open(io.BytesIO(qr_png(url))).convert("L")
    code = code.resize((size, size), Image.Resampling.NEAREST)
    paper = Image.new("L", (size * 2, int(size * 1.5)), 215)
    paper.paste(code, (size // 2, size // 4))
    path = tmp_path / "foto.jpg"
    paper.convert("RGB").save(path, quality=85)
    return path


def test_the_qr_code_leads_an_outsider_to_the_answer_and_never_to_a_sign_in(
    new_page, issued, tmp_path
):
    facts, url = issued
    page = new_page(viewport=PHONE)
    page.goto("/sertifikat/cek")
    assert accessibility_findings(page) == []

    page.set_input_files("[data-scan-photo]", photo_of(url, tmp_path))

    page.wait_for_url(f"**/s/{facts.code}*")
    assert facts.holder in page.locator("main").inner_text()


def test_the_camera_reads_the_code(browser, live_server, issued, tmp_path):
    facts, url = issued
    film = tmp_path / "kamera.mjpeg"
    film.write_bytes(photo_of(url, tmp_path, 480).read_bytes() * 3)
    options = [
        *chromium_options(),
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    filming = browser.browser_type.launch(executable_path=find_chromium(), args=options)
    page = filming.new_page(base_url=live_server.url)
    page.goto("/sertifikat/cek")
    page.click("[data-scan-start]")
    page.wait_for_url(f"**/s/{facts.code}*")
    text = page.locator("main").inner_text()
    filming.close()

    assert facts.holder in text


def test_the_saved_page_checks_a_certificate_without_any_network(new_page, issued, tmp_path):
    facts, url = issued
    page = new_page()
    page.goto("/sertifikat/cek/luring")
    with page.expect_download() as download:
        page.click("a[href$='luring.html']")
    saved = tmp_path / "periksa.html"
    download.value.save_as(saved)

    page.context.set_offline(True)
    page.goto(saved.as_uri())
    page.set_input_files("[data-scan-photo]", photo_of(url, tmp_path))
    page.wait_for_selector(".ek-answer")
    genuine = page.locator("[data-offline-answer]").inner_text()
    page.fill("#isi", url[:-6] + "AAAAAA")
    page.click("form[data-offline] button")
    page.wait_for_selector(".ek-tone-danger")

    assert "Segel cocok" in genuine
    assert facts.holder in genuine


def test_the_saved_page_tells_later_changes_and_its_age_without_any_network(
    new_page, live_server, issued, tmp_path
):
    facts, url = issued
    with live_server.app.app_context(), transaction(SYSTEM) as session:
        row = find_by_code(session, facts.code)
        change_validity(
            session, actor=SYSTEM, certificate=row, until=date(2099, 1, 1),
            reason="Standar <b>diperpanjang</b>",
        )  # fmt: skip
    changed = saved_page(new_page(), tmp_path / "diubah.html")
    with live_server.app.app_context(), transaction(SYSTEM) as session:
        row = find_by_code(session, facts.code)
        revoke(session, actor=SYSTEM, certificate=row, reason="Salah nama")
    revoked = saved_page(new_page(), tmp_path / "dicabut.html")
    page = new_page(viewport=PHONE)
    page.context.set_offline(True)

    def answer(saved, text):
        page.goto(saved.as_uri())
        page.wait_for_selector("[data-offline-list]:not([hidden])")
        page.fill("#isi", text)
        page.click("form[data-offline] button")
        page.wait_for_selector(".ek-answer")
        return page.locator("main").inner_text()

    first, second = answer(changed, url), answer(revoked, url)
    page.clock.install(time=clock.now() + timedelta(days=30))
    old = answer(revoked, url)

    assert "Masa berlaku diubah setelah terbit: sampai 1 Januari 2099" in first
    assert "memuat 1 sertifikat; daftar berikutnya terbit paling lambat" in first
    assert "telah dicabut" in second and "Sejak" in second
    assert "sudah lewat waktunya" in old and "telah dicabut" in old
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def saved_page(page, path):
    """The offline check as a visitor saves it."""
    page.goto("/sertifikat/cek/luring")
    page.wait_for_selector("[data-offline-list]:not([hidden])")
    assert accessibility_findings(page) == []
    with page.expect_download() as download:
        page.click("a[href$='luring.html']")
    download.value.save_as(path)
    return path
