"""A prerequisite passed before, a meeting elsewhere, a refusal: what only some sessions have."""

from sqlalchemy import select

from app.demo.city import SOURCE, City
from app.demo.people import Person
from courses.enums import EnrolmentState, SessionState
from courses.models import Course, Enrolment, Meeting, Session
from courses.services.enrolment import refuse
from skills.models import TrainingRecord

LACKING = 2  # people of a session who have not passed what its course asks
PRACTICE = "Ruang praktik Dinas Komunikasi dan Informatika"


def write_prerequisites(city: City) -> dict[str, int]:
    """Let nearly all people of a session have passed before what its course asks; return counts."""
    session = city.session
    titles = {row.code: row for row in session.scalars(select(Course).order_by(Course.version))}
    count = 0
    for run in session.scalars(select(Session).order_by(Session.id)).all():
        people = session.scalars(
            select(Enrolment.employee_id)
            .where(Enrolment.session_id == run.id)
            .order_by(Enrolment.id)
        ).all()
        before = [titles[code] for code in run.course.prerequisites]
        rows = [_passed(city, id_, course) for course in before for id_ in people[:-LACKING]]
        session.add_all(rows)
        count += len(rows)
    session.flush()
    return {"prerequisite passed": count}


def _passed(city: City, employee_id: int, course: Course) -> TrainingRecord:
    day = city.days_ago(420)
    return TrainingRecord(
        employee_id=employee_id,
        title=course.title,
        organiser=course.provider,
        form_code=course.form_code,
        started_on=day,
        ended_on=day,
        jp=course.jp,
        state="verified",
        source=SOURCE,
    )


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
