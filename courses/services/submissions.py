"""Hand work in, return it for another try, or grade it for good."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.assignments.rules import Rubric, graded_score
from courses.enums import EnrolmentState, SessionState
from courses.models import Assignment, Enrolment, Submission
from courses.queries.assignments import PUBLISHED, rubric_in_force, tries_of
from courses.questions.content import clean
from courses.services.assignment_setup import check_going_on

TEXT_LIMIT, COMMENT_LIMIT = 20_000, 4000
SUBMITTED, RETURNED, FINAL = "submitted", "returned", "final"


def problem_to_hand_in(
    assignment: Assignment, enrolment: Enrolment, last: Submission | None, now: datetime
) -> Message | None:
    """Return why somebody cannot hand in now, or None."""
    if assignment.state != PUBLISHED or enrolment.state != EnrolmentState.ENROLLED:
        return Message(N_("Tugas ini tidak terbuka untuk Anda."))
    if assignment.session.state not in (SessionState.OPEN, SessionState.RUNNING):
        return Message(N_("Sesi sudah berakhir; tugas tidak dapat dikumpulkan lagi."))
    if last is not None and last.state == SUBMITTED:
        return Message(N_("Tugas Anda sudah terkumpul dan menunggu dinilai."))
    if last is not None and last.state == FINAL:
        return Message(N_("Tugas Anda sudah dinilai; tidak dapat dikumpulkan lagi."))
    if deduction_now(assignment, last, now) is None:
        return Message(N_("Tenggat sudah lewat dan tugas terlambat tidak diterima."))
    return None


def deduction_now(assignment: Assignment, last: Submission | None, now: datetime) -> int | None:
    """Return the percent taken off what is handed in now; None when it is refused."""
    return assignment.deadline.deduction(now, last.again_until if last else None)


def hand_in(
    session: DbSession,
    *,
    assignment: Assignment,
    enrolment: Enrolment,
    text: str,
    file_id: int | None,
) -> Submission:
    """Keep somebody's work as the next try.

    Raises:
        Conflict: it waits for grading, is graded for good, or is not accepted any more.
        InvalidInput: there is nothing in it, or the text is too long.
    """
    # Two clicks at the same moment: the second waits here and finds the first one's try.
    session.scalar(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    # What was promised at the moment of handing in holds: nobody changes it in between.
    session.scalar(
        select(Assignment.id).where(Assignment.id == assignment.id).with_for_update(read=True)
    )
    session.refresh(assignment)
    tries = tries_of(session, assignment_id=assignment.id, enrolment_id=enrolment.id)
    last, now = (tries[0] if tries else None), clock.now()
    problem = problem_to_hand_in(assignment, enrolment, last, now)
    if problem is not None:
        raise Conflict(problem)
    text = clean(text)
    if not text and file_id is None:
        raise InvalidInput(N_("Tulis jawaban, atau pilih berkas."), field="text")
    if len(text) > TEXT_LIMIT:
        told = N_("Terlalu panjang; paling banyak %(max)s karakter.")
        raise InvalidInput(Message(told, {"max": TEXT_LIMIT}), field="text")
    row = Submission(
        assignment_id=assignment.id,
        enrolment_id=enrolment.id,
        number=len(tries) + 1,
        text=text,
        file_id=file_id,
        submitted_at=now,
        deduction=deduction_now(assignment, last, now) or 0,
    )
    session.add(row)
    session.flush()
    record(
        session,
        "courses:submission:hand_in",
        row,
        people=[enrolment.employee_id],
        number=row.number,
        deduction=row.deduction,
    )
    return row


def grade(
    session: DbSession,
    *,
    actor: Actor,
    row: Submission,
    chosen: Sequence[int | None],
    comment: str,
    expected_version: int | None,
) -> None:
    """Grade a try for good by the rubric in force; the deduction for lateness is taken off.

    Raises:
        InvalidInput: a criterion has no level.
        Conflict: it was graded or returned meanwhile, or the session is over.
    """
    rubric = rubric_in_force(session, row.assignment_id)
    _take(session, actor, row, chosen, comment, expected_version)
    score = graded_score(rubric.content, row.chosen, row.deduction)
    if score is None:
        raise InvalidInput(N_("Pilih satu tingkat untuk setiap kriteria."), field="rubric")
    row.state, row.score = FINAL, score
    session.flush()
    record(
        session,
        "courses:submission:grade",
        row,
        people=[row.employee_id],
        score=score,
        rubric=rubric.number,
    )
    told = N_("Tugas “%(title)s” sudah dinilai: %(score)s.")
    _tell(session, row, Message(told, {**_facts(row), "score": f"{score:.1f}".replace(".", ",")}))


def send_back(
    session: DbSession,
    *,
    actor: Actor,
    row: Submission,
    chosen: Sequence[int | None],
    comment: str,
    again_until: datetime | None,
    expected_version: int | None,
) -> None:
    """Return a try for another one until a stated moment, with what is to be improved.

    Raises:
        InvalidInput: the comment or the date is missing, or the date has passed.
        Conflict: it was graded or returned meanwhile, or the session is over.
    """
    _take(session, actor, row, chosen, comment, expected_version)
    if not row.comment:
        told = N_("Tulis apa yang harus diperbaiki, agar peserta tahu.")
        raise InvalidInput(told, field="comment")
    if again_until is None or again_until <= clock.now():
        raise InvalidInput(N_("Isi tenggat perbaikan yang belum lewat."), field="again_until")
    row.state, row.again_until = RETURNED, again_until
    session.flush()
    record(session, "courses:submission:return", row, people=[row.employee_id])
    told = N_("Tugas “%(title)s” dikembalikan untuk diperbaiki paling lambat %(day)s.")
    day = f"{clock.local(again_until):%d/%m/%Y %H.%M}"
    _tell(session, row, Message(told, {**_facts(row), "day": day}))


def _take(
    session: DbSession,
    actor: Actor,
    row: Submission,
    chosen: Sequence[int | None],
    comment: str,
    expected_version: int | None,
) -> None:
    """Note what a grader decided, if the try still waits."""
    check_going_on(row.assignment.session)
    # Two graders at the same moment: the second waits here and finds what the first decided.
    version = session.scalar(
        select(Submission.version).where(Submission.id == row.id).with_for_update()
    )
    stale = version != row.version or expected_version not in (None, version)
    if row.state != SUBMITTED or stale:
        raise InvalidTransition(
            N_("Tugas ini sudah dinilai atau dikembalikan. Muat ulang halaman.")
        )
    rubric = rubric_in_force(session, row.assignment_id)
    row.chosen = _known(rubric.content, chosen)
    comment = clean(comment)
    if len(comment) > COMMENT_LIMIT:
        told = N_("Terlalu panjang; paling banyak %(max)s karakter.")
        raise InvalidInput(Message(told, {"max": COMMENT_LIMIT}), field="comment")
    row.rubric_id, row.comment = rubric.id, comment
    row.graded_at, row.graded_by_id = clock.now(), actor.account_id


def _known(rubric: Rubric, chosen: Sequence[int | None]) -> list[int | None]:
    """Return a place for every criterion; one that the rubric does not have is refused."""
    found = [*chosen, *[None] * len(rubric.criteria)][: len(rubric.criteria)]
    if any(place is not None and not 0 <= place < len(rubric.levels) for place in found):
        raise InvalidInput(N_("Pilihan ini tidak tersedia."), field="rubric")
    return found


def _facts(row: Submission) -> dict[str, str]:
    return {"title": row.assignment.title}


def _tell(session: DbSession, row: Submission, message: Message) -> None:
    notify(
        session,
        employee_id=row.employee_id,
        kind="assignment",
        message=message,
        url=f"/pelatihan/tugas/{row.assignment_id}",
        email=True,
        key=f"submission:{row.id}:{row.state}",
    )
