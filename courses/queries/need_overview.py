"""Needs of positions and of roles that people are candidates for, with what could be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload, selectinload

from courses.models import Course, CourseCompetency
from courses.need_rules import Need, Teaching, gained, merged
from courses.planning_access import Reach
from courses.queries.needs import needs
from matching.enums import ShortlistState
from matching.models import Role, Seat, SeatSuccessor, ShortlistEntry
from skills.models import Competency, Employee, LevelInForce, Opd, StandardItem

_OPEN = (ShortlistState.PROPOSED, ShortlistState.INVITED, ShortlistState.ACCEPTED)
BASES = ("jabatan", "peran")  # position, role


def all_needs(
    session: DbSession,
    *,
    day: date,
    reach: Reach | None = None,
    opd_id: int | None = None,
    competency_ids: Sequence[int] | None = None,
    basis: str | None = None,
) -> list[Need]:
    """Return the gaps against position and roles together, or against one of them.

    Args:
        basis: one of BASES, or None for both, the higher demand counting once.
    """
    position = role = list[Need]()
    if basis != "peran":
        position = needs(
            session, day=day, competency_ids=competency_ids, opd_id=opd_id, reach=reach
        )
    if basis != "jabatan":
        role = role_needs(session, competency_ids=competency_ids, opd_id=opd_id, reach=reach)
    return merged(position, role)


def role_needs(
    session: DbSession,
    *,
    competency_ids: Sequence[int] | None = None,
    opd_id: int | None = None,
    reach: Reach | None = None,
) -> list[Need]:
    """Return the gaps of shortlisted people and of successors against the role of their seat."""
    wanted = _candidates(session)
    statement = select(Employee.id, Employee.opd_id).where(
        Employee.employment_state == "active", Employee.id.in_(wanted)
    )
    if reach is not None:
        statement = statement.where(reach.clause())
    if opd_id is not None:
        statement = statement.where(Employee.opd_id == opd_id)
    people = session.execute(statement.order_by(Employee.id)).all()
    asked = _asked(session, competency_ids)
    held = _held(session, [row.id for row in people])
    found = []
    for person, office in people:
        required: dict[int, int] = {}
        for role in wanted[person]:
            for competency, level in asked.get(role, {}).items():
                required[competency] = max(level, required.get(competency, 0))
        for competency, level in required.items():
            has = held.get((person, competency))
            if (has or 0) < level:
                found.append(Need(person, office, competency, has, level, for_role=True))
    return found


def _candidates(session: DbSession) -> Mapping[int, set[int]]:
    """Return the roles that each person is a candidate for."""
    found: dict[int, set[int]] = {}
    listed = select(ShortlistEntry.employee_id, Seat.role_id).join(Seat)
    following = select(SeatSuccessor.employee_id, Seat.role_id).join(Seat)
    for statement in (
        listed.where(ShortlistEntry.state.in_(_OPEN)),
        following.where(SeatSuccessor.until.is_(None)),
    ):
        for person, role in session.execute(statement.order_by(Seat.id)):
            found.setdefault(person, set()).add(role)
    return found


def _asked(
    session: DbSession, competency_ids: Sequence[int] | None
) -> Mapping[int, Mapping[int, int]]:
    statement = select(Role.id, StandardItem.competency_id, StandardItem.level).join(
        StandardItem, StandardItem.standard_id == Role.standard_id
    )
    if competency_ids is not None:
        statement = statement.where(StandardItem.competency_id.in_(competency_ids))
    found: dict[int, dict[int, int]] = {}
    for role, competency, level in session.execute(statement.order_by(StandardItem.id)):
        found.setdefault(role, {})[competency] = level
    return found


def _held(session: DbSession, people: Sequence[int]) -> Mapping[tuple[int, int], int]:
    rows = session.execute(
        select(
            LevelInForce.employee_id, LevelInForce.competency_id, LevelInForce.verified_level
        ).where(LevelInForce.employee_id.in_(people), LevelInForce.verified_level.is_not(None))
    )
    return {(person, item): level for person, item, level in rows if level is not None}


def competencies_by_id(session: DbSession) -> Mapping[int, Competency]:
    """Return all competencies that are not areas."""
    rows = session.scalars(
        select(Competency).where(~Competency.is_area).order_by(Competency.position, Competency.id)
    )
    return {row.id: row for row in rows}


def opd_names(session: DbSession) -> Mapping[int, str]:
    """Return the short name of every OPD."""
    rows = session.execute(select(Opd.id, Opd.short_name).order_by(Opd.id))
    return {row.id: row.short_name for row in rows}


def courses_in_force(session: DbSession) -> Sequence[Course]:
    """Return the courses that can be planned, by code; of each its newest version."""
    rows = session.scalars(
        select(Course)
        .where(Course.state == "in_force")
        .options(selectinload(Course.competencies).joinedload(CourseCompetency.competency))
        .order_by(Course.code, Course.version)
    ).all()
    return list({row.code: row for row in rows}.values())


def teaching_of(course: Course) -> Teaching:
    """Return what a course leads to as the rules take it."""
    reaches = {row.competency_id: (row.from_level, row.to_level) for row in course.competencies}
    return Teaching(course.id, course.jp, course.cost, reaches)


@dataclass(frozen=True)
class Lacking:
    """A person with a gap in the competency of the page, and the courses that narrow it."""

    employee: Employee
    need: Need
    course_ids: tuple[int, ...]


def lacking_people(
    session: DbSession, found: Sequence[Need], courses: Sequence[Course]
) -> list[Lacking]:
    """Return the people of some needs (of one competency), the largest gap first."""
    teachings = [teaching_of(course) for course in courses]
    people = {
        row.id: row
        for row in session.scalars(
            select(Employee)
            .where(Employee.id.in_([need.employee_id for need in found]))
            .options(joinedload(Employee.opd), joinedload(Employee.position))
            .order_by(Employee.id)
        )
    }
    rows = [
        Lacking(
            people[need.employee_id],
            need,
            tuple(teaching.course_id for teaching in teachings if gained(need, teaching)),
        )
        for need in found
        if need.employee_id in people
    ]
    return sorted(rows, key=lambda row: (-row.need.missing, row.employee.name, row.employee.id))
