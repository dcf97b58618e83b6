"""Reads of boxes, calibration and pools."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from matching.models import (
    CalibrationMeeting,
    CalibrationMove,
    PoolEvent,
    PoolMember,
    TalentAssessment,
    TalentPool,
)
from skills.models import Employee

_BOX = func.coalesce(TalentAssessment.calibrated_box, TalentAssessment.box)


@dataclass(frozen=True)
class BoxFilter:
    """Which assessments; `opd_ids` None: the whole city."""

    period: int
    method_code: str
    opd_ids: frozenset[int] | None = None
    box: int | None = None  # 0: those without a box


@dataclass(frozen=True)
class CellFigures:
    """A box: how many people, and their mean of the third axis."""

    count: int
    qualification: float | None


def periods(session: Session) -> list[int]:
    """Return the years that have assessments, the newest first."""
    rows = session.scalars(select(TalentAssessment.period).distinct())
    return sorted(rows, reverse=True)


def _filtered(statement: Select, filters: BoxFilter) -> Select:
    statement = statement.where(
        TalentAssessment.period == filters.period,
        TalentAssessment.method_code == filters.method_code,
    )
    if filters.opd_ids is not None:
        statement = statement.where(TalentAssessment.opd_id.in_(filters.opd_ids))
    if filters.box is not None:
        statement = statement.where(_BOX == filters.box if filters.box else _BOX.is_(None))
    return statement


def people_statement(filters: BoxFilter) -> Select[TalentAssessment]:
    """Return the statement of the people of a box; order and page are the caller's."""
    return _filtered(
        select(TalentAssessment)
        .join(Employee, Employee.id == TalentAssessment.employee_id)
        .options(joinedload(TalentAssessment.employee).joinedload(Employee.opd)),
        filters,
    )


def people_sorts() -> dict[str, object]:
    """Return the orders of the list of people."""
    return {
        "nama": (Employee.name, Employee.id),
        "kinerja": (TalentAssessment.performance, Employee.id),
        "potensial": (TalentAssessment.potential, Employee.id),
        "kotak": (_BOX, Employee.name, Employee.id),
    }


def cells(session: Session, filters: BoxFilter) -> Mapping[int, CellFigures]:
    """Return count and mean third axis per box; 0 is without a box."""
    rows = session.execute(
        _filtered(
            select(_BOX, func.count(), func.avg(TalentAssessment.qualification)), filters
        ).group_by(_BOX)
    )
    return {box or 0: CellFigures(count, mean) for box, count, mean in rows}


def movements(session: Session, filters: BoxFilter, other: int) -> Counter[tuple[int, int]]:
    """Return how many people went from which box in another period to which box now."""

    def boxes(period: int) -> dict[int, int]:
        changed = BoxFilter(period, filters.method_code, filters.opd_ids)
        rows = session.execute(_filtered(select(TalentAssessment.employee_id, _BOX), changed))
        return {person: box or 0 for person, box in rows}

    before, now = boxes(other), boxes(filters.period)
    return Counter((before[person], box) for person, box in now.items() if person in before)


def assessments_of(session: Session, employee_id: int) -> Sequence[TalentAssessment]:
    """Return the assessments of one person, the newest first."""
    return session.scalars(
        select(TalentAssessment)
        .where(TalentAssessment.employee_id == employee_id)
        .options(joinedload(TalentAssessment.employee))
        .order_by(TalentAssessment.period.desc(), TalentAssessment.method_code)
    ).all()


def find_assessment(session: Session, assessment_id: int) -> TalentAssessment | None:
    """Return an assessment with its person, or None."""
    return session.scalar(
        select(TalentAssessment)
        .where(TalentAssessment.id == assessment_id)
        .options(joinedload(TalentAssessment.employee).joinedload(Employee.opd))
    )


def moves_of(session: Session, assessment_id: int) -> Sequence[CalibrationMove]:
    """Return the moves of an assessment, the newest first."""
    return session.scalars(
        select(CalibrationMove)
        .where(CalibrationMove.assessment_id == assessment_id)
        .options(joinedload(CalibrationMove.meeting))
        .order_by(CalibrationMove.id.desc())
    ).all()


def meetings(session: Session, *, period: int, method_code: str) -> Sequence[CalibrationMeeting]:
    """Return the meetings over a period and method, the newest first."""
    return session.scalars(
        select(CalibrationMeeting)
        .where(CalibrationMeeting.period == period, CalibrationMeeting.method_code == method_code)
        .order_by(CalibrationMeeting.id.desc())
    ).all()


def find_meeting(session: Session, meeting_id: int) -> CalibrationMeeting | None:
    """Return a meeting, or None."""
    return session.get(CalibrationMeeting, meeting_id)


def pools_with_counts(session: Session) -> Sequence[tuple[TalentPool, int]]:
    """Return the pools with how many members they have now, the newest first."""
    rows = session.execute(
        select(TalentPool, func.count(PoolMember.id))
        .outerjoin(PoolMember, (PoolMember.pool_id == TalentPool.id) & PoolMember.until.is_(None))
        .group_by(TalentPool.id)
        .order_by(TalentPool.starts_on.desc(), TalentPool.id.desc())
    )
    return [(pool, count) for pool, count in rows]


def find_pool(session: Session, pool_id: int) -> TalentPool | None:
    """Return a pool, or None."""
    return session.get(TalentPool, pool_id)


def members_of(session: Session, pool_id: int) -> Sequence[PoolMember]:
    """Return everybody who is or was in a pool, present members first."""
    return session.scalars(
        select(PoolMember)
        .where(PoolMember.pool_id == pool_id)
        .options(
            joinedload(PoolMember.employee).joinedload(Employee.opd),
            joinedload(PoolMember.assessment),
        )
        .order_by(PoolMember.until.is_not(None), PoolMember.since, PoolMember.id)
    ).all()


def find_member(session: Session, *, pool_id: int, member_id: int) -> PoolMember | None:
    """Return a membership of a pool, or None."""
    return session.scalar(
        select(PoolMember).where(PoolMember.id == member_id, PoolMember.pool_id == pool_id)
    )


def events_of(session: Session, pool_id: int) -> Sequence[PoolEvent]:
    """Return the steps of a pool's memberships, the newest first."""
    return session.scalars(
        select(PoolEvent)
        .join(PoolMember, PoolMember.id == PoolEvent.member_id)
        .where(PoolMember.pool_id == pool_id)
        .options(joinedload(PoolEvent.member).joinedload(PoolMember.employee))
        .order_by(PoolEvent.id.desc())
        .limit(100)
    ).all()


def proposed_for_pool(
    session: Session, *, filters: BoxFilter, boxes: Sequence[int], pool_id: int
) -> Sequence[TalentAssessment]:
    """Return the people in the boxes of the pool rule who are not members, best box first."""
    inside = select(PoolMember.employee_id).where(
        PoolMember.pool_id == pool_id, PoolMember.until.is_(None)
    )
    return session.scalars(
        people_statement(filters)
        .where(
            _BOX.in_(boxes),
            TalentAssessment.employee_id.not_in(inside),
            Employee.employment_state == "active",
        )
        .order_by(_BOX.desc(), TalentAssessment.potential.desc(), Employee.id)
        .limit(50)
    ).all()
