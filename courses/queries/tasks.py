"""What a participant has to do now: tests that are open, evaluation forms to fill."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from courses.enums import AttendanceState, EnrolmentState, SessionState
from courses.models import (
    Attendance,
    Enrolment,
    EvaluationReceipt,
    Exam,
    ExamAttempt,
    Meeting,
    Session,
)
from courses.queries.assignments import own_works
from courses.queries.evaluations import policy
from courses.queries.exams import is_over
from courses.queries.follow_ups import open_follow_ups
from courses.services.submissions import problem_to_hand_in

_HOLDING = (EnrolmentState.ENROLLED, EnrolmentState.PASSED, EnrolmentState.FAILED)


@dataclass(frozen=True)
class Task:
    """Something to do: `pre`, `post` (begun or not), `evaluation`, `assignment` or `follow_up`."""

    kind: str
    number: int  # of the test or assignment, of the session to evaluate, or of the form
    run: Session
    until: datetime | None = None
    begun: bool = False


def learning_tasks(session: DbSession, *, employee_id: int) -> list[Task]:
    """Return what somebody has to do, what ends first before others."""
    found = [*_exams(session, employee_id), *_evaluations(session, employee_id)]
    found += _assignments(session, employee_id)
    found += [
        Task("follow_up", row.id, row.enrolment.session)
        for row in open_follow_ups(session, employee_id=employee_id)
    ]
    far = clock.now() + timedelta(days=36500)
    return sorted(found, key=lambda task: (not task.begun, task.until or far, task.kind))


def _exams(session: DbSession, employee_id: int) -> list[Task]:
    now = clock.now()
    rows = session.execute(
        select(Exam, Enrolment.id)
        .join(Session, Session.id == Exam.session_id)
        .join(Enrolment, Enrolment.session_id == Session.id)
        .where(
            Enrolment.employee_id == employee_id,
            Enrolment.state == EnrolmentState.ENROLLED,
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
            Exam.state == "published",
            or_(Exam.opens_at.is_(None), Exam.opens_at <= now),
            or_(Exam.closes_at.is_(None), Exam.closes_at > now),
        )
        .options(joinedload(Exam.session))
        .order_by(Exam.id)
    ).all()
    made: dict[tuple[int, int], list[ExamAttempt]] = {}
    for attempt in session.scalars(
        select(ExamAttempt)
        .where(ExamAttempt.enrolment_id.in_([row[1] for row in rows]))
        .order_by(ExamAttempt.id)
    ):
        made.setdefault((attempt.exam_id, attempt.enrolment_id), []).append(attempt)
    found = []
    for exam, enrolment_id in rows:
        own = made.get((exam.id, enrolment_id), [])
        running = next((one for one in own if not is_over(one, now)), None)
        if running is not None:
            until = running.deadline_at
            found.append(Task(exam.kind, exam.id, exam.session, until, begun=True))
        elif len(own) < exam.attempts and not own:
            found.append(Task(exam.kind, exam.id, exam.session, exam.closes_at))
    return found


def _assignments(session: DbSession, employee_id: int) -> list[Task]:
    found, now = [], clock.now()
    for work in own_works(session, employee_id=employee_id):
        last, row = work.last, work.assignment
        if problem_to_hand_in(row, work.enrolment, last, now) is None:
            until = last.again_until if last else None
            again = last is not None
            found.append(Task("assignment", row.id, row.session, until or row.due_at, again))
    return found


def _evaluations(session: DbSession, employee_id: int) -> list[Task]:
    days = timedelta(days=policy(session)["reaction_days"])
    last = (
        select(Meeting.session_id, func.max(Meeting.starts_at).label("starts_at"))
        .group_by(Meeting.session_id)
        .subquery()
    )
    there = (
        select(Attendance.id)
        .where(Attendance.enrolment_id == Enrolment.id, Attendance.state == AttendanceState.PRESENT)
        .exists()
    )
    filled = (
        select(EvaluationReceipt.id).where(EvaluationReceipt.enrolment_id == Enrolment.id).exists()
    )
    rows = session.scalars(
        select(Session)
        .join(Enrolment, Enrolment.session_id == Session.id)
        .join(last, last.c.session_id == Session.id)
        .where(
            Enrolment.employee_id == employee_id,
            Enrolment.state.in_(_HOLDING),
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING, SessionState.COMPLETED)),
            Session.ends_on >= clock.today() - days,
            last.c.starts_at <= clock.now(),
            there,
            ~filled,
        )
        .order_by(Session.ends_on, Session.id)
    )
    return [Task("evaluation", run.id, run) for run in rows]
