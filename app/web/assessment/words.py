"""Kinds of raters, states of rounds and bands in words."""

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.web.i18n import named
from skills.enums import RaterKind, RoundState


def kind_words() -> dict[str, str]:
    """Return the name of each kind of rater."""
    return {
        RaterKind.SELF: _("Diri sendiri"),
        RaterKind.SUPERVISOR: _("Atasan"),
        RaterKind.ASSESSOR: _("Asesor"),
        RaterKind.PEER: _("Rekan"),
        RaterKind.SUBORDINATE: _("Bawahan"),
    }


def kind_notes() -> dict[str, str]:
    """Return what becomes of the ratings of each kind."""
    return {
        RaterKind.SELF: _("Tersimpan sebagai klaim, bukan level terverifikasi."),
        RaterKind.SUPERVISOR: _("Tersimpan sebagai pendapat atasan."),
        RaterKind.ASSESSOR: _("Menjadi level terverifikasi setelah putaran ditutup."),
        RaterKind.PEER: _("Hanya tampil dari jumlah penilai minimum; nama tidak tampil."),
        RaterKind.SUBORDINATE: _("Hanya tampil dari jumlah penilai minimum; nama tidak tampil."),
    }


def kind_icons() -> dict[str, str]:
    """Return the icon of each kind of rater."""
    return {
        RaterKind.SELF: "person",
        RaterKind.SUPERVISOR: "person-badge",
        RaterKind.ASSESSOR: "patch-check",
        RaterKind.PEER: "people",
        RaterKind.SUBORDINATE: "diagram-3",
    }


def state_words() -> dict[str, tuple[str, str]]:
    """Return word and tone of the states of a round."""
    return {
        RoundState.DRAFT: (_("Draf"), "draft"),
        RoundState.OPEN: (_("Terbuka"), "info"),
        RoundState.CLOSING: (_("Sedang ditutup"), "pending"),
        RoundState.CLOSED: (_("Ditutup"), "success"),
    }


def band_words(band: Any) -> str:
    """Return the name of a band, a dash where there is none."""
    if not band:
        return "–"
    return str(band["name_en" if str(get_locale()) == "en" else "name"])


BAND_TONES = {
    "POOR": "danger",
    "SLIGHT": "danger",
    "FAIR": "warning",
    "MODERATE": "info",
    "SUBSTANTIAL": "success",
    "ALMOST_PERFECT": "success",
}


def helpers() -> dict[str, Any]:
    """Return what the templates of this journey call."""
    return {
        "kinds": kind_words(),
        "kind_notes": kind_notes(),
        "kind_icons": kind_icons(),
        "round_states": state_words(),
        "band_words": band_words,
        "band_tones": BAND_TONES,
        "named": named,
    }
