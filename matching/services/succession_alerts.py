"""What endangers key seats: a holder or a successor leaves, or nobody follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.grants import accounts_holding
from app.core.actor import RoleName
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from matching.models import Placement, Seat
from matching.queries.seats import open_placements
from matching.services.process_rules import process_rules
from matching.services.succession import key_seats, successors_of
from skills.models import Employee


@dataclass(frozen=True)
class Alert:
    """Something that endangers a seat: its holder or a successor leaves, or nobody follows."""

    seat: Seat
    kind: str  # holder_leaves, term_ends, successor_leaves, successor_gone, no_successor
    employee: Employee | None
    on: date | None


def alerts(session: Session) -> list[Alert]:
    """Return what endangers key seats today, the most urgent first."""
    seats = key_seats(session)
    ids = [seat.id for seat in seats]
    held, lines = open_placements(session, ids), successors_of(session, ids)
    today, found = clock.today(), []
    rules = process_rules(session)
    warned, soon = max(rules.remind_days), rules.warn_days
    for seat in seats:
        for placement in held.get(seat.id, []):
            if placement.kind == "primary" and _leaves_soon(placement.employee, today, soon):
                day = placement.employee.retirement_date
                found.append(Alert(seat, "holder_leaves", placement.employee, day))
            elif placement.kind == "primary" and _term_ends(placement, today, warned):
                day = placement.planned_until
                found.append(Alert(seat, "term_ends", placement.employee, day))
        for row in lines.get(seat.id, []):
            if row.employee.employment_state != "active":
                found.append(Alert(seat, "successor_gone", row.employee, None))
            elif _leaves_soon(row.employee, today, soon):
                day = row.employee.retirement_date
                found.append(Alert(seat, "successor_leaves", row.employee, day))
        if held.get(seat.id) and not lines.get(seat.id):
            found.append(Alert(seat, "no_successor", None, None))
    order = ("successor_gone", "holder_leaves", "term_ends", "successor_leaves", "no_successor")
    return sorted(found, key=lambda a: (order.index(a.kind), a.on or date.max, a.seat.code))


def _leaves_soon(employee: Employee, today: date, soon: int) -> bool:
    day = employee.retirement_date
    return employee.employment_state != "active" or (day is not None and (day - today).days <= soon)


def _term_ends(placement: Placement, today: date, warned: int) -> bool:
    last = placement.planned_until
    return last is not None and (last - today).days <= warned


_NOTICES = {
    "holder_leaves": N_("Pengisi kursi %(seat)s segera berhenti; siapkan penggantinya."),
    "successor_leaves": N_("Calon pengganti kursi %(seat)s segera berhenti."),
    "successor_gone": N_("Calon pengganti kursi %(seat)s sudah tidak aktif."),
}


def send_alerts(session: Session) -> int:
    """Tell the officers of the city about leaving holders and successors; each only once."""
    receivers = accounts_holding(session, RoleName.OFFICER)
    return sum(
        _tell(session, receivers, alert.kind, alert.seat, alert.employee.id)
        for alert in alerts(session)
        if alert.employee is not None
    )


def tell_successor_gone(session: Session, *, seat: Seat, employee_id: int) -> int:
    """Tell the officers that somebody left the line of a seat; return how many were told."""
    return _tell(
        session, accounts_holding(session, RoleName.OFFICER), "successor_gone", seat, employee_id
    )


def _tell(
    session: Session, receivers: Sequence[int], kind: str, seat: Seat, employee_id: int
) -> int:
    if kind not in _NOTICES:
        return 0
    told = [
        notify(
            session,
            account_id=account,
            kind="placement",
            message=Message(_NOTICES[kind], {"seat": seat.code}),
            url=f"/suksesi/{seat.id}",
            key=f"succession:{kind}:{seat.id}:{employee_id}",
        )
        for account in receivers
    ]
    return sum(notice is not None for notice in told)
