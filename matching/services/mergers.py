"""What happens to the seats of an OPD that goes into another."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.i18n import N_, Message
from matching.enums import SeatState
from matching.models import Placement, Seat, SeatSuccessor
from matching.services.seats import refresh_state
from skills.models import Opd
from skills.services.organisation import register_merge_effect

_MOVES = N_("Kursi %(role)s pindah ke OPD tujuan.")
_JOINS = N_("Kursi %(role)s disatukan dengan kursi OPD tujuan; pemegangnya ikut (%(count)s).")


def _seats(session: Session, opd: Opd) -> Sequence[Seat]:
    return session.scalars(
        select(Seat)
        .where(Seat.opd_id == opd.id, Seat.state != SeatState.CLOSED)
        .options(joinedload(Seat.role))
        .order_by(Seat.code)
    ).all()


def _holders(session: Session, seat: Seat) -> Sequence[Placement]:
    return session.scalars(
        select(Placement).where(Placement.seat_id == seat.id, Placement.until.is_(None))
    ).all()


def preview(session: Session, source: Opd, target: Opd) -> list[Message]:
    """Return in words what happens to each seat."""
    there = _by_role(session, target)
    found = []
    for seat in _seats(session, source):
        facts: dict[str, object] = {"role": seat.role.name}
        if seat.role_id in there:
            facts["count"] = len(_holders(session, seat))
        found.append(Message(_JOINS if seat.role_id in there else _MOVES, facts))
    return found


def _by_role(session: Session, opd: Opd) -> dict[int, Seat]:
    """Return every seat of an OPD, closed ones too: a role has one seat in an OPD."""
    rows = session.scalars(select(Seat).where(Seat.opd_id == opd.id)).all()
    return {seat.role_id: seat for seat in rows}


def apply(session: Session, source: Opd, target: Opd, actor: Actor) -> None:
    """Move the seats; where the target has the role already, its holders join that seat."""
    there = _by_role(session, target)
    for seat in _seats(session, source):
        kept = there.get(seat.role_id)
        if kept is None:
            seat.opd_id, seat.code = target.id, f"{seat.role.code}-{target.code}"
            seat.updated_at = clock.now()
            record(session, "matching:seat:move", seat, opd=target.code)
        else:
            _join(session, seat, kept)
    session.flush()


def _join(session: Session, seat: Seat, kept: Seat) -> None:
    moved = _holders(session, seat)
    present = {row.employee_id for row in _holders(session, kept)}
    for row in moved:
        if row.employee_id in present:
            row.until, row.end_reason = clock.today(), "merged"
        else:
            row.seat_id = kept.id
    session.flush()
    seat.state = SeatState.CLOSED
    if kept.state == SeatState.CLOSED:
        kept.state = SeatState.VACANT
    kept.places = max(kept.places, len([r for r in _holders(session, kept) if r.kind == "primary"]))
    kept.updated_at = seat.updated_at = clock.now()
    session.flush()
    refresh_state(session, kept.id)
    people = [row.employee_id for row in moved] + _join_lines(session, seat, kept)
    record(session, "matching:seat:join", kept, people=people, merged=seat.id)


def _join_lines(session: Session, seat: Seat, kept: Seat) -> list[int]:
    """Put the successors of a seat behind those of the seat it joins; nobody stands there twice."""
    rows = session.scalars(
        select(SeatSuccessor)
        .where(SeatSuccessor.seat_id.in_((seat.id, kept.id)), SeatSuccessor.until.is_(None))
        .order_by(SeatSuccessor.position, SeatSuccessor.id)
    ).all()
    there = [row for row in rows if row.seat_id == kept.id]
    present = {row.employee_id for row in there} | {
        row.employee_id for row in _holders(session, kept) if row.kind == "primary"
    }
    last, moved = max((row.position for row in there), default=0), []
    for row in rows:
        if row.seat_id == kept.id:
            continue
        if row.employee_id in present:
            row.until, row.end_reason = clock.today(), "merged"
            continue
        last += 1
        row.seat_id, row.position = kept.id, last
        moved.append(row.employee_id)
    session.flush()
    return moved


def register() -> None:
    """Register what this package moves."""
    register_merge_effect("seats", preview, apply)
