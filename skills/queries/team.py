"""The heat map of a team: people by competencies, each cell beside what is asked there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session, joinedload

from app.core.actor import Actor, RoleName, ScopeKind
from skills.enums import EmploymentState
from skills.models import Competency, Employee, LevelInForce, Position, Unit
from skills.queries.standards import standards_of_positions
from skills.rules import Requirement

EXPIRY_WINDOW = timedelta(days=90)
_GONE = (EmploymentState.MOVED, EmploymentState.RETIRED, EmploymentState.LEFT)


@dataclass(frozen=True)
class TeamFilter:
    """What the map is narrowed by."""

    opd_id: int | None = None
    unit_id: int | None = None
    area_id: int | None = None
    text: str | None = None
    expiring: bool = False


class Cell(NamedTuple):
    """One person in one competency; a tuple, because a map has twenty thousand of them."""

    verified: int | None
    claimed: int | None
    required: int | None
    valid_until: date | None

    def ends_soon(self, day: date) -> bool:
        """Whether the verified level ends within the window of reminders."""
        return self.valid_until is not None and self.valid_until <= day + EXPIRY_WINDOW

    @property
    def missing(self) -> int:
        """Levels short of what is asked, by what is verified."""
        return max(0, (self.required or 0) - (self.verified or 0))

    @property
    def state(self) -> str:
        """Return met, short, claimed, unknown, or held and blank where nothing is asked."""
        if self.required is None:
            return "blank" if self.verified is None and self.claimed is None else "held"
        if not self.missing:
            return "met"
        if self.claimed is not None and self.claimed >= self.required:
            return "claimed"
        return "unknown" if self.verified is None and self.claimed is None else "short"


@dataclass(frozen=True)
class TeamRow:
    """A person of the map with the cells in the order of the columns."""

    employee: Employee
    cells: Sequence[Cell]
    met: int
    asked: int


@dataclass(frozen=True)
class TeamMap:
    """People by competencies."""

    competencies: Sequence[Competency]
    rows: Sequence[TeamRow]

    @property
    def share_met(self) -> float | None:
        """Share of all requirements that verified levels meet; None where nothing is asked."""
        asked = sum(row.asked for row in self.rows)
        return sum(row.met for row in self.rows) / asked if asked else None

    def gap_counts(self) -> list[int]:
        """Return per competency how many people are short of what is asked."""
        return [
            sum(1 for row in self.rows if row.cells[place].missing)
            for place in range(len(self.competencies))
        ]


def in_team(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on employees that the actor's team view reaches."""
    reach: list[ColumnElement[bool]] = []
    for grant in actor.reach(RoleName.OPD_MANAGER, RoleName.OFFICER, RoleName.AUDITOR):
        if grant.scope is ScopeKind.CITY:
            return true()
        if grant.scope is ScopeKind.OPD:
            reach.append(Employee.opd_id == grant.opd_id)
        elif grant.scope is ScopeKind.UNIT:
            reach.append(Employee.unit_id == grant.unit_id)
    if actor.has(RoleName.SUPERVISOR) and actor.employee_id is not None:
        reach.append(Employee.supervisor_id == actor.employee_id)
    return or_(*reach) if reach else false()


def team_statement(actor: Actor, filters: TeamFilter, *, day: date) -> Select[Employee]:
    """Return the people of the map; order and page are the caller's."""
    statement = (
        select(Employee)
        .where(in_team(actor), Employee.employment_state.not_in(_GONE))
        .options(joinedload(Employee.position), joinedload(Employee.unit), joinedload(Employee.opd))
    )
    if filters.opd_id:
        statement = statement.where(Employee.opd_id == filters.opd_id)
    if filters.unit_id:
        statement = statement.where(Employee.unit_id == filters.unit_id)
    if filters.text:
        statement = statement.where(Employee.name.icontains(filters.text, autoescape=True))
    if filters.expiring:
        ending = select(LevelInForce.employee_id).where(
            and_(
                LevelInForce.valid_until >= day,
                LevelInForce.valid_until <= day + EXPIRY_WINDOW,
                LevelInForce.verified_level.is_not(None),
            )
        )
        statement = statement.where(Employee.id.in_(ending))
    return statement


def team_members(
    session: Session,
    statement: Select[Employee],
    *,
    only: int | None = None,
    without: int | None = None,
    most: int = 300,
) -> Sequence[Employee]:
    """Return the people of a team's statement by name.

    Args:
        only: this one alone, where the team has them.
        without: everybody but this one.
        most: how many at most.
    """
    if only is not None:
        statement = statement.where(Employee.id == only)
    if without is not None:
        statement = statement.where(Employee.id != without)
    return session.scalars(statement.order_by(Employee.name, Employee.id).limit(most)).all()


def team_map(
    session: Session,
    people: Sequence[Employee],
    *,
    day: date,
    area_id: int | None = None,
    standard: Sequence[Requirement] | None = None,
) -> TeamMap:
    """Return the map of some people: four statements, however many there are.

    Args:
        people: with their positions loaded.
        area_id: an area whose competencies are the columns; otherwise those that anybody's
            standard asks.
        standard: requirements of a role to compare everybody with, instead of each position's.
    """
    if standard is not None:
        asked = {person.id: tuple(standard) for person in people}
    else:
        asked = _asked_by_positions(session, people, day)
    columns = _columns(session, area_id, asked.values())
    held = _held(session, people, columns)
    rows = [_row(person, columns, asked[person.id], held) for person in people]
    return TeamMap(columns, rows)


def _asked_by_positions(
    session: Session, people: Sequence[Employee], day: date
) -> dict[int, tuple[Requirement, ...]]:
    positions: dict[int, Position] = {
        person.position.id: person.position for person in people if person.position is not None
    }
    found = standards_of_positions(session, positions=positions.values(), day=day)
    return {person.id: found.get(person.position_id or 0, ()) for person in people}


def _columns(
    session: Session, area_id: int | None, asked: Iterable[Sequence[Requirement]]
) -> Sequence[Competency]:
    statement = select(Competency).where(
        Competency.is_area.is_(False), Competency.state != "retired"
    )
    if area_id is not None:
        statement = statement.where(Competency.parent_id == area_id)
    else:
        wanted = {need.competency_id for needs in asked for need in needs}
        statement = statement.where(Competency.id.in_(wanted))
    return session.scalars(
        statement.order_by(Competency.framework_id.desc(), Competency.position, Competency.code)
    ).all()


Held = Mapping[tuple[int, int], tuple[int | None, int | None, date | None]]


def _held(session: Session, people: Sequence[Employee], columns: Sequence[Competency]) -> Held:
    rows = session.execute(
        select(
            LevelInForce.employee_id,
            LevelInForce.competency_id,
            LevelInForce.verified_level,
            LevelInForce.claimed_level,
            LevelInForce.valid_until,
        ).where(
            LevelInForce.employee_id.in_([person.id for person in people]),
            LevelInForce.competency_id.in_([column.id for column in columns]),
        )
    )
    return {(person, column): (has, says, until) for person, column, has, says, until in rows}


def _row(
    person: Employee, columns: Sequence[Competency], needs: Sequence[Requirement], held: Held
) -> TeamRow:
    required = {need.competency_id: need.level for need in needs}
    cells = []
    for column in columns:
        has, says, until = held.get((person.id, column.id), (None, None, None))
        cells.append(Cell(has, says, required.get(column.id), until))
    asked = [cell for cell in cells if cell.required is not None]
    return TeamRow(person, cells, sum(1 for cell in asked if not cell.missing), len(asked))


def units_of(session: Session, actor: Actor, opd_id: int | None) -> Sequence[Unit]:
    """Return the units that have people of the actor's team, for the filter."""
    statement = select(Employee.unit_id).where(in_team(actor), Employee.unit_id.is_not(None))
    if opd_id:
        statement = statement.where(Employee.opd_id == opd_id)
    return session.scalars(
        select(Unit).where(Unit.id.in_(statement.distinct())).order_by(Unit.name, Unit.id)
    ).all()
