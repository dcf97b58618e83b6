"""The history of levels and the level in force that follows from it, for one person or for all."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import record
from skills.enums import LevelSource
from skills.models import Competency, Employee, LevelInForce, LevelRecord
from skills.rules import InForce, LevelPolicy, LevelRow, level_in_force
from skills.services.path_levels import sync_paths
from skills.services.touch import touch_people
from skills.services.vectors import Pair, Said, write_vectors

_HistoryRow = tuple[int, int, int, str, date, date | None, int]
_CHUNK = 500  # below SQLite's limit of bound values
_TABLE = cast(Table, LevelInForce.__table__)
_COLUMNS = tuple(column.key for column in _TABLE.columns)


@dataclass(frozen=True)
class LevelChange:
    """A level in force that a recomputation finds different from what is kept."""

    employee_id: int
    competency_id: int
    before: int | None
    after: int | None


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
    recompute: bool = True,
) -> LevelRecord:
    """Add a row to the history and recompute the person's level at once.

    A row with the same `reference`, person and competency is returned as it is: what is told twice
    counts once.

    Args:
        recompute: False where the caller adds several rows of a person and then recomputes once.
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
    if recompute:
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
) -> list[LevelChange]:
    """Bring the levels in force of some people up to date with their whole history.

    Only rows that differ are written, and only people whose levels differ are told to matching.

    Returns:
        The verified levels that changed.
    """
    today = day or clock.today()
    policies = policies_of(session)
    changes: list[LevelChange] = []
    for start in range(0, len(employee_ids), _CHUNK):
        chunk = sorted(employee_ids[start : start + _CHUNK])
        changes += _bring_up_to_date(session, chunk, policies, today)
    return changes


def preview_levels(
    session: Session,
    *,
    employee_ids: Sequence[int],
    policies: Mapping[int, LevelPolicy],
    day: date,
) -> Iterator[LevelChange]:
    """Yield how the verified levels of some people would differ under other policies.

    Args:
        policies: competency id to the policy to try; other competencies are left out.
    """
    for start in range(0, len(employee_ids), _CHUNK):
        chunk = sorted(employee_ids[start : start + _CHUNK])
        found = _computed(session, chunk, policies, day, only=tuple(policies))
        kept = _kept(session, chunk, only=tuple(policies))
        for pair in sorted(found.keys() | kept.keys()):
            before, after = _level(kept.get(pair)), _level(found.get(pair))
            if before != after:
                yield LevelChange(*pair, before, after)


def policies_of(session: Session) -> dict[int, LevelPolicy]:
    """Return the policy of each competency."""
    columns = (Competency.policy, Competency.policy_years, Competency.policy_sources)
    rows = session.execute(select(Competency.id, *columns))
    return {row[0]: LevelPolicy.stored(row[1], row[2], row[3]) for row in rows}


Row = dict[str, Any]


def _bring_up_to_date(
    session: Session, people: list[int], policies: Mapping[int, LevelPolicy], day: date
) -> list[LevelChange]:
    _lock(session, people)  # two verifiers of one person follow each other
    sync_paths(session, employee_ids=people, day=day)
    kept = _kept(session, people)
    found = _computed(session, people, policies, day)
    different = [pair for pair in found if _differs(found[pair], kept.get(pair))]
    gone = [pair for pair in kept if pair not in found]
    touched = sorted({person for person, _ in (*different, *gone)})
    if not touched:
        return []
    touch_people(session, employee_ids=touched)
    _remove(session, [*gone, *(pair for pair in different if pair in kept)])
    if different:
        moment = clock.now()
        rows = [{**found[pair], "computed_at": moment} for pair in different]
        session.execute(insert(_TABLE), rows)
    said: dict[Pair, Said] = {
        pair: (row["verified_level"], row["claimed_level"]) for pair, row in found.items()
    }
    write_vectors(session, employee_ids=touched, levels=said)
    session.expire_all()
    return [
        LevelChange(*pair, _level(kept.get(pair)), _level(found.get(pair)))
        for pair in sorted((*different, *gone))
        if _level(kept.get(pair)) != _level(found.get(pair))
    ]


def _differs(found: Row, kept: Row | None) -> bool:
    return kept is None or any(found[name] != kept[name] for name in found)


def _level(row: Row | None) -> int | None:
    return row["verified_level"] if row else None


def _remove(session: Session, pairs: Sequence[tuple[int, int]]) -> None:
    table = _TABLE
    by_person: dict[int, list[int]] = defaultdict(list)
    for person, competency in pairs:
        by_person[person].append(competency)
    for person, competencies in by_person.items():
        session.execute(
            delete(table).where(
                table.c.employee_id == person, table.c.competency_id.in_(competencies)
            )
        )


def _kept(session: Session, people: list[int], only: tuple[int, ...] = ()) -> dict[Pair, Row]:
    table = LevelInForce.__table__
    names = [name for name in _COLUMNS if name != "computed_at"]
    statement = select(*(table.c[name] for name in names)).where(table.c.employee_id.in_(people))
    if only:
        statement = statement.where(table.c.competency_id.in_(only))
    rows = session.execute(statement).all()
    return {(row[0], row[1]): dict(zip(names, row, strict=True)) for row in rows}


def _computed(
    session: Session,
    people: list[int],
    policies: Mapping[int, LevelPolicy],
    day: date,
    only: tuple[int, ...] = (),
) -> dict[Pair, Row]:
    usual = LevelPolicy()
    found = {}
    for pair, rows in _history(session, people, only).items():
        now = level_in_force(rows, policies.get(pair[1], usual), day)
        if now.verified or now.claimed:
            found[pair] = _row_values(*pair, now)
    return found


def _history(
    session: Session, people: list[int], only: tuple[int, ...]
) -> dict[Pair, list[LevelRow]]:
    table = LevelRecord.__table__
    columns = ("employee_id", "competency_id", "level", "source", "obtained_on", "valid_until")
    statement = (
        select(*(table.c[name] for name in columns), table.c.id)
        .where(table.c.employee_id.in_(people), table.c.withdrawn_at.is_(None))
        .order_by(table.c.id)
    )
    if only:
        statement = statement.where(table.c.competency_id.in_(only))
    sources = {source.value: source for source in LevelSource}
    found: dict[Pair, list[LevelRow]] = defaultdict(list)
    for found_row in session.execute(statement).all():  # at once: row by row costs a third more
        person, competency, level, source, obtained, until, row_id = cast(_HistoryRow, found_row)
        row = LevelRow(level, sources[source], obtained, until, False, row_id)
        found[person, competency].append(row)
    return found


def _row_values(employee_id: int, competency_id: int, found: InForce) -> Row:
    verified, claimed = found.verified, found.claimed
    return {
        "employee_id": employee_id,
        "competency_id": competency_id,
        "verified_level": found.level,
        "verified_record_id": verified.id if verified else None,
        "verified_source": verified.source.value if verified else None,
        "verified_on": verified.obtained_on if verified else None,
        "valid_until": found.until,
        "claimed_level": claimed.level if claimed else None,
        "claimed_record_id": claimed.id if claimed else None,
        "claimed_on": claimed.obtained_on if claimed else None,
        "rule": found.rule,
    }


def _lock(session: Session, people: list[int]) -> None:
    session.execute(
        select(Employee.id).where(Employee.id.in_(people)).order_by(Employee.id).with_for_update()
    )
