"""What a transfer or departure closes here: seats that a person holds, and open candidacies."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.i18n import N_, Message
from matching.enums import ShortlistState
from matching.models import Placement, Seat, ShortlistEntry
from matching.services.decisions import remove_from_shortlist
from matching.services.seats import end_placement
from skills.services.departures import Change, Effect, register_effect

_OPEN = (ShortlistState.PROPOSED, ShortlistState.INVITED, ShortlistState.ACCEPTED)
_SEAT = N_("Kursi %(role)s di %(opd)s dilepas dan menjadi kosong.")
_ENTRY = N_("Dikeluarkan dari daftar pendek %(role)s di %(opd)s.")


def _placements(session: Session, ids: Sequence[int], change: Change) -> Sequence[Placement]:
    statement = (
        select(Placement)
        .join(Seat, Seat.id == Placement.seat_id)
        .where(Placement.employee_id.in_(ids), Placement.until.is_(None))
        .options(
            joinedload(Placement.seat).joinedload(Seat.role),
            joinedload(Placement.seat).joinedload(Seat.opd),
        )
    )
    if not change.ends_service:
        statement = statement.where(Seat.opd_id != change.opd_id)
    return session.scalars(statement).all()


def _entries(session: Session, ids: Sequence[int], change: Change) -> Sequence[ShortlistEntry]:
    if not change.ends_service:
        return []  # a candidate from another OPD may still be chosen
    return session.scalars(
        select(ShortlistEntry)
        .where(ShortlistEntry.employee_id.in_(ids), ShortlistEntry.state.in_(_OPEN))
        .options(
            joinedload(ShortlistEntry.seat).joinedload(Seat.role),
            joinedload(ShortlistEntry.seat).joinedload(Seat.opd),
        )
    ).all()


def _words(text: str, row: Placement | ShortlistEntry) -> Effect:
    facts = {"role": row.seat.role.name, "opd": row.seat.opd.name}
    return Effect(row.employee_id, Message(text, facts))


def preview(session: Session, ids: Sequence[int], change: Change) -> list[Effect]:
    """Return the seats and candidacies that end."""
    seats = [_words(_SEAT, row) for row in _placements(session, ids, change)]
    return seats + [_words(_ENTRY, row) for row in _entries(session, ids, change)]


def apply(session: Session, ids: Sequence[int], change: Change, actor: Actor) -> None:
    """End them; a placement that begins later ends on its first day."""
    for placement in _placements(session, ids, change):
        day = max(min(change.on, clock.today()), placement.since)
        end_placement(session, placement=placement, on=day, reason=change.reason)
    for entry in _entries(session, ids, change):
        remove_from_shortlist(session, entry=entry, reason=change.reason)


def register() -> None:
    """Register what this package closes."""
    register_effect("seats", preview, apply)
