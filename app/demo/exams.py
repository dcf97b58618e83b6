"""Tests, their attempts and evaluations of the demonstration: one session done, one under way."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from statistics import NormalDist
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from app.core import clock
from app.demo.city import City
from app.demo.words import words
from app.demo.writing import follow_ids, insert_rows, last_id
from courses.enums import EnrolmentState, SessionState
from courses.models import (
    Course,
    Enrolment,
    EvaluationReceipt,
    EvaluationResponse,
    Exam,
    ExamAnswer,
    ExamAttempt,
    FollowUp,
    Question,
    Session,
)
from courses.queries.evaluations import attended, form_in_force
from courses.questions.content import QuestionKind
from courses.questions.rules import draw, percent, points_of

# On one scale: what is known before and after the course, how far people differ, and how much an
# answer hangs on luck. With these the figures of the questions look as real ones do.
_BEFORE, _AFTER, _SPREAD, _LUCK = 0.0, 1.2, 0.8, 0.6
_TAKEN = (EnrolmentState.ENROLLED, EnrolmentState.PASSED, EnrolmentState.FAILED)


def write_exams(city: City) -> dict[str, int]:
    """Write the tests of two courses with a bank; return counts."""
    rng, counts = city.rng("exams"), {"exam": 0, "attempt": 0, "evaluation": 0}
    for code in words("exams")["courses"]:
        for run in _runs(city, code):
            exams = _exams(city, run)
            counts["exam"] += len(exams)
            if run.state == SessionState.COMPLETED:
                counts["attempt"] += _attempts(rng, city, run, exams)
                counts["evaluation"] += _evaluations(rng, city, run)
            else:
                counts["attempt"] += _attempts(
                    rng, city, run, [e for e in exams if e.kind == "pre"]
                )
    follow_ids(city.session, ExamAttempt, ExamAnswer)
    return counts | {"follow-up": _follow_ups(rng, city)}


def _follow_ups(rng: Random, city: City) -> int:
    """The oldest session that is over was followed up; a few forms still wait."""
    people = city.session.scalars(
        select(Enrolment)
        .join(Session, Session.id == Enrolment.session_id)
        .join(Course, Course.id == Session.course_id)
        .where(
            Course.code == words("exams")["followed"],
            Session.state == SessionState.COMPLETED,
            Enrolment.state == EnrolmentState.PASSED,
        )
        .options(joinedload(Enrolment.employee))
        .order_by(Enrolment.id)
    ).all()
    rows = []
    for place, person in enumerate(people):
        for kind, who in (("person", person.employee_id), ("supervisor", _boss(person))):
            if who is not None:
                rows.append(_follow_up(rng, city, person, kind, who, place > 0))
    return insert_rows(city.session, FollowUp, rows)


def _boss(person: Enrolment) -> int | None:
    return person.employee.supervisor_id


def _follow_up(
    rng: Random, city: City, person: Enrolment, kind: str, who: int, may_be_done: bool
) -> dict[str, Any]:
    form = form_in_force(city.session, kind)
    done = may_be_done and rng.random() < 0.7
    return {
        "enrolment_id": person.id,
        "kind": kind,
        "respondent_id": who,
        "asked_on": city.days_ago(10),
        "closes_on": city.day + timedelta(days=35),
        "answered_at": city.at(city.days_ago(rng.randint(1, 9)), 10) if done else None,
        "form_version": form.version if done else None,
        "answers": {
            str(item["code"]): max(1, min(5, round(rng.gauss(3.9, 0.8)))) for item in form.scales
        }
        if done
        else {},
        "comment": "",
    }


def _runs(city: City, code: str) -> Sequence[Session]:
    return city.session.scalars(
        select(Session)
        .join(Course, Course.id == Session.course_id)
        .where(
            Course.code == code,
            Session.state.in_((SessionState.COMPLETED, SessionState.RUNNING)),
        )
        .order_by(Session.id)
    ).all()


def _pools(city: City, run: Session) -> dict[str, list[Question]]:
    found: dict[str, list[Question]] = {}
    for row in city.session.scalars(
        select(Question)
        .where(Question.course_code == run.course.code)
        .order_by(Question.topic, Question.number)
    ):
        found.setdefault(row.topic, []).append(row)
    return found


def _exams(city: City, run: Session) -> list[Exam]:
    """Add both tests: two questions of each topic before, three after."""
    pools, text = _pools(city, run), words("exams")
    first, last = run.meetings[0], run.meetings[-1]
    common: dict[str, Any] = {"session_id": run.id, "state": "published", "show_answers": True}
    pre = Exam(
        **common,
        kind="pre",
        wanted=dict.fromkeys(pools, 2),
        minutes=20,
        closes_at=last.starts_at,
        instructions=text["pre"],
    )
    post = Exam(
        **common,
        kind="post",
        wanted={topic: min(3, len(rows)) for topic, rows in pools.items()},
        minutes=30,
        attempts=2,
        weight=100,
        opens_at=first.starts_at,
        closes_at=last.ends_at + timedelta(days=2),
        instructions=text["post"],
    )
    city.session.add_all([pre, post])
    city.session.flush()
    return [pre, post]


def _attempts(rng: Random, city: City, run: Session, exams: Sequence[Exam]) -> int:
    """Let the people of a session have taken tests, a pre-test weaker than the end."""
    people = _people(city, run)
    abilities = _abilities(rng, len(people))
    number = last_id(city.session, ExamAttempt)
    pools = _pools(city, run)
    attempts: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    for exam in exams:
        begins = run.meetings[0].starts_at if exam.kind == "pre" else run.meetings[-1].ends_at
        for person, ability in zip(people, abilities, strict=True):
            if exam.kind == "pre" and rng.random() < 0.1:
                continue
            number += 1
            row, given = _attempt(rng, exam, person, ability, pools, begins)
            attempts.append({"id": number, **row})
            answers += [{"attempt_id": number, **one} for one in given]
    insert_rows(city.session, ExamAttempt, attempts)
    insert_rows(city.session, ExamAnswer, answers)
    asked = sorted({number for row in attempts for number in row["question_ids"]})
    city.session.execute(update(Question).where(Question.id.in_(asked)).values(used=True))
    _fit_scores(city, run, exams, attempts)
    return len(attempts)


def _abilities(rng: Random, count: int) -> list[float]:
    """Return how able each of the people is, spread evenly over a bell curve, in any order."""
    bell = NormalDist(0, _SPREAD)
    found = [bell.inv_cdf((place + 0.5) / count) for place in range(count)]
    rng.shuffle(found)
    return found


def _people(city: City, run: Session) -> Sequence[Enrolment]:
    return city.session.scalars(
        select(Enrolment)
        .where(Enrolment.session_id == run.id, Enrolment.state.in_(_TAKEN))
        .order_by(Enrolment.id)
    ).all()


def _attempt(
    rng: Random,
    exam: Exam,
    person: Enrolment,
    ability: float,
    pools: dict[str, list[Question]],
    begins: datetime,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    seed = rng.getrandbits(40)
    by_id = {row.id: row for rows in pools.values() for row in rows}
    ids = draw(
        {topic: [row.id for row in rows] for topic, rows in pools.items()},
        exam.wanted,
        seed=seed,
        shuffled=True,
    )
    started = begins + timedelta(minutes=rng.randint(1, 9))
    # Before the course everybody knows less; who is ahead stays ahead.
    level = ability + (_BEFORE if exam.kind == "pre" else _AFTER)
    given: list[dict[str, Any]] = []
    for place, number in enumerate(ids):
        question = by_id[number]
        hard = (question.number * 7 % 10) / 6 - 0.75  # some questions are harder than others
        answer = _answer(rng, question, level + rng.gauss(0, _LUCK) > hard)
        given.append(
            {
                "question_id": number,
                "answer": answer,
                "stamp": place + 1,
                "points": points_of(question.content, answer),
                "saved_at": started + timedelta(seconds=40 * (place + 1)),
            }
        )
    row = {
        "exam_id": exam.id,
        "enrolment_id": person.id,
        "number": 1,
        "seed": seed,
        "question_ids": ids,
        "started_at": started,
        "deadline_at": started + timedelta(minutes=exam.minutes or 30),
        "submitted_at": started + timedelta(seconds=40 * len(ids) + rng.randint(20, 200)),
        "points": sum(one["points"] for one in given),
        "possible": sum(by_id[number].points for number in ids),
    }
    return row, given


def _answer(rng: Random, question: Question, knows: bool) -> object:
    content = question.content
    if content.kind is QuestionKind.TEXT:
        return content.accepted[0] if knows else rng.choice(words("exams")["wrong_words"])
    right = [n for n, choice in enumerate(content.choices) if choice.right]
    right = [n for n, choice in enumerate(content.choices) if choice.right]
    wrong = [n for n, choice in enumerate(content.choices) if not choice.right]
    if knows:
        return right
    if content.kind is QuestionKind.MULTIPLE and len(right) > 1:
        return sorted([*right[:-1], rng.choice(wrong)]) if wrong else right[:-1]
    return [rng.choice(wrong)]


def _fit_scores(
    city: City, run: Session, exams: Sequence[Exam], attempts: Sequence[dict[str, Any]]
) -> None:
    """The scores of a session that is over are those of its post-test."""
    post = next((exam.id for exam in exams if exam.kind == "post"), None)
    minimum = run.course.score_min or 0
    for row in attempts:
        if row["exam_id"] != post:
            continue
        person = city.session.get_one(Enrolment, row["enrolment_id"])
        person.score = percent(row["points"], row["possible"])
        short = (person.attendance_percent or 0) < run.course.attendance_min
        if not short:
            passed = person.score >= minimum
            person.state = EnrolmentState.PASSED if passed else EnrolmentState.FAILED
            person.result_reason = None if passed else "score"
    city.session.flush()


def _evaluations(rng: Random, city: City, run: Session) -> int:
    """Four of five who attended have filled the form."""
    form = form_in_force(city.session, "reaction")
    people = [number for number in sorted(attended(city.session, run)) if rng.random() < 0.8]
    day = clock.local(run.meetings[-1].starts_at).date()
    receipts = [{"enrolment_id": number, "filled_on": day} for number in people]
    insert_rows(city.session, EvaluationReceipt, receipts)
    insert_rows(city.session, EvaluationResponse, _responses(rng, run, form, len(people), day))
    return len(people)


def _responses(rng: Random, run: Session, form: Any, count: int, day: Any) -> Iterator[Any]:
    comments = words("exams")["comments"]
    for _person in range(count):
        mood = rng.gauss(0, 0.5)
        yield {
            "id": rng.getrandbits(53),
            "session_id": run.id,
            "form_version": form.version,
            "answered_on": day,
            "answers": {
                item["code"]: max(1, min(5, round(rng.gauss(4.2, 0.6) + mood)))
                for item in form.scales
            },
            "comment": rng.choice(comments) if rng.random() < 0.35 else "",
        }
