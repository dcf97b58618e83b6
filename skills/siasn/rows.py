"""Rows of a staff file as values of our fields, streamed: nothing here keeps more than a row, a
bounded memory of repeated cells, and the numbers already seen."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.spreadsheet.reader import Cell, Row
from skills.enums import EmploymentKind, PositionKind
from skills.siasn import cells, nip, terms
from skills.siasn.columns import FIELD_BY_NAME
from skills.siasn.mapping import ColumnMapping, ColumnState
from skills.siasn.problems import CellError, CellProblem, Severity

MEMORY_PER_COLUMN = 20_000

_PARSERS: Mapping[str, cells.Parser] = MappingProxyType(
    {
        "nip": nip.parse_nip,
        "nip_lama": nip.parse_nip_lama,
        "name": cells.parse_name,
        "birth_date": cells.parse_date,
        "sex": terms.parse_sex,
        "official_email": cells.parse_email,
        "employment_kind": terms.parse_employment_kind,
        "cpns_status": terms.parse_cpns_status,
        "employment_state": terms.parse_employment_state,
        "golongan": terms.parse_golongan,
        "golongan_since": cells.parse_date,
        "position_kind": terms.parse_position_kind,
        "position_since": cells.parse_date,
        "eselon": terms.parse_eselon,
        "education_level": terms.parse_education_level,
        "graduation_year": cells.parse_year,
        "service_start": cells.parse_date,
    }
)
# Nearly every cell of these columns is new, so remembering them would only cost memory.
_NOT_REMEMBERED = frozenset(("nip", "nip_lama", "name", "official_email"))
_DATED = ("birth_date", "golongan_since", "position_since", "service_start")

Found = tuple[Any, CellProblem | None]


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row of the file.

    Args:
        row_number: as a spreadsheet program shows it.
        values: value per mapped field; None for a blank cell. A field whose cell could not be
            understood is absent, so that what is stored stays as it is.
        problems: findings; the row may be taken over unless one is an error.
    """

    row_number: int
    values: dict[str, Any]
    problems: tuple[CellProblem, ...]

    @property
    def is_ok(self) -> bool:
        """Whether the row may be taken over."""
        return all(problem.severity is not Severity.ERROR for problem in self.problems)


def parse_rows(
    rows: Iterable[Row], mapping: ColumnMapping, *, today: date | None = None
) -> Iterator[ParsedRow]:
    """Yield the data rows of a file; blank rows are passed over.

    Args:
        rows: all rows of the file, the header included.
        mapping: columns and header place.
        today: dates after it get a warning.

    Raises:
        InvalidInput: a required field has no column.
    """
    if mapping.missing_required:
        label = Message(FIELD_BY_NAME[mapping.missing_required[0]].label)
        raise InvalidInput(
            Message(N_("Belum ada kolom untuk data wajib: %(field)s."), {"field": label})
        )
    return _parsed(rows, mapping, today)


def _parsed(rows: Iterable[Row], mapping: ColumnMapping, today: date | None) -> Iterator[ParsedRow]:
    columns = [(name, index, _reader(name)) for name, index in mapping.fields.items()]
    first_rows: dict[int, int] = {}
    for number, row in enumerate(rows, start=1):
        if number < mapping.data_row or not any(row):
            continue
        values: dict[str, Any] = {}
        problems: list[CellProblem] = []
        width = len(row)
        for name, index, read in columns:
            value, problem = read(row[index] if index < width else "")
            if problem is None:
                values[name] = value
            else:
                problems.append(problem)
        if not problems and not any(values.values()):
            continue  # only spaces, or remarks in columns that nobody reads
        _complete(values, problems, today)
        _check_repeated(values.get("nip"), number, first_rows, problems)
        yield ParsedRow(number, values, tuple(problems))


def _reader(name: str) -> Callable[[Cell], Found]:
    """Return a function from a cell to its value or problem that remembers repeated texts."""
    field = FIELD_BY_NAME[name]
    parse = _PARSERS.get(name) or cells.text_parser(field.max_length)

    def read(cell: Cell) -> Found:
        try:
            return parse(cell), None
        except CellError as error:
            return None, CellProblem(name, field.on_bad, error.message)

    if name in _NOT_REMEMBERED:
        return read
    return _remembering(read)


def _remembering(read: Callable[[Cell], Found]) -> Callable[[Cell], Found]:
    known: dict[str, Found] = {}

    def read_again(cell: Cell) -> Found:
        # Only texts: 1, 1.0 and True are one key of a dict and three different cells.
        if cell.__class__ is not str:
            return read(cell)
        found = known.get(cell)
        if found is None:
            if len(known) >= MEMORY_PER_COLUMN:
                known.clear()
            found = known[cell] = read(cell)
        return found

    return read_again


def _complete(values: dict[str, Any], problems: list[CellProblem], today: date | None) -> None:
    """Derive what several cells say together and compare them."""
    for name in ("nip", "name"):
        if name in values and values[name] is None:
            del values[name]
            problems.append(CellProblem(name, Severity.ERROR, _EMPTY[name]))
    _settle_kind(values)
    if values.get("position_kind") == terms.STRUCTURAL:
        _settle_structural(values, problems)
    if today is not None:
        _check_future(values, problems, today)
    if number := values.get("nip"):
        problems.extend(
            nip.nip_warnings(
                number,
                values.get("employment_kind"),
                values.get("birth_date"),
                values.get("sex"),
                values.get("service_start"),
            )
        )
    _check_golongan(values, problems)


_EMPTY: Mapping[str, Message] = MappingProxyType(
    {"nip": Message(N_("NIP kosong.")), "name": Message(N_("Nama kosong."))}
)


def _settle_kind(values: dict[str, Any]) -> None:
    """Fold the CPNS/PNS status column into the kind: it refines PNS and stands in for a blank."""
    status = values.pop("cpns_status", None)
    if status is None:
        return
    kind = values.get("employment_kind")
    if kind is None or (kind is EmploymentKind.PNS and status is EmploymentKind.CPNS):
        values["employment_kind"] = status


def _settle_structural(values: dict[str, Any], problems: list[CellProblem]) -> None:
    kind: PositionKind | None = terms.position_kind_of_eselon(values.get("eselon"))
    if kind is not None:
        values["position_kind"] = kind
        return
    del values["position_kind"]
    problems.append(CellProblem("position_kind", Severity.WARNING, _NEEDS_ESELON))


_NEEDS_ESELON = Message(
    N_("Jabatan struktural tanpa eselon: jenis jabatan tidak dapat ditentukan dan dilewati.")
)


def _check_future(values: dict[str, Any], problems: list[CellProblem], today: date) -> None:
    for name in _DATED:
        day = values.get(name)
        if day is not None and day > today:
            message = Message(
                N_("Tanggal %(date)s belum tiba; periksa."), {"date": f"{day:%d-%m-%Y}"}
            )
            problems.append(CellProblem(name, Severity.WARNING, message))


def _check_golongan(values: dict[str, Any], problems: list[CellProblem]) -> None:
    golongan, kind = values.get("golongan"), values.get("employment_kind")
    if golongan is None or kind is None:
        return
    if ("/" in golongan) is (kind is EmploymentKind.PPPK):
        message = Message(
            N_("Golongan %(golongan)s tidak lazim untuk %(kind)s."),
            {"golongan": golongan, "kind": str(kind)},
        )
        problems.append(CellProblem("golongan", Severity.WARNING, message))


def _check_repeated(
    number: str | None, row: int, first_rows: dict[int, int], problems: list[CellProblem]
) -> None:
    """Flag a number that stood in the file before; numbers are kept as ints to stay small."""
    if number is None:
        return
    first = first_rows.setdefault(int(number), row)
    if first != row:
        message = Message(N_("NIP sama sudah ada di baris %(row)s berkas ini."), {"row": first})
        problems.append(CellProblem("nip", Severity.ERROR, message))


def redact_rows(rows: Iterable[Row], mapping: ColumnMapping) -> Iterator[list[Cell]]:
    """Yield the rows with personal and unnamed columns blanked, for the copy that is stored.

    Rows above the header are blanked wholly (they may hold anything); row numbers and column
    places stay, so that the stored copy is read with the same mapping.
    """
    kept = [
        column.index
        for column in mapping.columns
        if column.state not in (ColumnState.PERSONAL, ColumnState.BLANK)
    ]
    width = len(mapping.columns)
    for number, row in enumerate(rows, start=1):
        clean: list[Cell] = [""] * width
        if number >= mapping.header_row:
            for index in kept:
                if index < len(row):
                    clean[index] = row[index]
        yield clean
