"""Reads of scenarios, and the places that a scenario can fill."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from matching.enums import PlacementKind, SeatState
from matching.models import AssignmentScenario, Placement, Role, ScenarioPlace, Seat
from skills.models import Employee, Standard


@dataclass(frozen=True)
class Place:
    """One place of a seat; `holder_id` where somebody sits on it."""

    seat: Seat
    holder_id: int | None = None


def free_places(session: Session, *, with_held: bool = False) -> list[Place]:
    """Return the places that nobody holds, a seat of two places twice, in the order of codes.

    Args:
        with_held: also the places that are held, with their holders.
    """
    seats = session.scalars(
        select(Seat)
        .where(Seat.state != SeatState.CLOSED)
        .options(
            joinedload(Seat.opd),
            joinedload(Seat.role).joinedload(Role.standard).selectinload(Standard.items),
        )
        .order_by(Seat.code)
    ).all()
    held: dict[int, list[int]] = {}
    rows = session.execute(
        select(Placement.seat_id, Placement.employee_id)
        .join(Employee, Employee.id == Placement.employee_id)
        .where(
            Placement.until.is_(None),
            Placement.kind == PlacementKind.PRIMARY,
            Employee.employment_state == "active",
        )
        .order_by(Placement.since, Placement.id)
    )
    for seat_id, employee_id in rows:
        held.setdefault(seat_id, []).append(employee_id)
    places = []
    for seat in seats:
        holders = held.get(seat.id, [])
        if with_held:
            places += [Place(seat, holder) for holder in holders]
        places += [Place(seat)] * max(0, seat.places - len(holders))
    return places


def scenarios(session: Session, *, limit: int = 50) -> Sequence[AssignmentScenario]:
    """Return the scenarios, the newest first, without their rows."""
    return session.scalars(
        select(AssignmentScenario)
        .order_by(AssignmentScenario.created_at.desc(), AssignmentScenario.id.desc())
        .limit(limit)
    ).all()


def find_scenarios(session: Session, ids: Sequence[int]) -> list[AssignmentScenario]:
    """Return scenarios with their rows, people, seats and OPD, in the order of the ids."""
    rows = selectinload(AssignmentScenario.rows)
    found = {
        row.id: row
        for row in session.scalars(
            select(AssignmentScenario)
            .where(AssignmentScenario.id.in_(ids))
            .options(
                rows.joinedload(ScenarioPlace.seat).joinedload(Seat.opd),
                rows.joinedload(ScenarioPlace.seat).joinedload(Seat.role),
                rows.joinedload(ScenarioPlace.employee).joinedload(Employee.opd),
                rows.joinedload(ScenarioPlace.backup).joinedload(Employee.opd),
            )
        )
    }
    return [found[key] for key in ids if key in found]


def seats_by_id(session: Session, ids: Sequence[int]) -> dict[int, Seat]:
    """Return seats with role and OPD."""
    rows = session.scalars(
        select(Seat).where(Seat.id.in_(ids)).options(joinedload(Seat.opd), joinedload(Seat.role))
    )
    return {row.id: row for row in rows}


def locked_pairs(session: Session, text: str) -> tuple[tuple[int, int], ...]:
    """Read locked pairs, one a line: NIP, then the code of the seat.

    Raises:
        InvalidInput: a line that names nobody or no seat.
    """
    lines = [line.replace(",", " ").split() for line in text.splitlines() if line.strip()]
    people = {
        row.nip: row.id
        for row in session.execute(
            select(Employee.nip, Employee.id).where(Employee.nip.in_([line[0] for line in lines]))
        )
    }
    seats = {
        row.code: row.id
        for row in session.execute(
            select(Seat.code, Seat.id).where(Seat.code.in_([line[-1] for line in lines]))
        )
    }
    pairs = []
    for number, line in enumerate(lines, start=1):
        if len(line) != 2 or line[0] not in people or line[1] not in seats:
            raise InvalidInput(
                Message(
                    N_("Baris %(number)s: tulis NIP lalu kode kursi yang ada."), {"number": number}
                ),
                field="locked",
            )
        pairs.append((people[line[0]], seats[line[1]]))
    return tuple(pairs)
