"""Reads of OPD and units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from skills.models import Employee, Opd, Unit
from skills.services.import_plan import GONE


def opd_in_force(session: Session) -> Sequence[Opd]:
    """Return the OPD that exist today, by code."""
    return session.scalars(
        select(Opd)
        .where(Opd.valid_until.is_(None) | (Opd.valid_until >= clock.today()))
        .order_by(Opd.code)
    ).all()


SORTS: Mapping[str, Any] = {"kode": Opd.code, "nama": Opd.name, "jenis": Opd.kind}


@dataclass(frozen=True)
class UnitNode:
    """A unit in the tree: depth from 0, people in service in it."""

    unit: Unit
    depth: int
    people: int


def opds_statement(*, q: str = "", kind: str = "", past: bool = False) -> Select[Any]:
    """Return the statement of the OPD, those that ended only when asked for."""
    statement: Select[Any] = select(Opd)
    if not past:
        statement = statement.where(_in_force())
    if kind:
        statement = statement.where(Opd.kind == kind)
    if text := q.strip():
        named = [column.icontains(text, autoescape=True) for column in (Opd.name, Opd.short_name)]
        statement = statement.where(or_(*named, Opd.code == text))
    return statement


def _in_force() -> ColumnElement[bool]:
    return Opd.valid_until.is_(None) | (Opd.valid_until >= clock.today())


def kinds(session: Session) -> list[str]:
    """Return the kinds of OPD in use."""
    return list(session.scalars(select(Opd.kind).distinct().order_by(Opd.kind)))


def head_counts(session: Session, opd_ids: Sequence[int]) -> dict[int, int]:
    """Return the number of people in service per OPD."""
    rows = session.execute(
        select(Employee.opd_id, func.count())
        .where(Employee.opd_id.in_(opd_ids), Employee.employment_state.not_in(GONE))
        .group_by(Employee.opd_id)
    )
    return dict(rows.all())


def find_opd(session: Session, opd_id: int) -> Opd | None:
    """Return an OPD, or None."""
    return session.get(Opd, opd_id)


def unit_tree(session: Session, opd_id: int) -> list[UnitNode]:
    """Return the units of an OPD, each below its parent: two statements."""
    units = session.scalars(
        select(Unit).where(Unit.opd_id == opd_id, Unit.valid_until.is_(None)).order_by(Unit.name)
    ).all()
    rows = session.execute(
        select(Employee.unit_id, func.count())
        .where(Employee.opd_id == opd_id, Employee.employment_state.not_in(GONE))
        .group_by(Employee.unit_id)
    )
    counts = dict(rows.all())
    known = {unit.id for unit in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        parent = unit.parent_id if unit.parent_id in known else None
        below.setdefault(parent, []).append(unit)
    found: list[UnitNode] = []
    _descend(found, below, counts, None, 0)
    return found


def _descend(
    found: list[UnitNode],
    below: Mapping[int | None, list[Unit]],
    counts: Mapping[int | None, int],
    parent: int | None,
    depth: int,
) -> None:
    for unit in below.get(parent, []):
        found.append(UnitNode(unit, depth, counts.get(unit.id, 0)))
        _descend(found, below, counts, unit.id, depth + 1)
