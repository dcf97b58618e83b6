"""Reads for data quality: files that can be reconciled, and their items."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from skills.enums import ImportState
from skills.models import Employee, ImportBatch, ReconciliationItem


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


def items_statement(*, batch_id: int, decision: str = "", field: str = "") -> Select[Any]:
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
    return statement.where(ReconciliationItem.field == field) if field else statement


ITEM_SORTS: dict[str, Any] = {
    "nama": (Employee.name, ReconciliationItem.field),
    "data": (ReconciliationItem.field, Employee.name),
}
