"""Each kind of user lands on what waits for them."""

import pytest

from tests.factories.people import give_level, make_claim, make_employee, make_position
from tests.factories.seats import make_seat


def test_an_employee_sees_the_largest_gaps_of_the_position(client_as, session):
    position = make_position(session, class_code="PENGAWAS", kind="PENGAWAS")
    person = make_employee(session, position=position)
    give_level(session, person, "MJ-01", 5)

    page = client_as("employee", employee=person).get("/").text

    assert "Kesenjangan terbesar saya" in page
    assert "Kerja Sama" in page
    assert "Kursi kosong" not in page


def test_an_assessor_sees_how_many_claims_wait(client_as, session):
    make_claim(session, make_employee(session))
    make_claim(session, make_employee(session), state="draft")

    page = client_as("assessor").get("/").text

    assert "Klaim menunggu pemeriksaan" in page


def test_an_officer_sees_vacant_seats(client_as, session):
    seat = make_seat(session)

    page = client_as("officer").get("/").text

    assert f"/kursi/{seat.id}" in page


def test_an_executive_sees_the_coverage_figure(client_as, session):
    make_seat(session)

    assert "Kursi admin terisi" in client_as("executive").get("/").text


@pytest.mark.parametrize(
    "role", ["employee", "supervisor", "assessor", "organiser", "officer", "auditor", "admin"]
)
def test_every_role_has_a_landing_page_in_both_languages(client_as, session, role):
    browser = client_as(role, employee=make_employee(session))

    assert browser.get("/").status_code == 200
    browser.post("/bahasa", data={"lang": "en", "next": "/"})
    assert '<html lang="en"' in browser.get("/").text
