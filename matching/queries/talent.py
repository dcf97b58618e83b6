"""Reads of boxes and calibration."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from matching.models import CalibrationMeeting, CalibrationMove, TalentAssessment
from skills.models import Employee

box_in_force = func.coalesce(TalentAssessment.calibrated_box, TalentAssessment.box)


@dataclass(frozen=True)
class BoxFilter:
    """Which assessments; `opd_ids` None: the whole city."""

    period: int
    method_code: str
    opd_ids: frozenset[int] | None = None
    box: int | None = None  # 0: those without a box

    def anywhere(self) -> "BoxFilter":
        """Return the same assessments in every box."""
        return replace(self, box=None)


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
        statement = statement.where(
            box_in_force == filters.box if filters.box else box_in_force.is_(None)
        )
    return statement


def people_statement(filters: BoxFilter, text: str = "") -> Select[TalentAssessment]:
    """Return the statement of the people of a box; order and page are the caller's.

    Args:
        text: part of a name, or a NIP.
    """
    statement = _filtered(
        select(TalentAssessment)
        .join(Employee, Employee.id == TalentAssessment.employee_id)
        .options(joinedload(TalentAssessment.employee).joinedload(Employee.opd)),
        filters,
    )
    if text:
        named = Employee.name.ilike(f"%{text}%")
        statement = statement.where(named | (Employee.nip == text.replace(" ", "")))
    return statement


def people_sorts() -> dict[str, object]:
    """Return the orders of the list of people."""
    return {
        "nama": (Employee.name, Employee.id),
        "kinerja": (TalentAssessment.performance, Employee.id),
        "potensial": (TalentAssessment.potential, Employee.id),
        "kotak": (box_in_force, Employee.name, Employee.id),
    }


def cells(session: Session, filters: BoxFilter) -> Mapping[int, CellFigures]:
    """Return count and mean third axis per box; 0 is without a box."""
    rows = session.execute(
        _filtered(
            select(box_in_force, func.count(), func.avg(TalentAssessment.qualification)), filters
        ).group_by(box_in_force)
    )
    return {box or 0: CellFigures(count, mean) for box, count, mean in rows}


def movements(session: Session, filters: BoxFilter, other: int) -> Counter[tuple[int, int]]:
    """Return how many people went from which box in another period to which box now."""

    def boxes(period: int) -> dict[int, int]:
        changed = BoxFilter(period, filters.method_code, filters.opd_ids)
        rows = session.execute(
            _filtered(select(TalentAssessment.employee_id, box_in_force), changed)
        )
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


def find_assessments(session: Session, ids: Sequence[int]) -> Sequence[TalentAssessment]:
    """Return some assessments with their people, in the order of their ids."""
    return session.scalars(
        select(TalentAssessment)
        .where(TalentAssessment.id.in_(ids[:500]))
        .options(joinedload(TalentAssessment.employee))
        .order_by(TalentAssessment.id)
    ).all()


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


@dataclass(frozen=True)
class Spot:
    """Where a person lies in the grid."""

    box: int
    performance: float | None
    potential: float | None


def spots(session: Session, filters: BoxFilter) -> list[Spot]:
    """Return where the people of the grid lie, without saying who they are."""
    rows = session.execute(
        _filtered(
            select(box_in_force, TalentAssessment.performance, TalentAssessment.potential), filters
        )
        .where(box_in_force.is_not(None))
        .order_by(TalentAssessment.employee_id)
    )
    return [Spot(*row) for row in rows]


def people_ids(session: Session, filters: BoxFilter) -> list[int]:
    """Return the people of a filter, in ascending id."""
    statement = _filtered(select(TalentAssessment.employee_id), filters)
    return list(session.scalars(statement.order_by(TalentAssessment.employee_id)))


def computed_at(session: Session, filters: BoxFilter) -> datetime | None:
    """Return when the boxes of a filter were last computed."""
    return session.scalar(_filtered(select(func.max(TalentAssessment.computed_at)), filters))


@dataclass(frozen=True)
class Movement:
    """Somebody's box in two periods; 0 is without a box."""

    employee: Employee
    assessment_id: int
    before: int
    now: int


def movement_list(session: Session, filters: BoxFilter, other: int) -> list[Movement]:
    """Return everybody who has an assessment in both periods, by name."""
    earlier = aliased(TalentAssessment)
    was = func.coalesce(earlier.calibrated_box, earlier.box)
    rows = session.execute(
        _filtered(select(Employee, TalentAssessment.id, was, box_in_force), filters)
        .join(Employee, Employee.id == TalentAssessment.employee_id)
        .join(
            earlier,
            (earlier.employee_id == TalentAssessment.employee_id)
            & (earlier.method_code == TalentAssessment.method_code)
            & (earlier.period == other),
        )
        .options(joinedload(Employee.opd))
        .order_by(Employee.name, Employee.id)
    )
    return [Movement(person, key, before or 0, now or 0) for person, key, before, now in rows]


def meetings_with_counts(session: Session) -> Sequence[tuple[CalibrationMeeting, int]]:
    """Return all meetings with how many moves each made, the newest first."""
    rows = session.execute(
        select(CalibrationMeeting, func.count(CalibrationMove.id))
        .outerjoin(CalibrationMove, CalibrationMove.meeting_id == CalibrationMeeting.id)
        .group_by(CalibrationMeeting.id)
        .order_by(CalibrationMeeting.held_on.desc(), CalibrationMeeting.id.desc())
    )
    return [(meeting, count) for meeting, count in rows]


def moves_of_meeting(session: Session, meeting_id: int) -> Sequence[CalibrationMove]:
    """Return the moves of a meeting with their people, the newest first."""
    return session.scalars(
        select(CalibrationMove)
        .where(CalibrationMove.meeting_id == meeting_id)
        .options(
            joinedload(CalibrationMove.assessment)
            .joinedload(TalentAssessment.employee)
            .joinedload(Employee.opd)
        )
        .order_by(CalibrationMove.id.desc())
    ).all()


def find_move(session: Session, *, meeting_id: int, move_id: int) -> CalibrationMove | None:
    """Return a move of a meeting, or None."""
    return session.scalar(
        select(CalibrationMove).where(
            CalibrationMove.id == move_id, CalibrationMove.meeting_id == meeting_id
        )
    )


def latest_moves(session: Session, assessment_ids: Sequence[int]) -> set[int]:
    """Return the last move of each of some assessments: only these can be undone."""
    return set(
        session.scalars(
            select(func.max(CalibrationMove.id))
            .where(CalibrationMove.assessment_id.in_(assessment_ids))
            .group_by(CalibrationMove.assessment_id)
        )
    )
