"""Changes of a session's dates that people have been told: everybody in it learns of them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.audit import record
from app.core.errors import InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import EnrolmentState, SessionState
from courses.models import Attendance, Enrolment, Meeting, Session
from courses.services.calendar_file import calendar_of
from courses.services.seats import HOLDING, lock_session

CLOSED = (SessionState.COMPLETED, SessionState.CANCELLED)
_CONCERNED = (*HOLDING, EnrolmentState.WAITLISTED, EnrolmentState.PROPOSED)


def reschedule(session: DbSession, *, run: Session, starts_on: date, reason: str) -> None:
    """Move a session with all its meetings to another first day, hours unchanged.

    The end of registration moves along where it would otherwise lie after the new first day.

    Raises:
        InvalidTransition: it is over, or attendance was recorded.
        InvalidInput: no reason where people know the dates, or the same day as before.
    """
    lock_session(session, run.id)
    _check_movable(session, run)
    shift = starts_on - run.starts_on
    if not shift:
        raise InvalidInput(N_("Pilih tanggal mulai yang lain."), field="starts_on")
    if run.state != SessionState.DRAFT and not reason.strip():
        raise InvalidInput(N_("Isi alasan perubahan jadwal."), field="reason")
    before = (run.starts_on, run.ends_on)
    run.starts_on, run.ends_on = run.starts_on + shift, run.ends_on + shift
    for meeting in run.meetings:
        meeting.starts_at = _moved(meeting.starts_at, shift)
        meeting.ends_at = _moved(meeting.ends_at, shift)
    if run.registration_closes and run.registration_closes > run.starts_on:
        run.registration_closes = run.starts_on
        if run.registration_opens and run.registration_opens > run.starts_on:
            run.registration_opens = None
    session.flush()
    record(
        session,
        "courses:session:reschedule",
        run,
        changes={"starts_on": (before[0], run.starts_on), "ends_on": (before[1], run.ends_on)},
        reason=reason.strip() or None,
    )
    tell_changed(
        session,
        run,
        Message(
            N_("Jadwal sesi %(title)s berubah: mulai %(day)s (sebelumnya %(before)s). %(reason)s"),
            {
                "title": run.title,
                "day": f"{run.starts_on:%d/%m/%Y}",
                "before": f"{before[0]:%d/%m/%Y}",
                "reason": reason.strip(),
            },
        ),
    )


def _moved(moment: datetime, shift: timedelta) -> datetime:
    """Return the moment so many days later at the same hour of the city."""
    local = clock.local(moment)
    return datetime.combine(local.date() + shift, local.time(), tzinfo=clock.timezone())


def _check_movable(session: DbSession, run: Session) -> None:
    if run.state in CLOSED:
        raise InvalidTransition(N_("Sesi yang sudah selesai atau dibatalkan tidak dapat diubah."))
    recorded = (
        select(Attendance.id)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Meeting.session_id == run.id)
        .limit(1)
    )
    if session.scalar(recorded) is not None:
        raise InvalidTransition(
            N_("Kehadiran sudah dicatat. Ubah pertemuan yang belum berlangsung satu per satu.")
        )


def tell_changed(session: DbSession, run: Session, message: Message) -> None:
    """Tell everybody in a session that is open or running, the new dates attached."""
    if run.state not in (SessionState.OPEN, SessionState.RUNNING):
        return
    calendar = calendar_of(run).decode()
    for employee_id in concerned(session, run):
        notify(
            session,
            employee_id=employee_id,
            kind="session",
            message=message,
            url=f"/pelatihan/sesi/{run.id}",
            email=True,
            key=f"session:{run.id}:changed:{run.version}",
            calendar=calendar,
        )


def concerned(session: DbSession, run: Session) -> Sequence[int]:
    """Return the people who have or want a place in a session."""
    return session.scalars(
        select(Enrolment.employee_id)
        .where(Enrolment.session_id == run.id, Enrolment.state.in_(_CONCERNED))
        .order_by(Enrolment.id)
    ).all()
