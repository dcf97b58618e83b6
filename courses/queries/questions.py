"""Read the question bank: the list with its filters, topics, one question with its editions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from courses.models import Question

SORTS: dict[str, Any] = {
    "nomor": (Question.number,),
    "topik": (Question.topic, Question.number),
    "poin": (Question.points, Question.number),
}


@dataclass(frozen=True)
class BankFilter:
    """What the list is narrowed to."""

    text: str = ""
    topic: str | None = None
    kind: str | None = None
    state: str = "current"


def bank_statement(course_code: str, wanted: BankFilter) -> Select[Any]:
    """Return the statement of the list, without an order."""
    statement = select(Question).where(
        Question.course_code == course_code, Question.state == wanted.state
    )
    if wanted.text:
        escaped = wanted.text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        like = f"%{escaped}%"
        statement = statement.where(
            or_(Question.text.ilike(like, escape="\\"), Question.title.ilike(like, escape="\\"))
        )
    if wanted.topic is not None:
        statement = statement.where(Question.topic == wanted.topic)
    if wanted.kind:
        statement = statement.where(Question.kind == wanted.kind)
    return statement


def current_questions(session: Session, course_code: str) -> Sequence[Question]:
    """Return the questions in force, topic by topic."""
    return session.scalars(
        select(Question)
        .where(Question.course_code == course_code, Question.state == "current")
        .order_by(Question.topic, Question.number)
    ).all()


def topics(session: Session, course_code: str) -> dict[str, int]:
    """Return topic to number of questions in force."""
    rows = session.execute(
        select(Question.topic, func.count())
        .where(Question.course_code == course_code, Question.state == "current")
        .group_by(Question.topic)
        .order_by(Question.topic)
    )
    return {row[0]: row[1] for row in rows}


def counts_of(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """Return course code to number of questions in force."""
    rows = session.execute(
        select(Question.course_code, func.count())
        .where(Question.course_code.in_(codes), Question.state == "current")
        .group_by(Question.course_code)
        .order_by(Question.course_code)
    )
    return {row[0]: row[1] for row in rows}


def find_question(session: Session, *, course_code: str, question_id: int) -> Question | None:
    """Return a question of a bank, or None."""
    row = session.get(Question, question_id)
    return row if row is not None and row.course_code == course_code else None


def editions(session: Session, question: Question) -> Sequence[Question]:
    """Return all editions of a question, the newest first."""
    return session.scalars(
        select(Question)
        .where(Question.course_code == question.course_code, Question.number == question.number)
        .order_by(Question.edition.desc())
    ).all()
