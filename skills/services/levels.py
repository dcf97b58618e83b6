"""The history of levels and the level in force that follows from it, for one person or for all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import record
from skills.enums import LevelSource
from skills.models import Competency, Employee, LevelInForce, LevelRecord
from skills.rules import InForce, LevelPolicy, LevelRow, PolicyMode, level_in_force
from skills.services.vectors import refresh_vectors

_CHUNK = 500  # below SQLite's limit of bound values


def record_level(
    session: Session,
    *,
    employee_id: int,
    competency_id: int,
    level: int,
    source: LevelSource,
    obtained_on: date,
    valid_until: date | None = None,
    claim_id: int | None = None,
    reference: str | None = None,
    account_id: int | None = None,
    note: str | None = None,
) -> LevelRecord:
    """Add a row to the history and recompute the person's level at once.

    A row with the same `reference`, person and competency is returned as it is: what is told twice
    counts once.
    """
    if reference is not None:
        known = session.scalar(
            select(LevelRecord).where(
                LevelRecord.reference == reference,
                LevelRecord.employee_id == employee_id,
                LevelRecord.competency_id == competency_id,
            )
        )
        if known is not None:
            return known
    row = LevelRecord(
        employee_id=employee_id,
        competency_id=competency_id,
        level=level,
        source=source,
        claim_id=claim_id,
        reference=reference,
        obtained_on=obtained_on,
        valid_until=valid_until,
        recorded_at=clock.now(),
        recorded_by_id=account_id,
        note=note,
    )
    session.add(row)
    session.flush()
    record(
        session,
        "skills:level:record",
        row,
        people=[employee_id],
        competency_id=competency_id,
        level=level,
        source=source,
        reference=reference,
    )
    recompute_levels(session, employee_ids=[employee_id])
    return row


def withdraw_levels(session: Session, *, reason: str, **where: Any) -> list[int]:
    """Withdraw rows (a certificate was revoked, a claim returned) and recompute their people.

    Args:
        reason: why, kept with the row.
        where: `reference=` or `claim_id=`.

    Returns:
        Ids of the people concerned.
    """
    criteria = [getattr(LevelRecord, key) == value for key, value in where.items()]
    rows = session.scalars(
        select(LevelRecord).where(*criteria, LevelRecord.withdrawn_at.is_(None))
    ).all()
    for row in rows:
        row.withdrawn_at = clock.now()
        row.withdrawn_reason = reason
        record(
            session, "skills:level:withdraw", row, people=[row.employee_id], reason=reason, **where
        )
    session.flush()
    people = sorted({row.employee_id for row in rows})
    recompute_levels(session, employee_ids=people)
    return people


def recompute_levels(
    session: Session, *, employee_ids: Sequence[int], day: date | None = None
) -> None:
    """Recompute the levels in force of some people from their whole history."""
    today = day or clock.today()
    policies = policies_of(session)
    for start in range(0, len(employee_ids), _CHUNK):
        chunk = list(employee_ids[start : start + _CHUNK])
        _replace_levels(session, chunk, policies, today)
        session.execute(
            update(Employee)
            .where(Employee.id.in_(chunk))
            .values(profile_version=Employee.profile_version + 1)
            .execution_options(synchronize_session=False)
        )
        refresh_vectors(session, employee_ids=chunk)
    session.expire_all()


def policies_of(session: Session) -> dict[int, LevelPolicy]:
    """Return the policy of each competency."""
    rows = session.execute(select(Competency.id, Competency.policy, Competency.policy_years))
    return {row.id: LevelPolicy(PolicyMode(row.policy), row.policy_years) for row in rows}


def _replace_levels(
    session: Session, people: list[int], policies: Mapping[int, LevelPolicy], day: date
) -> None:
    history = _history(session, people)
    values = []
    for (employee_id, competency_id), rows in history.items():
        found = level_in_force(rows, policies.get(competency_id, LevelPolicy()), day)
        if found.verified or found.claimed:
            values.append(_row_values(employee_id, competency_id, found))
    session.execute(
        delete(LevelInForce)
        .where(LevelInForce.employee_id.in_(people))
        .execution_options(synchronize_session=False)
    )
    if values:
        session.execute(insert(LevelInForce), values)


def _history(session: Session, people: Iterable[int]) -> dict[tuple[int, int], list[LevelRow]]:
    columns = (
        LevelRecord.employee_id,
        LevelRecord.competency_id,
        LevelRecord.level,
        LevelRecord.source,
        LevelRecord.obtained_on,
        LevelRecord.valid_until,
        LevelRecord.id,
    )
    rows = session.execute(
        select(*columns)
        .where(LevelRecord.employee_id.in_(people), LevelRecord.withdrawn_at.is_(None))
        .order_by(LevelRecord.id)
    )
    found: dict[tuple[int, int], list[LevelRow]] = defaultdict(list)
    for person, competency, level, source, obtained, until, row_id in rows:
        found[person, competency].append(
            LevelRow(level, LevelSource(source), obtained, until, id=row_id)
        )
    return found


def _row_values(employee_id: int, competency_id: int, found: InForce) -> dict[str, Any]:
    verified, claimed = found.verified, found.claimed
    return {
        "employee_id": employee_id,
        "competency_id": competency_id,
        "verified_level": found.level,
        "verified_record_id": verified.id if verified else None,
        "verified_source": verified.source if verified else None,
        "verified_on": verified.obtained_on if verified else None,
        "valid_until": verified.valid_until if verified else None,
        "claimed_level": claimed.level if claimed else None,
        "claimed_record_id": claimed.id if claimed else None,
        "claimed_on": claimed.obtained_on if claimed else None,
        "rule": found.rule,
        "computed_at": clock.now(),
    }
