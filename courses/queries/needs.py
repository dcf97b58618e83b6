"""Who lacks what their position asks: the need for training, person by person."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from courses.need_rules import Need
from courses.planning_access import Reach
from skills.models import Employee, LevelInForce, Position, Standard, StandardItem

_USED = ("in_force", "draft")  # as the profile: a local draft applies until the city adopts it
Required = Mapping[int, Mapping[int, int]]  # position -> competency -> level


def required_by_position(
    session: DbSession, *, competency_ids: Sequence[int] | None, day: date
) -> Required:
    """Return what each position asks: its own standard over that of its class."""
    by_class, by_code = _standards(session, competency_ids, day)
    found: dict[int, dict[int, int]] = {}
    for number, class_code, code in session.execute(
        select(Position.id, Position.class_code, Position.standard_code).order_by(Position.id)
    ):
        levels = {**by_class.get(class_code, {}), **by_code.get(code, {})}
        if levels:
            found[number] = levels
    return found


def _standards(
    session: DbSession, competency_ids: Sequence[int] | None, day: date
) -> tuple[dict[str | None, dict[int, int]], dict[str | None, dict[int, int]]]:
    """Return the items of the newest version of each standard, by class and by code."""
    newest: dict[str, tuple[int, str | None, str]] = {}
    for number, code, class_code, kind in session.execute(
        select(Standard.id, Standard.code, Standard.class_code, Standard.kind)
        .where(
            Standard.kind != "role",
            Standard.state.in_(_USED),
            or_(Standard.valid_from.is_(None), Standard.valid_from <= day),
            or_(Standard.valid_until.is_(None), Standard.valid_until >= day),
        )
        .order_by(Standard.version)
    ):
        newest[code] = (number, class_code, kind)
    statement = select(StandardItem.standard_id, StandardItem.competency_id, StandardItem.level)
    statement = statement.where(StandardItem.standard_id.in_([row[0] for row in newest.values()]))
    if competency_ids is not None:
        statement = statement.where(StandardItem.competency_id.in_(competency_ids))
    items: dict[int, dict[int, int]] = defaultdict(dict)
    for standard, competency, level in session.execute(statement):
        items[standard][competency] = level
    by_class: dict[str | None, dict[int, int]] = {}
    by_code: dict[str | None, dict[int, int]] = {}
    for code, (number, class_code, kind) in newest.items():
        if kind == "class" and class_code:
            by_class[class_code] = {**by_class.get(class_code, {}), **items[number]}
        by_code[code] = items[number]
    return by_class, by_code


def needs(
    session: DbSession,
    *,
    day: date,
    competency_ids: Sequence[int] | None = None,
    opd_id: int | None = None,
    reach: Reach | None = None,
) -> list[Need]:
    """Return the gaps of all active people against their positions: three statements.

    Args:
        competency_ids: only these, or None for all.
        opd_id: only people of this OPD.
        reach: only people within reach.
    """
    required = required_by_position(session, competency_ids=competency_ids, day=day)
    people = select(Employee.id, Employee.opd_id, Employee.position_id).where(
        Employee.employment_state == "active", Employee.position_id.in_(required)
    )
    levels = select(
        LevelInForce.employee_id, LevelInForce.competency_id, LevelInForce.verified_level
    ).where(LevelInForce.verified_level.is_not(None))
    if competency_ids is not None:
        levels = levels.where(LevelInForce.competency_id.in_(competency_ids))
    if opd_id is not None:
        people = people.where(Employee.opd_id == opd_id)
    if reach is not None:
        people = people.where(reach.clause())
    held = {(person, item): level for person, item, level in session.execute(levels)}
    found = []
    for person, office, position in session.execute(people.order_by(Employee.id)):
        for competency, level in required[position or 0].items():
            has = held.get((person, competency))
            if (has or 0) < level:
                found.append(Need(person, office, competency, has, level))
    return found


@dataclass(frozen=True)
class Suggestion:
    """A person for a session, with the gaps it would narrow."""

    employee: Employee
    needs: tuple[Need, ...]


def suggestions(
    session: DbSession,
    *,
    gains: Mapping[int, int],
    day: date,
    opd_ids: Sequence[int] | None,
    without: Sequence[int],
    only: Collection[int] | None = None,
    limit: int = 50,
) -> tuple[list[Suggestion], int]:
    """Return the people whom a course would help most, and how many there are in all.

    Args:
        gains: competency id to the level the course leads to.
        opd_ids: reach of who asks, None for the whole city.
        without: people to leave out, such as those enrolled already.
        only: the people of a supervisor, whatever their OPD; None for all that are reached.
    """
    rows: dict[int, list[Need]] = defaultdict(list)
    taken = set(without)
    for need in needs(session, day=day, competency_ids=list(gains)):
        reached = opd_ids is None or need.opd_id in opd_ids
        if only is not None:
            reached = need.employee_id in only
        if (
            reached
            and need.employee_id not in taken
            and (need.held or 0) < gains[need.competency_id]
        ):
            rows[need.employee_id].append(need)
    order = sorted(
        rows.items(), key=lambda row: (-len(row[1]), -sum(n.missing for n in row[1]), row[0])
    )
    ids = [number for number, _ in order[:limit]]
    people = {
        row.id: row
        for row in session.scalars(
            select(Employee)
            .where(Employee.id.in_(ids))
            .options(joinedload(Employee.opd), joinedload(Employee.position))
        )
    }
    return [Suggestion(people[n], tuple(rows[n])) for n in ids if n in people], len(rows)
