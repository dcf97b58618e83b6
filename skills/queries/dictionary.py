"""Reads of the competency dictionary."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from skills.models import Competency, Framework

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
