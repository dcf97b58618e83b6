"""Who has not passed what a course asks before it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from courses.enums import EnrolmentState
from courses.models import Course, Enrolment, Session
from courses.queries.catalogue import courses_by_code
from skills.models import TrainingRecord


def missing_prerequisites(
    session: DbSession, *, course: Course, employee_ids: Sequence[int]
) -> Mapping[int, list[str]]:
    """Return by person the codes not passed yet: here in any version, or verified elsewhere."""
    wanted = list(course.prerequisites)
    if not wanted or not employee_ids:
        return {}
    passed = session.execute(
        select(Enrolment.employee_id, Course.code)
        .join(Session, Session.id == Enrolment.session_id)
        .join(Course, Course.id == Session.course_id)
        .where(
            Enrolment.employee_id.in_(employee_ids),
            Enrolment.state == EnrolmentState.PASSED,
            Course.code.in_(wanted),
        )
    )
    elsewhere = session.execute(
        select(TrainingRecord.employee_id, Course.code)
        .join(Course, Course.title == TrainingRecord.title)
        .where(
            TrainingRecord.employee_id.in_(employee_ids),
            TrainingRecord.state == "verified",
            Course.code.in_(wanted),
        )
    )
    done = {(row[0], row[1]) for row in (*passed, *elsewhere)}
    found = {
        person: [code for code in wanted if (person, code) not in done] for person in employee_ids
    }
    return {person: codes for person, codes in found.items() if codes}


def missing_titles(
    session: DbSession, *, course: Course, employee_ids: Sequence[int]
) -> Mapping[int, str]:
    """Return by person the courses not passed yet in words: code and title."""
    missing = missing_prerequisites(session, course=course, employee_ids=employee_ids)
    codes = {code for lacking in missing.values() for code in lacking}
    titles = {row.code: row.title for row in courses_by_code(session, sorted(codes))}
    named = {code: f"{code} {titles[code]}" if code in titles else code for code in codes}
    return {person: ", ".join(named[code] for code in row) for person, row in missing.items()}


def versions_of(session: DbSession, code: str) -> Sequence[Course]:
    """Return all versions of a course, the newest first."""
    return session.scalars(
        select(Course).where(Course.code == code).order_by(Course.version.desc())
    ).all()
