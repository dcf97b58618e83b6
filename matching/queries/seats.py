"""Reads of seats, roles and placements."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from matching.enums import PlacementKind, SeatState
from matching.models import Decision, DecisionSignature, Placement, Role, Seat, ShortlistEntry
from skills.models import Employee, Opd, Standard, StandardItem


@dataclass(frozen=True)
class SeatFilter:
    """What the list of seats is narrowed by."""

    state: str | None = None
    opd_id: int | None = None
    role_code: str | None = None
    text: str | None = None


def seats_statement(filters: SeatFilter) -> Select[Seat]:
    """Return the statement of the seats list; order and page are the caller's."""
    statement = (
        select(Seat)
        .join(Opd, Opd.id == Seat.opd_id)
        .join(Role, Role.id == Seat.role_id)
        .options(joinedload(Seat.opd), joinedload(Seat.role))
    )
    if filters.state:
        statement = statement.where(Seat.state == filters.state)
    if filters.opd_id:
        statement = statement.where(Seat.opd_id == filters.opd_id)
    if filters.role_code:
        statement = statement.where(Role.code == filters.role_code)
    if filters.text:
        pattern = f"%{filters.text}%"
        statement = statement.where(Role.name.ilike(pattern) | Opd.name.ilike(pattern))
    return statement


def find_seat(session: Session, seat_id: int) -> Seat | None:
    """Return a seat with OPD, role and the role's standard, or None."""
    return session.scalar(
        select(Seat)
        .where(Seat.id == seat_id)
        .options(
            joinedload(Seat.opd),
            joinedload(Seat.role)
            .joinedload(Role.standard)
            .selectinload(Standard.items)
            .joinedload(StandardItem.competency),
        )
    )


def find_seat_by_code(session: Session, code: str) -> Seat | None:
    """Return a seat by its code, or None."""
    seat_id = session.scalar(select(Seat.id).where(Seat.code == code))
    return find_seat(session, seat_id) if seat_id else None


def open_placements(session: Session, seat_ids: Sequence[int]) -> dict[int, list[Placement]]:
    """Return the open placements per seat, holders before backups."""
    rows = session.scalars(
        select(Placement)
        .where(Placement.seat_id.in_(seat_ids), Placement.until.is_(None))
        .options(joinedload(Placement.employee).joinedload(Employee.opd))
        .order_by(Placement.kind != PlacementKind.PRIMARY, Placement.since, Placement.id)
    )
    found: dict[int, list[Placement]] = {}
    for row in rows:
        found.setdefault(row.seat_id, []).append(row)
    return found


def decisions_of(session: Session, seat_id: int) -> Sequence[Decision]:
    """Return the decisions on a seat, the newest first."""
    return session.scalars(
        select(Decision)
        .where(Decision.seat_id == seat_id)
        .options(joinedload(Decision.employee))
        .order_by(Decision.round.desc())
    ).all()


def decisions_statement(*, unsigned: bool, opd_id: int | None) -> Select[Decision]:
    """Return the statement of all decisions; order and page are the caller's."""
    statement = (
        select(Decision)
        .join(Seat, Seat.id == Decision.seat_id)
        .join(Role, Role.id == Seat.role_id)
        .join(Opd, Opd.id == Seat.opd_id)
        .join(Employee, Employee.id == Decision.employee_id)
        .options(
            joinedload(Decision.employee),
            joinedload(Decision.seat).joinedload(Seat.opd),
            joinedload(Decision.seat).joinedload(Seat.role),
        )
    )
    if unsigned:
        signed = select(DecisionSignature.decision_id)
        statement = statement.where(Decision.id.not_in(signed))
    if opd_id:
        statement = statement.where(Seat.opd_id == opd_id)
    return statement


def roles_in_force(session: Session) -> Sequence[Role]:
    """Return the roles with their standards."""
    return session.scalars(
        select(Role)
        .where(Role.state != "retired")
        .options(
            joinedload(Role.standard)
            .selectinload(Standard.items)
            .joinedload(StandardItem.competency)
        )
        .order_by(Role.code, Role.version.desc())
    ).all()


def find_placement(session: Session, *, seat_id: int, placement_id: int) -> Placement | None:
    """Return a placement of a seat, or None."""
    return session.scalar(
        select(Placement).where(Placement.id == placement_id, Placement.seat_id == seat_id)
    )


def find_entry(session: Session, *, seat_id: int, entry_id: int) -> ShortlistEntry | None:
    """Return an entry of a seat's shortlist, or None."""
    return session.scalar(
        select(ShortlistEntry).where(
            ShortlistEntry.id == entry_id, ShortlistEntry.seat_id == seat_id
        )
    )


def vacant_seats(session: Session, *, limit: int) -> Sequence[Seat]:
    """Return some vacant key seats, those open longest first."""
    return session.scalars(
        select(Seat)
        .where(Seat.state == SeatState.VACANT, Seat.is_key.is_(True))
        .options(joinedload(Seat.opd), joinedload(Seat.role))
        .order_by(Seat.opened_on, Seat.code)
        .limit(limit)
    ).all()
