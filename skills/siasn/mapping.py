"""Which column of a file fills which field: found, guessed, changed by a person, remembered."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.spreadsheet.limits import HEADER_SEARCH_ROWS
from app.core.spreadsheet.reader import Row
from skills.siasn.columns import (
    CHOOSABLE_PERSONAL,
    FIELD_BY_NAME,
    IGNORED_HEADERS,
    PERSONAL_HEADERS,
    PERSONAL_WORDS,
    REQUIRED_FIELDS,
    SIASN_COLUMNS,
    SYNONYMS,
)

EXACT, SYNONYM, SIMILAR, CHOSEN = 1.0, 0.9, 0.6, 1.0
_SIMILARITY_CUTOFF = 0.86


class ColumnState(StrEnum):
    """What happens to a column of the file."""

    MAPPED = "mapped"
    PERSONAL = "personal"
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    DUPLICATE = "duplicate"
    BLANK = "blank"


@dataclass(frozen=True)
class ColumnMatch:
    """One column of a file.

    Args:
        index: place from 0.
        header: text as it stands in the file.
        key: normalised header, made unique with ` #2`; choices are remembered under it.
        state: what happens to the column.
        field: target field where mapped.
        confidence: 1 exact or chosen, 0.9 old name, 0.6 similar spelling, 0 none.
    """

    index: int
    header: str
    key: str
    state: ColumnState
    field: str | None = None
    confidence: float = 0.0


@dataclass(frozen=True)
class ColumnMapping:
    """All columns of a file with the place of its header.

    Args:
        header_row: number of the (first) header row, from 1.
        data_row: number of the first row after the header.
        columns: in file order.
    """

    header_row: int
    data_row: int
    columns: tuple[ColumnMatch, ...]

    @property
    def fields(self) -> dict[str, int]:
        """Place of the column of each mapped field."""
        return {column.field: column.index for column in self.columns if column.field}

    @property
    def missing_required(self) -> tuple[str, ...]:
        """Required fields without a column."""
        return tuple(name for name in REQUIRED_FIELDS if name not in self.fields)

    def in_state(self, state: ColumnState) -> tuple[ColumnMatch, ...]:
        """Return the columns in one state, for the lists on the screen."""
        return tuple(column for column in self.columns if column.state is state)

    @property
    def personal(self) -> tuple[ColumnMatch, ...]:
        """Columns of personal data that are dropped before anything is stored."""
        return self.in_state(ColumnState.PERSONAL)

    @property
    def choices(self) -> dict[str, str | None]:
        """The mapping as plain data, to be remembered and applied to a file of the same headers."""
        open_states = (ColumnState.BLANK, ColumnState.PERSONAL)
        return {c.key: c.field for c in self.columns if c.state not in open_states}

    @property
    def signature(self) -> str:
        """Digest of the headers in any order, the key of a remembered mapping (64 characters)."""
        keys = sorted(column.key for column in self.columns if column.key)
        return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def normalise_header(text: object) -> str:
    """Return a header without case, punctuation, notes in brackets and usual abbreviations."""
    plain = unicodedata.normalize("NFKC", str(text or "")).upper()
    plain = _BRACKETS.sub(" ", plain).replace("E-MAIL", "EMAIL")
    words = _NON_WORD.sub(" ", plain).split()
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_NON_WORD = re.compile(r"[^\w]+|_+")
_ABBREVIATIONS: Mapping[str, str] = MappingProxyType(
    {"TGL": "TANGGAL", "THN": "TAHUN", "TH": "TAHUN", "TK": "TINGKAT", "NMR": "NOMOR"}
)
# Headers that our field names are guessed from, each with its field and confidence.
_KNOWN: Mapping[str, tuple[str, float]] = MappingProxyType(
    {header: (name, SYNONYM) for name, headers in SYNONYMS.items() for header in headers}
    | {column.header: (column.field, EXACT) for column in SIASN_COLUMNS if column.field}
)
_PREFERENCE: Mapping[str, int] = MappingProxyType(
    {header: place for headers in SYNONYMS.values() for place, header in enumerate(headers, 1)}
)


def guess_mapping(rows: Sequence[Row]) -> ColumnMapping:
    """Find the header in the first rows of a file and guess the field of each column.

    Args:
        rows: the first rows, at most 20 are looked at.

    Raises:
        InvalidInput: no row has the name of a column that we know.
    """
    best: tuple[int, int, int, list[str]] | None = None
    for number, height, headers in _candidates(rows[:HEADER_SEARCH_ROWS]):
        # Single rows come first, so a header over two rows must explain more columns than one.
        score = _known_count(headers)
        if score > 0 and (best is None or score > best[0]):
            best = (score, number, height, headers)
    if best is None:
        raise InvalidInput(
            Message(
                N_(
                    "Baris judul kolom tidak ditemukan dalam %(count)s baris pertama. Pastikan ada "
                    "satu baris berisi judul seperti NIP dan NAMA."
                ),
                {"count": HEADER_SEARCH_ROWS},
            )
        )
    _, number, height, headers = best
    data_row = number + height
    if len(rows) >= data_row and _is_numbering(rows[data_row - 1]):
        data_row += 1
    return ColumnMapping(number, data_row, _guess_columns(headers))


def apply_choices(
    mapping: ColumnMapping, choices: Mapping[str, str | None], *, remembered: bool = False
) -> ColumnMapping:
    """Return the mapping with columns moved to other fields or to none.

    Args:
        choices: field name or None per column key; columns that are not named stay.
        remembered: choices of an earlier file; what no longer fits is passed over in silence.

    Raises:
        InvalidInput: an unknown column or field, a personal column, or two columns for a field.
    """
    by_key = {column.key: column for column in mapping.columns if column.key}
    accepted: dict[int, str | None] = {}
    for key, name in choices.items():
        refusal = _refusal(by_key.get(key), key, name)
        if refusal is None:
            accepted[by_key[key].index] = name
        elif not remembered:
            raise InvalidInput(refusal, field=key)
    taken = {name for name in accepted.values() if name}
    columns = tuple(_chosen(column, accepted, taken) for column in mapping.columns)
    changed = replace(mapping, columns=columns)
    _check_single_use(changed)
    return changed


def _candidates(rows: Sequence[Row]) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (number, height, headers) of every row and of every two rows read as one header."""
    for number, row in enumerate(rows, start=1):
        yield number, 1, [_header_text(cell) for cell in row]
    for number, (upper, lower) in enumerate(pairwise(rows), start=1):
        yield number, 2, _two_row_header(upper, lower)


def _header_text(cell: object) -> str:
    return " ".join(cell.split())[:200] if isinstance(cell, str) else ""


def _two_row_header(upper: Row, lower: Row) -> list[str]:
    """Join merged group titles with the names below them, whichever form is known."""
    headers, group = [], ""
    for index in range(max(len(upper), len(lower))):
        above = _header_text(upper[index]) if index < len(upper) else ""
        below = _header_text(lower[index]) if index < len(lower) else ""
        group = above or (group if below else "")
        joined = f"{group} {below}".strip()
        named = group if normalise_header(below) == "NAMA" else ""
        forms = (joined, f"{below} {group}".strip(), named, below)
        headers.append(next((form for form in forms if _is_known(form)), joined or above))
    return headers


def _is_numbering(row: Row) -> bool:
    """Tell the row of column numbers that printed forms have below the header: 1, 2, 3 ..."""
    texts = [_plain_number(cell) for cell in row if cell not in ("", None)]
    return len(texts) > 1 and texts == [str(number) for number in range(1, len(texts) + 1)]


def _plain_number(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell).strip(" ()")


def _is_known(header: str) -> bool:
    key = normalise_header(header)
    return key in _KNOWN or key in IGNORED_HEADERS or key in PERSONAL_HEADERS


def _known_count(headers: Sequence[str]) -> int:
    """Count known headers; a row with only NO or KETERANGAN is no header."""
    keys = {normalise_header(header) for header in headers if header and len(header) <= 60}
    if not keys & _KNOWN.keys():
        return 0
    return sum(1 for key in keys if _is_known(key))


def _guess_columns(headers: Sequence[str]) -> tuple[ColumnMatch, ...]:
    seen: dict[str, int] = {}
    matches = []
    for index, header in enumerate(headers):
        base = normalise_header(header)
        seen[base] = seen.get(base, 0) + 1
        key = base if seen[base] == 1 or not base else f"{base} #{seen[base]}"
        matches.append(_guess_column(index, header, base, key))
    return _without_double_fields(matches)


def _guess_column(index: int, header: str, base: str, key: str) -> ColumnMatch:
    if not base:
        return ColumnMatch(index, header, "", ColumnState.BLANK)
    if base in _KNOWN:
        name, confidence = _KNOWN[base]
        return ColumnMatch(index, header, key, ColumnState.MAPPED, name, confidence)
    if base in PERSONAL_HEADERS or PERSONAL_WORDS & set(base.split()):
        return ColumnMatch(index, header, key, ColumnState.PERSONAL)
    if base in IGNORED_HEADERS:
        return ColumnMatch(index, header, key, ColumnState.IGNORED)
    similar = get_close_matches(base, [*_KNOWN, *IGNORED_HEADERS], 1, _SIMILARITY_CUTOFF)
    if similar and similar[0] in _KNOWN:
        name = _KNOWN[similar[0]][0]
        return ColumnMatch(index, header, key, ColumnState.MAPPED, name, SIMILAR)
    return ColumnMatch(index, header, key, ColumnState.UNKNOWN)


def _without_double_fields(matches: Sequence[ColumnMatch]) -> tuple[ColumnMatch, ...]:
    """Keep the surest column of each field; the others wait as duplicates."""
    ranked = sorted(
        (match for match in matches if match.field),
        key=lambda m: (-m.confidence, _PREFERENCE.get(normalise_header(m.header), 0), m.index),
    )
    winner: dict[str | None, int] = {}
    for match in ranked:
        winner.setdefault(match.field, match.index)
    return tuple(
        match
        if match.field is None or winner[match.field] == match.index
        else replace(match, state=ColumnState.DUPLICATE, field=None, confidence=0.0)
        for match in matches
    )


def _refusal(column: ColumnMatch | None, key: str, name: str | None) -> Message | None:
    if column is None:
        return Message(N_('Kolom "%(column)s" tidak ada di berkas ini.'), {"column": key})
    if name is None:
        return None
    if name not in FIELD_BY_NAME:
        return Message(N_('Tujuan kolom "%(column)s" tidak dikenal.'), {"column": column.header})
    is_choosable = CHOOSABLE_PERSONAL.get(key) == name
    if column.state is ColumnState.PERSONAL and not is_choosable:
        return Message(
            N_('Kolom "%(column)s" berisi data pribadi dan tidak boleh diimpor.'),
            {"column": column.header},
        )
    return None


def _chosen(
    column: ColumnMatch, accepted: Mapping[int, str | None], taken: set[str]
) -> ColumnMatch:
    name = accepted.get(column.index, column.field)
    if column.index not in accepted and column.field in taken:
        name = None  # somebody gave this field to another column
    if name == column.field:
        return column
    if name is not None:
        return replace(column, state=ColumnState.MAPPED, field=name, confidence=CHOSEN)
    released = ColumnState.PERSONAL if column.key in CHOOSABLE_PERSONAL else ColumnState.IGNORED
    return replace(column, state=released, field=None, confidence=0.0)


def _check_single_use(mapping: ColumnMapping) -> None:
    used: dict[str, str] = {}
    for column in mapping.columns:
        if column.field in used and column.field is not None:
            raise InvalidInput(
                Message(
                    N_('Kolom "%(first)s" dan "%(second)s" ditujukan ke data yang sama.'),
                    {"first": used[column.field], "second": column.header},
                ),
                field=column.key,
            )
        if column.field is not None:
            used[column.field] = column.header
