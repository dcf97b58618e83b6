"""Reads for the rights of a person: who processed the data, contests, consents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.core.accounts.models import Account
from app.core.actor import Actor
from app.core.audit import AuditEvent, AuditPerson
from skills.models import DataContest, Employee
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
) -> list[Visit]:
    """Return what others did with the person's data, newest first; two statements."""
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


def contests_statement(actor: Actor, *, state: str = "open") -> Select[Any]:
    """Return the statement of contests of people within reach, without the actor's own."""
    statement = (
        select(DataContest)
        .join(Employee, Employee.id == DataContest.employee_id)
        .where(visible(actor))
        .options(joinedload(DataContest.employee))
    )
    if actor.employee_id is not None:
        statement = statement.where(DataContest.employee_id != actor.employee_id)
    return statement.where(DataContest.state == state) if state else statement


def find_contest(session: Session, contest_id: int) -> DataContest | None:
    """Return a contest with its person, or None."""
    return session.scalar(
        select(DataContest)
        .where(DataContest.id == contest_id)
        .options(joinedload(DataContest.employee))
    )
