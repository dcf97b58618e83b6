"""Dimensions, checks and decisions in words."""

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.web.i18n import render
from skills.siasn.columns import FIELDS

_PLACES = {"opd": "opd_name", "unit": "unit_name", "position": "position_name"}


def dimension_name(code: str) -> str:
    """Return the name of a dimension."""
    return {
        "completeness": _("Kelengkapan"),
        "timeliness": _("Ketepatan waktu"),
        "accuracy": _("Ketepatan isi"),
        "consistency": _("Konsistensi"),
    }[code]


def check_name(rule: Any) -> str:
    """Return the name of a check in the language of the request."""
    return str(rule.name_en if str(get_locale()) == "en" else rule.name)


def field_name(field: str) -> str:
    """Return the name of a column of the staff file."""
    labels = {item.name: item.label for item in FIELDS}
    wanted = _PLACES.get(field, field)
    return render(labels.get(wanted) or {"opd": _("Perangkat daerah")}.get(field) or field)


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
        "check_name": check_name,
        "field_name": field_name,
        "decisions": decision_words(),
    }
