"""Accounts of learning hours (JP) of a year: approved, waiting, coming, against the duty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
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
        .where(Employee.employment_state == "active", reach.clause())
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


def duties(session: DbSession, *, year: int) -> Duties:
    """Return the duties that hold in a year."""
    rows, day = reference_rows(session, "jp_duty"), date(year, 12, 31)
    return Duties({kind: duty_of(rows, kind=kind, day=day) for kind in ("PNS", "CPNS", "PPPK")})


@dataclass(frozen=True)
class Account:
    """The hours of a person in a year: approved, waiting for an answer, enrolled, and the duty."""

    employee_id: int
    name: str
    nip: str
    kind: str
    opd_id: int
    opd: str
    approved: int
    waiting: int
    coming: int
    duty: Duty

    @property
    def forecast(self) -> int:
        """Hours at the end of the year if every claim is approved and every session passed."""
        return self.approved + self.waiting + self.coming

    @property
    def state(self) -> DutyState:
        """Where the person stands."""
        return duty_state(self.approved, self.coming, self.duty)

    @property
    def lacking(self) -> int:
        """Hours that nothing covers yet; 0 without a target."""
        return max(0, (self.duty.least or 0) - self.forecast)


def accounts(
    session: DbSession,
    *,
    year: int,
    reach: Reach,
    opd_id: int | None = None,
    text: str = "",
) -> list[Account]:
    """Return the accounts of the people in reach, those with the fewest hours first."""
    known = duties(session, year=year)
    statement = accounts_statement(year=year, reach=reach, opd_id=opd_id, text=text)
    rows = [
        Account(
            row.employee_id,
            row.name,
            row.nip,
            row.kind,
            row.opd_id,
            row.opd,
            int(row.approved),
            int(row.waiting),
            int(row.coming),
            known.of(row.kind),
        )
        for row in session.execute(statement.order_by(Employee.id))
    ]
    return sorted(rows, key=lambda row: (row.approved, row.name, row.employee_id))


@dataclass(frozen=True)
class OpdHours:
    """The hours of an OPD: people by state, hours approved and expected."""

    opd_id: int
    opd: str
    people: int
    approved: int
    forecast: int
    short: int
    above: int

    @property
    def mean(self) -> float:
        """Approved hours a person."""
        return self.approved / self.people if self.people else 0.0


def hours_by_opd(rows: Sequence[Account]) -> list[OpdHours]:
    """Return accounts rolled up by OPD, those with the largest share still short first."""
    found: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        figures = found.setdefault((row.opd_id, row.opd), [0, 0, 0, 0, 0])
        figures[0] += 1
        figures[1] += row.approved
        figures[2] += row.forecast
        figures[3] += row.state in (DutyState.SHORT, DutyState.ON_TRACK)
        figures[4] += row.state is DutyState.ABOVE
    offices = [OpdHours(number, name, *figures) for (number, name), figures in found.items()]
    return sorted(offices, key=lambda row: (-row.short / row.people, row.opd, row.opd_id))


@dataclass(frozen=True)
class PersonYear:
    """The account of one person with what it is made of."""

    account: Account
    records: Sequence[TrainingRecord]
    coming: Sequence[Enrolment]
    by_form: Sequence[tuple[str, int]]  # form code and approved hours, the most first


def person_year(session: DbSession, *, employee: Employee, year: int) -> PersonYear:
    """Return the account of a person in a year."""
    reach = Reach(frozenset(), people=frozenset({employee.id}))
    found = accounts(session, year=year, reach=reach)
    duty = duties(session, year=year).of(employee.employment_kind)
    account = found[0] if found else _empty(employee, duty)
    records = session.scalars(
        select(TrainingRecord)
        .where(
            TrainingRecord.employee_id == employee.id,
            TrainingRecord.ended_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(TrainingRecord.ended_on.desc(), TrainingRecord.id.desc())
    ).all()
    forms: dict[str, int] = {}
    for row in records:
        if row.state == "verified":
            forms[row.form_code or ""] = forms.get(row.form_code or "", 0) + int(row.jp or 0)
    by_form = sorted(forms.items(), key=lambda item: (-item[1], item[0]))
    return PersonYear(account, records, _enrolled(session, employee.id, year), by_form)


def _empty(employee: Employee, duty: Duty) -> Account:
    """Return the account of somebody who is not in service any more."""
    kind, opd = employee.employment_kind, employee.opd.short_name
    name, nip = employee.name, employee.nip
    return Account(employee.id, name, nip, kind, employee.opd_id, opd, 0, 0, 0, duty)


def _enrolled(session: DbSession, employee_id: int, year: int) -> Sequence[Enrolment]:
    return session.scalars(
        select(Enrolment)
        .join(Session, Session.id == Enrolment.session_id)
        .where(
            Enrolment.employee_id == employee_id,
            Enrolment.state == EnrolmentState.ENROLLED,
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
            Session.ends_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .options(joinedload(Enrolment.session).joinedload(Session.course))
        .order_by(Session.starts_on, Session.id)
    ).all()


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
