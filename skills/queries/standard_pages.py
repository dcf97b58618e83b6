"""Reads of the pages of standards: the list, versions of one, and whom a version concerns."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from skills.enums import EmploymentState
from skills.models import (
    Competency,
    Employee,
    LevelInForce,
    Position,
    Standard,
    StandardItem,
)
from skills.queries.standards import requirements_of
from skills.standard_rules import Effect, ItemChange, difference, effect

STANDARD_SORTS: Mapping[str, Any] = {
    "nama": Standard.name,
    "kode": Standard.code,
    "jenis": (Standard.kind, Standard.name),
    "berlaku": Standard.valid_from,
}
_CHUNK = 900


@dataclass(frozen=True)
class Comparison:
    """A version beside the one before it."""

    before: Standard | None
    changes: Sequence[ItemChange]
    competencies: Mapping[int, Competency]


def standards_statement(*, text: str = "", kind: str = "", state: str = "") -> Select[Any]:
    """Return the statement of the newest version of each standard that is used or retired."""
    newest = (
        select(Standard.code, func.max(Standard.version).label("version"))
        .where(Standard.state != "prepared")
        .group_by(Standard.code)
        .subquery()
    )
    statement = (
        select(Standard)
        .outerjoin(newest, newest.c.code == Standard.code)
        .where(
            or_(
                Standard.version == newest.c.version,
                and_(newest.c.code.is_(None), Standard.state == "prepared"),
            )
        )
        .options(selectinload(Standard.items))
    )
    if text.strip():
        statement = statement.where(
            or_(
                Standard.name.icontains(text.strip(), autoescape=True),
                Standard.code.icontains(text.strip(), autoescape=True),
            )
        )
    if kind:
        statement = statement.where(Standard.kind == kind)
    if state:
        statement = statement.where(Standard.state == state)
    return statement


def find_standard(session: Session, standard_id: int) -> Standard | None:
    """Return a version with its requirements and their competencies, or None."""
    return session.scalar(
        select(Standard)
        .where(Standard.id == standard_id)
        .options(
            selectinload(Standard.items)
            .joinedload(StandardItem.competency)
            .joinedload(Competency.framework)
        )
    )


def versions_of(session: Session, code: str) -> Sequence[Standard]:
    """Return all versions of a standard, the newest first."""
    return session.scalars(
        select(Standard)
        .where(Standard.code == code)
        .options(selectinload(Standard.items))
        .order_by(Standard.version.desc())
    ).all()


def comparison(session: Session, standard: Standard, versions: Sequence[Standard]) -> Comparison:
    """Return what a version asks otherwise than the one before it."""
    older = [row for row in versions if row.version < standard.version]
    before = older[0] if older else None
    changes = difference(requirements_of(before) if before else (), requirements_of(standard))
    ids = [change.competency_id for change in changes]
    rows = session.scalars(select(Competency).where(Competency.id.in_(ids)).order_by(Competency.id))
    return Comparison(before, changes, {row.id: row for row in rows})


def holders_statement(standard: Standard) -> Select[int]:
    """Return the statement of the ids of the active people to whom a standard applies."""
    by_class = and_(
        Position.class_code.is_not(None), Position.class_code == (standard.class_code or "")
    )
    own = Position.standard_code == standard.code
    return (
        select(Employee.id)
        .join(Position, Position.id == Employee.position_id)
        .where(
            Employee.employment_state == EmploymentState.ACTIVE,
            by_class if standard.kind == "class" else own,
        )
        .order_by(Employee.id)
    )


def holder_counts(session: Session) -> dict[tuple[str, str], int]:
    """Return how many active people hold a position by class and by own standard: one statement."""
    rows = session.execute(
        select(Position.class_code, Position.standard_code, func.count())
        .join(Employee, Employee.position_id == Position.id)
        .where(Employee.employment_state == EmploymentState.ACTIVE)
        .group_by(Position.class_code, Position.standard_code)
    )
    found: dict[tuple[str, str], int] = defaultdict(int)
    for class_code, standard_code, count in rows:
        if class_code:
            found["class", class_code] += count
        if standard_code:
            found["position", standard_code] += count
    return found


def effect_of(session: Session, before: Standard | None, after: Standard) -> Effect:
    """Return what a version means for those it applies to, beside the version before it."""
    people: list[int] = list(session.scalars(holders_statement(after)))
    levels: dict[int, dict[int, int]] = {}
    for person in people:
        levels[person] = {}
    asked = {item.competency_id for item in (*after.items, *(before.items if before else ()))}
    for start in range(0, len(people), _CHUNK):
        rows = session.execute(
            select(
                LevelInForce.employee_id, LevelInForce.competency_id, LevelInForce.verified_level
            )
            .where(
                LevelInForce.employee_id.in_(people[start : start + _CHUNK]),
                LevelInForce.competency_id.in_(asked),
                LevelInForce.verified_level.is_not(None),
            )
            .order_by(LevelInForce.employee_id, LevelInForce.competency_id)
        )
        for person, competency, level in rows:
            levels[person][competency] = level or 0
    old = requirements_of(before) if before else ()
    return effect(old, requirements_of(after), levels)


def positions_with(session: Session, code: str) -> Sequence[tuple[Position, int]]:
    """Return the positions bound to a standard with how many active people hold each."""
    rows = session.execute(
        select(Position, func.count(Employee.id))
        .outerjoin(
            Employee,
            and_(
                Employee.position_id == Position.id,
                Employee.employment_state == EmploymentState.ACTIVE,
            ),
        )
        .where(Position.standard_code == code)
        .group_by(Position.id)
        .order_by(Position.name)
    )
    return [(position, count) for position, count in rows]


def free_positions(session: Session) -> Sequence[Position]:
    """Return the positions without a standard of their own, by name."""
    return session.scalars(
        select(Position).where(Position.standard_code.is_(None)).order_by(Position.name)
    ).all()


def find_position(session: Session, position_id: int) -> Position | None:
    """Return a position, or None."""
    return session.get(Position, position_id)


def all_items(session: Session) -> Sequence[tuple[Standard, StandardItem]]:
    """Return every requirement of the newest used version of each standard, for a file."""
    rows = session.scalars(
        standards_statement()
        .where(Standard.state != "prepared")
        .options(selectinload(Standard.items).joinedload(StandardItem.competency))
        .order_by(Standard.kind, Standard.code)
    ).all()
    return [(row, item) for row in rows for item in row.items]
