"""What an allocation of seats weighs: need against the position, and the last training."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from courses.allocation import Applicant
from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, Session
from courses.queries.needs import needs
from skills.models import Employee, TrainingRecord


def waiting_people(session: DbSession, session_id: int) -> Sequence[Enrolment]:
    """Return the active people who wait for a seat, in the order in which they asked."""
    return session.scalars(
        select(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(
            Enrolment.session_id == session_id,
            Enrolment.state == EnrolmentState.WAITLISTED,
            Employee.employment_state == "active",
        )
        .options(joinedload(Enrolment.employee).joinedload(Employee.opd))
        .order_by(Enrolment.waiting_since, Enrolment.id)
    ).all()


def applicants(
    session: DbSession, *, run: Session, rows: Sequence[Enrolment], day: date
) -> list[Applicant]:
    """Return the people with what the order weighs; the key is the person's own number."""
    gains = {item.competency_id: item.to_level for item in run.course.competencies}
    ids = [row.employee_id for row in rows]
    need = _levels_closed(session, gains, ids, day)
    last = last_attended(session, employee_ids=ids, day=day)
    return [
        Applicant(
            row.employee_id,
            row.employee.opd_id,
            need.get(row.employee_id, 0),
            last.get(row.employee_id),
        )
        for row in rows
    ]


def _levels_closed(
    session: DbSession, gains: dict[int, int], ids: Sequence[int], day: date
) -> dict[int, int]:
    """Return how many missing levels of the person's position the course would close."""
    wanted = set(ids)
    found: dict[int, int] = {}
    for gap in needs(session, day=day, competency_ids=list(gains)):
        if gap.employee_id in wanted:
            closed = min(gap.required, gains[gap.competency_id]) - (gap.held or 0)
            found[gap.employee_id] = found.get(gap.employee_id, 0) + max(0, closed)
    return found


def last_attended(session: DbSession, *, employee_ids: Sequence[int], day: date) -> dict[int, date]:
    """Return when the last training of each person ended, here or elsewhere."""
    outside = session.execute(
        select(TrainingRecord.employee_id, func.max(TrainingRecord.ended_on))
        .where(
            TrainingRecord.employee_id.in_(employee_ids),
            TrainingRecord.state != "returned",
            TrainingRecord.ended_on <= day,
        )
        .group_by(TrainingRecord.employee_id)
        .order_by(TrainingRecord.employee_id)
    )
    found = {person: ended for person, ended in outside if ended is not None}
    here = session.execute(
        select(Enrolment.employee_id, func.max(Session.ends_on))
        .join(Session, Session.id == Enrolment.session_id)
        .where(
            Enrolment.employee_id.in_(employee_ids),
            Enrolment.state.in_((EnrolmentState.PASSED, EnrolmentState.FAILED)),
            Session.state == SessionState.COMPLETED,
        )
        .group_by(Enrolment.employee_id)
        .order_by(Enrolment.employee_id)
    )
    for person, ended in here:
        found[person] = max(ended, found.get(person, ended))
    return found
