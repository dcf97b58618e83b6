"""Enrolment: a limited number of seats, a waiting list that moves up by itself.

A seat is taken by one conditional UPDATE; reading the number first and writing it after would give
the last seat to two people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, Session
from skills.models import Employee

_ENDED = (EnrolmentState.CANCELLED, EnrolmentState.REFUSED)
_TAKES_PART = (EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED, EnrolmentState.PROPOSED)


@dataclass(frozen=True)
class Clash:
    """Another session of the person at the same time: a warning, never a block."""

    session_title: str
    starts_on: date
    ends_on: date


def enrol(
    session: DbSession,
    *,
    actor: Actor,
    run: Session,
    employee: Employee,
    source: str = "self",
    state: EnrolmentState | None = None,
) -> Enrolment:
    """Enrol a person, or put them on the waiting list when no seat is left.

    Enrolling somebody who is already in changes nothing.

    Raises:
        InvalidTransition: registration is not open, or the person has left the service.
    """
    if run.state not in (SessionState.OPEN, SessionState.RUNNING):
        raise InvalidTransition(N_("Pendaftaran sesi ini tidak dibuka."))
    if source == "self":
        _check_window(run)
    if employee.employment_state != "active":
        raise InvalidTransition(
            Message(N_("%(name)s tidak berstatus aktif."), {"name": employee.display_name})
        )
    row = session.scalar(
        select(Enrolment).where(
            Enrolment.session_id == run.id, Enrolment.employee_id == employee.id
        )
    )
    if row is not None and row.state not in _ENDED:
        return row
    wanted = state or _first_state(session, run, source)
    row = _write(session, row, run, employee, actor, source, wanted)
    record(
        session,
        "courses:enrolment:add",
        row,
        people=[employee.id],
        session_id=run.id,
        state=row.state,
        source=source,
    )
    return row


def _check_window(run: Session) -> None:
    today = clock.today()
    if run.registration_opens and today < run.registration_opens:
        raise InvalidTransition(N_("Pendaftaran belum dibuka."))
    if run.registration_closes and today > run.registration_closes:
        raise InvalidTransition(N_("Pendaftaran sudah ditutup."))


def _first_state(session: DbSession, run: Session, source: str) -> EnrolmentState:
    if run.needs_approval and source == "self":
        return EnrolmentState.PROPOSED
    return EnrolmentState.ENROLLED if take_seat(session, run.id) else EnrolmentState.WAITLISTED


def _write(
    session: DbSession,
    row: Enrolment | None,
    run: Session,
    employee: Employee,
    actor: Actor,
    source: str,
    state: EnrolmentState,
) -> Enrolment:
    if row is None:
        row = Enrolment(session_id=run.id, employee_id=employee.id, created_at=clock.now())
        session.add(row)
    row.state, row.source, row.created_by_id = state, source, actor.account_id
    row.waiting_since = clock.now() if state is EnrolmentState.WAITLISTED else None
    row.score = row.attendance_percent = row.result_reason = None
    session.flush()
    return row


def take_seat(session: DbSession, session_id: int) -> bool:
    """Take one seat if there is one; the only way in which seats are given."""
    taken = session.execute(
        update(Session)
        .where(Session.id == session_id, Session.seats_taken < Session.capacity)
        .values(seats_taken=Session.seats_taken + 1, version=Session.version + 1)
        .execution_options(synchronize_session=False)
    )
    _refresh(session, session_id)
    return taken.rowcount == 1


def free_seat(session: DbSession, session_id: int) -> None:
    """Give one seat back."""
    session.execute(
        update(Session)
        .where(Session.id == session_id, Session.seats_taken > 0)
        .values(seats_taken=Session.seats_taken - 1, version=Session.version + 1)
        .execution_options(synchronize_session=False)
    )
    _refresh(session, session_id)


def _refresh(session: DbSession, session_id: int) -> None:
    run = session.get(Session, session_id)
    if run is not None:
        session.refresh(run, ["seats_taken", "version"])


def approve(session: DbSession, *, enrolment: Enrolment) -> Enrolment:
    """Approve a proposed enrolment: a seat, or a place on the waiting list.

    Raises:
        Conflict: somebody else has decided meanwhile.
    """
    if enrolment.state != EnrolmentState.PROPOSED:
        raise Conflict(N_("Usulan ini sudah diputuskan."))
    got = take_seat(session, enrolment.session_id)
    enrolment.state = EnrolmentState.ENROLLED if got else EnrolmentState.WAITLISTED
    enrolment.waiting_since = None if got else clock.now()
    session.flush()
    record(
        session,
        "courses:enrolment:approve",
        enrolment,
        people=[enrolment.employee_id],
        state=enrolment.state,
    )
    return enrolment


def cancel_enrolment(session: DbSession, *, enrolment: Enrolment, reason: str = "") -> None:
    """Take a person out; the first on the waiting list moves up and is told.

    Raises:
        InvalidTransition: the result is fixed already.
    """
    if enrolment.state in (EnrolmentState.PASSED, EnrolmentState.FAILED):
        raise InvalidTransition(N_("Hasil peserta ini sudah ditetapkan."))
    if enrolment.state in _ENDED:
        return
    held = enrolment.state == EnrolmentState.ENROLLED
    enrolment.state = EnrolmentState.CANCELLED
    enrolment.note = reason
    session.flush()
    record(
        session,
        "courses:enrolment:cancel",
        enrolment,
        people=[enrolment.employee_id],
        reason=reason or None,
    )
    if held:
        free_seat(session, enrolment.session_id)
        promote_waiting(session, session_id=enrolment.session_id)


def promote_waiting(session: DbSession, *, session_id: int) -> list[Enrolment]:
    """Fill free seats from the waiting list in its order; return who moved up."""
    moved: list[Enrolment] = []
    waiting = session.scalars(
        select(Enrolment)
        .where(Enrolment.session_id == session_id, Enrolment.state == EnrolmentState.WAITLISTED)
        .order_by(Enrolment.waiting_since, Enrolment.id)
        .options(joinedload(Enrolment.session))
    ).all()
    for row in waiting:
        if not take_seat(session, session_id):
            break
        row.state, row.waiting_since = EnrolmentState.ENROLLED, None
        session.flush()
        record(session, "courses:enrolment:promote", row, people=[row.employee_id])
        _tell_promoted(session, row)
        moved.append(row)
    return moved


def _tell_promoted(session: DbSession, row: Enrolment) -> None:
    notify(
        session,
        employee_id=row.employee_id,
        kind="enrolment",
        message=Message(N_("Anda mendapat kursi di sesi %(title)s."), {"title": row.session.title}),
        url=f"/pelatihan/sesi/{row.session_id}",
        email=True,
        key=f"enrolment:{row.id}:promoted",
    )


def clashes(session: DbSession, *, run: Session, employee_ids: Sequence[int]) -> dict[int, Clash]:
    """Return, per person, another session that overlaps in dates."""
    rows = session.execute(
        select(Enrolment.employee_id, Session.title, Session.starts_on, Session.ends_on)
        .join(Session, Session.id == Enrolment.session_id)
        .where(
            Enrolment.employee_id.in_(employee_ids),
            Enrolment.state.in_(_TAKES_PART),
            Session.id != run.id,
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
            Session.starts_on <= run.ends_on,
            Session.ends_on >= run.starts_on,
        )
        .order_by(Session.starts_on, Session.id)
    )
    found: dict[int, Clash] = {}
    for employee_id, title, starts, ends in rows:
        found.setdefault(employee_id, Clash(title, starts, ends))
    return found
