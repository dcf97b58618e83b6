"""From the list to the seat: shortlist with reasons, a decision with dissent, a placement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, Stale, check_version
from app.core.i18n import N_
from matching.enums import PlacementKind, SeatState, ShortlistState
from matching.models import Decision, Placement, ScoutingRun, Seat, ShortlistEntry
from matching.services.fairness_sheet import acknowledged
from matching.services.seats import holders_count, refresh_state
from matching.services.telling import tell_start
from matching.services.terms import check_term
from skills.models import Employee

_OPEN = (ShortlistState.PROPOSED, ShortlistState.INVITED, ShortlistState.ACCEPTED)


@dataclass(frozen=True)
class Candidate:
    """A person as the run ranked them; kept with the shortlist exactly as seen."""

    employee_id: int
    rank: int
    fit: float
    fit_high: float
    similarity: float | None
    explanation: Mapping[str, Any]


def current_round(session: Session, seat_id: int) -> int:
    """Return the round of filling this seat: one more than the decisions made."""
    made = session.scalar(select(func.max(Decision.round)).where(Decision.seat_id == seat_id))
    return (made or 0) + 1


def shortlist(
    session: Session,
    *,
    actor: Actor,
    seat: Seat,
    run: ScoutingRun,
    candidates: Sequence[Candidate],
    reason: str,
) -> list[ShortlistEntry]:
    """Put people on the shortlist of a seat with a reason; those already on it stay as they are.

    Raises:
        InvalidInput: no reason, or nobody chosen.
        Stale: the seat was filled or closed meanwhile.
    """
    check_vacant(session, seat)
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan memasukkan ke daftar pendek."), field="reason")
    if not candidates:
        raise InvalidInput(N_("Pilih paling sedikit satu orang."), field="people")
    number = current_round(session, seat.id)
    known = set(
        session.scalars(
            select(ShortlistEntry.employee_id).where(
                ShortlistEntry.seat_id == seat.id, ShortlistEntry.round == number
            )
        )
    )
    added = [
        ShortlistEntry(
            seat_id=seat.id,
            round=number,
            run_id=run.id,
            reason=reason.strip(),
            created_at=clock.now(),
            created_by_id=actor.account_id,
            **vars(candidate),
        )
        for candidate in candidates
        if candidate.employee_id not in known
    ]
    session.add_all(added)
    session.flush()
    record(
        session,
        "matching:shortlist:add",
        seat,
        people=[entry.employee_id for entry in added],
        run_id=run.id,
        reason=reason,
    )
    return added


def remove_from_shortlist(session: Session, *, entry: ShortlistEntry, reason: str) -> None:
    """Take a person off the shortlist; the entry stays with its reason.

    Raises:
        Stale: it has been decided already, or left the shortlist.
        InvalidInput: no reason.
    """
    if entry.state not in _OPEN:
        raise Stale(N_("Kandidat ini sudah diputuskan."))
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan mengeluarkan dari daftar pendek."), field="reason")
    before, entry.state = entry.state, ShortlistState.WITHDRAWN
    session.flush()
    record(
        session,
        "matching:shortlist:remove",
        entry,
        changes={"state": (before, entry.state)},
        people=[entry.employee_id],
        reason=reason,
    )


def entries_of(session: Session, seat: Seat) -> list[ShortlistEntry]:
    """Return the shortlist of the present round, in the order of the ranking."""
    return list(
        session.scalars(
            select(ShortlistEntry)
            .where(
                ShortlistEntry.seat_id == seat.id,
                ShortlistEntry.round == current_round(session, seat.id),
                ShortlistEntry.state != ShortlistState.WITHDRAWN,
            )
            .options(joinedload(ShortlistEntry.employee).joinedload(Employee.opd))
            .order_by(ShortlistEntry.rank, ShortlistEntry.employee_id)
        )
    )


def decide(
    session: Session,
    *,
    actor: Actor,
    seat: Seat,
    employee_id: int,
    reason: str,
    dissent: str = "",
    letter_number: str | None = None,
    since: date | None = None,
    planned_until: date | None = None,
    backup_id: int | None = None,
    expected_version: int | None = None,
) -> Decision:
    """Decide a seat for somebody on its shortlist and place them.

    Raises:
        Stale: the seat was filled or changed meanwhile; nothing is overwritten.
        Conflict: nobody has acknowledged the fairness sheet of this shortlist.
        InvalidInput: no reason, somebody not on the shortlist, the same person twice, or a term
            that ends before it begins.
    """
    check_vacant(session, seat, expected_version)
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan keputusan."), field="reason")
    entries = {entry.employee_id: entry for entry in entries_of(session, seat)}
    if employee_id not in entries:
        raise InvalidInput(N_("Pilih seseorang dari daftar pendek."), field="employee_id")
    if backup_id is not None and (backup_id == employee_id or backup_id not in entries):
        raise InvalidInput(N_("Cadangan harus orang lain dari daftar pendek."), field="backup_id")
    start = since or clock.today()
    check_term(start, planned_until)
    number = current_round(session, seat.id)
    listed = list(entries.values())
    if acknowledged(session, seat_id=seat.id, number=number, entries=listed) is None:
        raise Conflict(N_("Baca dan setujui lembar keadilan daftar pendek ini lebih dahulu."))
    decision = Decision(
        seat_id=seat.id,
        round=number,
        run_id=entries[employee_id].run_id,
        employee_id=employee_id,
        backup_id=backup_id,
        reason=reason.strip(),
        dissent=dissent.strip(),
        letter_number=letter_number or None,
        decided_on=clock.today(),
        decided_at=clock.now(),
        decided_by_id=actor.account_id,
        decided_by_label=actor.label,
    )
    session.add(decision)
    session.flush()
    _place_both(session, seat, decision, start, planned_until)
    _close_entries(session, entries.values(), decision)
    record(
        session,
        "matching:seat:decide",
        seat,
        people=[employee_id, *([backup_id] if backup_id else [])],
        decision_id=decision.id,
        run_id=decision.run_id,
        reason=reason,
        dissent=dissent or None,
    )
    return decision


def _place_both(
    session: Session, seat: Seat, decision: Decision, since: date, planned_until: date | None
) -> None:
    chosen = {PlacementKind.PRIMARY: decision.employee_id, PlacementKind.BACKUP: decision.backup_id}
    for kind, person in chosen.items():
        if person is not None:
            place(
                session,
                seat=seat,
                employee_id=person,
                since=since,
                planned_until=planned_until,
                decision=decision,
                kind=kind,
            )


def place(
    session: Session,
    *,
    seat: Seat,
    employee_id: int,
    since: date,
    planned_until: date | None = None,
    decision: Decision | None = None,
    kind: PlacementKind = PlacementKind.PRIMARY,
) -> Placement:
    """Place somebody on a seat and tell them and both supervisors."""
    placement = Placement(
        seat_id=seat.id,
        employee_id=employee_id,
        kind=kind,
        decision_id=decision.id if decision else None,
        since=since,
        planned_until=planned_until,
        created_at=clock.now(),
    )
    session.add(placement)
    session.flush()
    refresh_state(session, seat.id)
    record(
        session,
        "matching:placement:start",
        placement,
        people=[employee_id],
        seat=seat.code,
        planned_until=planned_until,
    )
    tell_start(session, seat=seat, placement=placement)
    return placement


def _close_entries(session: Session, entries: Any, decision: Decision) -> None:
    chosen = {decision.employee_id, decision.backup_id}
    for entry in entries:
        taken = entry.employee_id in chosen
        entry.state = ShortlistState.CHOSEN if taken else ShortlistState.NOT_CHOSEN
    session.flush()


def check_vacant(session: Session, seat: Seat, expected_version: int | None = None) -> None:
    """Refuse a seat that somebody else filled, closed or changed meanwhile.

    Raises:
        Stale: as said.
    """
    taken = holders_count(session, seat.id) >= seat.places
    if seat.state != SeatState.VACANT or taken:
        raise Stale(N_("Kursi ini sudah terisi atau ditutup oleh petugas lain."))
    check_version(seat, expected_version)
