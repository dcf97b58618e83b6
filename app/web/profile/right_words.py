"""Words of one's rights over the own data: who did what for which purpose, contests, consent."""

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.actor import RoleName
from app.web.admin.forms import ROLE_WORDS
from app.web.filters import tanggal
from app.web.profile.doings import doings
from app.web.profile.words import source_words
from skills.models import LevelRecord
from skills.queries.rights import Visit

# The longest fitting beginning of a tag says what the processing is for.
_PURPOSES = (
    "skills:claim",
    "skills:team",
    "skills:import",
    "skills:ip_asn",
    "skills:owndata",
    "skills:contest",
    "skills:finding",
    "skills:employee",
    "skills:outside",
    "skills",
    "matching",
    "courses:certificate",
    "courses:jp",
    "courses",
    "accounts",
    "files",
    "audit",
)


def row_name(row: dict[str, Any]) -> str:
    """Return the name of a row of a reference table in the language of the request."""
    english = str(get_locale() or "id") == "en"
    return str((row.get("name_en") if english else None) or row["name"])


def _purpose_words() -> dict[str, str]:
    return {
        "skills:claim": _("pemeriksaan klaim kompetensi"),
        "skills:team": _("pembinaan anggota tim"),
        "skills:import": _("pemutakhiran data kepegawaian dari SIASN"),
        "skills:ip_asn": _("pengukuran Indeks Profesionalitas ASN"),
        "skills:owndata": _("hak Anda atas salinan data"),
        "skills:contest": _("jawaban atas sanggahan Anda"),
        "skills:finding": _("pengawasan atas verifikasi"),
        "skills:employee": _("pengelolaan data kepegawaian"),
        "skills:outside": _("pemeriksaan riwayat dari luar"),
        "skills": _("pengelolaan profil kompetensi"),
        "matching": _("pencarian dan penempatan admin sistem"),
        "courses:certificate": _("penerbitan dan pemeriksaan sertifikat"),
        "courses:jp": _("penghitungan jam pelajaran"),
        "courses": _("penyelenggaraan pelatihan"),
        "accounts": _("keamanan dan pengelolaan akun"),
        "files": _("pembacaan bukti yang Anda kirim"),
        "audit": _("pengawasan internal"),
    }


def purpose_of(tag: str) -> str:
    """Return what a processing was for, by the tag of its audit event."""
    known = _purpose_words()
    found = next((start for start in _PURPOSES if tag.startswith(start)), None)
    return known[found] if found else _("tugas kedinasan")


def doing_of(tag: str) -> str:
    """Return what was done, by the tag of its audit event."""
    known = doings()
    if tag in known:
        return known[tag]
    verb = tag.rpartition(":")[2]
    if verb in ("read", "list", "preview", "eligible"):
        return _("melihat data")
    if verb in ("export", "download", "print"):
        return _("mengunduh atau mencetak data")
    return _("mencatat atau mengubah data")


def role_of(visit: Visit) -> str:
    """Return in which roles somebody acted; the plain role of every employee says nothing."""
    roles = [role for role in visit.roles if role != RoleName.EMPLOYEE]
    words = [str(ROLE_WORDS[RoleName(role)]) for role in roles]
    return ", ".join(words) if words else ""


def contest_states() -> dict[str, tuple[str, str]]:
    """Return word and tone of the states of a contest."""
    return {
        "open": (_("Menunggu jawaban"), "pending"),
        "corrected": (_("Diperbaiki"), "verified"),
        "refused": (_("Ditolak dengan alasan"), "returned"),
        "withdrawn": (_("Ditarik"), "cancelled"),
    }


def consent_words(purpose: str) -> dict[str, str]:
    """Return title, text and effect of an optional processing."""
    known = {
        "portfolio_search": {
            "title": _("Portofolio ikut dibaca saat pencarian talenta"),
            "text": _(
                "Judul dan uraian karya Anda dipakai mencocokkan Anda dengan peran yang dicari OPD."
            ),
            "effect": _(
                "Tanpa persetujuan, pencarian hanya memakai data kepegawaian, pelatihan, dan level "
                "Anda. Nilai kesesuaian tidak berkurang karenanya."
            ),
        }
    }
    return known[purpose]


def level_subject(row: LevelRecord) -> str:
    """Return how a contest names a row of the history of levels."""
    source = source_words().get(row.source, row.source)
    text = _(
        "Level %(level)s dari %(source)s, %(date)s",
        level=row.level,
        source=source,
        date=tanggal(row.obtained_on, "medium"),
    )
    return text[:160]


def helpers() -> dict[str, Any]:
    """Return what the templates of this journey use."""
    return {
        "doing_of": doing_of,
        "purpose_of": purpose_of,
        "role_of": role_of,
        "contest_states": contest_states(),
    }
