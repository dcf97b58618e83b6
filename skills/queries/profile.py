"""Everything one profile page shows, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core import clock
from skills.enums import VERIFIED_SOURCES
from skills.models import (
    Claim,
    Competency,
    EducationRecord,
    Employee,
    LevelInForce,
    LevelRecord,
    OutsideRecord,
    PortfolioItem,
    PositionRecord,
    ProfileMilestone,
    SkpRecord,
    TrainingRecord,
)
from skills.next_step import NextStep, next_step
from skills.queries.standards import AppliedStandard, position_standard
from skills.rules import (
    Gap,
    GapState,
    Requirement,
    gaps,
    share_met,
    years_before,
)

EXPIRY_WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class HeldLevel:
    """A competency of the person with the level in force, what it rests on and until when."""

    competency: Competency
    verified: int | None
    claimed: int | None
    source: str | None
    since: date | None
    valid_until: date | None
    rule: str


@dataclass(frozen=True)
class Lapsed:
    """A verified level that has ended and was not renewed."""

    competency: Competency
    level: int
    ended_on: date


@dataclass(frozen=True)
class GapLine:
    """A requirement of a standard beside what the person holds."""

    competency: Competency
    gap: Gap


@dataclass(frozen=True)
class Completeness:
    """How complete a profile is, and the one thing that would help most."""

    percent: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """The profile of a person as the page shows it."""

    employee: Employee
    levels: Sequence[HeldLevel]
    standard: AppliedStandard
    gap_lines: Sequence[GapLine]
    share_met: float
    completeness: Completeness
    claims: Sequence[Claim]
    expiring: Sequence[HeldLevel]
    lapsed: Sequence[Lapsed]
    next_step: NextStep
    education: Sequence[EducationRecord]
    positions: Sequence[PositionRecord]
    trainings: Sequence[TrainingRecord]
    portfolio: Sequence[PortfolioItem]
    skp: Sequence[SkpRecord]
    outside: Sequence[OutsideRecord]
    milestones: Sequence[ProfileMilestone]

    @property
    def held_languages(self) -> list[OutsideRecord]:
        """Languages that somebody has verified."""
        return [row for row in self.outside if row.kind == "language" and row.state == "verified"]

    @property
    def pending(self) -> list[OutsideRecord]:
        """What was brought from elsewhere and is not verified yet."""
        return [row for row in self.outside if row.state != "verified"]

    @property
    def ending_records(self) -> list[TrainingRecord]:
        """Trainings and certificates whose validity ends soon or has ended within a year."""
        today = clock.today()
        earliest = years_before(today, 1)
        return [
            row
            for row in self.trainings
            if row.valid_until and earliest <= row.valid_until <= today + EXPIRY_WINDOW
        ]


def find_employee(session: Session, employee_id: int) -> Employee | None:
    """Return an employee with OPD, unit, position and supervisor, or None."""
    return session.scalar(
        select(Employee)
        .where(Employee.id == employee_id)
        .options(
            joinedload(Employee.opd),
            joinedload(Employee.unit),
            joinedload(Employee.position),
            joinedload(Employee.supervisor),
        )
    )


def employees_by_id(session: Session, ids: Sequence[int]) -> dict[int, Employee]:
    """Return employees with OPD, unit and position by id."""
    rows = session.scalars(
        select(Employee)
        .where(Employee.id.in_(ids))
        .options(joinedload(Employee.opd), joinedload(Employee.unit), joinedload(Employee.position))
        .order_by(Employee.id)
    )
    return {row.id: row for row in rows}


def profile_of(session: Session, employee: Employee) -> Profile:
    """Return the whole profile of a person."""
    today = clock.today()
    levels = held_levels(session, employee.id)
    standard = position_standard(session, employee=employee, day=today)
    lines = gap_lines(session, standard.requirements, levels)
    parts = _parts(session, employee.id)
    complete = _completeness(employee, levels, lines, parts)
    claims = _claims(session, employee.id)
    expiring = [row for row in levels if _expires_soon(row, today)]
    return Profile(
        employee=employee,
        levels=levels,
        standard=standard,
        gap_lines=lines,
        share_met=share_met([line.gap for line in lines]),
        completeness=complete,
        claims=claims,
        expiring=expiring,
        lapsed=lapsed_levels(session, employee.id, levels, today),
        next_step=next_step(
            claims=claims, gap_lines=lines, expiring=expiring, missing=complete.missing
        ),
        education=parts[EducationRecord],
        positions=parts[PositionRecord],
        trainings=parts[TrainingRecord],
        portfolio=parts[PortfolioItem],
        skp=parts[SkpRecord],
        outside=parts[OutsideRecord],
        milestones=parts[ProfileMilestone],
    )


def held_levels(session: Session, employee_id: int) -> list[HeldLevel]:
    """Return the levels in force of a person in the order of the dictionary."""
    rows = session.execute(
        select(LevelInForce, Competency)
        .join(Competency, Competency.id == LevelInForce.competency_id)
        .where(LevelInForce.employee_id == employee_id)
        .order_by(Competency.position, Competency.code)
    )
    return [
        HeldLevel(
            competency=competency,
            verified=row.verified_level,
            claimed=row.claimed_level,
            source=row.verified_source,
            since=row.verified_on or row.claimed_on,
            valid_until=row.valid_until,
            rule=row.rule,
        )
        for row, competency in rows
    ]


def gap_lines(
    session: Session, requirements: Sequence[Requirement], levels: Sequence[HeldLevel]
) -> list[GapLine]:
    """Compare held levels with requirements, the largest weighted gaps first."""
    names = competencies_by_id(session, [item.competency_id for item in requirements])
    found = gaps(
        requirements,
        {row.competency.id: row.verified for row in levels},
        {row.competency.id: row.claimed for row in levels},
    )
    return [GapLine(names[gap.requirement.competency_id], gap) for gap in found]


def competencies_by_id(session: Session, ids: Sequence[int]) -> Mapping[int, Competency]:
    """Return competencies by id."""
    rows = session.scalars(select(Competency).where(Competency.id.in_(ids)).order_by(Competency.id))
    return {row.id: row for row in rows}


def lapsed_levels(
    session: Session, employee_id: int, levels: Sequence[HeldLevel], day: date
) -> list[Lapsed]:
    """Return the verified levels that ended within a year and that nothing has replaced."""
    rows = session.execute(
        select(LevelRecord, Competency)
        .join(Competency, Competency.id == LevelRecord.competency_id)
        .where(
            LevelRecord.employee_id == employee_id,
            LevelRecord.valid_until < day,
            LevelRecord.valid_until >= years_before(day, 1),
            LevelRecord.withdrawn_at.is_(None),
            LevelRecord.source.in_(VERIFIED_SOURCES),
        )
        .order_by(LevelRecord.valid_until.desc(), LevelRecord.id)
    )
    held = {row.competency.id for row in levels if row.verified}
    found: dict[int, Lapsed] = {}
    for record, competency in rows:
        if competency.id not in held and record.valid_until is not None:
            found.setdefault(competency.id, Lapsed(competency, record.level, record.valid_until))
    return list(found.values())


def _claims(session: Session, employee_id: int) -> Sequence[Claim]:
    return session.scalars(
        select(Claim)
        .where(Claim.employee_id == employee_id, Claim.state != "withdrawn")
        .options(joinedload(Claim.competency), selectinload(Claim.evidence))
        .order_by(Claim.stage_since.desc(), Claim.id.desc())
    ).all()


_ORDERS: dict[Any, tuple[Any, ...]] = {
    EducationRecord: (EducationRecord.year.desc(),),
    PositionRecord: (PositionRecord.since.desc(),),
    TrainingRecord: (TrainingRecord.ended_on.desc(),),
    PortfolioItem: (PortfolioItem.year.desc(),),
    SkpRecord: (SkpRecord.year.desc(),),
    OutsideRecord: (OutsideRecord.ended_on.desc(),),
    ProfileMilestone: (ProfileMilestone.reached_on.desc(),),
}


def _parts(session: Session, employee_id: int) -> dict[Any, Sequence[Any]]:
    return {
        table: session.scalars(
            select(table)
            .where(table.employee_id == employee_id)
            .order_by(*(clause.nulls_last() for clause in order), table.id.desc())
        ).all()
        for table, order in _ORDERS.items()
    }


def _expires_soon(row: HeldLevel, today: date) -> bool:
    return row.valid_until is not None and row.valid_until - today <= EXPIRY_WINDOW


def _completeness(
    employee: Employee,
    levels: Sequence[HeldLevel],
    lines: Sequence[GapLine],
    parts: Mapping[type, Sequence[object]],
) -> Completeness:
    """Return the share of parts that are there; each counts the same, unknown gaps by share."""
    unknown = sum(1 for line in lines if line.gap.state is GapState.UNKNOWN)
    known_share = 1.0 if not lines else 1 - unknown / len(lines)
    checks: list[tuple[str, float]] = [
        ("education", float(bool(employee.education_level and employee.education_field))),
        ("position", float(employee.position_id is not None)),
        ("supervisor", float(employee.supervisor_id is not None)),
        ("email", float(bool(employee.official_email))),
        ("training", float(bool(parts[TrainingRecord]))),
        ("verified", float(any(row.verified for row in levels))),
        ("standard", known_share),
        ("skp", float(bool(parts[SkpRecord]))),
    ]
    percent = round(100 * sum(value for _name, value in checks) / len(checks))
    return Completeness(percent, tuple(name for name, value in checks if value < 1))
