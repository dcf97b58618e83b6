"""The pages of talent in a real browser: usable for all, at a phone's width too."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.actor import SYSTEM
from app.core.db import db
from matching.services.pools import nominate
from matching.services.succession import add_successor
from tests.factories.accounts import make_account, open_browser_session
from tests.factories.decisions import decided, shortlisted
from tests.factories.seats import make_seat
from tests.factories.talent import YEAR, box_of, compute, make_measured, make_pool
from tests.support.browser import DESKTOP, PHONE, accessibility_findings, sign_in_by_cookie


@pytest.fixture
def talent(live_server: Any) -> dict[str, Any]:
    """Put people with boxes, a pool and a line of succession into the live server."""
    with live_server.app.app_context(), Session(db.engine) as session:
        people = [make_measured(session, points) for points in (95, 70, 30)]
        compute(session, YEAR - 1, YEAR)
        first, seat = box_of(session, people[0]), make_seat(session)
        pool = make_pool(session, name=f"Kelompok {first.id}")  # the server keeps its database
        nominate(
            session,
            actor=SYSTEM,
            pool=pool,
            employee=people[0],
            readiness="now",
            reason="Kotak 9",
            assessment=first,
        )
        add_successor(
            session,
            actor=SYSTEM,
            seat=seat,
            employee_id=people[0].id,
            readiness="now",
            reason="Siap",
        )
        account = make_account(session, "officer")
        sought, best, _entries = shortlisted(session)
        beside = f"orang={best.id}&orang={people[0].id}"
        _seat, decision = decided(session)
        found = {
            "token": open_browser_session(session, account),
            "pages": [
                f"/talenta?kotak={first.box}",
                "/talenta/banding",
                f"/talenta/{first.id}",
                f"/kelompok-talenta/{pool.id}",
                "/suksesi",
                f"/suksesi/{seat.id}",
                f"/peran/{seat.role_id}",
                f"/peran/{seat.role_id}/ubah",
                "/masa-berlaku",
                f"/kursi/{sought.id}/banding?{beside}",
            ],
            "narrow": [  # a wide screen shows them in the same way
                f"/kursi/{sought.id}/keadilan",
                f"/keputusan/{decision.id}",
                "/skenario",
                "/aturan-talenta",
                "/aturan-talenta/nine_box_methods",
                "/aturan-talenta/panel_criteria",
            ],
        }
        session.commit()
        return found


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_of_talent_are_usable_for_all_and_fit(new_page, live_server, talent, viewport):
    page = new_page(viewport=viewport)
    sign_in_by_cookie(page, live_server, talent["token"])
    found = {}
    for address in talent["pages"] + (talent["narrow"] if viewport is PHONE else []):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[address] = accessibility_findings(page) + (["too wide"] if wide else [])

    assert {address: words for address, words in found.items() if words} == {}
