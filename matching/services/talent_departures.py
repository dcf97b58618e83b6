"""What a departure closes here: places in the lines of seats, and memberships of pools.

A transfer inside the city closes neither: a line belongs to the seat, and a candidate of another
OPD may still follow.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.actor import Actor
from app.core.i18n import N_, Message
from matching.models import PoolMember, Seat, SeatSuccessor
from matching.services.pools import leave
from matching.services.succession import end_successor
from matching.services.succession_alerts import tell_successor_gone
from skills.services.departures import Change, Effect, register_effect

_LINE = N_("Tidak lagi menjadi calon pengganti %(role)s di %(opd)s.")
_POOL = N_("Keluar dari kelompok talenta %(pool)s.")


def _lines(session: Session, ids: Sequence[int], change: Change) -> Sequence[SeatSuccessor]:
    if not change.ends_service:
        return []
    return session.scalars(
        select(SeatSuccessor)
        .where(SeatSuccessor.employee_id.in_(ids), SeatSuccessor.until.is_(None))
        .options(
            joinedload(SeatSuccessor.seat).joinedload(Seat.role),
            joinedload(SeatSuccessor.seat).joinedload(Seat.opd),
        )
        .order_by(SeatSuccessor.id)
    ).all()


def _memberships(session: Session, ids: Sequence[int], change: Change) -> Sequence[PoolMember]:
    if not change.ends_service:
        return []
    return session.scalars(
        select(PoolMember)
        .where(PoolMember.employee_id.in_(ids), PoolMember.until.is_(None))
        .options(joinedload(PoolMember.pool))
        .order_by(PoolMember.id)
    ).all()


def preview(session: Session, ids: Sequence[int], change: Change) -> list[Effect]:
    """Return the lines and pools that somebody leaves."""
    found = [
        Effect(
            row.employee_id, Message(_LINE, {"role": row.seat.role.name, "opd": row.seat.opd.name})
        )
        for row in _lines(session, ids, change)
    ]
    return found + [
        Effect(row.employee_id, Message(_POOL, {"pool": row.pool.name}))
        for row in _memberships(session, ids, change)
    ]


def apply(session: Session, ids: Sequence[int], change: Change, actor: Actor) -> None:
    """End them with the reason of the departure, and tell the officers at once."""
    for row in _lines(session, ids, change):
        end_successor(session, row=row, reason=change.reason)
        tell_successor_gone(session, seat=row.seat, employee_id=row.employee_id)
    for member in _memberships(session, ids, change):
        leave(session, actor=actor, member=member, reason=change.reason)


def register() -> None:
    """Register what this module closes."""
    register_effect("talent", preview, apply)
