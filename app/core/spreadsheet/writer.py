"""Workbooks and CSV files for people: values only, safe to open, exact when read back."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.core.i18n import N_
from app.core.spreadsheet import limits
from app.core.spreadsheet.errors import SpreadsheetError
from app.core.spreadsheet.guard import guard_cell
from app.core.spreadsheet.reader import Cell

EXCEL_MAX_ROWS = 1_048_576
# Excel's first day that every program agrees on; earlier dates are written as text.
_FIRST_SAFE_DATE = date(1900, 3, 1)
_FORBIDDEN_IN_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class ColumnKind(StrEnum):
    """How a column is shown; TEXT keeps digits as text (NIP) even after an edit in Excel."""

    GENERAL = "general"
    TEXT = "text"
    DATE = "date"


@dataclass(frozen=True)
class ColumnSpec:
    """A column's header, width in characters and kind."""

    header: str
    width: float = 16.0
    kind: ColumnKind = ColumnKind.GENERAL


@dataclass(frozen=True)
class SheetSpec:
    """A sheet: name (cut to Excel's 31 characters), columns and a stream of rows."""

    name: str
    columns: Sequence[ColumnSpec]
    rows: Iterable[Sequence[Cell]]
    freeze: bool = True
    autofilter: bool = True


def write_xlsx(target: Path | str | IO[bytes], sheets: Sequence[SheetSpec]) -> None:
    """Write sheets row by row with flat memory; no cell becomes a formula or a link.

    Text over Excel's 32,767 characters is cut and ends in an ellipsis.

    Raises:
        SpreadsheetError: a sheet has more rows than Excel can hold, or the target is unwritable.
    """
    sink = target if hasattr(target, "write") else str(target)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    try:
        with xlsxwriter.Workbook(sink, options) as workbook:
            formats = _formats(workbook)
            for sheet in sheets:
                _write_sheet(workbook, sheet, formats)
    except FileCreateError as error:
        raise SpreadsheetError(N_("Berkas hasil tidak dapat ditulis.")) from error


def write_csv(
    target: Path | str | IO[str],
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    delimiter: str = ";",
) -> None:
    """Write rows as CSV for Indonesian Excel: byte-order mark, `;`, formula starts guarded.

    A text stream is written as it is, so its opener chooses the encoding; a path gets UTF-8.
    """
    if isinstance(target, str | Path):
        with Path(target).open("w", encoding="utf-8-sig", newline="") as stream:
            _write_csv_rows(stream, header, rows, delimiter)
        return
    target.write("\ufeff")
    _write_csv_rows(target, header, rows, delimiter)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a small CSV file as text, mark included."""
    stream = io.StringIO(newline="")
    write_csv(stream, header, rows)
    return stream.getvalue()


def _write_csv_rows(
    stream: IO[str], header: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str
) -> None:
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([_csv_cell(cell) for cell in header])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])


def _csv_cell(cell: Cell) -> str | int | float:
    if isinstance(cell, str):
        return guard_cell(_printable(cell))
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, date):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    return cell


def _printable(text: str) -> str:
    """Drop what neither format can carry: NUL and lone surrogates."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def _formats(workbook: xlsxwriter.Workbook) -> dict[str, Format]:
    return {
        "header": workbook.add_format(
            {
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": "#0B4F6C",
                "border": 1,
                "border_color": "#C5D3DA",
                "text_wrap": True,
                "valign": "vcenter",
            }
        ),
        ColumnKind.GENERAL: workbook.add_format({"valign": "top"}),
        ColumnKind.TEXT: workbook.add_format({"num_format": "@", "valign": "top"}),
        ColumnKind.DATE: workbook.add_format({"num_format": "dd-mm-yyyy", "valign": "top"}),
        "moment": workbook.add_format({"num_format": "dd-mm-yyyy hh:mm", "valign": "top"}),
    }


def _write_sheet(
    workbook: xlsxwriter.Workbook, spec: SheetSpec, formats: Mapping[str, Format]
) -> None:
    sheet = workbook.add_worksheet(_sheet_name(spec.name, len(workbook.worksheets())))
    for index, column in enumerate(spec.columns):
        sheet.set_column(index, index, column.width, formats[column.kind])
    if spec.freeze:
        sheet.freeze_panes(1, 0)
    for index, column in enumerate(spec.columns):
        _write_text(sheet, 0, index, column.header, formats["header"])
    kinds = [column.kind for column in spec.columns]
    last = 0
    for last, row in enumerate(spec.rows, start=1):
        if last >= EXCEL_MAX_ROWS:
            raise SpreadsheetError(
                N_("Hasil lebih dari %(limit)s baris; simpan sebagai CSV."), limit=EXCEL_MAX_ROWS
            )
        for index, cell in enumerate(row):
            kind = kinds[index] if index < len(kinds) else ColumnKind.GENERAL
            _write_cell(sheet, last, index, cell, kind, formats)
    if spec.autofilter and spec.columns:
        sheet.autofilter(0, 0, last, len(spec.columns) - 1)


def _sheet_name(name: str, number: int) -> str:
    cleaned = _printable(name).translate(_FORBIDDEN_IN_NAME).strip(" '")[:31].strip(" '")
    return cleaned or f"Lembar {number + 1}"


def _write_cell(
    sheet: Worksheet,
    row: int,
    column: int,
    cell: Cell,
    kind: ColumnKind,
    formats: Mapping[str, Format],
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        _write_text(sheet, row, column, cell, formats[kind])
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, formats[kind])
    elif isinstance(cell, date):
        _write_date(sheet, row, column, cell, formats)
    elif kind is ColumnKind.TEXT or not -1e15 < cell < 1e15:
        # Excel keeps 15 digits: a longer number, infinity or not-a-number stays exact as text.
        _write_text(sheet, row, column, str(cell), formats[kind])
    else:
        sheet.write_number(row, column, cell, formats[kind])


def _write_date(
    sheet: Worksheet, row: int, column: int, moment: date, formats: Mapping[str, Format]
) -> None:
    day: Any = moment.date() if isinstance(moment, datetime) else moment
    if day < _FIRST_SAFE_DATE:
        _write_text(sheet, row, column, moment.isoformat(), formats[ColumnKind.TEXT])
    elif isinstance(moment, datetime):
        plain = moment.replace(tzinfo=None)
        sheet.write_datetime(row, column, plain, formats["moment"])
    else:
        sheet.write_datetime(row, column, moment, formats[ColumnKind.DATE])


def _write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    text = _printable(text)
    if len(text) > limits.MAX_CELL_CHARS:
        text = text[: limits.MAX_CELL_CHARS - 1] + "…"
    sheet.write_string(row, column, text, style)
