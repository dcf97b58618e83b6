"""Panel scores on maintained criteria, with a figure of how far the members agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput, Stale
from app.core.i18n import N_
from matching.enums import ShortlistState
from matching.models import PanelCriterion, PanelScore, ShortlistEntry
from matching.rules import interval_alpha

OPEN = (ShortlistState.PROPOSED, ShortlistState.INVITED, ShortlistState.ACCEPTED)


@dataclass(frozen=True)
class PanelResult:
    """Panel scores of one person: weighted mean 1 to 5, per criterion, and how many members."""

    mean: float
    by_criterion: Mapping[int, float]
    members: int


@dataclass(frozen=True)
class Panel:
    """All panel scores of a shortlist.

    agreement: Krippendorff's alpha for interval data, 1 = full, 0 = as by chance; None where
    nothing was scored twice.
    """

    criteria: Sequence[PanelCriterion]
    results: Mapping[int, PanelResult]  # by entry
    agreement: float | None


def criteria_in_use(
    session: Session, entries: Sequence[ShortlistEntry] = ()
) -> Sequence[PanelCriterion]:
    """Return the criteria of a shortlist: a panel that has begun keeps those it began with."""
    begun = session.scalar(
        select(func.min(PanelCriterion.version))
        .join(PanelScore, PanelScore.criterion_id == PanelCriterion.id)
        .where(PanelScore.entry_id.in_([entry.id for entry in entries]))
    )
    chosen = PanelCriterion.active.is_(True)
    return session.scalars(
        select(PanelCriterion)
        .where(chosen if begun is None else PanelCriterion.version == begun)
        .order_by(PanelCriterion.position, PanelCriterion.id)
    ).all()


def criteria_of(session: Session, entry: ShortlistEntry) -> Sequence[PanelCriterion]:
    """Return the criteria of the shortlist that an entry is on."""
    beside = session.scalars(
        select(ShortlistEntry).where(
            ShortlistEntry.seat_id == entry.seat_id, ShortlistEntry.round == entry.round
        )
    ).all()
    return criteria_in_use(session, beside)


def begun_panels(session: Session) -> int:
    """Return on how many open shortlists a panel has given scores."""
    return (
        session.scalar(
            select(func.count(func.distinct(ShortlistEntry.seat_id)))
            .join(PanelScore, PanelScore.entry_id == ShortlistEntry.id)
            .where(ShortlistEntry.state.in_(OPEN))
        )
        or 0
    )


def use_criteria(session: Session, *, version: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put a version of the table of criteria in use for panels that begin from now on."""
    session.execute(update(PanelCriterion).values(active=False))
    session.add_all(
        PanelCriterion(
            code=row["code"],
            version=version,
            name=row["name"],
            name_en=row["name_en"],
            weight=float(row["weight"]),
            position=int(row["position"]),
        )
        for row in rows
    )
    session.flush()


def give_scores(
    session: Session,
    *,
    actor: Actor,
    entry: ShortlistEntry,
    scores: Mapping[int, int],
    note: str = "",
) -> None:
    """Keep one member's scores for one person; scoring again replaces the own scores.

    Args:
        scores: criterion to 1..5.

    Raises:
        Stale: the person has been decided on or has left the shortlist.
        InvalidInput: a score outside 1 to 5, an unknown criterion, or no account.
    """
    if entry.state not in OPEN:
        raise Stale(N_("Kandidat ini sudah diputuskan."))
    known = {criterion.id for criterion in criteria_of(session, entry)}
    if actor.account_id is None or not scores or set(scores) - known:
        raise InvalidInput(N_("Isi nilai untuk kriteria yang berlaku."))
    if any(not 1 <= score <= 5 for score in scores.values()):
        raise InvalidInput(N_("Nilai panel 1 sampai 5."))
    own = {
        row.criterion_id: row
        for row in session.scalars(
            select(PanelScore).where(
                PanelScore.entry_id == entry.id, PanelScore.account_id == actor.account_id
            )
        )
    }
    changes = {}
    for criterion_id, score in scores.items():
        row = own.get(criterion_id) or PanelScore(
            entry_id=entry.id, criterion_id=criterion_id, account_id=actor.account_id
        )
        changes[str(criterion_id)] = (row.score, score)
        row.score, row.note, row.scored_at = score, note.strip()[:500], clock.now()
        session.add(row)
    session.flush()
    record(session, "matching:panel:score", entry, changes=changes, people=[entry.employee_id])


def panel_of(session: Session, entries: Sequence[ShortlistEntry]) -> Panel:
    """Return the panel scores of a shortlist and their agreement."""
    criteria = criteria_in_use(session, entries)
    weights = {criterion.id: criterion.weight for criterion in criteria}
    rows = session.scalars(
        select(PanelScore).where(PanelScore.entry_id.in_([entry.id for entry in entries]))
    ).all()
    rows = [row for row in rows if row.criterion_id in weights]
    units: dict[tuple[int, int], list[float]] = {}
    members: dict[int, set[int]] = {}
    for row in rows:
        units.setdefault((row.entry_id, row.criterion_id), []).append(float(row.score))
        members.setdefault(row.entry_id, set()).add(row.account_id)
    results = {}
    for entry_id, who in members.items():
        means = {c: sum(v) / len(v) for (entry, c), v in units.items() if entry == entry_id}
        total = sum(weights[c] for c in means)
        mean = sum(weights[c] * value for c, value in means.items()) / total
        results[entry_id] = PanelResult(mean, means, len(who))
    return Panel(criteria, results, interval_alpha(list(units.values())))


def own_scores(
    session: Session, *, account_id: int, entries: Sequence[ShortlistEntry]
) -> dict[tuple[int, int], int]:
    """Return what one member has given: (entry, criterion) to score."""
    rows = session.execute(
        select(PanelScore.entry_id, PanelScore.criterion_id, PanelScore.score).where(
            PanelScore.account_id == account_id,
            PanelScore.entry_id.in_([entry.id for entry in entries]),
        )
    )
    return {(entry, criterion): score for entry, criterion, score in rows}
