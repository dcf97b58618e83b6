"""The IP ASN of many people at once, from what the platform holds: a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import Session

from app.core.actor import Actor
from skills.enums import EmploymentState
from skills.ip_asn_rules import (
    ALL_GROUPS,
    DIMENSIONS,
    POSITION_TRAINING,
    SEMINAR,
    TECHNICAL,
    Facts,
    Index,
    ScoreTable,
    index_of,
    mean_index,
    position_group,
    score_table,
)
from skills.models import (
    DisciplineRecord,
    Employee,
    Opd,
    ReferenceSet,
    SkpRecord,
    TrainingRecord,
)
from skills.queries.people import visible
from skills.services.reference_load import reference_rows

# A penalty still being decided is not one.
_PENALTIES = {"light": ("RINGAN", 1), "medium": ("SEDANG", 2), "heavy": ("BERAT", 3)}


@dataclass(frozen=True)
class PersonIndex:
    """A person's index with the few columns a list shows."""

    employee_id: int
    name: str
    opd_id: int
    index: Index


@dataclass(frozen=True)
class OpdIndex:
    """The mean of an OPD: its four parts, its total, and how many people lack a fact."""

    opd_id: int
    name: str
    people: int
    parts: Mapping[str, float]
    total: float
    incomplete: int


def visible_scope(actor: Actor, *, opd_id: int | None = None) -> ColumnElement[bool]:
    """Return the condition of the people that an actor may read, in one OPD where asked."""
    return visible(actor) & (Employee.opd_id == opd_id) if opd_id else visible(actor)


def current_table(session: Session) -> ScoreTable:
    """Return the scoring table in force with its bands."""
    version = session.scalar(
        select(func.max(ReferenceSet.version)).where(
            ReferenceSet.code == "ip_asn_scores", ReferenceSet.state == "in_force"
        )
    )
    scores, bands = reference_rows(session, "ip_asn_scores"), reference_rows(session, "index_bands")
    return score_table(scores, bands, version or 0)


def indices(
    session: Session, *, day: date, where: ColumnElement[bool] | None = None
) -> list[PersonIndex]:
    """Return the index of the people who work here, by name; all statements are set-based.

    Args:
        day: the present; performance is of the closed year before it.
        where: condition on `Employee`; everybody by default.
    """
    scope = where if where is not None else true()
    people = session.execute(
        select(
            Employee.id,
            Employee.name,
            Employee.opd_id,
            Employee.position_kind,
            Employee.education_level,
        )
        .where(scope, Employee.employment_state == EmploymentState.ACTIVE)
        .order_by(Employee.name, Employee.id)
    ).all()
    table, answers = current_table(session), _education_answers(session)
    trained, skp = _trainings(session, day, scope), _predicates(session, day.year - 1, scope)
    penalties = _penalties(session, scope)
    cache: dict[Facts, Index] = {}
    found = []
    for person in people:
        facts = replace(
            _facts(person, answers, trained.get(person.id, {})),
            predicate=skp.get(person.id),
            penalty=penalties.get(person.id, "TIDAK_ADA"),
        )
        index = cache.get(facts)
        if index is None:
            index = cache[facts] = index_of(facts, table)
        found.append(PersonIndex(person.id, person.name, person.opd_id, index))
    return found


def index_for(session: Session, *, employee_id: int, day: date) -> Index | None:
    """Return the index of one person; None for somebody who does not work here now."""
    found = indices(session, day=day, where=Employee.id == employee_id)
    return found[0].index if found else None


def by_opd(session: Session, people: Sequence[PersonIndex]) -> list[OpdIndex]:
    """Return the means of each OPD that has people in the list, by name."""
    groups: dict[int, list[Index]] = {}
    for person in people:
        groups.setdefault(person.opd_id, []).append(person.index)
    rows = session.execute(select(Opd.id, Opd.name).where(Opd.id.in_(groups)).order_by(Opd.name))
    return [_opd_row(row.id, row.name, groups[row.id]) for row in rows]


def _opd_row(opd_id: int, name: str, found: Sequence[Index]) -> OpdIndex:
    parts = {
        dimension: mean_index([index.parts[place].points for index in found]) or 0.0
        for place, dimension in enumerate(DIMENSIONS)
    }
    total = mean_index([index.total for index in found]) or 0.0
    return OpdIndex(
        opd_id, name, len(found), parts, total, sum(1 for index in found if index.unknown)
    )


def _education_answers(session: Session) -> dict[str, str]:
    rows = reference_rows(session, "education_levels")
    return {str(row["code"]): str(row["ip_asn_answer"]) for row in rows}


def _facts(person: Any, answers: Mapping[str, str], trained: Mapping[str, Any]) -> Facts:
    group = position_group(person.position_kind)
    return Facts(
        group=group,
        education=answers.get(person.education_level or ""),
        has_position_training=bool(trained.get(f"{POSITION_TRAINING}/{group}")),
        technical_jp=int(trained.get(TECHNICAL) or 0),
        has_seminar=bool(trained.get(SEMINAR)),
    )


def _trainings(
    session: Session, day: date, scope: ColumnElement[bool]
) -> dict[int, dict[str, Any]]:
    forms: dict[tuple[str, str], list[str]] = {}
    for row in reference_rows(session, "ip_asn_forms"):
        key = (str(row["element"]), str(row["position_group"]))
        forms.setdefault(key, []).append(str(row["form_code"]))
    if not forms:
        return {}
    year_ago = date(day.year - 1, day.month, min(day.day, 28))
    columns = [_counted(key, codes, year_ago).label(_name(key)) for key, codes in forms.items()]
    rows = session.execute(
        select(TrainingRecord.employee_id, *columns)
        .join(Employee, Employee.id == TrainingRecord.employee_id)
        .where(scope, TrainingRecord.state == "verified", TrainingRecord.ended_on <= day)
        .group_by(TrainingRecord.employee_id)
    )
    return {row.employee_id: dict(row._mapping) for row in rows}


def _counted(key: tuple[str, str], codes: list[str], since: date) -> Any:
    fits = TrainingRecord.form_code.in_(codes)
    if key[0] == TECHNICAL:
        recent = fits & (TrainingRecord.ended_on > since)
        return func.sum(case((recent, func.coalesce(TrainingRecord.jp, 0)), else_=0))
    return func.max(case((fits, 1), else_=0))


def _name(key: tuple[str, str]) -> str:
    return key[0] if key[1] == ALL_GROUPS else f"{key[0]}/{key[1]}"


def _predicates(session: Session, year: int, scope: ColumnElement[bool]) -> dict[int, str]:
    rows = session.execute(
        select(SkpRecord.employee_id, SkpRecord.predicate)
        .join(Employee, Employee.id == SkpRecord.employee_id)
        .where(scope, SkpRecord.year == year)
    )
    return {row.employee_id: row.predicate for row in rows}


def _penalties(session: Session, scope: ColumnElement[bool]) -> dict[int, str]:
    found: dict[int, tuple[str, int]] = {}
    rows = session.execute(
        select(DisciplineRecord.employee_id, DisciplineRecord.severity)
        .join(Employee, Employee.id == DisciplineRecord.employee_id)
        .where(scope)
    )
    for employee_id, severity in rows:
        penalty = _PENALTIES.get(severity)
        if penalty and penalty[1] > found.get(employee_id, ("", 0))[1]:
            found[employee_id] = penalty
    return {key: value[0] for key, value in found.items()}
