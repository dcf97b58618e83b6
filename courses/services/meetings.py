"""Meetings of a session: added, changed, taken out; people of an open session learn of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm.attributes import flag_modified

from app.core import clock
from app.core.audit import changed_fields, record
from app.core.errors import InvalidInput, InvalidTransition, NotFound
from app.core.i18n import N_, Message
from courses.enums import SessionState
from courses.models import Attendance, Meeting, Session
from courses.services.schedule import CLOSED, tell_changed
from courses.services.seats import lock_session


@dataclass(frozen=True)
class MeetingInput:
    """When a meeting is held and about what; place and link only where they are its own."""

    starts_at: datetime
    ends_at: datetime
    topic: str = ""
    place: str = ""
    link: str | None = None


def add_meeting(session: DbSession, *, run: Session, values: MeetingInput) -> Meeting:
    """Add a meeting inside the dates of the session.

    Raises:
        InvalidInput: it ends before it starts, or lies outside the session.
    """
    if values.ends_at <= values.starts_at:
        raise InvalidInput(N_("Pertemuan berakhir sebelum dimulai."), field="ends_at")
    day = clock.local(values.starts_at).date()
    if not run.starts_on <= day <= run.ends_on:
        raise InvalidInput(N_("Pertemuan berada di luar tanggal sesi."), field="starts_at")
    if run.state in (SessionState.COMPLETED, SessionState.CANCELLED):
        raise InvalidTransition(N_("Sesi sudah ditutup."))
    meeting = Meeting(**vars(values))
    run.meetings.append(meeting)
    session.flush()
    record(session, "courses:meeting:add", run, meeting_id=meeting.id, starts_at=values.starts_at)
    return meeting


def add_daily_meetings(
    session: DbSession, *, run: Session, begins: time, ends: time
) -> Sequence[Meeting]:
    """Add a meeting on every working day of the session, the topics of the course spread over them.

    A session that lies on a weekend alone meets on all of its days.
    """
    days = [run.starts_on + timedelta(n) for n in range((run.ends_on - run.starts_on).days + 1)]
    chosen = [day for day in days if day.weekday() < 5] or days
    topics = [topic.title for topic in run.course.topics] or [""]
    return [
        add_meeting(
            session,
            run=run,
            values=MeetingInput(
                datetime.combine(day, begins, tzinfo=clock.timezone()),
                datetime.combine(day, ends, tzinfo=clock.timezone()),
                topics[place * len(topics) // len(chosen)],
            ),
        )
        for place, day in enumerate(chosen)
    ]


def remove_meeting(session: DbSession, *, run: Session, meeting_id: int) -> None:
    """Take a meeting out of a session in which nobody's attendance was recorded.

    Raises:
        NotFound: no such meeting in this session.
        InvalidTransition: the session is closed, or attendance of the meeting was recorded.
    """
    meeting = next((row for row in run.meetings if row.id == meeting_id), None)
    if meeting is None:
        raise NotFound
    if run.state in (SessionState.COMPLETED, SessionState.CANCELLED):
        raise InvalidTransition(N_("Sesi sudah ditutup."))
    recorded = select(Attendance.id).where(Attendance.meeting_id == meeting_id).limit(1)
    if session.scalar(recorded) is not None:
        raise InvalidTransition(N_("Kehadiran pada pertemuan ini sudah dicatat."))
    if run.state != SessionState.DRAFT and len(run.meetings) == 1:
        raise InvalidTransition(N_("Sesi yang dibuka memerlukan paling sedikit satu pertemuan."))
    run.meetings.remove(meeting)
    session.flush()
    record(session, "courses:meeting:remove", run, meeting_id=meeting_id)


def edit_meeting(
    session: DbSession, *, run: Session, meeting_id: int, values: MeetingInput
) -> None:
    """Change a meeting; people of an open session are told of a new time or another place.

    Raises:
        NotFound: no such meeting in this session.
        InvalidTransition: the session is over, or the time of a meeting with attendance changes.
        InvalidInput: it ends before it begins, or lies outside the session.
    """
    lock_session(session, run.id)
    meeting = next((row for row in run.meetings if row.id == meeting_id), None)
    if meeting is None:
        raise NotFound
    if run.state in CLOSED:
        raise InvalidTransition(N_("Sesi sudah ditutup."))
    moved = (meeting.starts_at, meeting.ends_at) != (values.starts_at, values.ends_at)
    if moved:
        _check_time(session, run, meeting, values.starts_at, values.ends_at)
    began, held = meeting.starts_at, (meeting.where, meeting.online)
    for name, value in vars(values).items():
        setattr(meeting, name, value)
    changes = changed_fields(meeting, *vars(values))
    flag_modified(run, "title")  # a higher version: calendars take the event over
    session.flush()
    record(session, "courses:meeting:edit", run, meeting_id=meeting.id, changes=changes)
    if moved:
        words = N_("Pertemuan sesi %(title)s pindah ke %(time)s WIB (sebelumnya %(before)s).")
        times = {"time": _moment(values.starts_at), "before": _moment(began)}
        tell_changed(session, run, Message(words, {"title": run.title, **times}))
    elif (meeting.where, meeting.online) != held:
        _tell_place(session, run, meeting)


def _tell_place(session: DbSession, run: Session, meeting: Meeting) -> None:
    words = N_("Pertemuan sesi %(title)s pada %(time)s WIB kini di: %(place)s.")
    where = meeting.where or Message(N_("daring; tautannya di halaman sesi"))
    values = {"title": run.title, "time": _moment(meeting.starts_at), "place": where}
    tell_changed(session, run, Message(words, values))


def _moment(moment: datetime) -> str:
    return f"{clock.local(moment):%d/%m/%Y %H.%M}"


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
