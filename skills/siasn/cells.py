"""Plain cells: text, dates in three notations, years, e-mail. A parser returns a value, None for a
blank cell, or raises CellError; it never guesses."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

from app.core.i18n import N_
from app.core.spreadsheet.reader import Cell
from skills.siasn.problems import CellError

Parser = Callable[[Cell], object]

_BLANKS = frozenset(("", "-", "--", "—", ".", "NULL", "null", "N/A", "#N/A", "#REF!", "#VALUE!"))
# Invisible characters that come along with copied text and mean nothing.
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(3_654, 73_051)  # 1910-01-01 to 2100-01-01
_YEARS = range(1900, 2101)
_NUMERIC_DATE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[ T]00:00(?::00)?)?")
_ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?Z?)?")
_NAMED_DATE = re.compile(r"(\d{1,2})[-/. ]([A-Za-z]+)\.?[-/. ](\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]+)[-/. ]\d{2}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_MONTH_NAMES = (
    "januari jan january|februari feb pebruari peb february|maret mar march|april apr|mei may|"
    "juni jun june|juli jul july|agustus agu agt ags aug august|september sep sept|"
    "oktober okt oct october|november nov nopember nop|desember des dec december"
)
_MONTHS: Mapping[str, int] = MappingProxyType(
    {
        name: number
        for number, names in enumerate(_MONTH_NAMES.split("|"), start=1)
        for name in names.split()
    }
)


def clean_text(cell: Cell) -> str | None:
    """Return a cell as one line of text, or None where it is blank.

    Raises:
        CellError: characters that cannot be shown (controls, direction overrides).
    """
    text = cell if isinstance(cell, str) else _text_of_value(cell)
    text = " ".join(text.split())
    if not text.isprintable():
        text = " ".join(text.translate(_INVISIBLE).split())
        if not text.isprintable():
            raise CellError(
                N_("Sel memuat karakter yang tidak dapat ditampilkan. Ketik ulang isinya.")
            )
    return None if text in _BLANKS else text


def _text_of_value(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def text_parser(max_length: int) -> Parser:
    """Return a parser for free text of at most so many characters."""

    def parse(cell: Cell) -> str | None:
        text = clean_text(cell)
        if text is not None and len(text) > max_length:
            raise CellError(
                N_("Isi terlalu panjang: %(length)s karakter, paling panjang %(limit)s."),
                length=len(text),
                limit=max_length,
            )
        return text

    return parse


_parse_any_name = text_parser(200)


def parse_name(cell: Cell) -> str | None:
    """Return a person's name as written, titles and apostrophes kept.

    Raises:
        CellError: over 200 characters, without a letter, or with characters that cannot be shown.
    """
    name = _parse_any_name(cell)
    if name is not None and (not isinstance(name, str) or not any(map(str.isalpha, name))):
        raise CellError(N_('Nama "%(value)s" tidak memuat huruf.'), value=name)
    return name if isinstance(name, str) else None


def parse_date(cell: Cell) -> date | None:
    """Return a date from a date cell, an Excel serial number, or text.

    Text may be dd-mm-yyyy (also with / . or spaces), yyyy-mm-dd, or with an Indonesian month name.

    Raises:
        CellError: no date, a year of two digits, or a year outside 1900 to 2100.
    """
    if isinstance(cell, datetime):
        return _in_range(cell.date())
    if isinstance(cell, date):
        return _in_range(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _date_of_serial(cell)
    text = clean_text(cell)
    return None if text is None else _date_of_text(text)


def _in_range(day: date) -> date:
    if day.year not in _YEARS:
        raise CellError(
            N_("Tahun %(year)s pada tanggal tidak masuk akal; periksa penulisannya."), year=day.year
        )
    return day


def _date_of_serial(number: float) -> date:
    # The comparison comes first because infinity and not-a-number have no integer.
    if not (_SERIALS.start <= number < _SERIALS.stop):
        raise CellError(
            N_("Bilangan %(value)s bukan tanggal. Tulis sebagai hh-bb-tttt, misalnya 17-08-1990."),
            value=f"{number:g}",
        )
    return _EXCEL_EPOCH + timedelta(days=int(number))


def _date_of_text(text: str) -> date:
    if match := _NUMERIC_DATE.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif (match := _NAMED_DATE.fullmatch(text)) and match[2].lower() in _MONTHS:
        day, month, year = int(match[1]), _MONTHS[match[2].lower()], int(match[3])
    elif text.isascii() and text.isdigit() and len(text) <= 5 and int(text) in _SERIALS:
        return _date_of_serial(int(text))
    else:
        raise _no_date(text)
    try:
        return _in_range(date(year, month, day))
    except ValueError as error:
        raise _no_date(text) from error


def _no_date(text: str) -> CellError:
    if _SHORT_YEAR.fullmatch(text):
        return CellError(
            N_('Tanggal "%(value)s" memakai tahun dua angka; tulis empat angka.'), value=text
        )
    return CellError(
        N_('"%(value)s" bukan tanggal yang sah. Tulis sebagai hh-bb-tttt, misalnya 17-08-1990.'),
        value=text[:40],
    )


def parse_year(cell: Cell) -> int | None:
    """Return a year of graduation from a number, a year in text, or a date.

    Raises:
        CellError: no year between 1930 and 2100.
    """
    if isinstance(cell, date):
        return cell.year
    text = clean_text(cell)
    if text is None or text == "0":
        return None
    if text.isascii() and text.isdigit() and 1930 <= int(text[:6]) <= 2100:
        return int(text)
    raise CellError(N_('"%(value)s" bukan tahun yang sah, misalnya 2012.'), value=text[:40])


def parse_email(cell: Cell) -> str | None:
    """Return an e-mail address in lower case.

    Raises:
        CellError: not one address of the usual form.
    """
    text = clean_text(cell)
    if text is None:
        return None
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise CellError(N_('"%(value)s" bukan alamat surel yang sah.'), value=text[:60])
    return text.lower()
