"""Sessions: planned, opened, held, completed or cancelled; their meetings."""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import changed_fields, record
from app.core.errors import InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import SessionState
from courses.models import Course, Organiser, Session
from courses.services.calendar_file import calendar_of
from courses.services.enrolment import promote_waiting
from courses.services.interest import tell_interested
from courses.services.schedule import concerned, tell_changed
from courses.services.seats import lock_session

_MOVES = {
    SessionState.DRAFT: {SessionState.OPEN, SessionState.CANCELLED},
    SessionState.OPEN: {SessionState.RUNNING, SessionState.CANCELLED, SessionState.COMPLETED},
    SessionState.RUNNING: {SessionState.COMPLETED, SessionState.CANCELLED},
    SessionState.COMPLETED: set[SessionState](),
    SessionState.CANCELLED: set[SessionState](),
}

USUAL_GRACE, MOST_GRACE = 30, 480  # minutes


@dataclass(frozen=True)
class SessionInput:
    """What an organiser states about a session."""

    title: str
    starts_on: date
    ends_on: date
    capacity: int
    place: str = ""
    link: str | None = None
    trainer: str = ""
    registration_opens: date | None = None
    registration_closes: date | None = None
    needs_approval: bool = False
    supervisor_approval: bool = False
    seat_method: str = "order"
    early_minutes: int = USUAL_GRACE
    late_minutes: int = USUAL_GRACE
    signatory_id: int | None = None
    note: str = ""


def plan_session(
    session: DbSession, *, actor: Actor, course: Course, organiser: Organiser, values: SessionInput
) -> Session:
    """Plan a session of a course as a draft.

    Raises:
        InvalidInput: dates in the wrong order, or no seat.
    """
    _check(values)
    # The next number of a course is read and then written: one after the other.
    session.execute(select(Course.id).where(Course.id == course.id).with_for_update())
    run = Session(
        code=_next_code(session, course),
        course_id=course.id,
        organiser_id=organiser.id,
        state=SessionState.DRAFT,
        created_at=clock.now(),
        created_by_id=actor.account_id,
        **vars(values),
    )
    _draw_seed(run)
    session.add(run)
    session.flush()
    record(session, "courses:session:plan", run, course=course.code, title=values.title)
    return run


def edit_session(session: DbSession, *, run: Session, values: SessionInput) -> None:
    """Change a session that has not ended.

    Raises:
        InvalidInput: dates in the wrong order, or fewer seats than are taken.
        InvalidTransition: the session is completed or cancelled.
    """
    if run.state in (SessionState.COMPLETED, SessionState.CANCELLED):
        raise InvalidTransition(N_("Sesi yang sudah selesai atau dibatalkan tidak dapat diubah."))
    _check(values)
    lock_session(session, run.id)
    _check_meetings(run, values)
    if run.allocated_at is not None and values.seat_method != run.seat_method:
        raise InvalidInput(N_("Kursi sesi ini sudah dibagi."), field="seat_method")
    known = (run.starts_on, run.ends_on, run.place, run.link)
    if values.capacity < run.seats_taken:
        raise InvalidInput(
            Message(N_("Sudah ada %(count)s peserta."), {"count": run.seats_taken}),
            field="capacity",
        )
    for name, value in vars(values).items():
        setattr(run, name, value)
    _draw_seed(run)
    changes = changed_fields(run, *vars(values))
    session.flush()
    record(session, "courses:session:edit", run, changes=changes)
    if known != (run.starts_on, run.ends_on, run.place, run.link):
        words = N_("Tempat atau tanggal sesi %(title)s berubah: %(day)s, %(place)s.")
        told = {
            "title": run.title,
            "day": f"{run.starts_on:%d/%m/%Y}–{run.ends_on:%d/%m/%Y}",
            "place": run.place or run.link or "–",
        }
        tell_changed(session, run, Message(words, told))
    promote_waiting(session, session_id=run.id)  # more seats than before move the list up


def _draw_seed(run: Session) -> None:
    """Draw the seed of a fair allocation once: nobody can try until the result suits."""
    if run.seat_method == "fair" and run.seed is None:
        run.seed = new_seed()


def new_seed() -> str:
    """Return a seed that nobody can guess."""
    return secrets.token_hex(8)


def _check(values: SessionInput) -> None:
    if not values.title.strip():
        raise InvalidInput(N_("Isi judul sesi."), field="title")
    if values.ends_on < values.starts_on:
        raise InvalidInput(
            N_("Tanggal selesai tidak boleh sebelum tanggal mulai."), field="ends_on"
        )
    if values.capacity < 1:
        raise InvalidInput(N_("Kuota paling sedikit satu kursi."), field="capacity")
    closes = values.registration_closes
    if closes and values.registration_opens and closes < values.registration_opens:
        raise InvalidInput(N_("Pendaftaran ditutup sebelum dibuka."), field="registration_closes")

    if values.seat_method not in ("order", "fair"):
        raise InvalidInput(N_("Pilihan ini tidak tersedia."), field="seat_method")
    if values.seat_method == "fair" and closes is None:
        raise InvalidInput(
            N_("Isi tanggal penutupan pendaftaran; kursi dibagi setelah itu."),
            field="registration_closes",
        )
    for name in ("early_minutes", "late_minutes"):
        if not 0 <= getattr(values, name) <= MOST_GRACE:
            raise InvalidInput(
                Message(N_("Antara 0 dan %(most)s menit."), {"most": MOST_GRACE}), field=name
            )


def _check_meetings(run: Session, values: SessionInput) -> None:
    for meeting in run.meetings:
        if not values.starts_on <= clock.local(meeting.starts_at).date() <= values.ends_on:
            raise InvalidInput(
                N_("Ada pertemuan di luar tanggal baru. Pindahkan pertemuan itu lebih dahulu."),
                field="starts_on",
            )


def _next_code(session: DbSession, course: Course) -> str:
    prefix = f"{course.code}-{clock.today().year}-"
    taken = session.scalars(select(Session.code).where(Session.code.startswith(prefix))).all()
    numbers = [int(code.rsplit("-", 1)[1]) for code in taken if code.rsplit("-", 1)[1].isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:02d}"


def move_session(
    session: DbSession, *, run: Session, to: SessionState, reason: str = ""
) -> Session:
    """Move a session to its next state; cancelling tells everybody in it.

    Raises:
        InvalidTransition: the step is not open from the present state.
        InvalidInput: opened without a meeting, or cancelled without a reason.
    """
    lock_session(session, run.id)
    before = SessionState(run.state)
    if to == before:
        return run
    # Completing fixes results as well: that is `results.complete_session`.
    if to not in _MOVES[before] or to is SessionState.COMPLETED:
        raise InvalidTransition(N_("Langkah ini tidak tersedia pada keadaan sesi sekarang."))
    if to is SessionState.OPEN and not run.meetings:
        raise InvalidInput(N_("Tambahkan paling sedikit satu pertemuan sebelum membuka sesi."))
    if to is SessionState.CANCELLED and not reason.strip():
        raise InvalidInput(N_("Isi alasan pembatalan."), field="reason")
    run.state = to
    session.flush()
    record(
        session, "courses:session:move", run, changes={"state": (before, to)}, reason=reason or None
    )
    if to is SessionState.OPEN:
        tell_interested(session, run)
    if to is SessionState.CANCELLED:
        _tell_participants(session, run, reason)
    return run


def _tell_participants(session: DbSession, run: Session, reason: str) -> None:
    for employee_id in concerned(session, run):
        notify(
            session,
            employee_id=employee_id,
            kind="session",
            message=Message(
                N_("Sesi %(title)s dibatalkan: %(reason)s"), {"title": run.title, "reason": reason}
            ),
            url=f"/pelatihan/sesi/{run.id}",
            email=True,
            key=f"session:{run.id}:cancelled",
            calendar=calendar_of(run).decode(),
        )
