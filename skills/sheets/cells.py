"""Cells of files of reference data as values; what cannot be read is a finding at its field."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.core.i18n import N_, Message
from app.core.spreadsheet.reader import Cell, Row
from skills.siasn.cells import parse_date
from skills.siasn.mapping import ColumnMapping
from skills.siasn.problems import CellError, CellProblem, Severity

_YES = frozenset({"ya", "y", "yes", "true", "1", "benar", "x", "v"})
_NO = frozenset({"", "tidak", "t", "no", "n", "false", "0", "salah", "-"})


@dataclass
class SheetRow:
    """A row of the file: cells by field, and what is wrong with it."""

    number: int
    cells: Mapping[str, Cell]
    problems: list[CellProblem] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether the file has the column at all; a file may leave columns out."""
        return name in self.cells

    def text(self, name: str, longest: int = 10_000) -> str:
        """Return a cell as trimmed text."""
        cell = self.cells.get(name)
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        found = "" if cell is None else str(cell).strip()
        if len(found) > longest:
            self.fault(
                name, Message(N_("Terlalu panjang, paling banyak %(n)s huruf."), {"n": longest})
            )
            return ""
        return found

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the lines of a cell, or its parts between `|`."""
        parts = self.text(name).replace("|", "\n").splitlines()
        return tuple(part.strip(" •\t") for part in parts if part.strip(" •\t"))

    def flag(self, name: str) -> bool:
        """Return a cell as yes or no; blank is no."""
        word = self.text(name).casefold()
        if word not in _YES | _NO:
            self.fault(name, Message(N_("Isi dengan ya atau tidak.")))
        return word in _YES

    def level(self, name: str = "level") -> int:
        """Return a cell as a level, 1 to 5 (0 where it is wrong)."""
        word = self.text(name)
        if word not in {"1", "2", "3", "4", "5"}:
            self.fault(name, Message(N_("Level harus antara 1 dan 5.")))
            return 0
        return int(word)

    def number_of(self, name: str, usual: float) -> float:
        """Return a cell as a number; blank is the usual one."""
        word = self.text(name).replace(",", ".")
        try:
            return float(word) if word else usual
        except ValueError:
            self.fault(name, Message(N_("Isi dengan angka.")))
            return usual

    def day(self, name: str) -> date | None:
        """Return a cell as a date; blank is None."""
        cell = self.cells.get(name)
        if isinstance(cell, datetime):
            return cell.date()
        if cell in (None, ""):
            return None
        try:
            return parse_date(cell)
        except CellError as error:
            self.fault(name, error.message)
            return None

    def fault(self, name: str, message: Message) -> None:
        """Note that a cell keeps the row out."""
        self.problems.append(CellProblem(name, Severity.ERROR, message))

    def warn(self, name: str, message: Message) -> None:
        """Note something to look at; the row is still taken."""
        self.problems.append(CellProblem(name, Severity.WARNING, message))


def sheet_rows(rows: Iterable[Row], mapping: ColumnMapping) -> Iterator[SheetRow]:
    """Yield the rows of data of a file."""
    places: Mapping[str, int] = mapping.fields
    for number, row in enumerate(rows, start=1):
        if number < mapping.data_row or not any(cell not in (None, "") for cell in row):
            continue
        cells: dict[str, Any] = {
            name: row[place] if place < len(row) else "" for name, place in places.items()
        }
        yield SheetRow(number, cells)
