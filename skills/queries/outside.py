"""Reads of what people bring from elsewhere: of one person, the queue, and equal numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.core.actor import Actor
from skills.models import Claim, Employee, OutsideRecord, TrainingRecord
from skills.queries.claims_overview import people_verified_by


@dataclass(frozen=True)
class SameNumber:
    """The number of a document somewhere else."""

    name: str
    title: str


def outside_of(session: Session, employee_id: int) -> Sequence[OutsideRecord]:
    """Return what a person brought from elsewhere, the newest first."""
    return session.scalars(
        select(OutsideRecord)
        .where(OutsideRecord.employee_id == employee_id)
        .order_by(OutsideRecord.ended_on.desc().nulls_first(), OutsideRecord.id.desc())
    ).all()


def find_outside(session: Session, record_id: int, *, lock: bool = False) -> OutsideRecord | None:
    """Return a record with its person, or None.

    Args:
        lock: hold the row until the transaction ends, for those who decide about it.
    """
    if lock:
        session.execute(
            select(OutsideRecord.id).where(OutsideRecord.id == record_id).with_for_update()
        )
    return session.scalar(
        select(OutsideRecord)
        .where(OutsideRecord.id == record_id)
        .options(joinedload(OutsideRecord.employee).joinedload(Employee.opd))
        .execution_options(populate_existing=lock)
    )


def outside_queue(actor: Actor, *, kind: str | None, text: str | None) -> Select[Any]:
    """Return the records that wait for the actor; order and page are the caller's."""
    statement = (
        select(OutsideRecord)
        .join(Employee, Employee.id == OutsideRecord.employee_id)
        .where(
            OutsideRecord.state == "sent",
            people_verified_by(actor),
            OutsideRecord.employee_id != (actor.employee_id or 0),
        )
        .options(contains_eager(OutsideRecord.employee).joinedload(Employee.opd))
    )
    if kind:
        statement = statement.where(OutsideRecord.kind == kind)
    if text:
        words = (Employee.name, OutsideRecord.title, OutsideRecord.number)
        found = [word.icontains(text, autoescape=True) for word in words]
        statement = statement.where(found[0] | found[1] | found[2])
    return statement


def count_waiting(session: Session, *, actor: Actor) -> int:
    """Return how many records wait for the actor."""
    waiting = outside_queue(actor, kind=None, text=None).with_only_columns(
        func.count(OutsideRecord.id)
    )
    return session.scalar(waiting) or 0


def next_outside(session: Session, *, actor: Actor, after: OutsideRecord) -> int | None:
    """Return the record that has waited longest beside this one."""
    waiting = outside_queue(actor, kind=None, text=None).with_only_columns(OutsideRecord.id)
    return session.scalar(
        waiting.where(OutsideRecord.id != after.id)
        .order_by(OutsideRecord.sent_at, OutsideRecord.id)
        .limit(1)
    )


def same_numbers(session: Session, row: OutsideRecord) -> list[SameNumber]:
    """Return where other people, or claims, show the number of a record."""
    plain = (row.number or "").strip().lower()
    if not plain:
        return []
    found: list[SameNumber] = []
    for table, column in (
        (OutsideRecord, OutsideRecord.number),
        (TrainingRecord, TrainingRecord.number),
        (Claim, Claim.document_number),
    ):
        rows = session.execute(
            select(Employee.name, table.title)
            .join(Employee, Employee.id == table.employee_id)
            .where(
                func.lower(func.trim(column)) == plain,
                table.employee_id != row.employee_id,
                table.state.not_in(("draft", "returned", "withdrawn")),
            )
            .order_by(table.id)
            .limit(5)
        )
        found += [SameNumber(name, title) for name, title in rows]
    return found
