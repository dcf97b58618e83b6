"""From a profile to what its page shows: one row per competency, and the next step in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.web.filters import tanggal
from app.web.profile.words import named, part_words
from matching.models import Role
from skills.enums import ClaimState
from skills.models import Claim, Competency
from skills.next_step import NextStep, StepKind
from skills.queries.profile import GapLine, HeldLevel, Profile, gap_lines
from skills.queries.standards import requirements_of
from skills.rules import GapState, share_met

RADAR_SPOKES = 10  # more cannot be read on a phone; the list below has them all


@dataclass(frozen=True)
class CompetencyRow:
    """A competency of the person: what is verified, claimed, asked, and what waits."""

    competency: Competency
    verified: int | None
    claimed: int | None
    required: int | None
    mandatory: bool
    source: str | None
    since: date | None
    valid_until: date | None
    rule: str | None
    claim: Claim | None

    @property
    def state(self) -> str:
        """Where the row stands: verified, claimed or unknown."""
        if self.verified is not None:
            return "verified"
        return "claimed" if self.claimed is not None else "unknown"


@dataclass(frozen=True)
class Comparison:
    """A profile against the standard that the reader chose."""

    title: str
    lines: Sequence[GapLine]
    share: float
    role_code: str | None
    is_draft: bool

    @property
    def open_lines(self) -> list[GapLine]:
        """Requirements that are not met, the largest first."""
        return [line for line in self.lines if line.gap.missing]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many requirements stand where."""
        found = {state.value: 0 for state in GapState}
        for line in self.lines:
            found[line.gap.state.value] += 1
        return found

    @property
    def radar(self) -> dict[str, list[Any]]:
        """Return the spokes of the chart: the requirements of most weight, in their order."""
        heaviest = sorted(self.lines, key=lambda line: -line.gap.requirement.weight)[:RADAR_SPOKES]
        shown = sorted(heaviest, key=lambda line: line.competency.position)
        return {
            "labels": [named(line.competency) for line in shown],
            "values": [line.gap.held for line in shown],
            "required": [line.gap.requirement.level for line in shown],
        }


def comparison(
    session: Any, profile: Profile, roles: Sequence[Role], code: str | None
) -> Comparison:
    """Return the profile against the chosen role, or against the position's standard."""
    role = next((role for role in roles if role.code == code), None)
    if role is None:
        return Comparison(
            title=_("Standar jabatan"),
            lines=profile.gap_lines,
            share=profile.share_met,
            role_code=None,
            is_draft=profile.standard.is_draft,
        )
    lines = gap_lines(session, requirements_of(role.standard), profile.levels)
    return Comparison(
        title=named(role),
        lines=lines,
        share=share_met([line.gap for line in lines]),
        role_code=role.code,
        is_draft=role.standard.state == "draft",
    )


def competency_rows(profile: Profile) -> tuple[list[CompetencyRow], list[CompetencyRow]]:
    """Return the competencies that the position asks, and the others the person has."""
    held = {row.competency.id: row for row in profile.levels}
    claims = _open_claims(profile.claims)
    asked = [
        _row(line.competency, held.get(line.competency.id), claims, line)
        for line in profile.gap_lines
    ]
    asked_ids = {row.competency.id for row in asked}
    others = [
        _row(row.competency, row, claims, None)
        for row in profile.levels
        if row.competency.id not in asked_ids
    ]
    return asked, others


def _open_claims(claims: Sequence[Claim]) -> dict[int, Claim]:
    closed = (ClaimState.ACCEPTED, ClaimState.WITHDRAWN)
    return {claim.competency_id: claim for claim in claims if claim.state not in closed}


def _row(
    competency: Competency, held: HeldLevel | None, claims: dict[int, Claim], line: GapLine | None
) -> CompetencyRow:
    need = line.gap.requirement if line else None
    return CompetencyRow(
        competency=competency,
        verified=held.verified if held else None,
        claimed=held.claimed if held else None,
        required=need.level if need else None,
        mandatory=bool(need and need.mandatory),
        source=held.source if held else None,
        since=held.since if held else None,
        valid_until=held.valid_until if held else None,
        rule=held.rule if held else None,
        claim=claims.get(competency.id),
    )


@dataclass(frozen=True)
class StepWords:
    """The next step as the page says it."""

    title: str
    text: str
    action: str | None
    url: str | None
    icon: str


def step_words(step: NextStep) -> StepWords:
    """Return the next thing to do in words, with where to do it."""
    name = named(step.competency) if step.competency is not None else ""
    if step.kind is StepKind.MEND:
        return StepWords(
            _("Perbaiki klaim %(name)s", name=name),
            _("Pemeriksa mengembalikannya dengan alasan. Perbaiki buktinya, lalu kirim lagi."),
            _("Lihat alasan"),
            url_for("claims.show", claim_id=step.claim.id),
            "arrow-left",
        )
    if step.kind is StepKind.SEND:
        return StepWords(
            _("Kirim draf %(name)s", name=name),
            _("Buktinya sudah Anda unggah. Periksa isinya, lalu kirim ke pemeriksa."),
            _("Lanjutkan draf"),
            url_for("claims.check_page", claim_id=step.claim.id),
            "send",
        )
    if step.kind is StepKind.RENEW:
        return StepWords(
            _("Perbarui bukti %(name)s", name=name),
            _(
                "Level %(level)s berakhir %(date)s; sesudah itu tidak lagi dihitung.",
                level=step.level,
                date=tanggal(step.until),
            ),
            _("Unggah bukti baru"),
            url_for("claims.new", kompetensi=step.competency.id, level=step.level),
            "clock",
        )
    if step.kind is StepKind.PROVE:
        return StepWords(
            _("Tunjukkan %(name)s", name=name),
            _(
                "Kesenjangan terbesar terhadap standar jabatan Anda: level %(level)s. Punya "
                "sertifikat atau hasil kerjanya? Unggah sekarang.",
                level=step.level,
            ),
            _("Ajukan kompetensi ini"),
            url_for("claims.new", kompetensi=step.competency.id, level=step.level),
            "cloud-upload",
        )
    if step.kind is StepKind.FILL:
        return StepWords(
            _("Lengkapi %(part)s", part=part_words(step.part)),
            _("Data ini berasal dari SIASN. Mintalah pengelola kepegawaian OPD melengkapinya."),
            None,
            None,
            "person-badge",
        )
    return StepWords(
        _("Profil Anda lengkap"),
        _("Semua tuntutan jabatan terpenuhi. Tambahkan kompetensi lain bila ada buktinya."),
        _("Ajukan kompetensi"),
        url_for("claims.new"),
        "check-circle",
    )
