"""Data quality of many records at once, and its snapshot of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select, true
from sqlalchemy.orm import Session, aliased

from app.core.audit import record
from skills.enums import EmploymentState, PositionKind
from skills.models import (
    Employee,
    Opd,
    Position,
    QualitySnapshot,
    ReferenceSet,
    SkpRecord,
    TrainingRecord,
    Unit,
)
from skills.quality_rules import (
    CheckRule,
    Known,
    Quality,
    RecordFacts,
    mean_quality,
    quality_of,
    rules_from,
)
from skills.services.reference_load import reference_rows

CITY = 0  # key of the whole city among the snapshots
SNAPSHOT_DAYS = 7


@dataclass(frozen=True)
class PersonQuality:
    """The quality of a record with the few columns a list shows."""

    employee_id: int
    nip: str
    name: str
    opd_id: int
    quality: Quality


@dataclass(frozen=True)
class OpdQuality:
    """The mean of an OPD and how many of its records fail a check at all."""

    opd_id: int
    name: str
    people: int
    quality: Quality
    flawed: int


def current_rules(session: Session) -> tuple[list[CheckRule], int]:
    """Return the checks in force and the version of their table."""
    version = session.scalar(
        select(func.max(ReferenceSet.version)).where(
            ReferenceSet.code == "quality_checks", ReferenceSet.state == "in_force"
        )
    )
    return rules_from(reference_rows(session, "quality_checks")), version or 0


def qualities(
    session: Session, *, day: date, where: ColumnElement[bool] | None = None
) -> list[PersonQuality]:
    """Return the quality of the records of people who work here, by name.

    Args:
        where: condition on `Employee`; everybody by default. The number of statements is fixed.
    """
    scope = where if where is not None else true()
    rules, _version = current_rules(session)
    known = Known(
        day,
        frozenset(str(row["code"]) for row in reference_rows(session, "education_levels")),
        frozenset(str(row["golongan"]) for row in reference_rows(session, "golongan")),
    )
    appraised = set(session.scalars(_appraised(day, scope)))
    trained = {row.employee_id: row for row in session.execute(_trained(day, scope))}
    return [
        PersonQuality(
            row.id,
            row.nip,
            row.name,
            row.opd_id,
            quality_of(_facts(row, row.id in appraised, trained.get(row.id), day), rules, known),
        )
        for row in session.execute(_people(scope))
    ]


def quality_for(session: Session, *, employee_id: int, day: date) -> PersonQuality | None:
    """Return the quality of one record; None for somebody who does not work here."""
    found = qualities(session, day=day, where=Employee.id == employee_id)
    return found[0] if found else None


def by_opd(session: Session, people: Sequence[PersonQuality]) -> list[OpdQuality]:
    """Return the mean of each OPD that has people in the list, by name."""
    groups: dict[int, list[Quality]] = {}
    for person in people:
        groups.setdefault(person.opd_id, []).append(person.quality)
    rows = session.execute(select(Opd.id, Opd.name).where(Opd.id.in_(groups)).order_by(Opd.name))
    found = []
    for row in rows:
        mean = mean_quality(groups[row.id])
        if mean is not None:
            flawed = sum(1 for one in groups[row.id] if one.failed)
            found.append(OpdQuality(row.id, row.name, len(groups[row.id]), mean, flawed))
    return found


def failures(people: Sequence[PersonQuality]) -> dict[str, int]:
    """Return how many people fail each check."""
    counts: dict[str, int] = {}
    for person in people:
        for code in person.quality.failed:
            counts[code] = counts.get(code, 0) + 1
    return counts


def take_snapshot(session: Session, *, day: date) -> int:
    """Keep the scores of the city and of each OPD for the day; a second call replaces the first.

    Returns:
        Number of rows kept.
    """
    people = qualities(session, day=day)
    version = current_rules(session)[1]
    city = mean_quality([person.quality for person in people])
    rows = [(row.opd_id, row.people, row.quality) for row in by_opd(session, people)]
    if city is not None:
        rows.insert(0, (CITY, len(people), city))
    session.execute(delete(QualitySnapshot).where(QualitySnapshot.day == day))
    for key, count, quality in rows:
        session.add(
            QualitySnapshot(
                day=day,
                opd_key=key,
                people=count,
                total=quality.total,
                rule_version=version,
                **quality.scores,
            )
        )
    session.flush()
    record(session, "skills:quality:snapshot", None, day=day, rows=len(rows))
    return len(rows)


def snapshot_due(session: Session, *, day: date) -> bool:
    """Return whether a week has passed since the last snapshot."""
    last = session.scalar(select(func.max(QualitySnapshot.day)))
    return last is None or (day - last).days >= SNAPSHOT_DAYS


def trend(session: Session, *, opd_key: int = CITY, limit: int = 24) -> Sequence[QualitySnapshot]:
    """Return the last snapshots, oldest first."""
    rows = session.scalars(
        select(QualitySnapshot)
        .where(QualitySnapshot.opd_key == opd_key)
        .order_by(QualitySnapshot.day.desc())
        .limit(limit)
    ).all()
    return list(reversed(rows))


def _people(scope: ColumnElement[bool]) -> Any:
    boss = aliased(Employee)
    columns = (
        Employee.id,
        Employee.nip,
        Employee.name,
        Employee.birth_date,
        Employee.sex,
        Employee.official_email,
        Employee.employment_kind,
        Employee.golongan,
        Employee.golongan_since,
        Employee.position_id,
        Employee.position_kind,
        Employee.position_since,
        Employee.education_level,
        Employee.service_start,
        Employee.retirement_date,
        Employee.opd_id,
        Employee.supervisor_id,
        Employee.updated_at,
    )
    return (
        select(
            *columns,
            Position.kind.label("kind_of_position"),
            Position.class_code,
            Position.standard_code,
            Unit.opd_id.label("unit_opd_id"),
            boss.employment_state.label("supervisor_state"),
        )
        .outerjoin(Position, Position.id == Employee.position_id)
        .outerjoin(Unit, Unit.id == Employee.unit_id)
        .outerjoin(boss, boss.id == Employee.supervisor_id)
        .where(scope, Employee.employment_state == EmploymentState.ACTIVE)
        .order_by(Employee.name, Employee.id)
    )


def _appraised(day: date, scope: ColumnElement[bool]) -> Any:
    return (
        select(SkpRecord.employee_id)
        .join(Employee, Employee.id == SkpRecord.employee_id)
        .where(scope, SkpRecord.year == day.year - 1)
    )


def _trained(day: date, scope: ColumnElement[bool]) -> Any:
    gone = case((TrainingRecord.valid_until < day, 1), else_=0)
    return (
        select(
            TrainingRecord.employee_id,
            func.count().label("trainings"),
            func.sum(gone).label("expired"),
        )
        .join(Employee, Employee.id == TrainingRecord.employee_id)
        .where(scope, TrainingRecord.valid_until.is_not(None))
        .group_by(TrainingRecord.employee_id)
    )


def _facts(row: Any, has_skp: bool, trained: Any, day: date) -> RecordFacts:
    same: Mapping[str, Any] = {
        name: getattr(row, name) for name in RecordFacts.__dataclass_fields__ if hasattr(row, name)
    }
    return RecordFacts(
        **same,
        email=row.official_email,
        has_standard=bool(row.class_code or row.standard_code),
        # Heads of OPD answer to the mayor's office, which is not a record here.
        leads_opd=row.position_kind == PositionKind.JPT,
        touched_on=row.updated_at.date() if row.updated_at else None,
        has_skp=has_skp,
        skp_expected=row.service_start is None or row.service_start.year < day.year - 1,
        trainings=trained.trainings if trained else 0,
        expired=trained.expired if trained else 0,
    )
