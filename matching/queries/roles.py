"""Reads of roles: the list with their seats, one version, all versions."""

from collections.abc import Mapping, Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matching.enums import SeatState
from matching.models import Role, ScoutingRun, Seat
from skills.models import Standard, StandardItem


def find_role(session: Session, role_id: int) -> Role | None:
    """Return a version of a role with what it asks, or None."""
    return session.scalar(
        select(Role)
        .where(Role.id == role_id)
        .options(
            joinedload(Role.standard)
            .selectinload(Standard.items)
            .joinedload(StandardItem.competency)
        )
    )


def versions_of(session: Session, code: str) -> Sequence[tuple[Role, int]]:
    """Return the versions of a role with the kept rankings that rest on each, the newest first."""
    rows = session.execute(
        select(Role, func.count(ScoutingRun.id))
        .outerjoin(ScoutingRun, ScoutingRun.role_id == Role.id)
        .where(Role.code == code)
        .options(selectinload(Role.standard))
        .group_by(Role.id)
        .order_by(Role.version.desc())
    )
    return [(role, count) for role, count in rows]


def seat_counts(session: Session) -> Mapping[int, tuple[int, int]]:
    """Return per role how many seats are open and how many of them are filled."""
    filled = func.sum(case((Seat.state == SeatState.FILLED, 1), else_=0))
    rows = session.execute(
        select(Seat.role_id, func.count(Seat.id), filled)
        .where(Seat.state != SeatState.CLOSED)
        .group_by(Seat.role_id)
    )
    return {role_id: (count, int(held or 0)) for role_id, count, held in rows}


def seats_of_role(session: Session, role_id: int) -> Sequence[Seat]:
    """Return the seats of a role, by OPD."""
    return session.scalars(
        select(Seat)
        .where(Seat.role_id == role_id)
        .options(joinedload(Seat.opd))
        .order_by(Seat.state, Seat.code)
    ).all()
