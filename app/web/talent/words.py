"""Words of the nine boxes: parts, levels, treatments, readiness."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from matching.box_rules import Method


def method_name(method: Method) -> str:
    """Return the name of a method in the language of the page."""
    return method.name_en if str(get_locale()) == "en" else method.name


def part_words() -> Mapping[str, str]:
    """Return the name of each part of an axis."""
    return {
        "skp": _("Predikat kinerja (SKP)"),
        "awards": _("Penghargaan"),
        "assignments": _("Penugasan dalam tim"),
        "feedback_360": _("Umpan balik 360 derajat"),
        "assessment": _("Kompetensi terverifikasi terhadap standar jabatan"),
        "development": _("Pengembangan kompetensi (JP)"),
        "experience": _("Pengalaman jabatan"),
        "potential": _("Hasil asesmen potensi"),
        "education_level": _("Jenjang pendidikan"),
        "education_field": _("Kesesuaian bidang pendidikan"),
        "discipline": _("Integritas dan moralitas (disiplin)"),
    }


def performance_words() -> Mapping[int, str]:
    """Return the three levels of the performance axis."""
    return {
        3: _("Di atas ekspektasi"),
        2: _("Sesuai ekspektasi"),
        1: _("Di bawah ekspektasi"),
    }


def potential_words() -> Mapping[int, str]:
    """Return the three levels of the potential axis."""
    return {1: _("Rendah"), 2: _("Menengah"), 3: _("Tinggi")}


def treatment_words() -> Mapping[str, str]:
    """Return the recommended treatments; the reference data keeps them in Indonesian."""
    return {
        "Penanganan menurut ketentuan yang berlaku": _("Penanganan menurut ketentuan yang berlaku"),
        "Bimbingan kinerja": _("Bimbingan kinerja"),
        "Konseling kinerja": _("Konseling kinerja"),
        "Pengembangan kompetensi": _("Pengembangan kompetensi"),
        "Penempatan yang sesuai": _("Penempatan yang sesuai"),
        "Rotasi": _("Rotasi"),
        "Rotasi atau pengayaan jabatan": _("Rotasi atau pengayaan jabatan"),
        "Rotasi atau perluasan jabatan": _("Rotasi atau perluasan jabatan"),
        "Pertahankan": _("Pertahankan"),
        "Promosi dan pertahankan": _("Promosi dan pertahankan"),
        "Kelompok rencana suksesi instansi": _("Kelompok rencana suksesi instansi"),
        "Kelompok rencana suksesi instansi atau nasional": _(
            "Kelompok rencana suksesi instansi atau nasional"
        ),
        "Tugas belajar": _("Tugas belajar"),
        "Penghargaan": _("Penghargaan"),
    }


def treatments(row: Mapping[str, Any]) -> list[str]:
    """Return the recommended treatments of a box in the language of the page."""
    known = treatment_words()
    given = row["recommendations"]
    items = given.split("|") if isinstance(given, str) else list(given or [])
    return [known.get(item, item) for item in items]


def readiness_words() -> dict[str, str]:
    """Return the words of readiness."""
    return {"now": _("Siap sekarang"), "one_year": _("Satu tahun"), "two_years": _("Dua tahun")}


def confidence_words() -> Mapping[str, str]:
    """Return how sure the source of a method is."""
    return {
        "confirmed": _("dibaca pada naskah resmi"),
        "secondary": _("sumber kedua, naskah resmi belum dibaca"),
        "not_confirmed": _("belum terkonfirmasi"),
        "local_draft": _("draf lokal"),
    }


def part_note(part: Mapping[str, Any]) -> str:
    """Return what the points of a part rest on."""
    if part["points"] is None:
        return _("belum diketahui")
    points = _("%(points)s poin", points=f"{float(part['points']):.0f}")
    note = str(part.get("note") or "").replace("_", " ")
    if part["code"] == "experience" and note.isdigit():
        note = _("%(years)s tahun dalam jabatan", years=note)
    if part["code"] == "assessment" and "/" in note:
        met, asked = note.split("/", 1)
        note = _(
            "%(met)s dari %(asked)s kompetensi yang diminta terverifikasi", met=met, asked=asked
        )
    return f"{points} · {note}" if note else points
