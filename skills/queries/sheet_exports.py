"""Rows of the files of dictionary, standards and levels, as an import reads them again."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.spreadsheet.reader import Cell
from skills.enums import VERIFIED_SOURCES, ImportKind
from skills.models import Competency, Employee, Framework, LevelInForce
from skills.queries.standard_pages import all_items
from skills.services.sheet_dictionary import competency_shown
from skills.services.sheet_levels import SOURCES
from skills.services.sheet_standards import KINDS
from skills.sheets.columns import COLUMNS
from skills.sheets.dictionary_rows import ROW_WORDS, STATE_WORDS

_KIND_WORDS = {kind: word for word, kind in KINDS.items()}
_SOURCE_WORDS = {source.value: word for word, source in SOURCES.items()}


def sheet_lines(session: Session, kind: str, code: str | None = None) -> Iterator[list[Cell]]:
    """Yield the rows of a file of a kind in the order of its columns.

    Args:
        code: only this framework (dictionary) or standard.
    """
    for values in _ROWS[kind](session, code):
        yield [_cell(values.get(column.name)) for column in COLUMNS[kind]]


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, tuple):
        return " | ".join(value)
    return "" if value is None else value


def _dictionary(session: Session, code: str | None) -> Iterator[dict[str, Any]]:
    frameworks = select(Framework).order_by(Framework.id)
    if code:
        frameworks = frameworks.where(Framework.code == code)
    for framework in session.scalars(frameworks).all():
        yield {
            "framework": framework.code,
            "code": framework.code,
            "row_kind": ROW_WORDS["framework"],
            "name": framework.name,
            "name_en": framework.name_en,
            "kind": framework.kind,
            "definition": framework.source,
            "state": STATE_WORDS.get(framework.state, framework.state),
        }
        rows = competencies_of(session, framework.id)
        parents = {row.id: row.code for row in rows if row.is_area}
        for row in rows:
            shown = competency_shown(row, parents)
            shown["row_kind"] = ROW_WORDS[shown["row_kind"]]
            shown["state"] = STATE_WORDS.get(row.state, row.state)
            yield shown


def competencies_of(session: Session, framework_id: int) -> list[Competency]:
    """Return areas and competencies of a framework with all their parts, areas first."""
    return list(
        session.scalars(
            select(Competency)
            .where(Competency.framework_id == framework_id)
            .options(
                selectinload(Competency.levels),
                selectinload(Competency.mappings),
                joinedload(Competency.framework),
            )
            .order_by(~Competency.is_area, Competency.position, Competency.code)
        )
    )


def _standards(session: Session, code: str | None) -> Iterator[dict[str, Any]]:
    for standard, item in all_items(session):
        if code and standard.code != code:
            continue
        yield {
            "standard": standard.code,
            "standard_name": standard.name,
            "standard_kind": _KIND_WORDS.get(standard.kind, standard.kind),
            "class_code": standard.class_code,
            "competency": item.competency.code,
            "competency_name": item.competency.name,
            "level": item.level,
            "weight": item.weight,
            "mandatory": item.mandatory,
        }


def _levels(session: Session, _code: str | None) -> Iterator[dict[str, Any]]:
    rows = session.execute(
        select(Employee.nip, Employee.name, Competency.code, Competency.name, LevelInForce)
        .join(LevelInForce, LevelInForce.employee_id == Employee.id)
        .join(Competency, Competency.id == LevelInForce.competency_id)
        .where(LevelInForce.verified_level.is_not(None))
        .order_by(Employee.name, Employee.id, Competency.position)
        .execution_options(yield_per=2_000)
    )
    for nip, person, code, name, held in rows:
        source = held.verified_source if held.verified_source in VERIFIED_SOURCES else ""
        yield {
            "nip": nip,
            "person": person,
            "competency": code,
            "competency_name": name,
            "level": held.verified_level,
            "source": _SOURCE_WORDS.get(source, source),
            "obtained_on": held.verified_on,
            "valid_until": held.valid_until,
        }


_ROWS: Mapping[str, Callable[[Session, str | None], Iterator[dict[str, Any]]]] = {
    ImportKind.DICTIONARY: _dictionary,
    ImportKind.STANDARD: _standards,
    ImportKind.LEVEL: _levels,
}


def people_with_levels(session: Session) -> list[int]:
    """Return the ids of the people of whom a verified level is known."""
    return list(
        session.scalars(
            select(LevelInForce.employee_id)
            .where(LevelInForce.verified_level.is_not(None))
            .distinct()
            .order_by(LevelInForce.employee_id)
        )
    )
