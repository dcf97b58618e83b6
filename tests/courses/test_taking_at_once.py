"""A participant's two devices, and two organisers, at the same moment: one outcome, no fault."""

from typing import Any

from sqlalchemy import select

from app.core.audit import AuditEvent
from app.core.errors import Conflict
from courses.models import Assignment, Enrolment, Exam, ExamAnswer, ExamAttempt, Submission
from courses.services.assignment_setup import AssignmentInput, change_assignment
from courses.services.exam_taking import begin, hand_in, save_answer
from courses.services.submissions import hand_in as hand_work_in
from tests.factories.assignments import RUBRIC, make_assignment
from tests.factories.courses import make_enrolment, make_session
from tests.factories.exams import make_exam
from tests.factories.people import make_employee


def seated(session):
    run = make_session(session, state="running", starts=0)
    return run, make_enrolment(session, run, make_employee(session))


def events(session, tag):
    return session.query(AuditEvent).filter_by(tag=tag).count()


def test_a_test_started_on_three_devices_at_once_is_one_attempt(session, at_once):
    run, row = seated(session)
    exam, place = make_exam(session, run, attempts=3).id, row.id
    session.commit()
    found = []

    def start(own: Any) -> None:
        paper = own.get_one(Exam, exam)
        attempt = begin(own, exam=paper, enrolment=own.get_one(Enrolment, place), run=paper.session)
        found.append(attempt.id)

    errors = at_once(start, start, start)

    assert errors == []
    assert len(found) == 3 and len(set(found)) == 1
    session.expire_all()
    assert session.scalars(select(ExamAttempt.number)).all() == [1]
    assert events(session, "courses:exam:begin") == 1


def test_answering_and_handing_in_at_once_never_changes_what_was_handed_in(session, at_once):
    run, row = seated(session)
    exam = make_exam(session, run)
    attempt = begin(session, exam=exam, enrolment=row, run=run)
    number, question = attempt.id, exam.question_ids[0]
    session.commit()

    def end(own: Any) -> None:
        hand_in(own, attempt=own.get_one(ExamAttempt, number))

    def answer(own: Any) -> None:
        mine = own.get_one(ExamAttempt, number)
        save_answer(own, attempt=mine, question_id=question, answer=[0])

    errors = at_once(end, answer, end, end)

    assert all(isinstance(error, Conflict) for error in errors) and len(errors) <= 1, errors
    session.expire_all()
    kept = session.get_one(ExamAttempt, number)
    answers = session.scalars(select(ExamAnswer)).all()
    assert len(answers) == 1 - len(errors)  # saved before the end, or refused and told so
    assert kept.points == sum(one.points for one in answers)
    assert events(session, "courses:exam:hand_in") == 1


def test_the_same_question_answered_twice_at_once_is_one_answer(session, at_once):
    run, row = seated(session)
    exam = make_exam(session, run)
    number = begin(session, exam=exam, enrolment=row, run=run).id
    question = exam.question_ids[0]
    session.commit()

    def answering(place: int, stamp: int) -> Any:
        def work(own: Any) -> None:
            mine = own.get_one(ExamAttempt, number)
            save_answer(own, attempt=mine, question_id=question, answer=[place], stamp=stamp)

        return work

    assert at_once(*(answering(place, place + 1) for place in range(4))) == []

    session.expire_all()
    kept = session.scalars(select(ExamAnswer)).one()
    assert (kept.answer, kept.stamp) == ([3], 4)  # the newest, in whatever order they came
    assert kept.points == 0.0


def test_work_handed_in_twice_at_once_is_one_hand_in_and_the_other_is_told(session, at_once):
    run, row = seated(session)
    task, place = make_assignment(session, run).id, row.id
    session.commit()

    def send(own: Any) -> None:
        hand_work_in(
            own,
            assignment=own.get_one(Assignment, task),
            enrolment=own.get_one(Enrolment, place),
            text="Rencana",
            file_id=None,
        )

    errors = at_once(send, send, send)

    assert [type(error) for error in errors] == [Conflict, Conflict], errors
    assert all("sudah terkumpul" in str(error.message) for error in errors)  # type: ignore[attr-defined]
    session.expire_all()
    assert session.scalars(select(Submission.number)).all() == [1]


def test_of_two_who_change_an_assignment_at_once_one_wins(session, at_once):
    run, _row = seated(session)
    task = make_assignment(session, run)
    number, version, due = task.id, task.version, task.due_at
    session.commit()

    def writing(title: str) -> Any:
        def work(own: Any) -> None:
            change_assignment(
                own,
                assignment=own.get_one(Assignment, number),
                values=AssignmentInput(title, "Tulis.", due, 50, 10, RUBRIC),
                expected_version=version,
            )

        return work

    errors = at_once(writing("Satu"), writing("Dua"))

    assert [type(error) for error in errors] == [Conflict], errors
    session.expire_all()
    assert session.get_one(Assignment, number).title in ("Satu", "Dua")
