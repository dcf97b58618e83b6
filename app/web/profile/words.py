"""Words of profiles and claims in the language of the request: names, sources, states, rules."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.core.db import db
from app.web.filters import tanggal
from app.web.i18n import named
from skills.enums import ClaimState, LevelSource
from skills.models import Claim, Competency
from skills.queries.team import Cell
from skills.rules import LevelPolicy, PolicyMode
from skills.services.level_policy import is_recomputing


def source_words() -> dict[str, str]:
    """Return the words of the sources of levels."""
    return {
        LevelSource.SELF: _("klaim sendiri"),
        LevelSource.SUPERVISOR: _("penilaian atasan"),
        LevelSource.PEER: _("penilaian rekan"),
        LevelSource.SUBORDINATE: _("penilaian bawahan"),
        LevelSource.EVIDENCE: _("bukti terverifikasi"),
        LevelSource.ASSESSOR: _("penilaian asesor"),
        LevelSource.ASSESSMENT: _("hasil asesmen"),
        LevelSource.CERTIFICATE: _("sertifikat e-karir"),
        LevelSource.PATH: _("jalur yang terpenuhi"),
    }


def state_words() -> dict[str, tuple[str, str]]:
    """Return word and tone of the states of a claim."""
    return {
        ClaimState.DRAFT: (_("Draf"), "draft"),
        ClaimState.SUBMITTED: (_("Menunggu pemeriksaan"), "pending"),
        ClaimState.UNIT_ACCEPTED: (_("Tahap kedua"), "pending"),
        ClaimState.ACCEPTED: (_("Diterima"), "verified"),
        ClaimState.RETURNED: (_("Dikembalikan"), "returned"),
        ClaimState.WITHDRAWN: (_("Ditarik"), "cancelled"),
    }


def rule_words(policy: LevelPolicy) -> str:
    """Return the rule that decides about the level of a competency, as a sentence."""
    mode, years = policy.mode, policy.years
    if mode == PolicyMode.PRIORITY:
        names = source_words()
        return _(
            "Yang berlaku ialah level dari sumber terkuat yang masih berlaku, menurut urutan: "
            "%(sources)s. Bukti dari sumber yang lebih kuat dapat menaikkannya.",
            sources=", ".join(names[source] for source in policy.ranking),
        )
    if mode == PolicyMode.LATEST:
        return _(
            "Yang berlaku ialah hasil pengukuran terbaru; bukti yang terbit sesudahnya dapat "
            "menaikkannya."
        )
    if mode == PolicyMode.BEST_WITHIN and years:
        return _(
            "Yang berlaku ialah level tertinggi dari bukti yang masih berlaku dan tidak lebih tua "
            "dari %(years)s tahun.",
            years=years,
        )
    return _("Yang berlaku ialah level tertinggi dari bukti yang masih berlaku.")


def short_rule(rule: str | None) -> str:
    """Return a rule as it is kept beside a level (`best_within:5`), in a few words."""
    mode, _colon, rest = (rule or "").partition(":")
    if mode == PolicyMode.LATEST:
        return _("pengukuran terbaru")
    if mode == PolicyMode.BEST_WITHIN:
        return _("tertinggi dalam %(years)s tahun", years=rest)
    if mode == PolicyMode.PRIORITY:
        return _("sumber terkuat: %(source)s", source=source_words().get(rest.split(">")[0], rest))
    return _("tertinggi yang masih berlaku") if mode == PolicyMode.BEST else ""


def levels_stale() -> bool:
    """Return whether levels are being recomputed, so that a page says so."""
    return is_recomputing(db.session())


def days_words(days: int) -> str:
    """Return for how long something has waited."""
    if days <= 0:
        return _("hari ini")
    return ngettext("%(num)d hari", "%(num)d hari", days)


def waiting_days(claim: Claim) -> int:
    """Return for how many days a claim has been where it is."""
    return max(0, (clock.today() - clock.local(claim.stage_since).date()).days)


def state_line(claim: Claim) -> str:
    """Return who has a claim now and since when."""
    since = tanggal(claim.stage_since, "medium")
    if claim.state in (ClaimState.SUBMITTED, ClaimState.UNIT_ACCEPTED):
        return _(
            "Di %(who)s sejak %(since)s (%(days)s)",
            who=_holder(claim),
            since=since,
            days=days_words(waiting_days(claim)),
        )
    if claim.state == ClaimState.ACCEPTED:
        return _("Diterima pada level %(level)s, %(since)s", level=claim.decided_level, since=since)
    if claim.state == ClaimState.RETURNED:
        return _("Kembali di tangan Anda sejak %(since)s untuk diperbaiki", since=since)
    if claim.state == ClaimState.WITHDRAWN:
        return _("Ditarik %(since)s", since=since)
    return _("Di tangan Anda sejak %(since)s, belum dikirim", since=since)


def _holder(claim: Claim) -> str:
    if claim.state == ClaimState.UNIT_ACCEPTED:
        return _("asesor kota, tahap 2 dari 2")
    supervisor = claim.employee.supervisor
    if claim.competency.two_stage:
        if supervisor is not None:
            return _("atasan langsung (%(name)s), tahap 1 dari 2", name=supervisor.name)
        return _("pemeriksa unit, tahap 1 dari 2")
    return _("asesor BKPSDM atau atasan langsung")


def withdrawn_words(reason: str | None) -> str:
    """Return why a row of the history was withdrawn."""
    known = {
        "returned by the verifier": _("klaim dikembalikan pemeriksa"),
        "withdrawn by its owner": _("klaim ditarik pemiliknya"),
        "contested by its owner": _("sanggahan pemiliknya diterima"),
        "accepted at a lower level": _("diterima pada level yang lebih rendah"),
        "path no longer fulfilled": _("jalurnya tidak lagi terpenuhi"),
        "path fulfilled anew": _("jalurnya terpenuhi dengan masa berlaku baru"),
        "import undone": _("impornya dibatalkan"),
        "replaced by an import": _("diganti oleh impor yang lebih baru"),
    }
    return known.get(reason or "", reason or "")


def part_words(part: str | None) -> str:
    """Return the name of a part of a profile."""
    known = {
        "education": _("pendidikan dan jurusan"),
        "position": _("jabatan"),
        "supervisor": _("atasan langsung"),
        "email": _("surel kedinasan"),
        "training": _("riwayat pelatihan"),
        "verified": _("kompetensi terverifikasi"),
        "standard": _("kompetensi yang dituntut jabatan"),
        "skp": _("predikat kinerja (SKP)"),
    }
    return known.get(part or "", part or "")


def skp_words() -> dict[str, str]:
    """Return the words of the performance predicates (PermenPANRB 6/2022)."""
    return {
        "SANGAT_BAIK": _("Sangat baik"),
        "BAIK": _("Baik"),
        "BUTUH_PERBAIKAN": _("Butuh perbaikan"),
        "KURANG": _("Kurang"),
        "SANGAT_KURANG": _("Sangat kurang"),
    }


def cell_words(cell: Cell) -> str:
    """Return a cell of the team's map as text: `2/3`, `?/3`, `(3)/3` for a claim."""
    if cell.verified is not None:
        held = str(cell.verified)
    else:
        held = f"({cell.claimed})" if cell.claimed is not None else "?"
    if cell.required is None:
        return "" if held == "?" else held
    return f"{held}/{cell.required}"


def cell_state_words() -> dict[str, str]:
    """Return the meaning of a cell's colour."""
    return {
        "met": _("Terpenuhi"),
        "short": _("Kurang"),
        "claimed": _("Baru diklaim"),
        "unknown": _("Belum diketahui"),
        "held": _("Tidak dituntut"),
        "blank": "",
    }


def level_choices(competency: Competency) -> list[tuple[int, list[str]]]:
    """Return the levels of a competency with their behaviours."""
    return [(row.level, list(row.behaviours)) for row in competency.levels]


def helpers() -> dict[str, Any]:
    """Return what the templates of these journeys use."""
    return {
        "named": named,
        "state_line": state_line,
        "claim_states": state_words(),
        "sources": source_words(),
        "skp_words": skp_words(),
        "part_words": part_words,
        "days_words": days_words,
        "waiting_days": waiting_days,
        "withdrawn_words": withdrawn_words,
        "short_rule": short_rule,
        "levels_stale": levels_stale,
        "cell_words": cell_words,
        "cell_states": cell_state_words(),
        "today": clock.today(),
    }
