"""Courses, sessions with people and attendance, and issued certificates."""

import itertools
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.jobs.models import Job
from courses.enums import AttendanceState, EnrolmentState, SessionState
from courses.models import (
    Attendance,
    Certificate,
    Course,
    CourseCompetency,
    CourseTopic,
    Enrolment,
    Meeting,
    Organiser,
    Session,
    Signatory,
)
from courses.services.issuing import issue_certificates
from skills.models import Employee
from tests.factories.people import competency, make_employee

_numbers = itertools.count(1)


def make_course(
    session: DbSession,
    code: str = "AP-02",
    *,
    to_level: int = 3,
    effect: str = "set",
    **fields: Any,
) -> Course:
    """Add a course of 20 JP that leads to a level of a competency."""
    number = next(_numbers)
    course = Course(
        **{
            "code": f"UJI-{number:03}",
            "title": f"Pelatihan Uji {number}",
            "form_code": "KL10",
            "jp": 20,
            "created_at": clock.now(),
            **fields,
        }
    )
    course.competencies = [
        CourseCompetency(
            competency_id=competency(session, code).id,
            from_level=1,
            to_level=to_level,
            effect=effect,
        )
    ]
    course.topics = [CourseTopic(position=0, title="Pengantar", jp=course.jp)]
    session.add(course)
    session.flush()
    return course


def make_session(
    session: DbSession,
    course: Course | None = None,
    *,
    state: str | SessionState = SessionState.OPEN,
    starts: int = 7,
    days: int = 2,
    capacity: int = 10,
    **fields: Any,
) -> Session:
    """Add a session with one meeting a day; `starts` counts days from today."""
    course = course or make_course(session)
    first = clock.today() + timedelta(days=starts)
    run = Session(
        **{
            "code": f"S-{next(_numbers):05}",
            "course_id": course.id,
            "organiser_id": session.scalars(select(Organiser.id)).first(),
            "title": course.title,
            "starts_on": first,
            "ends_on": first + timedelta(days=days - 1),
            "place": "Aula BKPSDM",
            "capacity": capacity,
            "state": SessionState(state),
            "created_at": clock.now(),
            **fields,
        }
    )
    run.meetings = [
        Meeting(starts_at=_at(first + timedelta(days=n), 8), ends_at=_at(first + timedelta(n), 16))
        for n in range(days)
    ]
    session.add(run)
    session.flush()
    return run


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.timezone())


def make_enrolment(
    session: DbSession,
    run: Session,
    employee: Employee | None = None,
    *,
    state: str | EnrolmentState = EnrolmentState.ENROLLED,
    **fields: Any,
) -> Enrolment:
    """Add a person to a session; somebody with a seat takes one."""
    state = EnrolmentState(state)
    row = Enrolment(
        session_id=run.id,
        employee_id=(employee or make_employee(session)).id,
        state=state,
        created_at=clock.now(),
        waiting_since=clock.now() if state is EnrolmentState.WAITLISTED else None,
        **fields,
    )
    session.add(row)
    if state in (EnrolmentState.ENROLLED, EnrolmentState.PASSED, EnrolmentState.FAILED):
        run.seats_taken += 1
    session.flush()
    return row


def make_present(session: DbSession, run: Session, enrolment: Enrolment) -> None:
    """Record a person as present at every meeting."""
    session.add_all(
        Attendance(
            meeting_id=meeting.id,
            enrolment_id=enrolment.id,
            state=AttendanceState.PRESENT,
            recorded_at=clock.now(),
        )
        for meeting in run.meetings
    )
    session.flush()


def make_completed(
    session: DbSession, people: int = 2, *, course: Course | None = None, **fields: Any
) -> Session:
    """Add a session that ended yesterday, all of its people passed with a score of 88."""
    usual = {"state": SessionState.COMPLETED, "starts": -2, "capacity": max(people, 1)}
    run = make_session(session, course, **{**usual, **fields})
    run.completed_at = clock.now()
    for _ in range(people):
        row = make_enrolment(
            session, run, state=EnrolmentState.PASSED, score=88.0, attendance_percent=100.0
        )
        make_present(session, run, row)
    return run


def make_signatory(session: DbSession, name: str = "Penguji Satu, S.Kom.") -> Signatory:
    """Add an official who signs."""
    signatory = Signatory(name=name, office="Kepala BKPSDM")
    session.add(signatory)
    session.flush()
    return signatory


def people_of(session: DbSession, run: Session) -> Sequence[Enrolment]:
    """Return the enrolments of a session in the order they were made."""
    return session.scalars(
        select(Enrolment).where(Enrolment.session_id == run.id).order_by(Enrolment.id)
    ).all()


def start_issue(session: DbSession, run: Session, actor: Actor = SYSTEM) -> Job:
    """Reserve certificates for everybody and start the job; it runs inline after the commit."""
    return issue_certificates(
        session,
        actor=actor,
        run=run,
        enrolment_ids=[row.id for row in people_of(session, run)],
        signatory=make_signatory(session),
    )


def certificates_of(session: DbSession, run: Session) -> Sequence[Certificate]:
    """Return the certificates of a session in the order of their numbers."""
    return session.scalars(
        select(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Enrolment.session_id == run.id)
        .order_by(Certificate.id)
    ).all()


def reread(session: DbSession) -> None:
    """Let the test's session see what others have committed."""
    session.commit()
    session.expire_all()
