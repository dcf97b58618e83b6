"""Words of the import pages: states, actions, fields, values."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.i18n import Message
from app.web.i18n import render
from skills.services.import_report import problem_words
from skills.siasn.columns import FIELD_BY_NAME, FIELDS

STATES: Mapping[str, tuple[Any, str]] = {
    "uploaded": (_l("Menunggu pemetaan kolom"), "warning"),
    "mapped": (_l("Uji coba berjalan"), "info"),
    "checked": (_l("Siap diterapkan"), "accent"),
    "running": (_l("Sedang diterapkan"), "info"),
    "applied": (_l("Diterapkan"), "success"),
    "undone": (_l("Dibatalkan seluruhnya"), "neutral"),
    "failed": (_l("Gagal"), "danger"),
    "cancelled": (_l("Dihentikan"), "neutral"),
}
ACTIONS: Mapping[str, tuple[Any, str]] = {
    "create": (_l("Baru"), "success"),
    "update": (_l("Diperbarui"), "info"),
    "unchanged": (_l("Tidak berubah"), "neutral"),
    "error": (_l("Galat"), "danger"),
}
COLUMN_STATES: Mapping[str, Any] = {
    "mapped": _l("Dipakai"),
    "personal": _l("Data pribadi, dibuang"),
    "ignored": _l("Tidak dipakai"),
    "unknown": _l("Tidak dikenal"),
    "duplicate": _l("Kembar, tidak dipakai"),
    "blank": _l("Tanpa judul, dibuang"),
}
_PLACES = {"opd": _l("Perangkat daerah"), "unit": _l("Unit kerja"), "position": _l("Jabatan")}
_VALUES: Mapping[str, Any] = {
    "active": _l("Aktif"),
    "study_leave": _l("Tugas belajar"),
    "unpaid_leave": _l("Cuti di luar tanggungan negara"),
    "suspended": _l("Berhenti sementara"),
    "moved": _l("Pindah instansi"),
    "retired": _l("Pensiun"),
    "left": _l("Berhenti"),
}


def field_word(name: str) -> str:
    """Return the label of a field of the import."""
    if name in _PLACES:
        return str(_PLACES[name])
    return render(Message(FIELD_BY_NAME[name].label)) if name in FIELD_BY_NAME else name


def field_choices() -> list[tuple[str, str]]:
    """Return the targets that a column can have."""
    chosen = [(field.name, render(Message(field.label))) for field in FIELDS]
    return [("", _("Jangan dipakai")), *chosen]


def value_word(name: str, value: Any) -> str:
    """Return a kept value as people read it."""
    if value is None or value == "":
        return "–"
    if name == "employment_state":
        return str(_VALUES.get(str(value), value))
    if isinstance(value, str) and name in ("birth_date", "service_start") or name.endswith("since"):
        return format_date(date.fromisoformat(str(value)), "d MMM yyyy")
    return str(value)


def note(problem: Mapping[str, Any]) -> str:
    """Return a finding in the language of the request."""
    return problem_words(problem, render)
