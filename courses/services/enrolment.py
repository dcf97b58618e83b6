"""Enrolment: asking, approval in one or two steps, a waiting list that moves up by itself."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, Session
from courses.services.enrolment_notices import (
    ask_supervisor,
    tell_enrolled,
    tell_seat,
    tell_waiting,
)
from courses.services.prerequisite_checks import exemption_of, lacking_of, pass_over
from courses.services.seats import free_seat, lock_session, take_seat
from courses.services.waiting_list import LINE
from skills.models import Employee

ACTIVE = (SessionState.OPEN, SessionState.RUNNING)
_ENDED = (EnrolmentState.CANCELLED, EnrolmentState.REFUSED)


NOTE_LENGTH = 300


def enrol(
    session: DbSession,
    *,
    actor: Actor,
    run: Session,
    employee: Employee,
    source: str = "self",
    state: EnrolmentState | None = None,
    exemption: str = "",
) -> Enrolment:
    """Enrol a person, or put them on the waiting list when no seat is left.

    Enrolling somebody who is already in changes nothing; an organiser who enrols somebody with a
    proposal approves it.

    Args:
        exemption: why an organiser lets in somebody who has not passed the prerequisites.

    Raises:
        InvalidTransition: registration is not open, the person has left the service, or has not
            passed what the course asks before it.
    """
    lock_session(session, run.id)
    if run.state not in ACTIVE:
        raise InvalidTransition(N_("Pendaftaran sesi ini tidak dibuka."))
    if source != "organiser":
        _check_window(run)
    if employee.employment_state != "active":
        raise InvalidTransition(
            Message(N_("%(name)s tidak berstatus aktif."), {"name": employee.display_name})
        )
    row = find_enrolment(session, session_id=run.id, employee_id=employee.id)
    if row is not None and row.state == EnrolmentState.PROPOSED and source == "organiser":
        return approve(session, enrolment=row, whole=True, exemption=exemption)
    if row is not None and row.state not in _ENDED:
        return row
    exempted = exemption_of(
        session, run=run, employee=employee, reason=exemption if source == "organiser" else ""
    )
    wanted = state or _first_state(session, run, employee, source)
    row = _write(session, row, run, employee, actor, source, wanted)
    row.exemption = exempted.get("exemption", "")
    if source == "nomination":  # the OPD has agreed by naming the person
        row.supervisor_at, row.supervisor_label = row.created_at, actor.label[:200]
        session.flush()
    record(
        session,
        "courses:enrolment:add",
        row,
        people=[employee.id],
        session_id=run.id,
        state=row.state,
        source=source,
        **exempted,
    )
    tell_enrolled(session, row)
    if awaits_supervisor(row):
        ask_supervisor(session, row)
    return row


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


def first_state(run: Session, source: str) -> EnrolmentState | None:
    """Return where somebody who is new stands, None where it depends on a free seat.

    An OPD that names its own people has done the first of two steps; the organiser does both.
    """
    if source == "self" and (run.supervisor_approval or run.needs_approval):
        return EnrolmentState.PROPOSED
    if source == "nomination" and run.needs_approval:
        return EnrolmentState.PROPOSED
    return EnrolmentState.WAITLISTED if awaits_allocation(run) else None


def awaits_allocation(run: Session) -> bool:
    """Return whether seats are shared out among all who asked, and that is still to come."""
    return run.seat_method == "fair" and run.allocated_at is None


def _first_state(
    session: DbSession, run: Session, employee: Employee, source: str
) -> EnrolmentState:
    known = first_state(run, source)
    if known is not None:
        return known
    got = take_seat(session, session_id=run.id, opd_id=employee.opd_id)
    return EnrolmentState.ENROLLED if got else EnrolmentState.WAITLISTED


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
    row.supervisor_at, row.supervisor_label = None, ""
    row.allocation_rank, row.allocation, row.note = None, {}, ""
    row.exemption, row.passed_over_at = "", None
    session.flush()
    return row


def approve(
    session: DbSession, *, enrolment: Enrolment, whole: bool = False, exemption: str = ""
) -> Enrolment:
    """Approve a proposed enrolment: a seat, or a place on the waiting list.

    Args:
        whole: the organiser puts the person in, whatever step is open.
        exemption: why an organiser lets in somebody who has not passed the prerequisites.

    Raises:
        Conflict: somebody else has decided meanwhile.
        InvalidTransition: the supervisor decides first, registration is closed, or the person has
            not (or no longer) passed what the course asks before it.
    """
    lock_session(session, enrolment.session_id)
    session.refresh(enrolment)
    if enrolment.state != EnrolmentState.PROPOSED:
        raise Conflict(N_("Usulan ini sudah diputuskan."))
    if enrolment.session.state not in ACTIVE:
        raise InvalidTransition(N_("Pendaftaran sesi ini tidak dibuka."))
    if not whole and awaits_supervisor(enrolment):
        raise InvalidTransition(N_("Atasan memutuskan lebih dahulu."))
    run = enrolment.session
    exempted = exemption_of(
        session, run=run, employee=enrolment.employee, reason=exemption or enrolment.exemption
    )
    enrolment.exemption = exempted.get("exemption", "")
    got = not awaits_allocation(run) and take_seat(
        session, session_id=run.id, opd_id=enrolment.employee.opd_id
    )
    enrolment.state = EnrolmentState.ENROLLED if got else EnrolmentState.WAITLISTED
    enrolment.waiting_since = None if got else clock.now()
    session.flush()
    record(
        session,
        "courses:enrolment:approve",
        enrolment,
        people=[enrolment.employee_id],
        state=enrolment.state,
        **exempted,
    )
    if got:
        tell_seat(session, enrolment)
    else:
        tell_waiting(session, enrolment)
    return enrolment


def approve_first(session: DbSession, *, enrolment: Enrolment, actor: Actor) -> Enrolment:
    """Approve as the supervisor: the first of two steps, or the only one.

    Raises:
        Conflict: somebody else has decided meanwhile.
    """
    lock_session(session, enrolment.session_id)
    session.refresh(enrolment)
    if enrolment.state != EnrolmentState.PROPOSED or enrolment.supervisor_at is not None:
        raise Conflict(N_("Usulan ini sudah diputuskan."))
    enrolment.supervisor_at, enrolment.supervisor_label = clock.now(), actor.label[:200]
    session.flush()
    record(session, "courses:enrolment:approve_first", enrolment, people=[enrolment.employee_id])
    if not enrolment.session.needs_approval:
        return approve(session, enrolment=enrolment)
    return enrolment


def awaits_supervisor(row: Enrolment) -> bool:
    """Return whether a proposal waits for the person's supervisor."""
    return (
        row.state == EnrolmentState.PROPOSED
        and row.session.supervisor_approval
        and row.supervisor_at is None
    )


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
    """Fill free seats from the waiting list in its order; return who moved up.

    Somebody whose OPD has no seat left lets the next one pass, and so does who has not passed what
    the course asks before it; the latter is told.
    """
    moved: list[Enrolment] = []
    full: set[int] = set()
    rows = session.scalars(_waiting(session_id)).all()
    lacking = lacking_of(session, rows)
    for row in rows:
        run, opd_id = row.session, row.employee.opd_id
        if run.state not in ACTIVE or awaits_allocation(run) or run.seats_taken >= run.capacity:
            break
        if opd_id in full:
            continue
        if row.employee_id in lacking:
            pass_over(session, row=row, courses=lacking[row.employee_id])
            continue
        if not take_seat(session, session_id=session_id, opd_id=opd_id):
            full.add(opd_id)
            continue
        row.state, row.waiting_since, row.passed_over_at = EnrolmentState.ENROLLED, None, None
        session.flush()
        record(session, "courses:enrolment:promote", row, people=[row.employee_id])
        tell_seat(session, row)
        moved.append(row)
    return moved


def _waiting(session_id: int) -> Select[Enrolment]:
    return (
        select(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(
            Enrolment.session_id == session_id,
            Enrolment.state == EnrolmentState.WAITLISTED,
            Employee.employment_state == "active",
        )
        .order_by(*LINE)
        .options(joinedload(Enrolment.session), joinedload(Enrolment.employee))
    )
