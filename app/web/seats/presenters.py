"""From rankings and figures to what the pages of seats show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.db import DbSession as Session
from app.core.errors import InvalidInput, Stale
from app.core.i18n import N_, Message
from app.web.profile.words import source_words
from matching.models import Decision, Seat, ShortlistEntry
from matching.queries.coverage import Coverage
from matching.services.assurance import Assured
from matching.services.decisions import Candidate
from matching.services.gates import gates_passed
from matching.services.scouting import (
    RankedPerson,
    Ranking,
    RequirementScore,
    explanation_of,
)
from skills.models import Employee
from skills.queries.profile import employees_by_id
from skills.queries.standards import matched_competencies

LIST_LENGTH = 50
JUST_MOVED_DAYS = 365
NEAR_RETIREMENT_DAYS = 730


@dataclass(frozen=True)
class CandidateRow:
    """A line of the ranked list."""

    id: int
    rank: int
    name: str
    employee: Employee
    fit: float
    fit_high: float
    similarity: int
    sure: float | None  # how sure the fit is, 0 to 1
    group: str
    bars: Sequence[dict[str, Any]]
    gates: Sequence[tuple[Message, bool, bool]]
    availability: Sequence[tuple[str, str]]  # (words, tone)
    missing: Sequence[str]
    shortlisted: bool


def people_of(session: Session, ids: Sequence[int]) -> Mapping[int, Employee]:
    """Return the people of a list with OPD, unit and position."""
    return employees_by_id(session, ids)


def candidate_rows(
    seat: Seat,
    ranking: Ranking,
    people: Mapping[int, Employee],
    entries: Sequence[ShortlistEntry],
    masked: bool,
    sure: Mapping[int, Assured],
    only: Sequence[RankedPerson] | None = None,
) -> list[CandidateRow]:
    """Return the lines of the list (or of some people of it), names hidden for a masked panel."""
    names = requirement_names(seat)
    shown = ranking.people if only is None else only
    answers = gates_passed(
        [found.person for found in shown],
        ranking.criteria.gates,
        ranking.scored.inputs.scales,
        ranking.day,
    )
    listed = {entry.employee_id for entry in entries}
    most = max((row.similarity for row in ranking.people), default=1.0) or 1.0
    words, rows = BarWords.of_page(), []
    for found, gates in zip(shown, answers, strict=True):
        employee = people[found.person.id]
        # The profile carries the name: a masked panel gets no link to it.
        profile = None if masked else url_for("profile.show", employee_id=employee.id)
        rows.append(
            CandidateRow(
                id=employee.id,
                rank=found.rank,
                name=shown_name(employee, found.rank, masked),
                employee=employee,
                fit=found.fit,
                fit_high=found.fit_high,
                similarity=round(100 * max(0.0, found.similarity) / most),
                group=found.group,
                sure=sure[employee.id].whole,
                bars=[
                    _bar(item, names, words, profile, sure[employee.id]) for item in found.scores
                ],
                gates=gates,
                availability=_availability(found, ranking.day, masked),
                missing=[names[item.competency_id] for item in found.missing_mandatory],
                shortlisted=employee.id in listed,
            )
        )
    return rows


def requirement_names(seat: Seat) -> dict[int, str]:
    """Return the competencies of the role by id, in the language of the page."""
    english = str(get_locale() or "id") == "en"
    return {
        item.competency_id: item.competency.name_en if english else item.competency.name
        for item in seat.role.standard.items
    }


def competency_names(session: Session) -> dict[int, str]:
    """Return all competencies by id, in the language of the page."""
    english = str(get_locale() or "id") == "en"
    rows = matched_competencies(session)
    return {row.id: row.name_en if english else row.name for row in rows}


def shown_name(employee: Employee, rank: int, masked: bool) -> str:
    """Return the name, or the place of somebody whose name is hidden."""
    return _("Kandidat %(rank)s", rank=rank) if masked else employee.display_name


@dataclass(frozen=True)
class BarWords:
    """The words of the bars of a list, looked up once: hundreds of bars share them."""

    label: str
    notes: Mapping[str, str]
    mandatory: str
    sure: str
    sources: Mapping[str, str]
    comma: bool

    @classmethod
    def of_page(cls) -> "BarWords":
        """Return the words in the language of the page, with their places left open."""
        return cls(
            label=_("%(name)s (perlu level %(level)s)"),
            notes={
                "met": _("terverifikasi level %(level)s"),
                "claimed": _("baru diklaim level %(level)s"),
                "short": _("level %(level)s"),
                "unknown": _("belum diketahui"),
            },
            mandatory=_("wajib"),
            sure=_("keyakinan %(share)s%%"),
            sources=source_words(),
            comma=str(get_locale()) != "en",
        )

    def number(self, value: float) -> str:
        """Return points with one decimal."""
        text = f"{value:.1f}"
        return text.replace(".", ",") if self.comma else text


def _bar(
    item: RequirementScore,
    names: Mapping[int, str],
    words: BarWords,
    profile: str | None,
    sure: Assured,
) -> dict[str, Any]:
    note = words.notes[item.state] % {"level": item.verified or item.claimed}
    proof = sure.proofs.get(item.competency_id)
    if proof is not None and item.state != "unknown":
        when = f" {proof.obtained_on:%m/%Y}" if proof.obtained_on else ""
        share = words.sure % {"share": round(100 * sure.items[item.competency_id])}
        note += f" ({words.sources[proof.source]}{when}, {share})"
    return {
        "label": words.label % {"name": names[item.competency_id], "level": item.required},
        "value": item.points,
        "points": f"{words.number(item.points)} / {words.number(item.most)}",
        "most": item.most,
        "state": {"claimed": "short"}.get(item.state, item.state),
        "note": note + (f" · {words.mandatory}" if item.mandatory else ""),
        "url": f"{profile}#kompetensi-{item.competency_id}" if profile else None,
    }


def _availability(found: RankedPerson, day: date, masked: bool) -> list[tuple[str, str]]:
    person = found.person
    notes: list[tuple[str, str]] = []
    if person.seats_held:
        notes.append((_("Memegang %(count)s kursi", count=person.seats_held), "warning"))
    leaves = person.retirement_date
    # The year of retirement tells the age, which a masked panel does not see.
    if leaves and not masked and (leaves - day).days < NEAR_RETIREMENT_DAYS:
        notes.append((_("Pensiun %(year)s", year=leaves.year), "warning"))
    if person.position_since and (day - person.position_since).days < JUST_MOVED_DAYS:
        notes.append((_("Baru menjabat"), "info"))
    return notes


def chosen_candidates(
    ranking: Ranking, ids: Sequence[int] | None, order_hash: str | None
) -> list[Candidate]:
    """Return the ticked people as ranked now.

    Raises:
        Stale: the order has changed since the page was shown.
        InvalidInput: somebody is not on the list.
    """
    if order_hash != ranking.order_hash:
        raise Stale(N_("Daftar berubah sejak halaman dibuka. Periksa lagi lalu pilih ulang."))
    known = {row.person.id: row for row in ranking.people}
    if set(ids or ()) - known.keys():
        raise InvalidInput(N_("Seseorang yang dipilih tidak ada di daftar."))
    return [
        Candidate(
            employee_id=row.person.id,
            rank=row.rank,
            fit=row.fit,
            fit_high=row.fit_high,
            similarity=row.similarity,
            explanation=explanation_of(row),
        )
        for row in ranking.people
        if row.person.id in set(ids or ())
    ]


def coverage_tiles(figures: Coverage) -> list[dict[str, Any]]:
    """Return one tile per OPD for the map of coverage."""
    return [
        {
            "label": row.name,
            "short": row.short_name,
            "filled": row.filled,
            "seats": row.seats,
            "url": url_for("seats.index", opd=row.opd_id),
        }
        for row in figures.opd
    ]


def seat_words() -> dict[str, str]:
    """Return the words of the states of a seat."""
    return {"vacant": _("Kosong"), "filled": _("Terisi"), "closed": _("Ditutup")}


def group_words() -> dict[str, str]:
    """Return the words of the groups of a ranked list."""
    return {"meets": _("Memenuhi"), "near": _("Hampir memenuhi"), "below": _("Belum memenuhi")}


def entry_words() -> dict[str, str]:
    """Return the words of the states of somebody on the shortlist."""
    return {
        "proposed": _("Diusulkan"),
        "invited": _("Diundang"),
        "accepted": _("Bersedia"),
        "declined": _("Tidak bersedia"),
        "chosen": _("Ditetapkan"),
        "not_chosen": _("Tidak ditetapkan"),
        "withdrawn": _("Dikeluarkan"),
    }


def subject_words() -> dict[str, str]:
    """Return the words of what a fairness sheet groups by."""
    return {
        "sex": _("Jenis kelamin"),
        "age": _("Kelompok umur"),
        "kind": _("Status kepegawaian"),
        "opd": _("OPD asal"),
    }


def protected_words() -> dict[str, str]:
    """Return the words of groups that are kept as a letter."""
    return {"L": _("Laki-laki"), "P": _("Perempuan"), "?": _("Belum diketahui")}


def history_events(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """Return the decisions on a seat as a time line."""
    return [
        {
            "title": _("%(name)s ditetapkan", name=row.employee.display_name),
            "when": row.decided_at,
            "actor": row.decided_by_label,
            "text": row.reason,
            "icon": "clipboard-check",
        }
        for row in decisions
    ]
