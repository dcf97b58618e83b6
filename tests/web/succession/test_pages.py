"""Succession through the pages."""

import pytest
from sqlalchemy import select

from app.core.actor import SYSTEM
from matching.models import SeatSuccessor
from matching.services.succession import add_successor
from tests.factories.seats import make_candidate, make_seat


def test_an_officer_builds_and_orders_a_line(client_as, session):
    seat = make_seat(session)
    people = [make_candidate(session, seat, level) for level in (4, 3)]
    officer = client_as("officer")

    for person in people:
        data = {"employee_id": person.id, "readiness": "now", "reason": "Siap"}
        assert officer.post(f"/suksesi/{seat.id}", data=data).status_code == 303
    rows = session.scalars(select(SeatSuccessor).order_by(SeatSuccessor.position)).all()
    officer.post(f"/suksesi/{seat.id}/{rows[1].id}/naik")
    officer.post(f"/suksesi/{seat.id}/{rows[0].id}/keluar", data={"reason": "Mutasi"})

    page = officer.get(f"/suksesi/{seat.id}").text
    assert "Riwayat calon (1)" in page
    assert "Mutasi" in page


def test_the_overview_shows_five_years(client_as, session):
    seat = make_seat(session)

    page = client_as("auditor").get("/suksesi?mutasi=0").text

    assert seat.role.name in page
    assert page.count("ek-year ") == 5


@pytest.mark.parametrize(("role", "read", "write"), [("auditor", 200, 403), ("employee", 403, 403)])
def test_only_officers_change_lines(client_as, session, role, read, write):
    seat = make_seat(session)
    client = client_as(role)

    assert client.get("/suksesi").status_code == read
    assert client.post(f"/suksesi/{seat.id}", data={}).status_code == write


def test_the_overview_needs_as_many_queries_for_many_seats(client_as, session, query_counter):
    counts = []
    for seats in (1, 4):
        for _ in range(seats):
            seat = make_seat(session)
            person = make_candidate(session, seat)
            add_successor(
                session,
                actor=SYSTEM,
                seat=seat,
                employee_id=person.id,
                readiness="now",
                reason="Siap",
            )
        auditor = client_as("auditor")
        with query_counter() as queries:
            auditor.get("/suksesi")
        counts.append(queries.count)

    assert counts[0] == counts[1]
