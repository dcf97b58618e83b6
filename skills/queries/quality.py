"""Reads for data quality: files that can be reconciled, and their items."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from skills.enums import ImportState
from skills.models import Employee, ImportBatch, ReconciliationItem
from skills.queries.people import matches


def checked_batches(session: Session, *, limit: int = 10) -> Sequence[ImportBatch]:
    """Return the newest files whose dry run is ready, and those already being reconciled."""
    started = select(ReconciliationItem.batch_id)
    return session.scalars(
        select(ImportBatch)
        .where((ImportBatch.state == ImportState.CHECKED) | ImportBatch.id.in_(started))
        .order_by(ImportBatch.id.desc())
        .limit(limit)
    ).all()


def find_batch(session: Session, batch_id: int) -> ImportBatch | None:
    """Return a file of staff data, or None."""
    return session.get(ImportBatch, batch_id)


def fields_of(session: Session, batch_id: int) -> Sequence[str]:
    """Return the data in which a file differs, by name."""
    return session.scalars(
        select(ReconciliationItem.field)
        .where(ReconciliationItem.batch_id == batch_id)
        .distinct()
        .order_by(ReconciliationItem.field)
    ).all()


def items_statement(
    *, batch_id: int, decision: str = "", field: str = "", text: str = ""
) -> Select[Any]:
    """Return the statement of the items of a file; `open` are those without a decision."""
    statement = (
        select(ReconciliationItem)
        .join(Employee, Employee.id == ReconciliationItem.employee_id)
        .where(ReconciliationItem.batch_id == batch_id)
        .options(joinedload(ReconciliationItem.employee))
    )
    if decision == "open":
        statement = statement.where(ReconciliationItem.decision.is_(None))
    elif decision:
        statement = statement.where(ReconciliationItem.decision == decision)
    if text.strip():
        statement = statement.where(matches(text.strip()))
    return statement.where(ReconciliationItem.field == field) if field else statement


ITEM_SORTS: dict[str, Any] = {
    "nama": (Employee.name, ReconciliationItem.field),
    "data": (ReconciliationItem.field, Employee.name),
}


def ids_of(session: Session, statement: Select[Any]) -> Sequence[int]:
    """Return the ids of the items of a statement."""
    return session.scalars(
        statement.with_only_columns(ReconciliationItem.id).order_by(ReconciliationItem.id)
    ).all()


def corrections_of(session: Session, batch_id: int) -> Sequence[ReconciliationItem]:
    """Return what is proposed to be corrected in SIASN, by name."""
    statement = items_statement(batch_id=batch_id, decision="correct")
    return session.scalars(statement.order_by(*ITEM_SORTS["nama"])).all()
