"""Lists that are computed, not selected: the same sorting, paging and export as `listing`."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any

from flask import Response, request

from app.core import clock
from app.core.paging import Listing
from app.core.spreadsheet.writer import ColumnSpec, SheetSpec, write_xlsx
from app.web.listing import SIZES, XLSX, ExportColumn, attachment, chosen_sort

Sorts = Mapping[str, Callable[[Any], Any]]


def sorted_rows(rows: Iterable[Any], *, sorts: Sorts, default: str) -> list[Any]:
    """Return the rows in the order the address asks for (`urut`), or the default."""
    sort = chosen_sort(sorts, default)
    key = sorts[sort.removeprefix("-")]
    return sorted(rows, key=key, reverse=sort.startswith("-"))


def listing_of(rows: Iterable[Any], *, sorts: Sorts, default: str) -> Listing:
    """Return the page that the address asks for (`urut`, `halaman`, `per`)."""
    ordered = sorted_rows(rows, sorts=sorts, default=default)
    size = request.args.get("per", SIZES[0], type=int)
    size = size if size in SIZES else SIZES[0]
    pages = max(1, -(-len(ordered) // size))
    page = min(max(1, request.args.get("halaman", 1, type=int)), pages)
    shown = ordered[(page - 1) * size : page * size]
    return Listing(shown, page, size, len(ordered), chosen_sort(sorts, default))


def workbook_of(rows: Iterable[Any], columns: Sequence[ExportColumn], *, name: str) -> Response:
    """Return rows as a workbook of one sheet."""
    sink: IO[bytes] = tempfile.TemporaryFile()
    specs = [ColumnSpec(column.header, column.width, column.kind) for column in columns]
    cells = ([column.value(row) for column in columns] for row in rows)
    write_xlsx(sink, [SheetSpec(name, specs, cells)])
    sink.seek(0)
    return attachment(sink, XLSX, f"{name}-{clock.today():%Y%m%d}.xlsx")
