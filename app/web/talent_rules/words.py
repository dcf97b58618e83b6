"""Words of the tables of rules: what each is about, its units, and how sure its sources are."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class TableWords:
    """A table as a page speaks of it."""

    code: str
    title: str
    lead: str
    keeps: str  # what a change does not touch
    icon: str


def tables() -> list[TableWords]:
    """Return the tables in the order of the page."""
    return [
        TableWords(
            "scoring_rules",
            _("Kesesuaian dan keadilan"),
            _("Batas kelompok memenuhi dan hampir, nilai sebuah klaim, dan kelompok umur."),
            _("Hasil pencarian yang tersimpan tetap memakai batas dan bobotnya sendiri."),
            "bar-chart",
        ),
        TableWords(
            "nine_box_methods",
            _("Cara sembilan kotak"),
            _("Ambang, bobot bagian, penomoran, dan kotak yang diusulkan ke kelompok talenta."),
            _("Kotak yang sudah dihitung berubah hanya bila dihitung ulang."),
            "grid-3x3-gap",
        ),
        TableWords(
            "panel_criteria",
            _("Kriteria panel"),
            _("Apa yang dinilai panel pada wawancara dan paparan, dan bobotnya."),
            _("Panel yang sudah mulai menilai selesai dengan kriteria awalnya."),
            "people",
        ),
        TableWords(
            "process_rules",
            _("Suksesi, masa tugas, dan takaran lain"),
            _("Peluang mutasi, hari pengingat, tipisnya peran, dan takaran poin kotak."),
            _("Pengingat yang sudah terkirim dan kotak yang sudah dihitung tidak berubah."),
            "calendar-check",
        ),
        TableWords(
            "letter",
            _("Nomor dan kata-kata surat"),
            _("Pola nomor konsep keputusan, judul, menimbang, mengingat, dan penutupnya."),
            _("Surat dari keputusan lama dicetak dengan kata-kata yang berlaku saat itu."),
            "file-earmark-text",
        ),
    ]


def words_of(code: str) -> TableWords | None:
    """Return the words of a table, None where there is no such table."""
    return next((table for table in tables() if table.code == code), None)


def unit_words() -> Mapping[str, str]:
    """Return the units of numbers."""
    return {
        "point": _("poin"),
        "percent": _("persen"),
        "share": _("bagian"),
        "day": _("hari"),
        "word": _("kata"),
        "year": _("tahun"),
        "jp": "JP",
        "competency": _("kompetensi"),
    }


def confidence_tones() -> Mapping[str, str]:
    """Return the tone of each certainty."""
    return {
        "confirmed": "success",
        "secondary": "info",
        "not_confirmed": "warning",
        "local_draft": "neutral",
        "mixed": "neutral",
    }
