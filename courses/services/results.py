"""Attendance, scores and the end of a session: who passed, and what it does to the profile."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from courses.enums import AttendanceState, CertificateState, EnrolmentState, SessionState
from courses.models import Attendance, Certificate, Course, Enrolment, Meeting, Session
from courses.queries.scores import derived_scores, evaluated
from courses.rules import PassRule, Verdict, attendance_percent, verdict
from courses.services.seats import lock_session
from skills.models import Employee

VERDICTS = {
    Verdict.PASSED: N_("Lulus"),
    Verdict.ATTENDANCE: N_("Kehadiran kurang dari syarat"),
    Verdict.SCORE: N_("Nilai di bawah syarat"),
    Verdict.NO_SCORE: N_("Nilai belum diisi"),
    Verdict.NO_ATTENDANCE: N_("Kehadiran belum dicatat"),
    Verdict.NO_EVALUATION: N_("Formulir evaluasi belum diisi"),
}


def record_attendance(
    session: DbSession,
    *,
    actor: Actor,
    run: Session,
    states: Mapping[tuple[int, int], AttendanceState | None],
    how: str = "manual",
) -> int:
    """Write the cells of the attendance grid that changed; return how many.

    Args:
        states: (meeting id, enrolment id) to the state, None to clear a cell.

    Raises:
        InvalidTransition: the session is completed or cancelled.
        InvalidInput: a cell of another session.
    """
    lock_session(session, run.id)
    _check_open(run)
    people = {row.id: row.employee_id for row in participants(session, run)}
    meetings = {meeting.id for meeting in run.meetings}
    begun = {meeting.id for meeting in run.meetings if has_begun(meeting)}
    known = {
        (row.meeting_id, row.enrolment_id): row
        for row in session.scalars(select(Attendance).where(Attendance.meeting_id.in_(meetings)))
    }
    changed: dict[str, tuple[str | None, str | None]] = {}
    for (meeting_id, enrolment_id), state in states.items():
        if meeting_id not in meetings or enrolment_id not in people:
            raise InvalidInput(N_("Pertemuan atau peserta bukan milik sesi ini."))
        row = known.get((meeting_id, enrolment_id))
        before = row.state if row else None
        if before == state:
            continue
        if meeting_id not in begun:
            raise InvalidInput(N_("Kehadiran dicatat paling cepat pada hari pertemuan."))
        _write_cell(session, actor, row, meeting_id, enrolment_id, state, how)
        changed[f"{meeting_id}:{enrolment_id}"] = (before, state)
    session.flush()
    if changed:
        concerned = sorted({people[int(key.split(":")[1])] for key in changed})
        record(
            session, "courses:attendance:record", run, changes=changed, people=concerned, how=how
        )
    return len(changed)


def has_begun(meeting: Meeting) -> bool:
    """Return whether the day of a meeting has come; nobody is present at a future one."""
    return clock.local(meeting.starts_at).date() <= clock.today()


def _write_cell(
    session: DbSession,
    actor: Actor,
    row: Attendance | None,
    meeting_id: int,
    enrolment_id: int,
    state: AttendanceState | None,
    how: str,
) -> None:
    if state is None:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = Attendance(meeting_id=meeting_id, enrolment_id=enrolment_id)
        session.add(row)
    row.state, row.how = state, how
    row.recorded_at, row.recorded_by_id = clock.now(), actor.account_id


def record_scores(session: DbSession, *, run: Session, scores: Mapping[int, float | None]) -> int:
    """Write the scores (0 to 100) that changed; return how many.

    Args:
        scores: enrolment id to score, None to clear it.

    Raises:
        InvalidInput: a score outside 0 to 100, or a participant of another session.
    """
    lock_session(session, run.id)
    _check_open(run)
    rows = {row.id: row for row in participants(session, run)}
    changes: dict[str, tuple[float | None, float | None]] = {}
    derived = derived_scores(session, run)
    for enrolment_id, score in scores.items():
        row = rows.get(enrolment_id)
        if row is None:
            raise InvalidInput(N_("Peserta bukan milik sesi ini."))
        if row.score != score and enrolment_id in derived:
            raise InvalidInput(
                N_("Nilai sesi ini dari tes atau tugas. Koreksi di Penilaian, dengan alasan.")
            )
        if score is not None and not 0 <= score <= 100:
            raise InvalidInput(N_("Nilai harus antara 0 dan 100."), field=f"score-{enrolment_id}")
        if row.score != score:
            changes[str(enrolment_id)] = (row.score, score)
            row.score = score
    session.flush()
    if changes:
        concerned = sorted(rows[int(key)].employee_id for key in changes)
        record(session, "courses:score:record", run, changes=changes, people=concerned)
    return len(changes)


def _check_open(run: Session) -> None:
    if run.state not in (SessionState.OPEN, SessionState.RUNNING):
        raise InvalidTransition(N_("Kehadiran dan nilai hanya dapat diisi selama sesi berjalan."))


def participants(session: DbSession, run: Session) -> Sequence[Enrolment]:
    """Return the people who hold a seat, by name."""
    rows = session.scalars(
        select(Enrolment)
        .where(
            Enrolment.session_id == run.id,
            Enrolment.state.in_(
                (EnrolmentState.ENROLLED, EnrolmentState.PASSED, EnrolmentState.FAILED)
            ),
        )
        .options(
            joinedload(Enrolment.employee).joinedload(Employee.opd),
            joinedload(Enrolment.employee).joinedload(Employee.position),
        )
    ).all()
    return sorted(rows, key=lambda row: (row.employee.name, row.id))


def verdicts(session: DbSession, run: Session) -> dict[int, tuple[float | None, Verdict]]:
    """Return, per enrolment, the attendance in percent and whether the person would pass now."""
    rows = participants(session, run)
    meetings = [meeting.id for meeting in run.meetings]
    seen: dict[int, list[str]] = {row.id: [] for row in rows}
    for enrolment_id, state in session.execute(
        select(Attendance.enrolment_id, Attendance.state)
        .where(Attendance.meeting_id.in_(meetings))
        .order_by(Attendance.id)
    ):
        if enrolment_id in seen:
            seen[enrolment_id].append(state)
    rule = pass_rule(run.course)
    scores, filled = current_scores(session, run, rows), evaluated(session, run)
    found = {}
    for row in rows:
        states = seen[row.id]
        percent = attendance_percent(states, len(meetings)) if states else None
        outcome = verdict(percent, scores[row.id], rule, evaluated=row.id in filled)
        found[row.id] = (percent, outcome)
    return found


def current_scores(
    session: DbSession, run: Session, rows: Sequence[Enrolment]
) -> dict[int, float | None]:
    """Return each score: what was entered or corrected, else what tests and assignments give."""
    derived = derived_scores(session, run)
    return {
        row.id: row.score
        if row.score is not None or row.id not in derived
        else derived[row.id].score
        for row in rows
    }


def open_certificate(session: DbSession, enrolment_id: int) -> Certificate | None:
    """Return the certificate of an enrolment that is reserved or in force, or None."""
    return session.scalar(
        select(Certificate).where(
            Certificate.enrolment_id == enrolment_id,
            Certificate.state.in_((CertificateState.RESERVED, CertificateState.ISSUED)),
        )
    )


def pass_rule(course: Course) -> PassRule:
    """Return what the course asks for passing."""
    return PassRule(course.attendance_min, course.score_min, course.evaluation_required)


def complete_session(
    session: DbSession, *, run: Session, expected_version: int | None = None
) -> dict[Verdict, int]:
    """Fix the results of a session: each participant has passed or failed, with the reason.

    Returns:
        How many people per verdict.

    Raises:
        Conflict: it was completed meanwhile.
        InvalidTransition: it is not being held.
    """
    lock_session(session, run.id)
    if run.state == SessionState.COMPLETED or (
        expected_version is not None and run.version != expected_version
    ):
        raise Conflict(N_("Sesi ini sudah berubah. Muat ulang halaman lalu periksa lagi."))
    _check_open(run)
    if not all(has_begun(meeting) for meeting in run.meetings):
        raise InvalidTransition(N_("Masih ada pertemuan yang belum berlangsung."))
    counts: dict[Verdict, int] = dict.fromkeys(Verdict, 0)
    found = verdicts(session, run)
    rows = participants(session, run)
    scores = current_scores(session, run, rows)
    for row in rows:
        percent, outcome = found[row.id]
        row.attendance_percent, row.score = percent, scores[row.id]
        passed = outcome is Verdict.PASSED
        row.state = EnrolmentState.PASSED if passed else EnrolmentState.FAILED
        row.result_reason = None if passed else outcome.value
        counts[outcome] += 1
    run.state, run.completed_at = SessionState.COMPLETED, clock.now()
    session.flush()
    _end_waiting(session, run)
    record(
        session,
        "courses:session:complete",
        run,
        people=[row.employee_id for row in rows],
        results={str(key): value for key, value in counts.items()},
    )
    return counts


def _end_waiting(session: DbSession, run: Session) -> None:
    """Nobody waits for a seat in a session that is over."""
    waiting = session.scalars(
        select(Enrolment)
        .where(
            Enrolment.session_id == run.id,
            Enrolment.state.in_((EnrolmentState.WAITLISTED, EnrolmentState.PROPOSED)),
        )
        .order_by(Enrolment.id)
    ).all()
    for row in waiting:
        row.state, row.waiting_since = EnrolmentState.CANCELLED, None
    session.flush()
    if waiting:
        record(
            session,
            "courses:enrolment:end_waiting",
            run,
            people=[row.employee_id for row in waiting],
        )


def result_words(row: Enrolment) -> Message | None:
    """Return why a person failed, in words."""
    if row.result_reason is None:
        return None
    return Message(VERDICTS[Verdict(row.result_reason)])


def load_session(session: DbSession, session_id: int) -> Session | None:
    """Return a session with its course, organiser and meetings, or None."""
    return session.scalar(
        select(Session)
        .where(Session.id == session_id)
        .options(
            joinedload(Session.course).selectinload(Course.competencies),
            joinedload(Session.organiser),
            selectinload(Session.meetings),
        )
    )
