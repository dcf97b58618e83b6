"""Assignments of a session, the editions of their rubric, and each hand-in with its grading."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from courses.assignments.rules import Deadline, Rubric
from courses.models.sessions import Enrolment, Session


class Assignment(Base):
    """Work that participants hand in; due date's rule and weight are fixed by the first one."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("weight BETWEEN 0 AND 100", name="weight"),
        CheckConstraint("late_percent IS NULL OR late_percent BETWEEN 0 AND 100", name="late"),
        CheckConstraint("state IN ('draft', 'published')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(200))
    brief: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime]
    weight: Mapped[int] = mapped_column(default=0)
    late_percent: Mapped[int | None]  # taken off a late hand-in; None refuses it
    state: Mapped[str] = mapped_column(String(10), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    session: Mapped[Session] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def deadline(self) -> Deadline:
        """When it is due and what happens afterwards."""
        return Deadline(self.due_at, self.late_percent)


class AssignmentRubric(Base):
    """One edition of an assignment's rubric; one that graded somebody never changes."""

    __tablename__ = "assignment_rubric"
    __table_args__ = (UniqueConstraint("assignment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"))
    number: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]

    @property
    def content(self) -> Rubric:
        """The rubric as the rules read it."""
        return Rubric.read(self.body)


class Submission(Base):
    """One try of a participant: what was handed in, and what came of it."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("assignment_id", "enrolment_id", "number"),
        CheckConstraint("state IN ('submitted', 'returned', 'final')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    submitted_at: Mapped[datetime]
    deduction: Mapped[int] = mapped_column(default=0)  # percent, fixed when it was handed in
    state: Mapped[str] = mapped_column(String(10), default="submitted")
    rubric_id: Mapped[int | None] = mapped_column(ForeignKey("assignment_rubric.id"))
    chosen: Mapped[list[int | None]] = mapped_column(JSON, default=list)  # a level per criterion
    comment: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[float | None]  # percent after the deduction, of a final grading
    again_until: Mapped[datetime | None]  # of a returned one: until when the next try is in time
    graded_at: Mapped[datetime | None]
    graded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
    assignment: Mapped[Assignment] = relationship()
    enrolment: Mapped[Enrolment] = relationship()
    rubric: Mapped[AssignmentRubric | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def employee_id(self) -> int:
        """Whose work this is, as the policy asks of own things."""
        return self.enrolment.employee_id
