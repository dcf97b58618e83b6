"""Words of the pages of standards and of reference data."""

from typing import Any

from flask_babel import gettext as _

from app.web.i18n import named
from skills.standard_rules import ChangeKind


def kind_words() -> dict[str, str]:
    """Return what a standard is of."""
    return {
        "class": _("Kelas jabatan"),
        "position": _("Jabatan"),
        "role": _("Peran smart city"),
    }


def state_words() -> dict[str, tuple[str, str]]:
    """Return word and tone of the states of reference data."""
    return {
        "prepared": (_("Sedang disiapkan"), "pending"),
        "draft": (_("Draf lokal"), "draft"),
        "in_force": (_("Berlaku"), "active"),
        "retired": (_("Tidak dipakai"), "closed"),
    }


def change_words() -> dict[str, tuple[str, str]]:
    """Return word and tone of what happened to a requirement."""
    return {
        ChangeKind.ADDED: (_("Ditambah"), "accent"),
        ChangeKind.REMOVED: (_("Dihapus"), "neutral"),
        ChangeKind.RAISED: (_("Naik"), "warning"),
        ChangeKind.LOWERED: (_("Turun"), "success"),
        ChangeKind.REWEIGHED: (_("Bobot atau sifat"), "info"),
    }


def confidence_words() -> dict[str, str]:
    """Return how sure the source of reference data is."""
    return {
        "confirmed": _("dibaca pada teks aturan"),
        "secondary": _("sumber kedua"),
        "not_confirmed": _("belum dipastikan"),
        "local_draft": _("draf lokal"),
    }


def helpers() -> dict[str, Any]:
    """Return what the templates use."""
    return {
        "named": named,
        "standard_kinds": kind_words(),
        "reference_states": state_words(),
        "change_words": change_words(),
        "confidences": confidence_words(),
    }
