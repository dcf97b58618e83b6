"""The pages of dictionary and standards in a real browser: usable for all, at both widths."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db
from skills.models import LevelPath, LevelPathStep, Standard
from skills.services.standards import prepare_version
from tests.factories.accounts import make_account, open_browser_session
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_level
from tests.support.browser import DESKTOP, PHONE, accessibility_findings, sign_in_by_cookie

PAGES = (
    "/kamus",
    "/kamus/{of}",
    "/kamus/{of}/ubah",
    "/kamus/{of}/jalur",
    "/kamus/kerangka/{framework}",
    "/kamus/kerangka/baru",
    "/kamus/kerangka/{framework}/butir",
    "/standar",
    "/standar/{standard}",
    "/standar/{prepared}",
    "/standar/{prepared}/ubah",
    "/standar/baru",
    "/acuan/level/impor",
)


@pytest.fixture
def office(live_server: Any) -> dict[str, Any]:
    """Put a used competency with a path and a standard in the making into the live server."""
    with live_server.app.app_context(), Session(db.engine) as session:
        of = competency(session)
        make_level(session, make_person(session, make_opd(session)), of, 2)
        path = LevelPath(competency_id=of.id, level=3, name="Uji", created_at=clock.now())
        path.steps = [LevelPathStep(group=1, kind="assessment"), LevelPathStep(kind="evidence")]
        session.add(path)
        row = session.scalars(select(Standard).filter_by(code="TEK-PRAKOM-MUDA", version=1)).one()
        prepared = prepare_version(session, standard=row)
        token = open_browser_session(session, make_account(session, "officer"))
        found = {
            "token": token,
            "of": of.id,
            "framework": of.framework_id,
            "standard": row.id,
            "prepared": prepared.id,
        }
        session.commit()
        return found


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_pages_of_reference_data_are_usable_for_all_and_fit(
    new_page, live_server, office, viewport
):
    page = new_page(viewport=viewport)
    sign_in_by_cookie(page, live_server, office["token"])
    found = {}
    for path in PAGES:
        address = path.format(**office)
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[address] = accessibility_findings(page) + (["too wide"] if wide else [])

    assert {address: words for address, words in found.items() if words} == {}
