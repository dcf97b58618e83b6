"""Lists: sorting, paging and export of a SELECT, with the whole state in the address.

A view builds the filtered statement once; the page and the export both come from it, so a file
holds exactly the rows that the list shows.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from flask import Response, request, send_file
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.spreadsheet.reader import Cell
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_csv, write_xlsx

SIZES = (25, 50, 100)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK = 1000


@dataclass(frozen=True)
class Listing:
    """A page of a list, as the components `data_table` and `pagination` take it."""

    rows: list[Any]
    page: int
    per_page: int
    total: int
    sort: str

    @property
    def items(self) -> list[Any]:
        """The rows under the name that Flask-SQLAlchemy uses."""
        return self.rows

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))


@dataclass(frozen=True)
class ExportColumn:
    """A column of an exported file: header (translated), value of a row, kind and width."""

    header: str
    value: Callable[[Any], Cell]
    kind: ColumnKind = ColumnKind.GENERAL
    width: float = 18.0


def listing(
    session: Session, statement: Select[Any], *, sorts: Mapping[str, Any], default: str
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
    total = total_of(session, statement)
    size = _size()
    sort = chosen_sort(sorts, default)
    page = min(max(1, _number("halaman", 1)), max(1, -(-total // size)))
    wanted = ordered(statement, sorts, sort).limit(size).offset((page - 1) * size)
    return Listing(_fetch(session, wanted), page, size, total, sort)


def total_of(session: Session, statement: Select[Any]) -> int:
    """Return how many rows a statement has."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    return session.scalar(counted) or 0


def chosen_sort(sorts: Mapping[str, Any], default: str) -> str:
    """Return the order the address asks for where it is allowed, otherwise the default."""
    wanted = request.args.get("urut", default)
    return wanted if wanted.removeprefix("-") in sorts else default


def ordered(statement: Select[Any], sorts: Mapping[str, Any], sort: str) -> Select[Any]:
    """Return the statement in the order `sort`, unknown values last, ties in a fixed order."""
    chosen = sorts[sort.removeprefix("-")]
    columns = list(chosen) if isinstance(chosen, tuple | list) else [chosen]
    way = "desc" if sort.startswith("-") else "asc"
    # The first selected column that is a key settles ties, so that no row is on two pages.
    keys = [
        column for column in statement.selected_columns if getattr(column, "primary_key", False)
    ]
    return statement.order_by(*(getattr(c, way)().nulls_last() for c in columns), *keys[:1])


def export(
    session: Session,
    statement: Select[Any],
    columns: Sequence[ExportColumn],
    *,
    name: str,
    file_format: str = "xlsx",
) -> Response:
    """Return all rows of a statement as a file (`xlsx` or `csv`), read in chunks.

    Args:
        session: the session to read with.
        statement: the filtered and ordered SELECT.
        columns: what each row shows.
        name: file name without date and extension; also the name of the sheet.
    """
    rows = ([column.value(row) for column in columns] for row in stream(session, statement))
    stem = f"{name}-{clock.today():%Y%m%d}"
    if file_format == "csv":
        return _csv(columns, rows, stem)
    sink = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    specs = [ColumnSpec(column.header, column.width, column.kind) for column in columns]
    write_xlsx(sink, [SheetSpec(name, specs, rows)])
    sink.seek(0)
    return _attachment(sink, _XLSX, f"{stem}.xlsx")


def stream(session: Session, statement: Select[Any]) -> Iterator[Any]:
    """Yield the rows of a statement without holding them all."""
    result = session.execute(statement.execution_options(yield_per=_CHUNK))
    yield from result.scalars() if _is_single(statement) else result


def _csv(columns: Sequence[ExportColumn], rows: Iterator[list[Cell]], stem: str) -> Response:
    with tempfile.NamedTemporaryFile(suffix=".csv") as draft:
        write_csv(draft.name, [column.header for column in columns], rows)
        sink = open(draft.name, "rb")  # noqa: SIM115 - the response closes it
    return _attachment(sink, "text/csv; charset=utf-8", f"{stem}.csv")


def _attachment(sink: IO[bytes], media_type: str, name: str) -> Response:
    response = send_file(sink, mimetype=media_type, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _fetch(session: Session, statement: Select[Any]) -> list[Any]:
    if _is_single(statement):
        return list(session.scalars(statement).unique())
    return list(session.execute(statement))


def _is_single(statement: Select[Any]) -> bool:
    return len(statement.column_descriptions) == 1


def _size() -> int:
    size = _number("per", SIZES[0])
    return size if size in SIZES else SIZES[0]


def _number(name: str, default: int) -> int:
    number = request.args.get(name, default, type=int)
    return number if 0 < number < 10_000_000 else default
