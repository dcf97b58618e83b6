"""The pages of the profile journey in a real browser: usable for all, at a phone's width."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db
from app.core.files.services import store_bytes
from skills.enums import ClaimState
from skills.models import ClaimEvidence, DataContest, Employee, OutsideRecord, Position
from tests.factories.accounts import make_account, open_browser_session
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_claim, make_level, png
from tests.support.browser import DESKTOP, PHONE, accessibility_findings, sign_in_by_cookie


@pytest.fixture
def city(live_server: Any) -> dict[str, Any]:
    """Put a person with a story, a chief and an assessor into the live server."""
    with live_server.app.app_context(), Session(db.engine) as session:
        position = session.query(Position).filter(Position.standard_code.is_not(None)).first()
        opd = make_opd(session)
        chief = make_person(session, opd)
        person = make_person(session, opd, position_id=position.id, supervisor_id=chief.id)
        soon = clock.today() + timedelta(days=10)
        of = competency(session)
        make_level(session, person, of, 2, valid_until=soon)
        claim = make_claim(session, person, competency(session, "DI-01"), file=False)
        stored = store_bytes(
            session,
            content=png(),
            filename="bukti.png",
            media_type="image/png",
            purpose="evidence",
            owner_employee_id=person.id,
            actor=SYSTEM,
        )
        claim.evidence.append(ClaimEvidence(file_id=stored.id))
        draft = make_claim(
            session, person, competency(session, "DI-02"), state=ClaimState.DRAFT, file=False
        )
        accounts = {
            "employee": make_account(session, employee=person),
            "supervisor": make_account(session, "supervisor", employee=chief),
            "assessor": make_account(session, "assessor"),
            "officer": make_account(session, "officer"),
        }
        tokens = {name: open_browser_session(session, row) for name, row in accounts.items()}
        found = {"tokens": tokens, "person": person.id, "of": of.id}
        found |= {"claim": claim.id, "draft": draft.id, **put_rights(session, person)}
        session.commit()
        return found


def put_rights(session: Session, person: Employee) -> dict[str, int]:
    """Give the person a record from elsewhere in two states, and a contest."""
    moment = clock.now()
    record, sent = (
        OutsideRecord(
            employee_id=person.id,
            kind=kind,
            title="Ujian",
            language="en",
            language_level="B1",
            state=state,
            created_at=moment,
            sent_at=moment,
        )
        for kind, state in (("language", "draft"), ("certificate", "sent"))
    )
    contest = DataContest(
        employee_id=person.id,
        kind="identity",
        subject="Tanggal lahir",
        statement="Tanggal dan bulan tertukar.",
        filed_at=moment,
        due_on=clock.today() - timedelta(days=1),
    )
    session.add_all([record, sent, contest])
    session.flush()
    return {"record": record.id, "sent": sent.id, "contest": contest.id}


PAGES = (
    ("employee", "/profil"),
    ("employee", "/profil/{person}/kompetensi/{of}"),
    ("employee", "/profil/klaim/baru?kompetensi={of}"),
    ("employee", "/profil/klaim/{draft}/bukti"),
    ("employee", "/profil/klaim/{draft}/periksa"),
    ("employee", "/profil/klaim/{claim}"),
    ("employee", "/profil/portofolio/baru"),
    ("employee", "/profil/akses"),
    ("employee", "/data-saya"),
    ("employee", "/profil/luar/{record}"),
    ("employee", "/kamus"),
    ("employee", "/kamus/{of}"),
    ("supervisor", "/tim"),
    ("supervisor", "/tim/{person}/kompetensi/{of}"),
    ("assessor", "/verifikasi"),
    ("assessor", "/verifikasi/{claim}"),
    ("assessor", "/verifikasi/riwayat/{sent}"),
    ("officer", "/sanggahan/{contest}"),
)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_are_usable_for_all_and_fit(new_page, live_server, city, viewport):
    pages = {role: new_page(viewport=viewport) for role in city["tokens"]}
    for role, page in pages.items():
        sign_in_by_cookie(page, live_server, city["tokens"][role])
    found = {}
    for role, path in PAGES:
        address = path.format(**city)
        pages[role].goto(address)
        wide = pages[role].evaluate("document.documentElement.scrollWidth > innerWidth")
        found[address] = accessibility_findings(pages[role]) + (["too wide"] if wide else [])

    assert {address: words for address, words in found.items() if words} == {}


def test_the_queue_is_walked_by_keyboard(new_page, live_server, city):
    page = new_page()
    sign_in_by_cookie(page, live_server, city["tokens"]["assessor"])
    page.goto("/verifikasi")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/verifikasi/\d+$"))
    page.keyboard.press("r")

    expect(page.locator("[data-return] input[type=radio]").first).to_be_focused()
