"""A seat with a decision, made by the services."""

from sqlalchemy.orm import Session

from app.core.actor import Actor
from matching.models import Decision, Seat, ShortlistEntry
from matching.services import decisions, fairness_sheet, runs, scouting
from skills.models import Employee
from tests.factories.seats import make_candidate, make_seat

OFFICER = Actor(account_id=None, label="Petugas Uji", is_system=True)


def shortlisted(session: Session) -> tuple[Seat, Employee, list[ShortlistEntry]]:
    """Put somebody who meets a new seat on its shortlist."""
    seat = make_seat(session)
    person = make_candidate(session, seat, 5)
    ranking = scouting.rank_for_role(session, role=seat.role, criteria=scouting.criteria_of(seat))
    run = runs.keep_run(session, actor=OFFICER, seat=seat, ranking=ranking)
    row = next(row for row in ranking.people if row.person.id == person.id)
    chosen = [decisions.Candidate(person.id, row.rank, row.fit, row.fit_high, row.similarity, {})]
    entries = decisions.shortlist(
        session, actor=OFFICER, seat=seat, run=run, candidates=chosen, reason="Paling siap"
    )
    return seat, person, entries


def decided(session: Session) -> tuple[Seat, Decision]:
    """Decide a new seat for the only candidate."""
    seat, person, entries = shortlisted(session)
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
