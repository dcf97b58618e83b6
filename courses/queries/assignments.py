"""Read assignments: those of a session, how far each participant is, what the final scores are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from courses.enums import EnrolmentState
from courses.models import (
    Assignment,
    AssignmentRubric,
    Enrolment,
    Session,
    Submission,
)
from skills.models import Employee

PUBLISHED = "published"
_OFFERED = 30  # earlier assignments whose rubric can be taken
_HOLDING = (EnrolmentState.ENROLLED, EnrolmentState.PASSED, EnrolmentState.FAILED)


@dataclass(frozen=True)
class Work:
    """How far a participant is with an assignment, by the latest try."""

    assignment: Assignment
    enrolment: Enrolment
    last: Submission | None

    @property
    def standing(self) -> str:
        """Who has it now: `todo`, `submitted`, `returned` or `final`."""
        return self.last.state if self.last else "todo"


@dataclass(frozen=True)
class Summary:
    """An assignment with how many of its participants have handed in, wait, and are done."""

    assignment: Assignment
    handed: int
    waiting: int
    final: int


def find_assignment(session: DbSession, assignment_id: int) -> Assignment | None:
    """Return an assignment with its session and course, or None."""
    return session.scalar(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .options(joinedload(Assignment.session).joinedload(Session.course))
    )


def rubric_in_force(session: DbSession, assignment_id: int) -> AssignmentRubric:
    """Return the newest edition of an assignment's rubric."""
    return session.scalars(
        select(AssignmentRubric)
        .where(AssignmentRubric.assignment_id == assignment_id)
        .order_by(AssignmentRubric.number.desc())
        .limit(1)
    ).one()


def editions_of(session: DbSession, assignment_id: int) -> Sequence[AssignmentRubric]:
    """Return every edition of an assignment's rubric, the newest first."""
    return session.scalars(
        select(AssignmentRubric)
        .where(AssignmentRubric.assignment_id == assignment_id)
        .order_by(AssignmentRubric.number.desc())
    ).all()


def course_assignments(
    session: DbSession, run: Session, *, besides: int | None = None
) -> Sequence[Assignment]:
    """Return the assignments of all sessions of a session's course, the newest first."""
    return session.scalars(
        select(Assignment)
        .join(Session, Session.id == Assignment.session_id)
        .where(Session.course_id == run.course_id, Assignment.id != (besides or 0))
        .options(joinedload(Assignment.session))
        .order_by(Assignment.id.desc())
        .limit(_OFFERED)
    ).all()


def weighted_assignments(session: DbSession, run: Session) -> Sequence[Assignment]:
    """Return the published assignments of a session that count for the score."""
    return session.scalars(
        select(Assignment)
        .where(
            Assignment.session_id == run.id,
            Assignment.weight > 0,
            Assignment.state == PUBLISHED,
        )
        .order_by(Assignment.id)
    ).all()


def final_scores(session: DbSession, assignment_ids: Sequence[int]) -> dict[tuple[int, int], float]:
    """Return the final score by (assignment, enrolment)."""
    rows = session.execute(
        select(Submission.assignment_id, Submission.enrolment_id, Submission.score)
        .where(Submission.assignment_id.in_(assignment_ids), Submission.state == "final")
        .order_by(Submission.id)
    )
    return {(number, person): score for number, person, score in rows if score is not None}


def summaries(session: DbSession, run: Session) -> list[Summary]:
    """Return the assignments of a session with their progress, what is due first before others."""
    latest = _latest().where(Assignment.session_id == run.id).subquery()
    counts: dict[int, dict[str, int]] = {}
    for number, state, count in session.execute(
        select(Submission.assignment_id, Submission.state, func.count())
        .join(latest, latest.c.id == Submission.id)
        .group_by(Submission.assignment_id, Submission.state)
    ):
        counts.setdefault(number, {})[state] = count
    rows = session.scalars(
        select(Assignment)
        .where(Assignment.session_id == run.id)
        .order_by(Assignment.due_at, Assignment.id)
    )
    return [_summary(row, counts.get(row.id, {})) for row in rows]


def _summary(row: Assignment, counts: dict[str, int]) -> Summary:
    return Summary(row, sum(counts.values()), counts.get("submitted", 0), counts.get("final", 0))


def _latest() -> Select[int]:
    return (
        select(func.max(Submission.id).label("id"))
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .group_by(Submission.assignment_id, Submission.enrolment_id)
    )


def works_of(session: DbSession, assignment: Assignment) -> list[Work]:
    """Return every participant of an assignment's session with the latest try, by name."""
    people = session.scalars(
        select(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Enrolment.session_id == assignment.session_id, Enrolment.state.in_(_HOLDING))
        .options(joinedload(Enrolment.employee).joinedload(Employee.opd))
        .order_by(Employee.name, Enrolment.id)
    ).all()
    latest = _latest().where(Assignment.id == assignment.id).subquery()
    last = {
        row.enrolment_id: row
        for row in session.scalars(
            select(Submission)
            .join(latest, latest.c.id == Submission.id)
            .options(joinedload(Submission.rubric))
            .order_by(Submission.id)
        )
    }
    return [Work(assignment, person, last.get(person.id)) for person in people]


def own_works(session: DbSession, *, employee_id: int, session_id: int | None = None) -> list[Work]:
    """Return somebody's published assignments, of one session or of all that go on."""
    query = (
        select(Assignment, Enrolment)
        .join(Session, Session.id == Assignment.session_id)
        .join(Enrolment, Enrolment.session_id == Session.id)
        .where(
            Enrolment.employee_id == employee_id,
            Enrolment.state.in_(_HOLDING),
            Assignment.state == PUBLISHED,
        )
        .options(joinedload(Assignment.session))
        .order_by(Assignment.due_at, Assignment.id)
    )
    if session_id is None:
        query = query.where(Session.state.in_(("open", "running")))
    else:
        query = query.where(Session.id == session_id)
    pairs = session.execute(query).all()
    people = [person.id for _row, person in pairs]
    last = {
        (one.assignment_id, one.enrolment_id): one
        for one in session.scalars(
            select(Submission)
            .where(Submission.enrolment_id.in_(people))
            .order_by(Submission.number)
        )
    }
    return [Work(row, person, last.get((row.id, person.id))) for row, person in pairs]


def tries_of(session: DbSession, *, assignment_id: int, enrolment_id: int) -> Sequence[Submission]:
    """Return what somebody handed in for an assignment, the newest try first."""
    return session.scalars(
        select(Submission)
        .where(Submission.assignment_id == assignment_id, Submission.enrolment_id == enrolment_id)
        .options(joinedload(Submission.rubric))
        .order_by(Submission.number.desc())
    ).all()


def find_submission(session: DbSession, submission_id: int) -> Submission | None:
    """Return a hand-in with its assignment, session and person, or None."""
    return session.scalar(
        select(Submission)
        .where(Submission.id == submission_id)
        .options(
            joinedload(Submission.assignment).joinedload(Assignment.session),
            joinedload(Submission.enrolment).joinedload(Enrolment.employee),
            joinedload(Submission.rubric),
        )
    )


def next_waiting(session: DbSession, assignment_id: int) -> int | None:
    """Return the hand-in of an assignment that waits longest for its grading, or None."""
    return session.scalar(
        select(Submission.id)
        .where(Submission.assignment_id == assignment_id, Submission.state == "submitted")
        .order_by(Submission.submitted_at, Submission.id)
        .limit(1)
    )
