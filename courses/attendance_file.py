"""Attendance as spreadsheets give it: one cell a row, or one column a meeting. Pure: no database.

Long form: columns NIP, Sesi (its code), Tanggal or Pertemuan (its number), Kehadiran.
Wide form: a column NIP, optionally Sesi, and a column for each date or meeting number.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from courses.enums import AttendanceState

Cell = object
MAX_LINES = 5000

_NAMES = {
    "nip": ("nip", "nip baru"),
    "session": ("sesi", "kode sesi", "session"),
    "day": ("tanggal", "tgl", "date"),
    "meeting": ("pertemuan", "pertemuan ke", "meeting"),
    "state": ("kehadiran", "status", "hadir", "attendance", "keterangan hadir"),
}
_STATES = {
    AttendanceState.PRESENT: ("h", "hadir", "p", "present", "1", "v", "✓", "x"),
    AttendanceState.PERMITTED: ("i", "izin", "ijin", "permitted"),
    AttendanceState.ILL: ("s", "sakit", "ill"),
    AttendanceState.ABSENT: ("a", "alpa", "alpha", "absen", "absent", "tk", "0"),
}
_BY_WORD = {word: state for state, words in _STATES.items() for word in words}
_BLANK = ("", "-", "–")
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
_NUMBER = re.compile(r"^(?:pertemuan|meeting|p)?\s*(?:ke-?)?\s*(\d{1,2})$", re.IGNORECASE)


class AttendanceFileError(ValueError):
    """The table has no column of NIPs, or none that says who was there."""


@dataclass(frozen=True)
class Line:
    """One cell: who, which session, which meeting (by day or number), and what was written.

    Args:
        row: number of the row as a spreadsheet program shows it.
        when: a date, a number of the meeting counted from 1, or the text that is neither.
        state: None where the word is not known; `word` holds it.
    """

    row: int
    nip: str
    session: str
    when: date | int | str
    state: AttendanceState | None
    word: str


def read_lines(rows: Iterable[Sequence[Cell]]) -> list[Line]:
    """Return the cells of a table; blank ones say nothing and are left out.

    Raises:
        AttendanceFileError: the columns were not found.
    """
    table = [list(row) for row in rows]
    for place, row in enumerate(table[:20]):
        heads = [_plain(cell) for cell in row]
        if any(head in _NAMES["nip"] for head in heads):
            return _read(table[place + 1 :], row, heads, first=place + 2)
    raise AttendanceFileError("nip")


def _read(
    table: Sequence[Sequence[Cell]], header: Sequence[Cell], heads: Sequence[str], first: int
) -> list[Line]:
    at = {name: _place(heads, words) for name, words in _NAMES.items()}
    day, state = at["day"] if at["day"] is not None else at["meeting"], at["state"]
    if day is not None and state is not None:
        columns: list[tuple[int, int | None]] = [(state, day)]
    else:
        columns = [(n, None) for n, cell in enumerate(header) if _is_when(cell, heads[n])]
    if not columns:
        raise AttendanceFileError("columns")
    found = []
    for number, row in enumerate(table, start=first):
        nip = _nip(_cell(row, at["nip"]))
        session = str(_cell(row, at["session"]) or "").strip()
        for column, day_column in columns:
            word = _word(_cell(row, column))
            if word in _BLANK or not nip:
                continue
            source = _cell(row, day_column) if day_column is not None else header[column]
            found.append(Line(number, nip, session, when_of(source), _BY_WORD.get(word), word))
    return found


def _place(heads: Sequence[str], words: Sequence[str]) -> int | None:
    return next((n for n, head in enumerate(heads) if head in words), None)


def _cell(row: Sequence[Cell], place: int | None) -> Cell:
    return row[place] if place is not None and place < len(row) else ""


def _plain(cell: Cell) -> str:
    return re.sub(r"\s+", " ", str(cell if cell is not None else "")).strip().casefold()


def _word(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _plain(cell)


def _nip(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.5E}"  # a number has lost digits of its NIP: shown, never guessed
    return re.sub(r"[\s'.\-]", "", str(cell or ""))


def _is_when(cell: Cell, head: str) -> bool:
    known = {word for words in _NAMES.values() for word in words}
    return head not in known and head != "" and not isinstance(when_of(cell), str)


def when_of(cell: Cell) -> date | int | str:
    """Return the day or the number of the meeting that a cell names, or its text."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return int(cell)
    text = str(cell or "").strip()
    for pattern in _DATES:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    number = _NUMBER.match(text)
    return int(number[1]) if number else text


def as_text(lines: Sequence[Line]) -> str:
    """Return lines as a tab-separated table that `read_lines` reads again."""
    head = "NIP\tSesi\tTanggal\tKehadiran"
    body = (f"{one.nip}\t{one.session}\t{one.when}\t{one.word}" for one in lines)
    return "\n".join([head, *body])


def from_text(text: str) -> list[list[str]]:
    """Return the rows of a pasted table: tabs, otherwise semicolons."""
    rows = text.replace("\r", "").split("\n")
    sign = "\t" if any("\t" in row for row in rows) else ";"
    return [row.split(sign) for row in rows if row.strip()]
