"""Words of records from elsewhere in the language of the request."""

from typing import Any

from flask_babel import gettext as _

from app.core.db import db
from app.web.profile.right_words import row_name
from skills.models import OutsideRecord
from skills.services.reference_load import reference_rows


def kind_words() -> dict[str, tuple[str, str, str]]:
    """Return name, what it is, and icon of each kind."""
    return {
        "certificate": (
            _("Sertifikat atau lisensi"),
            _("Sertifikat kompetensi, lisensi profesi, atau sertifikat produk."),
            "award",
        ),
        "training": (
            _("Pelatihan"),
            _("Diklat, bimtek, kursus, atau seminar di luar e-karir."),
            "mortarboard",
        ),
        "language": (
            _("Bahasa"),
            _("Hasil ujian atau sertifikat bahasa asing, daerah, atau isyarat."),
            "globe2",
        ),
    }


def state_words() -> dict[str, tuple[str, str]]:
    """Return word and tone of the states."""
    return {
        "draft": (_("Draf"), "draft"),
        "sent": (_("Menunggu pemeriksaan"), "pending"),
        "verified": (_("Terverifikasi"), "verified"),
        "returned": (_("Dikembalikan"), "returned"),
    }


def _choices(table: str) -> list[tuple[str, str]]:
    rows = sorted(reference_rows(db.session(), table), key=lambda row: int(row["order"]))
    return [(str(row["code"]), row_name(row)) for row in rows]


def language_choices() -> list[tuple[str, str]]:
    """Return code and name of the languages."""
    return _choices("languages")


def level_choices() -> list[tuple[str, str]]:
    """Return code and name of the levels of a language."""
    return _choices("language_levels")


def title_of(row: OutsideRecord, languages: dict[str, str]) -> str:
    """Return how a record is named in a list."""
    if row.kind == "language" and row.language:
        name = languages.get(row.language, row.language)
        return f"{name} {row.language_level or ''}".strip()
    return row.title or _("Tanpa judul")


def helpers() -> dict[str, Any]:
    """Return what the templates of these records use."""
    return {"outside_states": state_words(), "outside_title": title_of}
