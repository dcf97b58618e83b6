"""Rows of a CSV file as a stream whose memory does not grow with the file or with a bad line."""

import csv
from collections.abc import Iterator
from pathlib import Path

from app.core.i18n import N_
from app.core.spreadsheet import limits
from app.core.spreadsheet.errors import SpreadsheetError
from app.core.spreadsheet.guard import unguard_cell
from app.core.spreadsheet.text import TextShape


class _Feed:
    """Lines for `csv.reader`, refusing a record that grows without end (an unclosed quote)."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.record = 1
        self.taken = 0
        self.apostrophe = False

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken += len(line)
        if self.taken > limits.MAX_ROW_CHARS:
            raise SpreadsheetError(
                N_(
                    "Baris %(row)s lebih panjang dari %(limit)s karakter; mungkin ada tanda kutip "
                    "yang tidak ditutup."
                ),
                row=self.record,
                limit=limits.MAX_ROW_CHARS,
            )
        if "'" in line:
            self.apostrophe = True
        return line

    def next_record(self) -> None:
        """Forget the record that was just read."""
        self.record += 1
        self.taken = 0
        self.apostrophe = False


def csv_rows(path: Path, shape: TextShape) -> Iterator[list[str]]:
    """Yield the rows of a CSV file; the guard apostrophe of our own exports is taken off.

    Raises:
        SpreadsheetError: a row with too many cells or characters, or broken quoting.
    """
    with path.open(encoding=shape.encoding, newline="") as stream:
        feed = _Feed(iter(lambda: stream.readline(limits.MAX_ROW_CHARS + 1), ""))
        if shape.skip_first:
            next(feed, "")
            feed.taken = 0
        try:
            for row in csv.reader(feed, delimiter=shape.delimiter):
                if len(row) > limits.MAX_COLUMNS:
                    row = _without_empty_tail(row, feed.record)
                if feed.apostrophe:
                    row = [unguard_cell(cell) for cell in row]
                yield row
                feed.next_record()
        except csv.Error as error:
            raise SpreadsheetError(
                N_(
                    "Baris %(row)s tidak dapat dibaca sebagai CSV; periksa tanda kutip dan isi sel "
                    "yang terlalu panjang."
                ),
                row=feed.record,
            ) from error


def _without_empty_tail(row: list[str], number: int) -> list[str]:
    if any(row[limits.MAX_COLUMNS :]):
        raise SpreadsheetError(
            N_("Baris %(row)s berisi %(count)s kolom; paling banyak %(limit)s."),
            row=number,
            count=len(row),
            limit=limits.MAX_COLUMNS,
        )
    return row[: limits.MAX_COLUMNS]
