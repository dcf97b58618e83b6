"""Sessions as lists show them: seats, waiting, attendance, certificates, in fixed queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from courses.enums import AttendanceState, CertificateState, EnrolmentState, SessionState
from courses.models import (
    Attendance,
    Certificate,
    Course,
    Enrolment,
    EvaluationReceipt,
    Meeting,
    Organiser,
    Session,
)
from courses.services.waiting_list import LINE
from skills.models import Employee

_HOLDING = (EnrolmentState.ENROLLED, EnrolmentState.PASSED, EnrolmentState.FAILED)


@dataclass(frozen=True)
class SessionFilter:
    """What the list of sessions is narrowed to."""

    text: str = ""
    state: str | None = None
    course_id: int | None = None
    since: date | None = None
    until: date | None = None
    drafts: bool = True  # False: what everybody may see
    work: str | None = None  # what the organiser has to do: see WORK


@dataclass(frozen=True)
class SessionFigures:
    """The figures of one session beside its row."""

    waiting: int = 0
    proposed: int = 0
    attendance: int | None = None  # percent of the cells of meetings that have a record
    evaluation: int | None = None  # percent of those who attended that have filled the form
    ready: int = 0
    issued: int = 0


def sessions_statement(wanted: SessionFilter) -> Select[Any]:
    """Return the statement of the list, without an order."""
    statement = select(Session).join(Course, Course.id == Session.course_id)
    statement = statement.options(joinedload(Session.course))
    if wanted.text:
        pattern = f"%{_escaped(wanted.text)}%"
        statement = statement.where(
            or_(
                Session.title.ilike(pattern, escape="\\"),
                Session.code.ilike(pattern, escape="\\"),
                Session.place.ilike(pattern, escape="\\"),
            )
        )
    if wanted.state:
        statement = statement.where(Session.state == wanted.state)
    if wanted.course_id:
        statement = statement.where(Session.course_id == wanted.course_id)
    if wanted.since:
        statement = statement.where(Session.ends_on >= wanted.since)
    if wanted.until:
        statement = statement.where(Session.starts_on <= wanted.until)
    if wanted.work in WORK:
        statement = statement.where(WORK[wanted.work]())
    if not wanted.drafts:
        statement = statement.where(Session.state != SessionState.DRAFT)
    return statement


def _someone(*states: EnrolmentState) -> ColumnElement[bool]:
    return exists().where(Enrolment.session_id == Session.id, Enrolment.state.in_(states))


def _ready() -> ColumnElement[bool]:
    used = exists().where(
        Certificate.enrolment_id == Enrolment.id,
        Certificate.state.in_((CertificateState.ISSUED, CertificateState.RESERVED)),
    )
    return exists().where(
        Enrolment.session_id == Session.id, Enrolment.state == EnrolmentState.PASSED, ~used
    )


def _to_share() -> ColumnElement[bool]:
    return and_(
        Session.seat_method == "fair",
        Session.allocated_at.is_(None),
        Session.state == SessionState.OPEN,
        Session.registration_closes < clock.today(),
    )


def _to_close() -> ColumnElement[bool]:
    return and_(
        Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
        Session.ends_on < clock.today(),
    )


# What waits for the organiser, as the list can be narrowed to it.
WORK: dict[str, Callable[[], ColumnElement[bool]]] = {
    "usulan": lambda: _someone(EnrolmentState.PROPOSED),
    "tunggu": lambda: _someone(EnrolmentState.WAITLISTED),
    "bagi": _to_share,
    "tutup": _to_close,
    "sertifikat": _ready,
}


def work_counts(session: DbSession) -> dict[str, int]:
    """Return how many sessions each kind of work waits in: one statement."""
    columns = [
        func.count(case((condition(), Session.id))).label(name) for name, condition in WORK.items()
    ]
    row = session.execute(select(*columns).where(Session.state != SessionState.CANCELLED)).one()
    return {name: getattr(row, name) for name in WORK}


def meetings_of_day(session: DbSession, day: date) -> Sequence[Meeting]:
    """Return the meetings of a day in sessions that are open or running."""
    begins = datetime.combine(day, time(), tzinfo=clock.timezone())
    return session.scalars(
        select(Meeting)
        .join(Session, Session.id == Meeting.session_id)
        .where(
            Meeting.starts_at >= begins,
            Meeting.starts_at < begins + timedelta(days=1),
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
        )
        .options(joinedload(Meeting.session))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


# Work first: running, open, drafts, then what is over.
STATE_ORDER = case(
    {
        SessionState.RUNNING: 0,
        SessionState.OPEN: 1,
        SessionState.DRAFT: 2,
        SessionState.COMPLETED: 3,
    },
    value=Session.state,
    else_=4,
)


def figures_of(session: DbSession, ids: Sequence[int]) -> dict[int, SessionFigures]:
    """Return the figures of some sessions: three statements however many."""
    people = _people(session, ids)
    attendance = _attendance(session, ids)
    evaluated = _evaluated(session, ids)
    certificates = _certificates(session, ids)
    return {
        number: SessionFigures(
            waiting=people.get((number, EnrolmentState.WAITLISTED), 0),
            proposed=people.get((number, EnrolmentState.PROPOSED), 0),
            attendance=attendance.get(number),
            evaluation=evaluated.get(number),
            ready=max(
                0,
                people.get((number, EnrolmentState.PASSED), 0)
                - sum(certificates.get(number, (0, 0))),
            ),
            issued=certificates.get(number, (0, 0))[0],
        )
        for number in ids
    }


def _people(session: DbSession, ids: Sequence[int]) -> dict[tuple[int, str], int]:
    rows = session.execute(
        select(Enrolment.session_id, Enrolment.state, func.count())
        .where(Enrolment.session_id.in_(ids))
        .group_by(Enrolment.session_id, Enrolment.state)
    )
    return {(number, state): count for number, state, count in rows}


def _attendance(session: DbSession, ids: Sequence[int]) -> dict[int, int]:
    present = func.sum(case((Attendance.state == AttendanceState.PRESENT, 1), else_=0))
    rows = session.execute(
        select(Meeting.session_id, present, func.count())
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Meeting.session_id.in_(ids), Enrolment.state.in_(_HOLDING))
        .group_by(Meeting.session_id)
    )
    return {number: round(100 * there / count) for number, there, count in rows}


def _evaluated(session: DbSession, ids: Sequence[int]) -> dict[int, int]:
    """Return, of those who were present at a meeting, the share that filled the evaluation."""
    there = exists().where(
        Attendance.enrolment_id == Enrolment.id, Attendance.state == AttendanceState.PRESENT
    )
    rows = session.execute(
        select(Enrolment.session_id, func.count(EvaluationReceipt.id), func.count())
        .outerjoin(EvaluationReceipt, EvaluationReceipt.enrolment_id == Enrolment.id)
        .where(Enrolment.session_id.in_(ids), Enrolment.state.in_(_HOLDING), there)
        .group_by(Enrolment.session_id)
    )
    return {number: round(100 * filled / people) for number, filled, people in rows}


def _certificates(session: DbSession, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return (issued, reserved) by session."""
    rows = session.execute(
        select(Enrolment.session_id, Certificate.state, func.count())
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(
            Enrolment.session_id.in_(ids),
            Certificate.state.in_((CertificateState.ISSUED, CertificateState.RESERVED)),
        )
        .group_by(Enrolment.session_id, Certificate.state)
    )
    found: dict[int, tuple[int, int]] = {}
    for number, state, count in rows:
        issued, reserved = found.get(number, (0, 0))
        if state == CertificateState.ISSUED:
            issued += count
        else:
            reserved += count
        found[number] = (issued, reserved)
    return found


def own_enrolments(
    session: DbSession, *, employee_id: int, session_ids: Sequence[int]
) -> dict[int, Enrolment]:
    """Return a person's enrolments among some sessions by session."""
    rows = session.scalars(
        select(Enrolment).where(
            Enrolment.employee_id == employee_id, Enrolment.session_id.in_(session_ids)
        )
    )
    return {row.session_id: row for row in rows}


def enrolments_by_state(
    session: DbSession, *, session_id: int, states: Sequence[EnrolmentState]
) -> Sequence[Enrolment]:
    """Return the people of a session in some states; those who wait in the order they move up."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.session_id == session_id, Enrolment.state.in_(states))
        .options(
            joinedload(Enrolment.employee).joinedload(Employee.opd),
            joinedload(Enrolment.employee).joinedload(Employee.position),
        )
        .order_by(*LINE[:-1], Enrolment.created_at, Enrolment.id)
    ).all()


def allocated_people(session: DbSession, *, session_id: int) -> Sequence[Enrolment]:
    """Return the people who took part in the sharing of seats, in the published order."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.session_id == session_id, Enrolment.allocation_rank.is_not(None))
        .options(joinedload(Enrolment.employee).joinedload(Employee.opd))
        .order_by(Enrolment.allocation_rank, Enrolment.id)
    ).all()


def enrolment_in(session: DbSession, *, session_id: int, enrolment_id: int) -> Enrolment | None:
    """Return an enrolment of a session by id, or None."""
    row = session.get(Enrolment, enrolment_id)
    return row if row is not None and row.session_id == session_id else None


def attendance_cells(session: DbSession, run: Session) -> dict[tuple[int, int], str]:
    """Return the recorded cells of a session: (meeting id, enrolment id) to the state."""
    rows = session.execute(
        select(Attendance.meeting_id, Attendance.enrolment_id, Attendance.state)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Meeting.session_id == run.id)
    )
    return {(meeting, enrolment): state for meeting, enrolment, state in rows}


def organisers(session: DbSession) -> Sequence[Organiser]:
    """Return the organisers by name."""
    return session.scalars(select(Organiser).order_by(Organiser.name, Organiser.id)).all()


def find_organiser(session: DbSession, code: str) -> Organiser | None:
    """Return an organiser by its code, or None."""
    return session.scalar(select(Organiser).where(Organiser.code == code))
