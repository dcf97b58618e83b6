"""Interest in a course without a date: shows the demand, and is told when a session opens."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.audit import record
from app.core.errors import InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.models import Course, Session, TrainingInterest
from skills.models import Employee

NOTE_LENGTH = 300


def note_interest(
    session: DbSession, *, course: Course, employee: Employee, note: str = ""
) -> TrainingInterest:
    """Keep that a person wants a course; doing it again renews it.

    Raises:
        InvalidTransition: the person has left the service.
    """
    if employee.employment_state != "active":
        raise InvalidTransition(
            Message(N_("%(name)s tidak berstatus aktif."), {"name": employee.display_name})
        )
    row = own_interest(session, course=course, employee_id=employee.id)
    if row is None:
        row = TrainingInterest(course_code=course.code, employee_id=employee.id)
        session.add(row)
    row.note, row.created_at = note.strip()[:NOTE_LENGTH], clock.now()
    row.told_at = row.told_session_id = None
    session.flush()
    record(session, "courses:interest:note", row, people=[employee.id], course=course.code)
    return row


def withdraw_interest(session: DbSession, *, course: Course, employee_id: int) -> None:
    """Take one's interest back; without one nothing happens."""
    row = own_interest(session, course=course, employee_id=employee_id)
    if row is None:
        return
    record(session, "courses:interest:withdraw", row, people=[employee_id], course=course.code)
    session.delete(row)
    session.flush()


def own_interest(
    session: DbSession, *, course: Course, employee_id: int
) -> TrainingInterest | None:
    """Return a person's interest in a course of whatever version, or None."""
    return session.scalar(
        select(TrainingInterest).where(
            TrainingInterest.course_code == course.code,
            TrainingInterest.employee_id == employee_id,
        )
    )


def tell_interested(session: DbSession, run: Session) -> int:
    """Tell who waits for this course that registration is open; return how many."""
    rows: Sequence[TrainingInterest] = session.scalars(
        select(TrainingInterest)
        .where(TrainingInterest.course_code == run.course.code, TrainingInterest.told_at.is_(None))
        .order_by(TrainingInterest.id)
    ).all()
    for row in rows:
        notify(
            session,
            employee_id=row.employee_id,
            kind="session",
            message=Message(
                N_("Pelatihan yang Anda minati dibuka: %(title)s, mulai %(day)s."),
                {"title": run.title, "day": f"{run.starts_on:%d/%m/%Y}"},
            ),
            url=f"/pelatihan/sesi/{run.id}",
            email=True,
            key=f"session:{run.id}:interest",
        )
        row.told_at, row.told_session_id = clock.now(), run.id
    session.flush()
    return len(rows)
