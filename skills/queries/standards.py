"""Which standard applies to whom, and what it asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from skills.models import Competency, Employee, Position, Standard
from skills.rules import Requirement

_USED = ("in_force", "draft")  # a local draft applies, and is marked, until the city adopts it


@dataclass(frozen=True)
class AppliedStandard:
    """The requirements that apply to a person, with the standards they come from."""

    names: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    is_draft: bool


def requirements_of(standard: Standard) -> tuple[Requirement, ...]:
    """Return the items of a standard as the rules read them."""
    return tuple(
        Requirement(item.competency_id, item.level, item.weight, item.mandatory)
        for item in standard.items
    )


def position_standard(session: Session, *, employee: Employee, day: date) -> AppliedStandard:
    """Return what the person's position asks: its own standard over that of its class.

    It applies by itself to everyone who holds the position; nobody is assigned to it.
    """
    position = employee.position
    if position is None:
        return AppliedStandard((), (), False)
    rows = _standards_for(session, position, day)
    merged: dict[int, Requirement] = {}
    for standard in rows:  # class first, so that the position's own items win
        merged.update({item.competency_id: item for item in requirements_of(standard)})
    return AppliedStandard(
        names=tuple(standard.name for standard in rows),
        requirements=tuple(merged[key] for key in sorted(merged)),
        is_draft=any(standard.state == "draft" for standard in rows),
    )


def standards_of_positions(
    session: Session, *, positions: Iterable[Position], day: date
) -> dict[int, tuple[Requirement, ...]]:
    """Return what each of many positions asks, by position id: two statements for all of them."""
    wanted = {position.id: position for position in positions}
    newest: dict[str, Standard] = {}
    for standard in session.scalars(_used_on(day).where(Standard.kind.in_(("class", "position")))):
        newest[standard.code] = standard
    by_class = [standard for standard in newest.values() if standard.kind == "class"]
    found = {}
    for position in wanted.values():
        merged: dict[int, Requirement] = {}
        for standard in by_class:
            if position.class_code and standard.class_code == position.class_code:
                merged.update({item.competency_id: item for item in requirements_of(standard)})
        own = newest.get(position.standard_code or "")
        if own is not None:
            merged.update({item.competency_id: item for item in requirements_of(own)})
        found[position.id] = tuple(merged[key] for key in sorted(merged))
    return found


def _used_on(day: date) -> Select[Standard]:
    return (
        select(Standard)
        .where(
            Standard.state.in_(_USED),
            or_(Standard.valid_from.is_(None), Standard.valid_from <= day),
            or_(Standard.valid_until.is_(None), Standard.valid_until >= day),
        )
        .options(selectinload(Standard.items))
        .order_by(Standard.kind, Standard.version)
    )


def _standards_for(session: Session, position: Position, day: date) -> Sequence[Standard]:
    matches = [Standard.code == (position.standard_code or "")]
    if position.class_code:
        matches.append((Standard.kind == "class") & (Standard.class_code == position.class_code))
    found = session.scalars(_used_on(day).where(or_(*matches))).all()
    newest: dict[str, Standard] = {standard.code: standard for standard in found}
    return sorted(newest.values(), key=lambda standard: standard.kind == "position")


def matched_competencies(session: Session) -> Sequence[Competency]:
    """Return the competencies that matching knows, by name."""
    return session.scalars(
        select(Competency).where(Competency.column.is_not(None)).order_by(Competency.name)
    ).all()
