"""Reads of staff imports: batches, rows of one, and whom its file does not name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.accounts.models import Account
from app.core.files.services import find_file
from app.core.jobs.models import Job
from skills.enums import ImportKind
from skills.models import Employee, ImportBatch, ImportRow, Opd
from skills.services.import_plan import GONE, Action

BATCH_SORTS: Mapping[str, Any] = {
    "waktu": ImportBatch.created_at,
    "berkas": ImportBatch.file_name,
    "status": ImportBatch.state,
}
ROW_SORTS: Mapping[str, Any] = {"baris": ImportRow.number, "nama": ImportRow.label}
MISSING_SORTS: Mapping[str, Any] = {"nama": Employee.name, "opd": Opd.short_name}


@dataclass(frozen=True)
class Follow:
    """People of an applied import who need a decision."""

    missing: int
    gone: int


def batches_statement(*kinds: str) -> Select[Any]:
    """Return the statement of the imports of some kinds with the name of who began each."""
    statement: Any = select(ImportBatch, Account.name.label("by"))
    joined: Select[Any] = statement.outerjoin(Account, Account.id == ImportBatch.created_by_id)
    return joined.where(ImportBatch.kind.in_(kinds or (ImportKind.STAFF,)))


def find_batch(session: Session, batch_id: int, *kinds: str) -> ImportBatch | None:
    """Return an import of some kinds (staff by default), or None."""
    batch = session.get(ImportBatch, batch_id)
    return batch if batch is not None and batch.kind in (kinds or (ImportKind.STAFF,)) else None


def job_of(session: Session, batch: ImportBatch) -> Job | None:
    """Return the last job of an import, or None."""
    return session.get(Job, batch.job_id) if batch.job_id else None


def result_file(session: Session, batch: ImportBatch) -> Any:
    """Return the stored result file of an import, or None."""
    return find_file(session, batch.report_file_id) if batch.report_file_id else None


def rows_statement(batch_id: int, action: str = "", q: str = "") -> Select[Any]:
    """Return the statement of the rows of an import.

    Args:
        action: create, update, unchanged, error; `flagged` means rows with warnings.
        q: part of a name, or the beginning of a NIP.
    """
    statement = select(ImportRow).where(ImportRow.batch_id == batch_id)
    if action == "flagged":
        statement = statement.where(ImportRow.flagged, ImportRow.action != Action.ERROR)
    elif action in set(Action):
        statement = statement.where(ImportRow.action == action)
    if text := q.strip():
        digits = "".join(text.split())
        named = ImportRow.label.icontains(text, autoescape=True)
        numbered = ImportRow.nip.startswith(digits, autoescape=True)
        statement = statement.where(or_(named, numbered))
    return statement


def opd_choices(session: Session) -> list[tuple[int, str]]:
    """Return (id, name) of the OPD that exist today, by name."""
    rows = session.execute(
        select(Opd.id, Opd.name).where(Opd.merged_into_id.is_(None)).order_by(Opd.name)
    )
    return [(row.id, row.name) for row in rows]


def missing_statement(batch: ImportBatch) -> Select[Any]:
    """Return the statement of people in service whom a full file did not name, with their OPD."""
    summary: Mapping[str, Any] = batch.summary
    return (
        select(Employee)
        .join(Opd, Opd.id == Employee.opd_id)
        .where(
            Employee.id.in_(summary.get("missing") or []),
            Employee.employment_state.not_in(GONE),
        )
        .options(joinedload(Employee.opd), joinedload(Employee.position))
    )


def gone_statement(batch: ImportBatch) -> Select[Any]:
    """Return the statement of people whom an import set to moved, retired or left."""
    gone = select(ImportRow.employee_id).where(
        ImportRow.batch_id == batch.id,
        ImportRow.applied,
        ImportRow.action == Action.UPDATE.value,
        ImportRow.after["employment_state"].as_string().in_([state.value for state in GONE]),
    )
    return (
        select(Employee)
        .join(Opd, Opd.id == Employee.opd_id)
        .where(Employee.id.in_(gone), Employee.employment_state.in_(GONE))
        .options(joinedload(Employee.opd), joinedload(Employee.position))
    )
