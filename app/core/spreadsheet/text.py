"""Encoding and separator of a CSV file, settled over the whole file before the first row."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.i18n import N_
from app.core.spreadsheet.errors import SpreadsheetError

CHUNK = 1024 * 1024
SAMPLE_BYTES = 64 * 1024
SAMPLE_ROWS = 40
DELIMITERS = ";,\t|"
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = {code for code in range(32) if code not in (9, 10, 13, 26)}
_MAX_CONTROL_SHARE = 0.005


@dataclass(frozen=True)
class TextShape:
    """How to read a text file as a table.

    Args:
        encoding: Python codec name.
        delimiter: one character.
        lines: number of line ends, an upper estimate of the rows.
        skip_first: the first line is Excel's `sep=` hint and no data.
    """

    encoding: str
    delimiter: str
    lines: int
    skip_first: bool = False


def shape_of_text(path: Path) -> TextShape:
    """Return encoding and separator of a text file after reading all of it once.

    Raises:
        SpreadsheetError: binary content, NUL characters, or bytes of no supported encoding.
    """
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
    encoding, lines = _settle_encoding(path, sample)
    text = sample.decode(encoding, errors="ignore")
    _check_is_text(text)
    first_line = text.split("\n", 1)[0].strip().lower()
    if first_line.startswith("sep=") and len(first_line) == 5:
        return TextShape(encoding, first_line[4], lines, skip_first=True)
    return TextShape(encoding, _delimiter(text), lines)


def _settle_encoding(path: Path, sample: bytes) -> tuple[str, int]:
    declared = next((name for bom, name in _BOMS if sample.startswith(bom)), None)
    encoding = declared or _utf16_without_mark(sample)
    if encoding is not None:
        lines = _line_count(path, encoding)
        if lines is None:
            raise _undecodable(encoding)
        return encoding, lines
    for encoding in ("utf-8", "cp1252"):
        lines = _line_count(path, encoding)
        if lines is not None:
            return encoding, lines
    raise _undecodable("UTF-8")


def _undecodable(encoding: str) -> SpreadsheetError:
    return SpreadsheetError(
        N_(
            "Teks berkas tidak dapat dibaca sebagai %(encoding)s. Simpan ulang sebagai "
            "CSV UTF-8 atau .xlsx."
        ),
        encoding=encoding.upper(),
    )


def _utf16_without_mark(sample: bytes) -> str | None:
    """Guess UTF-16 from zero bytes that stand almost only at every second place."""
    pairs = len(sample) // 2
    if not pairs:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if even > 0.6 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None


def _line_count(path: Path, encoding: str) -> int | None:
    """Decode the whole file; return its line ends, or None where the encoding does not fit.

    Raises:
        SpreadsheetError: a NUL character.
    """
    lines = 0
    try:
        for text in _decoded(path, encoding):
            if "\0" in text:
                lines += text.count("\n", 0, text.index("\0"))
                raise SpreadsheetError(
                    N_(
                        "Baris %(row)s memuat karakter NUL; berkas rusak atau bukan teks. Simpan "
                        "ulang sebagai CSV UTF-8 atau .xlsx."
                    ),
                    row=lines + 1,
                )
            lines += text.count("\n")
    except UnicodeDecodeError:
        return None
    return lines


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _check_is_text(text: str) -> None:
    controls = sum(count for char, count in Counter(text).items() if ord(char) in _CONTROLS)
    if controls > _MAX_CONTROL_SHARE * max(len(text), 1):
        raise SpreadsheetError(
            N_("Berkas ini bukan teks maupun buku kerja Excel. Unggah berkas .xlsx atau .csv.")
        )


def _delimiter(text: str) -> str:
    """Return the separator that splits most of the first rows into the same number of cells."""
    lines = text.splitlines()
    if len(text) >= SAMPLE_BYTES // 4:
        lines = lines[:-1] or lines
    return max(DELIMITERS, key=lambda mark: _regularity(lines[:SAMPLE_ROWS], mark))


def _regularity(lines: list[str], delimiter: str) -> int:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return 0
    return max((count * (width - 1) for width, count in widths.items()), default=0)
