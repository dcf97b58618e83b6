"""Succession through the pages."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.core.actor import SYSTEM
from matching.models import SeatSuccessor
from matching.services.succession import add_successor
from tests.factories.seats import make_candidate, make_seat


def rows_of(answer):
    return list(load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))


def test_an_officer_builds_and_orders_a_line(client_as, session):
    seat = make_seat(session)
    people = [make_candidate(session, seat, level) for level in (4, 3)]
    officer = client_as("officer")

    for person in people:
        data = {"employee_id": person.id, "readiness": "now", "reason": "Siap"}
        assert officer.post(f"/suksesi/{seat.id}", data=data).status_code == 303
    rows = session.scalars(select(SeatSuccessor).order_by(SeatSuccessor.position)).all()
    officer.post(f"/suksesi/{seat.id}/{rows[1].id}/naik", data={"version": rows[1].version})
    session.refresh(rows[0])
    out = {"reason": "Mutasi", "version": rows[0].version}
    officer.post(f"/suksesi/{seat.id}/{rows[0].id}/keluar", data=out)

    page = officer.get(f"/suksesi/{seat.id}").text
    assert "Riwayat calon (1)" in page
    assert "Mutasi" in page


def test_the_overview_shows_five_years(client_as, session):
    seat = make_seat(session)

    page = client_as("auditor").get("/suksesi?mutasi=0").text

    assert seat.role.name in page
    assert page.count('class="ek-year ') == 5
    auditor = client_as("auditor")
    assert "Tidak ada kursi yang cocok" in auditor.get("/suksesi?tampil=celah").text
    book = auditor.get("/suksesi/unduh.xlsx?tampil=tanpa-siap")
    assert rows_of(book)[1][0] == seat.code


def test_a_shortlisted_person_becomes_a_successor_in_two_steps(client_as, session):
    seat = make_seat(session)
    person = make_candidate(session, seat, 4)
    officer = client_as("officer")
    page = officer.get(f"/kursi/{seat.id}").text
    order = page.split('name="order_hash" type="hidden" value="')[1].split('"')[0]
    officer.post(
        f"/kursi/{seat.id}/daftar-pendek",
        data={"people": [person.id], "reason": "Paling siap", "order_hash": order},
    )

    # Step one opens the dialog that the page already holds; step two sends it.
    dialog = officer.get(f"/kursi/{seat.id}").text.split("Jadikan calon pengganti")[1]
    assert f'action="/suksesi/{seat.id}"' in officer.get(f"/kursi/{seat.id}").text
    assert "Siap sekarang" in dialog
    officer.post(
        f"/suksesi/{seat.id}",
        data={"employee_id": person.id, "reason": "Paling siap", "readiness": "one_year"},
    )

    row = session.scalars(select(SeatSuccessor)).one()
    assert (row.employee_id, row.readiness) == (person.id, "one_year")
    officer.post(
        f"/suksesi/{seat.id}/{row.id}/kesiapan",
        data={"readiness": "now", "reason": "Lulus", "version": row.version},
    )
    session.refresh(row)
    assert row.readiness == "now"


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
