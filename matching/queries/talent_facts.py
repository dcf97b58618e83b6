"""What the boxes are computed from, read for many people with a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from matching.models import TalentInput
from skills.models import (
    DisciplineRecord,
    Employee,
    LevelInForce,
    Position,
    PositionRecord,
    SkpRecord,
    Standard,
    TrainingRecord,
)

_CHUNK = 500
Asked = dict[int, tuple[int, float]]  # competency to (level, weight)


@dataclass
class Facts:
    """Facts of one person in a period; an empty list or None is unknown."""

    employee_id: int
    opd_id: int
    education_level: str | None
    position_id: int | None
    skp: list[tuple[int, str]] = field(default_factory=list)
    penalties: list[str] = field(default_factory=list)
    jp: int | None = None
    first_position: date | None = None
    levels: dict[int, int] = field(default_factory=dict)  # verified, by competency
    inputs: dict[str, tuple[float, str]] = field(default_factory=dict)  # points and source


def talent_facts(session: Session, *, period: int, skp_years: int) -> dict[int, Facts]:
    """Return the facts of everybody in service for a year.

    Args:
        period: the year; later records do not enter.
        skp_years: how many years of performance count, the period included.
    """
    end = date(period, 12, 31)
    people = session.execute(
        select(Employee.id, Employee.opd_id, Employee.education_level, Employee.position_id)
        .where(Employee.employment_state == "active")
        .order_by(Employee.id)
    )
    found = {row.id: Facts(*row) for row in people}
    ids = list(found)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        _performance(session, found, chunk, range(period - skp_years + 1, period + 1))
        _record(session, found, chunk, period, end)
        _levels(session, found, chunk)
    return found


def _performance(
    session: Session, found: dict[int, Facts], ids: Sequence[int], years: range
) -> None:
    rows = session.execute(
        select(SkpRecord.employee_id, SkpRecord.year, SkpRecord.predicate)
        .where(SkpRecord.employee_id.in_(ids), SkpRecord.year.in_(list(years)))
        .order_by(SkpRecord.year)
    )
    for person, year, predicate in rows:
        found[person].skp.append((year, predicate))


def _record(
    session: Session, found: dict[int, Facts], ids: Sequence[int], period: int, end: date
) -> None:
    for person, severity in session.execute(
        select(DisciplineRecord.employee_id, DisciplineRecord.severity).where(
            DisciplineRecord.employee_id.in_(ids), DisciplineRecord.since <= end
        )
    ):
        found[person].penalties.append(severity)
    for person, jp in session.execute(
        select(TrainingRecord.employee_id, func.sum(TrainingRecord.jp))
        .where(
            TrainingRecord.employee_id.in_(ids),
            TrainingRecord.ended_on.between(date(period, 1, 1), end),
            TrainingRecord.state != "returned",
        )
        .group_by(TrainingRecord.employee_id)
    ):
        found[person].jp = jp
    for person, since in session.execute(
        select(PositionRecord.employee_id, func.min(PositionRecord.since))
        .where(PositionRecord.employee_id.in_(ids), PositionRecord.since <= end)
        .group_by(PositionRecord.employee_id)
    ):
        found[person].first_position = since
    for row in session.scalars(
        select(TalentInput).where(TalentInput.employee_id.in_(ids), TalentInput.period == period)
    ):
        found[row.employee_id].inputs[row.part] = (row.points, row.source)


def _levels(session: Session, found: dict[int, Facts], ids: Sequence[int]) -> None:
    rows = session.execute(
        select(
            LevelInForce.employee_id, LevelInForce.competency_id, LevelInForce.verified_level
        ).where(LevelInForce.employee_id.in_(ids), LevelInForce.verified_level.is_not(None))
    )
    for person, competency, level in rows:
        found[person].levels[competency] = level or 0


def position_requirements(
    session: Session, day: date
) -> Mapping[int, dict[int, tuple[int, float]]]:
    """Return per position what it asks: competency to (level, weight).

    The standard of the position itself goes before that of its class, as on the profile.
    """
    standards = session.scalars(
        select(Standard)
        .where(Standard.state.in_(("in_force", "draft")))
        .options(selectinload(Standard.items))
        .order_by(Standard.version)
    ).all()
    valid = [
        row
        for row in standards
        if (row.valid_from is None or row.valid_from <= day)
        and (row.valid_until is None or row.valid_until >= day)
    ]
    by_code = {row.code: row for row in valid}
    by_class = {row.class_code: row for row in valid if row.kind == "class"}
    found: dict[int, Asked] = {}
    for position in session.scalars(select(Position)):
        asked: Asked = {}
        own = by_code.get(position.standard_code or "")
        for standard in (by_class.get(position.class_code), own):
            if standard is not None:
                asked |= {i.competency_id: (i.level, i.weight) for i in standard.items}
        found[position.id] = asked
    return found
