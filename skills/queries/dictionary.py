"""Reads of the competency dictionary."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from skills.models import (
    Competency,
    Framework,
    LevelInForce,
    Standard,
    StandardItem,
)

_USED = ("in_force", "draft")  # a local draft is used, and marked, until the city adopts it


@dataclass(frozen=True)
class CompetencyGroup:
    """The competencies of one area (or of a framework without areas)."""

    framework: Framework
    area: Competency | None
    competencies: Sequence[Competency]


def competency_choices(session: Session) -> list[CompetencyGroup]:
    """Return the competencies in use, grouped as the dictionary orders them."""
    rows = session.scalars(
        select(Competency)
        .join(Framework, Framework.id == Competency.framework_id)
        .where(Competency.state.in_(_USED), Framework.state.in_(_USED))
        .options(joinedload(Competency.framework))
        .order_by(Framework.id, Competency.position, Competency.code)
    ).all()
    areas = {row.id: row for row in rows if row.is_area}
    groups: dict[tuple[int, int | None], list[Competency]] = {}
    for row in rows:
        if not row.is_area:
            groups.setdefault((row.framework_id, row.parent_id), []).append(row)
    return [
        CompetencyGroup(found[0].framework, areas.get(parent or 0), found)
        for (_framework, parent), found in groups.items()
    ]


def frameworks(session: Session) -> Sequence[Framework]:
    """Return the dictionaries, those no longer used last."""
    return session.scalars(
        select(Framework).order_by(Framework.state == "retired", Framework.id)
    ).all()


def dictionary_tree(session: Session, *, text: str | None = None) -> list[CompetencyGroup]:
    """Return the groups of competencies; with a text only those that speak of it."""
    groups = competency_choices(session)
    if not text:
        return groups
    wanted = text.casefold()
    narrowed = []
    for group in groups:
        rows = [row for row in group.competencies if wanted in _words_of(row)]
        if rows:
            narrowed.append(CompetencyGroup(group.framework, group.area, rows))
    return narrowed


def _words_of(row: Competency) -> str:
    parts = [row.code, row.name, row.name_en, row.definition, *row.keywords]
    return " ".join(parts).casefold()


@dataclass(frozen=True)
class Usage:
    """Who uses a competency: standards that ask it, people per verified level."""

    standards: Sequence[tuple[Standard, StandardItem]]
    people: dict[int, int]
    claimed_only: int


def usage_of(session: Session, competency_id: int) -> Usage:
    """Return who uses a competency."""
    standards = session.execute(
        select(Standard, StandardItem)
        .join(StandardItem, StandardItem.standard_id == Standard.id)
        .where(StandardItem.competency_id == competency_id, Standard.state.in_(_USED))
        .order_by(Standard.kind, Standard.name, Standard.version)
    )
    counts = session.execute(
        select(LevelInForce.verified_level, func.count())
        .where(LevelInForce.competency_id == competency_id)
        .group_by(LevelInForce.verified_level)
    ).all()
    return Usage(
        standards=[(standard, item) for standard, item in standards],
        people={level: count for level, count in counts if level is not None},
        claimed_only=sum(count for level, count in counts if level is None),
    )


def full_competency(session: Session, competency_id: int) -> Competency | None:
    """Return a competency of any state with levels, mappings and framework, or None."""
    return session.scalar(
        select(Competency)
        .where(Competency.id == competency_id, Competency.is_area.is_(False))
        .options(
            selectinload(Competency.levels),
            selectinload(Competency.mappings),
            joinedload(Competency.framework),
        )
    )


def find_item(session: Session, item_id: int) -> Competency | None:
    """Return a competency or an area of any state with its parts, or None."""
    return session.scalar(
        select(Competency)
        .where(Competency.id == item_id)
        .options(
            selectinload(Competency.levels),
            selectinload(Competency.mappings),
            joinedload(Competency.framework),
        )
    )


def find_competency(session: Session, competency_id: int) -> Competency | None:
    """Return a competency with its levels and framework, or None; areas are none."""
    return session.scalar(
        select(Competency)
        .where(
            Competency.id == competency_id,
            Competency.is_area.is_(False),
            Competency.state.in_(_USED),
        )
        .options(selectinload(Competency.levels), joinedload(Competency.framework))
    )
