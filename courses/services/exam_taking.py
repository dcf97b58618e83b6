"""Take a test: begin or resume, save each answer by itself, hand in. The server's clock decides."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition, NotFound
from app.core.i18n import N_, Message
from courses.enums import EnrolmentState
from courses.models import Enrolment, Exam, ExamAnswer, ExamAttempt, Question, Session
from courses.queries.exams import attempts_of, is_over, questions_of
from courses.questions.content import QuestionKind
from courses.questions.rules import draw, in_order, option_order, points_of
from courses.services.exam_setup import PUBLISHED, pools_of

ANSWER_LIMIT = 500
_SEED_BITS = 48


def begin(session: DbSession, *, exam: Exam, enrolment: Enrolment, run: Session) -> ExamAttempt:
    """Begin an attempt, or return the one that is still open.

    Raises:
        InvalidTransition: the test is not open to this person now, or no attempt is left.
    """
    # Two clicks at the same moment: the second waits here and finds the first one's attempt.
    session.scalar(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    # And no organiser changes the test between its check and the first attempt.
    session.scalar(select(Exam.id).where(Exam.id == exam.id).with_for_update(read=True))
    session.refresh(exam)
    now = clock.now()
    made = attempts_of(session, exam_id=exam.id, enrolment_id=enrolment.id)
    running = next((row for row in made if not is_over(row, now)), None)
    if running is not None:
        return running
    problem = problem_to_begin(exam, enrolment, len(made), now)
    if problem is not None:
        raise InvalidTransition(problem)
    seed = secrets.randbits(_SEED_BITS)
    ids = _draw(session, exam, run, seed)
    rows = questions_of(session, ids)
    attempt = ExamAttempt(
        exam_id=exam.id,
        enrolment_id=enrolment.id,
        number=len(made) + 1,
        seed=seed,
        question_ids=ids,
        started_at=now,
        deadline_at=deadline(exam, now),
        possible=sum(row.points for row in rows.values()),
    )
    session.add(attempt)
    # Past the mapper: being asked is no change that somebody who edits must be told of.
    session.execute(update(Question).where(Question.id.in_(ids)).values(used=True))
    session.flush()
    record(
        session,
        "courses:exam:begin",
        attempt,
        people=[enrolment.employee_id],
        exam=exam.id,
        number=attempt.number,
    )
    return attempt


def problem_to_begin(exam: Exam, enrolment: Enrolment, made: int, now: datetime) -> Message | None:
    """Return why somebody cannot begin now, or None."""
    if exam.state != PUBLISHED:
        return Message(N_("Tes ini belum dibuka."))
    if enrolment.state != EnrolmentState.ENROLLED:
        return Message(N_("Tes hanya untuk peserta sesi yang masih berjalan."))
    if exam.opens_at and now < exam.opens_at:
        told = N_("Tes dibuka pada %(at)s.")
        return Message(told, {"at": _clock_words(exam.opens_at)})
    if exam.closes_at and now >= exam.closes_at:
        told = N_("Tes sudah ditutup pada %(at)s.")
        return Message(told, {"at": _clock_words(exam.closes_at)})
    if made >= exam.attempts:
        return Message(N_("Kesempatan Anda sudah habis (%(count)s kali)."), {"count": made})
    return None


def deadline(exam: Exam, begun: datetime) -> datetime | None:
    """Return until when answers are taken: the time limit, never beyond the closing."""
    limit = begun + timedelta(minutes=exam.minutes) if exam.minutes else None
    ends = [moment for moment in (limit, exam.closes_at) if moment is not None]
    return min(ends) if ends else None


def _draw(session: DbSession, exam: Exam, run: Session, seed: int) -> list[int]:
    pools = pools_of(session, run)
    if exam.wanted:
        ids = {topic: [row.id for row in rows] for topic, rows in pools.items()}
        return draw(ids, exam.wanted, seed=seed, shuffled=exam.shuffle_questions)
    known = {row.id for rows in pools.values() for row in rows}
    chosen = [number for number in exam.question_ids if number in known]
    if not chosen:
        raise InvalidTransition(N_("Soal tes ini tidak tersedia lagi. Hubungi penyelenggara."))
    return in_order(chosen, seed=seed, key="order") if exam.shuffle_questions else chosen


def shown_options(attempt: ExamAttempt, question: Question) -> list[int]:
    """Return the places of the options in the order in which this attempt shows them."""
    return option_order(
        len(question.choices),
        seed=attempt.seed,
        question=question.id,
        shuffled=attempt.exam.shuffle_options,
    )


def save_answer(
    session: DbSession,
    *,
    attempt: ExamAttempt,
    question_id: int,
    answer: object,
    stamp: int = 0,
) -> ExamAnswer:
    """Keep one answer; an older one that arrives late changes nothing.

    Args:
        answer: places of options as they stand in the bank, or a text.
        stamp: rises with each answer given on a device; an answer with a lower one is older.

    Raises:
        InvalidTransition: the time is over or the attempt was handed in.
        NotFound: the question is not part of this attempt.
        InvalidInput: the answer has the wrong shape or is too long.
    """
    session.scalar(select(ExamAttempt.id).where(ExamAttempt.id == attempt.id).with_for_update())
    session.refresh(attempt)
    _check_open(attempt)
    if question_id not in attempt.question_ids:
        raise NotFound
    question = session.get_one(Question, question_id)
    answer = _shaped(question, answer)
    row = session.scalar(
        select(ExamAnswer).where(
            ExamAnswer.attempt_id == attempt.id, ExamAnswer.question_id == question_id
        )
    )
    if row is None:
        row = ExamAnswer(attempt_id=attempt.id, question_id=question_id, stamp=-1)
        session.add(row)
    elif stamp and stamp < row.stamp:
        return row
    row.answer, row.stamp, row.saved_at = answer, max(stamp, row.stamp, 0), clock.now()
    row.points = points_of(question.content, answer)
    session.flush()
    attempt.points = (
        session.scalar(
            select(func.sum(ExamAnswer.points)).where(ExamAnswer.attempt_id == attempt.id)
        )
        or 0.0
    )
    session.flush()
    return row


def save_answers(session: DbSession, *, attempt: ExamAttempt, answers: Mapping[int, object]) -> int:
    """Keep several answers at once, as a plain form sends them; return how many."""
    for question_id, answer in answers.items():
        save_answer(session, attempt=attempt, question_id=question_id, answer=answer)
    return len(answers)


def _check_open(attempt: ExamAttempt) -> None:
    if attempt.submitted_at is not None:
        raise InvalidTransition(N_("Tes ini sudah dikumpulkan; jawabannya tidak berubah lagi."))
    if is_over(attempt, clock.now()):
        assert attempt.deadline_at is not None  # only time ends an attempt that was not handed in
        told = N_(
            "Waktu habis pada %(at)s. Jawaban ini tidak disimpan; "
            "yang tersimpan sebelumnya tetap dinilai."
        )
        raise InvalidTransition(Message(told, {"at": _clock_words(attempt.deadline_at)}))


def _shaped(question: Question, answer: object) -> object:
    if question.kind == QuestionKind.TEXT:
        if not isinstance(answer, str):
            raise InvalidInput(N_("Isian jawaban tidak dikenal."))
        if len(answer) > ANSWER_LIMIT:
            told = N_("Jawaban terlalu panjang; paling banyak %(max)s karakter.")
            raise InvalidInput(Message(told, {"max": ANSWER_LIMIT}))
        return answer.strip()
    places = answer if isinstance(answer, list) else [answer]
    if len(places) > len(question.choices) or not all(
        isinstance(place, int) and 0 <= place < len(question.choices) for place in places
    ):
        raise InvalidInput(N_("Isian jawaban tidak dikenal."))
    if question.kind == QuestionKind.SINGLE and len(places) > 1:
        raise InvalidInput(N_("Pilih satu jawaban saja."))
    return sorted(set(places))


def hand_in(session: DbSession, *, attempt: ExamAttempt) -> None:
    """End an attempt; a second time changes nothing.

    Raises:
        Conflict: time ended it already; what was saved counts.
    """
    session.scalar(select(ExamAttempt.id).where(ExamAttempt.id == attempt.id).with_for_update())
    session.refresh(attempt)
    if attempt.submitted_at is not None:
        return
    if is_over(attempt, clock.now()):
        raise Conflict(
            N_("Waktu sudah habis. Jawaban yang tersimpan sampai saat itu yang dinilai.")
        )
    attempt.submitted_at = clock.now()
    session.flush()
    record(
        session,
        "courses:exam:hand_in",
        attempt,
        people=[attempt.enrolment.employee_id],
        points=attempt.points,
        possible=attempt.possible,
    )


def _clock_words(moment: datetime) -> str:
    return f"{clock.local(moment):%d-%m-%Y %H.%M}"
