"""Reads of one framework: its tree with what is retired, its mappings, and its open format."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from skills.case_package import CaseDocument, CaseItem, package
from skills.models import Competency, CompetencyMapping, Framework, StandardItem
from skills.queries.sheet_exports import competencies_of
from skills.services.reference_load import reference_rows


@dataclass
class Branch:
    """An area, or the top of a framework, with what stands below it."""

    area: Competency | None
    depth: int = 0
    competencies: list[Competency] = field(default_factory=list)


@dataclass(frozen=True)
class FrameworkPage:
    """A framework as its page shows it."""

    framework: Framework
    branches: Sequence[Branch]
    states: Mapping[str, int]
    asked: frozenset[int]  # competencies that a standard in use asks
    mapped: Mapping[str, int]  # competencies mapped per other framework


def find_framework(session: Session, framework_id: int) -> Framework | None:
    """Return a framework, or None."""
    return session.get(Framework, framework_id)


def framework_by_code(session: Session, code: str) -> Framework | None:
    """Return a framework by its code, or None."""
    return session.scalar(select(Framework).where(Framework.code == code))


def framework_page(session: Session, framework: Framework) -> FrameworkPage:
    """Return the tree of a framework, retired items included, and its relations."""
    rows = competencies_of(session, framework.id)
    asked = session.scalars(
        select(StandardItem.competency_id)
        .where(StandardItem.competency_id.in_([row.id for row in rows]))
        .distinct()
        .order_by(StandardItem.competency_id)
    )
    mapped: Counter[str] = Counter()
    for row in rows:
        mapped.update({one.target_framework for one in row.mappings})
    return FrameworkPage(
        framework,
        branches_of(rows),
        Counter(row.state for row in rows if not row.is_area),
        frozenset(asked),
        dict(sorted(mapped.items())),
    )


def branches_of(rows: Sequence[Competency]) -> list[Branch]:
    """Return areas in the order of the tree, each with its competencies; loose ones come first."""
    below: dict[int | None, list[Competency]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    found: list[Branch] = []

    def add(area: Competency | None, depth: int) -> None:
        children = below.get(area.id if area else None, [])
        competencies = [row for row in children if not row.is_area]
        if area is not None or competencies:
            found.append(Branch(area, depth, competencies))
        for child in (row for row in children if row.is_area):
            add(child, depth + 1)

    add(None, 0)
    return found


def areas_of(session: Session, framework_id: int) -> Sequence[Competency]:
    """Return the areas of a framework."""
    return session.scalars(
        select(Competency)
        .where(Competency.framework_id == framework_id, Competency.is_area)
        .order_by(Competency.position, Competency.code)
    ).all()


def framework_sizes(session: Session) -> dict[int, int]:
    """Return how many competencies each framework holds."""
    rows = session.execute(
        select(Competency.framework_id, func.count())
        .where(~Competency.is_area)
        .group_by(Competency.framework_id)
    )
    return {row[0]: row[1] for row in rows}


def targets_here(session: Session, competency: Competency) -> dict[str, int]:
    """Return the mapped codes that are competencies of a dictionary here, with their ids."""
    codes = [one.target_code for one in competency.mappings]
    rows = session.execute(
        select(Competency.code, Competency.id).where(
            Competency.code.in_(codes), ~Competency.is_area
        )
    )
    return {row[0]: row[1] for row in rows}


def mapped_from(session: Session, competency: Competency) -> Sequence[Competency]:
    """Return the competencies of other frameworks that are mapped to this one."""
    return session.scalars(
        select(Competency)
        .join(CompetencyMapping, CompetencyMapping.competency_id == Competency.id)
        .where(CompetencyMapping.target_code == competency.code)
        .order_by(Competency.code)
    ).all()


def case_package(
    session: Session, framework: Framework, *, base_url: str, creator: str
) -> dict[str, Any]:
    """Return a framework as a CASE package."""
    rows = competencies_of(session, framework.id)
    codes = {row.id: row.code for row in rows}
    levels = {int(str(row["level"])): str(row["name_id"]) for row in _levels(session)}
    document = CaseDocument(
        code=framework.code,
        name=framework.name,
        version=framework.version,
        source=framework.source,
        state=framework.state,
        creator=creator,
        valid_from=framework.valid_from,
        valid_until=framework.valid_until,
    )
    items = [_case_item(row, codes) for row in rows if row.state != "retired"]
    return package(document, items, level_names=levels, base_url=base_url, moment=clock.now())


def _levels(session: Session) -> list[dict[str, Any]]:
    return reference_rows(session, "levels")


def _case_item(row: Competency, codes: Mapping[int, str]) -> CaseItem:
    return CaseItem(
        code=row.code,
        name=row.name,
        definition="" if row.is_area else row.definition,
        is_area=row.is_area,
        parent=codes.get(row.parent_id or 0),
        keywords=row.keywords,
        levels={level.level: level.behaviours for level in row.levels},
        mappings=[
            (one.target_framework, one.target_code, one.target_name, one.relation)
            for one in row.mappings
        ],
    )
