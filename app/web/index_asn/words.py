"""The index in words: parts, elements, bands, and what would raise it."""

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.web.filters import link_to
from skills.ip_asn_rules import (
    COMPETENCE,
    DISCIPLINE,
    EDUCATION,
    PENALTY,
    PERFORMANCE,
    POSITION_TRAINING,
    PREDICATE,
    QUALIFICATION,
    SEMINAR,
    TECHNICAL,
    Element,
    Index,
)

BAND_TONES = {1: "danger", 2: "warning", 3: "info", 4: "success", 5: "success"}


def part_name(dimension: str) -> str:
    """Return the name of one of the four parts."""
    return {
        QUALIFICATION: _("Kualifikasi"),
        COMPETENCE: _("Kompetensi"),
        PERFORMANCE: _("Kinerja"),
        DISCIPLINE: _("Disiplin"),
    }[dimension]


def element_name(code: str) -> str:
    """Return what an element asks."""
    return {
        EDUCATION: _("Pendidikan tertinggi"),
        POSITION_TRAINING: _("Pelatihan sesuai jabatan"),
        TECHNICAL: _("Pelatihan teknis 20 JP setahun terakhir"),
        SEMINAR: _("Seminar, lokakarya, atau sejenis"),
        PREDICATE: _("Predikat kinerja tahun lalu"),
        PENALTY: _("Hukuman disiplin"),
    }.get(code, code)


def answer_words(element: Element) -> str:
    """Return the fact that was found for an element."""
    if element.answer is None:
        return _("Belum diketahui")
    if element.answer == "YA":
        return _("Sudah, terverifikasi")
    if element.answer == "TIDAK":
        return _("Belum ada yang terverifikasi")
    return _(element.label) if element.label else ""


def advice(element: Element) -> str:
    """Return what would give the open points of an element."""
    return {
        EDUCATION: _("Lengkapi data pendidikan, atau tempuh jenjang berikutnya."),
        POSITION_TRAINING: _("Ikuti pelatihan kepemimpinan atau fungsional sesuai jabatan."),
        TECHNICAL: _("Kumpulkan 20 JP pelatihan teknis terverifikasi dalam setahun."),
        SEMINAR: _("Ikuti satu seminar atau lokakarya dan verifikasikan buktinya."),
        PREDICATE: _("Naikkan predikat SKP, atau minta data tahun lalu dilengkapi."),
        PENALTY: _("Catatan hukuman disiplin menahan nilai ini."),
    }.get(element.code, "")


def advice_url(element: Element) -> str | None:
    """Return the page where the person can act on the advice, None where there is none."""
    trainings = (POSITION_TRAINING, TECHNICAL, SEMINAR)
    return link_to("training.catalogue") if element.code in trainings else None


def band_name(index: Index) -> str:
    """Return the band of an index in the language of the request."""
    if index.band is None:
        return "–"
    return band_label(index.band)


def band_label(band: Any) -> str:
    """Return the name of a band in the language of the request."""
    return str(band["name_en" if str(get_locale()) == "en" else "name"])


def helpers() -> dict[str, Any]:
    """Return what the templates of this journey call."""
    return {
        "part_name": part_name,
        "element_name": element_name,
        "answer_words": answer_words,
        "advice": advice,
        "advice_url": advice_url,
        "band_name": band_name,
        "band_tones": BAND_TONES,
    }
