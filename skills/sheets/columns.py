"""The columns of the files of dictionary, standards and levels; an export has the same headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.spreadsheet.reader import Row
from skills.enums import ImportKind
from skills.siasn.mapping import ColumnMapping, ColumnMatch, ColumnState, normalise_header


@dataclass(frozen=True)
class SheetColumn:
    """A column: name, header in the file (also its label), other headers, whether needed."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    width: float = 18.0


_C = SheetColumn
DICTIONARY = (
    _C("framework", N_("Kamus"), ("framework", "kode kamus"), True),
    _C("code", N_("Kode"), ("code", "kode kompetensi"), True, 12),
    _C("row_kind", N_("Baris"), ("row", "tipe"), width=12),
    _C("parent", N_("Kode induk"), ("parent", "bidang", "induk"), width=14),
    _C("name", N_("Nama"), ("name", "nama kompetensi"), True, 34),
    _C("name_en", N_("Nama Inggris"), ("english name", "name en"), width=34),
    _C("kind", N_("Jenis"), ("kind", "jenis kompetensi")),
    _C("definition", N_("Definisi"), ("definition",), width=50),
    _C("two_stage", N_("Dua tahap"), ("two stage",), width=10),
    _C("months", N_("Masa berlaku bukti"), ("shelf life", "masa berlaku"), width=12),
    _C("keywords", N_("Kata kunci"), ("keywords",), width=34),
    *(
        _C(f"level_{n}", text, (f"level {n}",), width=44)
        for n, text in enumerate(
            (
                N_("Perilaku level 1"),
                N_("Perilaku level 2"),
                N_("Perilaku level 3"),
                N_("Perilaku level 4"),
                N_("Perilaku level 5"),
            ),
            start=1,
        )
    ),
    _C("mappings", N_("Padanan"), ("mappings",), width=34),
    _C("state", N_("Keadaan"), ("state", "status"), width=12),
)
STANDARD = (
    _C("standard", N_("Kode standar"), ("standard", "standard code"), True, 24),
    _C("standard_name", N_("Nama standar"), ("standard name",), width=36),
    _C("standard_kind", N_("Berlaku untuk"), ("kind",)),
    _C("class_code", N_("Kelas jabatan"), ("position class",)),
    _C("competency", N_("Kode kompetensi"), ("competency", "competency code"), True, 14),
    _C("competency_name", N_("Nama kompetensi"), ("competency name",), width=34),
    _C("level", N_("Level"), ("level",), True, 8),
    _C("weight", N_("Bobot"), ("weight",), width=8),
    _C("mandatory", N_("Wajib"), ("mandatory",), width=8),
    _C("remove", N_("Hapus"), ("remove",), width=8),
)
LEVEL = (
    _C("nip", N_("NIP"), ("nip",), True, 22),
    _C("person", N_("Nama pegawai"), ("nama", "name"), width=30),
    _C("competency", N_("Kode kompetensi"), ("competency", "competency code"), True, 14),
    _C("competency_name", N_("Nama kompetensi"), ("competency name",), width=34),
    _C("level", N_("Level"), ("level",), True, 8),
    _C("source", N_("Sumber"), ("source", "sumber level"), True),
    _C("obtained_on", N_("Tanggal diperoleh"), ("obtained on", "tanggal"), True),
    _C("valid_until", N_("Berlaku sampai"), ("valid until",)),
    _C("note", N_("Catatan"), ("note", "nomor"), width=30),
)
COLUMNS: Mapping[str, Sequence[SheetColumn]] = {
    ImportKind.DICTIONARY: DICTIONARY,
    ImportKind.STANDARD: STANDARD,
    ImportKind.LEVEL: LEVEL,
}
COLUMN_BY_NAME: Mapping[str, SheetColumn] = {
    column.name: column
    for columns in (LEVEL, STANDARD, DICTIONARY)
    for column in columns
    if column.name != "nip"
}


def find_columns(kind: str, head: Sequence[Row]) -> ColumnMapping:
    """Return header row and columns of a file of a kind.

    Raises:
        InvalidInput: no row has the needed headers; the sentence names what is missing.
    """
    names = _names(kind)
    needed = {column.name for column in COLUMNS[kind] if column.required}
    best, place = set[str](), 0
    for number, row in enumerate(head):
        found = {names[key] for cell in row if (key := normalise_header(cell)) in names}
        if len(found) > len(best):
            best, place = found, number
    missing = [c for c in COLUMNS[kind] if c.name in needed - best]
    if missing:
        text = N_(
            "Kolom wajib tidak ditemukan: %(column)s. Pakai judul seperti pada berkas unduhan."
        )
        raise InvalidInput(Message(text, {"column": Message(missing[0].label)}), field="berkas")
    return ColumnMapping(place + 1, place + 2, tuple(_matches(names, head[place])))


def _names(kind: str) -> dict[str, str]:
    return {
        normalise_header(header): column.name
        for column in COLUMNS[kind]
        for header in (column.label, column.name, *column.aliases)
    }


def _matches(names: Mapping[str, str], header: Row) -> list[ColumnMatch]:
    found, taken = [], set[str]()
    for index, cell in enumerate(header):
        key = normalise_header(cell)
        name = names.get(key)
        if not key:
            state = ColumnState.BLANK
        elif name is None:
            state = ColumnState.UNKNOWN
        else:
            state = ColumnState.DUPLICATE if name in taken else ColumnState.MAPPED
        field = name if state is ColumnState.MAPPED else None
        if field:
            taken.add(field)
        found.append(ColumnMatch(index, str(cell or ""), key, state, field, 1.0 if field else 0.0))
    return found
