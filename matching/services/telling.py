"""Who is told of a placement: the person, the own supervisor and the head of the receiving OPD."""

from collections.abc import Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from matching.enums import PlacementEnd, PlacementKind
from matching.models import Placement, Seat
from skills.models import Employee

_SUPERVISOR = N_("%(name)s ditetapkan sebagai %(role)s di %(opd)s.")
_BACKUP_SUPERVISOR = N_("%(name)s ditetapkan sebagai cadangan %(role)s di %(opd)s.")


def tell_start(session: Session, *, seat: Seat, placement: Placement) -> None:
    """Tell that a placement starts."""
    backup = placement.kind == PlacementKind.BACKUP
    own = (
        N_("Anda ditetapkan sebagai cadangan %(role)s di %(opd)s.")
        if backup
        else N_("Anda ditetapkan sebagai %(role)s di %(opd)s.")
    )
    other = _BACKUP_SUPERVISOR if backup else _SUPERVISOR
    _tell(session, seat, placement, own, other, f"placement:{placement.id}")


def tell_end(session: Session, *, placement: Placement) -> None:
    """Tell that a placement ended or was recalled."""
    recalled = placement.end_kind == PlacementEnd.RECALLED
    own = (
        N_("Penempatan Anda sebagai %(role)s di %(opd)s ditarik kembali.")
        if recalled
        else N_("Penempatan Anda sebagai %(role)s di %(opd)s berakhir.")
    )
    other = (
        N_("Penempatan %(name)s sebagai %(role)s di %(opd)s ditarik kembali.")
        if recalled
        else N_("Penempatan %(name)s sebagai %(role)s di %(opd)s berakhir.")
    )
    seat = session.get_one(Seat, placement.seat_id)
    _tell(session, seat, placement, own, other, f"placement:{placement.id}:end")


def head_of(session: Session, opd_id: int) -> int | None:
    """Return who leads an OPD: somebody with staff there and no supervisor in the same OPD."""
    boss, staff = aliased(Employee), aliased(Employee)
    leads = select(staff.supervisor_id).where(
        staff.opd_id == opd_id, staff.supervisor_id.is_not(None)
    )
    return session.scalar(
        select(Employee.id)
        .outerjoin(boss, boss.id == Employee.supervisor_id)
        .where(
            Employee.opd_id == opd_id,
            Employee.employment_state == "active",
            Employee.id.in_(leads),
            or_(boss.id.is_(None), boss.opd_id != opd_id),
        )
        .order_by(Employee.id)
        .limit(1)
    )


def _tell(
    session: Session, seat: Seat, placement: Placement, own: str, other: str, key: str
) -> None:
    employee = session.get_one(Employee, placement.employee_id)
    facts: Mapping[str, str] = {
        "name": employee.display_name,
        "role": seat.role.name,
        "opd": seat.opd.name,
    }
    url = f"/kursi/{seat.id}"
    notify(
        session,
        employee_id=employee.id,
        kind="placement",
        message=Message(own, facts),
        url=url,
        email=True,
        key=key,
    )
    bosses = {"supervisor": employee.supervisor_id, "receiver": head_of(session, seat.opd_id)}
    told = {employee.id}
    for which, boss in bosses.items():
        if boss is None or boss in told:
            continue
        told.add(boss)
        notify(
            session,
            employee_id=boss,
            kind="placement",
            message=Message(other, facts),
            url=url,
            key=f"{key}:{which}",
        )
