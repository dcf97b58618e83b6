"""Reads of employees: the list within a person's reach, and what one page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import Session, joinedload

from app.core.actor import Actor, RoleName, ScopeKind
from skills.access import READERS
from skills.models import (
    DisciplineRecord,
    EducationRecord,
    Employee,
    Opd,
    Position,
    PositionRecord,
    SkpRecord,
    Unit,
)

SORTS: Mapping[str, Any] = {
    "nama": Employee.name,
    "nip": Employee.nip,
    "opd": (Opd.short_name, Employee.name),
    "golongan": Employee.golongan,
    "jabatan": Position.name,
    "status": Employee.employment_state,
}


@dataclass(frozen=True)
class PeopleFilter:
    """What the list is narrowed by; empty values narrow nothing."""

    q: str = ""
    opd_id: int | None = None
    kind: str = ""
    golongan: str = ""
    position_kind: str = ""
    state: str = ""
    no_supervisor: bool = False


@dataclass(frozen=True)
class PersonRecords:
    """The records of a person, the newest first."""

    positions: Sequence[PositionRecord]
    education: Sequence[EducationRecord]
    skp: Sequence[SkpRecord]
    discipline: Sequence[DisciplineRecord]
    team: int


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the employees whom the actor may read."""
    parts: list[ColumnElement[bool]] = []
    for grant in actor.reach(*READERS, RoleName.OPD_MANAGER):
        if grant.scope is ScopeKind.CITY:
            return true()
        if grant.scope is ScopeKind.OPD:
            parts.append(Employee.opd_id == grant.opd_id)
        elif grant.scope is ScopeKind.UNIT:
            parts.append(Employee.unit_id == grant.unit_id)
    if actor.employee_id is not None:
        parts.append(Employee.id == actor.employee_id)
        if actor.has(RoleName.SUPERVISOR):
            parts.append(Employee.supervisor_id == actor.employee_id)
    return or_(false(), *parts)


def people_statement(actor: Actor, wanted: PeopleFilter) -> Select[Any]:
    """Return the statement of the employees that the actor may read, narrowed."""
    return (
        select(Employee)
        .join(Opd, Opd.id == Employee.opd_id)
        .outerjoin(Position, Position.id == Employee.position_id)
        .where(visible(actor), *_conditions(wanted))
        .options(joinedload(Employee.opd), joinedload(Employee.unit), joinedload(Employee.position))
    )


def _conditions(wanted: PeopleFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    equal = (
        (Employee.opd_id, wanted.opd_id),
        (Employee.employment_kind, wanted.kind),
        (Employee.golongan, wanted.golongan),
        (Employee.position_kind, wanted.position_kind),
        (Employee.employment_state, wanted.state),
    )
    found += [column == value for column, value in equal if value]
    if wanted.no_supervisor:
        found.append(Employee.supervisor_id.is_(None))
    if text := wanted.q.strip():
        found.append(matches(text))
    return found


def matches(text: str) -> ColumnElement[bool]:
    """Return the condition of a search by name or by the beginning of a NIP."""
    digits = "".join(text.split())
    if digits.isdigit():
        return Employee.nip.startswith(digits, autoescape=True)
    return Employee.name.icontains(text, autoescape=True)


def find_person(session: Session, employee_id: int) -> Employee | None:
    """Return an employee with everything the page names, or None."""
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


def find_by_nip(session: Session, nip: str) -> Employee | None:
    """Return the employee with a NIP (spaces allowed), or None."""
    return session.scalar(select(Employee).where(Employee.nip == "".join(nip.split())))


def people_by_id(session: Session, ids: Sequence[int]) -> Sequence[Employee]:
    """Return some employees with their places, by name."""
    return session.scalars(
        select(Employee)
        .where(Employee.id.in_(ids))
        .options(joinedload(Employee.opd), joinedload(Employee.position))
        .order_by(Employee.name, Employee.id)
    ).all()


def records_of(session: Session, employee_id: int) -> PersonRecords:
    """Return the records of a person: five statements."""

    def rows(table: Any, order: Any) -> Any:
        statement = select(table).where(table.employee_id == employee_id)
        return session.scalars(statement.order_by(order.desc().nulls_last(), table.id.desc())).all()

    team = session.scalars(select(Employee.id).where(Employee.supervisor_id == employee_id)).all()
    return PersonRecords(
        positions=rows(PositionRecord, PositionRecord.since),
        education=rows(EducationRecord, EducationRecord.year),
        skp=rows(SkpRecord, SkpRecord.year),
        discipline=rows(DisciplineRecord, DisciplineRecord.since),
        team=len(team),
    )


def golongan_choices(session: Session) -> list[str]:
    """Return the golongan in use, lowest first."""
    found = session.scalars(select(Employee.golongan).distinct().order_by(Employee.golongan))
    return [text for text in found if text]


def unit_choices(session: Session, opd_id: int | None = None) -> list[tuple[int, str]]:
    """Return (id, name) of the units of an OPD, or of all with the OPD in front."""
    statement = (
        select(Unit.id, Unit.name, Opd.short_name)
        .join(Opd, Opd.id == Unit.opd_id)
        .where(Unit.valid_until.is_(None))
        .order_by(Opd.short_name, Unit.name)
    )
    if opd_id is not None:
        return [(r.id, r.name) for r in session.execute(statement.where(Unit.opd_id == opd_id))]
    return [(row.id, f"{row.short_name}: {row.name}") for row in session.execute(statement)]


def position_choices(session: Session) -> list[tuple[int, str]]:
    """Return (id, name) of all positions by name."""
    rows = session.execute(select(Position.id, Position.name).order_by(Position.name))
    return [(row.id, row.name) for row in rows]


def ids_of(session: Session, statement: Select[Any]) -> list[int]:
    """Return the ids of all people of a list statement, for the audit trail."""
    return list(session.scalars(statement.order_by(None).with_only_columns(Employee.id)))
