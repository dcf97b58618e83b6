"""Reads for the rights of a person: who processed the data, contests, consents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.core.accounts.models import Account
from app.core.actor import Actor
from app.core.audit import AuditEvent, AuditPerson
from skills.models import Consent, DataContest, Employee, LevelRecord
from skills.queries.people import visible


@dataclass(frozen=True)
class Visit:
    """Somebody touched the person's data: when, how, in which role."""

    id: int
    at: datetime
    tag: str
    actor: str
    roles: tuple[str, ...]


def visits(
    session: Session,
    *,
    employee_id: int,
    own_account_id: int | None,
    before: int | None = None,
    limit: int = 25,
    people_only: bool = False,
) -> list[Visit]:
    """Return what others did with the person's data, newest first; two statements.

    Args:
        own_account_id: left out, since it is the person.
        before: only events older than this one.
        people_only: leave out what the system did by itself.
    """
    statement = (
        select(AuditEvent.id, AuditEvent.at, AuditEvent.tag, AuditEvent.actor_label)
        .add_columns(AuditEvent.actor_account_id)
        .join(AuditPerson, AuditPerson.event_id == AuditEvent.id)
        .where(AuditPerson.employee_id == employee_id)
    )
    if own_account_id is not None:
        other = AuditEvent.actor_account_id
        statement = statement.where(other.is_(None) | (other != own_account_id))
    if before is not None:
        statement = statement.where(AuditEvent.id < before)
    if people_only:
        statement = statement.where(AuditEvent.actor_account_id.is_not(None))
    rows = session.execute(statement.order_by(AuditEvent.id.desc()).limit(limit)).all()
    roles = _roles(session, {row.actor_account_id for row in rows if row.actor_account_id})
    return [
        Visit(row.id, row.at, row.tag, row.actor_label, roles.get(row.actor_account_id, ()))
        for row in rows
    ]


def _roles(session: Session, ids: set[int]) -> dict[int, tuple[str, ...]]:
    accounts = session.scalars(select(Account).where(Account.id.in_(ids)))
    return {
        account.id: tuple(sorted({str(grant.role) for grant in account.grants}))
        for account in accounts
    }


def contests_of(session: Session, employee_id: int) -> Sequence[DataContest]:
    """Return the person's contests, newest first."""
    return session.scalars(
        select(DataContest)
        .where(DataContest.employee_id == employee_id)
        .order_by(DataContest.id.desc())
    ).all()


@dataclass(frozen=True)
class ContestFilter:
    """What the queue of contests is narrowed by."""

    state: str | None = "open"
    kind: str | None = None
    text: str | None = None
    overdue_on: date | None = None  # only those whose deadline lies before this day


def contests_statement(actor: Actor, filters: ContestFilter) -> Select[Any]:
    """Return the contests within reach, without the actor's own; order is the caller's."""
    statement = (
        select(DataContest)
        .join(Employee, Employee.id == DataContest.employee_id)
        .where(visible(actor))
        .options(contains_eager(DataContest.employee).joinedload(Employee.opd))
    )
    if actor.employee_id is not None:
        statement = statement.where(DataContest.employee_id != actor.employee_id)
    if filters.state:
        statement = statement.where(DataContest.state == filters.state)
    if filters.kind:
        statement = statement.where(DataContest.kind == filters.kind)
    if filters.overdue_on:
        statement = statement.where(
            DataContest.state == "open", DataContest.due_on < filters.overdue_on
        )
    if filters.text:
        words = (Employee.name, DataContest.subject, DataContest.statement)
        statement = statement.where(
            or_(*(word.icontains(filters.text, autoescape=True) for word in words))
        )
    return statement


def contested_people(session: Session, statement: Select[Any]) -> set[int]:
    """Return whose contests a statement returns."""
    return {row.employee_id for row in session.scalars(statement.order_by(DataContest.id))}


@dataclass(frozen=True)
class OpenContests:
    """Contests that wait for an answer, and how many are late."""

    count: int
    overdue: int


def open_contests(session: Session, actor: Actor, *, day: date) -> OpenContests:
    """Return how many contests wait for the actor's answer."""
    late = func.sum(case((DataContest.due_on < day, 1), else_=0))
    statement = (
        select(func.count(DataContest.id), late)
        .join(Employee, Employee.id == DataContest.employee_id)
        .where(
            visible(actor),
            DataContest.state == "open",
            DataContest.employee_id != (actor.employee_id or 0),
        )
    )
    count, overdue = session.execute(statement).one()
    return OpenContests(count or 0, overdue or 0)


def find_contest(session: Session, contest_id: int, *, lock: bool = False) -> DataContest | None:
    """Return a contest with its person, or None.

    Args:
        lock: hold the row until the transaction ends, for those who answer it.
    """
    if lock:
        session.execute(
            select(DataContest.id).where(DataContest.id == contest_id).with_for_update()
        )
    return session.scalar(
        select(DataContest)
        .where(DataContest.id == contest_id)
        .options(joinedload(DataContest.employee).joinedload(Employee.opd))
        .execution_options(populate_existing=lock)
    )


def level_rows(session: Session, ids: Sequence[int]) -> Mapping[int, LevelRecord]:
    """Return rows of the history of levels by id."""
    rows = session.scalars(select(LevelRecord).where(LevelRecord.id.in_(ids)))
    return {row.id: row for row in rows}


def consents_of(session: Session, employee_id: int) -> Sequence[Consent]:
    """Return the consents of a person, those that were withdrawn too, the newest first."""
    return session.scalars(
        select(Consent).where(Consent.employee_id == employee_id).order_by(Consent.id.desc())
    ).all()


def consenting(session: Session, ids: Sequence[int], *, purpose: str) -> Sequence[int]:
    """Return which of some people consent to an optional processing now."""
    return session.scalars(
        select(Consent.employee_id)
        .where(
            Consent.employee_id.in_(ids),
            Consent.purpose == purpose,
            Consent.withdrawn_at.is_(None),
        )
        .order_by(Consent.employee_id)
    ).all()


def was_asked(session: Session, employee_id: int) -> bool:
    """Return whether a person has answered about any optional processing before."""
    rows = select(Consent.id).where(Consent.employee_id == employee_id).limit(1)
    return session.scalar(rows) is not None
