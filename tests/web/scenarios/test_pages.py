"""The journey from constraints to proposals, through the pages."""

import pytest
from sqlalchemy import select

from app.core.audit import AuditEvent
from matching.models import AssignmentScenario, ShortlistEntry
from tests.factories.seats import make_candidate, make_seat

WISH = {"name": "Rencana A", "least_fit": "30", "own_opd_bonus": "5", "keep_margin": "10"}


def solve(officer, **changes):
    answer = officer.post("/skenario", data={**WISH, **changes})
    assert answer.status_code == 303, answer.text
    return answer.location


def test_an_officer_solves_looks_and_proposes(client_as, session):
    seat = make_seat(session)
    person = make_candidate(session, seat, 4)
    officer = client_as("officer")

    address = solve(officer)
    page = officer.get(address).text
    officer.post(
        f"{address}/usulan", data={"numbers": ["1"], "reason": "Rencana kota", "version": 1}
    )

    assert person.name in page
    assert session.scalars(select(ShortlistEntry.employee_id)).all() == [person.id]
    assert "matching:scenario:propose" in session.scalars(select(AuditEvent.tag)).all()


def test_the_map_shows_who_moves_where_and_highlights_one_office(client_as, session):
    seats = [make_seat(session), make_seat(session)]
    mover = make_candidate(session, seats[0], 5)
    stays = make_candidate(session, seats[1], 4)
    mover.opd.short_name, stays.opd = "D'Angelo & <b>", seats[1].opd
    officer = client_as("officer")
    address = solve(officer, own_opd_bonus="50")

    page = officer.get(address).text
    hostile = "D&#39;Angelo &amp; &lt;b&gt;"
    assert f"1 orang dari {hostile} ke {seats[0].opd.short_name}" in page
    assert f"{hostile}: 1 keluar, 0 masuk, 0 dari OPD sendiri" in page
    assert f"{stays.opd.short_name}: 0 keluar, 0 masuk, 1 dari OPD sendiri" in page
    assert page.count('class="f-ring"') == 2  # one drawn, one in the legend
    assert "is-dim" not in page

    page = officer.get(address, query_string={"sorot": stays.opd.short_name}).text
    assert f"Disorot: {stays.opd.short_name}" in page and page.count('f-arrow is-dim"') == 1
    assert "Disorot" not in officer.get(f"{address}?sorot=TIDAK-ADA").text


def test_an_impossible_wish_says_what_to_relax(client_as, session):
    make_candidate(session, make_seat(session))
    officer = client_as("officer")

    page = officer.get(solve(officer, must_fill="y")).text

    assert "Longgarkan salah satu" in page


def test_two_scenarios_stand_side_by_side(client_as, session):
    seat = make_seat(session)
    make_candidate(session, seat, 2)
    officer = client_as("officer")
    ids = [solve(officer, least_fit=fit).rsplit("/", 1)[1] for fit in ("30", "100")]

    page = officer.get(f"/skenario/banding?id={ids[0]}&id={ids[1]}").text

    assert "Kursi yang berbeda jawabannya (1)" in page


def test_a_wrong_locked_line_is_shown_at_its_field(client_as, session):
    make_candidate(session, make_seat(session), 4)

    answer = client_as("officer").post("/skenario", data={**WISH, "locked": "bukan-nip"})

    assert answer.status_code == 422
    assert "Baris 1" in answer.text


def test_a_scenario_can_be_deleted_until_it_is_proposed(client_as, session):
    make_candidate(session, make_seat(session), 4)
    officer = client_as("officer")
    address = solve(officer)

    officer.post(f"{address}/hapus", data={"version": 1})

    assert session.scalars(select(AssignmentScenario)).all() == []
    assert officer.get(address).status_code == 404


@pytest.mark.parametrize(("role", "read", "write"), [("auditor", 200, 403), ("employee", 403, 403)])
def test_only_officers_solve(client_as, session, role, read, write):
    make_seat(session)
    client = client_as(role)

    assert client.get("/skenario").status_code == read
    assert client.post("/skenario", data=WISH).status_code == write


def test_the_result_needs_as_many_queries_for_many_seats(client_as, session, query_counter):
    counts = []
    for seats in (1, 5):
        for _ in range(seats):
            make_candidate(session, make_seat(session), 4)
        officer = client_as("officer")
        address = solve(officer)
        with query_counter() as queries:
            officer.get(address)
        counts.append(queries.count)

    assert counts[0] == counts[1]
