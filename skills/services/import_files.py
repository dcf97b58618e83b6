"""The file of a staff import: read once, kept without its personal columns, read from there."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.files.models import StoredFile
from app.core.files.services import find_file, path_of, store_upload
from app.core.i18n import N_, Message
from app.core.spreadsheet.errors import SpreadsheetError
from app.core.spreadsheet.reader import Cell, Row, Table, read_table
from app.core.spreadsheet.writer import write_csv
from skills.models import ImportBatch
from skills.siasn.mapping import (
    ColumnMapping,
    ColumnMatch,
    ColumnState,
    apply_choices,
    guess_mapping,
)
from skills.siasn.rows import redact_rows

PURPOSE = "staff_import"
_NO_LIMIT_MB = 4_000.0
_OFFICIAL = {"EMAIL": "official_email"}


@dataclass(frozen=True)
class Upload:
    """A file that was read: its redacted copy on disk, mapping and what to tell about it."""

    copy: Path
    name: str
    mapping: ColumnMapping
    rows: int
    notices: tuple[Message, ...]
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()


@contextmanager
def opened_upload(
    path: Path,
    *,
    name: str,
    remembered: Any,
    sheet: str | None = None,
    email_is_official: bool = False,
    guess: Callable[[list[Row]], ColumnMapping] = guess_mapping,
) -> Iterator[Upload]:
    """Read an uploaded file and write its copy without personal columns to a temporary file.

    Args:
        path: the upload; nothing of it is kept.
        name: as the person calls the file.
        remembered: function from a signature to the choices of earlier files, or None.
        sheet: name of the worksheet, the first with content by default.
        email_is_official: the column EMAIL holds official addresses.
        guess: finds header and columns in the first rows; those of staff files by default.

    Raises:
        SpreadsheetError: the file cannot or must not be read, or holds no row of data.
        InvalidInput: no header row is found.
    """
    table = read_table(path, sheet=sheet)
    mapping = guess(table.head())
    choices = remembered(mapping.signature)
    if choices:
        mapping = apply_choices(mapping, choices, remembered=True)
    if email_is_official and any(column.key == "EMAIL" for column in mapping.columns):
        mapping = apply_choices(mapping, _OFFICIAL)
    with tempfile.TemporaryDirectory(prefix="impor-") as folder:
        copy = Path(folder) / "salinan.csv"
        rows = _write_copy(table, mapping, copy)
        if rows < 1:
            raise SpreadsheetError(N_("Tidak ada baris data di bawah judul kolom."))
        others = tuple(s.name for s in table.sheets if s.visible and s.name != table.sheet)
        yield Upload(copy, name, mapping, rows, table.notices, table.sheet, others)


def _write_copy(table: Table, mapping: ColumnMapping, copy: Path) -> int:
    """Write the copy and return its rows of data; row numbers and places of columns stay."""
    count = 0

    def rows() -> Iterator[list[Cell]]:
        nonlocal count
        for number, row in enumerate(redact_rows(table, mapping), start=1):
            if number >= mapping.data_row and any(cell not in ("", None) for cell in row):
                count += 1
            yield [_text(cell) for cell in row]

    stream = rows()
    write_csv(copy, [str(cell or "") for cell in next(stream, [])], stream)
    return count


def _text(cell: Cell) -> Cell:
    """Return a workbook's cell so that its text in a CSV file means the same."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


def keep_copy(session: Session, *, upload: Upload, actor: Actor) -> StoredFile:
    """Store the redacted copy."""
    stem = Path(upload.name).stem[:100] or "pegawai"
    with upload.copy.open("rb") as stream:
        return store_upload(
            session,
            stream=stream,
            filename=f"{stem}.csv",
            purpose=PURPOSE,
            allowed=frozenset(("csv",)),
            owner_employee_id=None,
            actor=actor,
            max_mb=_NO_LIMIT_MB,
        )


def rows_of(session: Session, batch: ImportBatch) -> Table:
    """Open the kept copy of a batch.

    Raises:
        SpreadsheetError: the copy is gone.
    """
    stored = find_file(session, batch.file_id) if batch.file_id else None
    if stored is None or not path_of(stored).is_file():
        raise SpreadsheetError(
            N_("Salinan berkas impor ini sudah dihapus. Unggah ulang berkasnya.")
        )
    return read_table(path_of(stored))


def header_of(table: Table, mapping: ColumnMapping) -> list[Row]:
    """Return the rows above the data as they stand in the copy."""
    return table.head(mapping.data_row - 1)


def mapping_json(mapping: ColumnMapping) -> dict[str, Any]:
    """Return a mapping as JSON."""
    return {
        "header_row": mapping.header_row,
        "data_row": mapping.data_row,
        "columns": [{**asdict(column), "state": str(column.state)} for column in mapping.columns],
    }


def mapping_of(batch: ImportBatch) -> ColumnMapping:
    """Return the mapping that a batch keeps."""
    kept: Mapping[str, Any] = batch.mapping
    return ColumnMapping(
        kept["header_row"],
        kept["data_row"],
        tuple(
            ColumnMatch(**{**column, "state": ColumnState(column["state"])})
            for column in kept["columns"]
        ),
    )
