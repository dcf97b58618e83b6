"""Enrolment: a limited number of seats, a waiting list that moves up by itself.

A seat is taken by one conditional UPDATE; reading the number first and writing it after would give
the last seat to two people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.db import affected_rows
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, Session
from skills.models import Employee

ACTIVE = (SessionState.OPEN, SessionState.RUNNING)
_ENDED = (EnrolmentState.CANCELLED, EnrolmentState.REFUSED)
_TAKES_PART = (EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED, EnrolmentState.PROPOSED)


NOTE_LENGTH = 300


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

    Enrolling somebody who is already in changes nothing; an organiser who enrols somebody with a
    proposal approves it.

    Raises:
        InvalidTransition: registration is not open, or the person has left the service.
    """
    lock_session(session, run.id)
    if run.state not in ACTIVE:
        raise InvalidTransition(N_("Pendaftaran sesi ini tidak dibuka."))
    if source == "self":
        _check_window(run)
    if employee.employment_state != "active":
        raise InvalidTransition(
            Message(N_("%(name)s tidak berstatus aktif."), {"name": employee.display_name})
        )
    row = find_enrolment(session, session_id=run.id, employee_id=employee.id)
    if row is not None and row.state == EnrolmentState.PROPOSED and source == "organiser":
        return approve(session, enrolment=row)
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


def lock_session(session: DbSession, session_id: int) -> None:
    """Let others who change the same session wait until this transaction ends."""
    session.execute(select(Session.id).where(Session.id == session_id).with_for_update())
    _refresh(session, session_id)


def find_enrolment(session: DbSession, *, session_id: int, employee_id: int) -> Enrolment | None:
    """Return a person's enrolment in a session in any state, or None."""
    return session.scalar(
        select(Enrolment).where(
            Enrolment.session_id == session_id, Enrolment.employee_id == employee_id
        )
    )


def registration_problem(run: Session, day: date) -> Message | None:
    """Return why nobody can register oneself on a day, or None."""
    if run.state != SessionState.OPEN:
        return Message(N_("Pendaftaran sesi ini tidak dibuka."))
    if run.registration_opens and day < run.registration_opens:
        return Message(N_("Pendaftaran belum dibuka."))
    if day > (run.registration_closes or run.starts_on):
        return Message(N_("Pendaftaran sudah ditutup."))
    return None


def _check_window(run: Session) -> None:
    problem = registration_problem(run, clock.today())
    if problem is not None:
        raise InvalidTransition(problem)


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
    taken = affected_rows(
        session,
        update(Session)
        .where(Session.id == session_id, Session.seats_taken < Session.capacity)
        .values(seats_taken=Session.seats_taken + 1, version=Session.version + 1)
        .execution_options(synchronize_session=False),
    )
    _refresh(session, session_id)
    return taken == 1


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
        session.refresh(run, ["seats_taken", "capacity", "state", "version"])


def approve(session: DbSession, *, enrolment: Enrolment) -> Enrolment:
    """Approve a proposed enrolment: a seat, or a place on the waiting list.

    Raises:
        Conflict: somebody else has decided meanwhile.
    """
    lock_session(session, enrolment.session_id)
    session.refresh(enrolment)
    if enrolment.state != EnrolmentState.PROPOSED:
        raise Conflict(N_("Usulan ini sudah diputuskan."))
    if enrolment.session.state not in ACTIVE:
        raise InvalidTransition(N_("Pendaftaran sesi ini tidak dibuka."))
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
    if got:
        _tell_promoted(session, enrolment)
    return enrolment


def place_in_line(session: DbSession, enrolment: Enrolment) -> int:
    """Return the place on the waiting list, from 1."""
    earlier = (
        select(func.count())
        .select_from(Enrolment)
        .where(
            Enrolment.session_id == enrolment.session_id,
            Enrolment.state == EnrolmentState.WAITLISTED,
            (Enrolment.waiting_since < enrolment.waiting_since)
            | (
                (Enrolment.waiting_since == enrolment.waiting_since) & (Enrolment.id < enrolment.id)
            ),
        )
    )
    return (session.scalar(earlier) or 0) + 1


def refuse(session: DbSession, *, enrolment: Enrolment, reason: str) -> None:
    """Refuse a proposed enrolment with a reason, and tell the person.

    Raises:
        InvalidInput: no reason.
        Conflict: somebody else has decided meanwhile.
    """
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan penolakan."), field="reason")
    if enrolment.state != EnrolmentState.PROPOSED:
        raise Conflict(N_("Usulan ini sudah diputuskan."))
    enrolment.state, enrolment.note = EnrolmentState.REFUSED, reason.strip()[:NOTE_LENGTH]
    session.flush()
    record(
        session,
        "courses:enrolment:refuse",
        enrolment,
        people=[enrolment.employee_id],
        reason=reason,
    )
    notify(
        session,
        employee_id=enrolment.employee_id,
        kind="enrolment",
        message=Message(
            N_("Pendaftaran Anda di sesi %(title)s ditolak: %(reason)s"),
            {"title": enrolment.session.title, "reason": enrolment.note},
        ),
        url=f"/pelatihan/sesi/{enrolment.session_id}",
        email=True,
    )


def cancel_own(session: DbSession, *, enrolment: Enrolment) -> None:
    """Cancel one's own place before the session begins.

    Raises:
        InvalidTransition: it has begun; the organiser decides from then on.
    """
    run = enrolment.session
    if enrolment.state == EnrolmentState.ENROLLED and (
        run.state != SessionState.OPEN or clock.today() > run.starts_on
    ):
        raise InvalidTransition(
            N_("Sesi sudah dimulai. Hubungi penyelenggara untuk membatalkan keikutsertaan.")
        )
    cancel_enrolment(session, enrolment=enrolment)


def cancel_enrolment(session: DbSession, *, enrolment: Enrolment, reason: str = "") -> None:
    """Take a person out; the first on the waiting list moves up and is told.

    Raises:
        InvalidTransition: the result is fixed already.
    """
    lock_session(session, enrolment.session_id)
    session.refresh(enrolment)
    if enrolment.state in (EnrolmentState.PASSED, EnrolmentState.FAILED):
        raise InvalidTransition(N_("Hasil peserta ini sudah ditetapkan."))
    if enrolment.state in _ENDED:
        return
    held = enrolment.state == EnrolmentState.ENROLLED
    enrolment.state = EnrolmentState.CANCELLED
    enrolment.note = reason[:NOTE_LENGTH]
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
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(
            Enrolment.session_id == session_id,
            Enrolment.state == EnrolmentState.WAITLISTED,
            Employee.employment_state == "active",
        )
        .order_by(Enrolment.waiting_since, Enrolment.id)
        .options(joinedload(Enrolment.session))
    ).all()
    for row in waiting:
        if row.session.state not in ACTIVE:
            break
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
