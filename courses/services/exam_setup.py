"""Set up the pre- and the post-test of a session; frozen once somebody has begun."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from courses.enums import SessionState
from courses.models import Exam, ExamAttempt, Question, Session
from courses.queries.questions import current_questions, topics

DRAFT, PUBLISHED = "draft", "published"
KINDS = ("pre", "post")
_FREE = ("closes_at", "attempts", "show_answers", "instructions")


@dataclass(frozen=True)
class ExamInput:
    """What an organiser states about a test."""

    instructions: str = ""
    wanted: Mapping[str, int] = field(default_factory=dict)
    question_ids: Sequence[int] = ()
    shuffle_questions: bool = True
    shuffle_options: bool = True
    minutes: int | None = None
    attempts: int = 1
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    weight: int = 0
    show_answers: bool = True


def find_exam(session: DbSession, *, run: Session, kind: str) -> Exam | None:
    """Return a test of a session, or None."""
    return session.scalar(select(Exam).where(Exam.session_id == run.id, Exam.kind == kind))


def attempts_made(session: DbSession, exam: Exam) -> int:
    """Return how many attempts at a test were begun."""
    return (
        session.scalar(
            select(func.count()).select_from(ExamAttempt).where(ExamAttempt.exam_id == exam.id)
        )
        or 0
    )


def set_exam(
    session: DbSession,
    *,
    run: Session,
    kind: str,
    values: ExamInput,
    expected_version: int | None = None,
) -> Exam:
    """Write the settings of a test.

    After the first attempt only what harms nobody may change: a later end, more attempts, the
    instructions and whether answers are shown.

    Raises:
        InvalidInput: a value is out of range, or no question is chosen.
        InvalidTransition: it was begun, or the session is over.
        Conflict: it was changed meanwhile.
    """
    _check_session(run)
    _check(session, run, values)
    exam = find_exam(session, run=run, kind=kind)
    if exam is None:
        exam = Exam(session_id=run.id, kind=kind)
        session.add(exam)
    else:
        # Two organisers at the same moment: the second waits here for the first one's version.
        session.scalar(select(Exam.id).where(Exam.id == exam.id).with_for_update())
        session.refresh(exam)
        _check_change(session, exam, values, expected_version)
    changes = {}
    for name, value in _values(kind, values).items():
        before = getattr(exam, name)
        if before != value:
            setattr(exam, name, value)
            changes[name] = (str(before), str(value))
    session.flush()
    if changes:
        record(session, "courses:exam:set", exam, changes=changes, run=run.code)
    return exam


def _check_change(
    session: DbSession, exam: Exam, values: ExamInput, expected_version: int | None
) -> None:
    if expected_version is not None and exam.version != expected_version:
        raise Conflict(N_("Tes ini sudah diubah. Muat ulang halaman lalu periksa lagi."))
    if attempts_made(session, exam):
        _check_frozen(exam, values)


def _values(kind: str, values: ExamInput) -> dict[str, object]:
    found = dict(vars(values))
    found["wanted"] = {topic: count for topic, count in sorted(values.wanted.items()) if count}
    found["question_ids"] = list(values.question_ids)
    found["weight"] = 0 if kind == "pre" else values.weight  # a pre-test is never a score
    return found


def _check_session(run: Session) -> None:
    if run.state in (SessionState.COMPLETED, SessionState.CANCELLED):
        raise InvalidTransition(N_("Sesi sudah berakhir; tesnya tidak berubah lagi."))


def _check(session: DbSession, run: Session, values: ExamInput) -> None:
    pools = topics(session, run.course.code)
    known = {row.id for row in current_questions(session, run.course.code)}
    if not sum(values.wanted.values()) and not values.question_ids:
        raise InvalidInput(N_("Pilih soal, atau sebut jumlah soal per topik."), field="source")
    if set(values.question_ids) - known:
        raise InvalidInput(N_("Ada soal yang tidak lagi di bank; pilih ulang."), field="source")
    for topic, count in values.wanted.items():
        if count > pools.get(topic, 0):
            told = N_("Topik “%(topic)s” hanya punya %(count)s soal.")
            facts = {"topic": topic or "–", "count": pools.get(topic, 0)}
            raise InvalidInput(Message(told, facts), field="source")
    if values.minutes is not None and not 1 <= values.minutes <= 600:
        raise InvalidInput(N_("Batas waktu 1 sampai 600 menit."), field="minutes")
    if not 1 <= values.attempts <= 20:
        raise InvalidInput(N_("Kesempatan 1 sampai 20 kali."), field="attempts")
    if not 0 <= values.weight <= 100:
        raise InvalidInput(N_("Bobot 0 sampai 100."), field="weight")
    if values.opens_at and values.closes_at and values.closes_at <= values.opens_at:
        raise InvalidInput(N_("Waktu tutup harus setelah waktu buka."), field="closes_at")


def _check_frozen(exam: Exam, values: ExamInput) -> None:
    for name, value in _values(exam.kind, values).items():
        if name not in _FREE and getattr(exam, name) != value:
            raise InvalidTransition(
                N_(
                    "Tes sudah dikerjakan. Yang masih dapat diubah: petunjuk, waktu tutup yang "
                    "lebih akhir, kesempatan yang lebih banyak, dan pembahasan."
                )
            )
    earlier = exam.closes_at and values.closes_at and values.closes_at < exam.closes_at
    if earlier or values.attempts < exam.attempts or (not exam.closes_at and values.closes_at):
        raise InvalidTransition(
            N_("Tes sudah dikerjakan; waktu dan kesempatan hanya dapat ditambah.")
        )


def publish_exam(session: DbSession, *, exam: Exam, run: Session) -> None:
    """Let participants take a test from its opening on.

    Raises:
        InvalidTransition: it is published, or the session is not open.
    """
    _check_session(run)
    if exam.state != DRAFT:
        raise InvalidTransition(N_("Tes ini sudah diterbitkan."))
    exam.state = PUBLISHED
    session.flush()
    record(session, "courses:exam:publish", exam, run=run.code)


def withdraw_exam(session: DbSession, *, exam: Exam) -> None:
    """Take a published test back while nobody has begun."""
    if exam.state != PUBLISHED:
        raise InvalidTransition(N_("Tes ini belum diterbitkan."))
    if attempts_made(session, exam):
        raise InvalidTransition(N_("Tes sudah dikerjakan dan tidak dapat ditarik."))
    exam.state = DRAFT
    session.flush()
    record(session, "courses:exam:withdraw", exam)


def pools_of(session: DbSession, run: Session) -> dict[str, list[Question]]:
    """Return the questions of the bank topic by topic."""
    found: dict[str, list[Question]] = {}
    for row in current_questions(session, run.course.code):
        found.setdefault(row.topic, []).append(row)
    return found
