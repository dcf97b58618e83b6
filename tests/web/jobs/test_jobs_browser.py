"""The pages of jobs and notices in a real browser, at phone and desktop width."""

import pytest

from app.core.accounts.sessions import actor_of
from app.core.actor import SYSTEM
from app.core.db import transaction
from app.core.files.services import store_bytes
from app.core.i18n import Message
from app.core.jobs.models import Job
from app.core.jobs.services import enqueue
from app.core.notifications.services import notify
from tests.core.files.conftest import make_image, make_pdf
from tests.core.jobs import kinds  # noqa: F401 - registers the kinds
from tests.factories.accounts import make_account, open_browser_session
from tests.support.browser import accessibility_findings, sign_in_by_cookie

# Tall enough that the fixed bar of phones lies over no link that one would scroll free.
WIDTHS = [(360, 1600), (1280, 800)]


@pytest.fixture
def signed_in(live_server, new_page):
    """A page of an organiser with an ended job, a running one, notices and files."""

    def start(width, height):
        with live_server.session() as session:
            account = make_account(session, "organiser")
            token, actor = open_browser_session(session, account), actor_of(account)
        with live_server.app.app_context():
            known = _fill(actor)
        page = new_page(viewport={"width": width, "height": height})
        sign_in_by_cookie(page, live_server, token)
        return page, known

    return start


def _fill(actor):
    behave = [None, None, "skip", "refuse", None]
    with transaction(actor) as session:
        items = [(f"19850101 201001 1 00{n}", {"behave": b}) for n, b in enumerate(behave)]
        ended = enqueue(
            session,
            kind="test.mark",
            title=Message("Terbitkan sertifikat Pengelolaan Data Sektoral"),
            actor=actor,
            items=items,
        ).id
        files = [
            store_bytes(
                session,
                content=content,
                filename=name,
                media_type=kind,
                purpose="evidence",
                owner_employee_id=None,
                actor=actor,
            ).id
            for content, name, kind in (
                (make_pdf(), "a.pdf", "application/pdf"),
                (make_image(), "a.png", "image/png"),
            )
        ]
        notify(
            session,
            account_id=actor.account_id,
            kind="evidence",
            message=Message("Bukti Anda diterima oleh asesor."),
            url="/",
        )
        running = Job(
            kind="test.mark",
            title={"text": "Impor data pegawai", "params": {}},
            state="running",
            total=200,
            done=80,
            created_by_id=actor.account_id,
            created_at=session.get_one(Job, ended).created_at,
        )
        session.add(running)
        session.flush()
        return {"ended": ended, "running": running.id, "files": files}


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_the_pages_are_accessible_and_fit(signed_in, live_server, width, height):
    page, known = signed_in(width, height)

    for path in (
        "/pekerjaan",
        f"/pekerjaan/{known['ended']}",
        f"/pekerjaan/{known['running']}",
        "/notifikasi",
    ):
        page.goto(f"{live_server.url}{path}")
        assert accessibility_findings(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_progress_moves_without_a_reload_and_the_report_comes_at_the_end(signed_in, live_server):
    page, known = signed_in(1280, 800)
    page.goto(f"{live_server.url}/pekerjaan/{known['running']}")

    with live_server.app.app_context(), transaction(SYSTEM) as session:
        session.get_one(Job, known["running"]).done = 150
    page.get_by_text("150 dari 200").wait_for()
    with live_server.app.app_context(), transaction(SYSTEM) as session:
        session.get_one(Job, known["running"]).state = "done"
    page.get_by_role("link", name="Unduh laporan (XLSX)").wait_for()


def test_pictures_are_shown_inline_and_nothing_of_them_runs(signed_in, live_server):
    page, known = signed_in(1280, 800)

    page.goto(f"{live_server.url}/berkas/{known['files'][1]}?lihat=1")
    assert page.evaluate("document.images[0].naturalWidth") == 40
