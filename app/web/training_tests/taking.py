"""Taking a test: what awaits one, the paper, each answer by itself, handing in, the result."""

from datetime import datetime
from math import ceil
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import DbSession, db, transaction
from app.core.errors import Conflict, DomainError, InvalidInput, NotFound
from app.core.permissions import Permission as P
from app.web.access import check, current_actor, requires
from app.web.i18n import render
from app.web.training import words
from app.web.training_tests.words import helpers
from courses.models import Enrolment, Exam, ExamAttempt, Question
from courses.queries.exams import (
    answers_of,
    attempts_of,
    find_attempt,
    find_exam_with_session,
    is_over,
    questions_of,
    score_of,
)
from courses.questions.content import QuestionKind
from courses.services.enrolment import find_enrolment
from courses.services.exam_setup import PUBLISHED
from courses.services.exam_taking import (
    ANSWER_LIMIT,
    begin,
    hand_in,
    problem_to_begin,
    save_answer,
    shown_options,
)

bp = Blueprint("training_tests", __name__)
bp.context_processor(words.helpers)
bp.context_processor(helpers)


@bp.get("/pelatihan/tes/<int:exam_id>")
@requires(P.ENROLMENT_OWN)
def intro(exam_id: int) -> str:
    """Show what awaits one: time, attempts, window, and earlier attempts."""
    session, now = db.session(), clock.now()
    exam, enrolment = _own_exam(session, exam_id)
    made = attempts_of(session, exam_id=exam.id, enrolment_id=enrolment.id)
    running = next((row for row in made if not is_over(row, now)), None)
    return render_template(
        "training_tests/intro.html",
        exam=exam,
        run=exam.session,
        made=[(row, score_of(row)) for row in made if is_over(row, now)],
        running=running,
        problem=None if running else problem_to_begin(exam, enrolment, len(made), now),
        count=sum(exam.wanted.values()) or len(exam.question_ids),
    )


def _own_exam(session: DbSession, exam_id: int) -> tuple[Exam, Enrolment]:
    """Return a published test and one's own place in its session; others do not exist."""
    exam = find_exam_with_session(session, exam_id)
    employee = current_actor().employee_id
    if exam is None or exam.state != PUBLISHED or employee is None:
        raise NotFound
    enrolment = find_enrolment(session, session_id=exam.session_id, employee_id=employee)
    if enrolment is None:
        raise NotFound
    check(P.ENROLMENT_OWN, enrolment)
    return exam, enrolment


@bp.post("/pelatihan/tes/<int:exam_id>/mulai")
@requires(P.ENROLMENT_OWN)
def start(exam_id: int) -> Any:
    """Begin, or go on with what was begun on another device."""
    try:
        with transaction(current_actor()) as session:
            exam, enrolment = _own_exam(session, exam_id)
            attempt = begin(session, exam=exam, enrolment=enrolment, run=exam.session)
            attempt_id = attempt.id
    except Conflict as error:
        flash(render(error.message), "warning")
        return redirect(url_for(".intro", exam_id=exam_id), 303)
    return redirect(url_for(".paper", attempt_id=attempt_id), 303)


def _own_attempt(session: DbSession, attempt_id: int) -> ExamAttempt:
    attempt = find_attempt(session, attempt_id)
    if attempt is None:
        raise NotFound
    check(P.ENROLMENT_OWN, attempt.enrolment)
    return attempt


@bp.get("/pelatihan/tes/kerjakan/<int:attempt_id>")
@requires(P.ENROLMENT_OWN)
def paper(attempt_id: int) -> Any:
    """Show the questions with what was answered so far; one a screen where scripts run."""
    session, now = db.session(), clock.now()
    attempt = _own_attempt(session, attempt_id)
    if is_over(attempt, now):
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    questions, answers = (
        questions_of(session, attempt.question_ids),
        answers_of(session, attempt.id),
    )
    rows = [questions[number] for number in attempt.question_ids if number in questions]
    return render_template(
        "training_tests/paper.html",
        attempt=attempt,
        exam=attempt.exam,
        run=attempt.exam.session,
        rows=[(row, shown_options(attempt, row), _given(answers, row)) for row in rows],
        left=_left(attempt, now),
        stamp=max((row.stamp for row in answers.values()), default=0),
        answered=sum(1 for row in rows if _given(answers, row) not in (None, [], "")),
        limit=ANSWER_LIMIT,
    )


def _given(answers: dict[int, Any], question: Question) -> Any:
    row = answers.get(question.id)
    return row.answer if row is not None else None


def _left(attempt: ExamAttempt, now: datetime) -> int | None:
    if attempt.deadline_at is None:
        return None
    # Rounded up: a page that says zero must find the attempt over.
    return max(0, ceil((attempt.deadline_at - now).total_seconds()))


@bp.post("/pelatihan/tes/kerjakan/<int:attempt_id>/jawab/<int:question_id>")
@requires(P.ENROLMENT_OWN)
def answer(attempt_id: int, question_id: int) -> Any:
    """Keep one answer: told as JSON to the script, as a page to a plain form."""
    wants_json = request.accept_mimetypes.best == "application/json"
    try:
        with transaction(current_actor()) as session:
            attempt = _own_attempt(session, attempt_id)
            question = questions_of(session, [question_id]).get(question_id)
            if question is None:
                raise NotFound
            row = save_answer(
                session,
                attempt=attempt,
                question_id=question_id,
                answer=_answer(question),
                stamp=min(max(request.form.get("stempel", 0, type=int), 0), 2**31),
            )
            saved = {"saved_at": f"{clock.local(row.saved_at):%H.%M}", "stamp": row.stamp}
    except NotFound:
        raise
    except DomainError as error:
        return _refused(error, attempt_id, question_id, wants_json)
    if wants_json:
        return jsonify(saved)
    following = request.form.get("berikut", type=int)
    anchor = f"soal-{following}" if following else "kumpulkan"
    return redirect(url_for(".paper", attempt_id=attempt_id, _anchor=anchor), 303)


def _refused(error: DomainError, attempt_id: int, question_id: int, wants_json: bool) -> Any:
    over = isinstance(error, Conflict)
    if wants_json:
        return jsonify({"message": render(error.message), "over": over}), 409 if over else 422
    flash(render(error.message), "danger")
    target = ".result" if over else ".paper"
    anchor = None if over else f"soal-{question_id}"
    return redirect(url_for(target, attempt_id=attempt_id, _anchor=anchor), 303)


def _answer(question: Question) -> object:
    if question.kind == QuestionKind.TEXT:
        return request.form.get("jawaban", "")
    places = request.form.getlist("jawaban")
    if not all(place.isascii() and place.isdigit() and len(place) < 4 for place in places):
        raise InvalidInput(_("Isian jawaban tidak dikenal."))
    return [int(place) for place in places]


@bp.post("/pelatihan/tes/kerjakan/<int:attempt_id>/kumpulkan")
@requires(P.ENROLMENT_OWN)
def submit(attempt_id: int) -> Any:
    """Hand the test in; twice is once."""
    try:
        with transaction(current_actor()) as session:
            hand_in(session, attempt=_own_attempt(session, attempt_id))
    except Conflict as error:
        flash(render(error.message), "warning")
    return redirect(url_for(".result", attempt_id=attempt_id), 303)


@bp.get("/pelatihan/tes/hasil/<int:attempt_id>")
@requires(P.ENROLMENT_OWN)
def result(attempt_id: int) -> Any:
    """Show the score at once, and what was right with the explanation where it is allowed."""
    session, now = db.session(), clock.now()
    attempt = _own_attempt(session, attempt_id)
    if not is_over(attempt, now):
        return redirect(url_for(".paper", attempt_id=attempt_id), 303)
    exam = attempt.exam
    made = attempts_of(session, exam_id=exam.id, enrolment_id=attempt.enrolment_id)
    left = max(0, exam.attempts - len(made))
    closed = exam.closes_at is not None and now >= exam.closes_at
    questions, answers = (
        questions_of(session, attempt.question_ids),
        answers_of(session, attempt.id),
    )
    return render_template(
        "training_tests/result.html",
        attempt=attempt,
        exam=exam,
        run=exam.session,
        score=score_of(attempt),
        passing=exam.session.course.score_min if exam.kind == "post" else None,
        left=0 if closed else left,
        # While attempts are left the key would be given away.
        explained=exam.show_answers and (left == 0 or closed),
        rows=[
            (questions[n], shown_options(attempt, questions[n]), answers.get(n))
            for n in attempt.question_ids
        ],
        answered=sum(1 for row in answers.values() if row.answer not in ([], "")),
        by_time=attempt.submitted_at is None,
    )
