"""Pre- and post-tests of a session, the attempts at them and each answer."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from courses.models.sessions import Enrolment, Session


class Exam(Base):
    """The pre-test or the post-test of a session; frozen once somebody has begun."""

    __tablename__ = "exam"
    __table_args__ = (
        UniqueConstraint("session_id", "kind"),
        CheckConstraint("kind IN ('pre', 'post')", name="kind"),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 600", name="minutes"),
        CheckConstraint("attempts BETWEEN 1 AND 20", name="attempts"),
        CheckConstraint("weight BETWEEN 0 AND 100", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(4))
    instructions: Mapped[str] = mapped_column(Text, default="")
    # topic to how many at random, or the ids of questions that everybody gets
    wanted: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    question_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    shuffle_questions: Mapped[bool] = mapped_column(default=True)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    minutes: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=1)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    weight: Mapped[int] = mapped_column(default=0)
    show_answers: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")  # published
    version: Mapped[int] = mapped_column(default=1)
    session: Mapped[Session] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ExamAttempt(Base):
    """One go at a test: its questions in order, and until when the server takes answers."""

    __tablename__ = "exam_attempt"
    __table_args__ = (UniqueConstraint("exam_id", "enrolment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    question_ids: Mapped[list[int]] = mapped_column(JSON)
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    points: Mapped[float] = mapped_column(default=0.0)  # of the answers saved so far
    possible: Mapped[int]
    exam: Mapped[Exam] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class ExamAnswer(Base):
    """The latest answer to a question of an attempt, saved by itself."""

    __tablename__ = "exam_answer"
    __table_args__ = (UniqueConstraint("attempt_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("exam_attempt.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    answer: Mapped[object] = mapped_column(JSON)  # places of options, or a text
    stamp: Mapped[int] = mapped_column(BigInteger, default=0)  # order in which it was given
    points: Mapped[float] = mapped_column(default=0.0)
    saved_at: Mapped[datetime]
