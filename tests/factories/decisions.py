"""A seat with a decision, made by the services."""

from sqlalchemy.orm import Session

from app.core.actor import Actor
from matching.models import Decision, Seat
from matching.services import decisions, fairness_sheet, runs, scouting
from tests.factories.seats import make_candidate, make_seat

OFFICER = Actor(account_id=None, label="Petugas Uji", is_system=True)


def decided(session: Session) -> tuple[Seat, Decision]:
    """Decide a new seat for the only candidate."""
    seat = make_seat(session)
    person = make_candidate(session, seat, 5)
    ranking = scouting.rank_for_role(session, role=seat.role, criteria=scouting.criteria_of(seat))
    run = runs.keep_run(session, actor=OFFICER, seat=seat, ranking=ranking)
    row = ranking.people[0]
    chosen = [decisions.Candidate(person.id, 1, row.fit, row.fit_high, row.similarity, {})]
    entries = decisions.shortlist(
        session, actor=OFFICER, seat=seat, run=run, candidates=chosen, reason="Paling siap"
    )
    fairness_sheet.acknowledge(
        session,
        actor=OFFICER,
        seat=seat,
        number=1,
        entries=entries,
        expected_key=fairness_sheet.shortlist_key(entries),
    )
    return seat, decisions.decide(
        session,
        actor=OFFICER,
        seat=seat,
        employee_id=person.id,
        reason="Terbaik",
        dissent="Satu anggota ragu",
    )
