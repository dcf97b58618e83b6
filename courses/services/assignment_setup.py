"""Set up an assignment with its rubric; what was promised holds once somebody has handed in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm.attributes import flag_modified

from app.core import clock
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.assignments.rules import Rubric
from courses.enums import EnrolmentState, SessionState
from courses.models import Assignment, AssignmentRubric, Enrolment, Session, Submission
from courses.queries.assignments import rubric_in_force
from courses.questions.content import clean, one_line

DRAFT, PUBLISHED = "draft", "published"
TITLE_LIMIT, BRIEF_LIMIT = 200, 8000


@dataclass(frozen=True)
class AssignmentInput:
    """What an organiser states about an assignment."""

    title: str
    brief: str
    due_at: datetime
    weight: int
    late_percent: int | None
    rubric: Rubric


def tries_made(session: DbSession, assignment: Assignment) -> int:
    """Return how many hand-ins an assignment has."""
    query = select(func.count()).where(Submission.assignment_id == assignment.id)
    return session.scalar(query) or 0


def create_assignment(session: DbSession, *, run: Session, values: AssignmentInput) -> Assignment:
    """Add an assignment to a session as a draft, with the first edition of its rubric.

    Raises:
        InvalidInput: a value is missing or out of range.
        InvalidTransition: the session is over.
    """
    check_going_on(run)
    plain = _checked(values)
    assignment = Assignment(session_id=run.id, **plain)
    session.add(assignment)
    session.flush()
    _add_edition(session, assignment, 1, values.rubric)
    record(session, "courses:assignment:create", assignment, run=run.code)
    return assignment


def change_assignment(
    session: DbSession,
    *,
    assignment: Assignment,
    values: AssignmentInput,
    expected_version: int | None,
) -> None:
    """Write an assignment anew.

    After the first hand-in the weight and the late rule stay, and the due date only moves on. A
    rubric that has graded somebody is kept; the change is its next edition.

    Raises:
        InvalidInput: a value is missing or out of range.
        InvalidTransition: it breaks what was promised, or the session is over.
        Conflict: it was changed meanwhile.
    """
    check_going_on(assignment.session)
    # Two organisers at the same moment: the second waits here and finds the first one's version.
    session.scalar(select(Assignment.id).where(Assignment.id == assignment.id).with_for_update())
    session.refresh(assignment)
    if expected_version is not None and assignment.version != expected_version:
        raise Conflict(N_("Tugas ini sudah diubah. Muat ulang halaman lalu periksa lagi."))
    plain = _checked(values)
    if tries_made(session, assignment):
        _check_promise(assignment, values)
    changes = {
        name: (str(getattr(assignment, name)), str(value))
        for name, value in plain.items()
        if getattr(assignment, name) != value
    }
    for name in changes:
        setattr(assignment, name, plain[name])
    edition = _write_rubric(session, assignment, values.rubric)
    if edition:
        flag_modified(assignment, "title")  # a page that shows the older rubric is stale as well
    session.flush()
    if changes or edition:
        record(session, "courses:assignment:change", assignment, changes=changes, rubric=edition)


def _check_promise(assignment: Assignment, values: AssignmentInput) -> None:
    kept = (assignment.weight, assignment.late_percent) == (values.weight, values.late_percent)
    if not kept or values.due_at < assignment.due_at:
        raise InvalidTransition(
            N_(
                "Sudah ada yang mengumpulkan: bobot dan aturan terlambat tetap, dan tenggat hanya "
                "dapat dimundurkan."
            )
        )


def _checked(values: AssignmentInput) -> dict[str, object]:
    title, brief = one_line(values.title), clean(values.brief)
    for name, text, limit in (("title", title, TITLE_LIMIT), ("brief", brief, BRIEF_LIMIT)):
        if not text:
            raise InvalidInput(N_("Wajib diisi."), field=name)
        if len(text) > limit:
            told = N_("Terlalu panjang; paling banyak %(max)s karakter.")
            raise InvalidInput(Message(told, {"max": limit}), field=name)
    if not 0 <= values.weight <= 100:
        raise InvalidInput(N_("Bobot 0 sampai 100."), field="weight")
    if values.late_percent is not None and not 0 <= values.late_percent <= 100:
        raise InvalidInput(N_("Potongan 0 sampai 100 persen."), field="late_percent")
    values.rubric.check()
    return {
        "title": title,
        "brief": brief,
        "due_at": values.due_at,
        "weight": values.weight,
        "late_percent": values.late_percent,
    }


def _write_rubric(session: DbSession, assignment: Assignment, rubric: Rubric) -> int | None:
    """Change the rubric in force, or begin its next edition; return the number if it changed."""
    current = rubric_in_force(session, assignment.id)
    if current.content == rubric:
        return None
    graded = session.scalar(select(func.count()).where(Submission.rubric_id == current.id))
    if graded:
        return _add_edition(session, assignment, current.number + 1, rubric)
    current.body = rubric.body()
    return current.number


def _add_edition(session: DbSession, row: Assignment, number: int, rubric: Rubric) -> int:
    session.add(
        AssignmentRubric(
            assignment_id=row.id, number=number, body=rubric.body(), created_at=clock.now()
        )
    )
    session.flush()
    return number


def check_going_on(run: Session) -> None:
    """Refuse a change to a session that is over.

    Raises:
        InvalidTransition: it is completed or cancelled.
    """
    if run.state in (SessionState.COMPLETED, SessionState.CANCELLED):
        raise InvalidTransition(N_("Sesi sudah berakhir; tugas dan nilainya tidak berubah lagi."))


def publish_assignment(session: DbSession, *, assignment: Assignment) -> None:
    """Let participants see an assignment and tell them.

    Raises:
        InvalidTransition: it is published, its due date has passed, or the session is over.
    """
    check_going_on(assignment.session)
    if assignment.state != DRAFT:
        raise InvalidTransition(N_("Tugas ini sudah diterbitkan."))
    if assignment.due_at <= clock.now():
        raise InvalidTransition(N_("Tenggat sudah lewat; ubah tenggatnya lebih dahulu."))
    assignment.state = PUBLISHED
    session.flush()
    record(session, "courses:assignment:publish", assignment, run=assignment.session.code)
    for employee_id in session.scalars(
        select(Enrolment.employee_id)
        .where(
            Enrolment.session_id == assignment.session_id,
            Enrolment.state == EnrolmentState.ENROLLED,
        )
        .order_by(Enrolment.id)
    ).all():
        notify(
            session,
            employee_id=employee_id,
            kind="assignment",
            message=Message(
                N_("Tugas baru “%(title)s” di %(run)s, dikumpulkan paling lambat %(day)s."),
                {
                    "title": assignment.title,
                    "run": assignment.session.title,
                    "day": f"{clock.local(assignment.due_at):%d/%m/%Y %H.%M}",
                },
            ),
            url=f"/pelatihan/tugas/{assignment.id}",
            email=True,
            key=f"assignment:{assignment.id}:published:{assignment.version}",
        )


def withdraw_assignment(session: DbSession, *, assignment: Assignment) -> None:
    """Take a published assignment back while nobody has handed in.

    Raises:
        InvalidTransition: it is a draft, or somebody has handed in.
    """
    if assignment.state != PUBLISHED:
        raise InvalidTransition(N_("Tugas ini belum diterbitkan."))
    if tries_made(session, assignment):
        raise InvalidTransition(N_("Sudah ada yang mengumpulkan; tugas tidak dapat ditarik."))
    assignment.state = DRAFT
    session.flush()
    record(session, "courses:assignment:withdraw", assignment)
