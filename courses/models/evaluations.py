"""Evaluation forms (level 1): answers without a person, and apart from them who has answered."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from courses.models.sessions import Enrolment


class EvaluationResponse(Base):
    """The answers of somebody to the form of a session.

    Nothing here leads to a person: the id is random, so that it tells no order, and only the day
    is kept.
    """

    __tablename__ = "evaluation_response"
    __table_args__ = (Index("ix_evaluation_response_session_id", "session_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    form_version: Mapped[int]
    answered_on: Mapped[date]
    answers: Mapped[dict[str, int]] = mapped_column(JSON)  # code of a question to 1..5
    comment: Mapped[str] = mapped_column(Text, default="")


class EvaluationReceipt(Base):
    """That a participant has filled the form, without what was answered."""

    __tablename__ = "evaluation_receipt"
    __table_args__ = (UniqueConstraint("enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    filled_on: Mapped[date]


class FollowUp(Base):
    """What is asked of a person or the supervisor some months after a training (level 3)."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "kind"),
        CheckConstraint("kind IN ('person', 'supervisor')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    respondent_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    asked_on: Mapped[date]
    closes_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    form_version: Mapped[int | None]
    answers: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    comment: Mapped[str] = mapped_column(Text, default="")
    enrolment: Mapped[Enrolment] = relationship()

    @property
    def employee_id(self) -> int:
        """Whose form this is, as the policy asks of own things."""
        return self.respondent_id
