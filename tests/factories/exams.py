"""Questions, tests and attempts."""

import itertools
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import SYSTEM
from courses.models import Exam, Question, Session
from courses.questions.content import Choice, Content, QuestionKind
from courses.services.questions import add_question

_numbers = itertools.count(1)


def make_question(
    session: DbSession, code: str, *, kind: str = "single", topic: str = "Dasar", **fields: Any
) -> Question:
    """Add a question whose first option (or the text "benar") is right."""
    text = fields.pop("text", f"Pertanyaan {next(_numbers)}?")
    right = {"single": 1, "multiple": 2}.get(kind, 0)
    choices = tuple(Choice(f"pilihan {n}", n < right) for n in range(4)) if right else ()
    content = Content(
        QuestionKind(kind),
        text,
        choices,
        () if right else ("Benar",),
        topic=topic,
        explanation="Karena begitu.",
        **fields,
    )
    return add_question(session, actor=SYSTEM, course_code=code, content=content)


def make_exam(session: DbSession, run: Session, kind: str = "post", **fields: Any) -> Exam:
    """Add a published test of three questions: single, multiple, text."""
    if "question_ids" not in fields and "wanted" not in fields:
        kinds = ("single", "multiple", "text")
        rows = [make_question(session, run.course.code, kind=one) for one in kinds]
        fields["question_ids"] = [row.id for row in rows]
    usual = {"weight": 100 if kind == "post" else 0, "minutes": 30, "state": "published"}
    exam = Exam(session_id=run.id, kind=kind, **{**usual, **fields})
    session.add(exam)
    session.flush()
    return exam


def end_time(session: DbSession, attempt: Any, *, seconds: int = 1) -> None:
    """Let the time of an attempt have ended."""
    attempt.deadline_at = clock.now() - timedelta(seconds=seconds)
    session.commit()
