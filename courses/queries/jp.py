"""Accounts of learning hours (JP) of a year: approved, waiting, coming, against the duty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from courses.enums import EnrolmentState, SessionState
from courses.models import Course, Enrolment, JpClaim, Session
from courses.planning_access import Reach
from courses.planning_rules import Duty, DutyState, duty_of, duty_state
from skills.models import Employee, Opd, TrainingRecord
from skills.services.reference_load import reference_rows


def accounts_statement(
    *, year: int, reach: Reach, opd_id: int | None = None, text: str = ""
) -> Select[Any]:
    """Return (employee_id, name, nip, kind, opd_id, opd, approved, waiting, coming) of people."""
    approved, waiting = _records(year, "verified"), _records(year, "claimed")
    coming = _coming(year)
    statement = (
        select(
            Employee.id.label("employee_id"),
            Employee.name,
            Employee.nip,
            Employee.employment_kind.label("kind"),
            Employee.opd_id,
            Opd.short_name.label("opd"),
            func.coalesce(approved.c.jp, 0).label("approved"),
            func.coalesce(waiting.c.jp, 0).label("waiting"),
            func.coalesce(coming.c.jp, 0).label("coming"),
        )
        .join(Opd, Opd.id == Employee.opd_id)
        .outerjoin(approved, approved.c.employee_id == Employee.id)
        .outerjoin(waiting, waiting.c.employee_id == Employee.id)
        .outerjoin(coming, coming.c.employee_id == Employee.id)
        .where(Employee.employment_state == "active")
    )
    if reach.opd_ids is not None:
        statement = statement.where(
            or_(Employee.opd_id.in_(reach.opd_ids), Employee.id.in_(reach.people))
        )
    if opd_id:
        statement = statement.where(Employee.opd_id == opd_id)
    if text:
        statement = statement.where(
            Employee.name.icontains(text, autoescape=True) | (Employee.nip == text)
        )
    return statement


def _records(year: int, state: str) -> Any:
    return (
        select(TrainingRecord.employee_id, func.sum(TrainingRecord.jp).label("jp"))
        .where(
            TrainingRecord.state == state,
            TrainingRecord.ended_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .group_by(TrainingRecord.employee_id)
        .subquery(state)
    )


def _coming(year: int) -> Any:
    return (
        select(Enrolment.employee_id, func.sum(Course.jp).label("jp"))
        .join(Session, Session.id == Enrolment.session_id)
        .join(Course, Course.id == Session.course_id)
        .where(
            Enrolment.state == EnrolmentState.ENROLLED,
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
            Session.ends_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .group_by(Enrolment.employee_id)
        .subquery("coming")
    )


@dataclass(frozen=True)
class Duties:
    """The duties of a year by kind of employment; the last day of the year decides."""

    by_kind: Mapping[str, Duty]

    def of(self, kind: str) -> Duty:
        """Return the duty of a kind."""
        return self.by_kind.get(kind, Duty())

    def state(self, row: Any) -> DutyState:
        """Return where a row of `accounts_statement` stands."""
        return duty_state(int(row.approved), int(row.coming), self.of(row.kind))


def duties(session: DbSession, *, year: int) -> Duties:
    """Return the duties that hold in a year."""
    rows, day = reference_rows(session, "jp_duty"), date(year, 12, 31)
    return Duties({kind: duty_of(rows, kind=kind, day=day) for kind in ("PNS", "CPNS", "PPPK")})


@dataclass(frozen=True)
class OpdHours:
    """The hours of an OPD: people by state, and the hours approved."""

    opd_id: int
    opd: str
    people: int
    approved: int
    short: int
    above: int

    @property
    def mean(self) -> float:
        """Approved hours a person."""
        return self.approved / self.people if self.people else 0.0


def hours_by_opd(
    session: DbSession, *, year: int, reach: Reach, opd_id: int | None = None
) -> list[OpdHours]:
    """Return the hours by OPD, those with the largest share still short first."""
    known = duties(session, year=year)
    found: dict[tuple[int, str], list[int]] = {}
    for row in session.execute(accounts_statement(year=year, reach=reach, opd_id=opd_id)):
        figures = found.setdefault((row.opd_id, row.opd), [0, 0, 0, 0])
        state = known.state(row)
        figures[0] += 1
        figures[1] += int(row.approved)
        figures[2] += state in (DutyState.SHORT, DutyState.ON_TRACK)
        figures[3] += state is DutyState.ABOVE
    rows = [OpdHours(number, name, *figures) for (number, name), figures in found.items()]
    return sorted(rows, key=lambda row: (-row.short / row.people, row.opd, row.opd_id))


def claims_waiting(session: DbSession) -> Sequence[JpClaim]:
    """Return the claims that wait for an answer, the oldest first."""
    return session.scalars(
        select(JpClaim)
        .join(TrainingRecord, TrainingRecord.id == JpClaim.record_id)
        .where(TrainingRecord.state == "claimed", JpClaim.decided_at.is_(None))
        .options(
            joinedload(JpClaim.record),
            joinedload(JpClaim.employee).joinedload(Employee.opd),
        )
        .order_by(JpClaim.submitted_at, JpClaim.id)
        .limit(200)
    ).all()


def claims_of(session: DbSession, *, employee_id: int) -> Sequence[JpClaim]:
    """Return the claims of a person, the newest first."""
    return session.scalars(
        select(JpClaim)
        .where(JpClaim.employee_id == employee_id)
        .options(joinedload(JpClaim.record))
        .order_by(JpClaim.submitted_at.desc(), JpClaim.id.desc())
        .limit(100)
    ).all()


def forms_in_force(session: DbSession) -> dict[str, dict[str, Any]]:
    """Return the forms of learning by code."""
    return {str(row["code"]): row for row in reference_rows(session, "bangkom_forms")}
