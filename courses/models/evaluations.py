"""Evaluation forms (level 1): answers without a person, and apart from them who has answered."""

from datetime import date

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


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
