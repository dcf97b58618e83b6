"""The forecast of shelf life through the page."""

from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEvent
from tests.factories.people import competency, give_level, make_employee


def test_the_page_tells_what_ends_until_a_day_and_whom_it_concerns(client_as, session):
    person = make_employee(session)
    until = clock.today() + timedelta(days=100)
    give_level(session, person, "AP-02", 4, valid_until=until)
    asked, client = competency(session, "AP-02"), client_as("executive")

    before = client.get(f"/masa-berlaku?tanggal={until}&kompetensi={asked.id}").text
    after = client.get(
        f"/masa-berlaku?tanggal={until + timedelta(days=1)}&kompetensi={asked.id}"
    ).text
    book = load_workbook(BytesIO(client.get("/masa-berlaku/unduh.xlsx").data)).active

    assert "Tidak ada level yang turun" in before
    assert person.name in after and "level 4 berakhir" in after
    assert list(book.values)[1][:5] == (asked.code, asked.name, 1, 0, 1)
    assert client.get("/masa-berlaku?tanggal=besok").status_code == 200
    assert client_as("employee").get("/masa-berlaku").status_code == 403
    tags = session.scalars(select(AuditEvent.tag)).all()
    assert tags.count("matching:forecast:read") == 1


def test_the_page_needs_as_many_queries_for_many_people(client_as, session, query_counter):
    counts = []
    for people in (1, 5):
        for _ in range(people):
            until = clock.today() + timedelta(days=20)
            give_level(session, make_employee(session), "AP-02", 3, valid_until=until)
        client = client_as("auditor")
        client.get("/masa-berlaku")
        with query_counter() as queries:
            client.get("/masa-berlaku")
        counts.append(queries.count)

    assert counts[0] == counts[1]
