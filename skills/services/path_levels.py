"""Levels that follow from a path: a row of the history while all groups of steps are fulfilled."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import record
from skills.enums import LevelSource
from skills.models import LevelPath, LevelRecord
from skills.path_rules import Span
from skills.queries.level_paths import Facts, facts_of, paths_in_force, state_for

ENDED = "path no longer fulfilled"
REPLACED = "path fulfilled anew"
_Key = tuple[int, str]


def reference_of(path: LevelPath) -> str:
    """Return the name under which the history knows a path."""
    return f"path:{path.id}"


def sync_paths(session: Session, *, employee_ids: Sequence[int], day: date) -> None:
    """Write and withdraw the rows that paths give to some people; the levels follow afterwards.

    A row whose own last day has passed stays as it is: it ended, nobody took it back.
    """
    paths = paths_in_force(session)
    kept = _kept(session, employee_ids)
    if not paths and not kept:
        return
    facts = facts_of(session, paths=paths, employee_ids=employee_ids)
    wanted = dict(_wanted(facts, paths, employee_ids, day))
    for key, row in kept.items():
        path, span = wanted.get(key, (None, None))
        same = path is not None and span is not None
        if same and path and span and (row.level, row.valid_until) == (path.level, span.until):
            del wanted[key]
        elif row.valid_until is None or day <= row.valid_until:
            _withdraw(session, row, REPLACED if same else ENDED)
    for (person, _name), (path, span) in wanted.items():
        _add(session, person, path, span)
    session.flush()


def _kept(session: Session, people: Sequence[int]) -> dict[_Key, LevelRecord]:
    rows = session.scalars(
        select(LevelRecord)
        .where(
            LevelRecord.employee_id.in_(people),
            LevelRecord.source == LevelSource.PATH,
            LevelRecord.withdrawn_at.is_(None),
        )
        .order_by(LevelRecord.id)
    )
    return {(row.employee_id, row.reference or ""): row for row in rows}


def _wanted(
    facts: Facts, paths: Sequence[LevelPath], people: Sequence[int], day: date
) -> Iterator[tuple[_Key, tuple[LevelPath, Span]]]:
    concerned = {person for person, _what in (*facts.courses, *facts.levels)}
    for person in (one for one in people if one in concerned):
        for path in paths:
            span = state_for(facts, person, path, day).span
            if span is not None:
                yield (person, reference_of(path)), (path, span)


def _withdraw(session: Session, row: LevelRecord, reason: str) -> None:
    row.withdrawn_at, row.withdrawn_reason = clock.now(), reason
    record(session, "skills:level:withdraw", row, people=[row.employee_id], reason=reason)


def _add(session: Session, person: int, path: LevelPath, span: Span) -> None:
    row = LevelRecord(
        employee_id=person,
        competency_id=path.competency_id,
        level=path.level,
        source=LevelSource.PATH,
        reference=reference_of(path),
        obtained_on=span.since,
        valid_until=span.until,
        recorded_at=clock.now(),
        note=path.name[:300],
    )
    session.add(row)
    session.flush()
    record(
        session,
        "skills:level:record",
        row,
        people=[person],
        competency_id=path.competency_id,
        level=path.level,
        source=LevelSource.PATH,
        reference=row.reference,
    )
