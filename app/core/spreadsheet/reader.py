"""Tables out of XLSX and CSV files; a workbook is parsed in a limited child process."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.core.i18n import N_, Message
from app.core.spreadsheet import limits
from app.core.spreadsheet.csvrows import csv_rows
from app.core.spreadsheet.errors import SpreadsheetError
from app.core.spreadsheet.probe import FileKind, probe

# A blank cell is "" in both formats. Every number of a workbook is a float, so that a NIP that
# was stored as a number can be told from one stored as text; a date with a time is a datetime.
Cell = str | int | float | bool | date | None
Row = Sequence[Cell]

_CHILD = Path(__file__).with_name("child.py")
# Isolated from the environment and the working folder, and UTF-8 whatever the locale.
_FLAGS = ("-I", "-X", "utf8")


@dataclass(frozen=True)
class SheetInfo:
    """A worksheet's name and whether its tab is visible."""

    name: str
    visible: bool


@dataclass(frozen=True)
class Table:
    """Rows of one sheet or CSV file, readable as often as needed.

    Args:
        kind: XLSX or CSV.
        row_estimate: exact for XLSX, an upper estimate for CSV.
        source: opens a fresh iterator over the rows, blank ones included, so that the number
            of a row counted from 1 is the row number that a spreadsheet program shows.
        sheet, sheets: chosen and available sheets (XLSX).
        encoding, delimiter: how the text was read (CSV).
        notices: sentences to show beside the result.
    """

    kind: FileKind
    row_estimate: int
    source: Callable[[], Iterator[Row]]
    sheet: str | None = None
    sheets: tuple[SheetInfo, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    notices: tuple[Message, ...] = ()

    def __iter__(self) -> Iterator[Row]:
        return self.source()

    def head(self, count: int = limits.HEADER_SEARCH_ROWS) -> list[Row]:
        """Return the first rows, enough to find the header."""
        return list(islice(self, count))


def read_table(
    path: Path | str,
    *,
    max_rows: int = limits.MAX_ROWS,
    sheet: str | None = None,
    max_bytes: int | None = None,
) -> Table:
    """Open a spreadsheet of unknown origin.

    Args:
        path: the file; its kind is decided by its content.
        max_rows: data rows allowed in a workbook (a CSV file is streamed without limit).
        sheet: name of the sheet; by default the first visible one with content.
        max_bytes: bound for a CSV file, none by default.

    Raises:
        SpreadsheetError: the file cannot or must not be read. A CSV file may raise it also
            while its rows are read, naming the row.
    """
    path = Path(path)
    found = probe(path, max_bytes=max_bytes)
    if found.text is None:
        return _read_workbook(path, max_rows, sheet, found.notices)
    shape = found.text
    return Table(
        kind=FileKind.CSV,
        row_estimate=shape.lines + 1,
        source=lambda: csv_rows(path, shape),
        encoding=shape.encoding,
        delimiter=shape.delimiter,
    )


def _read_workbook(
    path: Path, max_rows: int, sheet: str | None, notices: tuple[Message, ...]
) -> Table:
    lines = _run_child(path, max_rows, sheet)
    opening, closing = _spoken(lines[:1]), _spoken(lines[-1:])
    if "error" in closing:
        raise _refusal(closing, opening, max_rows)
    if "rows" not in closing or "sheets" not in opening:
        raise SpreadsheetError(_DIED)
    rows = lines[1:-1]
    return Table(
        kind=FileKind.XLSX,
        row_estimate=len(rows),
        source=lambda: _decoded(rows),
        sheet=opening["sheet"],
        sheets=tuple(SheetInfo(name, visible) for name, visible in opening["sheets"]),
        notices=notices,
    )


_DIED = N_(
    "Pembacaan berkas dihentikan karena isinya rusak atau memerlukan memori terlalu besar. "
    "Salin data ke buku kerja baru, atau simpan sebagai CSV, lalu unggah kembali."
)
_TOO_SLOW = N_(
    "Pembacaan berkas dihentikan setelah %(seconds)s detik. Simpan hanya lembar data ke buku "
    "kerja baru atau ke CSV, lalu unggah kembali."
)
_CHILD_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": N_(
            "Isi buku kerja rusak sehingga tidak dapat dibaca. Buka dan simpan ulang di Excel, "
            "lalu unggah kembali."
        ),
        "memory": _DIED,
        "empty": N_('Lembar "%(sheet)s" kosong. Pilih lembar atau berkas yang berisi data.'),
        "no_sheets": N_("Berkas tidak memiliki lembar data yang terlihat."),
        "no_sheet": N_('Lembar "%(sheet)s" tidak ada di berkas ini.'),
        "columns": N_("Lembar berisi %(count)s kolom; paling banyak %(limit)s."),
        "rows": N_(
            "Lembar berisi lebih dari %(limit)s baris data. Simpan sebagai CSV untuk mengimpor "
            "lebih banyak."
        ),
        "table": N_("Isi lembar terlalu besar untuk dibaca (sampai baris %(row)s). Simpan ke CSV."),
        "cell": N_(
            "Isi sel di baris %(row)s kolom %(column)s terlalu panjang; paling panjang "
            "%(limit)s karakter."
        ),
        "row": N_("Isi baris %(row)s terlalu panjang."),
    }
)


def _refusal(
    closing: Mapping[str, Any], opening: Mapping[str, Any], max_rows: int
) -> SpreadsheetError:
    code = str(closing["error"])
    limit = {
        "columns": limits.MAX_COLUMNS,
        "rows": max_rows,
        "cell": limits.MAX_CELL_CHARS,
    }.get(code)
    params = {"limit": limit, "sheet": opening.get("sheet", ""), **closing}
    return SpreadsheetError(_CHILD_ERRORS.get(code, _DIED), **params)


def _run_child(path: Path, max_rows: int, sheet: str | None) -> list[bytes]:
    """Return the lines that the child wrote before it ended.

    Raises:
        SpreadsheetError: it was stopped by the clock or wrote too much.
    """
    settings = {
        "sheet": sheet,
        "rows": max_rows + limits.HEADER_SEARCH_ROWS,
        "columns": limits.MAX_COLUMNS,
        "cell": limits.MAX_CELL_CHARS,
        "row": limits.MAX_ROW_CHARS,
        "table": limits.MAX_TABLE_BYTES,
        "memory": limits.CHILD_MEMORY_BYTES,
        "cpu": limits.CHILD_CPU_SECONDS,
    }
    command = [sys.executable, *_FLAGS, str(_CHILD), str(path.resolve()), json.dumps(settings)]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    ) as child:
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(limits.CHILD_WALL_SECONDS, stop)
        clock.daemon = True
        clock.start()
        try:
            lines = _collect(child)
        finally:
            clock.cancel()
            child.kill()
    if late.is_set():
        raise SpreadsheetError(_TOO_SLOW, seconds=int(limits.CHILD_WALL_SECONDS))
    return lines


def _collect(child: "subprocess.Popen[bytes]") -> list[bytes]:
    """Read the child's lines within the bound of a table (each character at most 4 bytes)."""
    stream = child.stdout
    lines: list[bytes] = []
    taken = 0
    while stream is not None and (line := stream.readline(limits.MAX_ROW_CHARS * 4 + 2)):
        taken += len(line)
        if taken > limits.MAX_TABLE_BYTES * 2:
            raise SpreadsheetError(_DIED)
        lines.append(line)
    return lines


def _spoken(lines: list[bytes]) -> dict[str, Any]:
    """Return the object in a line, or nothing where the child was cut off."""
    try:
        value = json.loads(lines[0]) if lines else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _decoded(lines: list[bytes]) -> Iterator[Row]:
    for line in lines:
        row = json.loads(line)
        if line.find(b"[", 1) >= 0:
            row = [_moment(cell[0]) if isinstance(cell, list) else cell for cell in row]
        yield row


def _moment(text: str) -> Cell:
    """Return a date for a date or midnight, a datetime otherwise, a bare time as its text."""
    if len(text) == 10:
        return date.fromisoformat(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.date() if moment.time() == datetime.min.time() else moment
