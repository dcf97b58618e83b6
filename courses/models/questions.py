"""The question bank of a course; a question that was asked once is never edited in place."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from courses.questions.content import Choice, Content, QuestionKind


class Question(Base):
    """One edition of a question; a bank belongs to a course's code, so to all its versions."""

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("course_code", "number", "edition"),
        CheckConstraint("points BETWEEN 1 AND 100", name="points"),
        Index("ix_question_course_code_state", "course_code", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]  # of the question in its bank, the same in all editions
    edition: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10), default="current")  # replaced, retired
    used: Mapped[bool] = mapped_column(default=False)  # asked in an attempt
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[list[object]]] = mapped_column(JSON, default=list)  # [text, right]
    accepted: Mapped[list[str]] = mapped_column(JSON, default=list)
    points: Mapped[int] = mapped_column(default=1)
    explanation: Mapped[str] = mapped_column(Text, default="")
    topic: Mapped[str] = mapped_column(String(120), default="")
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def content(self) -> Content:
        """What the question says."""
        return Content(
            kind=QuestionKind(self.kind),
            text=self.text,
            choices=tuple(Choice(str(text), bool(right)) for text, right in self.choices),
            accepted=tuple(self.accepted),
            points=self.points,
            explanation=self.explanation,
            topic=self.topic,
            title=self.title,
        )
