"""How one level in force follows from its history, to the row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core import clock
from app.core.accounts.models import Account
from skills.enums import VERIFIED_SOURCES, LevelSource
from skills.models import Competency, LevelInForce, LevelRecord
from skills.queries.level_paths import PathStanding, standings
from skills.rules import LevelPolicy, LevelRow, last_day


@dataclass(frozen=True)
class HistoryRow:
    """A row of the history of a level with what it counts for today."""

    record: LevelRecord
    recorded_by: str | None
    state: str  # in_force, counts, claimed, settled, opinion, aged, expired, withdrawn


@dataclass(frozen=True)
class LevelStory:
    """How a level in force follows from its history, to the row."""

    competency: Competency
    in_force: LevelInForce | None
    policy: LevelPolicy
    rows: Sequence[HistoryRow]
    paths: Sequence[PathStanding]


def level_story(session: Session, employee_id: int, competency_id: int) -> LevelStory | None:
    """Return the history of one level, the newest row first, or None for no such competency."""
    competency = session.scalar(
        select(Competency)
        .where(Competency.id == competency_id)
        .options(selectinload(Competency.levels), joinedload(Competency.framework))
    )
    if competency is None:
        return None
    in_force = session.get(LevelInForce, (employee_id, competency_id))
    policy = LevelPolicy.stored(
        competency.policy, competency.policy_years, competency.policy_sources
    )
    rows = session.execute(
        select(LevelRecord, Account.name)
        .outerjoin(Account, Account.id == LevelRecord.recorded_by_id)
        .where(LevelRecord.employee_id == employee_id, LevelRecord.competency_id == competency_id)
        .order_by(LevelRecord.obtained_on.desc(), LevelRecord.id.desc())
    ).all()
    today = clock.today()
    settled = {row.claim_id for row, _by in rows if row.claim_id and row.source in VERIFIED_SOURCES}
    return LevelStory(
        competency,
        in_force,
        policy,
        [
            HistoryRow(row, by, _row_state(row, in_force, policy, today, settled))
            for row, by in rows
        ],
        standings(session, employee_id=employee_id, competency_id=competency_id, day=today),
    )


def _row_state(
    record: LevelRecord,
    in_force: LevelInForce | None,
    policy: LevelPolicy,
    today: date,
    settled: set[int],
) -> str:
    row = LevelRow(record.level, LevelSource(record.source), record.obtained_on, record.valid_until)
    end = last_day(row, policy)
    if record.withdrawn_at is not None:
        return "withdrawn"
    if record.valid_until is not None and record.valid_until < today:
        return "expired"
    if row.source is LevelSource.SELF:
        return "settled" if record.claim_id in settled else "claimed"
    if row.source not in VERIFIED_SOURCES:
        return "opinion"
    if in_force is not None and in_force.verified_record_id == record.id:
        return "in_force"
    return "aged" if end is not None and end < today else "counts"
