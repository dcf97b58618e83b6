"""The pages of training in a real browser: accessible, within the width, grid by keys."""

from datetime import timedelta

import pytest

from app.core import clock
from courses.models import Attendance, Enrolment, Session
from tests.factories.accounts import make_account, open_browser_session
from tests.factories.courses import make_completed, make_enrolment, make_session, make_signatory
from tests.factories.people import make_employee
from tests.support.browser import accessibility_findings, sign_in_by_cookie

YESTERDAY = clock.today() - timedelta(days=1)


@pytest.fixture
def known(live_server):
    with live_server.session() as session:
        account = make_account(session, "organiser")
        held = make_session(session, state="running", starts=-1, days=2)
        for _ in range(3):
            make_enrolment(session, held)
        done = make_completed(session, 2)
        make_signatory(session)
        scarce = make_session(
            session, seat_method="fair", seed="abc", registration_closes=YESTERDAY
        )
        make_enrolment(session, scarce, state="waitlisted")
        return {
            "scarce": scarce.id,
            "token": open_browser_session(session, account),
            "held": held.id,
            "open": make_session(session).id,
            "done": done.id,
        }


@pytest.mark.parametrize(("width", "height"), [(360, 1600), (1280, 800)])
def test_the_pages_are_accessible_and_fit(live_server, new_page, known, width, height):
    page = new_page(viewport={"width": width, "height": height})
    sign_in_by_cookie(page, live_server, known["token"])
    names = ("held", "done", "open", "scarce")
    held, done, coming, scarce = (f"/pelatihan/sesi/{known[name]}" for name in names)

    for path in (
        "/pelatihan",
        "/pelatihan/sesi",
        coming,
        f"{held}/peserta",
        f"{held}/kehadiran",
        f"{held}/tutup",
        f"{done}/sertifikat",
        f"{coming}/peserta/tambah",
        f"{coming}/peserta/saran",
        f"{coming}/kursi",
        f"{scarce}/kursi",
        "/pelatihan/kehadiran/impor",
        "/pelatihan/minat",
        "/sertifikat",
        "/sertifikat/cek",
        "/sertifikat/cek/luring",
        "/api/v1/certificates",
    ):
        page.goto(live_server.url + path)
        assert accessibility_findings(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_grid_is_filled_by_keys_and_scores_are_pasted(live_server, new_page, known):
    page = new_page()
    sign_in_by_cookie(page, live_server, known["token"])
    page.goto(f"{live_server.url}/pelatihan/sesi/{known['held']}/kehadiran")

    page.locator("select[data-cell]").first.focus()
    for key in ("a", "Control+z", "p", "i", "a"):  # a slip is taken back where it was made
        page.keyboard.press(key)
    page.locator("input[data-cell]").first.focus()
    page.evaluate(
        """() => {
        const data = new DataTransfer();
        data.setData("text", "80\\n75,5\\n60\\n");
        document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    page.get_by_role("button", name="Simpan").click()
    page.get_by_text("6 perubahan tersimpan.").wait_for()

    with live_server.session() as session:
        meeting = session.get(Session, known["held"]).meetings[0].id
        rows = session.query(Attendance).filter_by(meeting_id=meeting).all()
        assert sorted(row.state for row in rows) == ["absent", "permitted", "present"]


def test_the_button_counts_the_people_who_are_left_in(live_server, new_page, known):
    with live_server.session() as session:
        nips = [make_employee(session).nip for _ in range(3)]
    page = new_page()
    sign_in_by_cookie(page, live_server, known["token"])
    page.goto(f"{live_server.url}/pelatihan/sesi/{known['open']}/peserta/tambah")
    page.fill("textarea[name=nips]", "\n".join(nips))
    page.get_by_role("button", name="Periksa daftar").click()

    page.locator("input[name=nips][type=checkbox]").first.uncheck()
    page.get_by_role("button", name="Daftarkan 2 orang").click()

    page.get_by_role("heading", name="Hasil pendaftaran").wait_for()
    with live_server.session() as session:
        rows = session.query(Enrolment).filter_by(session_id=known["open"]).all()
        assert len(rows) == 2
