"""Demand: who wants which course, by course and OPD."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from courses.enums import SessionState
from courses.models import Course, Session, TrainingInterest
from skills.models import Employee, Opd


@dataclass(frozen=True)
class Demand:
    """How much a course is wanted."""

    course: Course
    people: int
    offices: int
    since: datetime
    open_sessions: int


def demand(session: DbSession) -> list[Demand]:
    """Return the courses that people want, the most wanted first: three statements."""
    counts = {
        code: (people, offices, since)
        for code, people, offices, since in session.execute(
            select(
                TrainingInterest.course_code,
                func.count(),
                func.count(func.distinct(Employee.opd_id)),
                func.min(TrainingInterest.created_at),
            )
            .join(Employee, Employee.id == TrainingInterest.employee_id)
            .where(TrainingInterest.told_at.is_(None), Employee.employment_state == "active")
            .group_by(TrainingInterest.course_code)
            .order_by(TrainingInterest.course_code)
        )
    }
    newest = {
        row.code: row
        for row in session.scalars(
            select(Course).where(Course.code.in_(counts)).order_by(Course.code, Course.version)
        )
    }
    runs = {
        row.code: row.held
        for row in session.execute(
            select(Course.code, func.count().label("held"))
            .join(Session, Session.course_id == Course.id)
            .where(
                Course.code.in_(counts),
                Session.state.in_((SessionState.DRAFT, SessionState.OPEN)),
            )
            .group_by(Course.code)
            .order_by(Course.code)
        )
    }
    found = [Demand(newest[code], *numbers, runs.get(code, 0)) for code, numbers in counts.items()]
    return sorted(found, key=lambda one: (-one.people, one.course.code))


def interested_people(session: DbSession, *, course_code: str) -> Sequence[TrainingInterest]:
    """Return who wants a course and was not told of a session yet, by OPD and name."""
    return session.scalars(
        select(TrainingInterest)
        .join(Employee, Employee.id == TrainingInterest.employee_id)
        .join(Opd, Opd.id == Employee.opd_id)
        .where(
            TrainingInterest.course_code == course_code,
            TrainingInterest.told_at.is_(None),
            Employee.employment_state == "active",
        )
        .options(
            joinedload(TrainingInterest.employee).joinedload(Employee.opd),
            joinedload(TrainingInterest.employee).joinedload(Employee.position),
        )
        .order_by(Opd.name, Employee.name, Employee.id)
    ).all()


def own_interests(session: DbSession, employee_id: int) -> list[tuple[TrainingInterest, Course]]:
    """Return what a person waits for, with the newest version of each course."""
    rows = session.execute(
        select(TrainingInterest, Course)
        .join(Course, Course.code == TrainingInterest.course_code)
        .where(TrainingInterest.employee_id == employee_id)
        .order_by(TrainingInterest.created_at.desc(), TrainingInterest.id, Course.version)
    )
    newest = {interest.id: (interest, course) for interest, course in rows}
    return list(newest.values())
