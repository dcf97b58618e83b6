"""The employee number: its form, what its digits say, and what does not agree with it.

Digits 1-8 birth date, 9-12 year of appointment, 13-14 month (PNS) or a code from 21 (PPPK),
15 sex, 16-18 sequence from 001. Sources: news texts on Peraturan Kepala BKN 22/2007 (PNS,
secondary); public code (PPPK code, weak). So the kind is only a hint, and a doubtful digit
only a warning.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from app.core.i18n import N_, Message
from app.core.spreadsheet.reader import Cell
from skills.enums import EmploymentKind, Sex
from skills.siasn.cells import clean_text
from skills.siasn.problems import CellError, CellProblem, Severity

_SEPARATORS = re.compile(r"[\s.'`\"-]+")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d*)?E\+?\d+", re.IGNORECASE)
_PPPK_CODES = range(21, 100)
_BIRTH_YEARS = range(1930, 2021)


@dataclass(frozen=True)
class NipParts:
    """What the digits say; None where they say nothing possible."""

    birth_date: date | None
    start_year: int
    start_month: int | None
    sex: Sex | None
    kind_hint: EmploymentKind | None


@dataclass(frozen=True)
class NipCheck:
    """A usable number or None, with what to tell about it."""

    nip: str | None
    problems: tuple[CellProblem, ...] = ()


def parse_nip(cell: Cell) -> str | None:
    """Return 18 digits, or None for a blank cell.

    Raises:
        CellError: the number was damaged by a spreadsheet, or has not exactly 18 digits.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise CellError(
            N_(
                "NIP tersimpan sebagai bilangan (%(value)s) sehingga angka terakhirnya hilang. "
                "Ubah format kolom menjadi Teks, lalu isi kembali NIP dari sumbernya."
            ),
            value=f"{cell:.6G}",
        )
    text = clean_text(cell)
    if text is None:
        return None
    digits = _SEPARATORS.sub("", text)
    if not digits.isascii():
        digits = unicodedata.normalize("NFKC", digits)
    if len(digits) == 18 and digits.isascii() and digits.isdigit():
        return _undamaged(digits)
    raise _malformed(text, digits)


def _undamaged(digits: str) -> str:
    if digits.endswith("000"):
        # Spreadsheets keep 15 digits and fill up with zeros; a sequence starts at 001.
        raise CellError(
            N_(
                "NIP %(value)s berakhiran 000: tiga angka terakhir hilang karena pernah disimpan "
                "sebagai bilangan. Isi kembali NIP dari sumbernya."
            ),
            value=digits,
        )
    return digits


def _malformed(text: str, digits: str) -> CellError:
    if _SCIENTIFIC.fullmatch(text):
        return CellError(
            N_(
                "NIP rusak oleh aplikasi lembar kerja (%(value)s). Ubah format kolom menjadi Teks, "
                "lalu isi kembali NIP dari sumbernya."
            ),
            value=text[:40],
        )
    if not (digits.isascii() and digits.isdigit()):
        return CellError(N_('NIP "%(value)s" memuat karakter selain angka.'), value=text[:40])
    if len(digits) == 9:
        return CellError(
            N_("NIP %(value)s adalah NIP lama (9 angka); isi NIP baru 18 angka."), value=digits
        )
    return CellError(N_("NIP harus 18 angka; di sini %(count)s angka."), count=len(digits))


def read_nip(nip: str) -> NipParts:
    """Return what the 18 digits of a number say."""
    code = int(nip[12:14])
    month = code if 1 <= code <= 12 else None
    hint = EmploymentKind.PNS if month else None
    if code in _PPPK_CODES:
        hint = EmploymentKind.PPPK
    return NipParts(
        birth_date=_birth_date(nip),
        start_year=int(nip[8:12]),
        start_month=month,
        sex={"1": Sex.MALE, "2": Sex.FEMALE}.get(nip[14]),
        kind_hint=hint,
    )


def _birth_date(nip: str) -> date | None:
    try:
        day = date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
    except ValueError:
        return None
    return day if day.year in _BIRTH_YEARS else None


def check_nip(
    cell: Cell,
    kind: EmploymentKind | None = None,
    *,
    birth_date: date | None = None,
    sex: Sex | None = None,
    service_start: date | None = None,
) -> NipCheck:
    """Check a number's form and compare it with the rest of the row.

    A wrong form is an error. Everything else is a warning, so that an unusual number (a PPPK's
    above all) is looked at and never refused.

    Args:
        kind, birth_date, sex, service_start: the row's other cells, where known.
    """
    try:
        nip = parse_nip(cell)
    except CellError as error:
        return NipCheck(None, (CellProblem("nip", Severity.ERROR, error.message),))
    if nip is None:
        return NipCheck(None, (CellProblem("nip", Severity.ERROR, Message(N_("NIP kosong."))),))
    return NipCheck(nip, nip_warnings(nip, kind, birth_date, sex, service_start))


def nip_warnings(
    nip: str,
    kind: EmploymentKind | None,
    birth_date: date | None,
    sex: Sex | None,
    service_start: date | None,
) -> tuple[CellProblem, ...]:
    """Return what in a well-formed number is implausible or does not agree with the row."""
    # Nearly every row agrees wholly; comparing the texts is much cheaper than taking it apart.
    if birth_date is not None and nip[:8] == f"{birth_date:%Y%m%d}" and sex is not None:
        agrees = nip[14] == ("1" if sex is Sex.MALE else "2")
        if agrees and not _kind_and_start(nip, kind, service_start):
            return ()
    messages = [*_birth_and_sex(nip, birth_date, sex), *_kind_and_start(nip, kind, service_start)]
    return tuple(CellProblem("nip", Severity.WARNING, message) for message in messages)


def _birth_and_sex(nip: str, birth_date: date | None, sex: Sex | None) -> list[Message]:
    parts = read_nip(nip)
    messages = []
    if parts.birth_date is None:
        messages.append(
            Message(
                N_("Delapan angka pertama NIP (%(digits)s) bukan tanggal lahir yang wajar."),
                {"digits": nip[:8]},
            )
        )
    elif birth_date is not None and parts.birth_date != birth_date:
        messages.append(
            Message(
                N_("Tanggal lahir %(date)s berbeda dari NIP (%(digits)s)."),
                {"date": f"{birth_date:%d-%m-%Y}", "digits": nip[:8]},
            )
        )
    if parts.sex is None:
        messages.append(
            Message(N_("Angka ke-15 NIP (%(digit)s) bukan 1 atau 2."), {"digit": nip[14]})
        )
    elif sex is not None and parts.sex is not sex:
        messages.append(Message(N_("Jenis kelamin berbeda dari angka ke-15 NIP.")))
    return messages


def _kind_and_start(
    nip: str, kind: EmploymentKind | None, service_start: date | None
) -> list[Message]:
    code = nip[12:14]
    messages = []
    if kind is EmploymentKind.PPPK:
        if code < "21":
            messages.append(
                _odd_code(N_("Angka 13-14 NIP (%(code)s) tidak lazim untuk PPPK."), code)
            )
    elif kind is not None and not "01" <= code <= "12":
        messages.append(_odd_code(N_("Angka 13-14 NIP (%(code)s) bukan bulan, padahal PNS."), code))
    if service_start is not None and kind is not EmploymentKind.PPPK:
        if nip[8:14] != f"{service_start.year:04d}{service_start.month:02d}":
            messages.append(
                Message(
                    N_("TMT CPNS %(date)s berbeda dari NIP (%(digits)s)."),
                    {"date": f"{service_start:%d-%m-%Y}", "digits": nip[8:14]},
                )
            )
    return messages


def _odd_code(text: str, code: str) -> Message:
    return Message(text, {"code": code})


def parse_nip_lama(cell: Cell) -> str | None:
    """Return the old number of nine digits.

    Raises:
        CellError: not nine digits.
    """
    text = clean_text(cell)
    if text is None:
        return None
    digits = _SEPARATORS.sub("", text)
    if len(digits) == 9 and digits.isascii() and digits.isdigit():
        return digits
    raise CellError(N_('NIP lama "%(value)s" tidak terdiri dari 9 angka.'), value=text[:40])
