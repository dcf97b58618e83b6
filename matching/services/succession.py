"""Succession belongs to the seat: candidates in order, chains, coverage over five years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, Stale, check_version
from app.core.i18n import N_
from matching.enums import Readiness, SeatState
from matching.models import Placement, Seat, SeatSuccessor
from matching.queries.seats import open_placements
from matching.services.criteria import criteria_of
from matching.services.process_rules import process_rules
from matching.services.scouting import RankedPerson, rank_for_role
from matching.succession_rules import YEARS, Forecast, Line, forecast, year_of
from skills.models import Employee

_WAIT = {Readiness.NOW: 0, Readiness.ONE_YEAR: 1, Readiness.TWO_YEARS: 2}


@dataclass(frozen=True)
class Coverage:
    """A seat, who holds it, who follows, and its chances over the years."""

    seat: Seat
    holders: Sequence[Employee]
    successors: Sequence[SeatSuccessor]
    covered: Sequence[float]
    second_order: Sequence[float]
    known: Sequence[bool]  # filled when nobody is transferred

    @property
    def ready(self) -> int:
        """How many successors in service could take over now."""
        return sum(
            row.readiness == Readiness.NOW and row.employee.employment_state == "active"
            for row in self.successors
        )

    @property
    def first_gap(self) -> int | None:
        """The first year (1 is the next one) that known dates leave without a holder."""
        return next((at for at, filled in enumerate(self.known, start=1) if not filled), None)


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
    _check(readiness, reason)
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


def move_up(session: Session, *, row: SeatSuccessor, expected_version: int | None = None) -> None:
    """Swap a successor with the one before.

    Raises:
        Stale: the row has ended or was changed meanwhile, e.g. by a double click.
        Conflict: the row is the first.
    """
    _check_open(row, expected_version)
    line = successors_of(session, [row.seat_id]).get(row.seat_id, [])
    before = [item for item in line if item.position < row.position]
    if not before:
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


def change_readiness(
    session: Session,
    *,
    row: SeatSuccessor,
    readiness: str,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """Change how soon a successor is ready.

    Args:
        expected_version: version that the form showed; None leaves it unchecked.

    Raises:
        Stale: the row has ended, or was changed meanwhile.
        InvalidInput: no reason or an unknown readiness.
    """
    _check_open(row, expected_version)
    _check(readiness, reason)
    before, row.readiness, row.reason = row.readiness, readiness, reason.strip()[:500]
    session.flush()
    record(
        session,
        "matching:successor:readiness",
        row,
        changes={"readiness": (before, readiness)},
        people=[row.employee_id],
        reason=reason,
    )


def _check_open(row: SeatSuccessor, expected_version: int | None) -> None:
    if row.until is not None:
        raise Stale(N_("Calon ini sudah dikeluarkan."))
    check_version(row, expected_version)


def _check(readiness: str, reason: str) -> None:
    if readiness not in set(Readiness):
        raise InvalidInput(N_("Pilih kesiapan."), field="readiness")
    if not reason.strip():
        raise InvalidInput(N_("Isi alasannya."), field="reason")


def end_successor(
    session: Session, *, row: SeatSuccessor, reason: str, expected_version: int | None = None
) -> None:
    """Take somebody out of the line; the row stays with its reason.

    Raises:
        Stale: it has ended, or was changed meanwhile.
        InvalidInput: no reason.
    """
    _check_open(row, expected_version)
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
    session: Session, *, rate: float | None = None, runs: int = 300, seed: int = 1
) -> list[Coverage]:
    """Return every key seat with its chances of being filled over the coming years.

    Args:
        rate: chance of a transfer in a year; None takes that of the rules in force.
    """
    if rate is None:
        rate = process_rules(session).transfer_rate
    seats = key_seats(session)
    ids = [seat.id for seat in seats]
    held, lines = open_placements(session, ids), successors_of(session, ids)
    places: list[Line] = []
    owner: list[int] = []
    for at, seat in enumerate(seats):
        line = tuple(
            (row.employee_id, _WAIT[Readiness(row.readiness)]) for row in lines.get(seat.id, [])
        )
        found = [_held(row, line) for row in held.get(seat.id, []) if row.kind == "primary"]
        found += [Line(seat.id, None, line)] * (seat.places - len(found))
        found = [replace(place, years=_years(seat.term_months)) for place in found]
        places += found
        owner += [at] * len(found)
    leaves = _retirement_years(session, places)
    facts = (tuple(places), tuple(sorted(leaves.items())))
    drawn = _drawn(*facts, rate, runs, seed)
    known = _drawn(*facts, 0.0, 1, seed)
    return [
        _coverage(seat, held, lines, [i for i, o in enumerate(owner) if o == at], drawn, known)
        for at, seat in enumerate(seats)
    ]


def _years(months: int | None) -> int | None:
    """Return a usual term in whole years; the forecast goes from year to year."""
    return None if months is None else max(1, round(months / 12))


@lru_cache(maxsize=16)
def _drawn(
    places: tuple[Line, ...], leaves: tuple[tuple[int, int], ...], rate: float, runs: int, seed: int
) -> Forecast:
    """Draw a forecast once for what it is drawn from: other facts are another key, never stale."""
    drawn = forecast(places, dict(leaves), rate=rate, runs=runs, seed=seed)
    drawn.covered.setflags(write=False)
    drawn.second_order.setflags(write=False)
    return drawn


def _held(row: Placement, successors: tuple[tuple[int, int], ...]) -> Line:
    """Return a place with its holder, who leaves it at the end of the term at the latest."""
    last = row.planned_until
    term = year_of(last, clock.today()) if last is not None else None
    return Line(row.seat_id, row.employee_id, successors, term)


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
            found[person] = year_of(day, today)
    return {person: year for person, year in found.items() if year <= YEARS}


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
