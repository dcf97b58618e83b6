"""Lists: sorting, paging and export of a SELECT, with the whole state in the address.

A view builds the filtered statement once; the page and the export both come from it, so a file
holds exactly the rows that the list shows.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from flask import Response, request, send_file

from app.core import clock
from app.core.paging import Listing, ordered, page_of, stream
from app.core.spreadsheet.reader import Cell
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_csv, write_xlsx

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

SIZES = (25, 50, 100)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ExportColumn:
    """A column of an exported file: header (translated), value of a row, kind and width."""

    header: str
    value: Callable[[Any], Cell]
    kind: ColumnKind = ColumnKind.GENERAL
    width: float = 18.0


def listing(
    session: "Session", statement: "Select[Any]", *, sorts: Mapping[str, Any], default: str
) -> Listing:
    """Return the page that the address asks for (`urut`, `halaman`, `per`): two statements.

    Rows are objects where the statement selects one thing, named tuples otherwise. A page past the
    end shows the last one; an unknown sort falls back to the default.

    Args:
        session: the session to read with.
        statement: the filtered SELECT, without an order.
        sorts: name in the address to column (or tuple of columns).
        default: name of the default order; `-` in front: descending.
    """
    size = _number("per", SIZES[0])
    return page_of(
        session,
        statement,
        sorts=sorts,
        sort=chosen_sort(sorts, default),
        page=_number("halaman", 1),
        per_page=size if size in SIZES else SIZES[0],
    )


def chosen_sort(sorts: Mapping[str, Any], default: str) -> str:
    """Return the order the address asks for where it is allowed, otherwise the default."""
    wanted = request.args.get("urut", default)
    return wanted if wanted.removeprefix("-") in sorts else default


def export(
    session: "Session",
    statement: "Select[Any]",
    columns: Sequence[ExportColumn],
    *,
    sorts: Mapping[str, Any],
    default: str,
    name: str,
    file_format: str = "xlsx",
) -> Response:
    """Return all rows of a statement as a file (`xlsx` or `csv`) in the order of the list.

    Args:
        session: the session to read with.
        statement: the filtered SELECT, without an order, as given to `listing`.
        columns: what each row shows.
        sorts, default: as given to `listing`.
        name: file name without date and extension; also the name of the sheet.
        file_format: `xlsx` or `csv`.
    """
    wanted = ordered(statement, sorts, chosen_sort(sorts, default))
    return export_rows(stream(session, wanted), columns, name=name, file_format=file_format)


def export_rows(
    found: Iterable[Any],
    columns: Sequence[ExportColumn],
    *,
    name: str,
    file_format: str = "xlsx",
) -> Response:
    """Return rows that were read already as a file; see `export`."""
    rows = ([column.value(row) for column in columns] for row in found)
    stem = f"{name}-{clock.today():%Y%m%d}"
    if file_format == "csv":
        return _csv(columns, rows, stem)
    sink: IO[bytes] = tempfile.TemporaryFile()
    specs = [ColumnSpec(column.header, column.width, column.kind) for column in columns]
    write_xlsx(sink, [SheetSpec(name, specs, rows)])
    sink.seek(0)
    return attachment(sink, XLSX, f"{stem}.xlsx")


def attachment(sink: IO[bytes], media_type: str, name: str) -> Response:
    """Return a file as a download that nobody caches; the response closes it."""
    response = send_file(sink, mimetype=media_type, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _csv(columns: Sequence[ExportColumn], rows: Iterator[list[Cell]], stem: str) -> Response:
    with tempfile.NamedTemporaryFile(suffix=".csv") as draft:
        write_csv(draft.name, [column.header for column in columns], rows)
        sink = open(draft.name, "rb")
    return attachment(sink, "text/csv; charset=utf-8", f"{stem}.csv")


def _number(name: str, default: int) -> int:
    number = request.args.get(name, default, type=int)
    return number if 0 < number < 10_000_000 else default
