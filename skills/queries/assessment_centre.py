"""Reads of imported results of assessment centres, and the tables that name them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from skills.models import ResultBatch, ResultRow
from skills.services.reference_load import reference_rows

_PREFIX = "JPM"
BATCH_SORTS: dict[str, Any] = {"waktu": ResultBatch.created_at, "berkas": ResultBatch.file_name}
ROW_SORTS: dict[str, Any] = {
    "baris": ResultRow.number,
    "nama": (ResultRow.label, ResultRow.number),
    "jpm": (ResultRow.match, ResultRow.number),
}


def band_tables(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of bands for the job person match, by their name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in reference_rows(session, "index_bands"):
        if str(row["index"]).startswith(_PREFIX):
            found.setdefault(str(row["index"]), []).append(row)
    return found


def bands_of(session: Session, index: str) -> list[dict[str, Any]]:
    """Return the bands of one table, the lowest first."""
    return sorted(band_tables(session).get(index, []), key=lambda row: int(row["order"]))


def batches_statement() -> Select[Any]:
    """Return the statement of the files so far with the number of their rows."""
    rows = select(func.count()).where(ResultRow.batch_id == ResultBatch.id).scalar_subquery()
    return select(ResultBatch, rows.label("count"))


def find_results(session: Session, batch_id: int) -> ResultBatch | None:
    """Return a file of results, or None."""
    return session.get(ResultBatch, batch_id)


def rows_statement(*, batch_id: int, state: str = "", text: str = "") -> Select[Any]:
    """Return the statement of the rows of a file."""
    statement = select(ResultRow).where(ResultRow.batch_id == batch_id)
    if state:
        statement = statement.where(ResultRow.state == state)
    if text.strip():
        statement = statement.where(ResultRow.label.icontains(text.strip(), autoescape=True))
    return statement


def all_rows(session: Session, batch_id: int) -> Sequence[ResultRow]:
    """Return the rows of a file in their order."""
    return session.scalars(rows_statement(batch_id=batch_id).order_by(ResultRow.number)).all()


def latest_match(session: Session, employee_id: int) -> tuple[ResultRow, ResultBatch] | None:
    """Return the newest job person match of a person with its file, or None."""
    row = session.execute(
        select(ResultRow, ResultBatch)
        .join(ResultBatch)
        .where(
            ResultRow.employee_id == employee_id,
            ResultRow.match.is_not(None),
            ResultRow.state == "new",
            ResultBatch.state == "applied",
        )
        .order_by(ResultRow.assessed_on.desc(), ResultRow.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None
