"""Check-in by a code that changes on the organiser's screen; it belongs to one meeting.

The code is a signature over meeting and time slot: nothing is stored before somebody is present,
and a photo of the screen is worthless a minute later.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidTransition
from app.core.i18n import N_, Message
from app.core.runtime import settings
from courses.certificates.codes import ALPHABET
from courses.enums import AttendanceState, EnrolmentState
from courses.models import Attendance, Enrolment, Meeting, Session
from courses.services.enrolment import ACTIVE, find_enrolment
from courses.services.seats import lock_session

SLOT = 30  # seconds a code is shown
_SLOTS_ACCEPTED = 4  # two minutes in all: signing in on a phone takes a moment
_LENGTH = 12


@dataclass(frozen=True)
class CheckedIn:
    """What was stored: who, which session and meeting, when; or that it was stored before."""

    meeting: Meeting
    run: Session
    at: datetime
    before: bool


def code_now(meeting: Meeting, moment: datetime | None = None) -> str:
    """Return the code to show now for a meeting."""
    return _code(meeting.id, _slot(moment or clock.now()))


def seconds_left(moment: datetime | None = None) -> int:
    """Return how long the present code is still shown."""
    return SLOT - int((moment or clock.now()).timestamp()) % SLOT


def _slot(moment: datetime) -> int:
    return int(moment.timestamp()) // SLOT


def _code(meeting_id: int, slot: int) -> str:
    key = settings().secret_key.encode()
    message = f"check-in {meeting_id} {slot}".encode()
    digest = hmac.new(key, message, hashlib.sha256).digest()
    return "".join(ALPHABET[byte & 31] for byte in digest[:_LENGTH])


def check_in(
    session: DbSession, *, actor: Actor, employee_id: int, meeting: Meeting, code: str
) -> CheckedIn:
    """Record the person as present, or say exactly why not.

    Raises:
        InvalidTransition: not enrolled, too early (with the time to come back), too late, or the
            code is not the one of this meeting on the screen now.
    """
    lock_session(session, meeting.session_id)
    run, row, known = _examined(session, employee_id, meeting)
    if known is not None and known.state == AttendanceState.PRESENT:
        return CheckedIn(meeting, run, known.recorded_at, before=True)
    if not _is_current(meeting, code.strip().upper(), clock.now()):
        raise InvalidTransition(
            N_("Kode sudah berganti. Pindai lagi kode yang sekarang tampil di layar.")
        )
    moment = clock.now()
    return CheckedIn(meeting, run, _store(session, actor, known, meeting, row, moment), False)


def examine(session: DbSession, *, employee_id: int, meeting: Meeting) -> CheckedIn | None:
    """Return what is stored already, None where the person may check in now; reads only.

    Raises:
        InvalidTransition: the reason of `check_in`, apart from the code.
    """
    run, _row, known = _examined(session, employee_id, meeting)
    if known is not None and known.state == AttendanceState.PRESENT:
        return CheckedIn(meeting, run, known.recorded_at, before=True)
    return None


def _examined(
    session: DbSession, employee_id: int, meeting: Meeting
) -> tuple[Session, Enrolment, Attendance | None]:
    run = session.get_one(Session, meeting.session_id)
    row = find_enrolment(session, session_id=run.id, employee_id=employee_id)
    if row is None or row.state != EnrolmentState.ENROLLED:
        raise InvalidTransition(
            Message(N_("Anda bukan peserta sesi %(title)s."), {"title": run.title})
        )
    known = session.scalar(
        select(Attendance).where(
            Attendance.meeting_id == meeting.id, Attendance.enrolment_id == row.id
        )
    )
    if known is None or known.state != AttendanceState.PRESENT:
        _check_window(run, meeting, clock.now())
    return run, row, known


def _store(
    session: DbSession,
    actor: Actor,
    known: Attendance | None,
    meeting: Meeting,
    row: Enrolment,
    moment: datetime,
) -> datetime:
    before = known.state if known else None
    if known is None:
        known = Attendance(meeting_id=meeting.id, enrolment_id=row.id)
        session.add(known)
    known.state, known.how = AttendanceState.PRESENT, "qr"
    known.recorded_at, known.recorded_by_id = moment, actor.account_id
    session.flush()
    record(
        session,
        "courses:attendance:check_in",
        row,
        people=[row.employee_id],
        meeting_id=meeting.id,
        changes={"state": (before, AttendanceState.PRESENT)},
    )
    return moment


def window(run: Session, meeting: Meeting) -> tuple[datetime, datetime]:
    """Return from when to when somebody can be present by the code; later the organiser decides."""
    return (
        meeting.starts_at - timedelta(minutes=run.early_minutes),
        min(meeting.starts_at + timedelta(minutes=run.late_minutes), meeting.ends_at),
    )


def _check_window(run: Session, meeting: Meeting, moment: datetime) -> None:
    if run.state not in ACTIVE:
        raise InvalidTransition(N_("Sesi ini tidak sedang berlangsung."))
    opens, closes = window(run, meeting)
    if moment < opens:
        raise InvalidTransition(
            Message(
                N_("Terlalu awal. Pindai lagi mulai %(time)s WIB."),
                {"time": f"{clock.local(opens):%d/%m %H.%M}"},
            )
        )
    if moment > closes:
        raise InvalidTransition(
            Message(
                N_("Presensi ditutup pukul %(time)s WIB. Hubungi penyelenggara."),
                {"time": f"{clock.local(closes):%H.%M}"},
            )
        )


def _is_current(meeting: Meeting, code: str, moment: datetime) -> bool:
    slot = _slot(moment)
    expected = (_code(meeting.id, slot - back) for back in range(_SLOTS_ACCEPTED))
    return any(hmac.compare_digest(code.encode(), known.encode()) for known in expected)


def find_meeting(session: DbSession, meeting_id: int) -> Meeting | None:
    """Return a meeting by id, or None."""
    return session.get(Meeting, meeting_id)


@dataclass(frozen=True)
class Presence:
    """How many of the people with a seat are present at a meeting, and whether it is open now."""

    present: int
    people: int
    opens_at: datetime
    closes_at: datetime
    state: str  # early, open, closed


def presence(session: DbSession, *, run: Session, meeting: Meeting) -> Presence:
    """Return what the screen of a meeting shows beside the code."""
    present = session.scalar(
        select(func.count())
        .select_from(Attendance)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(
            Attendance.meeting_id == meeting.id,
            Attendance.state == AttendanceState.PRESENT,
            Enrolment.state == EnrolmentState.ENROLLED,
        )
    )
    opens, closes = window(run, meeting)
    moment = clock.now()
    state = "early" if moment < opens else "open"
    if moment > closes or run.state not in ACTIVE:
        state = "closed"
    return Presence(present or 0, run.seats_taken, opens, closes, state)
