"""The result file of an import: the rows of the file with what happened to each."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.files.models import StoredFile
from app.core.files.services import store_upload
from app.core.i18n import N_, Message
from app.core.message_json import from_json
from app.core.spreadsheet.reader import Cell, Row
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_csv, write_xlsx
from skills.models import ImportBatch, ImportRow
from skills.services.import_files import PURPOSE, mapping_of, rows_of
from skills.services.import_plan import Action
from skills.sheets.columns import COLUMN_BY_NAME
from skills.siasn.columns import FIELD_BY_NAME, IMPORT_NOTES_HEADER, IMPORT_STATUS_HEADER
from skills.siasn.mapping import ColumnState

XLSX_ROWS = 20_000
_CHUNK = 5_000
_NO_LIMIT_MB = 4_000.0
_WORDS: Mapping[tuple[str, bool], str] = {
    ("create", True): N_("Dibuat"),
    ("update", True): N_("Diperbarui"),
    ("create", False): N_("Akan dibuat"),
    ("update", False): N_("Akan diperbarui"),
    ("unchanged", True): N_("Tidak berubah"),
    ("unchanged", False): N_("Tidak berubah"),
    ("error", True): N_("Galat, dilewati"),
    ("error", False): N_("Galat, akan dilewati"),
}
Words = Callable[[Any], str]


def problem_words(problem: Mapping[str, Any], words: Words = str) -> str:
    """Return a kept finding as `field: sentence`.

    Args:
        words: turns a Message into text; the default is Indonesian.
    """
    field = FIELD_BY_NAME.get(problem["field"]) or COLUMN_BY_NAME.get(problem["field"])
    label = words(Message(field.label)) if field else problem["field"]
    return f"{label}: {words(from_json(problem['message']))}"


def write_result(session: Session, batch: ImportBatch, target: Path) -> None:
    """Write the rows of a batch with status and notes; CSV where the name ends so.

    Args:
        target: path ending in `.xlsx` or `.csv`.
    """
    header, rows = _result_rows(session, batch)
    if target.suffix == ".csv":
        write_csv(target, header, rows)
        return
    columns = [ColumnSpec(text, 18, ColumnKind.TEXT) for text in header]
    columns[-1] = ColumnSpec(header[-1], 60)
    write_xlsx(target, [SheetSpec("Hasil impor", columns, rows)])


def keep_result(session: Session, *, batch: ImportBatch, actor: Actor) -> StoredFile:
    """Store the result file: a workbook, or CSV for a large file."""
    rows = int(str(batch.summary.get("rows", 0)))
    kind = "xlsx" if rows <= XLSX_ROWS else "csv"
    with tempfile.TemporaryDirectory(prefix="hasil-") as folder:
        path = Path(folder) / f"hasil.{kind}"
        write_result(session, batch, path)
        with path.open("rb") as stream:
            return store_upload(
                session,
                stream=stream,
                filename=f"hasil-impor-{batch.id}.{kind}",
                purpose=PURPOSE,
                allowed=frozenset((kind,)),
                owner_employee_id=None,
                actor=actor,
                max_mb=_NO_LIMIT_MB,
            )


def _result_rows(session: Session, batch: ImportBatch) -> tuple[list[str], Iterator[list[Cell]]]:
    mapping = mapping_of(batch)
    # Dropped columns are blank in the copy; the result leaves them out.
    kept = [
        column
        for column in mapping.columns
        if column.state not in (ColumnState.PERSONAL, ColumnState.BLANK)
        and column.header not in (IMPORT_STATUS_HEADER, IMPORT_NOTES_HEADER)
    ]
    header = [*(c.header for c in kept), IMPORT_STATUS_HEADER, IMPORT_NOTES_HEADER]
    places = [column.index for column in kept]
    numbered = (
        (number, row)
        for number, row in enumerate(rows_of(session, batch), start=1)
        if number >= mapping.data_row and any(row)
    )
    return header, _marked(session, batch.id, numbered, places)


def _marked(
    session: Session, batch_id: int, numbered: Iterator[tuple[int, Row]], places: Sequence[int]
) -> Iterator[list[Cell]]:
    while chunk := list(islice(numbered, _CHUNK)):
        marks = _marks(session, batch_id, chunk[0][0], chunk[-1][0])
        for number, row in chunk:
            cells = [row[place] if place < len(row) else "" for place in places]
            yield [*cells, *marks.get(number, (_WORDS[Action.UNCHANGED.value, True], ""))]


def _marks(session: Session, batch_id: int, first: int, last: int) -> dict[int, tuple[str, str]]:
    rows = session.execute(
        select(ImportRow.number, ImportRow.action, ImportRow.applied, ImportRow.problems).where(
            ImportRow.batch_id == batch_id, ImportRow.number.between(first, last)
        )
    )
    return {
        row.number: (
            _WORDS[row.action, row.applied],
            " ".join(problem_words(problem) for problem in row.problems or []),
        )
        for row in rows
    }
