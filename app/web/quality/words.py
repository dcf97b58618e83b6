"""Dimensions, checks, decisions, and the page that mends a finding, in words."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.web.filters import tanggal
from app.web.i18n import render
from skills.services.reconciliation import DATES
from skills.siasn.columns import FIELDS

_PLACES = {"opd": "opd_name", "unit": "unit_name", "position": "position_name"}
# The field of the edit form that mends a finding.
_FIELDS = {
    "no_birth_date": "birth_date",
    "no_education": "education_level",
    "no_rank": "golongan",
    "no_position": "position_id",
    "no_email": "official_email",
    "no_start": "service_start",
    "nip_birth": "birth_date",
    "nip_sex": "sex",
    "nip_start": "service_start",
    "unknown_education": "education_level",
    "unknown_rank": "golongan",
    "no_standard": "position_id",
    "kind_differs": "position_id",
    "foreign_unit": "unit_id",
    "date_order": "golongan_since",
    "stale_record": "name",
}


def dimension_name(code: str) -> str:
    """Return the name of a dimension."""
    return {
        "completeness": _("Kelengkapan"),
        "timeliness": _("Ketepatan waktu"),
        "accuracy": _("Ketepatan isi"),
        "consistency": _("Konsistensi"),
    }[code]


def dimension_note(code: str) -> str:
    """Return what a dimension asks, in one sentence."""
    return {
        "completeness": _("Data yang wajib ada, ada."),
        "timeliness": _("Data dan buktinya masih mutakhir."),
        "accuracy": _("Isi cocok dengan NIP dan tabel baku."),
        "consistency": _("Data tidak saling bertentangan."),
    }[code]


def dimension_icon(code: str) -> str:
    """Return the icon of a dimension."""
    return {
        "completeness": "list-check",
        "timeliness": "clock",
        "accuracy": "check2-all",
        "consistency": "link-45deg",
    }[code]


def check_name(rule: Any) -> str:
    """Return the name of a check in the language of the request."""
    return str(rule.name_en if str(get_locale()) == "en" else rule.name)


def fix_url(code: str, employee_id: int) -> str:
    """Return the address of the page that mends a finding of a person."""
    if code in ("no_supervisor", "gone_supervisor"):
        return url_for("people.supervisor", employee_id=employee_id)
    if code == "past_retirement":
        return url_for("people.change", id=employee_id)
    if code in _FIELDS:
        return url_for("people.edit", employee_id=employee_id, _anchor=_FIELDS[code])
    if code == "expired_evidence":
        return url_for("profile.show", employee_id=employee_id)
    return url_for("people.show", employee_id=employee_id)


def field_name(field: str) -> str:
    """Return the name of a column of the staff file."""
    labels = {item.name: item.label for item in FIELDS}
    wanted = _PLACES.get(field, field)
    return render(labels.get(wanted) or {"opd": _("Perangkat daerah")}.get(field) or field)


def value_words(field: str, value: str | None) -> str:
    """Return a value of a datum as people write it."""
    if not value:
        return "–"
    return tanggal(date.fromisoformat(value), "medium") if field in DATES else value


def decision_words() -> dict[str | None, tuple[str, str]]:
    """Return label and tone of each decision."""
    return {
        None: (_("Belum diputuskan"), "pending"),
        "accept": (_("Nilai SIASN diterima"), "success"),
        "keep": (_("Nilai lokal dipertahankan"), "neutral"),
        "correct": (_("Diusulkan koreksi ke SIASN"), "warning"),
    }


def helpers() -> dict[str, Any]:
    """Return what the templates of this journey call."""
    return {
        "dimension_name": dimension_name,
        "dimension_note": dimension_note,
        "dimension_icon": dimension_icon,
        "check_name": check_name,
        "fix_url": fix_url,
        "field_name": field_name,
        "value_words": value_words,
        "decisions": decision_words(),
    }
