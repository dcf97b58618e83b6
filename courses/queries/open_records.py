"""Learning in people's histories that nobody has verified and nobody claimed hours for."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from courses.models import JpClaim
from courses.planning_access import Reach
from skills.models import Employee, Opd, TrainingRecord

_OPEN = TrainingRecord.state == "claimed"
_UNCLAIMED = ~exists(select(JpClaim.id).where(JpClaim.record_id == TrainingRecord.id))


@dataclass(frozen=True)
class OpenRecord:
    """A record with the person it belongs to, as the policy asks about it."""

    record: TrainingRecord
    employee: Employee

    @property
    def employee_id(self) -> int:
        """The person."""
        return self.record.employee_id


def open_records_statement(
    *, reach: Reach, without: int | None, opd_id: int | None = None, text: str = ""
) -> Select[Any]:
    """Return (record, employee, record_id, record_title) of what waits, without the reader's own.

    Args:
        without: employee id of the reader, whose own records somebody else decides.
    """
    statement: Any = (
        select(
            TrainingRecord,
            Employee,
            TrainingRecord.id.label("record_id"),
            TrainingRecord.title.label("record_title"),
        )
        .join(Employee, Employee.id == TrainingRecord.employee_id)
        .join(Opd, Opd.id == Employee.opd_id)
        .where(_OPEN, _UNCLAIMED, reach.clause(), Employee.employment_state == "active")
        .options(joinedload(Employee.opd))
    )
    if without is not None:
        statement = statement.where(Employee.id != without)
    if opd_id:
        statement = statement.where(Employee.opd_id == opd_id)
    if text:
        statement = statement.where(
            Employee.name.icontains(text, autoescape=True)
            | (Employee.nip == text)
            | TrainingRecord.title.icontains(text, autoescape=True)
        )
    found: Select[Any] = statement
    return found


def find_open_record(
    session: DbSession, record_id: int, *, lock: bool = False
) -> OpenRecord | None:
    """Return a record that waits, or None when it was decided or claimed.

    Args:
        lock: hold the row until the transaction ends, for those who decide.
    """
    if lock:
        session.execute(
            select(TrainingRecord.id).where(TrainingRecord.id == record_id).with_for_update()
        )
    row = session.execute(
        select(TrainingRecord, Employee)
        .join(Employee, Employee.id == TrainingRecord.employee_id)
        .where(TrainingRecord.id == record_id, _OPEN, _UNCLAIMED)
        .options(joinedload(Employee.opd))
        .execution_options(populate_existing=lock)
    ).one_or_none()
    return OpenRecord(row[0], row[1]) if row is not None else None
