"""Assessment and data quality in a real browser: a form keeps itself, pages fit."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.sessions import actor_of
from app.core.db import db
from skills.models import AssessmentAnswer, AssessmentTarget, AssessmentTask
from skills.services.assessment_opening import hand_out
from skills.services.assessment_rounds import RoundInput, create_round, invite
from tests.factories.accounts import make_account, open_browser_session
from tests.factories.people import competency, make_employee
from tests.support.browser import DESKTOP, PHONE, accessibility_findings, sign_in_by_cookie


@pytest.fixture
def running(live_server: Any) -> dict[str, Any]:
    """Put an open round with a form for one person into the live server."""
    with live_server.app.app_context(), Session(db.engine) as session:
        person = make_employee(session, education_level=None)
        officer = make_account(session, "officer")
        own = make_account(session, employee=person)
        items = [competency(session, code).id for code in ("AP-02", "AP-03")]
        day = clock.today()
        given = RoundInput(
            f"Putaran {person.nip}", "", day, day + timedelta(days=9), ["self"], items, 0, 3, None
        )
        actor = actor_of(officer)
        round_ = create_round(session, given=given, actor=actor)
        invite(session, round_=round_, employee_ids=[person.id], actor=actor)
        targets = session.scalars(select(AssessmentTarget).filter_by(round_id=round_.id)).all()
        hand_out(session, round_=round_, targets=targets, chosen=[])
        tokens = {
            "officer": open_browser_session(session, officer),
            "employee": open_browser_session(session, own),
        }
        found = {
            "tokens": tokens,
            "round": round_.id,
            "target": targets[0].id,
            "task": session.scalars(
                select(AssessmentTask.id).filter_by(target_id=targets[0].id)
            ).one(),
            "person": person.id,
            "items": items,
        }
        session.commit()
        return found


PAGES = (
    ("employee", "/asesmen"),
    ("employee", "/asesmen/formulir/{task}"),
    ("officer", "/asesmen/putaran"),
    ("officer", "/asesmen/putaran/baru"),
    ("officer", "/asesmen/putaran/{round}"),
    ("officer", "/asesmen/putaran/{round}/hasil"),
    ("officer", "/asesmen/hasil/{target}"),
    ("officer", "/asesmen/pusat"),
    ("officer", "/mutu-data"),
    ("officer", "/mutu-data/daftar"),
    ("officer", "/mutu-data/pegawai/{person}"),
)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_assessment_and_quality_pages_are_usable_for_all_and_fit(
    new_page, live_server, running, viewport
):
    pages = {role: new_page(viewport=viewport) for role in running["tokens"]}
    for role, page in pages.items():
        sign_in_by_cookie(page, live_server, running["tokens"][role])
    found = {}
    for role, path in PAGES:
        address = path.format(**running)
        pages[role].goto(address)
        wide = pages[role].evaluate("document.documentElement.scrollWidth > innerWidth")
        found[address] = accessibility_findings(pages[role]) + (["too wide"] if wide else [])

    assert {address: words for address, words in found.items() if words} == {}


def test_a_form_keeps_itself_while_it_is_filled(new_page, live_server, running):
    page = new_page()
    sign_in_by_cookie(page, live_server, running["tokens"]["employee"])
    page.goto(f"/asesmen/formulir/{running['task']}")
    first, second = running["items"]
    page.locator(f"input[name=k-{first}][value='3']").check()
    expect(page.locator("[data-autosave-note]")).to_contain_text("Draf tersimpan pukul")
    page.locator(f"input[name=k-{second}][value='0']").check()
    expect(page.locator("input[name=version]")).to_have_value("3")

    page.reload()
    expect(page.locator(f"input[name=k-{first}][value='3']")).to_be_checked()
    page.get_by_role("button", name="Kirim (2 kompetensi)").click()
    expect(page.locator("main")).to_contain_text("Formulir terkirim")
    with live_server.app.app_context(), Session(db.engine) as session:
        answers = session.scalars(select(AssessmentAnswer.level).filter_by(task_id=running["task"]))
        assert set(answers) == {3, None}
