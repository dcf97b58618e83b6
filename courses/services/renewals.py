"""Renewal of certificates: which course renews which, who is in the window, who is told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.daily import daily
from app.core.jobs.registry import job_kind
from app.core.notifications.services import notify
from courses.certificates.renewal import RenewalWindow, WindowState, renewal_window
from courses.enums import CertificateState, SessionState
from courses.models import Certificate, Course, Enrolment, RenewalPath, Session
from courses.services.profile_effects import LEARNING_PAGE

REMIND_JOB = "certificates.renewal_reminders"
MAX_DAYS = 730


@dataclass(frozen=True)
class RenewalChoice:
    """How a certificate can be renewed: the course, its next sessions and the window."""

    course: Course
    sessions: Sequence[Session]
    window: RenewalWindow
    state: WindowState


@dataclass(frozen=True)
class Renewed:
    """The certificate that another renews; by a path its term goes on, else a new one starts."""

    certificate: Certificate
    by_path: bool

    @property
    def previous_until(self) -> date | None:
        """The last day from which the term goes on."""
        return self.certificate.valid_until if self.by_path else None


def paths(session: DbSession) -> Sequence[RenewalPath]:
    """Return every path by course."""
    return session.scalars(
        select(RenewalPath).order_by(RenewalPath.course_code, RenewalPath.renewed_by_code)
    ).all()


def titles_of(session: DbSession) -> dict[str, str]:
    """Return the title of every course by code, that of the newest version."""
    rows = session.execute(select(Course.code, Course.title).order_by(Course.version, Course.id))
    return {row.code: row.title for row in rows}


def add_path(
    session: DbSession,
    *,
    course_code: str,
    renewed_by_code: str,
    days_before: int | None,
    days_after: int | None,
) -> RenewalPath:
    """Let a course renew the certificates of another, or of itself.

    Raises:
        InvalidInput: an unknown course, or days outside 0 to 730.
        Conflict: this pair is there already.
    """
    known = titles_of(session)
    for code, field in ((course_code, "course_code"), (renewed_by_code, "renewed_by_code")):
        if code not in known:
            raise InvalidInput(N_("Pilih pelatihan dari daftar."), field=field)
    for days, field in ((days_before, "days_before"), (days_after, "days_after")):
        if days is None or not 0 <= days <= MAX_DAYS:
            raise InvalidInput(
                Message(N_("Isi jumlah hari antara 0 dan %(most)s."), {"most": MAX_DAYS}),
                field=field,
            )
    pair = (course_code, renewed_by_code)
    if any((row.course_code, row.renewed_by_code) == pair for row in paths(session)):
        raise Conflict(N_("Jalur perpanjangan ini sudah ada."), field="renewed_by_code")
    row = RenewalPath(
        course_code=course_code,
        renewed_by_code=renewed_by_code,
        days_before=days_before,
        days_after=days_after,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    record(
        session,
        "courses:renewal:add",
        row,
        course=course_code,
        renewed_by=renewed_by_code,
        days=[days_before, days_after],
    )
    return row


def remove_path(session: DbSession, *, path: RenewalPath) -> None:
    """End a path; certificates that were renewed by it keep their chain."""
    record(
        session,
        "courses:renewal:remove",
        path,
        course=path.course_code,
        renewed_by=path.renewed_by_code,
    )
    session.delete(path)
    session.flush()


def find_path(session: DbSession, path_id: int) -> RenewalPath | None:
    """Return a path, or None."""
    return session.get(RenewalPath, path_id)


def renews_only(session: DbSession, course_code: str) -> bool:
    """Tell whether a course exists to renew the certificates of others."""
    return bool(
        session.scalar(
            select(func.count())
            .select_from(RenewalPath)
            .where(
                RenewalPath.renewed_by_code == course_code, RenewalPath.course_code != course_code
            )
        )
    )


def renewed_by_session(
    session: DbSession, *, run: Session, employee_ids: Sequence[int]
) -> dict[int, Renewed]:
    """Return the certificate that passing this session renews, by person.

    It is in force, is of a course that this one renews (or of the same course) and the session
    ends within its window. Of several the one that ends last counts.
    """
    by_course: dict[str, RenewalPath] = {
        path.course_code: path for path in paths(session) if path.renewed_by_code == run.course.code
    }
    wanted = {*by_course, run.course.code}
    found: dict[int, Renewed] = {}
    for row in _in_force(session, employee_ids, wanted, run.id):
        path = by_course.get(_course(row).code)
        if _counts(row, path, run.ends_on) and row.employee_id is not None:
            found[row.employee_id] = Renewed(row, path is not None)  # the last: by its end
    return found


def _counts(row: Certificate, path: RenewalPath | None, day: date) -> bool:
    if path is None:
        return True  # the same course again: a chain without a window
    if row.valid_until is None:
        return False
    return _window(row.valid_until, path).state_on(day) is WindowState.OPEN


def _in_force(
    session: DbSession, employee_ids: Sequence[int], codes: set[str], run_id: int
) -> Sequence[Certificate]:
    return session.scalars(
        select(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Session, Session.id == Enrolment.session_id)
        .join(Course, Course.id == Session.course_id)
        .where(
            Certificate.employee_id.in_(employee_ids),
            Certificate.state == CertificateState.ISSUED,
            Course.code.in_(codes),
            Session.id != run_id,
        )
        .options(
            joinedload(Certificate.enrolment)
            .joinedload(Enrolment.session)
            .joinedload(Session.course)
        )
        .order_by(Certificate.valid_until.nulls_first(), Certificate.id)
    ).all()


def _course(row: Certificate) -> Course:
    assert row.enrolment is not None  # joined above
    return row.enrolment.session.course


def _window(valid_until: date, path: RenewalPath) -> RenewalWindow:
    return renewal_window(valid_until, days_before=path.days_before, days_after=path.days_after)


def choices_of(
    session: DbSession, certificates: Sequence[Certificate], day: date
) -> dict[int, RenewalChoice]:
    """Return how each certificate can be renewed, where it can; by its id.

    One that was renewed already is left out.
    """
    ids = [row.id for row in certificates]
    renewed = set(
        session.scalars(select(Certificate.renews_id).where(Certificate.renews_id.in_(ids)))
    )
    codes = _codes_of(session, ids)
    by_course: dict[str, list[RenewalPath]] = defaultdict(list)
    for path in paths(session):
        by_course[path.course_code].append(path)
    wanted = {p.renewed_by_code for code in codes.values() for p in by_course.get(code, ())}
    courses, runs = _courses(session, wanted), _open_sessions(session, wanted, day)
    found = {}
    for row in certificates:
        if row.valid_until is None or row.state != CertificateState.ISSUED or row.id in renewed:
            continue
        for path in by_course.get(codes.get(row.id, ""), ()):
            course = courses.get(path.renewed_by_code)
            window = _window(row.valid_until, path)
            if course is not None and window.state_on(day) is not WindowState.LATE:
                found[row.id] = RenewalChoice(
                    course, runs[course.code], window, window.state_on(day)
                )
    return found


def _codes_of(session: DbSession, ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(Certificate.id, Course.code)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Session, Session.id == Enrolment.session_id)
        .join(Course, Course.id == Session.course_id)
        .where(Certificate.id.in_(ids))
    )
    return {row.id: row.code for row in rows}


def _courses(session: DbSession, codes: set[str]) -> dict[str, Course]:
    rows = session.scalars(
        select(Course)
        .where(Course.code.in_(codes), Course.state == "in_force")
        .order_by(Course.version)
    )
    return {row.code: row for row in rows}


def _open_sessions(session: DbSession, codes: set[str], day: date) -> dict[str, list[Session]]:
    rows = session.scalars(
        select(Session)
        .join(Course, Course.id == Session.course_id)
        .where(Course.code.in_(codes), Session.state == SessionState.OPEN, Session.starts_on >= day)
        .options(joinedload(Session.course))
        .order_by(Session.starts_on, Session.id)
    )
    found: dict[str, list[Session]] = defaultdict(list)
    for row in rows:
        found[row.course.code].append(row)
    return found


def remind_renewals(session: DbSession, *, day: date) -> int:
    """Tell each holder once that the window of a certificate is open; return how many."""
    rows = session.scalars(
        select(Certificate)
        .where(
            Certificate.state == CertificateState.ISSUED,
            Certificate.employee_id.is_not(None),
            Certificate.valid_until.between(
                day - timedelta(days=MAX_DAYS), day + timedelta(days=MAX_DAYS)
            ),
        )
        .order_by(Certificate.id)
    ).all()
    told = 0
    for number, choice in choices_of(session, rows, day).items():
        row = next(r for r in rows if r.id == number)
        if choice.state is not WindowState.OPEN or row.employee_id is None:
            continue
        told += bool(
            notify(
                session,
                employee_id=row.employee_id,
                kind="certificate",
                message=Message(
                    N_("Sertifikat %(number)s dapat diperpanjang lewat %(title)s."),
                    {"number": row.number, "title": choice.course.title},
                ),
                url=f"{LEARNING_PAGE}#sertifikat",
                email=True,
                key=f"certificate:{row.id}:renewable:{row.valid_until}",
            )
        )
    return told


@job_kind(REMIND_JOB, timeout=600)
def remind(context: JobContext) -> dict[str, Any]:
    """Send the reminders of the day."""
    with context.transaction() as session:
        told = remind_renewals(session, day=clock.today())
    return {"message": Message(N_("%(count)s pemegang diberi tahu."), {"count": told})}


daily(REMIND_JOB, N_("Pengingat perpanjangan sertifikat"))
