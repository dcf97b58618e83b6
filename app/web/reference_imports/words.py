"""Words of the imports of reference data; states and actions are those of every import."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from app.core.i18n import Message
from app.web.i18n import render
from app.web.imports.words import ACTIONS, STATES
from skills.enums import ImportKind
from skills.services.import_report import problem_words
from skills.sheets.columns import COLUMN_BY_NAME
from skills.sheets.dictionary_rows import STATE_WORDS

__all__ = ["ACTIONS", "STATES", "field_word", "kind_of", "kinds", "note", "value_word"]


@dataclass(frozen=True)
class KindWords:
    """How the pages speak of a kind of file."""

    kind: str
    name: str
    lead: str
    unit: str
    home: str
    home_name: str


def kinds() -> dict[str, KindWords]:
    """Return the words of each kind."""
    found = (
        KindWords(
            ImportKind.DICTIONARY,
            _("Kamus kompetensi"),
            _(
                "Satu baris satu kamus, bidang, atau kompetensi dengan lima levelnya. Rumusan yang "
                "sudah dipakai menjadi edisi baru; tidak ada yang dihapus."
            ),
            _("Butir"),
            "dictionary.index",
            _("Kamus kompetensi"),
        ),
        KindWords(
            ImportKind.STANDARD,
            _("Standar kompetensi"),
            _(
                "Satu baris satu syarat. Standar yang berubah mendapat versi baru yang berlaku "
                "hari ini; syarat yang tidak disebut tetap ada, kecuali kolom Hapus diisi ya."
            ),
            _("Syarat"),
            "standards.index",
            _("Standar kompetensi"),
        ),
        KindWords(
            ImportKind.LEVEL,
            _("Level pegawai"),
            _(
                "Satu baris satu hasil pengukuran: NIP, kompetensi, level, sumber, dan tanggal. "
                "Riwayat tidak ditimpa; level yang berlaku dihitung ulang seketika."
            ),
            _("Pegawai dan kompetensi"),
            "people.index",
            _("Pegawai"),
        ),
    )
    return {str(one.kind): one for one in found}


def kind_of(kind: str) -> KindWords | None:
    """Return the words of a kind, or None."""
    return kinds().get(kind)


def field_word(name: str) -> str:
    """Return the label of a column."""
    return render(Message(COLUMN_BY_NAME[name].label)) if name in COLUMN_BY_NAME else name


def value_word(name: str, value: Any) -> str:
    """Return a kept value as people read it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if name == "state":
        return STATE_WORDS.get(str(value), str(value))
    if name in ("obtained_on", "valid_until"):
        return format_date(date.fromisoformat(str(value)), "d MMM yyyy")
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def note(problem: Mapping[str, Any]) -> str:
    """Return a finding in the language of the request."""
    return problem_words(problem, render)
