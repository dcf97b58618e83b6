"""Succession belongs to the seat: candidates in order, chains, alerts, coverage over five years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.accounts.models import Account, AccountGrant
from app.core.actor import Actor, RoleName
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from matching.enums import Readiness, SeatState
from matching.models import Seat, SeatSuccessor
from matching.queries.seats import open_placements
from matching.services.criteria import criteria_of
from matching.services.scouting import RankedPerson, rank_for_role
from matching.succession_rules import TRANSFER_RATE, YEARS, Forecast, Line, forecast
from skills.models import Employee

SOON_DAYS = 365  # a retirement within a year is an alert: a local draft
_WAIT = {Readiness.NOW: 0, Readiness.ONE_YEAR: 1, Readiness.TWO_YEARS: 2}


@dataclass(frozen=True)
class Alert:
    """Something that endangers a seat: its holder or a successor leaves, or nobody follows."""

    seat: Seat
    kind: str  # holder_leaves, successor_leaves, successor_gone, no_successor
    employee: Employee | None
    on: date | None


@dataclass(frozen=True)
class Coverage:
    """A seat, who holds it, who follows, and its chances over the years."""

    seat: Seat
    holders: Sequence[Employee]
    successors: Sequence[SeatSuccessor]
    covered: Sequence[float]
    second_order: Sequence[float]
    known: Sequence[bool]  # filled when nobody is transferred


def add_successor(
    session: Session,
    *,
    actor: Actor,
    seat: Seat,
    employee_id: int,
    readiness: str,
    reason: str,
) -> SeatSuccessor:
    """Put somebody at the end of the line of a seat, with a reason.

    Raises:
        Conflict: the person is in the line, or holds the seat.
        InvalidInput: no reason, an unknown readiness, or somebody who is not in service.
    """
    if readiness not in set(Readiness):
        raise InvalidInput(N_("Pilih kesiapan."), field="readiness")
    if not reason.strip():
        raise InvalidInput(N_("Isi alasannya."), field="reason")
    employee = session.get(Employee, employee_id)
    if employee is None or employee.employment_state != "active":
        raise InvalidInput(N_("Orang ini tidak aktif."), field="employee_id")
    line = successors_of(session, [seat.id]).get(seat.id, [])
    holders = open_placements(session, [seat.id]).get(seat.id, [])
    if any(row.employee_id == employee_id for row in line):
        raise Conflict(N_("Orang ini sudah menjadi calon pengganti kursi ini."))
    if any(row.employee_id == employee_id and row.kind == "primary" for row in holders):
        raise Conflict(N_("Orang ini sedang mengisi kursi ini."))
    row = SeatSuccessor(
        seat_id=seat.id,
        employee_id=employee_id,
        position=1 + max((item.position for item in line), default=0),
        readiness=readiness,
        reason=reason.strip()[:500],
        since=clock.today(),
        created_by_label=actor.label,
    )
    session.add(row)
    session.flush()
    record(
        session,
        "matching:successor:add",
        row,
        people=[employee_id],
        seat=seat.code,
        readiness=readiness,
        reason=reason,
    )
    return row


def move_up(session: Session, *, row: SeatSuccessor) -> None:
    """Swap a successor with the one before.

    Raises:
        Conflict: the row has ended or is the first.
    """
    line = successors_of(session, [row.seat_id]).get(row.seat_id, [])
    before = [item for item in line if item.position < row.position]
    if row.until is not None or not before:
        raise Conflict(N_("Urutan ini tidak dapat dinaikkan."))
    other = before[-1]
    other.position, row.position = row.position, other.position
    session.flush()
    record(
        session,
        "matching:successor:order",
        row,
        changes={"position": (other.position, row.position)},
        people=[row.employee_id, other.employee_id],
    )


def end_successor(session: Session, *, row: SeatSuccessor, reason: str) -> None:
    """Take somebody out of the line; the row stays with its reason.

    Raises:
        Conflict: it has ended.
        InvalidInput: no reason.
    """
    if row.until is not None:
        raise Conflict(N_("Calon ini sudah dikeluarkan."))
    if not reason.strip():
        raise InvalidInput(N_("Isi alasannya."), field="reason")
    row.until, row.end_reason = clock.today(), reason.strip()[:500]
    session.flush()
    record(session, "matching:successor:end", row, people=[row.employee_id], reason=reason)


def successors_of(session: Session, seat_ids: Sequence[int]) -> dict[int, list[SeatSuccessor]]:
    """Return the open lines of seats in order."""
    rows = session.scalars(
        select(SeatSuccessor)
        .where(SeatSuccessor.seat_id.in_(seat_ids), SeatSuccessor.until.is_(None))
        .options(joinedload(SeatSuccessor.employee).joinedload(Employee.opd))
        .order_by(SeatSuccessor.seat_id, SeatSuccessor.position, SeatSuccessor.id)
    )
    found: dict[int, list[SeatSuccessor]] = {}
    for row in rows:
        found.setdefault(row.seat_id, []).append(row)
    return found


def suggestions(session: Session, *, seat: Seat, top: int = 5) -> list[RankedPerson]:
    """Return the best of the ranking who neither hold the seat nor stand in its line."""
    taken = {row.employee_id for row in successors_of(session, [seat.id]).get(seat.id, [])}
    taken |= {row.employee_id for row in open_placements(session, [seat.id]).get(seat.id, [])}
    ranking = rank_for_role(
        session, role=seat.role, criteria=criteria_of(seat), top=top + len(taken)
    )
    return [row for row in ranking.people if row.person.id not in taken][:top]


def key_seats(session: Session) -> Sequence[Seat]:
    """Return the key seats that are not closed, by code."""
    return session.scalars(
        select(Seat)
        .where(Seat.state != SeatState.CLOSED, Seat.is_key.is_(True))
        .options(joinedload(Seat.opd), joinedload(Seat.role))
        .order_by(Seat.code)
    ).all()


def coverage_of(
    session: Session, *, rate: float = TRANSFER_RATE, runs: int = 300, seed: int = 1
) -> list[Coverage]:
    """Return every key seat with its chances of being filled over the coming years."""
    seats = key_seats(session)
    ids = [seat.id for seat in seats]
    held, lines = open_placements(session, ids), successors_of(session, ids)
    places: list[Line] = []
    owner: list[int] = []
    for at, seat in enumerate(seats):
        line = tuple(
            (row.employee_id, _WAIT[Readiness(row.readiness)]) for row in lines.get(seat.id, [])
        )
        holders = [row.employee_id for row in held.get(seat.id, []) if row.kind == "primary"]
        for number in range(max(seat.places, len(holders))):
            person = holders[number] if number < len(holders) else None
            places.append(Line(seat.id, person, line))
            owner.append(at)
    leaves = _retirement_years(session, places)
    drawn = forecast(places, leaves, rate=rate, runs=runs, seed=seed)
    known = forecast(places, leaves, rate=0.0, runs=1)
    return [
        _coverage(seat, held, lines, [i for i, o in enumerate(owner) if o == at], drawn, known)
        for at, seat in enumerate(seats)
    ]


def _coverage(
    seat: Seat,
    held: Mapping[int, Sequence[object]],
    lines: Mapping[int, Sequence[SeatSuccessor]],
    places: Sequence[int],
    drawn: Forecast,
    known: Forecast,
) -> Coverage:
    rows = [row for row in held.get(seat.id, []) if row.kind == "primary"]  # type: ignore[attr-defined]
    return Coverage(
        seat=seat,
        holders=[row.employee for row in rows],  # type: ignore[attr-defined]
        successors=lines.get(seat.id, []),
        covered=drawn.covered[places].mean(axis=0).tolist(),
        second_order=drawn.second_order[places].max(axis=0).tolist(),
        known=(known.covered[places].min(axis=0) > 0).tolist(),
    )


def _retirement_years(session: Session, places: Sequence[Line]) -> dict[int, int]:
    people = {line.holder for line in places if line.holder}
    people |= {person for line in places for person, _ in line.successors}
    today = clock.today()
    rows = session.execute(
        select(Employee.id, Employee.retirement_date, Employee.employment_state).where(
            Employee.id.in_(people)
        )
    )
    found = {}
    for person, day, state in rows:
        if state != "active":
            found[person] = 0
        elif day is not None:
            found[person] = max(1, (day - today).days // 365 + 1)
    return {person: year for person, year in found.items() if year <= YEARS}


def alerts(session: Session) -> list[Alert]:
    """Return what endangers key seats today, the most urgent first."""
    seats = key_seats(session)
    ids = [seat.id for seat in seats]
    held, lines = open_placements(session, ids), successors_of(session, ids)
    today, found = clock.today(), []
    for seat in seats:
        for placement in held.get(seat.id, []):
            if placement.kind == "primary" and _leaves_soon(placement.employee, today):
                day = placement.employee.retirement_date
                found.append(Alert(seat, "holder_leaves", placement.employee, day))
        for row in lines.get(seat.id, []):
            if row.employee.employment_state != "active":
                found.append(Alert(seat, "successor_gone", row.employee, None))
            elif _leaves_soon(row.employee, today):
                day = row.employee.retirement_date
                found.append(Alert(seat, "successor_leaves", row.employee, day))
        if held.get(seat.id) and not lines.get(seat.id):
            found.append(Alert(seat, "no_successor", None, None))
    order = ("successor_gone", "holder_leaves", "successor_leaves", "no_successor")
    return sorted(found, key=lambda a: (order.index(a.kind), a.on or date.max, a.seat.code))


def _leaves_soon(employee: Employee, today: date) -> bool:
    day = employee.retirement_date
    return employee.employment_state != "active" or (
        day is not None and (day - today).days <= SOON_DAYS
    )


_NOTICES = {
    "holder_leaves": N_("Pengisi kursi %(seat)s segera berhenti; siapkan penggantinya."),
    "successor_leaves": N_("Calon pengganti kursi %(seat)s segera berhenti."),
    "successor_gone": N_("Calon pengganti kursi %(seat)s sudah tidak aktif."),
}


def send_alerts(session: Session) -> int:
    """Tell the officers of the city about leaving holders and successors; each only once."""
    today = clock.today()
    officers = session.scalars(
        select(AccountGrant.account_id)
        .join(Account, Account.id == AccountGrant.account_id)
        .where(
            AccountGrant.role == RoleName.OFFICER,
            AccountGrant.since <= today,
            func.coalesce(AccountGrant.until, today) >= today,
        )
        .distinct()
    ).all()
    sent = 0
    for alert in alerts(session):
        if alert.kind not in _NOTICES or alert.employee is None:
            continue
        for account in officers:
            told = notify(
                session,
                account_id=account,
                kind="placement",
                message=Message(_NOTICES[alert.kind], {"seat": alert.seat.code}),
                url=f"/kursi/{alert.seat.id}",
                key=f"succession:{alert.kind}:{alert.seat.id}:{alert.employee.id}",
            )
            sent += told is not None
    return sent


@dataclass(frozen=True)
class Link:
    """A step of a chain: who would follow on a seat, and which seat that would empty."""

    depth: int
    seat: Seat
    successor: SeatSuccessor | None
    leaves: Seat | None


def chain(session: Session, *, seat: Seat, most: int = 5) -> list[Link]:
    """Return who follows the follower: the first successor, the seat this empties, and so on."""
    seats = {item.id: item for item in key_seats(session)}
    seats[seat.id] = seat
    lines = successors_of(session, list(seats))
    holds = {
        row.employee_id: seat_id
        for seat_id, rows in open_placements(session, list(seats)).items()
        for row in rows
        if row.kind == "primary"
    }
    found: list[Link] = []
    used: set[int] = set()
    at: Seat | None = seat
    while at is not None and len(found) < most:
        line = [r for r in lines.get(at.id, []) if r.employee.employment_state == "active"]
        first = next((row for row in line if row.employee_id not in used), None)
        left = None
        if first is not None:
            used.add(first.employee_id)
            left = seats.get(holds.get(first.employee_id, 0))
        found.append(Link(len(found), at, first, left))
        at = left
    return found
