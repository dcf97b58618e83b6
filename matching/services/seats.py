"""Seats: opened for a role in an OPD, filled by a decision, vacated, closed."""

from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, Stale, check_version
from app.core.i18n import N_, Message
from matching.enums import PlacementEnd, PlacementKind, SeatState
from matching.models import Placement, Role, Seat
from matching.services.telling import tell_end
from skills.models import Opd


def open_seat(
    session: Session, *, role_id: int, opd_id: int, places: int = 1, is_key: bool = True
) -> Seat:
    """Open a seat of a role in an OPD.

    Raises:
        Conflict: the OPD has a seat of this role already.
        InvalidInput: no place.
    """
    role, opd = session.get_one(Role, role_id), session.get_one(Opd, opd_id)
    if places < 1:
        raise InvalidInput(N_("Jumlah tempat paling sedikit satu."), field="places")
    known = session.scalar(select(Seat).where(Seat.role_id == role.id, Seat.opd_id == opd.id))
    if known is not None:
        raise Conflict(N_("OPD ini sudah memiliki kursi untuk peran tersebut."), field="role_id")
    seat = Seat(
        code=f"{role.code}-{opd.code}",
        role_id=role.id,
        opd_id=opd.id,
        places=places,
        state=SeatState.VACANT,
        is_key=is_key,
        opened_on=clock.today(),
        updated_at=clock.now(),
    )
    session.add(seat)
    session.flush()
    record(session, "matching:seat:open", seat, role=role.code, opd=opd.code, places=places)
    return seat


def change_seat(
    session: Session,
    *,
    seat: Seat,
    places: int,
    is_key: bool,
    term_months: int | None,
    expected_version: int,
) -> None:
    """Change the places of a seat, whether it counts for the city's coverage, and its usual term.

    Raises:
        InvalidInput: fewer places than holders, or none; a term of no month or over ten years.
        Stale: the seat was changed meanwhile.
    """
    check_version(seat, expected_version)
    if not 1 <= places <= 20:
        raise InvalidInput(N_("Isi 1 sampai 20 tempat."), field="places")
    if term_months is not None and not 1 <= term_months <= 120:
        raise InvalidInput(N_("Isi 1 sampai 120 bulan, atau kosongkan."), field="term_months")
    held = holders_count(session, seat.id)
    if places < held:
        raise InvalidInput(
            Message(N_("Kursi ini dipegang %(count)s orang."), {"count": held}), field="places"
        )
    after = {"places": places, "is_key": is_key, "term_months": term_months}
    changes = {name: (getattr(seat, name), value) for name, value in after.items()}
    seat.places, seat.is_key, seat.term_months = places, is_key, term_months
    seat.updated_at = clock.now()
    session.flush()
    record(session, "matching:seat:change", seat, changes=changes)
    refresh_state(session, seat.id)


def reopen_seat(session: Session, *, seat: Seat) -> None:
    """Open a closed seat again; its line of succession and history are still there.

    Raises:
        Conflict: it is open.
    """
    if seat.state != SeatState.CLOSED:
        raise Conflict(N_("Kursi ini terbuka."))
    seat.state, seat.updated_at = SeatState.VACANT, clock.now()
    session.flush()
    record(session, "matching:seat:reopen", seat, changes={"state": ("closed", "vacant")})


def close_seat(session: Session, *, seat: Seat, reason: str) -> None:
    """Close a seat that nobody holds.

    Raises:
        Conflict: somebody holds it.
        InvalidInput: no reason.
    """
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan penutupan kursi."), field="reason")
    if holders_count(session, seat.id):
        raise Conflict(N_("Akhiri dahulu penempatan di kursi ini."))
    before, seat.state = seat.state, SeatState.CLOSED
    seat.updated_at = clock.now()
    session.flush()
    record(
        session, "matching:seat:close", seat, changes={"state": (before, seat.state)}, reason=reason
    )


def end_placement(
    session: Session,
    *,
    placement: Placement,
    on: date,
    reason: str,
    kind: PlacementEnd = PlacementEnd.ENDED,
    expected_version: int | None = None,
) -> None:
    """End or recall a placement; the seat becomes vacant again when places are free.

    The person and both supervisors are told.

    Raises:
        Stale: it has ended already, or was changed meanwhile.
        InvalidInput: no reason, or an end before the start.
    """
    if placement.until is not None:
        raise Stale(N_("Penempatan ini sudah berakhir."))
    check_version(placement, expected_version)
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan pengakhiran."), field="reason")
    if on < placement.since:
        raise InvalidInput(N_("Tanggal akhir sebelum tanggal mulai."), field="until")
    placement.until, placement.end_reason, placement.end_kind = on, reason.strip(), kind
    session.flush()
    record(
        session,
        "matching:placement:end",
        placement,
        changes={"until": (None, on)},
        people=[placement.employee_id],
        kind=kind,
        reason=reason,
    )
    refresh_state(session, placement.seat_id)
    tell_end(session, placement=placement)


def hand_over(
    session: Session,
    *,
    placement: Placement,
    on: date,
    note: str,
    expected_version: int | None = None,
) -> None:
    """Keep that the work of a seat was handed over at the start or the end of a placement.

    Raises:
        Stale: the placement was changed meanwhile.
        InvalidInput: nothing was written, or a day before the placement began.
    """
    check_version(placement, expected_version)
    if not note.strip():
        raise InvalidInput(N_("Tulis apa yang diserahterimakan."), field="note")
    if on < placement.since:
        raise InvalidInput(N_("Tanggal serah terima sebelum penempatan dimulai."), field="on")
    before = placement.handover_on
    placement.handover_on, placement.handover_note = on, note.strip()[:1000]
    session.flush()
    record(
        session,
        "matching:placement:handover",
        placement,
        changes={"handover_on": (before, on)},
        people=[placement.employee_id],
    )


def holders_count(session: Session, seat_id: int) -> int:
    """Return how many people hold the seat now (backups do not hold it)."""
    return (
        session.scalar(
            select(func.count(Placement.id)).where(
                Placement.seat_id == seat_id,
                Placement.kind == PlacementKind.PRIMARY,
                Placement.until.is_(None),
            )
        )
        or 0
    )


def refresh_state(session: Session, seat_id: int) -> None:
    """Set the state of a seat from its open placements."""
    seat = session.get(Seat, seat_id)
    if seat is None or seat.state == SeatState.CLOSED:
        return
    full = holders_count(session, seat_id) >= seat.places
    state = SeatState.FILLED if full else SeatState.VACANT
    session.execute(
        update(Seat)
        .where(Seat.id == seat_id)
        .values(state=state, updated_at=clock.now(), version=Seat.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(seat)
