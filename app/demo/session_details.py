"""A meeting elsewhere, a registration that was refused: what only some sessions have."""

from sqlalchemy import select

from app.demo.city import City
from app.demo.people import Person
from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, Meeting, Session
from courses.services.enrolment import refuse

PRACTICE = "Ruang praktik Dinas Komunikasi dan Informatika"


def write_session_details(city: City, known: Person) -> dict[str, int]:
    """Move the last meeting of coming sessions to a place of its own, refuse one registration."""
    session = city.session
    runs = session.scalars(
        select(Session)
        .where(Session.state == SessionState.OPEN, Session.link.is_(None))
        .order_by(Session.starts_on, Session.id)
    ).all()
    moved = 0
    for run in runs[:2]:
        meeting = session.scalars(
            select(Meeting).where(Meeting.session_id == run.id).order_by(Meeting.starts_at.desc())
        ).first()
        if meeting is not None:
            meeting.place = PRACTICE
            moved += 1
    session.flush()
    return {"meeting elsewhere": moved, "refusal": _refusal(city, known)}


def _refusal(city: City, known: Person) -> int:
    """Refuse the known employee in an open session that they are not in."""
    session, employee_id = city.session, city.employee_id(known)
    inside = select(Enrolment.session_id).where(Enrolment.employee_id == employee_id)
    run = session.scalars(
        select(Session)
        .where(Session.state == SessionState.OPEN, Session.id.not_in(inside))
        .order_by(Session.starts_on.desc(), Session.id)
    ).first()
    if run is None:
        return 0
    row = Enrolment(
        session_id=run.id,
        employee_id=employee_id,
        state=EnrolmentState.PROPOSED,
        created_at=city.at(city.days_ago(6)),
    )
    session.add(row)
    session.flush()
    reason = "Kursi tahap ini untuk petugas layanan; daftar lagi pada sesi berikutnya."
    refuse(session, enrolment=row, reason=reason)
    return 1
