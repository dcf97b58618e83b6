"""The term of a placement: a planned last day, its change, and reminders before it comes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.accounts.grants import accounts_holding
from app.core.actor import RoleName
from app.core.audit import record
from app.core.errors import InvalidInput, Stale, check_version
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.daily import daily
from app.core.jobs.registry import job_kind
from app.core.notifications.services import notify
from matching.models import Placement, Seat
from matching.services.process_rules import process_rules
from matching.succession_rules import reminder_due
from skills.models import Employee
from skills.rules import months_after

REMIND = "matching.terms"
_OWN = N_("Masa tugas Anda sebagai %(role)s di %(opd)s berakhir %(day)s.")
_OTHER = N_("Masa tugas %(name)s sebagai %(role)s di %(opd)s berakhir %(day)s.")


def planned_end(seat: Seat, since: date) -> date | None:
    """Return the last day of the usual term of a seat, None where it has none."""
    if seat.term_months is None:
        return None
    return months_after(since, seat.term_months) - timedelta(days=1)


def check_term(since: date, until: date | None) -> None:
    """Refuse a last day before the first.

    Raises:
        InvalidInput: the term ends before it begins.
    """
    if until is not None and until < since:
        raise InvalidInput(N_("Masa tugas berakhir sebelum dimulai."), field="planned_until")


def change_term(
    session: Session,
    *,
    placement: Placement,
    until: date | None,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """Lengthen, shorten or lift the term of an open placement, with a reason.

    Raises:
        Stale: the placement has ended, or was changed meanwhile.
        InvalidInput: no reason, or a last day before the first.
    """
    if placement.until is not None:
        raise Stale(N_("Penempatan ini sudah berakhir."))
    check_version(placement, expected_version)
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan mengubah masa tugas."), field="reason")
    check_term(placement.since, until)
    before, placement.planned_until = placement.planned_until, until
    session.flush()
    record(
        session,
        "matching:placement:term",
        placement,
        changes={"planned_until": (before, until)},
        people=[placement.employee_id],
        reason=reason,
    )


@job_kind(REMIND, timeout=900)
def remind(context: JobContext) -> dict[str, Any]:
    """Tell whose term ends soon; telling again changes nothing."""
    with context.transaction() as session:
        count = remind_due(session, day=clock.today())
    return {"message": Message(N_("%(count)s pengingat masa tugas dikirim."), {"count": count})}


daily(REMIND, N_("Pengingat akhir masa tugas"))


def remind_due(session: Session, *, day: date) -> int:
    """Tell officers, holders and their supervisors of terms that end soon; return the new ones.

    Each of the days before the end is told once; a longer term starts the reminders anew.
    """
    receivers, count = accounts_holding(session, RoleName.OFFICER), 0
    days = process_rules(session).remind_days
    for placement in _ending(session, day, max(days)):
        last = placement.planned_until
        due = reminder_due((last - day).days, days) if last else None
        if last is not None and due is not None:
            count += _tell(session, placement, last, f"term:{placement.id}:{last}:{due}", receivers)
    if count:
        record(session, "matching:term:remind", None, notices=count)
    return count


def _ending(session: Session, day: date, within: int) -> Sequence[Placement]:
    return session.scalars(
        select(Placement)
        .join(Employee, Employee.id == Placement.employee_id)
        .where(
            Placement.until.is_(None),
            Placement.planned_until >= day,
            Placement.planned_until <= day + timedelta(days=within),
            Employee.employment_state == "active",
        )
        .options(
            joinedload(Placement.employee),
            joinedload(Placement.seat).joinedload(Seat.role),
            joinedload(Placement.seat).joinedload(Seat.opd),
        )
        .order_by(Placement.planned_until, Placement.id)
    ).all()


def _tell(
    session: Session, placement: Placement, last: date, key: str, receivers: Sequence[int]
) -> int:
    seat, person = placement.seat, placement.employee
    facts = {
        "name": person.display_name,
        "role": seat.role.name,
        "opd": seat.opd.name,
        "day": f"{last:%d/%m/%Y}",
    }
    common: dict[str, Any] = {"kind": "placement", "url": f"/kursi/{seat.id}"}
    told = [
        notify(
            session,
            employee_id=person.id,
            message=Message(_OWN, facts),
            email=True,
            key=key,
            **common,
        )
    ]
    other = Message(_OTHER, facts)
    if person.supervisor_id is not None:
        told.append(
            notify(
                session,
                employee_id=person.supervisor_id,
                message=other,
                key=f"{key}:supervisor",
                **common,
            )
        )
    told += [
        notify(session, account_id=account, message=other, key=f"{key}:officer", **common)
        for account in receivers
    ]
    return sum(notice is not None for notice in told)
