"""Read tests: attempts, what is asked and answered, results, figures of questions, the gain."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from courses.enums import EnrolmentState
from courses.models import Enrolment, Exam, ExamAnswer, ExamAttempt, Question, Session
from courses.questions.rules import Gain, ItemFigures, gain, item_figures, percent
from skills.models import Employee

_HOLDING = (EnrolmentState.ENROLLED, EnrolmentState.PASSED, EnrolmentState.FAILED)


def is_over(attempt: ExamAttempt, now: datetime) -> bool:
    """Return whether an attempt takes no more answers: handed in, or its time has ended."""
    if attempt.submitted_at is not None:
        return True
    return attempt.deadline_at is not None and now >= attempt.deadline_at


def score_of(attempt: ExamAttempt) -> float:
    """Return the score of an attempt in percent."""
    return percent(attempt.points, attempt.possible)


def exams_of(session: DbSession, session_id: int) -> dict[str, Exam]:
    """Return the tests of a session by kind."""
    rows = session.scalars(select(Exam).where(Exam.session_id == session_id).order_by(Exam.id))
    return {row.kind: row for row in rows}


def find_exam_with_session(session: DbSession, exam_id: int) -> Exam | None:
    """Return a test with its session and course, or None."""
    return session.scalar(
        select(Exam)
        .where(Exam.id == exam_id)
        .options(joinedload(Exam.session).joinedload(Session.course))
    )


def find_attempt(session: DbSession, attempt_id: int) -> ExamAttempt | None:
    """Return an attempt with its test, session and person, or None."""
    return session.scalar(
        select(ExamAttempt)
        .where(ExamAttempt.id == attempt_id)
        .options(
            joinedload(ExamAttempt.exam).joinedload(Exam.session).joinedload(Session.course),
            joinedload(ExamAttempt.enrolment).joinedload(Enrolment.employee),
        )
    )


def attempts_of(session: DbSession, *, exam_id: int, enrolment_id: int) -> Sequence[ExamAttempt]:
    """Return somebody's attempts at a test in their order."""
    return session.scalars(
        select(ExamAttempt)
        .where(ExamAttempt.exam_id == exam_id, ExamAttempt.enrolment_id == enrolment_id)
        .order_by(ExamAttempt.number)
    ).all()


def questions_of(session: DbSession, ids: Iterable[int]) -> dict[int, Question]:
    """Return questions by id, in whatever edition was asked."""
    rows = session.scalars(select(Question).where(Question.id.in_(list(ids))).order_by(Question.id))
    return {row.id: row for row in rows}


def answers_of(session: DbSession, attempt_id: int) -> dict[int, ExamAnswer]:
    """Return the answers of an attempt by question."""
    rows = session.scalars(
        select(ExamAnswer).where(ExamAnswer.attempt_id == attempt_id).order_by(ExamAnswer.id)
    )
    return {row.question_id: row for row in rows}


def best_attempts(
    session: DbSession, exam_ids: Sequence[int]
) -> dict[tuple[int, int], ExamAttempt]:
    """Return the best ended attempt by (test, enrolment); the earlier one where equal."""
    now = clock.now()
    best: dict[tuple[int, int], ExamAttempt] = {}
    rows = session.scalars(
        select(ExamAttempt)
        .where(ExamAttempt.exam_id.in_(exam_ids))
        .order_by(ExamAttempt.exam_id, ExamAttempt.enrolment_id, ExamAttempt.number)
    )
    for row in rows:
        key = (row.exam_id, row.enrolment_id)
        if is_over(row, now) and (key not in best or score_of(row) > score_of(best[key])):
            best[key] = row
    return best


@dataclass(frozen=True)
class PersonResult:
    """A participant beside a test: attempts made, the best score, whether one is running."""

    enrolment: Enrolment
    attempts: int
    score: float | None
    running: bool


def results(session: DbSession, exam: Exam) -> list[PersonResult]:
    """Return the participants of a session with their results, by name."""
    now = clock.now()
    made: dict[int, list[ExamAttempt]] = {}
    for row in session.scalars(
        select(ExamAttempt).where(ExamAttempt.exam_id == exam.id).order_by(ExamAttempt.id)
    ):
        made.setdefault(row.enrolment_id, []).append(row)
    people = session.scalars(
        select(Enrolment)
        .where(Enrolment.session_id == exam.session_id, Enrolment.state.in_(_HOLDING))
        .options(joinedload(Enrolment.employee).joinedload(Employee.opd))
        .order_by(Enrolment.id)
    )
    found = []
    for person in sorted(people, key=lambda row: (row.employee.name, row.id)):
        own = made.get(person.id, [])
        ended = [score_of(row) for row in own if is_over(row, now)]
        running = any(not is_over(row, now) for row in own)
        found.append(PersonResult(person, len(own), max(ended, default=None), running))
    return found


@dataclass(frozen=True)
class ItemResult:
    """A question of a test with its figures."""

    question: Question
    figures: ItemFigures


def item_results(session: DbSession, exam: Exam) -> list[ItemResult]:
    """Return the figures of each question from the first ended attempt of each person.

    A question that was asked and not answered earned nothing.
    """
    attempts = _first_ended(session, exam.id)
    points: dict[int, dict[int, float]] = {row.id: {} for row in attempts}
    for attempt_id, question_id, earned in session.execute(
        select(ExamAnswer.attempt_id, ExamAnswer.question_id, ExamAnswer.points)
        .where(ExamAnswer.attempt_id.in_(list(points)))
        .order_by(ExamAnswer.id)
    ):
        points[attempt_id][question_id] = earned
    asked = sorted({number for row in attempts for number in row.question_ids})
    questions = questions_of(session, asked)
    found = []
    for number in asked:
        figures = item_figures(_shares(number, attempts, points, questions))
        if figures is not None:
            found.append(ItemResult(questions[number], figures))
    return sorted(found, key=lambda item: (item.figures.difficulty, item.question.id))


def _first_ended(session: DbSession, exam_id: int) -> list[ExamAttempt]:
    now = clock.now()
    first: dict[int, ExamAttempt] = {}
    for row in session.scalars(
        select(ExamAttempt).where(ExamAttempt.exam_id == exam_id).order_by(ExamAttempt.number)
    ):
        if is_over(row, now):
            first.setdefault(row.enrolment_id, row)
    return list(first.values())


def _shares(
    number: int,
    attempts: Sequence[ExamAttempt],
    points: Mapping[int, Mapping[int, float]],
    questions: Mapping[int, Question],
) -> list[tuple[float, float]]:
    """Return (share of this question, share of the rest) of each attempt that asked it."""
    shares = []
    for row in attempts:
        if number not in row.question_ids:
            continue
        own, whole = points[row.id].get(number, 0.0), questions[number].points
        rest = row.possible - whole
        others = (sum(points[row.id].values()) - own) / rest if rest else 0.0
        shares.append((own / whole, others))
    return shares


def gain_of(session: DbSession, session_id: int) -> Gain | None:
    """Return what a session added, from the people with both tests; None without any."""
    exams = exams_of(session, session_id)
    if not {"pre", "post"} <= set(exams):
        return None
    best = best_attempts(session, [exam.id for exam in exams.values()])
    before, after = exams["pre"].id, exams["post"].id
    people = sorted({person for exam, person in best if exam == before})
    return gain(
        [
            (score_of(best[before, person]), score_of(best[after, person]))
            for person in people
            if (after, person) in best
        ]
    )
