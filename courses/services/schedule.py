"""Changes of a session's dates that people have been told: everybody in it learns of them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm.attributes import flag_modified

from app.core import clock
from app.core.audit import record
from app.core.errors import InvalidInput, InvalidTransition, NotFound
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import EnrolmentState, SessionState
from courses.models import Attendance, Enrolment, Meeting, Session
from courses.services.calendar_file import calendar_of
from courses.services.seats import HOLDING, lock_session

_CLOSED = (SessionState.COMPLETED, SessionState.CANCELLED)
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
    if run.state in _CLOSED:
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


def edit_meeting(
    session: DbSession,
    *,
    run: Session,
    meeting_id: int,
    starts_at: datetime,
    ends_at: datetime,
    topic: str,
) -> None:
    """Change time and topic of a meeting; people of an open session are told of a new time.

    Raises:
        NotFound: no such meeting in this session.
        InvalidTransition: the session is over, or the time of a meeting with attendance changes.
        InvalidInput: it ends before it begins, or lies outside the session.
    """
    lock_session(session, run.id)
    meeting = next((row for row in run.meetings if row.id == meeting_id), None)
    if meeting is None:
        raise NotFound
    if run.state in _CLOSED:
        raise InvalidTransition(N_("Sesi sudah ditutup."))
    moved = (meeting.starts_at, meeting.ends_at) != (starts_at, ends_at)
    if moved:
        _check_time(session, run, meeting, starts_at, ends_at)
    before = (meeting.starts_at, meeting.ends_at, meeting.topic)
    meeting.starts_at, meeting.ends_at, meeting.topic = starts_at, ends_at, topic
    flag_modified(run, "title")  # a higher version: calendars take the event over
    session.flush()
    after = (starts_at, ends_at, topic)
    names = ("starts_at", "ends_at", "topic")
    record(
        session,
        "courses:meeting:edit",
        run,
        meeting_id=meeting.id,
        changes={n: (b, a) for n, b, a in zip(names, before, after, strict=True) if a != b},
    )
    if moved:
        words = N_("Pertemuan sesi %(title)s pindah ke %(time)s WIB (sebelumnya %(before)s).")
        values = {
            "title": run.title,
            "time": f"{clock.local(starts_at):%d/%m/%Y %H.%M}",
            "before": f"{clock.local(before[0]):%d/%m/%Y %H.%M}",
        }
        tell_changed(session, run, Message(words, values))


def _check_time(
    session: DbSession, run: Session, meeting: Meeting, starts_at: datetime, ends_at: datetime
) -> None:
    if ends_at <= starts_at:
        raise InvalidInput(N_("Pertemuan berakhir sebelum dimulai."), field="ends_at")
    if not run.starts_on <= clock.local(starts_at).date() <= run.ends_on:
        raise InvalidInput(N_("Pertemuan berada di luar tanggal sesi."), field="starts_at")
    recorded = select(Attendance.id).where(Attendance.meeting_id == meeting.id).limit(1)
    if session.scalar(recorded) is not None:
        raise InvalidTransition(N_("Kehadiran pada pertemuan ini sudah dicatat."))


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
