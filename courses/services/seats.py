"""Seats: taken and given back, with a most for each OPD.

A seat is taken by one conditional UPDATE; reading the number first and writing it after would give
the last seat to two people.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session as DbSession

from app.core.audit import record
from app.core.db import affected_rows
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from courses.enums import EnrolmentState
from courses.models import Enrolment, Session, SessionQuota
from skills.models import Employee, Opd

HOLDING = (EnrolmentState.ENROLLED, EnrolmentState.PASSED, EnrolmentState.FAILED)


@dataclass(frozen=True)
class Quotas:
    """The most seats of each OPD, and how many its people hold."""

    own: Mapping[int, int]
    default: int | None
    used: Mapping[int, int]

    def limit(self, opd_id: int) -> int | None:
        """Return the most seats of an OPD, None for as many as there are."""
        return self.own.get(opd_id, self.default)

    def left(self, opd_id: int) -> int | None:
        """Return how many more seats an OPD may have, None for as many as there are."""
        limit = self.limit(opd_id)
        return None if limit is None else max(0, limit - self.used.get(opd_id, 0))

    @property
    def exist(self) -> bool:
        """Whether any OPD has a limit."""
        return bool(self.own) or self.default is not None


def take_seat(session: DbSession, *, session_id: int, opd_id: int) -> bool:
    """Take one seat if there is one and the OPD has one left; the only way seats are given."""
    taken = affected_rows(
        session,
        update(Session)
        .where(
            Session.id == session_id,
            Session.seats_taken < Session.capacity,
            _within_quota(session_id, opd_id),
        )
        .values(seats_taken=Session.seats_taken + 1, version=Session.version + 1)
        .execution_options(synchronize_session=False),
    )
    refresh(session, session_id)
    return taken == 1


def _within_quota(session_id: int, opd_id: int) -> ColumnElement[bool]:
    own = (
        select(SessionQuota.seats)
        .where(SessionQuota.session_id == session_id, SessionQuota.opd_id == opd_id)
        .scalar_subquery()
    )
    used = (
        select(func.count())
        .select_from(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(
            Enrolment.session_id == session_id,
            Enrolment.state.in_(HOLDING),
            Employee.opd_id == opd_id,
        )
        .scalar_subquery()
    )
    limit = func.coalesce(own, Session.default_quota)
    return or_(limit.is_(None), used < limit)


def free_seat(session: DbSession, session_id: int) -> None:
    """Give one seat back."""
    session.execute(
        update(Session)
        .where(Session.id == session_id, Session.seats_taken > 0)
        .values(seats_taken=Session.seats_taken - 1, version=Session.version + 1)
        .execution_options(synchronize_session=False)
    )
    refresh(session, session_id)


def lock_session(session: DbSession, session_id: int) -> None:
    """Let others who change the same session wait until this transaction ends."""
    session.execute(select(Session.id).where(Session.id == session_id).with_for_update())
    refresh(session, session_id)


def refresh(session: DbSession, session_id: int) -> None:
    """Read again what others may have changed in a session."""
    run = session.get(Session, session_id)
    if run is not None:
        session.refresh(run, ["seats_taken", "capacity", "state", "version", "allocated_at"])


def quotas_of(session: DbSession, run: Session) -> Quotas:
    """Return the limits of a session and how far they are used: two statements."""
    own = session.execute(
        select(SessionQuota.opd_id, SessionQuota.seats)
        .where(SessionQuota.session_id == run.id)
        .order_by(SessionQuota.id)
    )
    used = session.execute(
        select(Employee.opd_id, func.count().label("held"))
        .join(Enrolment, Enrolment.employee_id == Employee.id)
        .where(Enrolment.session_id == run.id, Enrolment.state.in_(HOLDING))
        .group_by(Employee.opd_id)
        .order_by(Employee.opd_id)
    )
    return Quotas(
        {row.opd_id: row.seats for row in own},
        run.default_quota,
        {row.opd_id: row.held for row in used},
    )


def set_quotas(
    session: DbSession, *, run: Session, seats: Mapping[int, int], default: int | None
) -> None:
    """State the most seats of each OPD; nobody loses a seat that is held already.

    Args:
        seats: OPD id to the most seats; an OPD that is not named follows `default`.
        default: for all others, None for as many as there are.

    Raises:
        InvalidInput: an unknown OPD, or a number outside 0 to the capacity.
    """
    lock_session(session, run.id)
    known = set(session.scalars(select(Opd.id).where(Opd.id.in_(seats)).order_by(Opd.id)))
    if set(seats) - known:
        raise InvalidInput(N_("OPD tidak dikenal."))
    for number in (*seats.values(), *([default] if default is not None else [])):
        if not 0 <= number <= run.capacity:
            raise InvalidInput(
                Message(N_("Kuota antara 0 dan %(seats)s kursi."), {"seats": run.capacity})
            )
    before = {row.opd_id: row.seats for row in run.quotas}
    old_default = run.default_quota
    for row in list(run.quotas):
        if row.opd_id not in seats:
            run.quotas.remove(row)
        else:
            row.seats = seats[row.opd_id]
    for opd_id in seats:
        if opd_id not in before:
            run.quotas.append(SessionQuota(opd_id=opd_id, seats=seats[opd_id]))
    run.default_quota = default
    session.flush()
    record(
        session,
        "courses:session:quota",
        run,
        changes={
            "quota": (_words(before), _words(seats)),
            "default_quota": (old_default, default),
        },
    )


def _words(seats: Mapping[int, int]) -> str:
    return ", ".join(f"{opd}: {number}" for opd, number in sorted(seats.items()))
