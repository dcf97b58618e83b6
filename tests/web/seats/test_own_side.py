"""The civil servant's side: interest, invitation, considerations, contest."""

from datetime import timedelta

from sqlalchemy import select

from app.core import clock
from matching.models import Contest, Invitation, SeatInterest, ShortlistEntry
from matching.services import interest, scouting
from tests.factories.decisions import OFFICER, decided
from tests.factories.seats import make_candidate, make_seat


def order(session, seat):
    criteria = scouting.criteria_of(seat)
    return scouting.rank_for_role(session, role=seat.role, criteria=criteria).scored.packed


def test_interest_is_said_and_withdrawn_without_a_trace_in_a_score(client_as, session):
    seat = make_seat(session)
    me = make_candidate(session, seat, 3)
    mine, before = client_as("employee", employee=me), order(session, seat)

    mine.post(f"/kursi/{seat.id}/minat", data={"state": "interested"})
    assert session.scalars(select(SeatInterest.state)).one() == "interested"
    assert order(session, seat) == before
    mine.post(f"/kursi/{seat.id}/minat", data={"state": "withdraw"})

    assert session.scalars(select(SeatInterest)).all() == []
    assert order(session, seat) == before


def test_one_sees_the_own_fit_and_nobody_else(client_as, session):
    seat = make_seat(session)
    me, other = make_candidate(session, seat, 3), make_candidate(session, seat, 5)

    page = client_as("employee", employee=me).get("/kursi/saya").text

    assert "Kesesuaian saya" in page
    assert other.name not in page


def test_one_sees_what_is_missing_and_which_condition_stops(client_as, session):
    seats = [make_seat(session), make_seat(session, "DATA-STEWARD")]
    me = make_candidate(session, seats[0], 5)
    me.golongan = "I/a"

    page = client_as("employee", employee=me).get("/kursi/saya").text

    best, other = page.index(seats[0].role.name), page.index(seats[1].role.name)
    assert best < other
    assert "Syarat yang belum Anda penuhi" in page
    assert "kompetensi belum terpenuhi" in page[other:]


def test_a_considered_person_sees_why_contests_and_is_answered(client_as, session):
    seat, decision = decided(session)
    entry = session.scalars(select(ShortlistEntry)).one()
    me = entry.employee
    mine = client_as("employee", employee=me)

    mine.post(
        f"/kursi/pertimbangan/{decision.id}/keberatan",
        data={"category_code": "DATA", "text": "Sertifikat saya belum terhitung"},
    )
    contest = session.scalars(select(Contest)).one()
    client_as("officer").post(
        f"/kursi/{seat.id}/keberatan/{contest.id}",
        data={"outcome": "rejected", "answer": "Sudah diperiksa"},
    )

    assert contest.due_on == clock.today() + timedelta(days=7)
    page = mine.get("/kursi/saya").text
    assert "Peringkat 1 dari 1" in page
    assert "Sudah diperiksa" in page


def test_somebody_not_considered_cannot_contest(client_as, session):
    seat, decision = decided(session)
    stranger = make_candidate(session, seat, 2)

    client_as("employee", employee=stranger).post(
        f"/kursi/pertimbangan/{decision.id}/keberatan",
        data={"category_code": "DATA", "text": "Mengapa bukan saya"},
    )

    assert session.scalars(select(Contest)).all() == []


def test_an_invitation_is_answered_by_the_invited_only(client_as, session):
    seat, _decision = decided(session)
    entry = session.scalars(select(ShortlistEntry)).one()
    entry.state = "proposed"
    due = clock.today() + timedelta(days=3)
    invitation = interest.invite(session, actor=OFFICER, entry=entry, due_on=due)
    other = make_candidate(session, seat, 2)

    address = f"/kursi/undangan/{invitation.id}"
    wrong = client_as("employee", employee=other).post(address, data={"answer": "accept"})
    client_as("employee", employee=entry.employee).post(address, data={"answer": "accept"})

    assert wrong.status_code == 404
    assert session.scalars(select(ShortlistEntry.state)).one() == "accepted"
    assert session.scalars(select(Invitation)).one().answered_at is not None
